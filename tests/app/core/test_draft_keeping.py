"""Drafts outlive both processes: written soon, taken up with their case, gone with the entry, the case, and the next one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep

import pytest

from app.clock import CaseClock
from app.core.draft_keeping import DraftKeeping
from app.wire import Draft
from clinical.forms import Phase, RecordExamination, RecordIntake
from clinical.messages import Outcome, SelfReport, Tick
from storage.drafts import Drafts
from tests.storage.made_case import START, made_setup

FORM = RecordExamination(event_at=START, phase=Phase.BEFORE, limb="right arm", pain=8)
SETUP = made_setup()


class Bed:
    """A keeping that runs, its file, and what it told."""

    def __init__(self, folder: Path) -> None:
        self.address = f"sqlite:///{folder / 'case.sqlite'}"
        self.file = folder / "case.sqlite.drafts"
        self.told: list[SelfReport] = []
        self.keeping = DraftKeeping(self.address, CaseClock(), self.told.append)

    def begin(self) -> None:
        self.keeping.start()
        self.keeping.follow(Outcome(message=Tick(START), case=SETUP))

    def held(self) -> dict[str, object]:
        return dict(Drafts(self.address).kept(SETUP.uuid))


@pytest.fixture
def bed(tmp_path: Path) -> Iterator[Bed]:
    bed = Bed(tmp_path)
    yield bed
    bed.keeping.stop()


def soon(condition: object) -> None:
    until = monotonic() + 5
    while not condition():  # type: ignore[operator]
        assert monotonic() < until
        sleep(0.02)


def test_a_draft_is_on_the_disk_soon_and_goes_when_it_is_entered(bed: Bed) -> None:
    bed.begin()
    bed.keeping.hear(Draft("examination", FORM))
    soon(lambda: bed.held() == {"examination": FORM})
    bed.keeping.hear(Draft("examination", None))
    soon(lambda: not bed.file.exists())


def test_the_end_of_the_case_takes_it_away_and_so_does_another_case(bed: Bed) -> None:
    Drafts(bed.address).keep("an older case", {"examination": FORM})
    bed.begin()
    soon(lambda: not bed.file.exists())
    bed.keeping.hear(Draft("examination", FORM))
    soon(bed.file.exists)
    bed.keeping.follow(Outcome(message=Tick(START), case=SETUP, ended=True))
    bed.keeping.hear(Draft("examination", FORM))  # a page that did not know yet
    soon(lambda: not bed.file.exists())
    bed.keeping.stop()
    assert not bed.file.exists()


def test_a_case_that_is_taken_up_gets_its_drafts_but_not_what_was_entered_after_all(bed: Bed) -> None:
    intake = RecordIntake(event_at=START, diagnosis="CRPS")
    Drafts(bed.address).keep(SETUP.uuid, {"examination": FORM, "intake": intake})
    entered = replace(FORM, event_at=START.plus(5))
    assert bed.keeping.resume(SETUP.uuid, (entered,)) == (Draft("intake", intake),)
    bed.keeping.start()
    soon(lambda: bed.held() == {"intake": intake})


def test_a_disk_that_does_not_take_it_is_told_once_and_the_core_goes_on(tmp_path: Path) -> None:
    bed = Bed(tmp_path / "nowhere")
    bed.begin()
    bed.keeping.hear(Draft("examination", FORM))
    soon(lambda: bool(bed.told))
    bed.keeping.stop()
    [ill] = bed.told
    assert (ill.part, ill.ok) == ("drafts", False)
    assert "save it soon" in ill.text


def test_a_broken_file_is_told_and_makes_room(bed: Bed) -> None:
    bed.file.write_bytes(b"no database" * 200)
    assert bed.keeping.resume(SETUP.uuid, ()) == ()
    assert [one.ok for one in bed.told] == [False]
    bed.keeping.start()
    bed.keeping.hear(Draft("examination", FORM))
    soon(lambda: [one.ok for one in bed.told] == [False, True])
    assert bed.held() == {"examination": FORM}
