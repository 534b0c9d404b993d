"""An entry of the chart as lines of item and answer: what a list shows, what a correction sets side by side, what a file holds.

What was reckoned from the answers (the score, the criteria, the sums) stands among them and says so by its item. Knows no page and no file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from clinical.assessments.aldrete import ALDRETE
from clinical.assessments.budapest import CLINICAL, RESEARCH
from clinical.assessments.chart import Entry, is_struck
from clinical.assessments.charted import drawing_of, examination_of, phase_words
from clinical.assessments.examination import ExaminationError, budapest_of, css16_of
from clinical.assessments.intake import TREATMENTS, TRIGGERS
from clinical.assessments.padss import PADSS
from clinical.assessments.pain_drawing import DrawingError
from clinical.assessments.rounds import ITEMS
from clinical.assessments.scales import ScoreError, SumScale
from clinical.commands import RecordAssessment, RecordEvent
from clinical.forms import RecordExamination, RecordIntake, RecordRecovery
from clinical.metrics import Metric

CSS16, AREA = "CSS-16", "painful area"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One line.

    Attributes:
        item: its name in files; of a number of the monitor the metric's reference id.
        title: its name for people.
        number: the answer where it is one; a yes is 1, a no 0.
        words: the answer as people read it.
        free: somebody typed it, so it may name people.
        reckoned: it follows from other answers.
    """

    item: str
    title: str
    number: float | None = None
    decimals: int = 0
    words: str = ""
    free: bool = False
    reckoned: bool = False


def answers_of(entry: Entry) -> tuple[Answered, ...]:
    """Every line of an entry; none of one that was struck out."""
    if is_struck(entry):
        return ()
    match entry:
        case RecordEvent():
            return (Answered(item="text", title=entry.kind.value, words=entry.text, free=True),)
        case RecordAssessment():
            scores = tuple(_score(name, score) for name, score in entry.scores)
            return (*scores, *map(_vital, entry.vitals), *_typed("note", entry.note))
        case RecordExamination():
            return (*_examined(entry), *_reckoned(entry), *_drawn(entry), *_typed("note", entry.note))
        case RecordIntake():
            return _taken_in(entry)
        case RecordRecovery():
            return _recovered(entry)
        case _:
            assert_never(entry)


def brief_of(entry: Entry) -> str:
    """An entry in one line."""
    if is_struck(entry):
        return "struck out"
    match entry:
        case RecordEvent():
            return entry.text
        case RecordExamination():
            css16 = next((line.words for line in answers_of(entry) if line.item == CSS16), "")
            return ", ".join(filter(None, (phase_words(entry), f"CSS-16 {css16}" if css16 else "")))
        case RecordAssessment():
            told = [f"{line.title} {line.words}" for line in answers_of(entry) if line.item != "note"]
            return ", ".join(told) or entry.note
        case RecordIntake():
            return ", ".join(filter(None, (entry.diagnosis, *entry.limbs))) or "intake"
        case RecordRecovery():
            met = sum(how == "met" for _, how, _ in entry.lines)
            return f"{met} of {len(entry.lines)} lines met"
        case _:
            assert_never(entry)


def was_of(old: Entry, new: Entry) -> str:
    """What of an entry another one changed, as it was; empty where nothing but its time or its signature is another."""
    if is_struck(new) or isinstance(old, RecordEvent):
        return brief_of(old) if is_struck(new) or answers_of(old) != answers_of(new) else ""
    before, after = ({line.item: line for line in answers_of(entry) if not line.reckoned} for entry in (old, new))
    gone = [f"{line.title} {line.words}" for item, line in before.items() if item not in after or after[item].words != line.words]
    return ", ".join((*gone, *(f"{line.title} not answered" for item, line in after.items() if item not in before)))


def _score(name: str, score: int) -> Answered:
    words = ITEMS[name].written(score) if name in ITEMS else str(score)
    return Answered(item=name, title=name, number=score, words=words)


def _vital(pair: tuple[Metric, float]) -> Answered:
    metric, value = pair
    words = f"{value:.{metric.decimals}f} {metric.unit.text}"
    return Answered(item=metric.id, title=metric.label, number=value, decimals=metric.decimals, words=words)


def _typed(item: str, text: str, title: str = "") -> tuple[Answered, ...]:
    return (Answered(item=item, title=title or item, words=text, free=True),) if text.strip() else ()


def _yes_or_no(item: str, *, there: bool) -> Answered:
    return Answered(item=item, title=item, number=int(there), words="yes" if there else "no")


