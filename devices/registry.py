"""Finds the drivers there are, by entry point: ours, and those that others have installed. Knows no driver by name."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points

from devices.driver import Driver, Proof

GROUP = "bedside.drivers"
OUR_DISTRIBUTION = "bedside"


class DriverError(Exception):
    """A driver that is not there, or that is broken. The text is for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A driver's name, and the driver or why it cannot be had."""

    name: str
    driver: Driver | None
    error: str = ""


def drivers() -> tuple[Found, ...]:
    """All there are, sorted by name. A broken one is listed with its error and hinders no other."""
    return tuple(_found(point) for _, point in sorted(_points().items()))


def find(name: str) -> tuple[Driver, str]:
    """The driver and variant of "nonin" (variant "") or "nonin:df8". Raises DriverError."""
    base, _, variant = name.partition(":")
    points = _points()
    if base not in points:
        raise DriverError(f'no driver is called "{base}"; there are: {", ".join(sorted(points)) or "none"}')
    driver = _load(points[base])
    if variant and variant not in driver.variants:
        raise DriverError(f'driver {base} has no variant "{variant}"; it has: {", ".join(driver.variants) or "none"}')
    return driver, variant


def find_for_case(name: str) -> tuple[Driver, str]:
    """The same for a device that is to be part of a case. Raises DriverError also for one that is for the bench only."""
    driver, variant = find(name)
    if driver.proof is Proof.BENCH_ONLY:
        raise DriverError(f"{driver.name} is {driver.proof.value}: it cannot be part of a case; listen, decode and emulate read it")
    return driver, variant


def _points() -> dict[str, EntryPoint]:
    """By name. Where two distributions offer one name ours stands, then the alphabetically first: never by chance."""
    found = sorted(entry_points(group=GROUP), key=lambda point: (_distribution(point) != OUR_DISTRIBUTION, _distribution(point)))
    return {point.name: point for point in reversed(found)}


def _distribution(point: EntryPoint) -> str:
    return point.dist.name if point.dist is not None else ""


def _found(point: EntryPoint) -> Found:
    try:
        return Found(name=point.name, driver=_load(point))
    except DriverError as error:
        return Found(name=point.name, driver=None, error=str(error))


def _load(point: EntryPoint) -> Driver:
    try:
        driver = point.load()
    except Exception as error:  # strangers' code runs here at import, and may fail in any way
        raise DriverError(f"driver {point.name} cannot be loaded ({type(error).__name__}: {error})") from error
    if not isinstance(driver, Driver):
        raise DriverError(f"driver {point.name} cannot be loaded: {point.value} is no Driver")
    return driver
