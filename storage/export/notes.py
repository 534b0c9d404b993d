"""What happened in a case, as lines of text at moments: for formats that know signals and annotations only. Knows no format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from clinical.assessments.told import answers_of
from clinical.commands import RecordAssessment, RecordEvent
from clinical.forms import Form, RecordExamination, RecordIntake, RecordRecovery
from clinical.instant import Instant
from storage.export.cells import number_cell
from storage.export.clinical_sheets import event_words, kind_of, occurrences
from storage.export.sheet import Source

HELD = "events, assessments, alarms, doses and gaps are lines of text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A line of text; ``lasts_s`` is None for a moment, and for what had no end."""

    at: Instant
    text: str
    lasts_s: float | None = None


def notes_of(source: Source) -> list[Note]:
    """Every note, by rising moment; of one moment: commands, alarms, doses, gaps."""
    made = [*_commands(source), *_alarms(source), *_doses(source), *_gaps(source)]
    return sorted(made, key=lambda note: note.at.monotonic_ns)


def _commands(source: Source) -> Iterator[Note]:
    for kept in source.history.commands():
        command = kept.command
        if isinstance(command, RecordAssessment):
            scores = ", ".join(f"{item} {score}" for item, score in command.scores)
            replaces = "" if command.corrects is None else f"replaces assessment {command.corrects}"
            yield Note(at=command.event_at, text=_line("assessment", scores, source.veil.words(command.note), replaces))
            continue
        if isinstance(command, RecordExamination | RecordIntake | RecordRecovery):
            yield Note(at=command.event_at, text=_form(command, source, kept.refused))
            continue
        at = command.event_at if isinstance(command, RecordEvent) else kept.at
        replaces = f"replaces event {command.corrects}" if isinstance(command, RecordEvent) and command.corrects else ""
        number = "" if kept.number is None else f"event {kept.number}"
        refused = "refused" if kept.refused else ""
        yield Note(at=at, text=_line(kind_of(command), event_words(command, source), number, replaces, refused))


def _form(form: Form, source: Source, refused: str) -> str:
    """Every answer of a form."""
    told = [f"{line.item} {source.veil.words(line.words) if line.free else line.words}" for line in answers_of(form)]
    replaces = "" if form.corrects is None else f"replaces form {form.corrects}"
    return _line(kind_of(form), event_words(form, source), *told, replaces, "refused" if refused else "")


def _alarms(source: Source) -> Iterator[Note]:
    for one in occurrences(source.history.transitions()):
        alarm = one.first.alarm
        lasts_s = None if one.cleared is None else max(0.0, one.cleared.since(one.appeared))
        words = (alarm.priority.value, source.veil.condition(alarm.condition), source.veil.words(alarm.title))
        yield Note(at=one.appeared, text=_line("alarm", *words), lasts_s=lasts_s)


def _doses(source: Source) -> Iterator[Note]:
    for dose in source.history.dose_reports():
        rate = f"{number_cell(dose.rate_mg_per_h, 3)} mg/h" if dose.rate_mg_per_h is not None else "rate unknown"
        yield Note(at=dose.at, text=_line("infusion", dose.state, rate, f"given {number_cell(dose.given_mg, 4)} mg"))


def _gaps(source: Source) -> Iterator[Note]:
    veil = source.veil
    for gap in source.history.gaps():
        lasts_s = None if gap.until is None else max(0.0, gap.until.since(gap.since))
        yield Note(at=gap.since, text=_line("gap", veil.device(gap.device), gap.what, veil.words(gap.reason)), lasts_s=lasts_s)


def _line(kind: str, *words: str) -> str:
    told = " | ".join(" ".join(word.split()) for word in words if word)
    return f"{kind}: {told}" if told else kind


def pieces(text: str, most_bytes: int) -> list[str]:
    """A text in pieces that are no longer than that in UTF-8; more than one are numbered, as in ``[2/3] …``."""
    if len(text.encode()) <= most_bytes:
        return [text]
    room, found, piece, size = most_bytes - 10, [], "", 0
    for letter in text:
        length = len(letter.encode())
        if size + length > room:
            found.append(piece)
            piece, size = "", 0
        piece += letter
        size += length
    found.append(piece)
    return [f"[{number}/{len(found)}] {part}" for number, part in enumerate(found, start=1)]
