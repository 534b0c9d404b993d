"""The tile of a bed and the bar over the beds: what they say, and that every word has the room it was given."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QRectF

from clinical import metrics
from clinical.alarm_model import AudioState, Kind
from clinical.bed import BedState, LineTold
from clinical.instant import Instant
from clinical.observations import LinkState, Numeric, Priority, PumpState, Validity
from clinical.station import BedHeard
from tests.clinical.test_station import NOW, alarm, bed
from widgets.sheet import Fill, Mark, Text, width_of
from widgets.station.bed_face import bed_face
from widgets.station.bed_grid import BedGrid
from widgets.station.bed_tile import HIGH, WIDE, BedTile
from widgets.station.station_bar import StationBar
from widgets.theme import NIGHT, Look


def number(metric, value, ago_s=1.0, **more):
    return Numeric(at=NOW.plus(-ago_s), metric=metric, value=value, **more)


def watched(name="6", **more):
    told = {
        "label": "L. F.",
        "numerics": (
            number(metrics.PULSE_RATE, 104.0),
            number(metrics.SPO2, 84.0),
            number(metrics.NIBP_SYS, 148.0),
            number(metrics.NIBP_DIA, 84.0),
            number(metrics.RESP_RATE, None, validity=Validity.INVALID),
            number(metrics.ETCO2, 52.0, ago_s=9.0),
        ),
        "alarms": (alarm(metric=metrics.SPO2), alarm(Priority.LOW, condition="b", title="another")),
        "pump": PumpState.INFUSING,
        "rate_mg_per_h": 24.5,
        "step_number": 4,
        "step_count": 6,
        "round_due": NOW.plus(9 * 60),
        "lines": (
            LineTold(device="monitor", state=LinkState.LIVE, heard=NOW.plus(-2)),
            LineTold(device="pump", state=LinkState.LOST, heard=NOW),
        ),
    }
    return bed(name, **told | more)


def test_numbers_are_read_by_the_rule_of_the_bed_screen():
    face = bed_face(watched(), NOW, steady=False)
    assert [one.text for one in face.numbers] == ["104", "84", "148/84", "---", "---"]
    assert (face.dose, face.step, face.runs) == ("24.5", "step 4 of 6", True)
    assert (face.round, face.round_is_due) == ("round in 9 min", False)
    assert face.lines == "monitor 2 s ago    pump lost"
    assert (face.said, face.lasting, face.more) == ("SpO₂ 84 < 90", "12 s", 1)


def test_a_silent_bed_shows_no_number_and_its_last_word():
    face = bed_face(watched(), NOW.plus(30), steady=False)
    assert face.state == "silent"
    assert {one.text for one in face.numbers} == {"---"}
    assert (face.said, face.lasting) == ("no word for", "30 s")
    assert face.last_word[0].endswith("infusing  24.5 mg/h  step 4 of 6")


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"stale": True}, ("---", "pump not heard", False)),
        ({"pump": PumpState.PAUSED, "rate_mg_per_h": 0.0}, ("0", "paused  step 4 of 6", False)),
        ({"pump": None, "rate_mg_per_h": None}, ("", "no infusion yet", False)),
    ],
)
def test_a_pump_that_does_not_infuse_says_so(more, expected):
    face = bed_face(watched(**more), NOW, steady=False)
    assert (face.dose, face.step, face.runs) == expected


def test_a_round_that_is_due_is_a_prompt_and_no_alarm():
    face = bed_face(watched(round_due=NOW.plus(-130), alarms=()), NOW, steady=False)
    assert (face.round, face.round_is_due, face.alarm) == ("round due 2 min ago", True, None)


@pytest.mark.parametrize("scale", [0.5, 1.0, 2.0])
@pytest.mark.parametrize(
    "heard",
    [
        watched(),
        watched("Isolation 12b", label="A long study id 000-113"),
        watched(alarms=(alarm(title="Oxygen saturation cannot be told apart from artefact"),), more_alarms=12),
        watched(round_due=NOW.plus(-7200), step_number=14, step_count=16, pump=PumpState.STANDBY),
        bed("11", ago_s=4000, label="K. L."),
        bed("14", case=""),
        bed("15", left=True),
    ],
)
def test_every_word_of_a_tile_has_its_room(qtbot, heard, scale):
    tile = BedTile()
    qtbot.addWidget(tile)
    tile.resize(int(WIDE * scale), int(HIGH * scale))
    tile.set_look(Look(NIGHT, scale))
    tile.show_bed(heard)
    tile.advance(NOW)
    texts = [item for item in tile.items() if isinstance(item, Text)]
    assert texts
    for text in texts:
        assert width_of(text.text, text.font) <= text.room + 1.5, text.text
        if text.text:
            assert QRectF(tile.rect()).adjusted(-1, -1, 1, 1).contains(text.box()), text.text


def test_an_alarm_is_told_by_shape_colour_and_word(qtbot):
    tile = BedTile()
    qtbot.addWidget(tile)
    tile.resize(WIDE, HIGH)
    tile.show_bed(watched())
    tile.set_steady(steady=True)
    tile.advance(NOW)
    fill, _ = tile.look.theme.alarm(Priority.HIGH)
    filled = [item for item in tile.items() if isinstance(item, Fill) and item.colour == fill]
    assert len(filled) == 2, "the head and the number that it is about"
    assert sum(isinstance(item, Mark) for item in tile.items()) == 2, "stars, and the pump's triangle"


def test_tiles_keep_their_place_when_a_bed_comes(qtbot):
    grid = BedGrid()
    qtbot.addWidget(grid)
    grid.resize(1900, 856)
    grid.show_beds([bed("2"), bed("10")])
    first = grid.tiles[0]
    grid.show_beds([bed("10"), bed("1"), bed("2")])
    assert grid.tiles[1] is first
    assert len({(tile.x(), tile.y()) for tile in grid.tiles}) == 3
    grid.show_beds([bed("2")])
    assert grid.tiles == (first,)


def test_the_bar_counts_beds_and_names_whom_nobody_hears(qtbot):
    bar = StationBar("Day ward")
    qtbot.addWidget(bar)
    bar.resize(1920, 92)
    silent, simulated = bed("11", ago_s=60), replace(watched(), state=replace(watched().state, simulated=True))
    bar.show_beds([simulated, silent, bed("14", case="")])
    bar.set_audio(AudioState(sounding=None, paused_until=NOW.plus(60), generation=1))
    bar.advance(NOW)
    assert bar.case_face().case == "2 patients, 1 free"
    assert bar.case_face().infusion == "NOT heard: bed 11"
    assert bar.simulated
    slots, more = bar.slots()
    assert slots[0].alarm.title == "Bed 6   SpO₂ 84 < 90"
    assert (slots[1].alarm.kind, more) == (Kind.TECHNICAL, 1)
    for text in (item for item in bar.items() if isinstance(item, Text)):
        assert width_of(text.text, text.font) <= text.room + 1.5, text.text


def test_a_state_of_another_time_is_not_shown_as_live():
    late = BedHeard(state=replace(watched().state, at=Instant(NOW.monotonic_ns - 10**12, NOW.utc_ns)))
    assert late.is_silent(NOW)
    assert isinstance(late.state, BedState)
