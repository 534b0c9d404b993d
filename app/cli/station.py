"""`bedside station`: all beds of the clinic on one screen, read from its server. Changes nothing at any bed."""

from __future__ import annotations

import argparse
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from app.cli.errors import NOTHING_FOUND, CommandError
from app.cli.running import site_told_in_one_line
from app.cli.screen import why_no_screen
from app.cli.stored import told_in_one_line
from app.settings import load_settings

STOP_WITHIN_S = 12.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "How a clinic is set up: docs/clinic.md. The beds alarm by themselves; this screen is one more pair of eyes."
    parser.add_argument("--title", default="Station", metavar="NAME", help="what stands in the corner: the ward's name")
    parser.add_argument("--demo", type=_beds, metavar="N", help="with N simulated beds, for trying it; the server should hold no patient")
    parser.add_argument("--forget", metavar="BED", help="instead: takes a bed that will not come back off every station")


def _beds(text: str) -> int:
    from app.core.ward import MOST_BEDS  # noqa: PLC0415 (database and drivers: only when something is run)

    if not text.isdecimal() or not 1 <= int(text) <= MOST_BEDS:
        raise argparse.ArgumentTypeError(f"a number of beds from 1 to {MOST_BEDS}, not {text!r}")
    return int(text)


def run(args: argparse.Namespace) -> int:
    """Raises CommandError where there is no screen or no server."""
    if args.database is None:
        raise CommandError("a station needs the clinic's server: name it by --database postgresql+psycopg://HOST/DATABASE")
    with told_in_one_line(), site_told_in_one_line():
        if args.forget is not None:
            return _forget(args.database, args.forget)
        if why := why_no_screen():
            raise CommandError(f"{why}: a station needs one")
        settings = load_settings()
        _require_server(args.database)
        from app.display.station import show_station  # noqa: PLC0415 (Qt: only where there is a screen)

        if args.demo is None:
            return show_station(args.database, settings, args.title)
        with _simulated_beds(args.database, args.demo):
            return show_station(args.database, settings, args.title)


def _require_server(address: str) -> None:
    """An address that is none is a wrong argument; a server that is away is waited for."""
    from storage.bed_states import BedListener  # noqa: PLC0415 (SQLAlchemy: only when something is run)

    BedListener(address).close()


def _forget(address: str, bed: str) -> int:
    from storage.bed_states import forget_bed  # noqa: PLC0415 (as above)

    _require_server(address)
    if forget_bed(address, bed):
        print(f"Bed {bed} is no longer shown. It comes back by itself when it says something.")
        return 0
    print(f"No bed {bed} is shown.")
    return NOTHING_FOUND


@contextmanager
def _simulated_beds(server: str, beds: int) -> Iterator[None]:
    """In a process of their own, ended with the window."""
    from app.core.ward import WardPlan  # noqa: PLC0415 (database and drivers: only when something is run)

    with tempfile.TemporaryDirectory(prefix="bedside-beds-") as folder:
        ward = subprocess.Popen([sys.executable, "-m", "app.core.ward"], stdin=subprocess.PIPE)
        try:
            if ward.stdin is not None:
                ward.stdin.write(pickle.dumps(WardPlan(server=server, folder=folder, beds=beds)))
                ward.stdin.close()
            yield
        finally:
            ward.terminate()
            try:
                ward.wait(STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                ward.kill()
                ward.wait()
