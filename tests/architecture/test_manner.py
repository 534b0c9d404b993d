"""The manner of the house, counted: lengths of files and functions, docstrings, colours and names in their places."""

from __future__ import annotations

import ast
import re
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("app", "widgets", "devices", "storage", "clinical", "resources")
FILES = sorted(p for package in PACKAGES for p in (ROOT / package).rglob("*.py") if "versions" not in p.parts)
IDS = [str(path.relative_to(ROOT)) for path in FILES]


def lines_of(path: Path) -> int:
    return sum(1 for line in path.read_text(encoding="utf-8").splitlines() if line.strip())


def functions() -> Iterator[tuple[str, int]]:
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                yield f"{path.relative_to(ROOT)}:{node.name}", (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 1


def test_functions_are_short() -> None:
    lengths = dict(functions())
    assert {name: count for name, count in lengths.items() if count > 50} == {}
    assert statistics.median(lengths.values()) <= 8


def test_files_are_short() -> None:
    assert {name: lines_of(path) for name, path in zip(IDS, FILES, strict=True) if lines_of(path) > 400} == {}


def test_main_window_only_arranges() -> None:
    window = ROOT / "app/display/main_window.py"
    assert lines_of(window) <= 200


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_file_says_what_it_knows(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), "a file opens with a docstring"


def test_colours_stand_in_the_theme_alone() -> None:
    colour = re.compile(r"""["']#[0-9A-Fa-f]{6,8}["']""")
    assert [name for name, path in zip(IDS, FILES, strict=True) if colour.search(path.read_text()) and name != "widgets/theme.py"] == []


def test_no_grab_bags() -> None:
    banned = {"utils", "util", "common", "helpers", "manager", "misc", "shared"}
    assert [name for name in IDS if banned & set(Path(name).with_suffix("").parts)] == []


def swallows_everything(path: Path) -> bool:
    """Whether a handler takes any exception and does not raise it again."""
    handlers = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.ExceptHandler)]
    broad = [node for node in handlers if node.type is None or getattr(node.type, "id", "") in {"Exception", "BaseException"}]
    return any(not isinstance(node.body[-1], ast.Raise) for node in broad)


def test_broad_except_only_at_the_top_of_a_thread() -> None:
    tops = {
        "app/__main__.py",
        "app/display/errand.py",
        "app/display/looking_back.py",
        "app/core/links.py",
        "app/core/spine.py",
        "app/core/recording.py",
        "app/core/outlet.py",
        "app/core/guard.py",
        "app/core/worker.py",
        "app/core/forwarding.py",
        "app/core/announcing.py",
        "app/display/station_reader.py",
    }
    strangers = {"devices/recordings/vital_file.py"}  # another's code runs here and may raise anything
    assert {name for name, path in zip(IDS, FILES, strict=True) if swallows_everything(path)} <= tops | strangers
