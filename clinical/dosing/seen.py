"""What an order's rules look at: readings and scores by rising time, and of several sensors of one quantity which one counts.

Knows no rule's threshold and no words.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from types import MappingProxyType

from clinical.commands import RecordAssessment
from clinical.dosing.rules import Observed
from clinical.instant import Instant
from clinical.metrics import CO2_RESP_RATE, HEART_RATE, IMPEDANCE_RESP_RATE, PULSE_RATE, RESP_RATE
from clinical.observations import Numeric
from clinical.orders import Rule

SAME_QUANTITY = MappingProxyType(
    {
        HEART_RATE.id: (HEART_RATE.id, PULSE_RATE.id),
        RESP_RATE.id: (RESP_RATE.id, CO2_RESP_RATE.id, IMPEDANCE_RESP_RATE.id),
    }
)
"""Who orders a limit of the rate of breathing means the rate that is measured, by whatever sensor; the first is preferred."""
SILENT_AFTER_S = 60.0
"""A sensor that was last heard so much before another gives way to it."""
_SLACK_S = 5.0  # beyond the longest rule's time, so that a run that is long enough is seen to be


class Seen:
    """Of one case."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._sensors = {rule.subject: SAME_QUANTITY.get(rule.subject, (rule.subject,)) for rule in rules}
        self._observed: dict[str, list[Observed]] = {name: [] for names in self._sensors.values() for name in names}
        looking = {name: [rule for rule in rules if name in self._sensors[rule.subject]] for name in self._observed}
        self._keep_s = {name: max(rule.for_s for rule in some) + _SLACK_S for name, some in looking.items()}
        self._keep_readings = {name: max(2, *(rule.readings for rule in some)) for name, some in looking.items()}

    def of(self, subject: str) -> Sequence[Observed]:
        """By rising time, of the sensor that counts."""
        found = [self._observed[name] for name in self._sensors[subject]]
        if len(found) == 1:
            return found[0]
        last = max((seen[-1].at for seen in found if seen), key=lambda at: at.monotonic_ns, default=None)
        return next((seen for seen in found if seen and last is not None and last.since(seen[-1].at) <= SILENT_AFTER_S), found[0])

    def observe(self, numeric: Numeric) -> bool:
        """Whether a rule may look at it; what is of no rule is let pass."""
        if numeric.metric.id not in self._observed or numeric.value is None:
            return False
        self._note(numeric.metric.id, numeric.measured_at or numeric.at, numeric.value)
        return True

    def score(self, assessment: RecordAssessment) -> bool:
        """As ``observe``, of its scores."""
        asked = [(item, value) for item, value in assessment.scores if item in self._observed]
        for item, value in asked:
            self._note(item, assessment.event_at, float(value))
        return bool(asked)

    def forget(self, assessment: RecordAssessment) -> bool:
        """Its scores were corrected: they are not looked at any more."""
        asked = [(item, value) for item, value in assessment.scores if item in self._observed]
        for item, value in asked:
            wrong = Observed(at=assessment.event_at, value=float(value))
            self._observed[item] = [one for one in self._observed[item] if one != wrong]
        return bool(asked)

    def _note(self, name: str, at: Instant, value: float) -> None:
        """Kept by rising time, and only as much as the rules look at."""
        seen = self._observed[name]
        insort(seen, Observed(at=at, value=value), key=lambda entry: entry.at)
        while len(seen) > self._keep_readings[name] and seen[-1].at.since(seen[1].at) > self._keep_s[name]:
            del seen[0]
