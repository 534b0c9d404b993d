"""What a bed's tile says at a moment: its words and numbers, without a place or a colour. Pure; no Qt."""

from __future__ import annotations

from dataclasses import dataclass

from clinical import metrics
from clinical.alarm_model import Alarm
from clinical.bed import BedState
from clinical.instant import Instant
from clinical.metrics import Metric
from clinical.observations import LinkState, PumpState
from clinical.station import BedHeard
from widgets.durations import age, local
from widgets.figures import written
from widgets.flash import fill_is_on
from widgets.reading import NO_NUMBER, read

ROWS: tuple[tuple[str, tuple[Metric, ...]], ...] = (
    ("HR", (metrics.HEART_RATE, metrics.PULSE_RATE)),
    ("SpO₂", (metrics.SPO2,)),
    ("NIBP", (metrics.NIBP_SYS,)),
    ("RR", (metrics.RESP_RATE, metrics.CO2_RESP_RATE, metrics.IMPEDANCE_RESP_RATE)),
    ("EtCO₂", (metrics.ETCO2,)),
)
"""Columns of a tile, from the left; of several metrics the first that is live."""
OVER_PRESSURE = (metrics.NIBP_SYS, metrics.NIBP_DIA, metrics.NIBP_MEAN)


@dataclass(frozen=True, slots=True)
class NumberFace:
    """One number: ``text`` is ``---`` where it may not be shown; ``alarm`` is about it, ``lit`` while its fill is on."""

    label: str
    metric: Metric
    text: str
    alarm: Alarm | None = None
    lit: bool = False


@dataclass(frozen=True, slots=True)
class BedFace:
    """All of a tile.

    Attributes:
        state: "watched", "silent", "left" or "free".
        said, lasting: beside the bed's name at the right: the first alarm and for how long, or that there is none.
        dose, step: of the infusion; ``runs``: the pump infuses.
        round: when the next round is due; ``round_is_due``: it is.
        lines: how long ago each device was heard.
        last_word: of a bed that is silent or was left.
    """

    bed: str
    label: str
    state: str
    simulated: bool
    alarm: Alarm | None = None
    lit: bool = False
    said: str = "no alarm"
    lasting: str = ""
    more: int = 0
    numbers: tuple[NumberFace, ...] = ()
    runs: bool = False
    dose: str = ""
    step: str = ""
    round: str = ""
    round_is_due: bool = False
    lines: str = ""
    last_word: tuple[str, ...] = ()


def bed_face(heard: BedHeard, now: Instant, *, steady: bool) -> BedFace:
    """The tile now; ``steady``: the sound here is paused, nothing blinks."""
    state = heard.state
    if not state.case:
        return BedFace(state.bed, "", "free", simulated=False, said="")
    simulated = state.simulated or state.recording
    if state.left:
        words = (f"watch ended {_clock(state.at, state)}", "the case is open and can be resumed at the bed")
        return BedFace(state.bed, state.label, "left", simulated, said="not watched", last_word=words)
    alarms = heard.alarms(now)
    first = alarms[0] if alarms else None
    lit = fill_is_on(first, now, steady=steady)
    if heard.is_silent(now) and first is not None:
        blank = tuple(NumberFace(label, row[0], NO_NUMBER) for label, row in ROWS)
        return BedFace(
            state.bed,
            state.label,
            "silent",
            simulated,
            first,
            lit,
            "no word for",
            age(heard.silent_s(now)),
            0,
            blank,
            last_word=_last_word(state, first),
        )
    return BedFace(
        state.bed,
        state.label,
        "watched",
        simulated,
        first,
        lit,
        "no alarm" if first is None else first.title,
        "" if first is None else age(now.since(first.since)),
        max(0, len(alarms) - 1 + state.more_alarms),
        tuple(_number(label, row, state, now, steady=steady) for label, row in ROWS),
        state.pump in {PumpState.INFUSING, PumpState.BOLUS, PumpState.KVO} and not state.stale,
        *_infusion(state),
        *_round(state, now),
        _lines(state, now),
    )


def _number(label: str, row: tuple[Metric, ...], state: BedState, now: Instant, *, steady: bool) -> NumberFace:
    known = {numeric.metric: numeric for numeric in state.numerics}
    metric = next((one for one in row if read(known.get(one), now).live), row[0])
    about = OVER_PRESSURE if metric is metrics.NIBP_SYS else row
    alarm = next((one for one in state.alarms if one.metric in about), None)
    text = read(known.get(metric), now).text
    if metric is metrics.NIBP_SYS and text != NO_NUMBER:
        text = f"{text}/{read(known.get(metrics.NIBP_DIA), now).text}"
    return NumberFace(label, metric, text, alarm, fill_is_on(alarm, now, steady=steady))


def _infusion(state: BedState) -> tuple[str, str]:
    """The rate and the step."""
    if state.pump is None:
        return "", "no infusion yet"
    if state.stale:
        return NO_NUMBER, "pump not heard"
    step = f"step {state.step_number} of {state.step_count}" if state.step_number and state.step_count else ""
    runs = state.pump in {PumpState.INFUSING, PumpState.BOLUS, PumpState.KVO}
    return written(state.rate_mg_per_h, 2), step if runs else "  ".join(filter(None, (state.pump.value, step)))


def _round(state: BedState, now: Instant) -> tuple[str, bool]:
    if state.round_due is None:
        return "", False
    left_s = state.round_due.since(now)
    if left_s > 0:
        return f"round in {max(1, round(left_s / 60))} min", False
    return ("round due now" if left_s > -60 else f"round due {int(-left_s // 60)} min ago"), True


def _lines(state: BedState, now: Instant) -> str:
    """``monitor 2 s ago    pump lost``; of a line that is not live its state."""
    told = (
        f"{line.device} {f'{age(now.since(line.heard))} ago' if line.state is LinkState.LIVE else line.state.value}" for line in state.lines
    )
    return "    ".join(told)


def _last_word(state: BedState, silence: Alarm) -> tuple[str, ...]:
    dose, step = _infusion(state)
    told = "  ".join(filter(None, (state.pump.value if state.pump else "", f"{dose} mg/h" if dose else "", step)))
    return f"last word {_clock(state.at, state)}: {told}", silence.detail


def _clock(moment: Instant, state: BedState) -> str:
    return local(moment, state.utc_offset_min).strftime("%H:%M:%S")
