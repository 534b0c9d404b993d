"""THE CATALOGUE: what can be measured, a row each. Nothing else in the tree may name a metric's unit, code or range.

Reference ids and codes: ISO/IEEE 11073-10101 as found in public implementations and printed HL7 messages; a code that no
source at hand confirms is None. Ids that begin with BEDSIDE_ are ours, for what has no confirmed standard id.
Units: UCUM. Plausible ranges only catch what cannot be a reading; they are no clinical limits.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from clinical.units import (
    CELSIUS,
    CM_H2O,
    LITRE_PER_MINUTE,
    MICROVOLT,
    MILLILITRE,
    MILLIMETRE,
    MILLIVOLT,
    MMHG,
    OHM,
    ONE,
    PER_MINUTE,
    PERCENT,
    Unit,
)


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

# Further pressures, gases, depth of sleep, ECG

PAP_SYS = Metric(
    id="MDC_PRESS_BLD_ART_PULM_SYS", code=None, unit=MMHG, label="PAP sys", title="Pulmonary artery pressure, systolic", low=-40, high=320
)
PAP_DIA = Metric(
    id="MDC_PRESS_BLD_ART_PULM_DIA", code=None, unit=MMHG, label="PAP dia", title="Pulmonary artery pressure, diastolic", low=-40, high=320
)
PAP_MEAN = Metric(
    id="MDC_PRESS_BLD_ART_PULM_MEAN", code=None, unit=MMHG, label="PAP mean", title="Pulmonary artery pressure, mean", low=-40, high=320
)
PRESSURE_SYS = Metric(id="MDC_PRESS_BLD_SYS", code=None, unit=MMHG, label="P sys", title="Invasive pressure, systolic", low=-40, high=320)
PRESSURE_DIA = Metric(id="MDC_PRESS_BLD_DIA", code=None, unit=MMHG, label="P dia", title="Invasive pressure, diastolic", low=-40, high=320)
PRESSURE_MEAN = Metric(id="MDC_PRESS_BLD_MEAN", code=None, unit=MMHG, label="P mean", title="Invasive pressure, mean", low=-40, high=320)
ICP_MEAN = Metric(id="MDC_PRESS_INTRA_CRAN_MEAN", code=None, unit=MMHG, label="ICP", title="Intracranial pressure", low=-40, high=150)
ART_PULSE_RATE = Metric(
    id="MDC_BLD_PULS_RATE_INV", code=None, unit=PER_MINUTE, label="Pulse", title="Pulse rate (arterial pressure)", high=350
)
ETO2 = Metric(id="MDC_CONC_AWAY_O2_ET", code=None, unit=PERCENT, label="EtO₂", title="End-tidal oxygen", decimals=1, high=105)
FIO2 = Metric(id="MDC_CONC_AWAY_O2_INSP", code=None, unit=PERCENT, label="FiO₂", title="Inspired oxygen", decimals=1, high=105)
ETN2O = Metric(
    id="MDC_CONC_AWAY_N2O_ET",
    code=None,
    unit=PERCENT,
    label="EtN₂O",
    title="End-tidal nitrous oxide",
    decimals=1,
    high=105,
    zero_is_a_reading=True,
)
FIN2O = Metric(
    id="MDC_CONC_AWAY_N2O_INSP",
    code=None,
    unit=PERCENT,
    label="FiN₂O",
    title="Inspired nitrous oxide",
    decimals=1,
    high=105,
    zero_is_a_reading=True,
)
ETAGENT = Metric(
    id="MDC_CONC_AWAY_AGENT_ET",
    code=None,
    unit=PERCENT,
    label="EtAA",
    title="End-tidal anaesthetic agent",
    decimals=2,
    high=30,
    zero_is_a_reading=True,
)
FIAGENT = Metric(
    id="MDC_CONC_AWAY_AGENT_INSP",
    code=None,
    unit=PERCENT,
    label="FiAA",
    title="Inspired anaesthetic agent",
    decimals=2,
    high=30,
    zero_is_a_reading=True,
)
MAC = Metric(
    id="MDC_CONC_MAC",
    code=None,
    unit=ONE,
    label="MAC",
    title="Minimum alveolar concentration, sum",
    decimals=2,
    high=20,
    zero_is_a_reading=True,
)
SVO2 = Metric(id="MDC_SAT_O2_VEN", code=None, unit=PERCENT, label="SvO₂", title="Venous oxygen saturation", high=100)
ST_LEVEL = Metric(
    id="BEDSIDE_ST_LEVEL", code=None, unit=MILLIMETRE, label="ST", title="ST level", decimals=1, low=-30, high=30, zero_is_a_reading=True
)
PVC_RATE = Metric(
    id="MDC_ECG_V_P_C_RATE", code=None, unit=PER_MINUTE, label="PVC", title="Premature ventricular beats", high=350, zero_is_a_reading=True
)
BIS = Metric(id="MDC_EEG_BISPECTRAL_INDEX", code=None, unit=ONE, label="BIS", title="Bispectral index", high=100, zero_is_a_reading=True)
BIS_QUALITY = Metric(
    id="BEDSIDE_BIS_SIGNAL_QUALITY",
    code=None,
    unit=PERCENT,
    label="SQI",
    title="Bispectral index, signal quality",
    high=100,
    zero_is_a_reading=True,
)
SUPPRESSION_RATIO = Metric(
    id="MDC_EEG_RATIO_SUPPRN", code=None, unit=PERCENT, label="SR", title="Suppression ratio of the EEG", high=100, zero_is_a_reading=True
)
STATE_ENTROPY = Metric(id="BEDSIDE_STATE_ENTROPY", code=None, unit=ONE, label="SE", title="State entropy", high=100, zero_is_a_reading=True)
RESPONSE_ENTROPY = Metric(
    id="BEDSIDE_RESPONSE_ENTROPY", code=None, unit=ONE, label="RE", title="Response entropy", high=100, zero_is_a_reading=True
)
PLETH_INDEX = Metric(
    id="BEDSIDE_SURGICAL_PLETH_INDEX", code=None, unit=ONE, label="SPI", title="Surgical pleth index", high=100, zero_is_a_reading=True
)
PRESSURE = Metric(
    id="MDC_PRESS_BLD", code=None, unit=MMHG, label="P", title="Invasive pressure", decimals=2, low=-40, high=320, waveform=True
)
PAP = Metric(
    id="MDC_PRESS_BLD_ART_PULM",
    code=None,
    unit=MMHG,
    label="PAP",
    title="Pulmonary artery pressure",
    decimals=2,
    low=-40,
    high=320,
    waveform=True,
)
ICP = Metric(
    id="MDC_PRESS_INTRA_CRAN",
    code=None,
    unit=MMHG,
    label="ICP",
    title="Intracranial pressure",
    decimals=2,
    low=-40,
    high=150,
    waveform=True,
)
O2 = Metric(
    id="MDC_CONC_AWAY_O2", code=None, unit=PERCENT, label="O₂", title="Oxygen in the airway", decimals=2, low=-5, high=110, waveform=True
)
N2O = Metric(
    id="MDC_CONC_AWAY_N2O",
    code=None,
    unit=PERCENT,
    label="N₂O",
    title="Nitrous oxide in the airway",
    decimals=2,
    low=-5,
    high=110,
    waveform=True,
)
AGENT = Metric(
    id="MDC_CONC_AWAY_AGENT",
    code=None,
    unit=PERCENT,
    label="AA",
    title="Anaesthetic agent in the airway",
    decimals=2,
    low=-5,
    high=40,
    waveform=True,
)
AIRWAY_PRESSURE = Metric(
    id="MDC_PRESS_AWAY", code=None, unit=CM_H2O, label="Paw", title="Airway pressure", decimals=1, low=-100, high=200, waveform=True
)
AIRWAY_FLOW = Metric(
    id="MDC_FLOW_AWAY", code=None, unit=LITRE_PER_MINUTE, label="Flow", title="Airway flow", decimals=1, low=-400, high=400, waveform=True
)
AIRWAY_VOLUME = Metric(
    id="MDC_VOL_AWAY", code=None, unit=MILLILITRE, label="Vol", title="Airway volume", low=-5000, high=10000, waveform=True
)
EEG = Metric(
    id="MDC_EEG_ELEC_POTL_CRTX",
    code=None,
    unit=MICROVOLT,
    label="EEG",
    title="Electroencephalogram",
    decimals=1,
    low=-5000,
    high=5000,
    waveform=True,
)

CATALOGUE = MappingProxyType({row.id: row for row in list(vars().values()) if isinstance(row, Metric)})


def metric(id: str) -> Metric:
    """The catalogue's row for a reference id. Raises KeyError for an id that is not in it."""
    return CATALOGUE[id]
