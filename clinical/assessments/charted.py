"""From a recorded form to what the rules of this package judge, and what of it cannot be taken, by its field. Knows no screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from clinical.assessments.aldrete import ALDRETE
from clinical.assessments.body_map import View
from clinical.assessments.examination import ExaminationError, LimbExamination
from clinical.assessments.intake import Answer, Effect, Intake, Tried
from clinical.assessments.limbs import Limb
from clinical.assessments.padss import PADSS
from clinical.assessments.pain_drawing import DrawingError, PainDrawing, Region
from clinical.assessments.scales import ScoreError, SumScale
from clinical.forms import Form, Outline, Phase, RecordExamination, RecordIntake, RecordRecovery
from clinical.metrics import Metric

Problems = tuple[tuple[str, str], ...]
"""(field, what is wrong), for a line beside each field."""

OTHER_SIDE = "temperature, other side"
"""The field of the skin's temperature at the opposite limb, whichever that is."""
AMPUTATED = "amputated"
PHANTOM_ONLY = ": only phantom pain can be charted"
LIMB_NEEDED = "choose the limb that is examined"


def examination_of(form: RecordExamination) -> LimbExamination:
    """The limb as the criteria and the score judge it. Raises ExaminationError, each problem by its field."""
    if form.limb not in set(Limb):
        raise ExaminationError((("limb", LIMB_NEEDED),))
    return LimbExamination(
        limb=Limb(form.limb),
        symptoms=form.symptoms,
        signs=form.signs,
        continuing_pain=form.continuing_pain,
        pain=form.pain,
        temperature_c=form.temperature_c,
        opposite_temperature_c=form.opposite_temperature_c,
        range_of_motion_percent=form.range_of_motion_percent,
        amputated=form.amputated,
        opposite_amputated=form.opposite_amputated,
        phantom_pain=form.phantom_pain,
        no_better_diagnosis=form.no_better_diagnosis,
        note=form.note,
    )


def drawing_of(form: RecordExamination) -> PainDrawing:
    """The pain as it was drawn. Raises DrawingError for an outline that encloses nothing or lies in no view."""
    return PainDrawing(regions=tuple(_region(outline) for outline in form.outlines))


def outlines_of(drawing: PainDrawing) -> tuple[Outline, ...]:
    """A drawing as it is recorded."""
    return tuple(Outline(view=region.view.value, points=region.points) for region in drawing.regions)


def intake_of(form: RecordIntake) -> Intake:
    """What the questions to the physician follow from. Raises ValueError for a limb, an effect or an answer that there is not."""
    return Intake(
        diagnosis=form.diagnosis,
        trigger=form.trigger,
        limbs=tuple(Limb(limb) for limb in form.limbs),
        tried=tuple(Tried(treatment=treatment, effect=Effect(effect)) for treatment, effect in form.tried),
        medicines=form.medicines,
        allergies=form.allergies,
        answers=tuple((item, Answer(answer)) for item, answer in form.answers),
        baseline=form.baseline,
        note=form.note,
    )


def problems_of(form: Form) -> Problems:
    """Everything that cannot be in a form, by its field; empty where it can be taken."""
    match form:
        case RecordExamination():
            return _of_examination(form)
        case RecordIntake():
            return _of_intake(form)
        case RecordRecovery():
            return _of_recovery(form)
        case _:
            assert_never(form)


def _of_examination(form: RecordExamination) -> Problems:
    problems: list[tuple[str, str]] = []
    try:
        examination_of(form)
    except ExaminationError as error:
        problems += _in_one_line(error, form)
    try:
        drawing = drawing_of(form)
    except DrawingError as error:
        return (*problems, ("drawing", str(error)))
    if form.amputated and form.limb in {limb.value for limb in drawing.limbs()}:
        problems.append(("drawing", f"pain is drawn on the {form.limb}, which is amputated: chart it as phantom pain"))
    return tuple(problems)


def _in_one_line(error: ExaminationError, form: RecordExamination) -> list[tuple[str, str]]:
    """What an amputated limb cannot have is one contradiction, however many fields it touches; all else stands by its own field."""
    impossible = [field for field, problem in error.problems if problem.endswith(PHANTOM_ONLY)]
    one = (AMPUTATED, f"the {form.limb} is amputated{PHANTOM_ONLY}, not {', '.join(impossible)}")
    others = [(field, problem) for field, problem in error.problems if field not in impossible]
    named = [(OTHER_SIDE if field.startswith("temperature, ") else field, problem) for field, problem in others]
    return [*([one] if impossible else []), *named]


def _of_intake(form: RecordIntake) -> Problems:
    checked = (
        ("limb", form.limbs, {limb.value for limb in Limb}),
        ("tried", [effect for _, effect in form.tried], {effect.value for effect in Effect}),
        ("checklist", [answer for _, answer in form.answers], {answer.value for answer in Answer}),
    )
    problems = [(field, f"{word!r} is none") for field, words, allowed in checked for word in words if word not in allowed]
    ids = [item for item, _ in form.answers]
    problems += [("checklist", f"{item} is answered twice") for item in dict.fromkeys(ids) if ids.count(item) > 1]
    return (*problems, *_implausible("baseline", form.baseline))


def _of_recovery(form: RecordRecovery) -> Problems:
    problems = [*_off_scale("aldrete", ALDRETE, form.aldrete), *_off_scale("padss", PADSS, form.padss)]
    return (*problems, *_implausible("vitals", form.vitals))


def _off_scale(field: str, scale: SumScale, scores: Sequence[tuple[str, int]]) -> Problems:
    """Scores off their scale; that some are missing is no problem, the sum is then not known."""
    items = {item.name: item for item in scale.items}
    problems = []
    for name, score in scores:
        try:
            if name not in items:
                raise ScoreError(f"{scale.name} has no item {name}")  # noqa: TRY301 (told like any other score that cannot be)
            items[name].grade(score)
        except ScoreError as error:
            problems.append((field, str(error)))
    return tuple(problems)


def _implausible(field: str, vitals: Sequence[tuple[Metric, float]]) -> Problems:
    return tuple(
        (field, f"{metric.label}: {value:g} {metric.unit.text} cannot be; allowed is {metric.low:g} to {metric.high:g}")
        for metric, value in vitals
        if not metric.low <= value <= metric.high
    )


def _region(outline: Outline) -> Region:
    if outline.view not in set(View):
        raise DrawingError(f"there is no view {outline.view!r} of the figure")
    return Region(view=View(outline.view), points=outline.points)


def phase_words(form: RecordExamination) -> str:
    """``right arm, before the infusion``."""
    return f"{form.limb or 'no limb'}, {Phase(form.phase).value} the infusion"
