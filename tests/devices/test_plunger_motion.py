"""A plunger moves while the volume rises, as fast as the last digit can show it."""

from __future__ import annotations

import pytest

from devices.plunger_motion import PlungerMotion
from tests.devices.fake_bedside import START


def after(*volumes_ml: float | None, step_ml: float = 0.01) -> PlungerMotion:
    """A volume each second, the last of them at START."""
    motion = PlungerMotion(step_ml)
    for seconds, volume_ml in enumerate(volumes_ml, start=1 - len(volumes_ml)):
        motion.note(volume_ml, START.plus(seconds))
    return motion


@pytest.mark.parametrize(
    ("volumes_ml", "moves"),
    [((), False), ((1.0,), False), ((1.0, 1.0), False), ((1.0, 1.01), True), ((1.0, 1.01, 0.0), False), ((1.0, 1.01, None), False)],
)
def test_only_a_rise_is_motion(volumes_ml: tuple[float | None, ...], moves: bool) -> None:
    assert after(*volumes_ml).seen(5.0, START) is moves


@pytest.mark.parametrize(("rate_ml_per_h", "patience_s"), [(100.0, 10.0), (7.2, 10.0), (1.0, 72.0), (0.1, 720.0)])
def test_a_slow_pump_is_given_twice_the_time_of_its_last_digit(rate_ml_per_h: float, patience_s: float) -> None:
    motion = after(1.0, 1.01)
    assert motion.seen(rate_ml_per_h, START.plus(patience_s - 0.001))
    assert not motion.seen(rate_ml_per_h, START.plus(patience_s + 0.001))


@pytest.mark.parametrize("rate_ml_per_h", [0.0, None])
def test_without_a_rate_it_moves_only_as_it_rises(rate_ml_per_h: float | None) -> None:
    motion = after(1.0, 1.01)
    assert motion.seen(rate_ml_per_h, START)
    assert not motion.seen(rate_ml_per_h, START.plus(0.001))
