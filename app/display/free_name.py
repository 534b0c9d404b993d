"""A name for a printed page that no file has yet: what was printed before is not lost."""

from __future__ import annotations

from pathlib import Path


def free_name(folder: Path, name: str) -> Path:
    """``name.pdf``, or the first ``name-2.pdf`` and so on that is free."""
    names = (folder / (f"{name}.pdf" if number == 1 else f"{name}-{number}.pdf") for number in range(1, 1000))
    return next((path for path in names if not path.exists()), folder / f"{name}.pdf")
