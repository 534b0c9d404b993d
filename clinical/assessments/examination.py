"""The examination of one limb for CRPS, before and after: what is reported, what is seen, and the scores that follow from both.

A finding is a row of ``FINDINGS``; Budapest and CSS-16 are computed from the rows and from nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from clinical.assessments.budapest import CLINICAL, WARM_OR_COLD_C, Budapest, Category, Rule, budapest
from clinical.assessments.css16 import Css16, css16
from clinical.assessments.limbs import Limb
from clinical.assessments.nrs import PAIN_AT_REST
from clinical.assessments.scales import ScoreError

LOWEST_SKIN_C, HIGHEST_SKIN_C = 10.0, 45.0


class ExaminationError(ValueError):
    """An examination that contradicts itself.

    Attributes:
        problems: (field, what is wrong), one for each field.
    """

    def __init__(self, problems: tuple[tuple[str, str], ...]) -> None:
        super().__init__("; ".join(f"{field}: {problem}" for field, problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What may be reported (symptom) or seen (sign).

    Attributes:
        symptom_item, sign_item: the item of CSS-16 it stands for; empty: none, or it cannot be a symptom or sign there.
        symptom, sign: it may be reported; it may be seen.
    """

    name: str
    category: Category
    symptom_item: str = ""
    sign_item: str = ""
    symptom: bool = True
    sign: bool = True


_MOTOR, _TROPHIC = "motor abnormalities", "dystrophic changes"
_TEMPERATURE = "temperature asymmetry"
FINDINGS = MappingProxyType(
    {
        row.name: row
        for row in (
            Finding(name="allodynia", category=Category.SENSORY, symptom_item="allodynia or hyperalgesia", sign_item="allodynia"),
            Finding(
                name="hyperalgesia",
                category=Category.SENSORY,
                symptom_item="allodynia or hyperalgesia",
                sign_item="hyperalgesia to pinprick",
            ),
            Finding(name="pins and needles", category=Category.SENSORY, sign=False),
            Finding(name=_TEMPERATURE, category=Category.VASOMOTOR, symptom_item=_TEMPERATURE, sign_item=_TEMPERATURE),
            Finding(name="colour", category=Category.VASOMOTOR, symptom_item="colour asymmetry", sign_item="colour asymmetry"),
            Finding(name="sweating", category=Category.SUDOMOTOR_OEDEMA, symptom_item="sweating asymmetry", sign_item="sweating asymmetry"),
            Finding(name="swelling", category=Category.SUDOMOTOR_OEDEMA, symptom_item="oedema", sign_item="oedema"),
            Finding(name="texture of skin", category=Category.MOTOR_TROPHIC, symptom_item=_TROPHIC, sign_item=_TROPHIC),
            Finding(name="hair or nails", category=Category.MOTOR_TROPHIC, symptom_item=_TROPHIC, sign_item=_TROPHIC),
            Finding(name="tremor", category=Category.MOTOR_TROPHIC, symptom_item=_MOTOR, sign_item=_MOTOR),
            Finding(name="dystonia", category=Category.MOTOR_TROPHIC, symptom_item=_MOTOR, sign_item=_MOTOR),
            Finding(name="weakness", category=Category.MOTOR_TROPHIC, symptom_item=_MOTOR, sign_item=_MOTOR),
            Finding(name="coordination", category=Category.MOTOR_TROPHIC, symptom_item=_MOTOR, sign_item=_MOTOR),
            Finding(name="range of motion", category=Category.MOTOR_TROPHIC, symptom_item=_MOTOR, sign_item=_MOTOR),
        )
    }
)
"""Pins and needles are charted as reported; they are no item of CSS-16 and count for no category of the criteria."""

