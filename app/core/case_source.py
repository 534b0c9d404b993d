"""Where a case's observations come from: real lines, a simulated room behind virtual lines, or a recording."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol as Interface

from app.clock import CaseClock, utc_offset_min
from app.core.links import Link, LinkThread
from app.core.player import PlayerThread
from app.core.simulation import RoomThread, SimulatedRoom
from app.plan import CorePlan, DevicePlan
from app.settings import Settings
from app.setups import DEMONSTRATION_DEVICES, demonstration_setup, replay_setup
from app.site_data import SiteData
from clinical.commands import CaseSetup, Command
from clinical.instant import Instant
from clinical.messages import Message
from devices.patient.scenarios import load
from devices.recordings.opening import open_recording
from devices.registry import find_for_case
from devices.transports.addresses import line_at
from devices.transports.line import Line
from devices.transports.ports import finder
from devices.transports.tcp import PREFIX


class Part(Interface):
    """Something of the core that runs until it is stopped."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


class Source:
    """The parts that bring observations, and the set-up of the case they belong to if the plan does not give one."""

    def __init__(self, setup: CaseSetup | None, *parts: Part) -> None:
        self.setup = setup
        self.parts = parts


class Sources:
    """Builds the source that a plan names."""

    def __init__(
        self, clock: CaseClock, site: SiteData, settings: Settings, post: Callable[[Message], None], command: Callable[[Command], None]
    ) -> None:
        self._clock = clock
        self._site = site
        self._settings = settings
        self._post = post
        self._command = command

    def of(self, plan: CorePlan, start: Instant, now: Instant) -> Source:
        """``start``: the case's, before ``now`` if it is taken up.

        Raises ScenarioError, RecordingError, DriverError or SiteDataError.
        """
        if plan.demonstration is not None:
            return self._simulated(plan, start, now)
        if plan.recording is not None:
            recording = open_recording(plan.recording, plan.recording_driver)
            setup = replay_setup(recording, self._site, self._settings, start, utc_offset_min=utc_offset_min())
            return Source(setup, PlayerThread(recording, start, now, self._clock, self._post))
        return Source(plan.setup, *(self._link(device, None) for device in plan.devices))

    def _simulated(self, plan: CorePlan, start: Instant, now: Instant) -> Source:
        if plan.demonstration is None:
            raise ValueError("a plan without a demonstration has no simulated room")
        devices = plan.devices or DEMONSTRATION_DEVICES
        room = SimulatedRoom(plan.demonstration, devices, start)
        room.pass_over(now)
        scenario = load(plan.demonstration.scenario)
        setup = demonstration_setup(plan.demonstration, scenario, self._site, self._settings, start, utc_offset_min=utc_offset_min())
        return Source(setup, RoomThread(room, self._clock, self._command, self._post), *(self._link(device, room) for device in devices))

    def _link(self, device: DevicePlan, room: SimulatedRoom | None) -> LinkThread:
        driver, variant = find_for_case(device.driver)
        find_again = finder(device.address, adapter=device.adapter) if room is None and not device.address.startswith(PREFIX) else None

        def line_to(address: str) -> Line:
            return line_at(address, driver.serial) if room is None else room.line_of(device.name)

        others = [partial(line_at, settings=settings) for settings in driver.other_settings] if room is None else []

        link = Link(
            device=device.name,
            driver=driver,
            variant=variant,
            address=device.address,
            line_at=line_to,
            post=self._post,
            find_again=find_again,
            known_before=device.adapter is not None,
            other_lines=others,
        )
        return LinkThread(link, self._clock.now, device.name)
