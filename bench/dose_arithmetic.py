"""Dose arithmetic against exact fractions: a million random cases, none of them wrong. Prints JSON; limits are in it.

    python -m bench.dose_arithmetic [--cases N]

Each case takes a rate, a weight and a concentration over all magnitudes, goes through every conversion, and compares with
``fractions.Fraction`` of the same floats; what is displayed is read back; and a mixture of drugs or kinds is offered, to be refused.
"""

from __future__ import annotations

import argparse
import random
from fractions import Fraction

from bench.report import Figure, report
from clinical.dosing.quantities import (
    Concentration,
    ConcentrationUnit,
    DoseRate,
    Drug,
    Flow,
    Mass,
    RateUnit,
    UnitError,
    Volume,
    Weight,
    displayed,
    dose_rate,
)

HOW = "Random rates, weights and concentrations over all plausible magnitudes and beyond, each through every conversion, against fractions."
MOST_RELATIVE = 1e-12
_TO_MG_PER_H = {RateUnit.MG_PER_H: Fraction(1), RateUnit.MG_PER_24_H: Fraction(1, 24), RateUnit.MG_PER_KG_H: Fraction(1)}
_TO_MG_PER_H[RateUnit.UG_PER_KG_MIN] = Fraction(60, 1000)
_TO_MG_PER_ML = {ConcentrationUnit.MG_PER_ML: Fraction(1), ConcentrationUnit.UG_PER_ML: Fraction(1, 1000)}
_TO_MG_PER_ML[ConcentrationUnit.NG_PER_ML] = Fraction(1, 1_000_000)
UNITS, CONCENTRATIONS, DRUGS = tuple(RateUnit), tuple(ConcentrationUnit), tuple(Drug)


def case(draw: random.Random) -> tuple[float, float, bool]:
    """One random case: the worst relative error, the worst of what is displayed, and whether every mixture was refused."""
    drug, other = draw.sample(DRUGS, 2)
    weight, concentration = Weight(10 ** draw.uniform(0, 2.6)), Concentration(10 ** draw.uniform(-3, 6), draw.choice(CONCENTRATIONS), drug)
    rate = DoseRate(10 ** draw.uniform(-4, 5), draw.choice(UNITS), drug)
    target = draw.choice(UNITS)
    mg_per_h = Fraction(rate.value) * _TO_MG_PER_H[rate.unit] * (Fraction(weight.kg) if rate.unit.by_weight else 1)
    wanted = mg_per_h / _TO_MG_PER_H[target] / (Fraction(weight.kg) if target.by_weight else 1)
    mg_per_ml = Fraction(concentration.value) * _TO_MG_PER_ML[concentration.unit]
    flow = rate.flow(concentration, weight)
    volume = Volume(10 ** draw.uniform(-3, 4))
    pairs = (
        (rate.to(target, weight).value, wanted),
        (flow.ml_per_h, mg_per_h / mg_per_ml),
        (dose_rate(flow, concentration).value, Fraction(flow.ml_per_h) * mg_per_ml),
        (concentration.mass_in(volume).mg, Fraction(volume.ml) * mg_per_ml),
    )
    worst = max(abs(Fraction(got) / exact - 1) for got, exact in pairs)
    shown = max(abs(Fraction(displayed(got)) / exact - 1) for got, exact in pairs)
    return float(worst), float(shown), refused(rate, concentration, other)


def refused(rate: DoseRate, concentration: Concentration, other: Drug) -> bool:
    """Whether each mixture that has no meaning is refused."""
    others = [unit for unit in UNITS if unit is not rate.unit]
    return all((
        refuses(lambda: rate + DoseRate(rate.value, rate.unit, other)),
        refuses(lambda: rate + DoseRate(rate.value, others[0], rate.drug)),
        refuses(lambda: rate < DoseRate(rate.value, others[1], rate.drug)),
        refuses(lambda: rate.flow(Concentration(1, ConcentrationUnit.MG_PER_ML, other), Weight(70))),
        refuses(lambda: Mass(1, rate.drug) + Mass(1, other)),
        refuses(lambda: Mass(1, rate.drug) + Volume(1)),  # type: ignore[operator]  # what a type checker refuses, refused in the run too
        refuses(lambda: dose_rate(Volume(1), concentration)),  # type: ignore[arg-type]
        refuses(lambda: concentration.mass_in(Flow(1))),  # type: ignore[arg-type]
        refuses(lambda: rate.to(next(unit for unit in UNITS if unit.by_weight != rate.unit.by_weight))),
    ))  # fmt: skip


def refuses(mixture: object) -> bool:
    try:
        mixture()  # type: ignore[operator]
    except UnitError:
        return True
    return False


def run(cases: int, seed: int) -> tuple[float, float, int]:
    """The worst relative error, the worst of what is displayed, and how many mixtures were not refused."""
    draw = random.Random(seed)
    worst, worst_shown, taken = 0.0, 0.0, 0
    for _ in range(cases):
        error, shown, all_refused = case(draw)
        worst, worst_shown, taken = max(worst, error), max(worst_shown, shown), taken + (not all_refused)
    return worst, worst_shown, taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    cases = parser.parse_args().cases
    worst, shown, taken = run(cases, seed=1)
    figures = (
        Figure(what=f"dose arithmetic, worst relative error of {cases:,} cases", value=worst, unit="1", limit=MOST_RELATIVE),
        Figure(what="displayed amount, worst relative error (a tenfold slip would be 0.9 or 9)", value=shown, unit="1", limit=0.005),
        Figure(what="mixtures of units or drugs that were not refused", value=taken, unit="", limit=0),
    )
    report("dose_arithmetic", HOW, figures)


if __name__ == "__main__":
    main()
