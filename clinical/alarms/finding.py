"""What a row of the table of conditions is, and what was seen of one. The rows themselves are in conditions.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from clinical.alarm_model import Kind
from clinical.metrics import Metric
from clinical.observations import Priority


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was seen of a condition at one moment: enough to name it and to tell it.

    Attributes:
        row: the kind of condition.
        device, channel, metric, code: what it is about; they name the condition.
        value, limit: what crossed what.
        text: the device's, the link's or the program's own words.
        note: what else there is to know, for the detail.
        priority, delay_s: where they come with the finding (a limit's, a device's); None: the row's.
        returns: how often this same alarm has come back.
        heard_at_once: its appearance is to sound at once and ends a pause; a mere return keeps the rhythm of the sound.
    """

    row: Condition
    device: str = ""
    channel: str = ""
    metric: Metric | None = None
    code: str = ""
    value: float | None = None
    limit: float | None = None
    text: str = ""
    note: str = ""
    priority: Priority | None = None
    delay_s: float | None = None
    returns: int = 0
    heard_at_once: bool = True

    @property
    def id(self) -> str:
        """The stable name of the condition."""
        metric = "" if self.metric is None else self.metric.id
        parts = self.row.id.format(device=self.device, channel=self.channel, metric=metric, code=self.code)
        return parts.rstrip(":").replace("::", ":")

    @property
    def label(self) -> str:
        return "" if self.metric is None else self.metric.label


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Condition:
    """A row; compared by identity.

    Attributes:
        name: by which presets speak of it.
        id: pattern of the stable id; empty parts fall out.
        delay_s: how long it must last before it appears.
        title, detail: its words.
        latching: stays after its cause has gone, until it is acknowledged.
        outside_case: told (never sounded) when no case runs, too.
        sounds_once: heard when it appears and not again; it stays in sight.
    """

    name: str
    id: str
    kind: Kind
    priority: Priority
    title: Callable[[Finding], str]
    detail: Callable[[Finding], str]
    delay_s: float = 0.0
    latching: bool = False
    outside_case: bool = False
    sounds_once: bool = False
