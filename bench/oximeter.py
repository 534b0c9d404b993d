"""An oximeter on a real pseudo-terminal that says what it is told to say, and a case that watches it. Nonin's data format 8."""

from __future__ import annotations

import os
import tempfile
import time
import tty
from pathlib import Path

from app.plan import CorePlan, DevicePlan
from app.supervision import meeting_place
from clinical.alarm_model import AlarmLimit, AlarmPreset
from clinical.commands import CaseSetup, Patient
from clinical.metrics import SPO2
from clinical.observations import Priority
from clinical.orders import Order, Step

PULSE = 72
LOW_LIMIT = 90


class Oximeter:
    """Speaks when told to."""

    def __init__(self) -> None:
        self._near, self._far = os.openpty()
        tty.setraw(self._far)
        self.address = os.ttyname(self._far)

    def say(self, spo2: int) -> int:
        """Puts a frame on the wire; CLOCK_MONOTONIC, ns, just before."""
        at_ns = time.monotonic_ns()
        os.write(self._near, bytes((0x80, PULSE, spo2, 0)))
        return at_ns

    def close(self) -> None:
        os.close(self._near)
        os.close(self._far)


def plan_for(oximeter: Oximeter) -> CorePlan:
    """A case on a database of its own, with one alarm that waits for nothing: a low saturation, high priority."""
    place = meeting_place()
    folder = tempfile.mkdtemp(prefix="bench-")
    preset = AlarmPreset(
        name="at once",
        source="measurement",
        limits=(AlarmLimit(metric=SPO2, low=LOW_LIMIT, high=None, priority=Priority.HIGH, delay_s=0, hysteresis=0),),
    )
    setup = CaseSetup(
        uuid="measurement",
        patient=Patient(label="measurement"),
        bed="1",
        weight_kg=70,
        concentration_mg_per_ml=2,
        syringe_ml=50,
        order=Order(name="none", drug="none", steps=(Step(rate_mg_per_h=1, earliest_min=0),), length_min=60, ceiling_mg_per_h=1),
        preset=preset,
        source_order=("oximeter",),
        simulated=True,
    )
    return CorePlan(
        database=f"sqlite:///{Path(folder) / 'case.sqlite'}",
        devices=(DevicePlan(name="oximeter", driver="nonin:df8", address=oximeter.address),),
        setup=setup,
        address=place.address,
        secret=place.secret,
    )
