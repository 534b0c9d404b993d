"""The demonstrations there are, as the start page lists them."""

from __future__ import annotations

from devices.patient.scenarios import ScenarioError, load
from devices.patient.shipped import names
from widgets.start_page import ScenarioRow

__all__ = ["ScenarioError", "scenario_rows"]


def scenario_rows() -> tuple[ScenarioRow, ...]:
    """All of them, by name. Raises ScenarioError."""
    scenarios = [load(name) for name in names()]
    return tuple(ScenarioRow(id=scenario.name, title=scenario.title, description=scenario.description) for scenario in scenarios)
