"""What this machine remembers of its cases between starts: where each one's devices are, so that it can be resumed with them.

Only convenience: a file that is missing or broken is as good as an empty one, and no record depends on it.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.plan import CorePlan, Demonstration, DevicePlan

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
            "speed": plan.speed,
        }
        kept = {name: value for name, value in self._read().items() if name != uuid}
        kept = dict([*kept.items(), (uuid, sources)][-MOST:])
        self._path.parent.mkdir(parents=True, exist_ok=True)
        partial = self._path.with_suffix(".partial")
        partial.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        partial.replace(self._path)

    def plan_of(self, uuid: str, database: str) -> CorePlan | None:
        """The plan that takes up a case; None if it is not remembered."""
        return self._plan(self._read().get(uuid), database)

    def devices(self) -> tuple[DevicePlan, ...]:
        """Those of the last case that had real ones."""
        plans = [self._plan(sources, "") for sources in self._read().values()]
        return next((plan.devices for plan in reversed(plans) if plan is not None and plan.devices), ())

    @staticmethod
    def _plan(sources: Any, database: str) -> CorePlan | None:
        try:
            told = sources["demonstration"]
            return CorePlan(
                database=database,
                devices=tuple(DevicePlan(**device) for device in sources["devices"]),
                demonstration=None if told is None else Demonstration(**told),
                recording=sources["recording"],
                speed=float(sources["speed"]),
                resume=True,
            )
        except (KeyError, TypeError, ValueError):
            return None

    def _read(self) -> dict[str, Any]:
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return kept if isinstance(kept, dict) else {}
