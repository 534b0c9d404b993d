"""What is said of a device before a case begins."""

from __future__ import annotations

import pytest

from app.display.draft_setup import cannot_be, doubt_of
from app.display.previews import Previews
from clinical.instant import NS_PER_S, Instant
from clinical.messages import DoseReport
from clinical.metrics import HEART_RATE, RESP_RATE, SPO2
from clinical.observations import LinkState, LinkStatus, Numeric, PumpState, PumpStatus, Validity

ZERO = Instant(1000 * NS_PER_S, 1_795_350_322 * NS_PER_S)


def link(state: LinkState, detail: str = "") -> LinkStatus:
    return LinkStatus(at=ZERO, state=state, detail=detail)


def test_best_number_of_a_device_is_shown_and_a_lesser_one_only_until_it_comes() -> None:
    previews = Previews()
    assert previews.take_link("monitor", link(LinkState.LIVE)) == ("answers", True)
    assert previews.take_numeric("monitor", Numeric(at=ZERO, metric=RESP_RATE, value=14)) == ("14 /min", True)
    assert previews.take_numeric("monitor", Numeric(at=ZERO, metric=HEART_RATE, value=84)) == ("84 /min", True)
    assert previews.take_numeric("monitor", Numeric(at=ZERO, metric=RESP_RATE, value=15)) is None


def test_probe_that_is_off_is_said_and_is_no_good_number() -> None:
    previews = Previews()
    previews.take_numeric("oximeter", Numeric(at=ZERO, metric=SPO2, value=97))
    off = Numeric(at=ZERO, metric=SPO2, value=None, validity=Validity.INVALID, reason="sensor off")
    assert previews.take_numeric("oximeter", off) == ("answers, but no SpO₂: sensor off", False)


def test_lost_line_takes_its_number_away_and_says_why() -> None:
    previews = Previews()
    previews.take_numeric("oximeter", Numeric(at=ZERO, metric=SPO2, value=97))
    lost = link(LinkState.LOST, "/dev/ttyUSB0 is in use by process 412: close that program")
    assert previews.take_link("oximeter", lost) == ("/dev/ttyUSB0 is in use by process 412", False)
    assert previews.take_link("oximeter", link(LinkState.LIVE)) == ("answers", True)


def test_pump_shows_its_rate_only_while_its_line_lives() -> None:
    previews = Previews()
    status = PumpStatus(at=ZERO, channel="1", state=PumpState.INFUSING, rate_ml_per_h=12.5)
    report = DoseReport(at=ZERO, pump=status, pump_device="pump")
    assert previews.take_dose(report) is None
    previews.take_link("pump", link(LinkState.LIVE))
    assert previews.take_dose(report) == ("pump", ("12.5 mL/h", True))


@pytest.mark.parametrize(
    ("field", "value", "refused", "doubted"),
    [
        ("weight_kg", 70, False, False),
        ("weight_kg", 210, False, True),
        ("weight_kg", 700, False, True),
        ("weight_kg", 0, True, True),
        ("weight_kg", -70, True, True),
        ("weight_kg", 70_000, True, True),
        ("concentration_mg_per_ml", 0.1, False, True),
        ("concentration_mg_per_ml", 5000, True, True),
        ("baseline_sbp_mmhg", 120, False, False),
        ("baseline_sbp_mmhg", 1200, True, True),
    ],
)
def test_what_cannot_be_is_refused_and_what_is_unusual_only_doubted(field: str, value: float, refused: bool, doubted: bool) -> None:
    assert bool(cannot_be(field, value)) is refused
    assert bool(doubt_of(field, value)) is doubted
