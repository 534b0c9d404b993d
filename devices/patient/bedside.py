"""The simulated bedside: one patient, one cuff, one oximeter finger, one pump, moved together. Knows no wire and no protocol.

Everything inside moves on a grid of whole seconds from the start (``QUANTUM_S``): an event of the scenario takes hold at the
first whole second not before its time, and numbers change at whole seconds only. So the size of the steps by which somebody
advances it changes nothing, and one seed gives one case. Waveforms are continuous in time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from clinical.instant import NS_PER_S, Instant
from clinical.metrics import (
    CO2,
    CO2_RESP_RATE,
    ECG_II,
    ETCO2,
    FICO2,
    HEART_RATE,
    IMPEDANCE,
    IMPEDANCE_RESP_RATE,
    PERFUSION_INDEX,
    PLETH,
    PULSE_RATE,
    RESP_RATE,
    SKIN_TEMPERATURE,
    SPO2,
    TEMPERATURE,
    Metric,
)
from devices.driver import CuffReading, PumpMechanics
from devices.patient.contacts import Contacts
from devices.patient.cuff import Cuff
from devices.patient.events import BodyEvent, CuffStart, Event, PumpEvent
from devices.patient.oximeter import FingerOximeter
from devices.patient.physiology import BodyState, Physiology
from devices.patient.pump import SimulatedPump
from devices.patient.rhythm import Rhythm, Timeline
from devices.patient.scenarios import Scenario
from devices.patient.variability import Variability
from devices.patient.waveforms import PLETH_REST, PULSE_DELAY_S, Noise, capnogram_mmhg, ecg_mv, impedance_ohm, pleth

QUANTUM_S = 1.0
KEPT_S = 12.0
"""How far back samples may be asked for."""

Vector = NDArray[np.float64]
Draw = Callable[[Vector, Timeline, Noise], Vector]

# Metric of a waveform → the sensor it needs and how it is drawn.
WAVEFORMS: MappingProxyType[Metric, tuple[str, Draw]] = MappingProxyType(
    {
        ECG_II: ("leads", ecg_mv),
        PLETH: ("probe", pleth),
        CO2: ("cannula", capnogram_mmhg),
        IMPEDANCE: ("leads", impedance_ohm),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NurseEntry:
    """What the demonstration's nurse types at ``at``; kinds and scores as in ``scenarios.PlannedEntry``."""

    at: Instant
    kind: str
    text: str
    scores: tuple[tuple[str, int], ...]


