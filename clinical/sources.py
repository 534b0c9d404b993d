"""Which of several sources of one metric is shown and judged: the rule, pure. Holds no readings and raises no alarms.

A source is one channel of one device. What one sensor measures is shown from one source, led by the metric that is chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from clinical.metrics import (
    AGENT,
    AIRWAY_FLOW,
    AIRWAY_PRESSURE,
    AIRWAY_VOLUME,
    ART,
    ART_DIA,
    ART_MEAN,
    ART_SYS,
    BIS,
    BIS_QUALITY,
    CO2,
    CO2_RESP_RATE,
    CVP,
    CVP_MEAN,
    ECG_II,
    EEG,
    ETAGENT,
    ETCO2,
    ETN2O,
    ETO2,
    FIAGENT,
    FICO2,
    FIN2O,
    FIO2,
    HEART_RATE,
    ICP,
    ICP_MEAN,
    IMPEDANCE,
    IMPEDANCE_RESP_RATE,
    N2O,
    NIBP_DIA,
    NIBP_MEAN,
    NIBP_PULSE_RATE,
    NIBP_SYS,
    O2,
    PAP,
    PAP_DIA,
    PAP_MEAN,
    PAP_SYS,
    PERFUSION_INDEX,
    PLETH,
    PRESSURE,
    PRESSURE_DIA,
    PRESSURE_MEAN,
    PRESSURE_SYS,
    PULSE_RATE,
    SKIN_TEMPERATURE,
    SPO2,
    SUPPRESSION_RATIO,
    TEMPERATURE,
    Metric,
)

TAKE_BACK_AFTER = 2
"""A better source is shown only after so many good readings in a row."""

TAKE_BACK_AFTER_S = 10.0
"""And, where it had been away, only after it was good for so long without a break: a loose contact must not flicker. A proposal."""

LEADER = MappingProxyType(
    {
        PULSE_RATE: SPO2,
        PERFUSION_INDEX: SPO2,
        PLETH: SPO2,
        ECG_II: HEART_RATE,
        NIBP_DIA: NIBP_SYS,
        NIBP_MEAN: NIBP_SYS,
        NIBP_PULSE_RATE: NIBP_SYS,
        ART_DIA: ART_SYS,
        ART_MEAN: ART_SYS,
        ART: ART_SYS,
        CVP: CVP_MEAN,
        CO2_RESP_RATE: ETCO2,
        FICO2: ETCO2,
        CO2: ETCO2,
        IMPEDANCE: IMPEDANCE_RESP_RATE,
        PAP_DIA: PAP_SYS,
        PAP_MEAN: PAP_SYS,
        PAP: PAP_SYS,
        PRESSURE_DIA: PRESSURE_SYS,
        PRESSURE_MEAN: PRESSURE_SYS,
        PRESSURE: PRESSURE_SYS,
        ICP: ICP_MEAN,
        FIO2: ETO2,
        O2: ETO2,
        FIN2O: ETN2O,
        N2O: ETN2O,
        FIAGENT: ETAGENT,
        AGENT: ETAGENT,
        AIRWAY_PRESSURE: ETCO2,  # the flow sensor sits with the gas sensor in the airway, and no number of the catalogue is its own
        AIRWAY_FLOW: ETCO2,
        AIRWAY_VOLUME: ETCO2,
        BIS_QUALITY: BIS,
        SUPPRESSION_RATIO: BIS,
        EEG: BIS,
    }
)
"""What one sensor measures: on the left what follows, on the right the metric whose source is chosen for all of it."""

SIDE_BY_SIDE = frozenset({TEMPERATURE, SKIN_TEMPERATURE})
"""Channels of these are places of the body, shown together: only devices are rivals. Of all other metrics channels are rivals too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where values of a metric come from; ``channel`` is empty where the device has one, or where all are shown side by side."""

    device: str
    channel: str = ""

    @property
    def name(self) -> str:
        """As people read it: "monitor", "monitor 2"."""
        return f"{self.device} {self.channel}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStanding:
    """The sources of one metric that has several.

    Attributes:
        sources: all that have spoken, the first choice first.
        shown: the one that is shown and judged.
        chosen_by: who put the first choice first; empty where the case's order did.
    """

    metric: Metric
    sources: tuple[Source, ...]
    shown: Source
    chosen_by: str = ""

    @property
    def stands_in(self) -> bool:
        """Whether another than the first choice is shown."""
        return self.shown != self.sources[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A source as it stands: ``good`` offers a reading now, ``settled`` has done so for long enough to take over from another."""

    source: Source
    good: bool
    settled: bool


def leader_of(metric: Metric) -> Metric:
    """The metric whose source is chosen for this one: often itself."""
    return LEADER.get(metric, metric)


def source_of(metric: Metric, device: str, channel: str) -> Source:
    """The source that a value of this metric belongs to."""
    return Source(device=device, channel="" if metric in SIDE_BY_SIDE else channel)


def place_of(metric: Metric, channel: str) -> str:
    """The channel where it names a place of the body; elsewhere channels are rivals, and a limit is crossed whichever is shown."""
    return channel if metric in SIDE_BY_SIDE else ""


def choose(ranked: Sequence[Candidate], shown: Source | None) -> Source:
    """The source to be shown.

    A shown source that is good gives way only to a better one that has settled; one that is not good gives way to the first good
    one at once. Where none is good the one shown before stays, so that nothing flickers.

    Args:
        ranked: the first choice first; at least one.
        shown: what is shown now; None if nothing is yet.
    """
    shown_is_good = any(each.good and each.source == shown for each in ranked)
    for each in ranked:
        if each.good and (each.source == shown or each.settled or not shown_is_good):
            return each.source
    return shown if any(each.source == shown for each in ranked) and shown is not None else ranked[0].source


def is_settled(run: int, good_for_s: float, *, was_away: bool) -> bool:
    """Whether a source may take over: ``run`` good readings in a row over ``good_for_s``; ``was_away``: it had been without one."""
    return run >= TAKE_BACK_AFTER and (not was_away or good_for_s >= TAKE_BACK_AFTER_S)
