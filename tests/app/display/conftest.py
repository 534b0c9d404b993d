"""Fixtures of the display's tests: a folder of its own for everything that is remembered, and a database in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.display.windows import Database


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    for name in ("DATA", "CONFIG", "DOCUMENTS"):
        monkeypatch.setenv(f"XDG_{name}_{'DIR' if name == 'DOCUMENTS' else 'HOME'}", str(tmp_path / name.lower()))
    return Database(tmp_path / "cases.sqlite")
