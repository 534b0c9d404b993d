"""A window over a monitor with the chart's pages in it, for tests that touch them as a nurse does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest

from app.display.chart_pages import ChartPages
from app.display.compose import Display
from app.plan import CorePlan
from app.settings import Settings
from app.wire import Draft
from clinical.assessments.body_map import PARTS, View
from clinical.commands import EventKind, RecordAssessment, RecordEvent, StartCase
from clinical.forms import Form, RecordExamination, RecordIntake, RecordRecovery
from clinical.instant import Instant
from clinical.messages import FromDevice, FromOperator
from clinical.observations import Numeric
from clinical.people import UNPROVEN
from tests.app.display.test_round_in_window import NUMBERS, Bed
from tests.storage.made_case import made_setup


def unproven(name: str) -> str:
    """A name that was typed where nobody is signed in, as the record tells it."""
    return f"{name}{UNPROVEN}"


class ChartBed(Bed):
    """A window over a monitor; what goes to the core besides commands is kept."""

    drafts: list[Draft]

    @property
    def pages(self) -> ChartPages:
        assert self.display.operator.pages is not None
        return self.display.operator.pages.charting

    def send(self, asked: object) -> bool:
        if isinstance(asked, Draft):
            self.drafts.append(asked)
            return True
        return super().send(asked)  # type: ignore[arg-type]

    def open(self, name: str) -> int:
        """By touch, from the watch; gives how many it took."""
        before = self.taps
        self.display.operator.press("case")
        self.taps += 1  # F9
        assert self.display.operator.pages is not None
        self.tap(self.display.operator.pages.case.charts[name])
        return self.taps - before

    def forms(self) -> list[Form]:
        return [
            one.message.command
            for one in self.taken
            if isinstance(one.message, FromOperator)
            and not one.refused
            and isinstance(one.message.command, RecordExamination | RecordIntake | RecordRecovery)
        ]

    def draw(self, view: View, part: str) -> None:
        body = self.pages.examination.body_map
        outline = [body.place(view, point).toPoint() for point in PARTS[view][part]]
        QTest.mousePress(body, Qt.MouseButton.LeftButton, pos=outline[0])
        for point in (*outline[1:], outline[0]):
            QTest.mouseMove(body, point)
        QTest.mouseRelease(body, Qt.MouseButton.LeftButton, pos=outline[0])


def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ChartBed:
    for name in ("DATA", "CONFIG", "DOCUMENTS"):
        monkeypatch.setenv(f"XDG_{name}_{'DIR' if name == 'DOCUMENTS' else 'HOME'}", str(tmp_path / name.lower()))
    display = Display(CorePlan(database="sqlite://", address=str(tmp_path / "core"), secret=b"s"), Settings())
    display.finish()
    bed = ChartBed(display)
    bed.drafts = []
    monkeypatch.setattr(display.bridge, "send", bed.send)
    bed.pages.drafted.disconnect()
    bed.pages.drafted.connect(bed.send)
    display.window.resize(1920, 1080)
    display.operator.show_keys()
    display.window.show()
    return bed


def begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ChartBed]:
    """A window whose case has begun; closed at the end."""
    bed = opened(tmp_path, monkeypatch)
    bed.step(FromOperator(bed.display.time.now(), StartCase(setup=made_setup())))
    for metric, value in NUMBERS:
        bed.step(FromDevice("monitor", Numeric(at=bed.display.time.now(), metric=metric, value=value)))
    yield bed
    bed.display.close_down()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def charted(bed: ChartBed, entry: RecordAssessment | RecordEvent) -> None:
    bed.step(FromOperator(bed.display.time.now(), replace(entry, event_at=bed.display.time.now())))


def pain(score: int) -> RecordAssessment:
    return RecordAssessment(event_at=Instant(0, 0), scores=(("pain at rest", score),), by="A")


def medication(text: str) -> RecordEvent:
    return RecordEvent(kind=EventKind.MEDICATION, event_at=Instant(0, 0), text=text, by="A")


def examined(bed: ChartBed) -> None:
    """A right hand, drawn and seen."""
    page = bed.pages.examination
    bed.open("examination")
    bed.draw(View.FRONT, "right hand")
    for name in ("allodynia", "swelling", "temperature asymmetry", "tremor"):
        bed.tap(page.symptoms[name])
    for name in ("allodynia", "colour"):
        bed.tap(page.signs[name])
    bed.tap(page.continuing)
    bed.tap(page.no_better)
    for _ in range(9):
        bed.tap(page.pain.more)
