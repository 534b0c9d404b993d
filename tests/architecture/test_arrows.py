"""The import contracts hold, and each is seen to break when its violation is seeded."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("app", "widgets", "devices", "storage", "clinical", "resources")

SEEDS = {
    # name of the contract → the file that gets one line, and the line
    "The arrows": ("widgets/theme.py", "import storage"),
    "clinical has no clock": ("clinical/units.py", "import time"),
    "Qt only in widgets": ("devices/driver.py", "import PySide6"),
    "SQLAlchemy only in storage": ("app/core/seed.py", "import sqlalchemy"),
    "drivers open nothing": ("devices/drivers/seed.py", "import socket"),
    "each driver is a stranger": ("devices/drivers/one/__init__.py", "import devices.drivers.other"),
    "the core knows no display": ("app/core/seed.py", "import app.display"),
    "no cycles": ("clinical/units.py", "import clinical.metrics"),
}


def lint(folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"],
        cwd=folder, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(folder), "COLUMNS": "300", "PYTHONSAFEPATH": "1"},
    )  # fmt: skip
    return done.stdout + done.stderr


@pytest.mark.parametrize("contract", SEEDS)
def test_contract_breaks_on_a_seeded_violation(contract: str, tmp_path: Path) -> None:
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=lambda _, names: [n for n in names if "." in n and not n.endswith(".py")]
        )
    shutil.copy(ROOT / ".importlinter", tmp_path)
    for folder in ("one", "other"):
        (tmp_path / "devices/drivers" / folder).mkdir()
        (tmp_path / "devices/drivers" / folder / "__init__.py").write_text("")
    where, line = SEEDS[contract]
    with (tmp_path / where).open("a") as seeded:
        seeded.write(f"\n{line}\n")
    broken = [row for row in lint(tmp_path).splitlines() if row.rstrip().endswith("BROKEN")]
    assert any(row.startswith(contract) for row in broken), broken


def test_every_contract_has_a_seed() -> None:
    names = [line.split("=", 1)[1].strip() for line in (ROOT / ".importlinter").read_text().splitlines() if line.startswith("name =")]
    assert all(any(name.startswith(seed) for seed in SEEDS) for name in names)
    assert len(names) == len(SEEDS)
