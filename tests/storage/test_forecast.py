"""The forecast of a case's room against what a case really takes, and what is told of it."""

from dataclasses import replace
from itertools import chain

import numpy as np
import pytest

from app.core.disk_budget import DiskBudget
from app.streams_heard import StreamsHeard
from clinical.messages import FromDevice, Outcome, Tick
from clinical.observations import WaveformBlock, read_only_steps
from storage.forecast import SPARE_BYTES, Streams, budget
from storage.soundness import quick_fault
from tests.storage.made_case import START, end, made_setup, minute, record, second_of, start


def streams_of(outcomes):
    heard = StreamsHeard()
    for outcome in outcomes:
        if isinstance(outcome.message, FromDevice):
            heard.hear(outcome.message.device, outcome.message.observation)
    return heard.streams


def test_streams_are_told_by_what_they_say_of_themselves():
    streams = streams_of(second_of(5))
    assert streams == Streams(samples_a_second=400.0, numbers_a_second=3.0)


def noisy_second(number):
    """As a second of the made case, but with waveforms like a monitor's: a slow swing of 2000 steps and noise of some steps."""
    for place, outcome in enumerate(second_of(number)):
        block = outcome.message.observation if isinstance(outcome.message, FromDevice) else None
        if isinstance(block, WaveformBlock):
            noise = np.random.default_rng(number * 10 + place).normal(0, 6, len(block.steps))
            swing = 2000 * np.sin(np.linspace(0, 2 * np.pi, len(block.steps)))
            block = replace(block, steps=read_only_steps((swing + noise).astype(np.int16)))
            yield Outcome(message=FromDevice("monitor", block), shown=block)
        else:
            yield outcome


def test_a_case_takes_no_more_than_forecast_and_not_much_less(tmp_path):
    case = (outcome for number in range(600) for outcome in noisy_second(number))
    record(tmp_path / "a.sqlite", chain([start()], case, [end(600)]))
    taken = (tmp_path / "a.sqlite").stat().st_size - 180_000  # the empty tables
    assert 0.5 < taken / streams_of(second_of(5)).bytes_in(600) < 1.1


def test_what_is_told():
    streams = Streams(samples_a_second=2000, numbers_a_second=20)
    assert budget(streams, 4, 90_000_000_000).told == "The record needs about 87 MB for 4.0 h; 90.0 GB are free."
    short = budget(streams, 4, SPARE_BYTES + 80_000_000)
    assert not short.suffices
    assert "only 680 MB are free" in short.told
    assert budget(streams, None, None).told.endswith("8.0 h; it is kept on a server.")


def test_room_is_asked_for_what_is_left_of_the_case():
    streams = Streams(samples_a_second=2000, numbers_a_second=20)
    free = SPARE_BYTES + 50_000_000
    assert not budget(streams, 4, free).suffices
    assert budget(streams, 4, free, elapsed_s=2 * 3600).suffices


@pytest.fixture
def case_under_way():
    disk = DiskBudget()
    disk.hear(start())
    for number in range(3):
        for outcome in second_of(number):
            disk.hear(outcome)
    return disk


def test_a_case_is_judged_once_its_devices_have_been_heard(case_under_way):
    assert case_under_way.shortfall(SPARE_BYTES) == ""
    case_under_way.hear(Outcome(message=Tick(START.plus(31))))
    assert "Free some space" in case_under_way.shortfall(SPARE_BYTES)
    assert case_under_way.shortfall(SPARE_BYTES + 100_000_000) == ""
    assert case_under_way.shortfall(None) == ""


def test_nothing_is_told_when_the_case_is_over(case_under_way):
    case_under_way.hear(Outcome(message=Tick(START.plus(31)), case=made_setup(), ended=True))
    assert case_under_way.shortfall(0) == ""


def test_a_quick_look_finds_a_damaged_page_and_can_be_broken_off(tmp_path):
    path = tmp_path / "a.sqlite"
    address = record(path, minute(60))
    assert quick_fault(address, lambda: False) == ""
    asked = []
    assert quick_fault(address, lambda: bool(asked.append(None) or len(asked) > 1)) == ""
    assert len(asked) > 1
    content = bytearray(path.read_bytes())
    content[60 * 4096 : 61 * 4096] = bytes(4096)
    path.write_bytes(content)
    assert quick_fault(address, lambda: False)
    assert quick_fault(f"sqlite:///{tmp_path / 'none.sqlite'}", lambda: False) == ""
