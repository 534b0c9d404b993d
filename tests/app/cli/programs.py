"""The program as people start it: a process with the fake driver installed, its output and its end."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.devices.installed import install_fake

ROOT = Path(__file__).parents[3]


class Program:
    def __init__(self, site: Path) -> None:
        paths = [str(install_fake(site)), str(ROOT), os.environ.get("PYTHONPATH", "")]
        self._environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "PYTHONWARNINGS": "error"}
        self._environment.pop("BEDSIDE_TRACEBACK", None)

    def run(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "app", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=20, check=False, env=self._environment, cwd=ROOT)

    @contextmanager
    def started(self, *arguments: object, code: str = "") -> Iterator[subprocess.Popen[str]]:
        command = [sys.executable, *(["-c", code] if code else ["-m", "app"]), *map(str, arguments)]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", env=self._environment, cwd=ROOT
        ) as process:
            try:
                yield process
            finally:
                process.kill()


@pytest.fixture
def program(tmp_path) -> Program:
    return Program(tmp_path / "site")


def one_line(result: subprocess.CompletedProcess[str]) -> str:
    """The error's line, after the check that it is one and no traceback."""
    assert result.stderr.startswith("bedside: ")
    assert result.stderr.count("\n") == 1
    assert "Traceback" not in result.stderr
    return result.stderr
