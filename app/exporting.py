"""A stored case as files, as the command line and the window both write it: which formats there are here, who draws, what seals it.

Knows no screen and prints nothing. What reads a database takes 0.2 s to load, so it is imported when something is exported.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING

from app.kept_key import DEIDENTIFY, SEAL, kept_key
from app.version import program_version

if TYPE_CHECKING:
    from storage.export.case_folder import Format, Terms
    from storage.export.report_file import Reporter

FORMATS = {
    "csv": "CSV sheets, WFDB waveforms and the report",
    "edf": "EDF+ with annotations",
    "wfdb": "WFDB records and annotations (PhysioNet)",
    "vital": "one .vital file (Vital Recorder, VitalDB)",
    "parquet": "Parquet tables (needs the extra parquet)",
    "fhir": "an HL7 FHIR R4 bundle",
    "hl7": "HL7 v2 ORU^R01 messages",
    "bedside": "the record itself, which `bedside import` takes back whole",
    "pdf": "the report on paper: summary, a page for each hour, drug, signatures",
    "handover": "one page for whoever takes over",
}
"""The formats there are; named here too because naming them must not load the database."""
DRAWN = frozenset({"csv", "pdf", "handover"})
"""Those with pages in them."""
_PACKAGES = {"parquet": "pyarrow"}
"""What an extra of this distribution brings, by which its absence is known."""


def formats_here() -> dict[str, Format]:
    """The formats that can be written on this machine, by name; those that are drawn without whoever draws them."""
    from storage.export.formats import FORMATS as WRITTEN  # noqa: PLC0415 (see above)

    return {name: form for name, form in WRITTEN.items() if not form.extra or find_spec(_PACKAGES.get(form.extra, form.extra)) is not None}


def form_of(name: str, reporter: Callable[[], Reporter]) -> Format:
    """A format by its name; ``reporter`` is asked for who draws only where there are pages. Raises KeyError for no format's name."""
    from storage.export.formats import format_named  # noqa: PLC0415 (see above)
    from storage.export.report_file import handover_format, report_format, with_report  # noqa: PLC0415 (see above)

    if name not in DRAWN:
        return format_named(name)
    if name == "csv":
        return with_report(format_named(name), reporter())
    return report_format(reporter()) if name == "pdf" else handover_format(reporter())


def terms_of(*, deidentify: bool) -> Terms:
    """Sealed with this installation's key. Raises KeptKeyError."""
    from storage.export.case_folder import Terms  # noqa: PLC0415 (see above)

    secret = kept_key(DEIDENTIFY) if deidentify else None
    return Terms(program_version=program_version(), secret=secret, seal_key=kept_key(SEAL))
