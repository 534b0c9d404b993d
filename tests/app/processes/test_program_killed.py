"""The whole program killed without warning, a few times; the same bench does it by the hundred."""

import json
import os
import subprocess
import sys

import pytest

from bench.kill_program import falls
from tests.app.processes.bedside import ROOT, needs_processes

pytestmark = needs_processes

KILLS = os.environ.get("BEDSIDE_KILLS", "2")


@pytest.mark.timeout(60 + 15 * int(KILLS))
def test_nothing_that_was_shown_as_kept_is_lost(tmp_path):
    line = [sys.executable, "-m", "bench.kill_program", "--kills", KILLS, "--seed", "5", "--folder", str(tmp_path)]
    done = subprocess.run(line, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr + done.stdout
    told = json.loads(done.stdout)
    figures = {figure["what"].removeprefix("program killed, "): figure["value"] for figure in told["figures"]}
    assert told["entries_confirmed"] > 1
    assert (figures["record not sound"], figures["confirmed entries lost"], figures["alarms told and lost"]) == (0, 0, 0)
    assert figures["waveform lost, most"] <= 2.0  # the promise of a quiet machine is 1 s: the bench says what this one reached


def test_an_amount_that_fell_and_stayed_is_counted():
    assert falls([(0, 0.0), (1, 1.0), (2, 1.0), (3, 0.5), (9, 2.0)]) == 1
    assert falls([(0, 0.0), (1, 1.0), (2, 0.0), (2.1, 0.5), (2.2, 1.0)]) == 0