class Bedside:
    """One running scenario; what simulated devices measure (``devices.driver.SimulatedBedside``)."""

    def __init__(self, scenario: Scenario, seed: int, start: Instant) -> None:
        """Stands at ``start``, with the numbers of the first moment. The same scenario and seed give the same case."""
        drifts, rhythm, noise, cuff = (np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(4))
        self._scenario = scenario
        self._start = self._now = start
        self._tick = 0
        self._next_event = 0
        self._next_entry = 0
        unrest = scenario.sensitivity.variability
        self._physiology = Physiology(scenario.baseline, scenario.sensitivity, Variability(drifts, unrest))
        self._body = self._physiology.step(QUANTUM_S, 0.0)
        self._rhythm = Rhythm(rhythm, unrest, self._body)
        self._noise = Noise(noise)
        self._cuff = Cuff(scenario.cuff, cuff)
        self._oximeter = FingerOximeter(self._body.sao2_percent)
        self._pump = SimulatedPump(scenario.pump)
        self._delivered_mg = 0.0
        self._contacts = Contacts()
        self._settle()

    @property
    def now(self) -> Instant:
        return self._now

    @property
    def scenario(self) -> Scenario:
        return self._scenario

    @property
    def body(self) -> BodyState:
        """The truth behind the sensors: for tests and for explaining a demonstration, never for a device."""
        return self._body

    @property
    def delivered_mg(self) -> float:
        """All the ketamine that has reached the patient."""
        return self._delivered_mg

    @property
    def cuff(self) -> CuffReading | None:
        return self._cuff.reading

    @property
    def cuff_inflating(self) -> bool:
        return self._cuff.inflating

    @property
    def pump(self) -> PumpMechanics:
        return self._pump.mechanics

    @property
    def lines_unplugged(self) -> frozenset[str]:
        """Of "monitor", "oximeter" and "pump", those whose plug the scenario has pulled now."""
        return self._contacts.unplugged

    def advance(self, to: Instant) -> None:
        """Moves on to ``to``. Raises ValueError for a moment that is past."""
        if to < self._now:
            raise ValueError(f"the bedside stands at {self._now.iso()} already and cannot go back to {to.iso()}")
        last = (to.monotonic_ns - self._start.monotonic_ns) // round(QUANTUM_S * NS_PER_S)
        while self._tick < last:
            self._tick += 1
            self._step()
        self._now = to

    def nurse_entries_until(self, to: Instant) -> list[NurseEntry]:
        """What the nurse has typed up to ``to`` and was not asked for before: each entry is given once, in order."""
        until_s = to.since(self._start)
        found = []
        while self._next_entry < len(self._scenario.nurse) and self._scenario.nurse[self._next_entry].at_s <= until_s:
            entry = self._scenario.nurse[self._next_entry]
            found.append(NurseEntry(at=self._start.plus(entry.at_s), kind=entry.kind, text=entry.text, scores=entry.scores))
            self._next_entry += 1
        return found

    def value(self, metric: Metric, channel: str = "") -> float | None:
        """As an ideal sensor reads it. Skin: channels "T1" (right hand, also "") and "T2" (left hand, colder).

        Body temperature has channel "" alone, except that a probe named by "T1" or "T2" lies on that hand.
        """
        return self._values.get((metric, channel))

    def samples(self, metric: Metric, since: Instant, count: int, rate_hz: float) -> Vector:
        """As the contract says. A pleth is 0…1 of full scale. Raises ValueError beyond ``now`` or too far back."""
        begin_s = (since.monotonic_ns - self._start.monotonic_ns) / NS_PER_S
        now_s = self._now.since(self._start)
        if metric not in WAVEFORMS or count < 1:
            return np.full(max(count, 0), np.nan)
        t = begin_s + np.arange(count) / rate_hz
        if t[-1] > now_s + 1e-6 or begin_s < now_s - KEPT_S:
            raise ValueError(f"samples are there from {KEPT_S:g} s before {self._now.iso()} up to it, not at {since.iso()}")
        sensor, draw = WAVEFORMS[metric]
        values = draw(t, self._rhythm.timeline(), self._noise)
        if metric is PLETH:
            values = self._through_cuff(t, values)
        self._contacts.blank(sensor, t, values)
        return values

    def _through_cuff(self, t: Vector, values: Vector) -> Vector:
        passing = self._cuff.passing(t)
        return values if passing is None else np.asarray(PLETH_REST + (values - PLETH_REST) * (0.01 + 0.99 * passing))

    def _step(self) -> None:
        """One quantum: what flowed in it, what befell at its end, what the body and the sensors make of both."""
        given_mg = self._pump.advance(QUANTUM_S)
        self._delivered_mg += given_mg
        self._body = self._physiology.step(QUANTUM_S, given_mg)
        self._settle()

    def _settle(self) -> None:
        now_s = self._tick * QUANTUM_S
        at = self._start.plus(now_s)
        self._befall(now_s)
        self._cuff.step(now_s, at, self._body)
        self._rhythm.extend(now_s + QUANTUM_S, self._body)
        self._sense_saturation(now_s)
        self._values = self._read_sensors(now_s)

    def _sense_saturation(self, now_s: float) -> None:
        on = self._contacts.touching("probe")
        if not on:
            self._oximeter.drop()
        self._oximeter.step(QUANTUM_S, self._body.sao2_percent, pulsating=on and not self._cuff.shuts_probe(now_s))

    def _befall(self, now_s: float) -> None:
        events = self._scenario.events
        while self._next_event < len(events) and events[self._next_event].at_s <= now_s:
            self._happen(events[self._next_event].event, now_s)
            self._next_event += 1

    def _happen(self, event: Event, now_s: float) -> None:
        if isinstance(event, PumpEvent):
            self._pump.touch(event)
        elif isinstance(event, BodyEvent):
            self._physiology.feel(event)
        elif isinstance(event, CuffStart):
            self._cuff.start(now_s)
        else:
            self._contacts.happen(event, now_s)

    def _read_sensors(self, now_s: float) -> dict[tuple[Metric, str], float | None]:
        """All numbers at this second; a sensor that is off gives None."""
        body, rhythm = self._body, self._rhythm
        leads, cannula = self._contacts.touching("leads"), self._contacts.touching("cannula")
        spo2 = self._oximeter.reading
        chest = rhythm.resp_rate(now_s) if leads else None
        return {
            (HEART_RATE, ""): rhythm.heart_rate(now_s) if leads else None,
            (RESP_RATE, ""): chest,
            (IMPEDANCE_RESP_RATE, ""): chest,
            (SPO2, ""): spo2,
            (PULSE_RATE, ""): rhythm.heart_rate(now_s - PULSE_DELAY_S) if spo2 is not None else None,
            (PERFUSION_INDEX, ""): body.perfusion_index if spo2 is not None else None,
            (CO2_RESP_RATE, ""): rhythm.co2_resp_rate(now_s) if cannula else None,
            (ETCO2, ""): rhythm.end_tidal_mmhg(now_s) if cannula else None,
            (FICO2, ""): 0.0 if cannula else None,
            (TEMPERATURE, ""): body.core_celsius,
            (TEMPERATURE, "T1"): body.right_hand_celsius,
            (TEMPERATURE, "T2"): body.left_hand_celsius,
            (SKIN_TEMPERATURE, ""): body.right_hand_celsius,
            (SKIN_TEMPERATURE, "T1"): body.right_hand_celsius,
            (SKIN_TEMPERATURE, "T2"): body.left_hand_celsius,
        }
