"""The set-up of a case that nobody typed: a demonstration's from its scenario, a replay's from its recording."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TypeVar

from app.plan import Demonstration, DevicePlan
from app.settings import Settings
from app.site_data import Loaded, SiteData, SiteDataError
from clinical.commands import CaseSetup, Patient
from clinical.instant import Instant
from devices.driver import DeviceKind, Proof
from devices.patient.scenarios import Scenario
from devices.recordings.recording import DEVICE, Recording
from devices.registry import DriverError, drivers, find_for_case

DEMONSTRATION_DEVICES = (
    DevicePlan(name="monitor", driver="intellivue", address="virtual:monitor"),
    DevicePlan(name="oximeter", driver="nonin", address="virtual:oximeter"),
    DevicePlan(name="pump", driver="bcc", address="virtual:pump"),
)
SOURCE_ORDER = ("oximeter", "monitor", "pump", DEVICE)
"""Of two that tell the saturation the one that measures nothing else is shown and alarmed."""

_KINDS = {"monitor": DeviceKind.MONITOR, "pump": DeviceKind.PUMP}

T = TypeVar("T")
_OURS = uuid.UUID("6f0d6e6b-7f4e-4d1e-9a53-6b1d5a2f0c11")


def demonstration_devices(monitor: str = "", pump: str = "") -> tuple[DevicePlan, ...]:
    """The demonstration's devices, with other drivers for its monitor and its pump where they are named. Raises DriverError."""
    named = {"monitor": monitor, "pump": pump}
    return tuple(
        replace(plan, driver=_of_kind(plan.name, told)) if (told := named.get(plan.name)) else plan for plan in DEMONSTRATION_DEVICES
    )


def _of_kind(what: str, name: str) -> str:
    """The name of a driver that may stand there. Raises DriverError."""
    driver, _ = find_for_case(name)
    if driver.name not in drivers_for(what):
        raise DriverError(f"{name} is no {what} that a virtual line can have; there are: {', '.join(drivers_for(what))}")
    return name


def drivers_for(what: str) -> tuple[str, ...]:
    """The drivers whose device a demonstration may have as its "monitor" or its "pump": those that speak over a plain line."""
    there = [found.driver for found in drivers() if found.driver is not None]
    plain = [one for one in there if one.tcp_port is not None or not one.network_only]
    return tuple(sorted(one.name for one in plain if one.kind is _KINDS[what] and one.proof is not Proof.BENCH_ONLY))


def _uuid(*words: object) -> str:
    """The same words give the same uuid, so a simulated case made twice is the same to the byte."""
    return str(uuid.uuid5(_OURS, "/".join(str(word) for word in words)))


def _sound(loaded: Loaded[T]) -> T:
    """What was loaded. An order takes no other's place unasked: a site's broken file is told, and no case begins on another dose."""
    if loaded.error:
        raise SiteDataError(loaded.error)
    return loaded.value


def demonstration_setup(
    demonstration: Demonstration, scenario: Scenario, site: SiteData, settings: Settings, start: Instant, *, utc_offset_min: int = 0
) -> CaseSetup:
    """Raises SiteDataError if the scenario's order cannot be had. A preset of the site that cannot be used is told in the case."""
    return CaseSetup(
        uuid=_uuid("demonstration", scenario.name, demonstration.seed, start.utc_ns),
        patient=scenario.patient,
        bed=settings.bed,
        weight_kg=scenario.weight_kg,
        concentration_mg_per_ml=scenario.pump.concentration_mg_per_ml,
        syringe_ml=scenario.pump.syringe_ml,
        baseline_sbp_mmhg=scenario.baseline.sbp_mmhg,
        order=_sound(site.load_order(scenario.order, scenario.weight_kg)),
        preset=site.preset_for_case(settings.preset),
        source_order=SOURCE_ORDER,
        simulated=True,
        utc_offset_min=utc_offset_min,
        day=demonstration.day,
        course_before_mg=demonstration.course_before_mg,
        earlier_rates=demonstration.earlier_rates,
        half_life_ke0_min=settings.effect_site_half_life_min,
        hand_probes=True,  # so the simulated patient's lie
    )


def replay_setup(recording: Recording, site: SiteData, settings: Settings, start: Instant, *, utc_offset_min: int = 0) -> CaseSetup:
    """A recorded patient: no pump and no order. Raises SiteDataError."""
    return CaseSetup(
        uuid=_uuid("replay", recording.title, start.utc_ns),
        patient=Patient(label="REPLAY", diagnosis=recording.title),
        bed=settings.bed,
        weight_kg=70.0,
        concentration_mg_per_ml=1.0,
        syringe_ml=0.0,
        order=None,
        preset=site.preset_for_case(settings.preset),
        source_order=SOURCE_ORDER,
        simulated=False,
        recording=recording.title,
        utc_offset_min=utc_offset_min,
    )
