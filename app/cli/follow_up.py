"""`bedside follow-up`: enters pain some weeks after a course, with the last case of that course."""

from __future__ import annotations

import argparse

from app.settings import database_url


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("case", metavar="CASE", help="id or uuid of the course's last case; `bedside cases` lists them")
    parser.add_argument("--week", type=int, required=True, metavar="N", help="weeks since the course ended; usual are 1, 2, 4, 8, 12")
    parser.add_argument("--pain", type=int, required=True, metavar="0-10", help="pain at rest, as the patient tells it")
    parser.add_argument("--note", default="", metavar="TEXT")
    parser.add_argument("--by", default="", metavar="NAME", help="who enters it")


def run(args: argparse.Namespace) -> int:
    """Raises CommandError if it is not kept; the line says why."""
    from app.cli.stored import told_in_one_line  # noqa: PLC0415 (SQLAlchemy, numpy: only when something is run)
    from app.clock import room_now  # noqa: PLC0415 (as above)
    from clinical.assessments.treated import FollowUp  # noqa: PLC0415 (as above)
    from storage.cases import open_case  # noqa: PLC0415 (as above)
    from storage.courses import FollowUpEntry, add_follow_ups  # noqa: PLC0415 (as above)

    address = database_url(args.database)
    with told_in_one_line():
        with open_case(address, args.case) as history:
            case_id, label = history.case_id, history.setup.patient.label
        follow_up = FollowUp(week=args.week, pain=args.pain)
        entry = FollowUpEntry(case_id=case_id, follow_up=follow_up, at_utc_ns=room_now().utc_ns, by=args.by, note=args.note)
        add_follow_ups(address, [entry])
    print(f"Kept with case {case_id} ({label}): week {args.week}, pain at rest {args.pain}.")
    return 0