NOT_COUNTED = frozenset({"pins and needles"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LimbExamination:
    """One limb at one time.

    Attributes:
        limb: the one that is treated; compared with the same limb of the other side.
        symptoms, signs: (finding, there or not); one that is left out was not asked or not examined.
        continuing_pain: out of proportion to its cause; None: not asked.
        pain: 0–10 in this limb at rest.
        temperature_c, opposite_temperature_c: of the skin at the same place of both limbs.
        range_of_motion_percent: of the other side's.
        amputated: this limb; then only ``phantom_pain`` can be charted. ``opposite_amputated``: there is nothing to compare with.
        no_better_diagnosis: the physician's; None: not said.

    Raises ExaminationError where it contradicts itself.
    """

    limb: Limb
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
    note: str = ""

    def __post_init__(self) -> None:
        problems = (*_contradictions(self), *_off_scale(self))
        if problems:
            raise ExaminationError(problems)

    @property
    def difference_c(self) -> float | None:
        """How much warmer this limb is than the other; None where one was not measured."""
        if self.temperature_c is None or self.opposite_temperature_c is None:
            return None
        return self.temperature_c - self.opposite_temperature_c

    @property
    def all_signs(self) -> Mapping[str, bool]:
        """The signs, with what the measured temperatures say where nobody judged by hand."""
        signs = dict(self.signs)
        if self.difference_c is not None:
            signs.setdefault(_TEMPERATURE, abs(self.difference_c) > WARM_OR_COLD_C)
        return signs


def budapest_of(examination: LimbExamination, rule: Rule = CLINICAL) -> Budapest:
    """The criteria from the findings; what was not asked or said counts as not there."""
    return budapest(
        continuing_pain=examination.continuing_pain is True,
        symptoms=_categories(dict(examination.symptoms)),
        signs=_categories(examination.all_signs),
        no_better_diagnosis=examination.no_better_diagnosis is True,
        rule=rule,
    )


def css16_of(examination: LimbExamination) -> Css16:
    """The score from the findings; what was not asked or not examined is named."""
    symptoms = {"continuing pain": examination.continuing_pain}
    for name, there in examination.symptoms:
        _add(symptoms, FINDINGS[name].symptom_item, there=there)
    signs: dict[str, bool | None] = {}
    for name, there in examination.all_signs.items():
        _add(signs, FINDINGS[name].sign_item, there=there)
    return css16(symptoms, signs)


def _add(items: dict[str, bool | None], item: str, *, there: bool) -> None:
    """Several findings may stand for one item: it is there if any of them is."""
    if item:
        items[item] = there or items.get(item) is True


def _categories(findings: Mapping[str, bool]) -> list[Category]:
    return [FINDINGS[name].category for name, there in findings.items() if there and name not in NOT_COUNTED]


def _contradictions(of: LimbExamination) -> tuple[tuple[str, str], ...]:
    if not of.amputated:
        problems = [("phantom pain", f"the {of.limb} is there: chart its pain")] if of.phantom_pain is not None else []
        if of.opposite_amputated and of.opposite_temperature_c is not None:
            problems.append((f"temperature, {of.limb.opposite}", "the limb is amputated"))
        return tuple(problems)
    entered = (
        ("pain", of.pain is not None or of.continuing_pain is True),
        ("symptoms", any(there for _, there in of.symptoms)),
        ("signs", any(there for _, there in of.signs)),
        ("temperature", of.temperature_c is not None),
        ("range of motion", of.range_of_motion_percent is not None),
    )
    why = f"the {of.limb} is amputated: only phantom pain can be charted"
    return tuple((field, why) for field, there in entered if there)


def _off_scale(of: LimbExamination) -> tuple[tuple[str, str], ...]:
    problems = [(kind, problem) for kind in ("symptom", "sign") for problem in _unknown(of, kind)]
    for field, score in (("pain", of.pain), ("phantom pain", of.phantom_pain)):
        if score is not None:
            try:
                PAIN_AT_REST.grade(score)
            except ScoreError:
                problems.append((field, f"{score} is off the scale; allowed is 0 to 10"))
    for field, value in (("temperature", of.temperature_c), (f"temperature, {of.limb.opposite}", of.opposite_temperature_c)):
        if value is not None and not LOWEST_SKIN_C <= value <= HIGHEST_SKIN_C:
            problems.append((field, f"{value:g} °C cannot be; allowed is {LOWEST_SKIN_C:g} to {HIGHEST_SKIN_C:g} °C"))
    motion = of.range_of_motion_percent
    if motion is not None and not 0 <= motion <= 200:
        problems.append(("range of motion", f"{motion:g} % cannot be; allowed is 0 to 200 % of the other side"))
    return tuple(problems)


def _unknown(of: LimbExamination, kind: str) -> list[str]:
    """What cannot be reported, or cannot be seen; and what is answered twice."""
    names = [name for name, _ in (of.symptoms if kind == "symptom" else of.signs)]
    allowed = [row.name for row in FINDINGS.values() if (row.symptom if kind == "symptom" else row.sign)]
    unknown = [f"{name} is none; there are {', '.join(allowed)}" for name in names if name not in allowed]
    return unknown + [f"{name} is answered twice" for name in dict.fromkeys(names) if names.count(name) > 1]
