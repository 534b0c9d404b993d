"""A raw recording of a device's line as a recording that can be played: its bytes go through the driver again. Opens no line."""

from __future__ import annotations

import json
from pathlib import Path

from clinical.instant import Instant
from clinical.observations import LinkStatus
from devices.driver import Driver
from devices.recordings.playback import Playback
from devices.recordings.recording import Recording, RecordingError, Told
from devices.registry import DriverError, find
from devices.transports.capture import FAMILY, CaptureError, read_chunks

HEADER_BYTES = 4096


def is_capture(path: Path) -> bool:
    """Whether a file is a raw recording made by this program. Raises OSError."""
    with path.open("rb") as file:
        return file.read(len(FAMILY)) == FAMILY


def read_capture(path: Path, driver_name: str = "") -> Recording:
    """What the driver makes of the bytes, at the moments at which they came; the driver is the one named, or the capture's own.

    Raises RecordingError for a file that cannot be read, that names no driver, or in which the driver finds nothing. A capture that
    is damaged is played up to there, and its damage is among the problems.
    """
    name = driver_name or _named_in(path)
    if not name:
        raise RecordingError(f"{path.name} holds bare bytes: say with --driver whose they are")
    try:
        driver, variant = find(name)
    except DriverError as error:
        raise RecordingError(str(error)) from error
    told, problem = _told(path, driver, variant)
    if not any(not isinstance(one.observation, LinkStatus) for one in told):
        raise RecordingError(
            f"{path.name} holds no good frame of {driver.title}{f' and {problem}' if problem else ''}: is it another device's?"
        )
    return Recording(title=path.name, tracks=(), told=tuple(told), problems=(f"{path.name} {problem}",) if problem else ())


def _named_in(path: Path) -> str:
    try:
        with path.open("rb") as file:
            magic, header = file.readline(HEADER_BYTES), file.readline(HEADER_BYTES)
    except OSError as error:
        raise RecordingError(f"{path.name} cannot be read: {error.strerror or error}") from error
    if not magic.startswith(FAMILY):
        return ""
    try:
        told = json.loads(header)
    except ValueError as error:
        raise RecordingError(f"{path.name} is damaged: its header cannot be read") from error
    return str(told.get("driver", "")) if isinstance(told, dict) else ""


def _told(path: Path, driver: Driver, variant: str) -> tuple[list[Told], str]:
    """Every observation, by the seconds from the first record; and the damage that ended it, if any."""
    playback, told = Playback(driver, variant), []
    origin: Instant | None = None
    try:
        for chunk in read_chunks(path, raw_baud=driver.serial.baud):
            origin = origin or chunk.at
            told += [Told(chunk.at.since(origin), origin, observation) for observation in playback.take(chunk)]
    except CaptureError as error:
        return told, str(error)
    except OSError as error:
        raise RecordingError(f"{path.name} cannot be read: {error.strerror or error}") from error
    return told, ""
