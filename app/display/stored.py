"""What the start page and the review read from where cases are kept. Runs away from the painting thread, and only between cases.

What reads a database takes 0.2 s to load, so it is imported when it is first asked: the first picture does not wait for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.access_log import Leaving, Viewer, noted_export
from clinical.alarm_model import Presence
from clinical.instant import Instant
from clinical.observations import Priority
from widgets.durations import age, day_and_clock
from widgets.figures import written
from widgets.start_page import CaseRow

if TYPE_CHECKING:
    from storage.cases import CaseSummary


@dataclass(frozen=True, slots=True)
class StoredCases:
    """All cases, newest first, and the one that can be resumed."""

    rows: tuple[CaseRow, ...]
    resumable: CaseRow | None
    uuids: dict[str, str]


def not_begun(database: str) -> bool:
    """Whether nothing was ever kept there: its folder is there, and its file is not. Raises StoreError."""
    from storage.engine import parse_url, sqlite_file  # noqa: PLC0415 (see above)

    file = sqlite_file(parse_url(database))
    return file is not None and file.parent.is_dir() and not file.exists()


def stored_cases(database: str) -> StoredCases:
    """Raises StoreError. A database that does not exist yet holds no case."""
    from storage.cases import list_cases  # noqa: PLC0415 (see above)

    if not_begun(database):
        return StoredCases((), None, {})
    cases = list_cases(database)
    rows = tuple(_row(database, case) for case in cases)
    unfinished = [row for row, case in zip(rows, cases, strict=True) if case.ended is None]
    return StoredCases(rows, unfinished[0] if unfinished else None, {str(case.id): case.setup.uuid for case in cases})


def record_state(database: str) -> tuple[str, bool]:
    """What a quick look says of the record itself, and whether it is well. Raises StoreError."""
    from storage.engine import parse_url, sqlite_file  # noqa: PLC0415 (see above)
    from storage.soundness import quick_fault  # noqa: PLC0415 (see above)

    path = sqlite_file(parse_url(database))
    if path is None or not path.exists():
        return "", True
    if fault := quick_fault(database, lambda: False):
        return f"THE RECORD IS DAMAGED: {fault}. Restore a backup (`bedside restore FILE`) before the next case.", False
    return f"Record looked through: whole, {path.stat().st_size / 1e6:,.0f} MB.", True


def _row(database: str, case: CaseSummary) -> CaseRow:
    setup = case.setup
    detail = ", ".join(part for part in (f"day {setup.day}", setup.patient.diagnosis) if part)
    return CaseRow(
        id=str(case.id),
        label=setup.patient.label,
        started_at=case.started,
        last_at=case.ended or _last(database, case.id),
        utc_offset_min=setup.utc_offset_min,
        simulated=setup.simulated,
        detail=detail,
    )


def _last(database: str, case_id: int) -> Instant:
    from storage.cases import open_case  # noqa: PLC0415 (see above)

    with open_case(database, case_id) as history:
        return history.last()


def facts_of(database: str, case_id: str) -> tuple[tuple[str, str], ...]:
    """A case in a few rows of words. Raises StoreError."""
    from storage.cases import open_case  # noqa: PLC0415 (see above)
    from storage.engine import parse_url  # noqa: PLC0415 (see above)
    from storage.errors import place_of  # noqa: PLC0415 (see above)

    with open_case(database, case_id) as history:
        setup, patient = history.setup, history.setup.patient
        offset, last = setup.utc_offset_min, history.last()
        begun = [transition.alarm.priority for transition in history.transitions() if transition.before is Presence.OFF]
        ended = f"ended {day_and_clock(history.ended, offset)}: {history.end_reason}" if history.ended else "not ended"
        who = ", ".join(part for part in (patient.label, patient.sex, f"{patient.age_years} years" if patient.age_years else "") if part)
        return (
            ("Patient", who + ("   SIMULATED" if setup.simulated else "")),
            ("Diagnosis", patient.diagnosis or "not given"),
            ("Watched", f"{day_and_clock(history.started, offset)}, for {age(last.since(history.started))}; {ended}"),
            ("Weight", f"{written(setup.weight_kg, 1)} kg; {written(setup.concentration_mg_per_ml, 3)} mg/mL"),
            ("Order", (setup.order.name if setup.order is not None else "none")),
            ("Alarms", ", ".join(f"{begun.count(priority)} {priority.value}" for priority in Priority)),
            ("Record", f"case {case_id} in {place_of(parse_url(database))}"),
        )


def others_like(database: str, case_id: str) -> list[str]:
    """What a case may be compared with: the others, those of the same patient first, then an empty word. Raises StoreError."""
    from storage.cases import list_cases  # noqa: PLC0415 (see above)

    cases = list_cases(database)
    label = next((case.setup.patient.label for case in cases if str(case.id) == case_id), "")
    others = sorted((case for case in cases if str(case.id) != case_id), key=lambda case: case.setup.patient.label != label)
    return [*(str(case.id) for case in others), ""] if others else []


def write_handover(database: str, uuid: str, file: Path, viewer: Viewer, tell: Callable[[str], None]) -> Path:
    """A note of how a case stands, as far as it is recorded. ``tell`` hears of what could not be noted. Raises StoreError or OSError."""
    from app.reporting import reporter_of  # noqa: PLC0415 (see above)
    from storage.cases import open_case  # noqa: PLC0415 (see above)
    from storage.export.report_file import handover_pdf  # noqa: PLC0415 (see above)

    with noted_export(viewer, database, uuid, Leaving(format="handover", target=file.name), tell):
        with open_case(database, uuid) as history:
            pdf = handover_pdf(history, reporter_of())
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(pdf)
    return file
