"""What several widgets need to know of the case together: the set-up, what stands, what was recorded. Told by the feed alone."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from clinical.alarm_model import SILENCE, Alarm, AudioState, Presence
from clinical.assessments.chart import Chart, Entry
from clinical.assessments.schedule import next_round
from clinical.commands import CaseSetup
from clinical.instant import Instant
from clinical.messages import DoseReport
from clinical.metrics import Metric

UNSEEN = (Presence.ON, Presence.LATCHED)


class WatchState(QObject):
    """The last word on each of these; all None or empty between cases.

    Signals:
        chart_changed: something was charted, or another case began; once for all that a turn of the event loop brought.
    """

    chart_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setup: CaseSetup | None = None
        self.started_at: Instant | None = None
        self.alarms: tuple[Alarm, ...] = ()
        self.audio: AudioState = SILENCE
        self.dose: DoseReport | None = None
        self.chart = Chart()
        self._last_round: Instant | None = None
        self._steps: list[Instant] = []
        self._charted = QTimer(self, interval=0, singleShot=True)
        self._charted.timeout.connect(self.chart_changed)

    def take_case(self, setup: CaseSetup | None) -> None:
        self.setup = setup
        self._last_round = self.dose = None
        self._steps.clear()

    def take_beginning(self, at: Instant) -> None:
        self.started_at = at
        self.chart = Chart(at)
        self.chart_changed.emit()

    def take_alarms(self, alarms: tuple[Alarm, ...], _at: Instant) -> None:
        self.alarms = alarms

    def take_audio(self, audio: AudioState) -> None:
        self.audio = audio

    def take_dose(self, dose: DoseReport) -> None:
        before = self.dose.rate_mg_per_h if self.dose is not None else None
        if dose.rate_mg_per_h and dose.rate_mg_per_h != before:
            self._steps.append(dose.at)
        self.dose = dose

    def take_entry(self, at: Instant, entry: Entry) -> None:
        """Something was charted."""
        self.chart.take(at, entry)
        self._last_round = max((one.event_at for one in self.chart.assessments()), default=None)
        self._charted.start()

    def round_due(self) -> tuple[Instant, str] | None:
        """When the next round is due and why; None before the infusion has begun."""
        if self.dose is None or self.dose.started_at is None:
            return None
        order = self.setup.order if self.setup is not None else None
        rounds = () if order is None else order.rounds
        return next_round(self.dose.started_at, self._last_round, self._steps, rounds)

    @property
    def unacknowledged(self) -> int:
        """How many conditions stand that nobody has acknowledged."""
        return sum(alarm.presence in UNSEEN for alarm in self.alarms)

    def alarm_about(self, metrics: tuple[Metric, ...]) -> Alarm | None:
        """The highest standing alarm about any of these metrics; of equals the one about the first."""
        about = [alarm for alarm in self.alarms if alarm.metric in metrics]
        return max(about, key=lambda alarm: (alarm.priority.rank, alarm.metric is metrics[0]), default=None)

    def alarm_of_infusion(self) -> Alarm | None:
        """The highest standing alarm about the pump, its line or the order."""
        pump = self.dose.pump_device if self.dose is not None and self.dose.pump_device else "pump"
        return next((alarm for alarm in self.alarms if alarm.device == pump or alarm.condition.startswith(("pump:", "dose:"))), None)

    def fault_of(self, part: str) -> str:
        """What the core says of a part of itself that is ill ("recorder", "sound"); empty if it is well."""
        return next((alarm.title for alarm in self.alarms if alarm.condition == f"self:{part}"), "")
