"""A recorder killed without warning, eight times on one database; the same bench does it by the hundred."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(os.name == "nt", reason="what SIGKILL does is asked where there is one")
def test_nothing_acknowledged_is_lost():
    line = [sys.executable, "-m", "bench.kill_recorder", "--kills", "8", "--seed", "20260301"]
    done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=55, cwd=ROOT)
    assert done.returncode == 0, done.stderr + done.stdout
    losses = json.loads(done.stdout)
    assert losses["acknowledged_seconds"] > 8
    assert (losses["events_lost"], losses["waveform_seconds_lost"], losses["faults"]) == (0, 0, 0)
