"""The made parts of docs/export.md: what each format holds, as a round trip through it shows, and the data dictionary.

``python -m tests.storage.format_table`` writes them anew; a test holds the page to them.
"""

from __future__ import annotations

import json
import tempfile
import warnings
from pathlib import Path

from clinical.metrics import CATALOGUE
from storage.export.codes import loinc_of
from storage.export.formats import FORMATS
from tests.storage.random_case import random_case
from tests.storage.round_trip import CHECKS, exported

PAGE = Path(__file__).parents[2] / "docs/export.md"
READERS = {
    "csv": "csv, wfdb",
    "edf": "edfio; pyedflib where it is continuous",
    "wfdb": "wfdb",
    "vital": "vitaldb",
    "parquet": "pandas",
    "fhir": "fhir.resources (R4B, which has these resources as R4 has them)",
    "hl7": "hl7",
    "bedside": "Bedside, row by row",
}
SEED = 11


def formats_table() -> str:
    """A row for each format, after its round trip held."""
    rows = ["| format | files | read back with | what it does not hold |", "|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as place, warnings.catch_warnings(action="ignore"):
        case = random_case(Path(place), SEED)
        for name, form in FORMATS.items():
            folder = exported(case, name, Path(place))
            CHECKS[name](case, folder)
            manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
            endings = sorted({Path(file["name"]).suffix for file in manifest["files"]})
            lost = "; ".join(manifest["not_held"]) or "nothing"
            rows.append(f"| `{name}`: {form.title} | {', '.join(f'`{one}`' for one in endings)} | {READERS[name]} | {lost} |")
    return "\n".join(rows)


def dictionary_table() -> str:
    """A row for each metric of the catalogue."""
    rows = ["| id | IEEE 11073 code | LOINC | what | unit (UCUM) | decimals | kind |", "|---|---|---|---|---|---|---|"]
    for one in CATALOGUE.values():
        kind = "waveform" if one.waveform else "numeric"
        codes = (one.code or "none confirmed", ", ".join(loinc_of(one)) or "none confirmed")
        rows.append(f"| `{one.id}` | {codes[0]} | {codes[1]} | {one.title} | `{one.unit.ucum}` | {one.decimals} | {kind} |")
    return "\n".join(rows)


PARTS = {"formats": formats_table, "dictionary": dictionary_table}


def with_parts(page: str) -> str:
    """The page with its made parts as they are now."""
    for name, make in PARTS.items():
        begin, end = f"<!-- {name} -->\n", f"\n<!-- end of {name} -->"
        before, _, rest = page.partition(begin)
        _, _, after = rest.partition(end)
        page = f"{before}{begin}{make()}{end}{after}"
    return page


if __name__ == "__main__":
    PAGE.write_text(with_parts(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
