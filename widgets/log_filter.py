"""Which rows of the alarm log are shown: by priority, by what they are about, by who acted. Hides rows of the list, never of the record."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal

from clinical.alarm_model import AlarmTransition
from clinical.observations import Priority
from widgets.boxes import Panel, Row
from widgets.touch_key import TouchKey

ALL = "all"


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What is asked for; None: any."""

    priority: Priority | None = None
    about: str | None = None
    by: str | None = None

    def takes(self, step: AlarmTransition) -> bool:
        fits_priority = self.priority is None or step.alarm.priority is self.priority
        return fits_priority and self.about in {None, about(step)} and self.by in {None, step.by}


def about(step: AlarmTransition) -> str:
    """What a row is about: the metric's label, or the device, or the program itself."""
    alarm = step.alarm
    return alarm.metric.label if alarm.metric is not None else alarm.device or "program"


class LogFilterKeys(Panel):
    """Three keys; each press goes on to the next choice there is, and round to all.

    Signals:
        changed: the filter that is asked for now.
    """

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__(fill="")
        self._choices: dict[str, list[object]] = {"priority": [None, *Priority], "about": [None], "by": [None]}
        self._chosen: dict[str, object] = dict.fromkeys(self._choices)
        self.keys: dict[str, TouchKey] = {}
        row = Row(gap=6)
        for name, title in (("priority", "Priority"), ("about", "About"), ("by", "Who")):
            key = TouchKey(title, note=ALL, size="row", target=(120, 72))
            key.clicked.connect(lambda _=False, name=name: self._next(name))
            self.keys[name] = key
            row.addWidget(key)
        self.setLayout(row)

    def begin(self) -> None:
        """A case begins: everything is shown."""
        self._choices |= {"about": [None], "by": [None]}
        self._chosen = dict.fromkeys(self._choices)
        self._tell()

    def offer(self, step: AlarmTransition) -> None:
        """A row that may be asked for from now on."""
        for name, value in (("about", about(step)), ("by", step.by)):
            if value and value not in self._choices[name]:
                self._choices[name].append(value)

    @property
    def filter(self) -> LogFilter:
        return LogFilter(**self._chosen)  # type: ignore[arg-type]

    def _next(self, name: str) -> None:
        choices = self._choices[name]
        self._chosen[name] = choices[(choices.index(self._chosen[name]) + 1) % len(choices)]
        self._tell()

    def _tell(self) -> None:
        for name, key in self.keys.items():
            value = self._chosen[name]
            key.set_note(ALL if value is None else value.value if isinstance(value, Priority) else str(value))
            key.set_surface(*(("key", "key_edge") if value is None else ("chosen", "chosen")))
        self.changed.emit(self.filter)
