"""A bed's state as JSON and back. Moments stand as seconds from the state's own, so no two computers' clocks are ever compared."""

from __future__ import annotations

import json
from typing import Any

from clinical.alarm_model import Alarm, Kind, Presence
from clinical.bed import BedState, LineTold
from clinical.instant import Instant
from clinical.metrics import CATALOGUE
from clinical.observations import LinkState, Numeric, Priority, PumpState, Validity

_PLAIN = (
    "bed",
    "case",
    "label",
    "simulated",
    "recording",
    "utc_offset_min",
    "more_alarms",
    "generation",
    "rate_mg_per_h",
    "stale",
    "step_number",
    "step_count",
    "round_why",
    "left",
)


class BedJsonError(ValueError):
    """The text is no state of a bed, or one of a newer program."""


def bed_json(state: BedState) -> str:
    """One line, without NaN and infinity."""
    at = state.at
    told: dict[str, Any] = {name: getattr(state, name) for name in _PLAIN}
    told |= {"pump": state.pump and state.pump.value, "sounding": state.sounding and state.sounding.value}
    told |= {"paused_until": _since(state.paused_until, at), "round_due": _since(state.round_due, at)}
    told["numerics"] = [_numeric(numeric, at) for numeric in state.numerics]
    told["alarms"] = [_alarm(alarm, at) for alarm in state.alarms]
    told["lines"] = [(line.device, line.state.value, _since(line.heard, at)) for line in state.lines]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def bed_from_json(text: str, at: Instant) -> BedState:
    """The state as if it were said at ``at``, on another clock. Raises BedJsonError."""
    try:
        told = json.loads(text)
        return BedState(
            at=at,
            **{name: told[name] for name in _PLAIN},
            pump=None if told["pump"] is None else PumpState(told["pump"]),
            sounding=None if told["sounding"] is None else Priority(told["sounding"]),
            paused_until=_moment(told["paused_until"], at),
            round_due=_moment(told["round_due"], at),
            numerics=tuple(_numeric_from(one, at) for one in told["numerics"]),
            alarms=tuple(_alarm_from(one, at) for one in told["alarms"]),
            lines=tuple(LineTold(device=name, state=LinkState(state), heard=at.plus(since)) for name, state, since in told["lines"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise BedJsonError(f"the state of a bed cannot be read ({type(error).__name__}: {error})") from error


def _since(moment: Instant | None, at: Instant) -> float | None:
    return None if moment is None else round(moment.since(at), 3)


def _moment(seconds: float | None, at: Instant) -> Instant | None:
    return None if seconds is None else at.plus(seconds)


def _numeric(numeric: Numeric, at: Instant) -> dict[str, Any]:
    value = None if numeric.value is None or numeric.value != numeric.value else numeric.value
    return {
        "metric": numeric.metric.id,
        "at": _since(numeric.at, at),
        "value": value,
        "validity": numeric.validity.value,
        "interval_s": numeric.interval_s,
        "measured": _since(numeric.measured_at, at),
        "reason": numeric.reason,
    }


def _numeric_from(told: dict[str, Any], at: Instant) -> Numeric:
    return Numeric(
        at=at.plus(told["at"]),
        metric=CATALOGUE[told["metric"]],
        value=told["value"],
        validity=Validity(told["validity"]),
        interval_s=told["interval_s"],
        measured_at=_moment(told["measured"], at),
        reason=told["reason"],
    )


def _alarm(alarm: Alarm, at: Instant) -> dict[str, Any]:
    return {
        "condition": alarm.condition,
        "kind": alarm.kind.value,
        "priority": alarm.priority.value,
        "presence": alarm.presence.value,
        "title": alarm.title,
        "detail": alarm.detail,
        "since": _since(alarm.since, at),
        "metric": alarm.metric and alarm.metric.id,
        "device": alarm.device,
    }


def _alarm_from(told: dict[str, Any], at: Instant) -> Alarm:
    return Alarm(
        condition=told["condition"],
        kind=Kind(told["kind"]),
        priority=Priority(told["priority"]),
        presence=Presence(told["presence"]),
        title=told["title"],
        detail=told["detail"],
        since=at.plus(told["since"]),
        metric=None if told["metric"] is None else CATALOGUE[told["metric"]],
        device=told["device"],
    )
