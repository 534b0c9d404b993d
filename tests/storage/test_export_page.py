"""docs/export.md says what is so: its made parts are those that are made now, and its script draws a case."""

import os
import re
import subprocess
import sys

import pytest

from storage.cases import open_case
from storage.export.case_csv import export_case
from tests.storage.format_table import PAGE, with_parts
from tests.storage.made_case import minute, record

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")


def test_the_tables_are_those_that_are_made():
    page = PAGE.read_text(encoding="utf-8")
    assert with_parts(page) == page


def test_a_strangers_script_of_ten_lines_draws_a_case(tmp_path):
    pytest.importorskip("matplotlib")
    (script,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(script.splitlines()) <= 10
    with open_case(record(tmp_path / "a.sqlite", minute()), 1) as history:
        export_case(history, tmp_path / "case", program_version="1")
    subprocess.run([sys.executable, "-c", script, tmp_path / "case"], check=True, timeout=50, env=os.environ | {"MPLBACKEND": "Agg"})
    assert (tmp_path / "case.png").read_bytes().startswith(b"\x89PNG")
