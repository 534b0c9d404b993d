"""The thinned trend that a new display is told."""

from __future__ import annotations

from app.core.kept_trend import STEP_S, KeptTrend
from app.core.standing import StandingState
from clinical.instant import Instant
from clinical.messages import FromDevice, Outcome
from clinical.metrics import NIBP_SYS, SPO2
from clinical.observations import Numeric, Validity

T0 = Instant(5_000_000_000, 1_772_352_000_000_000_000)


def test_one_for_each_step_comes_back_as_it_was() -> None:
    kept = KeptTrend()
    told = [Numeric(at=T0.plus(second), metric=SPO2, value=90.0 + second % 7, channel="1") for second in range(100)]
    for numeric in told:
        kept.add(numeric)
    assert list(kept.numerics()) == told[:: round(STEP_S)]


def test_what_is_missing_and_what_was_measured_before_stay_so() -> None:
    kept = KeptTrend()
    off = Numeric(at=T0, metric=NIBP_SYS, value=None, validity=Validity.INVALID)
    cuff = Numeric(at=T0.plus(20), metric=NIBP_SYS, value=140.0, validity=Validity.QUESTIONABLE, measured_at=T0.plus(3))
    kept.add(off)
    kept.add(cuff)
    assert list(kept.numerics()) == [off, cuff]


def test_a_new_display_is_told_the_past_in_order_and_the_newest_last() -> None:
    standing = StandingState()
    numerics = [Numeric(at=T0.plus(second), metric=SPO2, value=90.0 + second % 7) for second in range(35)]
    for numeric in numerics:
        standing.add(Outcome(message=FromDevice("oximeter", numeric), shown=numeric))
    shown = [outcome.shown for outcome in standing.outcomes(T0.plus(40)) if outcome.shown is not None]
    assert shown == [numerics[0], numerics[10], numerics[20], numerics[30], numerics[34]]


def test_nothing_kept_gives_nothing() -> None:
    assert list(KeptTrend().numerics()) == []
