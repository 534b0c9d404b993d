"""What each chosen device shows before a case begins, in a few words: its best number, or why there is none. No widgets."""

from __future__ import annotations

from clinical.messages import DoseReport
from clinical.metrics import CO2_RESP_RATE, ETCO2, HEART_RATE, NIBP_SYS, PULSE_RATE, RESP_RATE, SPO2, Metric
from clinical.observations import LinkState, LinkStatus, Numeric
from widgets.figures import written

BEST = (HEART_RATE, SPO2, PULSE_RATE, RESP_RATE, CO2_RESP_RATE, ETCO2, NIBP_SYS)
"""Of a device's numbers the first of these is shown; any other where it has none of them."""

Preview = tuple[str, bool]
"""Words, and whether they are a good number."""


class Previews:
    """The last word on each device."""

    def __init__(self) -> None:
        self._shown: dict[str, Metric] = {}
        self._live: set[str] = set()

    def forget(self) -> None:
        """All lines are opened anew."""
        self._shown.clear()
        self._live.clear()

    def take_link(self, device: str, status: LinkStatus) -> Preview | None:
        """A line changed; None where a number of it stands already. What to do about a loss is said by its alarm, which has the room."""
        if status.state is LinkState.LIVE:
            self._live.add(device)
            return None if device in self._shown else ("answers", True)
        self._live.discard(device)
        self._shown.pop(device, None)
        return status.detail.partition(": ")[0] or "listening …", False

    def take_numeric(self, device: str, numeric: Numeric) -> Preview | None:
        """A number came; None if a better one is shown."""
        before = self._shown.get(device)
        if numeric.value is None:
            if before is not numeric.metric:
                return None
            del self._shown[device]
            return f"answers, but no {numeric.metric.label}: {numeric.reason or numeric.validity.value}", False
        if before is not None and _place(numeric.metric) > _place(before):
            return None
        self._shown[device] = numeric.metric
        return f"{written(numeric.value, numeric.metric.decimals)} {numeric.metric.unit.text}", True

    def take_dose(self, dose: DoseReport) -> tuple[str, Preview] | None:
        """The pump's name and its last word; None where no pump speaks."""
        if dose.pump is None or dose.stale or dose.pump_device not in self._live:
            return None
        rate = dose.pump.rate_ml_per_h
        return dose.pump_device, (f"{written(rate)} mL/h" if rate is not None else dose.pump.state.value, True)


def _place(metric: Metric) -> int:
    return BEST.index(metric) if metric in BEST else len(BEST)
