"""A kind of device that a case may have, and the drivers that could read it: in words, as they are offered. Knows no widget."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

AddressCheck = Callable[[str, str], str]
"""Driver and address → a sentence where that address cannot be right; empty where it can."""


def any_address(driver: str, address: str) -> str:  # noqa: ARG001 - the program's own check takes its place
    """The check of a page that was given none."""
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverChoice:
    """A driver as it is offered.

    Attributes:
        name: as the command line names it.
        title: what it reads, in a few words.
        models: which models, and by which protocol; empty: not told.
        proof: how well it is proven, in a word; ``standing``: by what.
        variants: what may stand after a colon in the name, and is worth choosing.
    """

    name: str
    title: str
    models: str = ""
    proof: str = ""
    standing: str = ""
    variants: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All names it may be chosen by, the plain one first."""
        return (self.name, *(f"{self.name}:{variant}" for variant in self.variants))


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A device that may be read: its name in the case ("monitor", "pump"), and the drivers it may have (at least one)."""

    name: str
    title: str
    drivers: tuple[DriverChoice, ...]

    def driver(self, name: str) -> DriverChoice | None:
        """The one of that name, whatever its variant; None if it is not offered."""
        base = name.partition(":")[0]
        return next((driver for driver in self.drivers if driver.name == base), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PortChoice:
    """Where a device may be: its address, and what is known of it ("FTDI, USB serial")."""

    address: str
    about: str = ""
