"""A recording that the command line names: opened, with a line for each thing that is left out of it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from app.cli.errors import CommandError

if TYPE_CHECKING:
    from devices.recordings.recording import Recording


def opened(path: str, driver: str = "") -> Recording:
    """Raises CommandError."""
    from devices.recordings.opening import open_recording  # noqa: PLC0415 (numpy and more: only when something is run)
    from devices.recordings.recording import RecordingError  # noqa: PLC0415 (as above)

    try:
        recording = open_recording(path, driver)
    except RecordingError as error:
        raise CommandError(str(error)) from error
    for problem in recording.problems:
        print(f"Left out: {problem}", file=sys.stderr)
    return recording
