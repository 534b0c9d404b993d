"""What the tracks of recordings are called, and which metric each means. One table for all formats; one rule for zeros.

NOM_ names are the IntelliVue's as VSCaptureMP writes them; the long ones are VSCapture's for Dräger machines.
"""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from clinical import metrics
from clinical.metrics import CATALOGUE, Metric

_NUMERICS = {
    metrics.HEART_RATE: ("HR", "ECG_HR", "NOM_ECG_CARD_BEAT_RATE"),
    metrics.PULSE_RATE: ("PULSE", "PR", "PLETH_HR", "SPO2_PR", "NOM_PLETH_PULS_RATE"),
    metrics.SPO2: ("SPO2", "PLETH_SAT_O2", "PLETH_SPO2", "SAO2", "NOM_PULS_OXIM_SAT_O2"),
    metrics.RESP_RATE: ("RESP", "RR", "RESP_RATE", "NOM_RESP_RATE", "RESPIRATORY_RATE"),
    metrics.CO2_RESP_RATE: ("CO2_RR", "RR_CO2", "AWRR", "NOM_AWAY_RESP_RATE", "RESPIRATORY_RATE_BASED_ON_CO2_MEASUREMENT"),
    metrics.ETCO2: ("ETCO2", "CO2_ET", "NOM_AWAY_CO2_ET", "ENDTIDAL_CO2_CONCENTRATION_MMHG"),
    metrics.FICO2: ("FICO2", "CO2_FI", "NOM_AWAY_CO2_INSP_MIN", "INSPIRATORY_CO2_CONCENTRATION_MMHG"),
    metrics.TCCO2: ("CO2", "TCCO2"),
    metrics.NIBP_SYS: ("NIBP_SYS", "NIBP_SBP", "NBPSYS", "NBP_SYS", "NOM_PRESS_BLD_NONINV_SYS"),
    metrics.NIBP_DIA: ("NIBP_DIA", "NIBP_DBP", "NBPDIAS", "NBP_DIA", "NOM_PRESS_BLD_NONINV_DIA"),
    metrics.NIBP_MEAN: ("NIBP_MEAN", "NIBP_MBP", "NBPMEAN", "NBP_MEAN", "NOM_PRESS_BLD_NONINV_MEAN"),
    metrics.ART_SYS: ("ABP_SYS", "ART_SYS", "ART_SBP", "ABPSYS", "NOM_PRESS_BLD_ART_ABP_SYS"),
    metrics.ART_DIA: ("ABP_DIA", "ART_DIA", "ART_DBP", "ABPDIAS", "NOM_PRESS_BLD_ART_ABP_DIA"),
    metrics.ART_MEAN: ("ABP_MEAN", "ART_MEAN", "ART_MBP", "ABPMEAN", "NOM_PRESS_BLD_ART_ABP_MEAN"),
    metrics.CVP_MEAN: ("CVP_MEAN", "CVP"),
    metrics.TEMPERATURE: ("TEMP", "BT", "TEMP1", "NOM_TEMP"),
}
_WAVES = {
    metrics.ECG_II: ("II", "ECG_II", "ECG2", "MLII", "ECG"),
    metrics.PLETH: ("PLETH",),
    metrics.ART: ("ABP", "ART", "IBP1"),
    metrics.CVP: ("CVP",),
    metrics.CO2: ("CO2", "AWAY_CO2"),
    metrics.IMPEDANCE: ("RESP", "IMPED_RESP"),
}


def _table(rows: dict[Metric, tuple[str, ...]]) -> MappingProxyType[str, Metric]:
    return MappingProxyType({name: metric for metric, names in rows.items() for name in names})


NUMERIC_NAMES = _table(_NUMERICS)
WAVE_NAMES = _table(_WAVES)


def metric_of(name: str, *, waveform: bool) -> Metric | None:
    """The metric a track's name means, with or without the maker's prefix ("Intellivue/PLETH"); None: not known."""
    bare = name.strip().rsplit("/", 1)[-1].strip()
    known = CATALOGUE.get(bare)
    if known is not None and known.waveform is waveform:
        return known
    key = bare.upper().replace(" ", "_").removesuffix(",")
    return (WAVE_NAMES if waveform else NUMERIC_NAMES).get(key)


def readings(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Numerics as recorded, with 0 as "no reading": recorders write 0 while a probe is off or a line is silent."""
    kept: NDArray[np.float64] = np.where(values == 0, np.nan, values).astype(np.float64)
    return kept
