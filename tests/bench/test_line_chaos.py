"""A short ordeal of lines on real terminals: all come back in time, nothing old is shown, nothing is left behind."""

from __future__ import annotations

from bench.line_chaos import RECONNECTED_WITHIN_S, run_chaos
from tests.devices.transports.ptys import needs_pty

pytestmark = needs_pty


def test_a_few_faults_on_a_few_lines() -> None:
    seen = run_chaos(faults=12, links=4, seed=3)
    for what in ("never_back", "old_numbers", "numbers_while_not_live", "stale_numbers_shown", "faults_reported_of_the_program"):
        assert seen[what] == 0, what
    assert seen["looks"] > 10
    assert seen["reconnect"]["p95_s"] <= RECONNECTED_WITHIN_S
    assert seen["after"] == seen["before"]
