"""The command line: which commands there are, and how they end. Knows no command's inside, and imports none that is not asked for."""

from __future__ import annotations

import argparse
import errno
import importlib
import os
import sys
from typing import NoReturn, cast
from typing import Protocol as Interface

from app.cli.database_option import add_database
from app.cli.errors import CANNOT_BE_DONE, CommandError
from app.settings import SettingsError, database_url

WINDOW = "app.cli.window"

ABOUT = "A desktop monitor for hours-long ketamine infusions. It reads devices and never commands one. Without a command its window opens."

COMMANDS = {
    "demo": ("app.cli.demo", "a simulated patient, monitor and pump"),
    "replay": ("app.cli.replay", "a real recording (WFDB, VitalDB, CSV) as if live"),
    "alarms": ("app.cli.alarms", "which alarms a recording gives, and the burden"),
    "decode": ("app.cli.decode", "a recorded line as JSON Lines, one observation a line"),
    "listen": ("app.cli.listen", "a device on a live port as JSON Lines"),
    "emulate": ("app.cli.emulate", "a simulated device on a port, for other software to talk to"),
    "devices": ("app.cli.devices", "the ports there are and what answers on them; the drivers there are"),
    "cases": ("app.cli.cases", "the cases that are stored"),
    "export": ("app.cli.export", "a case as files"),
    "import": ("app.cli.import_case", "a case that Bedside exported, or a recording, into the database"),
    "verify": ("app.cli.verify", "whether a case, a database or an exported folder is as it was written"),
    "accesses": ("app.cli.accesses", "who opened or exported a case from here"),
    "order": ("app.cli.order", "an order as a file: `order check FILE` tells whether it can be used"),
    "predict": ("app.cli.predict", "the level that a history of doses should have reached, by a published model"),
    "effectiveness": ("app.cli.effectiveness", "what the treatment did over all courses, beside published figures"),
    "follow-up": ("app.cli.follow_up", "pain some weeks after a course, kept with its last case"),
    "users": ("app.cli.users", "who may do what here, and the history of it"),
    "backup": ("app.cli.backup", "a checked copy of the database, also while a case is recorded"),
    "restore": ("app.cli.restore", "a backup in the database's place"),
    "retention": ("app.cli.retention", "which cases are older than the site keeps them, and their deletion"),
    "station": ("app.cli.station", "all beds of a clinic on one screen"),
    "check": ("app.cli.check", "self-test: sound, disk, clock, database, audit chain"),
}

GIVE_WAY = {"backup", "effectiveness", "export", "import", "restore", "retention", "verify"}
"""Long work that may be done while a patient is watched on the same machine."""

INTERRUPTED = 130
PIPE_CLOSED = 141
PROGRAM_FAULT = 70
DISK_FULL = {errno.ENOSPC, errno.EDQUOT}


class CommandModule(Interface):
    """What a command's file offers."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, args: argparse.Namespace) -> int: ...


class OneLineParser(argparse.ArgumentParser):
    """Tells a wrong argument in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(CANNOT_BE_DONE, f"bedside: {message} (see `{self.prog} --help`)\n")


def start() -> int:
    """The program as a process of its own."""
    if GIVE_WAY & set(sys.argv[1:]):
        from app.giving_way import give_way

        give_way()
    return main()


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; its exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    _ready_streams()
    try:
        status = _run(arguments)
        sys.stdout.flush()
    except CommandError as error:
        return _fail(str(error), error.status)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return PIPE_CLOSED
    except Exception as error:
        if "BEDSIDE_TRACEBACK" in os.environ:
            raise
        if isinstance(error, OSError) and (error.filename or error.errno in DISK_FULL):
            if not error.filename:
                _drop_output()
            return _fail(f"{error.filename or 'what was printed'}: {error.strerror}", CANNOT_BE_DONE)
        return _fail(f"fault in the program ({type(error).__name__}: {error}); BEDSIDE_TRACEBACK=1 shows where", PROGRAM_FAULT)
    return status


def _ready_streams() -> None:
    """JSON Lines are UTF-8 whatever the locale. A stream that was closed leads nowhere, and gives its number to no file."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w"))
        stream = getattr(sys, name)
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _drop_output() -> None:
    """The interpreter flushes standard output once more as it ends; that must not fail too."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(arguments: list[str]) -> int:
    parser = OneLineParser(prog="bedside", description=ABOUT)
    add_database(parser, None)
    rows = parser.add_subparsers(title="commands", dest="command", metavar="COMMAND", parser_class=OneLineParser)
    modules = {}
    for name, (module, line) in COMMANDS.items():
        row = rows.add_parser(name, help=line, description=line, conflict_handler="resolve")
        add_database(row)
        if name in arguments:
            modules[name] = _module(name, module)
            modules[name].add_arguments(row)
    if _asks_for_window(arguments):
        modules[""] = _module("the window", WINDOW)
        modules[""].add_arguments(parser)
    args, unknown = parser.parse_known_args(arguments)
    if unknown:  # told by the command's own parser: its help has the answer
        (rows.choices[args.command] if args.command else parser).error(f"unrecognized arguments: {' '.join(unknown)}")
    _unlock(args)
    return modules[args.command or ""].run(args)


def _unlock(args: argparse.Namespace) -> None:
    """Has the key at hand where the database is encrypted; the window may ask for it itself. Raises CommandError."""
    from app.database_key import DatabaseKeyError, can_be_asked, unlock

    try:
        database = database_url(args.database)
        if not args.command and "sqlcipher" in database and not can_be_asked():
            from app.display.passphrase import ask_on_screen

            unlock(database, ask=ask_on_screen)
        unlock(database)
    except (DatabaseKeyError, SettingsError) as error:
        raise CommandError(str(error)) from error


def _asks_for_window(arguments: list[str]) -> bool:
    """No command at all. Its options are not in the first help: the window takes long to import."""
    words = set(arguments)
    return not (words & COMMANDS.keys() or words & {"-h", "--help"}) and (not arguments or arguments[0].startswith("-"))


def _module(name: str, module: str) -> CommandModule:
    try:
        return cast("CommandModule", importlib.import_module(module))
    except ModuleNotFoundError as error:
        if error.name is not None and error.name.startswith("app"):
            raise CommandError(f"{name} is not part of this installation") from error
        raise CommandError(f"{name} needs the package {error.name}, which is not installed") from error


def _fail(text: str, status: int) -> int:
    line = " ".join(text.split())
    print(f"bedside: {line}", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(start())
