"""``bedside decode``: a recorded line → JSON Lines, one observation a line. Reads files; opens no line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from app.cli.errors import NOTHING_FOUND, CommandError
from app.cli.jsonl import as_json_line
from clinical.observations import Observation
from devices.recordings.playback import Playback
from devices.registry import DriverError, find
from devices.transports.capture import CaptureError, read_chunks

EPILOG = """FILE is what `bedside listen --capture` wrote, or the bare bytes as the device sent them.
Bare bytes have no times: the first is taken to begin at 1970-01-01T00:00:00Z, and the rest to follow without a pause
at the device's baud rate (bytes x 10 / baud seconds). The last line is the state of the line, with the count of damaged frames.

exit status: 0 decoded; 1 no good frame in it; 2 it could not be read, or not to its end"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EPILOG
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("driver", metavar="DRIVER", help="dri, nonin, nonin:df8 ...; `bedside devices` lists them")
    parser.add_argument("file", metavar="FILE", type=Path, help="the recording")


def run(args: argparse.Namespace) -> int:
    """Raises CommandError for a driver or file that is not there, a damaged recording, and one without a good frame."""
    try:
        driver, variant = find(args.driver)
    except DriverError as error:
        raise CommandError(str(error)) from error
    playback = Playback(driver, variant)
    damage = _play(playback, args.file, driver.serial.baud)
    _print([playback.summary()])
    if damage:
        raise CommandError(f"{args.file} {damage}; what came before is decoded")
    if not playback.bytes_heard:
        raise CommandError(f"{args.file} holds no bytes from a device")
    if not playback.good:
        raise CommandError(f"{args.file} holds no good frame of {driver.title}: is it another device's?", NOTHING_FOUND)
    return 0


def _play(playback: Playback, file: Path, baud: int) -> str:
    """Prints all there is; gives the damage that ended it, if any."""
    try:
        for chunk in read_chunks(file, raw_baud=baud):
            _print(playback.take(chunk))
    except CaptureError as error:
        return str(error)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror or error}") from error
    return ""


def _print(observations: Iterable[Observation]) -> None:
    sys.stdout.writelines(as_json_line(observation) + "\n" for observation in observations)
