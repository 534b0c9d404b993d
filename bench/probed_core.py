"""The ordinary core with a witness behind its monitor: when the step of each saturation was done.

``python -m bench.probed_core`` takes a pickled plan by standard input, as the core does. The log goes to BENCH_LOG as JSON when it
ends: pairs of CLOCK_MONOTONIC in ns and the value.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import app.core.compose
from app.core.__main__ import main as core
from app.core.spine import Spine
from clinical.messages import FromDevice, Message, Outcome
from clinical.metrics import SPO2
from clinical.observations import Numeric

stepped: list[tuple[int, float | None]] = []


class WitnessedSpine(Spine):
    def take(self, message: Message) -> Outcome:
        outcome = super().take(message)
        if isinstance(message, FromDevice) and isinstance(message.observation, Numeric) and message.observation.metric is SPO2:
            stepped.append((time.monotonic_ns(), message.observation.value))
        return outcome


def main() -> int:
    app.core.compose.Spine = WitnessedSpine  # type: ignore[misc]
    status = core()
    Path(os.environ["BENCH_LOG"]).write_text(json.dumps(stepped), encoding="utf-8")
    return status


if __name__ == "__main__":
    sys.exit(main())
