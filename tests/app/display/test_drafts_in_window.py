"""A form under way in the whole window: it outlives its page and its display, and goes once its entry is in the record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.clock import CaseClock
from app.core.draft_keeping import LOOK_EVERY_S, DraftKeeping
from app.display.chart_pages import DRAFT_AFTER_MS
from app.wire import Draft
from clinical.forms import Form
from storage.drafts import Drafts
from tests.app.display.chart_bed import ChartBed, begun, examined, opened, unproven
from tests.app.display.windows import IGNORED
from tests.storage.made_case import made_setup

TOLD_WITHIN_MS = DRAFT_AFTER_MS + round(1000 * LOOK_EVERY_S) + 200
"""A draft that goes would be gone from the disk by then."""
pytestmark = pytest.mark.qt_log_ignore(IGNORED)


@pytest.fixture
def bed(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ChartBed]:
    yield from begun(tmp_path, monkeypatch)


def test_a_draft_outlives_the_page_and_the_display(bed: ChartBed, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = bed.pages.examination
    examined(bed)
    bed.tap(page.back)
    bed.open("examination")
    assert page.pain.value == 8
    qtbot.waitUntil(lambda: bool(bed.drafts), timeout=2000)
    held = bed.drafts[-1]
    assert held.page == "examination"
    other = opened(tmp_path, monkeypatch)  # the display died: another one comes
    for outcome in bed.taken:
        other.display._take((outcome,))
    other.display._take_drafts((held,))
    again = other.pages.examination
    assert again.form() == replace(page.form(), event_at=again.form().event_at)
    assert "was kept" in again.said.text()
    page.who.setText("A")
    bed.tap(page.save)
    qtbot.waitUntil(lambda: bed.drafts[-1] == Draft("examination", None), timeout=2000)
    other.display.close_down()


def test_a_draft_that_was_saved_after_all_is_not_offered_again(bed: ChartBed) -> None:
    page = bed.pages.examination
    examined(bed)
    page.who.setText("A")
    page.touch()
    draft = Draft("examination", page.draft())
    bed.tap(page.save)
    bed.pages.take_drafts((draft,))
    assert page.draft() is None


def test_nothing_is_lost_where_the_record_does_not_take_it(bed: ChartBed) -> None:
    page = bed.pages.examination
    examined(bed)
    page.who.setText("A")
    bed.tap(page.when)  # five minutes ago: before the case
    bed.tap(page.save)
    assert bed.forms() == []
    assert "before the case began" in page.problems["when"]
    assert page.pain.value == 8


def test_the_same_case_told_again_by_a_core_that_came_back_takes_no_draft(bed: ChartBed) -> None:
    page = bed.pages.examination
    examined(bed)
    for outcome in list(bed.taken):
        bed.display._take((outcome,))
    assert page.pain.value == 8
    assert len(bed.display.state.chart.all()) == 0


@pytest.fixture
def disk(bed: ChartBed, tmp_path: Path) -> Iterator[Drafts]:
    """Drafts on the disk, by the keeping that the core has, told what the window tells."""
    address = f"sqlite:///{tmp_path / 'case.sqlite'}"
    keeping = DraftKeeping(address, CaseClock(), lambda _report: None)
    keeping.start()
    keeping.follow(next(one for one in bed.taken if one.case is not None))
    bed.pages.drafted.connect(keeping.hear)
    yield Drafts(address)
    keeping.stop()


def held(disk: Drafts) -> dict[str, Form]:
    return dict(disk.kept(made_setup().uuid))


def test_a_draft_leaves_the_disk_when_its_entry_is_acknowledged_and_not_before(
    bed: ChartBed, disk: Drafts, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = bed.pages.examination
    examined(bed)
    page.who.setText("A")
    page.touch()
    qtbot.waitUntil(lambda: [one.by for one in held(disk).values()] == [unproven("A")], timeout=3000)
    on_its_way: list[object] = []
    monkeypatch.setattr(bed.display.bridge, "send", lambda asked: on_its_way.append(asked) is None)
    bed.tap(page.save)
    (entry,) = on_its_way
    qtbot.wait(TOLD_WITHIN_MS)
    assert "examination" in held(disk)  # a power cut now must not cost it
    bed.send(entry)
    qtbot.waitUntil(lambda: not (tmp_path / "case.sqlite.drafts").exists(), timeout=3000)
    assert bed.forms() == [entry]


def test_a_draft_stays_on_the_disk_where_its_entry_is_refused(bed: ChartBed, disk: Drafts, qtbot: QtBot) -> None:
    page = bed.pages.examination
    examined(bed)
    page.who.setText("A")
    bed.tap(page.when)  # five minutes ago: before the case
    bed.tap(page.save)
    assert bed.display.window.notice.text.startswith("NOT recorded: the examination")
    qtbot.waitUntil(lambda: "examination" in held(disk), timeout=3000)
    qtbot.wait(TOLD_WITHIN_MS)
    kept = held(disk)["examination"]
    assert kept == replace(page.form(), event_at=kept.event_at)
    for _ in range(5):
        bed.tap(page.when)
    bed.tap(page.save)
    assert bed.display.window.notice.text == ""  # no refusal stands beside an entry that is recorded
    qtbot.waitUntil(lambda: not held(disk), timeout=3000)
