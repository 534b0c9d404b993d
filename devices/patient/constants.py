"""Every number by which the simulated patient answers drugs and breathing, each with its unit and standing. No arithmetic.

Standing: "source" was read in a publication or in a program that cites one; "textbook" is ordinary physiology;
"proposed" is this simulator's own placeholder, plausible in size, no finding, to be confirmed by your clinicians.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    value: float
    unit: str
    standing: str
    note: str = ""


_ABUHELWA = "a public program that cites Abuhelwa 2022; agrees with +7.4 mmHg and +1.9/min seen over 741 infusions"
_INHALED = "alveolar gas equation"


def _source(value: float, unit: str, note: str) -> Constant:
    return Constant(value=value, unit=unit, standing="source", note=note)


def _textbook(value: float, unit: str, note: str = "") -> Constant:
    return Constant(value=value, unit=unit, standing="textbook", note=note)


def _proposed(value: float, unit: str, note: str = "") -> Constant:
    return Constant(value=value, unit=unit, standing="proposed", note=note)


CONSTANTS: MappingProxyType[str, Constant] = MappingProxyType(
    {
        # ketamine on heart and vessels, by its effect-site level
        "sbp_emax": _source(51.6, "mmHg", _ABUHELWA),
        "sbp_c50": _source(468.0, "ng/mL", _ABUHELWA),
        "sbp_hill": _source(2.04, "1", _ABUHELWA),
        "hr_emax": _source(147.3, "/min", _ABUHELWA),
        "hr_c50": _source(7580.0, "ng/mL", _ABUHELWA),
        "dbp_share": _proposed(0.8, "1", "of the systolic rise; 6.0 of 7.4 mmHg over 741 infusions"),
        # ketamine on the mind
        "dissociation_c50": _source(242.5, "ng/mL", "a public program that cites Olofsen 2022"),
        "dissociation_hill": _source(5.33, "1", "the same"),
        "rass_minus_1_from": _proposed(150.0, "ng/mL"),
        "rass_minus_2_from": _proposed(250.0, "ng/mL"),
        # drugs on breathing
        "ketamine_rr_fall": _proposed(2.0, "/min", "at 250 ng/mL and above"),
        "ketamine_rr_full": _proposed(250.0, "ng/mL"),
        "midazolam_rr_emax": _proposed(5.0, "/min", "about 2/min after 2 mg"),
        "midazolam_depth_emax": _proposed(0.12, "1", "share of a breath's depth"),
        "midazolam_e50": _proposed(2.0, "mg", "in the effect compartment"),
        "midazolam_half_life": _proposed(40.0, "min", "of the effect of one dose"),
        "midazolam_half_life_ke0": _proposed(2.5, "min"),
        "midazolam_drowsy": _proposed(1.0, "mg", "in the effect compartment: one step of RASS, two at three times this"),
        # gas exchange
        "dead_space": _textbook(0.30, "1", "of a quiet breath"),
        "co2_response": _proposed(0.04, "/mmHg", "share of depth gained for each mmHg of CO2 retained"),
        "co2_time": _proposed(240.0, "s", "stores of the body"),
        "o2_time": _proposed(75.0, "s", "stores of lung and blood"),
        "arterial_end_tidal": _textbook(3.0, "mmHg", "gradient"),
        "inspired_dry": _textbook(713.0, "mmHg", _INHALED),
        "air_o2": _textbook(0.209, "1"),
        "o2_per_litre": _textbook(0.03, "1", "rise of the inspired fraction for each L/min by nasal cannula"),
        "o2_uptake": _textbook(51.0, "mmHg", f"fall from inspired to alveolar at quiet ventilation; {_INHALED}"),
        # how fast things follow
        "surge_rise": _proposed(90.0, "s", "time constant"),
        "surge_fall": _proposed(300.0, "s", "time constant"),
        "hand_warming": _proposed(1800.0, "s", "time constant"),
        "cold_hand_gain": _proposed(0.8, "°C", "by which the colder hand gains on the other at 200 ng/mL"),
        "perfusion_per_mmhg": _proposed(0.012, "1", "share of the perfusion index lost for each mmHg of surge"),
        # natural variability (standard deviations and rates)
        "sinus_arrhythmia": _proposed(2.2, "/min", "amplitude over a breath"),
        "mayer_wave": _proposed(1.0, "/min", "amplitude at 0.1 Hz"),
        "beat_jitter": _proposed(0.006, "1", "of each R–R interval"),
        "breath_jitter": _proposed(0.06, "1", "of each breath's length and depth"),
        "hr_drift": _proposed(1.5, "/min"),
        "sbp_drift": _proposed(3.0, "mmHg"),
        "rr_drift": _proposed(0.7, "/min"),
        "spo2_drift": _proposed(0.25, "%"),
        "drift_time": _proposed(240.0, "s", "correlation time of the slow drifts"),
    }
)


def constant(name: str) -> float:
    """The bare number of a row. Raises KeyError for a name that is not in the table."""
    return CONSTANTS[name].value
