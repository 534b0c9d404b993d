"""What the tracks of recordings are called, and which metric each means. One table for all formats; one rule for zeros."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from clinical import metrics
from clinical.metrics import CATALOGUE, Metric

_NUMERICS = {
    metrics.HEART_RATE: ("HR", "ECG_HR"),
    metrics.PULSE_RATE: ("PULSE", "PR", "PLETH_HR", "SPO2_PR"),
    metrics.SPO2: ("SPO2", "PLETH_SAT_O2", "PLETH_SPO2", "SAO2"),
    metrics.RESP_RATE: ("RESP", "RR", "RESP_RATE"),
    metrics.CO2_RESP_RATE: ("CO2_RR", "RR_CO2", "AWRR"),
    metrics.ETCO2: ("ETCO2", "CO2_ET"),
    metrics.TCCO2: ("CO2", "TCCO2"),
    metrics.NIBP_SYS: ("NIBP_SYS", "NIBP_SBP", "NBPSYS", "NBP_SYS"),
    metrics.NIBP_DIA: ("NIBP_DIA", "NIBP_DBP", "NBPDIAS", "NBP_DIA"),
    metrics.NIBP_MEAN: ("NIBP_MEAN", "NIBP_MBP", "NBPMEAN", "NBP_MEAN"),
    metrics.ART_SYS: ("ABP_SYS", "ART_SYS", "ART_SBP", "ABPSYS"),
    metrics.ART_DIA: ("ABP_DIA", "ART_DIA", "ART_DBP", "ABPDIAS"),
    metrics.ART_MEAN: ("ABP_MEAN", "ART_MEAN", "ART_MBP", "ABPMEAN"),
    metrics.CVP_MEAN: ("CVP_MEAN", "CVP"),
    metrics.TEMPERATURE: ("TEMP", "BT", "TEMP1"),
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
