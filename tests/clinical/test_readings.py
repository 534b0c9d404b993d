"""Which source is shown, what is a reading, and the gaps."""

from __future__ import annotations

import numpy as np
import pytest

from clinical.messages import Outcome
from clinical.metrics import CO2_RESP_RATE, FICO2, HEART_RATE, NIBP_SYS, PLETH, PULSE_RATE, RESP_RATE, SPO2, TEMPERATURE
from clinical.observations import LinkState, Numeric, Validity, WaveformBlock
from clinical.track import reading_of
from tests.clinical.bed import T0, Bed


@pytest.mark.parametrize(
    ("metric", "value", "good"),
    [
        (SPO2, 0.0, False),
        (PULSE_RATE, 0.0, False),
        (SPO2, 100.0, True),
        (SPO2, 101.0, False),
        (SPO2, float("nan"), False),
        (HEART_RATE, 0.0, True),  # asystole is a reading
        (RESP_RATE, 0.0, True),  # so is apnoea
        (CO2_RESP_RATE, 0.0, True),
        (FICO2, 0.0, True),
        (NIBP_SYS, 0.0, False),
        (NIBP_SYS, 20.0, True),
        (TEMPERATURE, 9.9, False),
    ],
)
def test_what_is_a_reading(metric, value, good):
    numeric = reading_of(Numeric(at=T0, metric=metric, value=value))
    assert numeric.validity is (Validity.VALID if good else Validity.INVALID)
    assert (numeric.value is not None) is good
    assert bool(numeric.reason) is not good


def value(outcome: Outcome) -> float | None:
    return outcome.shown.value if isinstance(outcome.shown, Numeric) else None


def test_the_earlier_source_wins_while_it_is_good():
    bed = Bed()
    bed.start()
    assert value(bed.numeric(SPO2, 97, device="oximeter")) == 97
    assert value(bed.numeric(SPO2, 95, device="monitor")) is None  # one reading does not take over yet
    assert value(bed.numeric(SPO2, 95, device="monitor")) == 95
    assert value(bed.numeric(SPO2, 97, device="oximeter")) is None
    assert bed.numeric(SPO2, None, device="monitor").shown is None  # a good source is there: no blank
    assert value(bed.numeric(SPO2, 97, device="oximeter")) == 97


def test_a_stale_source_gives_way_and_a_loose_contact_does_not_flicker():
    bed = Bed()
    bed.start()
    bed.each_second(2, lambda: (bed.numeric(SPO2, 95), bed.numeric(SPO2, 97, device="oximeter")))
    bed.hold(SPO2, 97, 4, device="oximeter")
    assert value(bed.numeric(SPO2, 97, device="oximeter")) == 97
    for _ in range(3):
        assert value(bed.numeric(SPO2, 95)) is None
        assert bed.numeric(SPO2, None).shown is None
    assert not bed.alarms


def test_a_lost_line_gives_way_at_once():
    bed = Bed()
    bed.start()
    bed.each_second(2, lambda: (bed.numeric(SPO2, 95), bed.numeric(SPO2, 97, device="oximeter")))
    bed.link(LinkState.LOST)
    assert value(bed.numeric(SPO2, 97, device="oximeter")) == 97


def test_an_invalid_value_from_the_only_source_is_shown_to_blank_the_tile():
    bed = Bed()
    bed.numeric(SPO2, 97)
    shown = bed.numeric(SPO2, 0.0).shown
    assert isinstance(shown, Numeric)
    assert (shown.value, shown.validity, shown.reason) == (None, Validity.INVALID, "0 is no reading")


def test_before_a_case_the_first_source_is_shown():
    bed = Bed()
    bed.numeric(SPO2, 97, device="b")
    assert value(bed.numeric(SPO2, 96, device="a")) is None


def test_a_cuff_inflating_is_no_loss():
    bed = Bed()
    bed.start()
    bed.numeric(NIBP_SYS, 120, measured_at=bed.now, interval_s=5)
    bed.hold(NIBP_SYS, None, 40, validity=Validity.ONGOING, interval_s=5)
    assert "sensor:MDC_PRESS_BLD_NONINV_SYS" not in bed.alarms
    assert not bed.gaps


@pytest.mark.parametrize(("how", "reason"), [("silent", "no data"), ("sensor", "sensor off"), ("link", "link lost")])
def test_gaps_of_a_metric(how, reason):
    bed = Bed()
    bed.hold(SPO2, 97, 2)
    last = bed.now
    if how == "sensor":
        bed.hold(SPO2, None, 10)
    elif how == "link":
        bed.link(LinkState.LOST)
        bed.each_second(10)
        bed.link(LinkState.LIVE)
    else:
        bed.each_second(10)
    bed.numeric(SPO2, 97)
    gaps = [gap for gap in bed.gaps if gap.what == SPO2.id]
    assert [(gap.reason, gap.until) for gap in gaps] == [(reason, None), (reason, bed.now)]
    assert gaps[0].since == (last.plus(1) if how == "sensor" else last)
    lines = [(gap.until is None, gap.reason) for gap in bed.gaps if gap.what == "line"]
    assert lines == ([(True, "link lost"), (False, "link lost")] if how == "link" else [])


def test_another_reason_is_another_gap_without_a_seam():
    bed = Bed()
    bed.numeric(SPO2, 97)
    bed.hold(SPO2, None, 2)
    bed.each_second(5)
    first, ended, second = bed.gaps
    assert (first.reason, ended.reason, second.reason) == ("sensor off", "sensor off", "no data")
    assert ended.until == second.since


def test_gaps_that_are_open_are_told_to_a_case_that_begins():
    bed = Bed()
    bed.numeric(SPO2, 97)
    bed.each_second(5)
    assert bed.start().gaps == tuple(bed.gaps[:1])


def block(at_s: float, *, seconds: float = 0.25, validity: Validity = Validity.VALID) -> WaveformBlock:
    steps = np.zeros(round(seconds * 100), dtype=np.int16)
    return WaveformBlock(at=T0.plus(at_s), metric=PLETH, rate_hz=100, steps=steps, unit_per_step=1, validity=validity)


def test_holes_and_silences_of_a_waveform():
    bed = Bed()
    bed.tell(block(0))
    bed.tell(block(0.3))  # jitter
    assert not bed.gaps
    bed.tell(block(2.35))
    assert [(gap.since, gap.until) for gap in bed.gaps] == [(T0.plus(0.55), None), (T0.plus(0.55), T0.plus(2.35))]
    bed.tell(block(2.6, validity=Validity.INVALID))
    assert (bed.gaps[-1].reason, bed.gaps[-1].until) == ("sensor off", None)
    bed.tell(block(2.85))
    bed.now = T0.plus(3.1)
    bed.each_second(2)
    assert (bed.gaps[-1].reason, bed.gaps[-1].since, bed.gaps[-1].until) == ("no data", T0.plus(3.1), None)


def test_of_two_waveforms_the_earlier_source_is_shown():
    bed = Bed()
    bed.start()
    assert bed.tell(block(0), "oximeter").shown is not None
    assert bed.tell(block(0), "monitor").shown is not None
    assert bed.tell(block(0.25), "oximeter").shown is None
    assert bed.tell(block(0.25, validity=Validity.INVALID), "monitor").shown is None
    assert bed.tell(block(0.5), "oximeter").shown is not None
    assert bed.tell(block(9), "oximeter").shown is not None
