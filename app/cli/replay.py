"""`bedside replay RECORDING`: a real recording as if live."""

from __future__ import annotations

import argparse
import sys

from app.cli.recordings import opened
from app.cli.running import (
    AS_FAST_AS_IT_GOES,
    FASTEST_ON_SCREEN,
    add_running_arguments,
    core_ahead,
    out_folder,
    pace_of,
    show_window,
    site_told_in_one_line,
    wants_screen,
)
from app.plan import CorePlan
from app.settings import database_url, load_settings, site_folder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "recording",
        metavar="RECORDING",
        help="a file (.hea, .vital, .csv, .csv.gz, or a line's raw bytes), a folder whose files belong together, or their common beginning",
    )
    parser.add_argument(
        "--driver", default="", metavar="DRIVER", help="whose bytes RECORDING holds; what `bedside listen --capture` wrote says so itself"
    )
    add_running_arguments(parser)


def run(args: argparse.Namespace) -> int:
    with core_ahead(wanted=not args.headless) as ahead:
        if wants_screen(args):
            return show_window(_plan(args), ahead)
    recording = opened(args.recording, args.driver)
    if recording.unknown:
        print(f"Not played, because no metric stands for them: {', '.join(sorted(set(recording.unknown)))}", file=sys.stderr)
    from app.cli.headless import run_case  # noqa: PLC0415 (as above)
    from app.core.headless import VIRTUAL_START, HeadlessCase  # noqa: PLC0415 (as above)
    from app.setups import replay_setup  # noqa: PLC0415 (as above)
    from app.site_data import SiteData  # noqa: PLC0415 (as above)

    with site_told_in_one_line():
        setup = replay_setup(recording, SiteData(site_folder()), load_settings(), VIRTUAL_START)
    pace = pace_of(args.speed or AS_FAST_AS_IT_GOES)
    return run_case(
        recording.title,
        database_url(args.database),
        out_folder(args),
        lambda progress: HeadlessCase(database_url(args.database), setup, pace).replay(recording, recording.length_s, progress),
        uuid=setup.uuid,
        case_seconds=recording.length_s,
    )


def _plan(args: argparse.Namespace) -> CorePlan:
    speed = min(args.speed or 1.0, FASTEST_ON_SCREEN)
    return CorePlan(database=database_url(args.database), recording=args.recording, recording_driver=args.driver, speed=speed)
