"""`bedside` alone: a window where there is a screen, one clear line where there is none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def test_without_a_screen_one_line_says_what_to_do(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in SCREENS}
    command = [sys.executable, "-m", "app", "--database", f"sqlite:///{tmp_path / 'cases.sqlite'}"]
    result = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=20, check=False, env=environment, cwd=ROOT)
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1
    assert "bedside demo --headless" in result.stderr
    assert not (tmp_path / "cases.sqlite").exists()
