from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt

from clinical.alarm_model import Alarm, AudioState, Kind, Presence
from clinical.dose_told import LadderTold, StepTaken
from clinical.observations import Priority
from widgets import gallery_case as case
from widgets.alarm_bar import AlarmBar
from widgets.bar_blocks import CaseFace
from widgets.fault_curtain import FaultCurtain, core_silent
from widgets.gallery_samples import SETUP
from widgets.sheet import Fill, Text
from widgets.soft_keys import KeyState, SoftKey, SoftKeyRow
from widgets.symbols import priority_marks
from widgets.theme import DAY

QUIET = AudioState(sounding=None, paused_until=None, generation=0)


def alarm(now, title, priority=Priority.MEDIUM, age_s=34.0, presence=Presence.ON):
    kind, since = Kind.PHYSIOLOGICAL, now.plus(-age_s)
    return Alarm(condition=title, kind=kind, priority=priority, presence=presence, title=title, detail="why", since=since)


@pytest.fixture
def bar(qtbot, now):
    made = AlarmBar()
    qtbot.addWidget(made)
    made.resize(1920, 92)
    made.set_case(replace(SETUP, simulated=False))
    made.set_alarms((), now)
    made.show()
    return made


@pytest.mark.parametrize(
    ("minute", "planned", "rates", "line"),
    [
        (105, 25.0, (25.0,), "Infusion 1 h 45 min   ends 16:20"),
        (250, None, (25.0,), "Infusion 4 h 10 min   end was 16:20"),
        (295, None, (25.0, 0.0), "Infusion 4 h 1 min   ended 16:21"),
    ],
)
def test_the_line_on_the_infusion_says_when_it_ends_and_when_it_has(minute, planned, rates, line):
    taken = tuple(StepTaken(at=case.ZERO.plus(241 * 60 * turn), rate_mg_per_h=rate, step_number=4) for turn, rate in enumerate(rates))
    nothing = {"next_number": None, "next_mg_per_h": None, "may_step_at": None, "off_order": "", "asked": ""}
    ladder = LadderTold(step_number=4, waits=(), rules=(), taken=taken, **nothing)
    told = replace(case.dose_report(case.ZERO.plus(60 * minute)), planned_mg_per_h=planned, next_step_mg_per_h=None, ladder=ladder)
    assert CaseFace.of(case.SETUP, told, told.at).infusion == line


def words(widget):
    return [item.text for item in widget.items() if isinstance(item, Text)]


def test_highest_stays_and_the_others_take_turns_every_two_seconds(bar, now):
    bar.set_alarms((alarm(now, "A", Priority.HIGH), alarm(now, "B"), alarm(now, "C"), alarm(now, "D", Priority.LOW)), now)
    shown = []
    for step in range(12):
        bar.advance(now.plus(step * 0.5))
        shown.append(bar.slots_shown())
    assert {slots[0] for slots in shown} == {"A"}
    assert [slots[1] for slots in shown] == [title for title in (shown[0][1], shown[4][1], shown[8][1]) for _ in range(4)]
    assert {slots[1] for slots in shown} == {"B", "C", "D"}
    assert "2 more" in words(bar)


def test_duration_runs_from_since(bar, now):
    bar.set_alarms((alarm(now, "A", age_s=34),), now)
    assert any(text.startswith("for 34 s") for text in words(bar))
    bar.advance(now.plus(91))
    assert any(text.startswith("for 2:05 min") for text in words(bar))


def test_states_of_an_alarm_are_told(bar, now):
    bar.set_alarms((alarm(now, "A", presence=Presence.ACKNOWLEDGED), alarm(now, "B", presence=Presence.LATCHED)), now)
    assert {"seen", "over, not yet seen"} <= set(words(bar))


def test_a_quiet_bar_says_so_and_what_the_last_alarm_was(bar, now):
    assert "No alarm" in words(bar)
    first, second = alarm(now, "SBP 158 > 156", age_s=130), alarm(now, "RR 7 < 8", age_s=20)
    bar.set_alarms((first, second), now)
    assert "No alarm" not in words(bar)
    bar.set_alarms((first,), now.plus(5))
    bar.set_alarms((), now.plus(10))
    assert {"No alarm", "last: SBP 158 > 156  ·  from 13:23 for 2:20 min"} <= set(words(bar))
    bar.set_case(replace(SETUP, simulated=False, uuid="another"))
    bar.advance(now.plus(11))
    assert not any(word.startswith("last:") for word in words(bar))


def test_a_bar_that_cannot_know_never_says_that_there_is_no_alarm(bar, now, qtbot):
    bar.set_core_fault("CORE SILENT")
    bar.advance(now.plus(0.1))
    assert "No alarm" not in words(bar)
    bar.set_core_fault("")
    bar.set_case(None)
    bar.advance(now.plus(0.2))
    assert "Not watching" in words(bar)
    assert not {"No alarm", "All alarms"} & set(words(bar))
    with qtbot.assertNotEmitted(bar.alarms_requested):
        qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.boxes()["first"].center().toPoint())


def test_a_long_story_ends_with_a_whole_clause(bar, now):
    told = "No loudspeaker answers: no alarm can be heard. Stay at the bedside, or connect one."
    bar.set_alarms((replace(alarm(now, "CANNOT SOUND", Priority.HIGH, age_s=556), detail=told),), now)
    assert "for 9:16 min  ·  No loudspeaker answers" in words(bar)
    bar.set_alarms((replace(alarm(now, "CANNOT SOUND", Priority.HIGH, age_s=556), detail=told.replace(":", "").replace(",", "")),), now)
    assert any(word.startswith("for 9:16 min  ·  No loudspeaker") and word.endswith("…") for word in words(bar))


