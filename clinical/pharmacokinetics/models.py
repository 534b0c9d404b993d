"""Published parameter sets of ketamine, a row each, with where the numbers were read. Reckons nothing but scaling by weight.

``standing`` says how far a row may be trusted. No set is validated for the care of a patient, and the sets disagree with one
another by a third and more: whoever shows a concentration shows the span of several.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from clinical.pharmacokinetics.compartments import MetaboliteConstants, RateConstants

REFERENCE_KG = 70.0

HALF_LIFE_KE0_MIN = 6.1
"""Half-life of blood–effect-site equilibration: mean over endpoints, which ranged from 0 to 11.8 min; S-ketamine, 12 men
(Anesthesiology 2012;117:353, abstract). An assumption for every model here: none of them came with a measured ke0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metabolite:
    """What a model's drug becomes, for a body of 70 kg; fields as in ``DrugModel``, central and one peripheral volume.

    Attributes:
        formed: mg of it for each mg of drug eliminated.
    """

    name: str
    volumes_l: tuple[float, float]
    clearances_l_per_min: tuple[float, float]
    volume_exponents: tuple[float, float]
    clearance_exponents: tuple[float, float]
    formed: float

    def constants(self, weight_kg: float) -> MetaboliteConstants:
        """For one patient of a weight above zero."""
        volumes = _scaled(self.volumes_l, self.volume_exponents, weight_kg)
        flows = _scaled(self.clearances_l_per_min, self.clearance_exponents, weight_kg)
        return MetaboliteConstants(
            v1_l=volumes[0], k10=flows[0] / volumes[0], k12=flows[1] / volumes[0], k21=flows[1] / volumes[1], formed=self.formed
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DrugModel:
    """One published set, for a body of 70 kg.

    Attributes:
        name: for files and settings.
        drug: as in an order: "ketamine" is the racemate. Sets for one are never used for the other.
        volumes_l: central, then peripheral.
        clearances_l_per_min: elimination, then exchange with each peripheral volume.
        volume_exponents, clearance_exponents: of weight / 70 kg, for each.
        population: in whom it was fitted.
        source: the paper.
        standing: how far the row may be trusted.
        metabolite: where the source gives one whose numbers were read.
    """

    name: str
    drug: str
    volumes_l: tuple[float, ...]
    clearances_l_per_min: tuple[float, ...]
    volume_exponents: tuple[float, ...]
    clearance_exponents: tuple[float, ...]
    population: str
    source: str
    standing: str
    metabolite: Metabolite | None = None

    def constants(self, weight_kg: float, half_life_ke0_min: float = HALF_LIFE_KE0_MIN) -> RateConstants:
        """For one patient. Raises ValueError for a weight or a half-life that is not above zero."""
        if not (weight_kg > 0 and half_life_ke0_min > 0):
            raise ValueError(f"weight and half-life must be above 0, not {weight_kg:g} kg and {half_life_ke0_min:g} min")
        volumes = _scaled(self.volumes_l, self.volume_exponents, weight_kg)
        flows = _scaled(self.clearances_l_per_min, self.clearance_exponents, weight_kg)
        exchange = [(q / volumes[0], q / v) for q, v in zip(flows[1:], volumes[1:], strict=True)]
        (k12, k21), (k13, k31) = (*exchange, (0.0, 0.0), (0.0, 0.0))[:2]
        return RateConstants(
            v1_l=volumes[0],
            k10=flows[0] / volumes[0],
            k12=k12,
            k21=k21,
            k13=k13,
            k31=k31,
            ke0=math.log(2) / half_life_ke0_min,
            metabolite=None if self.metabolite is None else self.metabolite.constants(weight_kg),
        )


def _scaled(values: Sequence[float], exponents: Sequence[float], weight_kg: float) -> list[float]:
    """Volumes or flows of 70 kg, for one patient."""
    relative = weight_kg / REFERENCE_KG
    return [value * relative**exponent for value, exponent in zip(values, exponents, strict=True)]


def _by_rate_constants(
    *, name: str, v1_l_per_kg: float, k10: float, exchange: tuple[tuple[float, float], ...], population: str, source: str, standing: str
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
        population=population,
        source=source,
        standing=standing,
    )


DOMINO = _by_rate_constants(
    name="domino",
    v1_l_per_kg=0.063,
    k10=0.438,
    exchange=((0.592, 0.247), (0.590, 0.0146)),
    population="healthy adults",
    source="Domino; cited as Clin Pharmacol Ther 1984;36:645 and as 1982 (PMID 7198883)",
    standing="as read in two public programs, which cite different papers for the same numbers",
)
CLEMENTS_250 = _by_rate_constants(
    name="clements250",
    v1_l_per_kg=1.7522,
    k10=0.0109,
    exchange=((0.0186, 0.0137),),
    population="volunteers",
    source="Clements & Nimmo, Br J Anaesth 1981;53:27 (250 µg/kg)",
    standing="as read in one public program; a second rounds it otherwise (concentrations differ by up to 3.1 %)",
)
KAMP_2020 = DrugModel(
    name="kamp2020",
    drug="ketamine",
    volumes_l=(25.0, 56.0, 157.0),
    clearances_l_per_min=(84 / 60, 161 / 60, 79 / 60),
    volume_exponents=(1.0, 1.0, 1.0),
    clearance_exponents=(1.0, 1.0, 1.0),
    population="18 studies, pooled",
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
    population="healthy adults; venous samples",
    source="Fanta 2015 / Otto 2021, Table 3 and supplement",
    standing="as read in a public model library that quotes the table; its metabolite takes all that is eliminated, mass for mass",
    metabolite=Metabolite(
        name="S-norketamine",
        volumes_l=(98.64, 160.04),
        clearances_l_per_min=(57.72 / 60, 42.78 / 60),
        volume_exponents=(1.0, 0.0),
        clearance_exponents=(0.75, 0.0),
        formed=1.0,
    ),
)
SIMONS_2022 = DrugModel(
    name="simons2022",
    drug="S-ketamine",
    volumes_l=(11.6, 39.0, 174.0),
    clearances_l_per_min=(1.48, 2.43, 1.21),
    volume_exponents=(1.0, 1.0, 1.0),
    clearance_exponents=(0.75, 0.75, 0.75),
    population="healthy adults; arterial samples",
    source="Simons 2022, Table 4",
    standing="as read in a public model library that quotes the table; exponents of weight assumed; metabolites left out here",
)

MODELS = (KAMP_2020, DOMINO, CLEMENTS_250, OTTO_2021, SIMONS_2022)


def models_for(drug: str) -> tuple[DrugModel, ...]:
    """The sets of one drug; the first is the one shown as the estimate. Raises ValueError for a drug without any."""
    found = tuple(row for row in MODELS if row.drug == drug)
    if not found:
        known = ", ".join(dict.fromkeys(row.drug for row in MODELS))
        raise ValueError(f"no concentration model for {drug!r}; there are models for: {known}")
    return found


def model_named(name: str) -> DrugModel:
    """The set of that name. Raises ValueError that tells the names there are."""
    for row in MODELS:
        if row.name == name:
            return row
    raise ValueError(f"no model is called {name!r}; there are {', '.join(row.name for row in MODELS)}")
