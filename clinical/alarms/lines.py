"""Lines and devices that speak of themselves: links that are lost, alarms that a device raises. Judges no number."""

from __future__ import annotations

from types import MappingProxyType

from clinical.alarms.board import Board
from clinical.alarms.conditions import (
    DEVICE_ALARM,
    DEVICE_MESSAGE,
    MONITOR_LINE_GARBLED,
    MONITOR_LINE_LOST,
    MONITOR_LINE_SILENT,
    PUMP_LINE_GARBLED,
    PUMP_LINE_LOST,
    PUMP_LINE_SILENT,
)
from clinical.alarms.finding import Condition, Finding
from clinical.alarms.self_conditions import SELF_REPORTS
from clinical.instant import Instant
from clinical.messages import SelfReport
from clinical.observations import DeviceAlert, LinkState, LinkStatus, Priority

LINE_ROWS = MappingProxyType(
    {
        LinkState.LOST: (MONITOR_LINE_LOST, PUMP_LINE_LOST),
        LinkState.SILENT: (MONITOR_LINE_SILENT, PUMP_LINE_SILENT),
        LinkState.GARBLED: (MONITOR_LINE_GARBLED, PUMP_LINE_GARBLED),
    }
)
"""State of a line → the row for a monitor's and for a pump's."""

ENDS_WITH = (LinkState.LIVE, LinkState.CLOSED)
"""Only these end a line's condition. CONNECTING is a try, not a success."""


LIFE_THREATENING = ("asystole", "apnea", "apnoea", "no pulse", "no breath", "cardiac arrest", "ventricular fibrillation", "v-fib", "vfib")
"""An alarm of a device about its patient that holds one of these words is high, whatever the device itself calls it. A proposal."""


def priority_of(alert: DeviceAlert) -> Priority:
    """The priority under which a patient's alarm of a device is told."""
    words = f"{alert.code} {alert.text}".casefold()
    return Priority.HIGH if any(word in words for word in LIFE_THREATENING) else alert.priority


class LineWatch:
    """Links of all devices, and the alerts that each device has standing."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._pumps: set[str] = set()
        self._alerts: dict[tuple[str, str, str], DeviceAlert] = {}
        self._states: dict[str, LinkState] = {}
        self._down_since: dict[str, Instant] = {}
        self._in_case = False

    def is_pump(self, device: str) -> None:
        """A device has spoken as a pump."""
        self._pumps.add(device)

    def down(self, device: str) -> bool:
        """Whether this device's line is lost, silent or garbled."""
        return self._states.get(device) in LINE_ROWS

    def link(self, device: str, status: LinkStatus) -> None:
        """A line changed. A state that is neither good nor told (a new try) leaves what stands."""
        if status.state in LINE_ROWS:
            self._down_since.setdefault(device, status.at)
            self._release(status.at, device, keep=status.state)
            self._board.hold(status.at, Finding(row=self._row(device, status.state), device=device, text=status.detail))
        elif status.state in ENDS_WITH:
            self._release(status.at, device, keep=None)
            down_since = self._down_since.pop(device, None)
            if status.state is LinkState.LIVE and down_since is not None:
                self._doubt_alerts(status.at, device, down_since)
        else:
            return
        self._states[device] = status.state

    def alert(self, device: str, alert: DeviceAlert) -> None:
        """A device's own alarm appeared, went, or was told again."""
        key = (device, alert.channel, alert.code)
        if alert.active:
            self._alerts[key] = alert
            self._mirror(alert.at, device, alert)
        elif self._alerts.pop(key, None) is not None:
            self._board.release(alert.at, self._finding(device, alert).id)

    def alerting(self, device: str, channel: str) -> bool:
        """Whether this channel of this device has an alarm of its own standing."""
        return any(name == device and of in {channel, ""} for name, of, _ in self._alerts)

    def self_report(self, report: SelfReport) -> None:
        """The program on itself. A part that has no row is told as a fault, under its own id."""
        found = Finding(row=SELF_REPORTS.get(report.part, SELF_REPORTS["fault"]), code=report.part, text=report.text)
        if report.ok:
            self._board.release(report.at, found.id)
        else:
            self._board.hold(report.at, found)

    def start(self, at: Instant) -> None:
        """A case begins: alarms that devices have standing count from here."""
        self._in_case = True
        for (device, _, _), alert in self._alerts.items():
            self._mirror(at, device, alert)

    def stop(self) -> None:
        self._in_case = False

    def _mirror(self, at: Instant, device: str, alert: DeviceAlert) -> None:
        if self._in_case:
            self._board.hold(at, self._finding(device, alert))

    def _finding(self, device: str, alert: DeviceAlert) -> Finding:
        technical = alert.technical or device in self._pumps
        return Finding(
            row=DEVICE_MESSAGE if technical else DEVICE_ALARM,
            device=device,
            channel=alert.channel,
            code=alert.code,
            text=alert.text,
            priority=alert.priority if technical else priority_of(alert),
        )

    def _row(self, device: str, state: LinkState) -> Condition:
        monitor, pump = LINE_ROWS[state]
        return pump if device in self._pumps or device.startswith("pump") else monitor

    def _release(self, at: Instant, device: str, keep: LinkState | None) -> None:
        for state in LINE_ROWS:
            if state is not keep:
                self._board.release(at, Finding(row=self._row(device, state), device=device).id)

    def _doubt_alerts(self, at: Instant, device: str, down_since: Instant) -> None:
        """The line is back. Alerts from before may be over: they stay until told again, or until someone has looked."""
        for key, alert in list(self._alerts.items()):
            if key[0] == device and alert.at <= down_since:
                del self._alerts[key]
                self._board.release(at, self._finding(device, alert).id, latching=True)
