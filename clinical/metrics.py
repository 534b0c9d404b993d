"""THE CATALOGUE: what can be measured, a row each. Nothing else in the tree may name a metric's unit, code or range.

Reference ids and codes: ISO/IEEE 11073-10101 as found in public implementations and printed HL7 messages; a code that no
source at hand confirms is None. Ids that begin with BEDSIDE_ are ours, for what has no confirmed standard id.
Units: UCUM. Plausible ranges only catch what cannot be a reading; they are no clinical limits.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from clinical.units import CELSIUS, MILLIVOLT, MMHG, OHM, ONE, PER_MINUTE, PERCENT, Unit


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Metric:
    """A descriptor: one row of the catalogue. Compared by identity; pickles to the same object.

    Attributes:
        id: ISO/IEEE 11073-10101 reference id.
        code: its CF_CODE10 number, or None where unconfirmed.
        unit: what its values are counted in.
        label: short name on a tile or a lane.
        title: full name for tables and speech.
        decimals: digits after the point when shown and exported.
        low, high: outside of these a number is not a reading at all.
        waveform: samples instead of single values.
        zero_is_a_reading: a valid 0 is what was measured (no breath, no beat) and not a probe that is off.
    """

    id: str
    code: int | None
    unit: Unit
    label: str
    title: str
    decimals: int = 0
    low: float = 0.0
    high: float = 1000.0
    waveform: bool = False
    zero_is_a_reading: bool = False

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return metric, (self.id,)

    def __repr__(self) -> str:
        return f"<{self.id}>"


HEART_RATE = Metric(id="MDC_ECG_HEART_RATE", code=147842, unit=PER_MINUTE, label="HR", title="Heart rate", high=350, zero_is_a_reading=True)
PULSE_RATE = Metric(id="MDC_PULS_OXIM_PULS_RATE", code=149530, unit=PER_MINUTE, label="Pulse", title="Pulse rate (oximeter)", high=350)
NIBP_PULSE_RATE = Metric(id="MDC_PULS_RATE_NON_INV", code=149546, unit=PER_MINUTE, label="Pulse", title="Pulse rate (cuff)", high=350)
SPO2 = Metric(id="MDC_PULS_OXIM_SAT_O2", code=150456, unit=PERCENT, label="SpO₂", title="Oxygen saturation", high=100)
PERFUSION_INDEX = Metric(id="MDC_PULS_OXIM_PERF_REL", code=150448, unit=PERCENT, label="PI", title="Perfusion index", decimals=1, high=30)
RESP_RATE = Metric(id="MDC_RESP_RATE", code=151562, unit=PER_MINUTE, label="RR", title="Respiration rate", high=200, zero_is_a_reading=True)
CO2_RESP_RATE = Metric(
    id="MDC_CO2_RESP_RATE", code=151594, unit=PER_MINUTE, label="RR", title="Respiration rate (CO₂)", high=200, zero_is_a_reading=True
)
IMPEDANCE_RESP_RATE = Metric(
    id="MDC_TTHOR_RESP_RATE", code=None, unit=PER_MINUTE, label="RR", title="Respiration rate (impedance)", high=200, zero_is_a_reading=True
)
ETCO2 = Metric(id="MDC_CONC_AWAY_CO2_ET", code=151708, unit=MMHG, label="EtCO₂", title="End-tidal CO₂", high=150, zero_is_a_reading=True)
FICO2 = Metric(id="MDC_CONC_AWAY_CO2_INSP", code=151716, unit=MMHG, label="FiCO₂", title="Inspired CO₂", high=150, zero_is_a_reading=True)
TCCO2 = Metric(id="BEDSIDE_TCUT_PCO2", code=None, unit=MMHG, label="TcCO₂", title="Transcutaneous CO₂", high=200)
NIBP_SYS = Metric(id="MDC_PRESS_BLD_NONINV_SYS", code=150021, unit=MMHG, label="SBP", title="Cuff pressure, systolic", low=20, high=300)
NIBP_DIA = Metric(id="MDC_PRESS_BLD_NONINV_DIA", code=150022, unit=MMHG, label="DBP", title="Cuff pressure, diastolic", low=10, high=300)
NIBP_MEAN = Metric(id="MDC_PRESS_BLD_NONINV_MEAN", code=150023, unit=MMHG, label="MAP", title="Cuff pressure, mean", low=10, high=300)
ART_SYS = Metric(
    id="MDC_PRESS_BLD_ART_ABP_SYS", code=None, unit=MMHG, label="ABP sys", title="Arterial pressure, systolic", low=-40, high=320
)
ART_DIA = Metric(
    id="MDC_PRESS_BLD_ART_ABP_DIA", code=None, unit=MMHG, label="ABP dia", title="Arterial pressure, diastolic", low=-40, high=320
)
ART_MEAN = Metric(
    id="MDC_PRESS_BLD_ART_ABP_MEAN", code=None, unit=MMHG, label="ABP mean", title="Arterial pressure, mean", low=-40, high=320
)
CVP_MEAN = Metric(id="MDC_PRESS_BLD_VEN_CENT_MEAN", code=None, unit=MMHG, label="CVP", title="Central venous pressure", low=-40, high=100)
TEMPERATURE = Metric(id="MDC_TEMP", code=150344, unit=CELSIUS, label="Temp", title="Temperature", decimals=1, low=10, high=50)
SKIN_TEMPERATURE = Metric(
    id="MDC_TEMP_SKIN", code=150388, unit=CELSIUS, label="Skin", title="Skin temperature", decimals=1, low=10, high=50
)
PULSE_AMPLITUDE = Metric(id="BEDSIDE_PULSE_AMPLITUDE", code=None, unit=ONE, label="PA", title="Pulse amplitude (oximeter, without scale)")

ECG_II = Metric(
    id="MDC_ECG_ELEC_POTL_II",
    code=131330,
    unit=MILLIVOLT,
    label="II",
    title="ECG, lead II",
    decimals=3,
    low=-20,
    high=20,
    waveform=True,
)
PLETH = Metric(
    id="MDC_PULS_OXIM_PLETH",
    code=150452,
    unit=ONE,
    label="Pleth",
    title="Plethysmogram",
    decimals=4,
    low=-100000,
    high=100000,
    waveform=True,
)
CO2 = Metric(id="MDC_AWAY_CO2", code=151724, unit=MMHG, label="CO₂", title="Capnogram", decimals=2, low=-20, high=200, waveform=True)
IMPEDANCE = Metric(
    id="MDC_IMPED_TTHOR",
    code=151780,
    unit=OHM,
    label="Resp",
    title="Breathing, chest impedance",
    decimals=3,
    low=-5000,
    high=5000,
    waveform=True,
)
ART = Metric(
    id="MDC_PRESS_BLD_ART_ABP", code=None, unit=MMHG, label="ABP", title="Arterial pressure", decimals=2, low=-40, high=320, waveform=True
)
CVP = Metric(
    id="MDC_PRESS_BLD_VEN_CENT",
    code=None,
    unit=MMHG,
    label="CVP",
    title="Central venous pressure",
    decimals=2,
    low=-40,
    high=100,
    waveform=True,
)

CATALOGUE = MappingProxyType({row.id: row for row in list(vars().values()) if isinstance(row, Metric)})


def metric(id: str) -> Metric:
    """The catalogue's row for a reference id. Raises KeyError for an id that is not in it."""
    return CATALOGUE[id]
