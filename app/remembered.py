"""What this machine remembers between starts: where the devices of its cases are, and which device has answered behind which adapter.

A device is known by its USB adapter and by what it said it was, never by the name that its port happened to have. Only convenience:
a file that is missing or broken is as good as an empty one, and no record depends on it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from app.plan import CorePlan, Demonstration, DevicePlan
from devices.transports.ports import Port, UsbIdentity, find_again

MOST = 50
"""Cases; the oldest are forgotten."""


class Remembered:
    """One small JSON file: a case's uuid and the sources of its plan."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def keep(self, uuid: str, plan: CorePlan) -> None:
        """Remembers a case that has begun. Raises OSError."""
        sources = {
            "devices": [asdict(device) for device in plan.devices],
            "demonstration": None if plan.demonstration is None else asdict(plan.demonstration),
            "recording": plan.recording,
            "recording_driver": plan.recording_driver,
            "speed": plan.speed,
        }
        kept = {name: value for name, value in self._read().items() if name != uuid}
        kept = dict([*kept.items(), (uuid, sources)][-MOST:])
        _write(self._path, kept)

    def plan_of(self, uuid: str, database: str) -> CorePlan | None:
        """The plan that takes up a case; None if it is not remembered."""
        return self._plan(self._read().get(uuid), database)

    def devices(self, present: Sequence[Port] = ()) -> tuple[DevicePlan, ...]:
        """Those of the last case that had real ones, each where its adapter is among ``present``; address "" if that is not there."""
        return tuple(_placed(device, present) for device in self._last_devices())

    def _last_devices(self) -> tuple[DevicePlan, ...]:
        plans = [self._plan(sources, "") for sources in self._read().values()]
        real = (plan for plan in reversed(plans) if plan is not None and plan.demonstration is None)
        return next((plan.devices for plan in real if plan.devices), ())

    @staticmethod
    def _plan(sources: Any, database: str) -> CorePlan | None:
        try:
            told = sources["demonstration"]
            return CorePlan(
                database=database,
                devices=tuple(_device(device) for device in sources["devices"]),
                demonstration=None if told is None else Demonstration(**told),
                recording=sources["recording"],
                recording_driver=sources.get("recording_driver", ""),
                speed=float(sources["speed"]),
                resume=True,
            )
        except (KeyError, TypeError, ValueError):
            return None

    def _read(self) -> dict[str, Any]:
        return _read(self._path)


def _device(told: dict[str, Any]) -> DevicePlan:
    adapter = told.get("adapter")
    return DevicePlan(**{**told, "adapter": None if adapter is None else UsbIdentity(**adapter)})


def _placed(device: DevicePlan, present: Sequence[Port]) -> DevicePlan:
    if device.adapter is None:
        return device
    return replace(device, address=find_again(Port(name=device.address, description="", usb=device.adapter), present) or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDevice:
    """A device that has answered: the driver that understood it, what it said it was, its adapter, and its port's name then."""

    driver: str
    identity: str
    port: str
    usb: UsbIdentity | None = None


class KnownDevices:
    """Those that have answered on this machine, in one small JSON file; the latest last."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = tuple(_known_in(_read(path)))

    def expected_at(self, port: Port) -> KnownDevice | None:
        """What answered last behind this port's adapter (of a port that is no USB port: under its name)."""
        found = [known for known in self._known if (known.usb == port.usb if port.usb else known.usb is None and known.port == port.name)]
        return found[-1] if found else None

    def before(self, answered: KnownDevice) -> KnownDevice | None:
        """The same device when it answered last: by its adapter if that has a serial number, or by what it says it is."""
        return next((known for known in reversed(self._known) if _is_same(known, answered)), None)

    def keep(self, answered: Iterable[KnownDevice]) -> None:
        """Remembers these as they are now. Raises OSError."""
        fresh = tuple(answered)
        older = [known for known in self._known if not any(_is_same(known, one) for one in fresh)]
        self._known = tuple([*older, *fresh][-MOST:])
        if fresh:
            _write(self._path, {"devices": [asdict(known) for known in self._known]})


def _is_same(known: KnownDevice, other: KnownDevice) -> bool:
    if known.driver != other.driver:
        return False
    if known.usb is not None and known.usb.serial_number:
        return known.usb == other.usb
    return (known.identity, known.usb) == (other.identity, other.usb) and (bool(known.identity) or known.port == other.port)


def _known_in(kept: dict[str, Any]) -> Iterable[KnownDevice]:
    listed = kept.get("devices")
    for told in listed if isinstance(listed, list) else ():
        try:
            usb = None if told["usb"] is None else UsbIdentity(**told["usb"])
            yield KnownDevice(driver=str(told["driver"]), identity=str(told["identity"]), port=str(told["port"]), usb=usb)
        except (KeyError, TypeError):
            continue


def _read(path: Path) -> dict[str, Any]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _write(path: Path, kept: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    partial.replace(path)
