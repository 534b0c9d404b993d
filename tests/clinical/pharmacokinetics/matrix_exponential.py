"""An independent solution for the tests: the whole system as one matrix, its exponential by Taylor series with scaling and squaring.

Shares no formula with the program: compartments exchange amounts, an extra state that never changes carries the rate.
In extended precision where the machine has it, so that what is left of a difference is the program's.
"""

from __future__ import annotations

import numpy as np

from clinical.pharmacokinetics.compartments import RateConstants

TERMS = 24
CENTRAL, DEEP, DEEPER, EFFECT, ELIMINATED, METABOLITE, METABOLITE_DEEP, RATE = range(8)
Wide = np.longdouble


def exponential(matrix):
    halvings = max(0, int(np.ceil(np.log2(max(float(np.abs(matrix).sum(axis=1).max()), 1e-300)))) + 1)
    scaled = matrix / Wide(2) ** halvings
    total = term = np.eye(len(matrix), dtype=Wide)
    for number in range(1, TERMS):
        term = term @ scaled / Wide(number)
        total = total + term
    for _ in range(halvings):
        total = total @ total
    return total


def system(c: RateConstants):
    """d(state)/dt = matrix @ state: mg, but the effect site as concentration × central volume."""
    flows = [
        (CENTRAL, ELIMINATED, c.k10),
        (CENTRAL, DEEP, c.k12),
        (DEEP, CENTRAL, c.k21),
        (CENTRAL, DEEPER, c.k13),
        (DEEPER, CENTRAL, c.k31),
    ]
    matrix = np.zeros((8, 8), dtype=Wide)
    for source, target, rate in flows:
        matrix[source, source] -= Wide(rate)
        matrix[target, source] += Wide(rate)
    matrix[EFFECT, CENTRAL], matrix[EFFECT, EFFECT], matrix[CENTRAL, RATE] = c.ke0, -c.ke0, 1
    m = c.metabolite
    if m is not None:
        matrix[METABOLITE, CENTRAL] = Wide(c.k10) * Wide(m.formed)
        matrix[METABOLITE, METABOLITE] = -Wide(m.k10) - Wide(m.k12)
        matrix[METABOLITE_DEEP, METABOLITE] = matrix[METABOLITE_DEEP, METABOLITE_DEEP] = m.k12
        matrix[METABOLITE_DEEP, METABOLITE_DEEP] = -Wide(m.k21)
        matrix[METABOLITE, METABOLITE_DEEP] = m.k21
    return matrix


def levels_by_matrix(c: RateConstants, minutes, rate_mg_per_min, bolus_mg, at_min):
    """Plasma, effect and metabolite at each of ``at_min``, ng/mL, shape (k, 3): stepped from change to change."""
    matrix, found = system(c), {}
    state, now, changes = np.zeros(8, dtype=Wide), 0.0, dict(zip(minutes, zip(rate_mg_per_min, bolus_mg, strict=True), strict=True))
    for moment in sorted({*minutes, *at_min}):
        state = exponential(matrix * (Wide(moment) - Wide(now))) @ state
        now = moment
        if moment in changes:
            rate, bolus = changes[moment]
            state[RATE] = rate
            state[CENTRAL] += Wide(bolus)
        metabolite = 0.0 if c.metabolite is None else state[METABOLITE] / Wide(c.metabolite.v1_l)
        found[moment] = [float(1000 * x) for x in (state[CENTRAL] / Wide(c.v1_l), state[EFFECT] / Wide(c.v1_l), metabolite)]
    return np.array([found[moment] for moment in at_min])
