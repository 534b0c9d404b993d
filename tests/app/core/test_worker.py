"""A part with a thread of its own that faults: told, begun again, and told to be well."""

from __future__ import annotations

import threading

from app.clock import CaseClock
from app.core.worker import Worker
from clinical.messages import SelfReport


class Faulty(Worker):
    def __init__(self) -> None:
        self.told: list[SelfReport] = []
        self.runs = 0
        self.well = threading.Event()
        super().__init__("simulated room", CaseClock(), self.told.append)

    def run(self) -> None:
        self.runs += 1
        if self.runs == 1:
            raise KeyError("a device")
        self.well.set()
        self.ended.wait()


def test_a_fault_is_told_and_the_part_goes_on() -> None:
    part = Faulty()
    part.start()
    assert part.well.wait(3)
    part.stop()
    assert [(report.part, report.ok) for report in part.told] == [("simulated room", False), ("simulated room", True)]
    assert "KeyError" in part.told[0].text
    assert part.runs == 2
