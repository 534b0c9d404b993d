"""What one run of the core is to do, decided before it starts. Holds no resource and starts nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

from clinical.commands import CaseSetup, EarlierRate
from devices.transports.ports import UsbIdentity


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicePlan:
    """A device to be read: its name in this case ("monitor"), the driver ("nonin:df8"), and where its line is.

    ``adapter``: the USB adapter that was chosen with the address, so that another one which later has that name is not taken for it.
    """

    name: str
    driver: str
    address: str
    adapter: UsbIdentity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Demonstration:
    """A simulated patient; the plan's devices are then simulated at the end of a virtual line each.

    Attributes:
        day: of a course; each has its own seed, counted on from ``seed``.
        course_before_mg: given on the days before.
        earlier_rates: what ran on them.
    """

    scenario: str
    seed: int = 1
    hours: float | None = None
    day: int = 1
    course_before_mg: float = 0.0
    earlier_rates: tuple[EarlierRate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CorePlan:
    """One run of the core.

    Attributes:
        database: SQLAlchemy URL.
        setup: the case to start at once; None: wait for StartCase, or resume.
        demonstration, recording: where observations come from, if not from real lines.
        recording_driver: whose bytes a raw recording of a line holds, if it does not say so itself.
        speed: seconds of case for each second of the room; 1 unless simulated or recorded.
        resume: take up an unfinished case of the database instead of starting one.
        case: uuid of the case to take up; empty: the latest unfinished one.
        address, secret: where the display and the core meet.
        server: URL of the clinic's server, which is sent what ``database`` holds; empty: there is none.
    """

    database: str
    devices: tuple[DevicePlan, ...] = ()
    setup: CaseSetup | None = None
    demonstration: Demonstration | None = None
    recording: str | None = None
    recording_driver: str = ""
    speed: float = 1.0
    resume: bool = False
    case: str = ""
    address: str = ""
    secret: bytes = field(default=b"", repr=False)
    server: str = field(default="", repr=False)
