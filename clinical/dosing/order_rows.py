"""The rows of an order beside its steps: boluses, rules, adjuncts, rounds. Reads no file; knows no ladder."""

from __future__ import annotations

from collections.abc import Sequence

from clinical.metrics import CATALOGUE
from clinical.orders import Adjunct, BolusRule, RoundInterval, Rule, RuleAction
from clinical.site_values import SiteTable

BOLUS = ("dose_mg", "dose_mg_per_kg", "over_min", "least_min_between", "most_in_case")
RULE = ("action", "metric", "score", "above", "below", "above_percent_of_baseline", "below_percent_of_baseline", "readings", "for_s")
ADJUNCT = ("text", "when")
ROUND = ("every_min", "until_min")

MOST_BOLUS_MG, MOST_BOLUS_MG_PER_KG = 200.0, 2.0
MOST_PERCENT = 300.0
LOWEST_SCORE, HIGHEST_SCORE = -10.0, 200.0
WHEN = ("before", "with the start", "if needed", "after")
_METRICS = tuple(metric.id for metric in CATALOGUE.values() if not metric.waveform)
_SIDES = ("above", "below", "above_percent_of_baseline", "below_percent_of_baseline")


def bolus_from(row: SiteTable, weight_kg: float) -> BolusRule:
    """Raises SiteValueError."""
    if row.has("dose_mg") == row.has("dose_mg_per_kg"):
        raise row.error("dose_mg", "needed is either this or dose_mg_per_kg")
    by_weight = row.number_or_none("dose_mg_per_kg", 0.001, MOST_BOLUS_MG_PER_KG)
    dose_mg = row.number("dose_mg", 0.1, MOST_BOLUS_MG) if by_weight is None else by_weight * weight_kg
    return BolusRule(
        dose_mg=dose_mg,
        over_min=row.number("over_min", 0.1, 120),
        least_min_between=row.number("least_min_between", 1, 24 * 60),
        most_in_case=row.whole("most_in_case", 1, 100),
    )


def rule_from(row: SiteTable) -> Rule:
    """Raises SiteValueError."""
    action = RuleAction(row.choice("action", tuple(RuleAction)))
    if row.has("metric") == row.has("score"):
        raise row.error("metric", "needed is either this or score")
    sides = [side for side in _SIDES if row.has(side)]
    if len(sides) != 1:
        raise row.error("above", f"needed is exactly one of {', '.join(_SIDES)}")
    metric = CATALOGUE[row.choice("metric", _METRICS)] if row.has("metric") else None
    of_baseline = sides[0].endswith("baseline")
    low, high = (LOWEST_SCORE, HIGHEST_SCORE) if metric is None else (metric.low, metric.high)
    threshold = row.number(sides[0], 1, MOST_PERCENT) if of_baseline else row.number(sides[0], low, high)
    above = sides[0].startswith("above")
    return Rule(
        action=action,
        subject=row.text("score") if metric is None else metric.id,
        label=row.text("score") if metric is None else metric.label,
        above=threshold if above else None,
        below=None if above else threshold,
        of_baseline=of_baseline,
        readings=row.whole("readings", 1, 10) if row.has("readings") else 1,
        for_s=row.number_or_none("for_s", 0, 3600) or 0.0,
    )


def adjunct_from(row: SiteTable) -> Adjunct:
    """Raises SiteValueError."""
    return Adjunct(text=row.text("text"), when=row.choice("when", WHEN))


def rounds_from(rows: Sequence[SiteTable], length_min: float) -> tuple[RoundInterval, ...]:
    """Rising in ``until_min``; the last one runs to the end. Raises SiteValueError."""
    rounds: list[RoundInterval] = []
    for row in rows:
        until_min = row.number_or_none("until_min", 1, length_min)
        before = rounds[-1].until_min if rounds else 0.0
        if before is None or (until_min is not None and until_min <= before):
            raise row.error(
                "until_min",
                f"needed is a number that rises from row to row; the row before ends at {'the end' if before is None else f'{before:g}'}",
            )
        rounds.append(RoundInterval(every_min=row.number("every_min", 1, 24 * 60), until_min=until_min))
    if rounds and rounds[-1].until_min is not None:
        raise rows[-1].error("until_min", "stands in the last row; allowed is none there: it runs to the end")
    return tuple(rounds)
