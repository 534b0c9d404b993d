"""The pages for readers: what they link to, name, run and show is there. Judges no sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.__main__ import COMMANDS

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
IDS = [str(page.relative_to(ROOT)) for page in PAGES]
LINK = re.compile(r"\]\((?!https?:)([^)\s]+)\)")
IN_THE_HOUSE = re.compile(r"`((?:app|widgets|devices|storage|clinical|resources|tests|bench|docs)/[\w./*-]+)`")
MODULE = re.compile(r"python -m ((?:bench|tests|widgets)\.[a-z_.]+\w)")
COMMAND = re.compile(r"(?:`|^)(?:\./run|bedside) ((?!test\b)[a-z][a-z-]*[^`\n|]*)", re.MULTILINE)


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_links_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_files_and_modules_that_are_named_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert [path for path in IN_THE_HOUSE.findall(text) if not any(ROOT.glob(path.rstrip("/")))] == []
    places = {module: ROOT / module.replace(".", "/") for module in MODULE.findall(text)}
    assert [name for name, at in places.items() if not (at.with_suffix(".py").exists() or (at / "__main__.py").exists())] == []


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_commands_that_are_named_are_there_and_have_those_options(page: Path) -> None:
    for words in COMMAND.findall(page.read_text(encoding="utf-8")):
        name, *rest = words.split()
        assert name in COMMANDS, words
        source = (ROOT / (COMMANDS[name][0].replace(".", "/") + ".py")).read_text(encoding="utf-8")
        known = source + RUNNING if name in {"demo", "replay"} else source
        options = re.findall(r"--[a-z][a-z0-9-]*", " ".join(rest))
        assert [option for option in options if f'"{option}"' not in known and option not in {"--database", "--help"}] == [], words


RUNNING = (ROOT / "app/cli/running.py").read_text(encoding="utf-8")


def test_each_command_is_in_the_table() -> None:
    table = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"| `bedside {name}" not in table] == []


def test_each_picture_is_shown_somewhere() -> None:
    shown = {name for page in PAGES for name in re.findall(r"images/([\w-]+\.png)", page.read_text(encoding="utf-8"))}
    assert {path.name for path in (ROOT / "docs/images").iterdir()} - shown == set()
