"""Whether the disk will do for the rest of the case that runs, told from its first half minute on. For the recorder's thread alone."""

from __future__ import annotations

from app.streams_heard import StreamsHeard
from clinical.commands import CaseSetup
from clinical.instant import Instant
from clinical.messages import FromDevice, Outcome
from storage.forecast import budget

FIRST_AFTER_S = 30.0
"""By then every device has sent what it sends."""


class DiskBudget:
    """Hears outcomes in their order."""

    def __init__(self) -> None:
        self._heard = StreamsHeard()
        self._setup: CaseSetup | None = None
        self._began: Instant | None = None
        self._latest: Instant | None = None

    def hear(self, outcome: Outcome) -> None:
        message = outcome.message
        self._latest = message.at
        if isinstance(message, FromDevice):
            self._heard.hear(message.device, message.observation)
        if outcome.case is not None:
            self._setup, self._began = (None, None) if outcome.ended else (outcome.case, message.at)

    def shortfall(self, free_bytes: int | None) -> str:
        """What is to be told; empty where the disk will do, or it is not known yet."""
        if self._setup is None or self._began is None or self._latest is None:
            return ""
        elapsed_s = self._latest.since(self._began)
        if elapsed_s < FIRST_AFTER_S:
            return ""
        order = self._setup.order
        needs = budget(self._heard.streams, order.length_min / 60 if order is not None else None, free_bytes, elapsed_s=elapsed_s)
        return "" if needs.suffices else needs.told
