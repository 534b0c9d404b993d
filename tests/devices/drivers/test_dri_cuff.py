"""The cuff: its readings carry their own time and never look fresher than they are."""

from __future__ import annotations

import struct

import pytest

from clinical.metrics import NIBP_DIA, NIBP_MEAN, NIBP_PULSE_RATE, NIBP_SYS
from clinical.observations import Validity
from devices.drivers.dri.protocol import DriProtocol
from devices.drivers.dri.requests import AUX_INFO
from tests.devices.drivers.dri_records import INVALID, NIBP, ON, changed, displayed, numeric, record
from tests.devices.fake_bedside import START

MEASURING, OLD, CALIBRATING = 1 << 5, 1 << 8, 1 << 7
FIRST, SECOND = (12000, 8000, 9300, 70), (13000, 8500, 10000, 75)
CLOCK_S = 1_772_352_000


class Watch:
    """A protocol that is shown the cuff at given seconds."""

    def __init__(self) -> None:
        self.protocol = DriProtocol()

    def see(self, second, values=FIRST, label=0, metric=NIBP_SYS):
        frame = displayed(changed(NIBP, label=label, values=values), time_s=CLOCK_S + second)
        return numeric(list(self.protocol.receive(frame, START.plus(second))), metric)

    def tell_time(self, second, measured_second, clock_off_s=0):
        body = struct.pack("<I", CLOCK_S + measured_second + clock_off_s).ljust(114, b"\0")
        self.protocol.receive(record(0, [(4, body)], time_s=CLOCK_S + second + clock_off_s), START.plus(second))

    def asked(self, second):
        return AUX_INFO in self.protocol.outgoing(START.plus(second))


def test_while_it_measures_there_is_no_reading():
    for metric in (NIBP_SYS, NIBP_DIA, NIBP_MEAN, NIBP_PULSE_RATE):
        found = Watch().see(0, FIRST, MEASURING, metric)
        assert (found.value, found.validity, found.measured_at) == (None, Validity.ONGOING, None)


def test_a_finished_measurement_is_dated_when_seen_and_keeps_its_date():
    watch = Watch()
    watch.see(0, FIRST, MEASURING)
    for second in (5, 10, 60):
        found = watch.see(second)
        assert (found.value, found.validity, found.measured_at) == (120.0, Validity.VALID, START.plus(5))
    for second in (65, 600, 3600):
        assert watch.see(second, FIRST, OLD).measured_at == START.plus(5)


def test_all_four_numbers_carry_the_date():
    watch = Watch()
    watch.see(0, FIRST, MEASURING)
    expected = {NIBP_SYS: 120, NIBP_DIA: 80, NIBP_MEAN: 93, NIBP_PULSE_RATE: 70}
    for metric, value in expected.items():
        found = watch.see(5, metric=metric)
        assert (found.value, found.measured_at) == (value, START.plus(5))


def test_the_same_numbers_measured_again_are_a_new_reading():
    watch = Watch()
    watch.see(0, FIRST, MEASURING)
    watch.see(5)
    watch.see(10, FIRST, MEASURING)
    assert watch.see(15).measured_at == START.plus(15)


def test_the_same_numbers_no_longer_old_are_a_new_reading():
    watch = Watch()
    watch.see(0, FIRST, MEASURING)
    watch.see(5)
    watch.see(10, FIRST, OLD)
    assert watch.see(15).measured_at == START.plus(15)


def test_a_failed_measurement_does_not_freshen_an_old_reading():
    watch = Watch()
    watch.see(0, FIRST, MEASURING)
    watch.see(5)
    watch.see(300, FIRST, OLD)
    watch.see(305, FIRST, OLD | MEASURING)
    assert watch.see(310, FIRST, OLD).measured_at == START.plus(5)


def test_a_failed_measurement_without_numbers_is_no_reading():
    watch = Watch()
    watch.see(0, FIRST, MEASURING)
    assert watch.see(5, (INVALID,) * 4).validity is Validity.INVALID


def test_an_old_reading_found_at_the_start_has_no_age_and_is_not_shown_as_a_number():
    found = Watch().see(0, FIRST, OLD)
    assert (found.value, found.validity, found.reason) == (None, Validity.INVALID, "reading of unknown age")


def test_a_reading_found_at_the_start_is_dated_at_its_worst():
    watch = Watch()
    found = watch.see(0)
    assert (found.value, found.validity, found.measured_at) == (120.0, Validity.QUESTIONABLE, START.plus(-60))
    assert watch.see(5).measured_at == START.plus(-60)


@pytest.mark.parametrize(("label", "validity"), [(0, Validity.QUESTIONABLE), (OLD, Validity.INVALID)])
def test_a_reading_that_came_during_a_silence_is_not_dated_at_its_end(label, validity):
    watch = Watch()
    watch.see(0, FIRST, MEASURING)
    watch.see(5)
    found = watch.see(3600, SECOND, label)
    assert found.validity is validity
    assert found.measured_at in {None, START.plus(3540)}


def test_the_monitors_own_time_is_asked_for_and_believed_whatever_its_clock_shows():
    watch = Watch()
    watch.see(0, FIRST, OLD)
    assert watch.asked(0)
    watch.tell_time(1, measured_second=-600, clock_off_s=7200)
    found = watch.see(5, FIRST, OLD)
    assert (found.value, found.validity, found.measured_at) == (120.0, Validity.VALID, START.plus(-600))
    assert not watch.asked(6)


def test_each_new_reading_asks_for_its_time():
    watch = Watch()
    watch.see(0)
    assert watch.asked(0)
    watch.tell_time(1, -20)
    watch.see(5)
    assert not watch.asked(7)
    watch.see(10, SECOND)
    assert watch.asked(10)


def test_a_monitor_that_does_not_answer_is_asked_three_times():
    watch = Watch()
    asked = 0
    for second in range(0, 120, 5):
        watch.see(second)
        asked += watch.asked(second) + watch.asked(second + 1)
    assert asked == 3


@pytest.mark.parametrize("measured_second", [30, -CLOCK_S])
def test_a_time_that_lies_ahead_or_is_unknown_is_not_believed(measured_second):
    watch = Watch()
    watch.see(0, FIRST, OLD)
    watch.tell_time(1, measured_second)
    assert watch.see(5, FIRST, OLD).validity is Validity.INVALID


def test_a_time_told_while_it_measures_does_not_date_what_comes():
    watch = Watch()
    watch.see(0, FIRST, MEASURING)
    watch.tell_time(1, -600)
    assert watch.see(5).measured_at == START.plus(5)


def test_calibrating():
    assert Watch().see(0, FIRST, CALIBRATING).reason == "calibrating"


def test_no_cuff():
    frame = displayed(changed(NIBP, status=ON & ~1))
    found = numeric(list(DriProtocol().receive(frame, START)), NIBP_SYS)
    assert (found.validity, found.measured_at) == (Validity.NOT_AVAILABLE, None)


def test_an_auxiliary_record_cut_short_is_counted():
    protocol = DriProtocol()
    protocol.receive(record(0, [(4, bytes((1,)) * 50)]), START)
    assert protocol.bad_frames == 1
