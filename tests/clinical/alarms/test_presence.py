"""The presence table, row by row."""

from __future__ import annotations

import itertools

import pytest

from clinical.alarm_model import Presence
from clinical.alarms.presence import TRANSITIONS, Happening, presence_after

OFF, N, L, A = Presence.OFF, Presence.ON, Presence.LATCHED, Presence.ACKNOWLEDGED
APPEARS, WORSENS, EASES = Happening.APPEARS, Happening.WORSENS, Happening.EASES
CLEARS, SEEN = Happening.CLEARS, Happening.ACKNOWLEDGED

ROWS = [
    (OFF, APPEARS, N, N),
    (OFF, WORSENS, N, N),
    (OFF, EASES, OFF, OFF),
    (OFF, CLEARS, OFF, OFF),
    (OFF, SEEN, OFF, OFF),
    (N, APPEARS, N, N),
    (N, WORSENS, N, N),
    (N, EASES, N, N),
    (N, CLEARS, OFF, L),
    (N, SEEN, A, A),
    (A, APPEARS, A, A),
    (A, WORSENS, N, N),
    (A, EASES, A, A),
    (A, CLEARS, OFF, OFF),
    (A, SEEN, A, A),
    (L, APPEARS, N, N),
    (L, WORSENS, N, N),
    (L, EASES, L, L),
    (L, CLEARS, L, L),
    (L, SEEN, OFF, OFF),
]


@pytest.mark.parametrize(("before", "happening", "after", "after_latching"), ROWS)
def test_transition(before, happening, after, after_latching):
    assert presence_after(before, happening, latching=False) is after
    assert presence_after(before, happening, latching=True) is after_latching


def test_every_pair_has_a_row():
    assert set(TRANSITIONS) == set(itertools.product(Presence, Happening)) == {row[:2] for row in ROWS}


def test_acknowledging_hides_nothing_that_stands():
    assert all(presence_after(before, SEEN, latching=latching) is A for before in (N, A) for latching in (False, True))
