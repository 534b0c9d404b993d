"""assessments.csv: rounds, examinations, intake and recovery, item by item, corrected entries and their corrections both."""

from __future__ import annotations

from collections.abc import Iterator

from clinical.assessments.chart import Charted, Entry, Series, kind_words
from clinical.assessments.told import Answered, answers_of
from clinical.commands import RecordEvent
from clinical.forms import RecordExamination
from storage.charts import chart_of
from storage.export.cells import number_cell, text_cell
from storage.export.sheet import TIME_COLUMNS, Sheet, Source, columns

_ASSESSMENTS = TIME_COLUMNS + columns(
    ("item", "", "what was scored or asked; or the reference id of a number of the monitor that was confirmed"),
    ("score", "", "the score; see the item's scale; a yes is 1, a no 0; of a measured number its value, in its metric's unit"),
    ("note", "", "as entered"),
    ("by", "", "who scored"),
    ("entered_utc", "", "when it was entered; utc tells when it was"),
    ("number", "", "of the entry, as corrections name it; rounds and the other forms are counted apart"),
    ("corrects", "", "number of the entry that this one replaces; that one is kept"),
    ("replaced_by", "", "number of the entry that replaces this one"),
    ("reason", "", "why it was corrected"),
    ("old_score", "", "what the score was in the entry that this one replaces; empty where it is the same or was not there"),
    ("form", "", "round, examination, intake or recovery"),
    ("limb", "", "the limb that was examined"),
    ("phase", "", "before or after the infusion, of an examination"),
    ("answer", "", "an answer that is no number: words of a list; points (x y) of an outline on the body map; what was typed"),
    ("old_answer", "", "what the answer was in the entry that this one replaces"),
    ("reckoned", "", "1: follows from the other answers of the entry; 0: was entered"),
)


def _assessment_lines(source: Source) -> Iterator[str]:
    chart = chart_of(source.history)
    entries = sorted(chart.all(Series.ROUND, Series.FORM), key=lambda charted: charted.entered_at.monotonic_ns)
    for charted in entries:
        old = chart.before(charted)
        yield from _entry_lines(source, charted, None if old is None else old.entry)


def _entry_lines(source: Source, charted: Charted, old: Entry | None) -> Iterator[str]:
    entry, veil = charted.entry, source.veil
    time = source.clock.cells(entry.event_at)
    note = "" if isinstance(entry, RecordEvent) else entry.note
    ends = (
        veil.text(note),
        veil.by(entry.by),
        source.clock.utc(charted.entered_at),
        str(charted.number),
        _count(entry.corrects),
        _count(charted.replaced_by),
        veil.text(entry.reason),
    )
    of = (entry.limb, entry.phase.value) if isinstance(entry, RecordExamination) else ("", "")
    before = {} if old is None else {line.item: line for line in _lines_of(old)}
    lines = _lines_of(entry)
    now = {line.item for line in lines}
    gone = [Answered(item=item, title=item, reckoned=line.reckoned) for item, line in before.items() if item not in now]
    for line in [*lines, *gone] or [Answered(item="", title="")]:
        was = before.get(line.item)
        changed = was is not None and _cells(source, was) != _cells(source, line)
        old_score, old_answer = _cells(source, was) if changed and was is not None else ("", "")
        score, answer = _cells(source, line)
        told = (text_cell(line.item), score, *ends, old_score, kind_words(entry), *of, answer, old_answer, str(int(line.reckoned)))
        yield ",".join((time, *told))


def _lines_of(entry: Entry) -> list[Answered]:
    """The note has a column of its own."""
    return [line for line in answers_of(entry) if line.item != "note"]


def _cells(source: Source, line: Answered) -> tuple[str, str]:
    """Score and answer."""
    if line.number is not None:
        return number_cell(line.number, line.decimals), ""
    return "", source.veil.text(line.words) if line.free else text_cell(line.words)


def _count(number: int | None) -> str:
    return "" if number is None else str(number)


ASSESSMENTS_SHEET = Sheet(name="assessments.csv", columns=lambda _: _ASSESSMENTS, lines=_assessment_lines)
