"""What the tests of the simulated patient share: a start, plain scenarios made in place, and running one."""

import pytest

from clinical.instant import Instant
from devices.patient.bedside import Bedside
from devices.patient.scenarios import parse

START = Instant(7_000_000_000, 1_772_352_000_000_000_000)

PLAIN = """
title = "A test"
description = "Nothing happens."
order = "stepped-25"
length_min = 240
[patient]
label = "DEMO"
[pump]
drug = "Ketamine"
concentration_mg_per_ml = 5
syringe_ml = 50
"""


@pytest.fixture
def start():
    return START


@pytest.fixture
def bedside():
    """Makes a bedside from the plain scenario and more TOML; events are (minute, kind, fields)."""

    def make(*events, more="", seed=1, text=PLAIN):
        rows = [
            "\n".join([f'[[event]]\nat_min = {at}\nkind = "{kind}"', *(f"{k} = {v!r}" for k, v in fields.items())])
            for at, kind, fields in events
        ]
        return Bedside(parse("\n".join([text, more, *rows]), file="test.toml", name="test"), seed, START)

    return make
