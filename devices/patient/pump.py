"""The mechanics of a simulated syringe pump: plunger, line, pressure, its own alarms. Knows no wire and no patient.

Only a hand moves it (``PumpEvent``); whatever a host sends over a line can never reach this file.
Volume is conserved: loaded = remaining + infused, and infused = delivered + what is pressed into a kinked line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from clinical.observations import PumpState
from clinical.units import ml_per_h_from_mg_per_h
from devices.driver import PumpMechanics
from devices.patient.events import (
    LineCleared,
    LineKinked,
    NewSyringe,
    PumpBolus,
    PumpEvent,
    PumpPause,
    PumpRate,
    PumpResume,
    PumpStart,
    PumpStop,
)

# Proposed behaviour of an ordinary syringe pump, no maker's figures:
BOLUS_ML_PER_H = 800.0
LINE_STRETCH_ML = 0.15  # pressed into a shut line between rest and the occlusion limit
REST_PERCENT = 12.0  # pressure in an open line at a standstill
PERCENT_PER_ML_PER_H = 0.2  # added by flow through an open line, up to 20
PAUSED_TOO_LONG_S = 120.0
NEAR_EMPTY_S = 600.0
MOVING = frozenset({PumpState.INFUSING, PumpState.BOLUS})
S_PER_H = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PumpSettings:
    """How the pump stands at the bedside before anyone touches it."""

    drug: str
    concentration_mg_per_ml: float
    syringe_ml: float
    serial: str = "SIM-0001"
    battery_min: float = 240.0


class SimulatedPump:
    """One channel. ``advance`` moves the plunger; ``touch`` is the nurse's hand."""

    def __init__(self, settings: PumpSettings) -> None:
        self._settings = settings
        self._state = PumpState.STOPPED
        self._set_rate_ml_per_h = 0.0
        self._remaining_ml = settings.syringe_ml
        self._infused_ml = 0.0
        self._bolus_left_ml = 0.0
        self._paused_s = 0.0
        self._kinked = False
        self._pressed_ml = 0.0
        self._released_ml = 0.0
        self._alarms: frozenset[str] = frozenset()
        self._conditions: tuple[tuple[str, Callable[[], bool]], ...] = (
            ("occlusion", self._occluded),
            ("syringe empty", lambda: self._remaining_ml <= 0),
            ("near empty", self._near_empty),
            ("paused too long", lambda: self._paused_s > PAUSED_TOO_LONG_S),
        )
        self._hands: dict[type[PumpEvent], Callable[[Any], None]] = {
            PumpStart: self._start,
            PumpRate: self._set_rate,
            PumpResume: self._resume,
            PumpPause: self._pause,
            PumpStop: self._stop,
            PumpBolus: self._bolus,
            NewSyringe: self._new_syringe,
            LineKinked: self._kink,
            LineCleared: self._clear,
        }

    @property
    def mechanics(self) -> PumpMechanics:
        """As it stands now. ``rate_ml_per_h`` is what the plunger moves at: 0 unless it moves."""
        return PumpMechanics(
            serial=self._settings.serial,
            state=self._state,
            rate_ml_per_h=self._rate_ml_per_h(),
            infused_ml=self._infused_ml,
            to_infuse_ml=self._infused_ml + self._remaining_ml,
            remaining_ml=self._remaining_ml,
            syringe_ml=self._settings.syringe_ml,
            pressure_percent=self._pressure_percent(),
            drug=self._settings.drug,
            concentration_mg_per_ml=self._settings.concentration_mg_per_ml,
            battery_min=self._settings.battery_min,
            alarms=self._alarms,
        )

    @property
    def pressed_ml(self) -> float:
        """In the stretched line: counted as infused, not delivered."""
        return self._pressed_ml

    def touch(self, event: PumpEvent) -> None:
        """What a hand does to it. A pump in alarm takes a start only once the cause is gone."""
        self._hands[type(event)](event)

    def advance(self, seconds: float) -> float:
        """Moves on by ``seconds``; gives the mg that reached the patient meanwhile."""
        pushed_ml = self._push(seconds)
        delivered_ml = self._released_ml
        self._released_ml = 0.0
        if self._kinked:
            self._pressed_ml += pushed_ml
        else:
            delivered_ml += pushed_ml
        self._paused_s = self._paused_s + seconds if self._state is PumpState.PAUSED else 0.0
        self._judge()
        return delivered_ml * self._settings.concentration_mg_per_ml

    def _push(self, seconds: float) -> float:
        """Moves the plunger; gives mL. A bolus runs first, then the set rate for what is left of the time."""
        if self._state not in MOVING:
            return 0.0
        bolus_ml = min(self._bolus_left_ml, BOLUS_ML_PER_H * seconds / S_PER_H)
        self._bolus_left_ml -= bolus_ml
        rest_s = seconds - bolus_ml * S_PER_H / BOLUS_ML_PER_H
        pushed_ml = min(bolus_ml + self._set_rate_ml_per_h * rest_s / S_PER_H, self._remaining_ml, self._room_ml())
        self._remaining_ml -= pushed_ml
        self._infused_ml += pushed_ml
        if self._state is PumpState.BOLUS and self._bolus_left_ml <= 0:
            self._state = PumpState.INFUSING if self._set_rate_ml_per_h > 0 else PumpState.STOPPED
        return pushed_ml

    def _room_ml(self) -> float:
        return LINE_STRETCH_ML - self._pressed_ml if self._kinked else float("inf")

    def _judge(self) -> None:
        """Alarms of the pump itself, anew from how it stands; those that need a stop, stop it."""
        found = {name for name, stands in self._conditions if stands()}
        if found & {"occlusion", "syringe empty"} and self._state in MOVING:
            self._state = PumpState.ALARM
            self._bolus_left_ml = 0.0
        self._alarms = frozenset(found)

    def _rate_ml_per_h(self) -> float:
        if self._state is PumpState.BOLUS:
            return BOLUS_ML_PER_H
        return self._set_rate_ml_per_h if self._state is PumpState.INFUSING else 0.0

    def _pressure_percent(self) -> float:
        flow = 0.0 if self._kinked else min(20.0, PERCENT_PER_ML_PER_H * self._rate_ml_per_h())
        return min(100.0, REST_PERCENT + flow + (100.0 - REST_PERCENT) * self._pressed_ml / LINE_STRETCH_ML)

    def _occluded(self) -> bool:
        return self._kinked and self._room_ml() <= 1e-12

    def _near_empty(self) -> bool:
        return self._state in MOVING and 0 < self._remaining_ml < self._set_rate_ml_per_h * NEAR_EMPTY_S / S_PER_H

    def _start(self, event: PumpStart) -> None:
        self._set_rate(event)
        self._resume(event)

    def _set_rate(self, event: PumpStart | PumpRate) -> None:
        self._set_rate_ml_per_h = ml_per_h_from_mg_per_h(event.rate_mg_per_h, self._settings.concentration_mg_per_ml)

    def _resume(self, _: PumpEvent) -> None:
        if self._set_rate_ml_per_h > 0 and self._remaining_ml > 0 and not self._occluded():
            self._state = PumpState.INFUSING
        self._judge()

    def _pause(self, _: PumpEvent) -> None:
        if self._state in MOVING:
            self._state = PumpState.PAUSED
            self._bolus_left_ml = 0.0

    def _stop(self, _: PumpEvent) -> None:
        self._state = PumpState.STOPPED
        self._bolus_left_ml = 0.0
        self._judge()

    def _bolus(self, event: PumpBolus) -> None:
        if self._state in MOVING:
            self._bolus_left_ml += event.dose_mg / self._settings.concentration_mg_per_ml
            self._state = PumpState.BOLUS

    def _new_syringe(self, _: PumpEvent) -> None:
        self._remaining_ml = self._settings.syringe_ml
        self._state = PumpState.STOPPED
        self._judge()

    def _kink(self, _: PumpEvent) -> None:
        self._kinked = True

    def _clear(self, _: PumpEvent) -> None:
        self._kinked = False
        self._released_ml += self._pressed_ml
        self._pressed_ml = 0.0
        self._judge()
