"""What mutated frames showed, kept: docs/devices-fuzz.json and the page beside it that is made of it. Knows no protocol.

A verdict is kept with a digest of the code it was reached with: a driver's folder and the modules of ``devices`` that it uses. When that
changes, the verdict stays on the page as one of earlier code, and ``python -m bench.fuzz_protocols --keep`` runs the line again.

    python -m bench.fuzz_page

makes the page again without running anything, as after a driver was changed.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from devices.registry import find

if TYPE_CHECKING:
    from bench.fuzz_protocols import Verdict

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "docs" / "devices-fuzz.json"
PAGE = ROOT / "docs" / "devices-fuzz.md"
SHARED = re.compile(r"^from (devices\.(?!drivers\b|driver\b)[a-z_.]+) import", re.MULTILINE)
HEAD = """<!-- made by python -m bench.fuzz_protocols --keep -->

# Mutated frames

What each driver's protocol did with what its own simulator says, mutated at random: bits flipped, bytes dropped, put in, doubled,
exchanged, cut short, lengths changed, frames spliced, noise. Whether anything was raised, took long or grew. Half of a line's frames go
to one protocol, those before it to many, one after the other. Times are the process's own, so that other work on the machine does not
count; "slowest" is the longest single call (up to 15 frames at once), garbage collection included; "memory" is the largest rise of the
resident memory after the first tenth of the run. A line was given as many frames as are told here.
`python -m bench.fuzz_protocols --keep` runs what is missing or was run with earlier code, ten million frames for each line. "Sealed":
the contents of frames were mutated and their check made right again (`--sealed`).

| line | frames | seed | exceptions | other faults | bad frames counted | observations | slowest | memory | CPU | µs a frame | code |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|
"""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A verdict as it stands in the file; the names are ``Verdict``'s, and ``code`` is the digest."""

    line: str
    frames: int
    feeds: int
    bytes: int
    seed: int
    observations: int
    bad_frames: int
    exceptions: int
    cpu_s: float
    slowest_s: float
    growth_mb: float
    faults: list[str]
    code: str


def code_of(name: str) -> str:
    """Digest of the code a driver's protocol is made of."""
    folder = ROOT / "devices" / "drivers" / find(name)[0].name.replace("-", "_")
    sources = sorted(folder.glob("*.py"))
    shared = {module for source in sources for module in SHARED.findall(source.read_text(encoding="utf-8"))}
    for module in sorted(shared):
        sources.append((ROOT / module.replace(".", "/")).with_suffix(".py"))
    return hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()[:10]


def kept() -> list[Kept]:
    known = {field.name for field in fields(Kept)}
    rows = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else []
    return [Kept(**{key: value for key, value in row.items() if key in known}) for row in rows]


def driver_of(line: str) -> str:
    """The driver's name in a line's label, as "nonin:df8" or "dri sealed"."""
    return re.split("[: ]", line)[0]


def is_kept(line: str, frames: int, seed: int) -> bool:
    """Whether a clean run of so many frames with that seed, by this very code, is kept."""
    code = code_of(driver_of(line))
    rows = [row for row in kept() if (row.line, row.seed, row.code) == (line, seed, code)]
    return any(row.frames >= frames and not row.faults for row in rows)


def keep(verdict: Verdict, code: str) -> None:
    """Adds a verdict reached with that code: in the place of a shorter one of the same line, seed and code."""
    new = Kept(**asdict(verdict), code=code)
    others = [row for row in kept() if (row.line, row.seed, row.code) != (new.line, new.seed, new.code) or row.frames > new.frames]
    rows = sorted([*others, new], key=lambda row: (row.line, row.seed, row.frames))
    KEPT.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")
    write_page()


def row_of(one: Kept) -> str:
    is_present = code_of(driver_of(one.line)) == one.code
    faults = len(one.faults) - min(one.exceptions, len(one.faults))
    cells = (
        *(f"`{one.line}`", f"{one.frames:,}", str(one.seed), str(one.exceptions), str(faults)),
        *(f"{one.bad_frames:,}", f"{one.observations:,}", f"{one.slowest_s * 1000:.1f} ms", f"{one.growth_mb:+.1f} MB"),
        *(f"{one.cpu_s:.0f} s", f"{one.cpu_s / one.frames * 1e6:.0f}", f"{one.code}{'' if is_present else ' (earlier)'}"),
    )
    return "| " + " | ".join(cells) + " |"


def write_page() -> None:
    rows = kept()
    PAGE.write_text(
        HEAD + "\n".join(row_of(row) for row in rows) + f"\n\n{sum(row.frames for row in rows):,} frames in all.\n", encoding="utf-8"
    )


if __name__ == "__main__":
    write_page()
