"""What changed from one examination of a limb to a later one. Judges no change to be a success."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clinical.assessments.css16 import CHANGE_OF_NOTE
from clinical.assessments.examination import LimbExamination, css16_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ExaminedChange:
    """Later minus earlier; None where one of them was not known.

    Attributes:
        gone, come: findings (symptoms and signs by name) that were there and are not, and the other way round.
        css16: points; ``comparable`` says whether the same items were assessed both times.
        difference_c: of the side difference of the skin's temperature.
    """

    gone: tuple[str, ...]
    come: tuple[str, ...]
    css16: int
    comparable: bool
    pain: int | None
    difference_c: float | None
    range_of_motion_percent: float | None

    @property
    def of_note(self) -> bool:
        """The score moved as much as is said to be relevant (``css16.CHANGE_NOTE``)."""
        return self.comparable and abs(self.css16) >= CHANGE_OF_NOTE


def change(before: LimbExamination, after: LimbExamination) -> ExaminedChange:
    """Raises ValueError for two limbs."""
    if before.limb is not after.limb:
        raise ValueError(f"the {before.limb} cannot be compared with the {after.limb}")
    old, new = css16_of(before), css16_of(after)
    return ExaminedChange(
        gone=_turned(before, after, there=False),
        come=_turned(before, after, there=True),
        css16=new.total - old.total,
        comparable=old.not_assessed == new.not_assessed,
        pain=None if before.pain is None or after.pain is None else after.pain - before.pain,
        difference_c=_less(after.difference_c, before.difference_c),
        range_of_motion_percent=_less(after.range_of_motion_percent, before.range_of_motion_percent),
    )


def _turned(before: LimbExamination, after: LimbExamination, *, there: bool) -> tuple[str, ...]:
    pairs: tuple[tuple[str, Mapping[str, bool], Mapping[str, bool]], ...] = (
        ("symptom", dict(before.symptoms), dict(after.symptoms)),
        ("sign", before.all_signs, after.all_signs),
    )
    return tuple(
        f"{kind}: {name}" for kind, old, new in pairs for name, now in new.items() if now is there and old.get(name) is (not there)
    )


def _less(later: float | None, earlier: float | None) -> float | None:
    return None if later is None or earlier is None else later - earlier
