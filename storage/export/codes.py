"""What other systems call our metrics and scores: LOINC, SNOMED CT and IEEE 11073 codes that a source confirms, and no other.

LOINC: hl7.org's vital-signs value set (R4), the profiles of the Medizininformatik-Initiative, loinc.org. A score without a row has
no confirmed code and goes under this program's own name. 54632-5, often taken for the RASS, is another item.
"""

from __future__ import annotations

from types import MappingProxyType

from clinical import metrics
from clinical.metrics import Metric

LOINC, SNOMED, MDC, UCUM = (
    "http://loinc.org",
    "http://snomed.info/sct",
    "urn:iso:std:iso:11073:10101",
    "http://unitsofmeasure.org",
)
OURS = "urn:bedside:codes"

VITAL_SIGNS = MappingProxyType(
    {
        metrics.HEART_RATE: ("8867-4",),
        metrics.RESP_RATE: ("9279-1",),
        metrics.SPO2: ("2708-6", "59408-5"),
        metrics.TEMPERATURE: ("8310-5",),
        metrics.NIBP_SYS: ("8480-6",),
        metrics.NIBP_DIA: ("8462-4",),
        metrics.NIBP_MEAN: ("8478-0",),
    }
)
"""Metrics that the R4 vital-signs profile has, with the codes it asks for first."""
BLOOD_PRESSURE_PANEL = "85354-9"
FURTHER = MappingProxyType(
    {
        metrics.ETCO2: ("19891-1",),
        metrics.SKIN_TEMPERATURE: ("39106-0",),
        metrics.PERFUSION_INDEX: ("61006-3",),
    }
)
"""Metrics with a LOINC code that are not in the profile."""
SCORES = MappingProxyType(
    {
        "pain at rest": (LOINC, "72514-3"),
        "RASS": (SNOMED, "1345050000"),
    }
)
PUMP_RATE, DOSE_RATE = (157784, "MDC_FLOW_FLUID_PUMP"), (157924, "MDC_RATE_DOSE")
PROFILE_UNITS = frozenset({"/min", "%", "Cel", "mm[Hg]"})
UNITS = frozenset({one.unit.ucum for one in metrics.CATALOGUE.values()} | {"mL/h", "mg/h", "mg/kg/h", "mg", "kg"})


def loinc_of(metric: Metric) -> tuple[str, ...]:
    return VITAL_SIGNS.get(metric) or FURTHER.get(metric) or ()
