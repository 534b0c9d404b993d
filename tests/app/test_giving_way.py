"""What takes long comes after the watch, with all that it starts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.__main__ import COMMANDS, GIVE_WAY

ROOT = Path(__file__).parents[2]
TOLD = "import os, subprocess, sys; subprocess.run([sys.executable, '-c', 'import os; print(os.nice(0))'])"


def test_every_command_that_gives_way_is_one() -> None:
    assert COMMANDS.keys() >= GIVE_WAY


@pytest.mark.skipif(not hasattr(os, "nice"), reason="this system knows no order of processes")
def test_an_export_comes_after_a_watch_and_so_does_what_it_starts() -> None:
    script = f"from app import giving_way\ngiving_way.give_way()\ngiving_way.give_way()\n{TOLD}"
    said = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(said.stdout) == max(10, os.nice(0))
