"""The words of the charted forms as they are recorded: the examination of a limb, the intake, the recovery. Judges no answer.

A form is kept as it was filled in, so it can be read by whatever program comes later; what its answers mean, and which of them contradict
one another, stands in ``clinical.assessments``. Limbs, findings and answers are written in the words of their enums there.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from clinical.instant import Instant
from clinical.metrics import Metric


class Phase(StrEnum):
    """Which side of the infusion an examination lies on."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A closed outline on the body map; ``view`` is "front" or "back", points are in the figure's own coordinates."""

    view: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordExamination:
    """One limb, reported and seen, and the pain as it was drawn.

    Attributes:
        event_at: when it was examined, which may be before it was entered.
        limb: the one that is treated, compared with the same limb of the other side; empty in a draft only.
        symptoms, signs: (finding, there or not); one that is left out was not asked or not examined.
        continuing_pain: out of proportion to its cause; None: not asked.
        pain, phantom_pain: 0–10 at rest.
        temperature_c, opposite_temperature_c: of the skin at the same place of both limbs.
        range_of_motion_percent: of the other side's.
        no_better_diagnosis: the physician's word; None: not said.
        outlines: where it hurts. ``drawn``: the map was used, so no outline at all says that nothing hurts.
        corrects: number of the form that this one replaces, which is kept; None for a new one. ``reason``: why.
    """

    event_at: Instant
    phase: Phase
    limb: str
    symptoms: tuple[tuple[str, bool], ...] = ()
    signs: tuple[tuple[str, bool], ...] = ()
    continuing_pain: bool | None = None
    pain: int | None = None
    temperature_c: float | None = None
    opposite_temperature_c: float | None = None
    range_of_motion_percent: float | None = None
    amputated: bool = False
    opposite_amputated: bool = False
    phantom_pain: int | None = None
    no_better_diagnosis: bool | None = None
    outlines: tuple[Outline, ...] = ()
    drawn: bool = False
    note: str = ""
    by: str = ""
    corrects: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordIntake:
    """What is known before the first infusion.

    Attributes:
        trigger: what came before the pain.
        limbs: that hurt; the first is the one that is treated.
        tried: (treatment, what it did).
        medicines: with dose, as the patient takes them.
        allergies: empty: not asked; "none" is an answer.
        answers: (id of a line of the checklist, answer).
        baseline: vital signs at rest, confirmed, in each metric's unit.
        corrects, reason: as of an examination.
    """

    event_at: Instant
    diagnosis: str = ""
    trigger: str = ""
    limbs: tuple[str, ...] = ()
    tried: tuple[tuple[str, str], ...] = ()
    medicines: tuple[str, ...] = ()
    allergies: tuple[str, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    baseline: tuple[tuple[Metric, float], ...] = ()
    note: str = ""
    by: str = ""
    corrects: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRecovery:
    """The patient after the infusion, and the checklist as it stood when it was signed.

    Attributes:
        aldrete, padss: a score for each item, by its name.
        vitals: confirmed, in each metric's unit.
        escort: present or not; None: not entered.
        lines: (what is asked for, met or not, the data that said so), as shown.
        corrects, reason: as of an examination.
    """

    event_at: Instant
    aldrete: tuple[tuple[str, int], ...] = ()
    padss: tuple[tuple[str, int], ...] = ()
    vitals: tuple[tuple[Metric, float], ...] = ()
    escort: bool | None = None
    lines: tuple[tuple[str, str, str], ...] = ()
    note: str = ""
    by: str = ""
    corrects: int | None = None
    reason: str = ""


Form = RecordExamination | RecordIntake | RecordRecovery


def is_empty(form: Form) -> bool:
    """Whether nothing was entered in it but who, when and of which limb."""
    match form:
        case RecordExamination():
            asked = (form.continuing_pain, form.pain, form.phantom_pain, form.no_better_diagnosis)
            measured = (form.temperature_c, form.opposite_temperature_c, form.range_of_motion_percent)
            said = (form.symptoms, form.signs, form.drawn, form.amputated, form.opposite_amputated, form.note.strip())
            return not any(said) and all(one is None for one in (*asked, *measured))
        case RecordIntake():
            lists = (form.limbs, form.tried, form.medicines, form.allergies, form.answers, form.baseline)
            return not any((*lists, form.diagnosis.strip(), form.trigger, form.note.strip()))
        case RecordRecovery():
            return form.escort is None and not any((form.aldrete, form.padss, form.vitals, form.note.strip()))
        case _:
            assert_never(form)
