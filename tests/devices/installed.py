"""Installs distributions with drivers into a folder, as pip would leave them."""

from __future__ import annotations

import shutil
from pathlib import Path

FAKE_MODULE = Path(__file__).parent / "fake_driver.py"


def install(folder: Path, distribution: str, entries: dict[str, str]) -> None:
    """A distribution whose entry points in the drivers' group are ``entries``: name → "module:attribute"."""
    info = folder / f"{distribution}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")
    rows = "".join(f"{name} = {value}\n" for name, value in entries.items())
    (info / "entry_points.txt").write_text(f"[bedside.drivers]\n{rows}")


def install_fake(folder: Path) -> Path:
    """The fake driver under the name "fake"; gives the folder."""
    install(folder, "fake-devices", {"fake": "fake_devices_driver:DRIVER"})
    shutil.copy(FAKE_MODULE, folder / "fake_devices_driver.py")
    return folder
