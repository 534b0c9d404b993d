"""`bedside import`: a case that Bedside exported comes back whole; a recording (EDF+, WFDB, .vital, CSV) comes in as a case to review."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.cli.errors import CommandError
from app.cli.progress import ProgressBar
from app.cli.recordings import opened
from app.settings import database_url, load_settings, site_folder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "What `bedside export --format bedside` made comes back whole. Nothing is written but the database."
    parser.add_argument(
        "what", metavar="DIR|FILE", help="a folder or case.sqlite of `bedside export`, or a recording as `bedside replay` takes it"
    )


def run(args: argparse.Namespace) -> int:
    """Raises CommandError for whatever cannot be taken in."""
    from app.cli.stored import told_in_one_line  # noqa: PLC0415 (SQLAlchemy and numpy: only when something is run)
    from app.supervision import AlreadyRunning, OneCore  # noqa: PLC0415 (as above)
    from storage.importing.whole_case import record_in  # noqa: PLC0415 (as above)

    address, path = database_url(args.database), Path(args.what)
    lock = OneCore(address)
    try:
        lock.take()  # of all programs one writes
        with told_in_one_line(), ProgressBar(path.name) as bar:
            record = record_in(path)
            number = _record(path, record, address, bar) if record is not None else _recording(path, address, bar)
    except AlreadyRunning as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"{path} cannot be read ({error.strerror or error})") from error
    finally:
        lock.let_go()
    print(f"case {number}: imported from {path}")
    return 0


def _record(path: Path, record: Path, address: str, bar: ProgressBar) -> int:
    from storage.export.case_folder import MANIFEST  # noqa: PLC0415 (as above)
    from storage.export.folder_check import folder_faults  # noqa: PLC0415 (as above)
    from storage.importing.whole_case import import_case  # noqa: PLC0415 (as above)

    faults = folder_faults(path) if path.is_dir() and (path / MANIFEST).exists() else []
    if faults:
        raise CommandError(f"{path} is not as it was written: {faults[0]}")
    return import_case(record, address, told=bar.update)


def _recording(path: Path, address: str, bar: ProgressBar) -> int:
    from app.cli.running import AS_FAST_AS_IT_GOES, pace_of, site_told_in_one_line  # noqa: PLC0415 (as above)
    from app.core.headless import VIRTUAL_START, HeadlessCase  # noqa: PLC0415 (as above)
    from app.setups import replay_setup  # noqa: PLC0415 (as above)
    from app.site_data import SiteData  # noqa: PLC0415 (as above)

    if path.is_dir() and (path / "manifest.json").exists():
        raise CommandError(f"{path} does not hold the record itself: export it anew with `--format bedside`, or import one of its files")
    recording = opened(str(path))
    with site_told_in_one_line():
        setup = replay_setup(recording, SiteData(site_folder()), load_settings(), VIRTUAL_START)
    return HeadlessCase(address, setup, pace_of(AS_FAST_AS_IT_GOES)).replay(recording, recording.length_s, bar.update)
