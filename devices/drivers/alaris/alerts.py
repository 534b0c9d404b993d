"""Alarms of Alaris/Asena pumps, a row for each code. Keeps no state, knows no bytes and no dialogue.

No document of the maker on these codes was to be had. The codes are those that independent implementations spell; WHAT THEY
MEAN IS INFERRED from their names, so the code always stands beside the words. THE PRIORITIES ARE PROPOSALS, to be confirmed
by your clinicians. ``AlarisProtocol(priorities=…)`` replaces any of them by code.
"""

from __future__ import annotations

from collections.abc import Mapping

from clinical.observations import Priority
from devices.alert_book import AlertRow, Source

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW

INFERRED = "inferred from the code's name"
_MEANT = {
    "AL_OCCLU": ("occlusion", HIGH),
    "AL_NEOIN": ("near end of infusion", LOW),
    "AL_EOIST": ("end of infusion, stopped", HIGH),
    "AL_EOIKV": ("end of infusion, KVO", MEDIUM),
    "AL_VTBIC": ("volume to be infused is complete, continues", LOW),
    "AL_VTBIK": ("volume to be infused is complete, KVO", MEDIUM),
    "AL_VTBIS": ("volume to be infused is complete, stopped", MEDIUM),
    "AL_LBTAC": ("battery low", MEDIUM),
    "AL_LWBAT": ("battery low", MEDIUM),
    "AL_EMBAT": ("battery empty", HIGH),
    "AL_ACDIS": ("mains disconnected", LOW),
    "AL_DRDIS": ("drive disengaged", HIGH),
    "AL_SYRCO": ("check syringe", HIGH),
    "AL_COMTO": ("communication time-out", HIGH),
    "AL_CALLB": ("call-back: not infusing", MEDIUM),
    "AL_RHIGH": ("rate high", MEDIUM),
    "AL_FAULT": ("fault of the pump", HIGH),
}
_UNEXPLAINED = ("AL_LDSCN", "AL_PRDSC", "AL_TCITG", "AL_TITCA", "AL_TITNC")
NONE = "AL_NOALM"
"""The code of an ALARM reply when there is none."""

ROWS = {
    **{
        code: AlertRow(code=code, text=f"{text} ({code}, meaning inferred)", priority=priority, source=INFERRED)
        for code, (text, priority) in _MEANT.items()
    },
    **{
        code: AlertRow(code=code, text=f"pump alarm {code}, meaning not known", priority=MEDIUM, source=Source.NOWHERE)
        for code in _UNEXPLAINED
    },
}
ALARM_FLAG = AlertRow(code="INF:A", text="pump alarm; the pump does not say which", priority=HIGH, source=Source.OURS)
REFUSES = AlertRow(
    code="INF:REFUSED",
    text="the pump refuses monitoring without remote control, which is never switched on: read it at its own screen",
    priority=MEDIUM,
    source=Source.OURS,
)
PROPOSED_PRIORITIES: Mapping[str, Priority] = {row.code: row.priority for row in (*ROWS.values(), ALARM_FLAG, REFUSES)}


def alert_row(code: str) -> AlertRow | None:
    """The row of a code as the pump sent it; None for "no alarm". "AL DRDIS" is met beside "AL_DRDIS"."""
    name = code.strip().replace(" ", "_")
    if name in {NONE, ""}:
        return None
    unknown = AlertRow(code=name, text=f"pump alarm: unknown code {name}", priority=MEDIUM, source=Source.NOWHERE)
    return ROWS.get(name, unknown)


def mode_row(mode: str) -> AlertRow:
    """A mode of infusion that nobody documents, shown as the pump sent it."""
    return AlertRow(code=f"MODE:{mode}", text=f"infusion mode {mode}: not documented", priority=LOW, source=Source.NOWHERE)
