"""`./run` with a uv and a Python that only note what was asked of them, and what of `run.cmd` can be read without a Windows."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UV = """#!/bin/sh
echo "$*" >>"$(dirname "$0")/asked"
[ "$1" = venv ] || exit 0
mkdir -p .venv/bin && touch .venv/.qt-found
printf '#!/bin/sh\\necho "$PWD|$*"\\n' >.venv/bin/bedside
cp .venv/bin/bedside .venv/bin/python && chmod +x .venv/bin/*
"""
BATCH = (ROOT / "run.cmd").read_text(encoding="ascii")


class Checkout:
    """A folder with the launcher in it, and another to call it from."""

    def __init__(self, folder: Path) -> None:
        self.place, self.elsewhere, self.tools = folder / "a checkout", folder / "else where", folder / "tools"
        for made in (self.place, self.elsewhere, self.tools):
            made.mkdir()
        for name in ("run", "requirements.lock", "requirements-dev.lock", "pyproject.toml"):
            shutil.copy(ROOT / name, self.place)
        (self.tools / "uv").write_text(UV)
        (self.tools / "uv").chmod(0o755)

    def run(self, *words: str, launcher: Path | None = None, **environment: str) -> str:
        told = subprocess.run(
            [str(launcher or self.place / "run"), *words],
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
            cwd=self.elsewhere,
            env=os.environ | {"PATH": f"{self.tools}:{os.environ['PATH']}"} | environment,
        )
        return told.stdout.strip()

    def made(self) -> int:
        return (self.tools / "asked").read_text().count("venv -q")


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    if sys.platform == "win32":
        pytest.skip("skipped: a launcher for POSIX shells")
    return Checkout(tmp_path)


def test_the_program_starts_where_it_was_called_from(checkout: Checkout) -> None:
    assert checkout.run("decode", "nonin", "my line.bin") == f"{checkout.elsewhere}|decode nonin my line.bin"


def test_a_link_to_the_launcher_finds_its_checkout(checkout: Checkout) -> None:
    link = checkout.tools / "bedside-run"
    link.symlink_to(checkout.place / "run")
    assert checkout.run("cases", launcher=link) == f"{checkout.elsewhere}|cases"


def test_what_is_needed_is_made_once_and_anew_when_it_no_longer_fits(checkout: Checkout) -> None:
    checkout.run("cases")
    checkout.run("cases")
    assert checkout.made() == 1
    (checkout.place / "requirements.lock").write_text("another==1")
    checkout.run("cases")
    assert checkout.made() == 2
    checkout.place = checkout.place.rename(checkout.place.with_name("moved"))
    checkout.run("cases")
    assert checkout.made() == 3, "scripts and the installed program name the folder they were made in"
    (checkout.place / ".venv/bin/python").unlink()
    checkout.run("cases")
    assert checkout.made() == 4


def test_a_python_with_a_blank_in_its_path(checkout: Checkout) -> None:
    mine = checkout.elsewhere / "my python"
    mine.symlink_to(sys.executable)
    checkout.run("cases", BEDSIDE_PYTHON=str(mine))
    assert f"--python {mine}" in (checkout.tools / "asked").read_text()


def test_each_label_of_the_batch_file_is_there_and_used() -> None:
    labels = re.findall(r"^:(\w+)", BATCH, re.MULTILINE)
    assert sorted(labels) == sorted(set(re.findall(r"(?:goto |call :)(\w+)", BATCH)))


def test_the_batch_file_takes_words_in_quotes_and_gives_the_programs_own_status() -> None:
    assert not re.search(r'"%\d"', BATCH), "a quoted word within quotes ends the file with a syntax error; %~1 has none"
    assert re.search(r"bedside\.exe\" %\*\nexit /b %ERRORLEVEL%", BATCH)
    assert "run.cmd text eol=crlf" in (ROOT / ".gitattributes").read_text(), "cmd.exe loses labels in a file without carriage returns"


def test_both_launchers_install_in_the_same_way() -> None:
    shell = (ROOT / "run").read_text()
    for words in ("--require-hashes", "--no-deps --no-build-isolation --config-settings editable_mode=compat -e .", "-m tests.all"):
        assert words in shell
        assert words in BATCH
