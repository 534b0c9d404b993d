"""The chart in the whole window, over a real monitor: two touches away, saved whole or not at all, corrected with the old one beside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.display.chart_pages import ChartPages
from app.display.compose import Display
from app.display.trend_wires import flags_of
from app.plan import CorePlan
from app.settings import Settings
from app.wire import Draft
from clinical.assessments.body_map import PARTS, View
from clinical.assessments.chart import Series
from clinical.commands import EventKind, RecordAssessment, RecordEvent, StartCase
from clinical.forms import Form, Phase, RecordExamination, RecordIntake, RecordRecovery
from clinical.instant import Instant
from clinical.messages import FromDevice, FromOperator
from clinical.metrics import HEART_RATE, NIBP_SYS, SKIN_TEMPERATURE
from clinical.observations import Numeric, PumpState, PumpStatus
from tests.app.display.test_round_in_window import NUMBERS, Bed
from tests.app.display.windows import IGNORED
from tests.storage.made_case import made_setup
from widgets.amend_page import FUTURE
from widgets.form_page import WHO_NEEDED, WHY_NEEDED

pytestmark = pytest.mark.qt_log_ignore(IGNORED)


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


def opened(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ChartBed:
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


@pytest.fixture
def bed(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ChartBed]:
    bed = opened(qtbot, tmp_path, monkeypatch)
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


def test_every_page_is_two_touches_from_the_watch(bed: ChartBed) -> None:
    for name in ("chart", "examination", "intake", "recovery"):
        assert bed.open(name) == 2
        assert bed.pages.named[name].isVisible()
        bed.tap(bed.pages.named[name].back)


# corrections


def test_a_wrong_score_is_put_right_with_the_old_one_beside_it(bed: ChartBed) -> None:
    charted(bed, pain(9))
    assert bed.open("chart") == 2
    bed.tap(bed.pages.chart.keys[0])
    page = bed.pages.amend
    assert page.isVisible()
    for _ in range(3):
        bed.tap(page.scores["pain at rest"].less)
    bed.tap(page.correct)
    assert page.problems == {"who": WHO_NEEDED, "reason": WHY_NEEDED}
    assert len(bed.assessments()) == 1
    page.who.setText("Nurse B")
    page.reason.setText("misheard")
    bed.tap(page.correct)
    assert bed.pages.chart.isVisible()
    old, new = bed.assessments()
    assert (new.scores, new.corrects, new.by, new.reason, new.event_at) == ((("pain at rest", 6),), 1, "Nurse B", "misheard", old.event_at)
    (key,) = bed.pages.chart.keys
    assert "pain at rest 6" in key.text()
    assert "was: pain at rest 9 (misheard)" in key.note
    assert [text for _, text, _ in flags_of(bed.display.state.chart)] == ["pain 6 (was 9)"]
    assert bed.display.window.round._lines["pain at rest"]._score.text() == "6"
    assert "corrected" in bed.display.window.round._when.text()


def test_a_medication_is_put_right_and_one_of_another_patient_is_struck_out(bed: ChartBed) -> None:
    charted(bed, medication("ondansetron 8 mg IV"))
    charted(bed, medication("midazolam 1 mg IV"))
    bed.open("chart")
    page = bed.pages.amend
    page.who.setText("B")
    bed.tap(bed.pages.chart.keys[1])
    page.text.setText("ondansetron 4 mg IV")
    page.reason.setText("wrong key")
    bed.tap(page.correct)
    bed.tap(bed.pages.chart.keys[0])
    page.reason.setText("another patient's")
    bed.tap(page.strike)
    assert [event.text for event in bed.display.state.chart.events()] == ["ondansetron 4 mg IV", "midazolam 1 mg IV"]
    bed.tap(page.strike)
    assert [event.text for event in bed.display.state.chart.events()] == ["ondansetron 4 mg IV"]
    assert not bed.pages.chart.keys[0].isEnabled()
    assert bed.pages.chart.keys[0].text().endswith("struck out: midazolam 1 mg IV")
    assert len(bed.display.state.chart.all(Series.EVENT)) == 4


def test_an_entry_that_is_moved_into_the_future_or_before_the_case_is_told_beside_its_time(bed: ChartBed) -> None:
    charted(bed, medication("ondansetron 4 mg IV"))
    bed.open("chart")
    bed.tap(bed.pages.chart.keys[0])
    page = bed.pages.amend
    page.who.setText("B")
    page.reason.setText("late")
    bed.tap(page.moves[5])
    bed.tap(page.correct)
    assert page.problems == {"when": FUTURE}
    for _ in range(2):
        bed.tap(page.moves[-5])
    bed.tap(page.correct)
    assert "before the case began" in page.problems["when"]
    assert len(bed.display.state.chart.all(Series.EVENT)) == 1


def test_what_another_nurse_corrected_meanwhile_is_not_overwritten_unseen(bed: ChartBed) -> None:
    charted(bed, pain(9))
    bed.open("chart")
    bed.tap(bed.pages.chart.keys[0])
    page = bed.pages.amend
    page.who.setText("C")
    page.reason.setText("misheard")
    bed.tap(page.scores["pain at rest"].less)
    (first,) = bed.assessments()
    other = replace(first, scores=(("pain at rest", 5),), corrects=1, by="B", reason="misheard")
    bed.step(FromOperator(bed.display.time.now(), other))
    assert page.isVisible()  # another's correction takes nobody's page away
    bed.tap(page.correct)
    assert "corrected meanwhile by B" in page.said
    assert [one.by for one in bed.assessments()] == ["A", "B"]
    assert page.scores["pain at rest"].value == 8


# examination


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


def test_an_examination_is_scored_while_it_is_made_and_saved_whole(bed: ChartBed) -> None:
    page = bed.pages.examination
    examined(bed)
    assert page.limb.one == "right arm"  # the drawing says which
    assert (page.examined.score.text(), page.examined.criteria["clinical"].text()) == ("7", "met")
    bed.tap(page.save)
    assert bed.forms() == []
    assert page.problems == {"who": WHO_NEEDED}
    page.who.setText("Nurse A")
    bed.tap(page.save)
    (form,) = bed.forms()
    assert isinstance(form, RecordExamination)
    assert (form.phase, form.pain, form.by, form.drawn, len(form.outlines)) == (Phase.BEFORE, 8, "Nurse A", True, 1)
    assert page.draft() is None
    assert (page.phase.one, page.limb.one) == ("after", "right arm")
    bed.tap(page.nothing_hurts)
    bed.tap(page.signs["colour"])
    bed.tap(page.signs["colour"])
    assert "area −100 %" in page.examined.changed.text()
    assert "gone: sign: colour" in page.examined.changed.text()


def test_a_limb_that_is_amputated_and_hurts_is_refused_in_one_line_beside_it(bed: ChartBed) -> None:
    page = bed.pages.examination
    examined(bed)
    page.who.setText("A")
    bed.tap(page.amputated)
    bed.tap(page.save)
    assert bed.forms() == []
    assert page.problems["amputated"].startswith("the right arm is amputated: only phantom pain can be charted, not pain, symptoms, signs")
    bed.tap(page.amputated)
    bed.tap(page.amputated)
    QTest.keyClicks(page.temperature.field, "3o.5")
    bed.tap(page.save)
    assert page.problems == {"temperature": "“3o.5” is not a number."}
    assert bed.forms() == []


def test_the_skin_of_both_hands_comes_from_the_monitor(bed: ChartBed) -> None:
    page = bed.pages.examination
    bed.open("examination")
    bed.tap(page.limb.key("left arm"))
    now = bed.display.time.now()
    for channel, value in (("T1", 32.0), ("T2", 30.4)):
        bed.step(FromDevice("monitor", Numeric(at=now, metric=SKIN_TEMPERATURE, channel=channel, value=value)))
    bed.display._count()
    bed.tap(page.from_monitor)
    form = page.form()
    assert (form.temperature_c, form.opposite_temperature_c) == (30.4, 32.0)


def test_an_examination_is_corrected_from_the_list_on_its_own_page(bed: ChartBed) -> None:
    page = bed.pages.examination
    examined(bed)
    page.who.setText("A")
    bed.tap(page.save)
    bed.open("chart")
    bed.tap(bed.pages.chart.keys[0])
    assert page.isVisible()
    assert page.pain.value == 8
    bed.tap(page.pain.less)
    bed.tap(page.save)
    assert page.problems == {"reason": WHY_NEEDED}
    page.reason.setText("misheard")
    bed.tap(page.save)
    first, second = bed.forms()
    assert second == replace(first, pain=7, corrects=1, reason="misheard")
    assert bed.display.state.chart.examinations() == (second,)


def test_a_draft_outlives_the_page_and_the_display(bed: ChartBed, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = bed.pages.examination
    examined(bed)
    bed.tap(page.back)
    bed.open("examination")
    assert page.pain.value == 8
    qtbot.waitUntil(lambda: bool(bed.drafts), timeout=2000)
    held = bed.drafts[-1]
    assert held.page == "examination"
    other = opened(qtbot, tmp_path, monkeypatch)  # the display died: another one comes
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


# intake and recovery


def test_an_intake_asks_the_physician_and_decides_nothing(bed: ChartBed) -> None:
    page = bed.pages.intake
    bed.open("intake")
    bed.display._count()
    everything = len(page.questions)
    assert everything > 10
    bed.tap(page.same_diagnosis)
    bed.tap(page.trigger.key("fracture"))
    bed.tap(page.limb.key("left leg"))
    bed.tap(page.limb.key("right arm"))
    bed.tap(page.no_allergies)
    bed.tap(page.tried["nerve blocks"])
    page.medicines.setText("pregabalin 75 mg; clonidine 0.1 mg")
    bed.tap(page.vitals.confirm)
    page.checklist.key("consent").key("yes").click()
    page.checklist.key("pregnancy").key("no").click()
    assert len(page.questions) == everything - 6
    assert all(text.startswith("Ask the physician: ") for text in page.questions)
    page.who.setText("A")
    bed.tap(page.save)
    (form,) = bed.forms()
    assert isinstance(form, RecordIntake)
    assert form.limbs == ("left leg", "right arm")
    assert form.medicines == ("pregabalin 75 mg", "clonidine 0.1 mg")
    assert (form.diagnosis, form.trigger, form.allergies) == ("CRPS", "fracture", ("none",))
    assert dict(form.answers) == {"consent": "yes", "pregnancy": "no"}
    assert form.baseline == NUMBERS


def test_readiness_is_reckoned_from_data_and_printed(bed: ChartBed, tmp_path: Path) -> None:
    page, now = bed.pages.recovery, bed.display.time.now()
    bed.step(FromOperator(now, RecordIntake(event_at=now, baseline=((NIBP_SYS, 140.0), (HEART_RATE, 60.0)), by="A")))
    for state, rate in ((PumpState.INFUSING, 5.0), (PumpState.PAUSED, 0.0)):
        bed.step(FromDevice("pump", PumpStatus(at=bed.display.time.now(), channel="", state=state, rate_ml_per_h=rate)))
    bed.open("recovery")
    bed.display._count()
    bed.tap(page.vitals.confirm)
    for scores in (page.aldrete, page.padss):
        for keys in scores.items.values():
            bed.tap(keys.key(keys.words[0]))
    bed.tap(page.escort)
    told = {line.text: (line.met.value, line.detail) for line in page.lines}
    assert told["60 min since the infusion stopped"] == ("not met", "0 min")
    assert told["vital signs within 20 % of the baseline"][0] == "not met"  # 92 of 60
    assert told["modified Aldrete 9 or more"] == ("met", "10 of 10")
    assert told["escort"] == ("met", "present")
    bed.tap(page.print)
    (printed,) = (tmp_path / "documents").glob("bedside-recovery-*.pdf")
    assert printed.read_bytes().startswith(b"%PDF")
    page.who.setText("A")
    bed.tap(page.save)
    form = bed.forms()[-1]
    assert isinstance(form, RecordRecovery)
    assert {text: met for text, met, _ in form.lines}["escort"] == "met"
    assert page.draft() is None


def test_the_same_case_told_again_by_a_core_that_came_back_takes_no_draft(bed: ChartBed) -> None:
    page = bed.pages.examination
    examined(bed)
    for outcome in list(bed.taken):
        bed.display._take((outcome,))
    assert page.pain.value == 8
    assert len(bed.display.state.chart.all()) == 0
