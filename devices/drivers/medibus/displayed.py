"""The numbers on the device's screen, reply by reply: which are missed, and what standing alarms make of them. No dialogue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from clinical.instant import Instant
from clinical.metrics import CO2, ETCO2, PLETH, SPO2, Metric
from clinical.observations import Numeric, Validity
from devices.doubt import Doubt
from devices.drivers.medibus.alerts import ROWS, Told
from devices.drivers.medibus.mapping import EXPECTED, METRICS, STANDARD_AMBIENT_MMHG, ambient_mmhg, reading, texts_in

_WITH_WAVE = {CO2: ETCO2, PLETH: SPO2}
"""An alarm that spoils the number spoils its waveform."""


class DisplayedValues:
    """Attributes:
    malformed: entries of replies that could not be read.
    """

    def __init__(self) -> None:
        self.malformed = 0
        self._ambient: float | None = None
        self._present: set[Metric] = set()
        self._why: dict[Metric, Doubt] = {}
        self._effects: dict[Metric, Doubt] = {}

    @property
    def ambient_mmhg(self) -> float:
        """As measured by the device; the standard one where it does not tell."""
        return self._ambient or STANDARD_AMBIENT_MMHG

    def expect(self, model: int) -> None:
        """What this model measures is missed from now on when it is not told."""
        self._present.update(EXPECTED.get(model, ()))

    def alarmed(self, alarms: Iterable[Told]) -> None:
        """Takes all alarms that stand, of both pages."""
        self._why, self._effects = {}, {}
        for alarm in alarms:
            row = ROWS.get((alarm.page, alarm.code))
            for metric in row.about if row else ():
                self._why.setdefault(metric, Doubt(Validity.INVALID, row.text if row else ""))
                if row and row.effect is not None:
                    self._worsen(metric, Doubt(row.effect, row.text))

    def _worsen(self, metric: Metric, doubt: Doubt) -> None:
        if metric not in self._effects or doubt.validity is Validity.INVALID:
            self._effects[metric] = doubt

    def wave_validity(self, metric: Metric) -> Validity:
        """What the standing alarms make of a waveform."""
        effect = self._effects.get(_WITH_WAVE[metric])
        return Validity.VALID if effect is None else effect.validity

    def numerics(self, data: bytes, now: Instant) -> Sequence[Numeric]:
        """What a reply with measured data tells, and what it leaves out of what was there. A missing value has no other mark."""
        texts, malformed = texts_in(data)
        self.malformed += malformed
        self._ambient = ambient_mmhg(texts) or self._ambient
        why, effects, ambient = self._why, self._effects, self._ambient
        told = {metric: reading(metric, texts, now, ambient=ambient, why=why.get(metric), effect=effects.get(metric)) for metric in METRICS}
        self._present.update(metric for metric, numeric in told.items() if numeric.value is not None)
        return [numeric for metric, numeric in told.items() if metric in self._present]