def test_simulated_cannot_be_hidden(bar, now):
    bar.set_simulated(True)
    bar.advance(now.plus(0.1))
    assert "SIMULATED" in words(bar)
    bar.set_simulated(False)
    bar.advance(now.plus(0.2))
    assert "SIMULATED" not in words(bar)
    bar.set_case(SETUP)
    bar.set_simulated(False)
    bar.advance(now.plus(0.3))
    assert "SIMULATED" in words(bar)


def test_pause_counts_down_and_ends(bar, now):
    bar.set_audio(AudioState(sounding=None, paused_until=now.plus(120), generation=1))
    bar.advance(now.plus(17))
    assert {"1:43", "sound paused"} <= set(words(bar))
    bar.advance(now.plus(120.1))
    assert "sound paused" not in words(bar)
    assert "on" in words(bar)


def test_faults_of_the_program_take_the_place_of_the_sound(bar, now):
    bar.set_record_fault("NOT RECORDING")
    bar.advance(now.plus(0.1))
    assert "NOT RECORDING" in words(bar)
    bar.set_sound_fault("NO AUDIO")
    bar.advance(now.plus(0.2))
    assert {"NO AUDIO", "NOT RECORDING"} <= set(words(bar))
    bar.set_core_fault("CORE SILENT")
    bar.advance(now.plus(0.3))
    assert "CORE SILENT" in words(bar)
    fills = [item.colour.name() for item in bar.items() if isinstance(item, Fill) and item.colour is not None]
    assert DAY.high.lower() in fills


def test_clock_shows_the_beds_time(bar, now):
    assert {"13:25:22", "Sun 22 Nov"} <= set(words(bar))


@pytest.mark.parametrize("name", ["key", "first", "second"])
def test_all_alarms_are_one_touch_away(bar, qtbot, name):
    with qtbot.waitSignal(bar.alarms_requested, timeout=500):
        qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.boxes()[name].center().toPoint())
    assert bar.boxes()["key"].height() >= 72


def test_marks_differ_in_number_and_kind():
    shapes = {
        (kind, priority): priority_marks(kind, priority).toFillPolygon().boundingRect().width() for kind in Kind for priority in Priority
    }
    for kind in Kind:
        assert shapes[kind, Priority.HIGH] > shapes[kind, Priority.MEDIUM] > shapes[kind, Priority.LOW]
    assert priority_marks(Kind.PHYSIOLOGICAL, Priority.LOW) != priority_marks(Kind.TECHNICAL, Priority.LOW)


KEYS = (
    SoftKey(name="sound", shortcut="F1", title="Pause sound", sub="2:00"),
    SoftKey(name="round", shortcut="F3", title="Round", state=KeyState.PROMPT),
    SoftKey(name="step", shortcut="F6", title="Step", state=KeyState.DISABLED),
)


@pytest.fixture
def row(qtbot, now):
    made = SoftKeyRow()
    qtbot.addWidget(made)
    made.resize(1920, 100)
    made.set_keys(KEYS)
    made.advance(now)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    return made


def pressed(row):
    names = []
    row.pressed_key.connect(names.append)
    return names


def test_keys_answer_keyboard_and_touch_and_space_does_nothing(row, qtbot):
    names = pressed(row)
    for key in (Qt.Key.Key_F1, Qt.Key.Key_F6, Qt.Key.Key_Space, Qt.Key.Key_F3):
        qtbot.keyClick(row, key)
    assert names == ["sound", "round"]
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton, pos=row.key_boxes()[0].center().toPoint())
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton, pos=row.key_boxes()[2].center().toPoint())
    assert names == ["sound", "round", "sound"]


def test_the_row_reaches_from_edge_to_edge_as_the_panels_above_it_do(row):
    boxes = row.key_boxes()
    assert boxes[0].left() == 0
    assert boxes[-1].right() == pytest.approx(row.width())


def test_a_finger_that_slides_off_presses_nothing(row, qtbot):
    names = pressed(row)
    boxes = row.key_boxes()
    qtbot.mousePress(row, Qt.MouseButton.LeftButton, pos=boxes[0].center().toPoint())
    qtbot.mouseRelease(row, Qt.MouseButton.LeftButton, pos=boxes[1].center().toPoint())
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton, pos=QPoint(int(boxes[0].right()) + 3, 50))
    assert names == []


def test_one_key_can_be_changed_and_an_unknown_one_is_refused(row, now):
    row.set_key(SoftKey(name="sound", shortcut="F1", title="Sound back on", sub="1:43 left", state=KeyState.CHOSEN))
    row.advance(now.plus(0.1))
    assert {"Sound back on", "1:43 left"} <= set(words(row))
    with pytest.raises(KeyError):
        row.set_key(SoftKey(name="nothing", shortcut="F1", title=""))


def test_curtain_hides_everything_and_follows_the_window(qtbot, now, bar):
    curtain = FaultCurtain(bar)
    curtain.show_fault(core_silent(now.plus(-1)))
    curtain.advance(now)
    assert curtain.isVisible()
    assert curtain.geometry() == bar.rect()
    bar.resize(1366, 768)
    assert curtain.geometry() == bar.rect()
    assert curtain.grab().toImage().pixelColor(5, 5).name() == DAY.background.lower()
    assert "for 1 s" in words(curtain)
    curtain.advance(now.plus(8))
    assert "for 9 s" in words(curtain)
    curtain.clear()
    assert not curtain.isVisible()
