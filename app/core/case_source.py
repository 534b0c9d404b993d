"""Where a case's observations come from: real lines, a simulated room behind virtual lines, or a recording."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol as Interface

from app.clock import CaseClock, utc_offset_min
from app.core.links import Link, LinkThread
from app.core.lockstep import Lockstep
from app.core.player import PlayerThread
from app.core.room_thread import RoomThread
from app.core.simulation import SimulatedRoom
from app.core.ticks import TickThread
from app.plan import CorePlan, DevicePlan
from app.settings import Settings
from app.setups import DEMONSTRATION_DEVICES, demonstration_setup, replay_setup
from app.site_data import SiteData
from clinical.commands import CaseSetup
from clinical.instant import Instant
from clinical.messages import Message
from devices.patient.scenarios import load
from devices.recordings.opening import open_recording
from devices.registry import find_for_case
from devices.transports.addresses import is_serial, line_at
from devices.transports.line import Line
from devices.transports.ports import finder


class Part(Interface):
    """Something of the core that runs until it is stopped."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


class Source:
    """The parts that bring observations and time, and the set-up of the case they belong to if the plan does not give one."""

    def __init__(self, setup: CaseSetup | None, *parts: Part) -> None:
        self.setup = setup
        self.parts = parts


class Sources:
    """Builds the source that a plan names."""

    def __init__(self, clock: CaseClock, site: SiteData, settings: Settings, post: Callable[[Message], None]) -> None:
        self._clock = clock
        self._site = site
        self._settings = settings
        self._post = post

    def of(self, plan: CorePlan, start: Instant, now: Instant) -> Source:
        """``start``: the case's, before ``now`` if it is taken up.

        Raises ScenarioError, RecordingError, DriverError or SiteDataError.
        """
        if plan.demonstration is not None:
            return self._simulated(plan, start, now)
        if plan.recording is not None:
            recording = open_recording(plan.recording, plan.recording_driver)
            setup = replay_setup(recording, self._site, self._settings, start, utc_offset_min=utc_offset_min())
            return Source(setup, PlayerThread(recording, start, now, self._clock, self._post), TickThread(self._clock, self._post))
        return Source(plan.setup, *(self._live(device) for device in plan.devices), TickThread(self._clock, self._post))

    def _simulated(self, plan: CorePlan, start: Instant, now: Instant) -> Source:
        if plan.demonstration is None:
            raise ValueError("a plan without a demonstration has no simulated room")
        devices = plan.devices or DEMONSTRATION_DEVICES
        room = SimulatedRoom(plan.demonstration, devices, start)
        room.pass_over(now)
        scenario = load(plan.demonstration.scenario)
        setup = demonstration_setup(plan.demonstration, scenario, self._site, self._settings, start, utc_offset_min=utc_offset_min())
        links = [self._link(device, _line_in(room, device.name)) for device in devices]
        return Source(setup, RoomThread(Lockstep(room, links), self._clock, now, self._post))

    def _live(self, device: DevicePlan) -> LinkThread:
        driver, _ = find_for_case(device.driver)
        find_again = finder(device.address, adapter=device.adapter) if is_serial(device.address) else None
        link = self._link(
            device,
            lambda address: line_at(address, driver.serial),
            find_again,
            other_lines=[partial(line_at, settings=settings) for settings in driver.other_settings],
        )
        return LinkThread(link, self._clock.now, device.name)

    def _link(
        self,
        device: DevicePlan,
        line_at: Callable[[str], Line],
        find_again: Callable[[], str | None] | None = None,
        other_lines: Sequence[Callable[[str], Line]] = (),
    ) -> Link:
        driver, variant = find_for_case(device.driver)
        return Link(
            device=device.name,
            driver=driver,
            variant=variant,
            address=device.address,
            line_at=line_at,
            post=self._post,
            find_again=find_again,
            known_before=device.adapter is not None,
            other_lines=other_lines,
        )


def _line_in(room: SimulatedRoom, name: str) -> Callable[[str], Line]:
    """A simulated device has one line, whatever its address."""
    return lambda _address: room.line_of(name)
