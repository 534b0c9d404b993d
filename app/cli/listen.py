"""``bedside listen``: a device on a live port → JSON Lines. It sends only what the driver's allow-list names."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path

from app.cli.errors import NOTHING_FOUND, CommandError
from app.cli.jsonl import as_json_line
from app.cli.live import A_YEAR_S, clock, run_link, seconds_of
from app.core.links import Link
from clinical.messages import FromDevice, Message, SelfReport
from clinical.observations import LinkState, LinkStatus
from devices.driver import Driver, SerialSettings
from devices.registry import DriverError, find
from devices.transports.addresses import is_serial, line_at
from devices.transports.capture import CaptureWriter, RecordedLine
from devices.transports.line import Line, LineError
from devices.transports.ports import finder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "Ends with Ctrl-C. Exit status: 0; 1 nothing good came; 2 the port cannot be opened, or the recording is not whole."
    parser.add_argument("driver", metavar="DRIVER", help="dri, nonin, nonin:df8 ...; `bedside devices` lists them")
    parser.add_argument(
        "port", metavar="PORT", help="/dev/ttyUSB0, COM3, tcp:HOST:PORT, or tcp-listen:HOST:PORT for a device that connects to us, sdc:"
    )
    parser.add_argument("--capture", metavar="FILE", type=Path, help="also record the line's bytes to a new file")
    parser.add_argument("--seconds", metavar="N", type=seconds_of, default=A_YEAR_S, help="end after so long")


def run(args: argparse.Namespace) -> int:
    """Raises CommandError if the port cannot be opened at first; later losses are lines of output, and it is tried again."""
    try:
        driver, variant = find(args.driver)
        line_at(args.port, driver.serial)  # opens nothing; an address that can be none ends here
    except (DriverError, LineError) as error:
        raise CommandError(str(error)) from error
    recording = _Recording(args.capture, args.driver, args.port)
    printer = _Printer()
    link = _link(args.port, driver, variant, recording, printer)
    interrupted = False
    try:
        run_link(link, args.seconds, lambda: bool(printer.refused))
    except KeyboardInterrupt:
        interrupted = True
    finally:
        recording.close(keep=not printer.refused)
    if printer.refused:
        raise CommandError(printer.refused)
    if recording.trouble:
        raise CommandError(recording.trouble)
    if not (printer.good or interrupted):
        raise CommandError(f"nothing good came from {args.port}: {printer.detail or 'is it the right device?'}", NOTHING_FOUND)
    return 0


def _link(port: str, driver: Driver, variant: str, recording: _Recording, printer: _Printer) -> Link:
    return Link(
        device=driver.name,
        driver=driver,
        variant=variant,
        address=port,
        line_at=partial(recording.line_at, settings=driver.serial),
        other_lines=[partial(recording.line_at, settings=settings) for settings in driver.other_settings],
        post=printer.post,
        find_again=finder(port) if is_serial(port) else None,
    )


class _Printer:
    """Prints what a link posts.

    Attributes:
        good: whether a good frame ever came.
        refused: why the port could not be opened in the first place; empty if it could.
        detail: what was last wrong with the line.
    """

    def __init__(self) -> None:
        self.good = False
        self.refused = ""
        self.detail = ""
        self._was_up = False

    def post(self, message: Message) -> None:
        if isinstance(message, SelfReport) and not message.ok:
            print(f"bedside: {message.text}", file=sys.stderr)
        if not isinstance(message, FromDevice):
            return
        if isinstance(message.observation, LinkStatus):
            self._notice(message.observation)
        if not self.refused:
            print(as_json_line(message.observation), flush=True)

    def _notice(self, status: LinkStatus) -> None:
        self.detail = status.detail or self.detail
        self.good = self.good or status.state is LinkState.LIVE
        if status.state is LinkState.LOST and not self._was_up:
            self.refused = status.detail
        self._was_up = self._was_up or status.state in {LinkState.LIVE, LinkState.SILENT, LinkState.GARBLED}


class _Recording:
    """The capture that was asked for, or none.

    Attributes:
        trouble: why it is not whole; empty if it is.
    """

    def __init__(self, path: Path | None, driver: str, port: str) -> None:
        self._path = path
        self._writer: CaptureWriter | None = None
        self.trouble = ""
        if path is not None:
            self._writer = _new_file(path, driver, port)

    def line_at(self, address: str, settings: SerialSettings) -> Line:
        """The line there, recorded if that was asked for. Raises LineError."""
        line = line_at(address, settings)
        return line if self._writer is None else RecordedLine(line, self._writer, clock, self._fail)

    def close(self, *, keep: bool) -> None:
        """Ends it. A line that never opened leaves no empty file that would stand in the way of the next try."""
        if self._writer is not None and self._path is not None:
            self._writer.close()
            if not keep:
                self._path.unlink(missing_ok=True)

    def _fail(self, error: OSError) -> None:
        self.trouble = f"the recording {self._path} is not whole: {error.strerror or error}"
        print(f"bedside: {self.trouble}", file=sys.stderr)


def _new_file(path: Path, driver: str, port: str) -> CaptureWriter:
    try:
        return CaptureWriter(path, driver=driver, port=port)
    except FileExistsError as error:
        raise CommandError(f"{path} is there already, and recordings are never overwritten: choose another name") from error
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror or error}") from error