def _examined(form: RecordExamination) -> list[Answered]:
    findings = [(f"{kind}: {name}", there) for kind, rows in (("symptom", form.symptoms), ("sign", form.signs)) for name, there in rows]
    asked = [*findings, ("continuing pain", form.continuing_pain), ("no better diagnosis", form.no_better_diagnosis)]
    asked += [("amputated", form.amputated or None), ("opposite limb amputated", form.opposite_amputated or None)]
    lines = [_yes_or_no(item, there=there) for item, there in asked if there is not None]
    for item, score in (("pain", form.pain), ("phantom pain", form.phantom_pain)):
        lines += [] if score is None else [Answered(item=item, title=item, number=score, words=str(score))]
    measured = (
        ("skin temperature", form.temperature_c, "°C", 1),
        ("skin temperature, other side", form.opposite_temperature_c, "°C", 1),
        ("range of motion", form.range_of_motion_percent, "%", 0),
    )
    for item, value, unit, decimals in measured:
        words = "" if value is None else f"{value:.{decimals}f} {unit}"
        lines += [] if value is None else [Answered(item=item, title=item, number=value, decimals=decimals, words=words)]
    return lines


def _reckoned(form: RecordExamination) -> list[Answered]:
    try:
        limb = examination_of(form)
    except ExaminationError:
        return []
    score = css16_of(limb)
    lines = [
        Answered(item=CSS16, title=CSS16, number=score.total, words=str(score.total), reckoned=True),
        Answered(
            item="CSS-16 not assessed",
            title="CSS-16 not assessed",
            number=len(score.not_assessed),
            words=str(len(score.not_assessed)),
            reckoned=True,
        ),
    ]
    for rule in (CLINICAL, RESEARCH):
        met, item = budapest_of(limb, rule).met, f"Budapest, {rule.name} rule"
        lines.append(Answered(item=item, title=item, number=int(met), words="met" if met else "not met", reckoned=True))
    if limb.difference_c is not None:
        words, item = f"{limb.difference_c:+.1f} °C", "temperature difference"
        lines.append(Answered(item=item, title=item, number=limb.difference_c, decimals=1, words=words, reckoned=True))
    return lines


def _drawn(form: RecordExamination) -> list[Answered]:
    """Each outline as its points, and what they cover of the figure."""
    if not form.drawn:
        return []
    try:
        area = drawing_of(form).area_percent()
    except DrawingError:
        return []
    lines = [Answered(item=AREA, title=AREA, number=area, decimals=2, words=f"{area:.1f} % of the figure", reckoned=True)]
    for number, outline in enumerate(form.outlines, start=1):
        points = " ".join(f"({x:.4f} {y:.4f})" for x, y in outline.points)
        lines.append(Answered(item=f"outline {number}, {outline.view}", title=f"outline {number}, {outline.view}", words=points))
    return lines


def _taken_in(form: RecordIntake) -> tuple[Answered, ...]:
    limbs = [Answered(item="limb", title="limb", words=limb) for limb in form.limbs]
    tried = [
        Answered(
            item=f"tried: {what}" if what in TREATMENTS else "tried", title=f"tried: {what}", words=effect, free=what not in TREATMENTS
        )
        for what, effect in form.tried
    ]
    trigger = [Answered(item="trigger", title="trigger", words=form.trigger, free=form.trigger not in TRIGGERS)] if form.trigger else []
    lists = [
        line for item, words in (("medicine", form.medicines), ("allergy", form.allergies)) for word in words for line in _typed(item, word)
    ]
    answers = [Answered(item=f"checklist: {item}", title=item, words=answer) for item, answer in form.answers]
    baseline = map(_vital, form.baseline)
    return (*_typed("diagnosis", form.diagnosis), *trigger, *limbs, *tried, *lists, *answers, *baseline, *_typed("note", form.note))


def _recovered(form: RecordRecovery) -> tuple[Answered, ...]:
    scores = [*_summed("modified Aldrete", ALDRETE, form.aldrete), *_summed("PADSS", PADSS, form.padss)]
    escort = [] if form.escort is None else [_yes_or_no("escort", there=form.escort)]
    lines = [Answered(item=f"line: {text}", title=text, words=f"{met}: {why}" if why else met) for text, met, why in form.lines]
    return (*scores, *map(_vital, form.vitals), *escort, *lines, *_typed("note", form.note))


def _summed(title: str, scale: SumScale, scores: tuple[tuple[str, int], ...]) -> list[Answered]:
    lines = [Answered(item=f"{title}: {name}", title=f"{title}: {name}", number=score, words=str(score)) for name, score in scores]
    try:
        total = scale.total(dict(scores))
    except ScoreError:
        return lines
    return [*lines, Answered(item=title, title=title, number=total, words=f"{total} of {scale.high}", reckoned=True)]
