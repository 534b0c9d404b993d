"""`bedside users`: who may do what at this installation. Asks for PINs unseen; keeps their hashes alone, and every change."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from app.cli.database_option import add_database
from app.cli.errors import CommandError
from app.settings import database_url, site_folder
from clinical.instant import iso_utc

if TYPE_CHECKING:
    from clinical.people import Roles
    from storage.people import Act, Change, Person


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "A clinic without users is asked for no name. PINs are typed unseen, or come by standard input, a line each. See docs/people.md."
    )
    acts = parser.add_subparsers(title="what", dest="what", metavar="WHAT", required=True)
    for name, line, arguments in (
        ("add", "a new one; asks for a PIN or passphrase", ("name",)),
        ("list", "who there is", ()),
        ("role", "another role from now on", ("name", "role")),
        ("pin", "another PIN or passphrase", ("name",)),
        ("disable", "may sign in no more; stays in every record", ("name",)),
        ("enable", "may sign in again", ("name",)),
        ("history", "every change there ever was", ()),
        ("roles", "the roles there are, and what each may do", ()),
    ):
        row = acts.add_parser(name, help=line, description=line)
        add_database(row)
        for argument in arguments:
            row.add_argument(argument, metavar=argument.upper())
        if name == "add":
            row.add_argument("--role", default="nurse", metavar="ROLE", help="default: nurse")
        if arguments:
            row.add_argument("--by", default="", metavar="NAME", help="who does this (default: the user of this computer)")
        else:
            row.add_argument("--json", action="store_true", help="a list of objects")


def run(args: argparse.Namespace) -> int:
    """Raises CommandError if it cannot be done; then nothing was changed."""
    from app.cli.stored import only_writer, told_in_one_line  # noqa: PLC0415 (SQLAlchemy: only when something is run)
    from storage.people import Act, change  # noqa: PLC0415 (as above)

    acts = {"add": Act.ADDED, "role": Act.ROLE, "pin": Act.SECRET, "disable": Act.DISABLED, "enable": Act.ENABLED}
    with told_in_one_line():
        if (act := acts.get(args.what)) is None:
            _tell(args)
            return 0
        told = _told(args, act, _role(args))
        if args.what in {"add", "pin"}:
            told = _with_secret(args, told)
        with only_writer(_address(args)):
            change(_address(args), told)
    print(f"{args.name}: {act.value}{f', {told.role}' if told.role else ''}.")
    return 0


def _told(args: argparse.Namespace, act: Act, role: str) -> Change:
    from app.clock import room_now  # noqa: PLC0415 (as above)
    from storage.people import Change  # noqa: PLC0415 (as above)

    return Change(act=act, name=args.name, by=args.by or getpass.getuser(), at_utc_ns=room_now().utc_ns, role=role)


def _with_secret(args: argparse.Namespace, told: Change) -> Change:
    """What nobody may have, or somebody has already, is said before a secret is asked for."""
    from app.secrets_kept import hashed  # noqa: PLC0415 (as above)
    from storage.people import people, require_sense  # noqa: PLC0415 (as above)

    require_sense(told, people(_address(args)) if _is_there(args) else {})
    return replace(told, secret=hashed(_secret(told.name)))


def roles_here() -> Roles:
    """Raises CommandError where the site's file and the shipped one are both broken."""
    from app.site_data import SiteData, SiteDataError  # noqa: PLC0415 (as above)

    try:
        loaded = SiteData(site_folder()).load_roles()
    except SiteDataError as error:
        raise CommandError(str(error)) from error
    if loaded.error:
        print(loaded.error, file=sys.stderr)
    return loaded.value


def _role(args: argparse.Namespace) -> str:
    role = getattr(args, "role", "")
    if role and role not in (roles := roles_here()):
        raise CommandError(f"there is no role {role!r}; there are {', '.join(roles)}")
    return str(role)


def _secret(name: str) -> str:
    from app.secrets_kept import fault_of  # noqa: PLC0415 (as above)

    seen = sys.stdin is not None and sys.stdin.isatty()
    first = getpass.getpass(f"PIN or passphrase of {name}: ") if seen else sys.stdin.readline().rstrip("\r\n")
    if fault := fault_of(first):
        raise CommandError(f"{fault}; nothing was changed")
    if seen and getpass.getpass("The same again: ") != first:
        raise CommandError("the two differ; nothing was changed")
    return first


def _tell(args: argparse.Namespace) -> None:
    rows = {"list": _people, "history": _history, "roles": _roles}[args.what](args)
    if args.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        print("  ".join(f"{', '.join(value) if isinstance(value, list) else value!s:<20}" for value in row.values()).rstrip())
    if not rows:
        print("There is nobody: no name is asked for, and everything may be done. `bedside users add NAME` changes that.")


Rows = list[dict[str, object]]


def _people(args: argparse.Namespace) -> Rows:
    from storage.people import people  # noqa: PLC0415 (as above)

    def row(person: Person) -> dict[str, object]:
        state = "may sign in" if person.enabled else "disabled"
        return {"name": person.name, "role": person.role, "state": state, "since": iso_utc(person.since_utc_ns)[:10]}

    return [row(person) for person in people(_address(args)).values()] if _is_there(args) else []


def _history(args: argparse.Namespace) -> Rows:
    from storage.people import history  # noqa: PLC0415 (as above)

    told = history(_address(args)) if _is_there(args) else []
    return [{"at": iso_utc(one.at_utc_ns), "by": one.by, "name": one.name, "act": one.act.value, "role": one.role} for one in told]


def _roles(_args: argparse.Namespace) -> Rows:
    return [{"role": role.name, "may": sorted(kind.__name__ for kind in role.may)} for role in roles_here().values()]


def _address(args: argparse.Namespace) -> str:
    return database_url(args.database)


def _is_there(args: argparse.Namespace) -> bool:
    """The user's own database is made by the first case or the first user."""
    from storage.engine import parse_url, sqlite_file  # noqa: PLC0415 (as above)

    path = sqlite_file(parse_url(_address(args)))
    return path is None or path.exists()
