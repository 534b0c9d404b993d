"""What is known of a patient before the first infusion, and what of it the physician is to be asked. Decides nothing.

No answer here stops a case or allows one: the only result is a list of lines to ask about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from clinical.assessments.limbs import Limb
from clinical.metrics import Metric
from clinical.site_values import SiteTable

TRIGGERS = ("injury", "fracture", "operation", "heart attack", "stroke", "infection", "immobilisation", "none known")
TREATMENTS = (
    "physical therapy",
    "occupational therapy",
    "mirror therapy",
    "medicines",
    "nerve blocks",
    "spinal cord stimulation",
    "acupuncture",
    "psychotherapy",
    "ketamine",
)
"""Words to choose from; any other may be entered."""

_ITEM = ("id", "text", "kind", "source", "certainty")
CERTAINTIES = ("read", "second-hand", "recalled", "proposal")


class Kind(StrEnum):
    CONTRAINDICATION = "contraindication"
    CAUTION = "caution"
    REQUIREMENT = "requirement"


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not known"


class Effect(StrEnum):
    """What a treatment did, as the patient tells it."""

    HELPED = "helped"
    HELPED_FOR_A_WHILE = "helped for a while"
    NO_EFFECT = "no effect"
    WORSE = "made it worse"
    NOT_BORNE = "was not borne"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistItem:
    """One line of a checklist.

    Attributes:
        source: where it was read; ``certainty`` says how, by one of ``CERTAINTIES``.
    """

    id: str
    text: str
    kind: Kind
    source: str
    certainty: str

    def asks(self, answer: Answer | None) -> bool:
        """Whether this answer is one to ask the physician about."""
        return answer is not (Answer.YES if self.kind is Kind.REQUIREMENT else Answer.NO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    title: str
    items: tuple[ChecklistItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A treatment before this one."""

    treatment: str
    effect: Effect
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Before the first infusion.

    Attributes:
        trigger: what came before the pain.
        limbs: that hurt; the first is the one that is treated.
        tried: treatments before, and what each did.
        medicines: with dose, as the patient takes them.
        allergies: empty: not asked. "none" is an answer.
        answers: (id of a checklist's item, answer).
        baseline: vital signs at rest, in each metric's unit.
    """

    diagnosis: str
    trigger: str
    limbs: tuple[Limb, ...]
    tried: tuple[Tried, ...] = ()
    medicines: tuple[str, ...] = ()
    allergies: tuple[str, ...] = ()
    answers: tuple[tuple[str, Answer], ...] = ()
    baseline: tuple[tuple[Metric, float], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A line for the physician: ``text`` with why it is asked; of which item, None for what the intake itself leaves open."""

    text: str
    item: ChecklistItem | None = None


ASK = "Ask the physician"


def checklist_from(mapping: Mapping[str, object]) -> Checklist:
    """A checklist out of a file's content. Raises SiteValueError."""
    top = SiteTable(mapping, ("title", "item"))
    rows = top.tables("item", _ITEM)
    if not rows:
        raise top.error("item", "missing; a checklist needs at least one [[item]]")
    items = tuple(
        ChecklistItem(
            id=row.text("id"),
            text=row.text("text"),
            kind=Kind(row.choice("kind", tuple(Kind))),
            source=row.text("source"),
            certainty=row.choice("certainty", CERTAINTIES),
        )
        for row in rows
    )
    for row, item in zip(rows, items, strict=True):
        if sum(other.id == item.id for other in items) > 1:
            raise row.error("id", f"is {item.id!r}, which stands twice")
    return Checklist(title=top.text("title"), items=items)


def questions(intake: Intake, checklist: Checklist) -> tuple[Question, ...]:
    """Everything to ask the physician: contraindications first, then cautions, then what is missing. Empty: nothing was found to ask."""
    answers = dict(intake.answers)
    asked = [item for kind in Kind for item in checklist.items if item.kind is kind and item.asks(answers.get(item.id))]
    lines = [Question(text=f"{ASK}: {item.text} ({_said(item, answers.get(item.id))})", item=item) for item in asked]
    left_open = (
        ("the diagnosis", bool(intake.diagnosis.strip())),
        ("the limb", bool(intake.limbs)),
        ("allergies", bool(intake.allergies)),
        ("baseline vital signs", bool(intake.baseline)),
    )
    return (*lines, *(Question(text=f"{ASK}: {what} not entered") for what, entered in left_open if not entered))


def _said(item: ChecklistItem, answer: Answer | None) -> str:
    return f"{item.kind.value}; {'not answered' if answer is None else answer.value}"
