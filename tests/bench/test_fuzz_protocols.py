"""The fuzzer sees what it looks for: each seeded fault of a protocol is found; a sound protocol passes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bench import fuzz_protocols
from bench.fuzz_protocols import Mutator, fuzz
from tests.devices.drivers import conformance
from tests.devices.fake_driver import DRIVER, FakeProtocol


class Raising(FakeProtocol):
    def receive(self, data, now):
        if b"*" not in data:
            raise IndexError("no asterisk")
        return super().receive(data, now)


class Hanging(FakeProtocol):
    def receive(self, data, now):
        if len(data) % 97 == 3:
            time.sleep(0.06)
        return super().receive(data, now)


class Growing(FakeProtocol):
    kept: list[bytes]

    def receive(self, data, now):
        self.kept = [*getattr(self, "kept", []), bytes(40_000)]
        return super().receive(data, now)


class Falling(FakeProtocol):
    def receive(self, data: bytes, now) -> Sequence:
        told = super().receive(data, now)
        self.bad_frames = self.bad_frames % 3
        return told


@pytest.fixture
def judged(monkeypatch):
    monkeypatch.setattr(conformance, "drivers", lambda: ())
    monkeypatch.setattr(fuzz_protocols, "SLOW_S", 0.05)
    session = conformance.Session(DRIVER, "")
    session.run(4)
    monkeypatch.setattr(fuzz_protocols, "quiet", lambda name, variant: session)

    def judge(protocol=FakeProtocol, variant: str = "", frames: int = 900):
        return fuzz(replace(DRIVER, protocol=protocol), variant, frames, seed=1)

    return judge


def test_a_sound_protocol_is_clean(judged) -> None:
    verdict = judged()
    assert verdict.clean, str(verdict)
    assert verdict.observations > 0
    assert verdict.bad_frames > 0


@pytest.mark.parametrize(
    ("protocol", "words"), [(Raising, "IndexError: no asterisk"), (Falling, "the count of bad frames fell"), (Hanging, "too slow")]
)
def test_a_fault_is_seen(judged, protocol, words: str) -> None:
    verdict = judged(protocol)
    assert not verdict.clean
    assert words in str(verdict)


def test_growth_is_seen(judged) -> None:
    assert judged(Growing).growth_mb > fuzz_protocols.GROWTH_MB


def test_what_may_not_be_sent_is_seen(judged) -> None:
    assert "wanted to send" in judged(variant="forbidden").faults[0]


def test_the_same_seed_makes_the_same_frames() -> None:
    frames = [b"one frame", b"another frame"]
    first, second = Mutator(frames, 5), Mutator(frames, 5)
    assert [first.next() for _ in range(200)] == [second.next() for _ in range(200)]
