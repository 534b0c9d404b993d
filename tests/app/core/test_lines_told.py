"""A line's state is never lost on the way to a display, although it comes together with a dose that newer doses replace."""

from __future__ import annotations

from app.core.merge import Backlog
from app.core.standing import MOST_GAPS, StandingState
from clinical.instant import NS_PER_S, Instant
from clinical.messages import DoseReport, FromDevice, Gap, Outcome, Tick
from clinical.metrics import SPO2
from clinical.observations import LinkState, LinkStatus, Numeric, PumpState, PumpStatus

ZERO = Instant(1000 * NS_PER_S, 1_795_350_322 * NS_PER_S)


def line(at: Instant, state: LinkState) -> Outcome:
    return Outcome(message=FromDevice("pump", LinkStatus(at=at, state=state)), dose=DoseReport(at=at))


def report(at: Instant) -> Outcome:
    return Outcome(message=FromDevice("pump", PumpStatus(at=at, channel="1", state=PumpState.INFUSING)), dose=DoseReport(at=at))


def states(outcomes: tuple[Outcome, ...]) -> list[LinkState]:
    messages = (outcome.message for outcome in outcomes)
    return [m.observation.state for m in messages if isinstance(m, FromDevice) and isinstance(m.observation, LinkStatus)]


def test_backlog_keeps_each_change_of_a_line_and_of_doses_the_newest() -> None:
    backlog = Backlog()
    for outcome in (
        line(ZERO, LinkState.CONNECTING),
        report(ZERO.plus(1)),
        line(ZERO.plus(2), LinkState.LIVE),
        report(ZERO.plus(3)),
        report(ZERO.plus(4)),
    ):
        backlog.add(outcome)
    taken = backlog.take()
    assert states(taken) == [LinkState.CONNECTING, LinkState.LIVE]
    assert [outcome.message.at for outcome in taken][-1] == ZERO.plus(4)
    assert len(taken) == 3


def test_display_that_comes_late_is_told_the_state_of_each_line() -> None:
    standing = StandingState()
    for outcome in (line(ZERO, LinkState.CONNECTING), line(ZERO.plus(1), LinkState.LIVE), report(ZERO.plus(2)), report(ZERO.plus(3))):
        standing.add(outcome)
    assert states(standing.outcomes(ZERO.plus(4))) == [LinkState.LIVE]


def test_display_that_comes_late_knows_the_device_of_each_number() -> None:
    standing = StandingState()
    numeric = Numeric(at=ZERO, metric=SPO2, value=97.0)
    standing.add(Outcome(message=FromDevice("oximeter", numeric), shown=numeric))
    told = [outcome.message for outcome in standing.outcomes(ZERO.plus(1)) if outcome.shown is numeric]
    assert told == [FromDevice("oximeter", numeric)]


def test_newest_gaps_are_kept_of_a_line_that_fails_again_and_again() -> None:
    standing = StandingState()
    for second in range(MOST_GAPS + 5):
        gap = Gap(device="pump", what="line", reason="link lost", since=ZERO.plus(second), until=ZERO.plus(second + 0.5))
        standing.add(Outcome(message=Tick(gap.since), gaps=(gap,)))
    kept = [gap for outcome in standing.outcomes(ZERO.plus(10)) for gap in outcome.gaps]
    assert [kept[0].since, len(kept)] == [ZERO.plus(5), MOST_GAPS]
