"""The chart of a stored case: every entry that was taken, with what replaced it. Reads only; a correction has taken nothing away."""

from __future__ import annotations

from clinical.assessments.chart import DATED, Chart
from storage.history import CaseHistory


def chart_of(history: CaseHistory) -> Chart:
    """Events, rounds and forms as they were entered. Raises StoreError."""
    chart = Chart()
    for kept in history.commands():
        if isinstance(kept.command, DATED) and not kept.refused:
            chart.take(kept.at, kept.command)
    return chart
