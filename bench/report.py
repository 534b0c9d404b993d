"""The one shape of every measurement: figures beside what is to be reached, and the machine they were taken on. Measures nothing."""

from __future__ import annotations

import json
import os
import platform
import statistics
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """What was measured beside ours, in the same run and the same unit."""

    what: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure.

    Attributes:
        limit: what is to be reached; None: told for its own sake.
        at_least: the limit is a floor, not a ceiling.
    """

    what: str
    value: float
    unit: str
    limit: float | None = None
    at_least: bool = False
    peer: Peer | None = None

    @property
    def reached(self) -> bool | None:
        if self.limit is None:
            return None
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def as_json(self) -> dict[str, object]:
        told = {name: value for name, value in asdict(self).items() if value is not None}
        told["value"] = float(f"{self.value:.4g}") if abs(self.value) < 1000 else round(self.value)
        if self.limit is not None:
            told["reached"] = self.reached
        return told


def report(name: str, how: str, figures: Iterable[Figure], **more: object) -> None:
    """Prints one JSON object. ``how`` says how it was measured; ``more`` is shown to whoever looks closer."""
    told = {"name": name, "how": how, "figures": [figure.as_json() for figure in figures], "machine": machine(), **more}
    print(json.dumps(told, indent=1, ensure_ascii=False))


def machine() -> dict[str, object]:
    """Where and when this runs, and how busy the machine is with other things."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "load_1_min": round(os.getloadavg()[0], 1),
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


def percentile(values: Iterable[float], share: float) -> float:
    """Of at least one value; ``share`` in per cent."""
    return float(np.percentile(list(values), share))
