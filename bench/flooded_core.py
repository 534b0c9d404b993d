"""The core with a flood of alarms at its inlet, as a device that has gone mad would make it: real time, through the ordinary spine.

Started with a pickled plan by standard input, as ``python -m app.core`` is. FLOOD is ``after_s,seconds,per_second``; when the flood began
and ended (CLOCK_MONOTONIC, ns) is written to BENCH_LOG.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path

import app.core.compose
from app.core.__main__ import main as core
from app.core.spine import Spine
from bench.alarm_flood import STANDING, alert
from clinical.messages import FromDevice


class FloodedSpine(Spine):
    def start(self) -> None:
        super().start()
        threading.Thread(target=self._flood, name="flood", daemon=True).start()

    def _flood(self) -> None:
        after_s, seconds, per_second = (float(part) for part in os.environ["FLOOD"].split(","))
        time.sleep(after_s)
        began_ns = time.monotonic_ns()
        for number in range(round(seconds * per_second)):
            time.sleep(max(0.0, number / per_second - (time.monotonic_ns() - began_ns) / 1e9))
            for message in self._alerts(number):
                self.post(message)
        Path(os.environ["BENCH_LOG"]).write_text(json.dumps([began_ns, time.monotonic_ns()]), encoding="utf-8")

    @staticmethod
    def _alerts(number: int) -> list[FromDevice]:
        now = app.core.compose.CaseClock().now()
        ended = [alert(number - STANDING, now, active=False)] if number >= STANDING else []
        return [*ended, alert(number, now, active=True)]


def main() -> int:
    app.core.compose.Spine = FloodedSpine  # type: ignore[misc]
    return core()


if __name__ == "__main__":
    sys.exit(main())
