"""Published parameter sets of ketamine, a row each, with where the numbers were read. Reckons nothing but scaling by weight.

``standing`` says how far a row may be trusted. No set is validated for the care of a patient, and the sets disagree with one
another by a third and more: whoever shows a concentration shows the span of several.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from clinical.pharmacokinetics.compartments import RateConstants

REFERENCE_KG = 70.0

HALF_LIFE_KE0_MIN = 6.1
"""Half-life of blood–effect-site equilibration: mean over endpoints, which ranged from 0 to 11.8 min; S-ketamine, 12 men
(Anesthesiology 2012;117:353, abstract). An assumption for every model here: none of them came with a measured ke0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrugModel:
    """One published set, for a body of 70 kg.

    Attributes:
        name: for files and settings.
        drug: as in an order: "ketamine" is the racemate. Sets for one are never used for the other.
        volumes_l: central, then peripheral.
        clearances_l_per_min: elimination, then exchange with each peripheral volume.
        volume_exponents, clearance_exponents: of weight / 70 kg, for each.
    """

    name: str
    drug: str
    volumes_l: tuple[float, ...]
    clearances_l_per_min: tuple[float, ...]
    volume_exponents: tuple[float, ...]
    clearance_exponents: tuple[float, ...]
    source: str
    standing: str

    def constants(self, weight_kg: float, half_life_ke0_min: float = HALF_LIFE_KE0_MIN) -> RateConstants:
        """For one patient. Raises ValueError for a weight or a half-life that is not above zero."""
        if not (weight_kg > 0 and half_life_ke0_min > 0):
            raise ValueError(f"weight and half-life must be above 0, not {weight_kg:g} kg and {half_life_ke0_min:g} min")
        relative = weight_kg / REFERENCE_KG
        volumes = [v * relative**e for v, e in zip(self.volumes_l, self.volume_exponents, strict=True)]
        flows = [c * relative**e for c, e in zip(self.clearances_l_per_min, self.clearance_exponents, strict=True)]
        exchange = [(q / volumes[0], q / v) for q, v in zip(flows[1:], volumes[1:], strict=True)]
        (k12, k21), (k13, k31) = (*exchange, (0.0, 0.0), (0.0, 0.0))[:2]
        return RateConstants(
            v1_l=volumes[0], k10=flows[0] / volumes[0], k12=k12, k21=k21, k13=k13, k31=k31, ke0=math.log(2) / half_life_ke0_min
        )


def _by_rate_constants(
    *, name: str, v1_l_per_kg: float, k10: float, exchange: tuple[tuple[float, float], ...], source: str, standing: str
) -> DrugModel:
    """A racemate row from the form in which older papers print it: L/kg, and (out, back) constants per minute."""
    v1 = v1_l_per_kg * REFERENCE_KG
    proportional = (1.0,) * (1 + len(exchange))
    return DrugModel(
        name=name,
        drug="ketamine",
        volumes_l=(v1, *(v1 * out / back for out, back in exchange)),
        clearances_l_per_min=(v1 * k10, *(v1 * out for out, _ in exchange)),
        volume_exponents=proportional,
        clearance_exponents=proportional,
        source=source,
        standing=standing,
    )


DOMINO = _by_rate_constants(
    name="domino",
    v1_l_per_kg=0.063,
    k10=0.438,
    exchange=((0.592, 0.247), (0.590, 0.0146)),
    source="Domino; cited as Clin Pharmacol Ther 1984;36:645 and as 1982 (PMID 7198883)",
    standing="as read in two public programs, which cite different papers for the same numbers; healthy adults",
)
CLEMENTS_250 = _by_rate_constants(
    name="clements250",
    v1_l_per_kg=1.7522,
    k10=0.0109,
    exchange=((0.0186, 0.0137),),
    source="Clements & Nimmo, Br J Anaesth 1981;53:27 (250 µg/kg)",
    standing="as read in one public program; a second rounds it otherwise (concentrations differ by up to 3.1 %); volunteers",
)
KAMP_2020 = DrugModel(
    name="kamp2020",
    drug="ketamine",
    volumes_l=(25.0, 56.0, 157.0),
    clearances_l_per_min=(84 / 60, 161 / 60, 79 / 60),
    volume_exponents=(1.0, 1.0, 1.0),
    clearance_exponents=(1.0, 1.0, 1.0),
    source="Kamp et al., Anesthesiology 2020;133:1192, meta-analysis of 18 studies",
    standing="as read in two public programs, which agree at 70 kg but scale clearance with weight to the power 1.0 (used) and 0.75",
)
OTTO_2021 = DrugModel(
    name="otto2021",
    drug="S-ketamine",
    volumes_l=(133.0, 187.0, 98.8),
    clearances_l_per_min=(95.2 / 60, 23.2 / 60, 157 / 60),
    volume_exponents=(1.0, 0.0, 0.0),
    clearance_exponents=(0.75, 0.0, 0.0),
    source="Fanta 2015 / Otto 2021, Table 3 and supplement",
    standing="as read in a public model library that quotes the table; venous, healthy",
)
SIMONS_2022 = DrugModel(
    name="simons2022",
    drug="S-ketamine",
    volumes_l=(11.6, 39.0, 174.0),
    clearances_l_per_min=(1.48, 2.43, 1.21),
    volume_exponents=(1.0, 1.0, 1.0),
    clearance_exponents=(0.75, 0.75, 0.75),
    source="Simons 2022, Table 4",
    standing="as read in a public model library that quotes the table; its exponents of weight are assumed; arterial, healthy",
)

MODELS = (KAMP_2020, DOMINO, CLEMENTS_250, SIMONS_2022, OTTO_2021)


def models_for(drug: str) -> tuple[DrugModel, ...]:
    """The sets of one drug; the first is the one shown as the estimate. Raises ValueError for a drug without any."""
    found = tuple(row for row in MODELS if row.drug == drug)
    if not found:
        known = ", ".join(dict.fromkeys(row.drug for row in MODELS))
        raise ValueError(f"no concentration model for {drug!r}; there are models for: {known}")
    return found
