"""The simulated room: one patient, and at the end of each virtual line a simulated device that speaks its real protocol.

The ordinary drivers listen at the other ends and cannot tell. Knows nothing of links, alarms or screens.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.plan import Demonstration, DevicePlan
from clinical.commands import Command, EventKind, RecordAssessment, RecordEvent
from clinical.instant import Instant
from devices.driver import Simulator
from devices.patient.bedside import Bedside, NurseEntry
from devices.patient.scenarios import ASSESSMENT, load
from devices.registry import find_for_case
from devices.transports.line import Line
from devices.transports.virtual import VirtualCable

NURSE = "simulated nurse"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Device:
    name: str
    cable: VirtualCable
    simulator: Simulator


class SimulatedRoom:
    """Everything at a simulated bedside. ``advance`` is for one thread."""

    def __init__(self, demonstration: Demonstration, devices: tuple[DevicePlan, ...], start: Instant) -> None:
        """Raises ScenarioError for an unknown or broken scenario, DriverError for an unknown driver."""
        self.bedside = Bedside(load(demonstration.scenario), demonstration.seed, start)
        self._devices = tuple(self._device(plan) for plan in devices)

    def _device(self, plan: DevicePlan) -> _Device:
        driver, variant = find_for_case(plan.driver)
        return _Device(name=plan.name, cable=VirtualCable(plan.address), simulator=driver.simulator(self.bedside, variant))

    def line_of(self, name: str) -> Line:
        """The host's end of a device's line."""
        return next(device.cable.host for device in self._devices if device.name == name)

    @property
    def due(self) -> Instant | None:
        """When a device will next have something to say by itself."""
        return min((due for device in self._devices if (due := device.simulator.due) is not None), default=None)

    def pass_over(self, now: Instant) -> None:
        """Lives up to ``now`` with nobody listening: what the nurse entered until then is in the record, or was missed."""
        self.bedside.advance(now)
        self.bedside.nurse_entries_until(now)

    def advance(self, now: Instant) -> None:
        """Moves the patient to ``now`` and lets every device say what it has to say by then."""
        self.bedside.advance(now)
        for device in self._devices:
            self._plug(device, unplugged=device.name in self.bedside.lines_unplugged)
            if asked := device.cable.device.read(0):
                device.simulator.receive(asked, now)
            if said := device.simulator.outgoing(now):
                device.cable.device.write(said)

    @staticmethod
    def _plug(device: _Device, *, unplugged: bool) -> None:
        if unplugged and device.cable.plugged:
            device.cable.unplug()
        elif not unplugged and not device.cable.plugged:
            device.cable.plug()

    def entries_until(self, now: Instant) -> list[Command]:
        """What the scenario's nurse entered since last asked."""
        return [_command(entry) for entry in self.bedside.nurse_entries_until(now)]


def _command(entry: NurseEntry) -> Command:
    if entry.kind == ASSESSMENT:
        return RecordAssessment(event_at=entry.at, scores=entry.scores, note=entry.text, by=NURSE)
    return RecordEvent(kind=EventKind(entry.kind), event_at=entry.at, text=entry.text, by=NURSE)
