"""The fuzzer sees what it looks for: each seeded fault of a protocol is found; a sound protocol passes."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bench import fuzz_page, fuzz_protocols
from bench.fuzz_protocols import MUTATIONS, Mutator, Verdict, fuzz, lines_apart
from bench.fuzz_seals import SEALS
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
            began = time.thread_time()
            while time.thread_time() < began + 0.06:
                pass
        return super().receive(data, now)


class Unending(FakeProtocol):
    def receive(self, data, now):
        while len(data) % 4 == 0:
            pass
        return super().receive(data, now)


class Growing(FakeProtocol):
    kept: list[bytes]

    def receive(self, data, now):
        self.kept = [*getattr(self, "kept", []), b"x" * 200_000]  # in all more than a process that ran long keeps free for itself
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


def test_a_protocol_that_went_mute_is_begun_anew_in_the_first_half_only(judged) -> None:
    frames, begun = 20_000, list[int]()

    class Mute(FakeProtocol):
        def __init__(self, variant: str) -> None:
            super().__init__(variant)
            begun.append(len(begun))

        def receive(self, data, now):
            return []

    verdict = judged(Mute, frames=frames)
    assert verdict.observations == 0
    by_hundredths = frames // 2 // max(1000, frames // 100)
    most = by_hundredths + verdict.feeds // 2 // fuzz_protocols.MUTE_FEEDS
    assert by_hundredths * 2 < len(begun) <= most + 2


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


@pytest.mark.skipif(not hasattr(signal, "ITIMER_VIRTUAL"), reason="no timer of a process's own time on this system")
def test_a_call_that_does_not_end_is_broken_off(judged, monkeypatch) -> None:
    monkeypatch.setattr(fuzz_protocols, "ENDLESS_S", 0.05)
    verdict = judged(Unending, frames=40)
    assert verdict.exceptions
    assert "EndlessError" in str(verdict)
    assert verdict.frames == 40


def test_growth_is_seen(judged) -> None:
    assert judged(Growing).growth_mb > fuzz_protocols.GROWTH_MB


def test_what_may_not_be_sent_is_seen(judged) -> None:
    assert "wanted to send" in judged(variant="forbidden").faults[0]


def test_the_same_seed_makes_the_same_frames() -> None:
    frames = [b"one frame", b"another frame"]
    first, second = Mutator(frames, 5), Mutator(frames, 5)
    assert [first.next() for _ in range(200)] == [second.next() for _ in range(200)]


@pytest.mark.parametrize("mutation", MUTATIONS)
@pytest.mark.parametrize("frame", [b"\0", b"ab", bytes(range(200))])
def test_any_mutation_takes_any_frame(mutation, frame: bytes) -> None:
    chance = random.Random(3)
    made = {mutation(chance, frame) for _ in range(300)}
    assert all(len(one) <= 2 * len(frame) + 64 for one in made)
    assert made != {frame} or mutation is MUTATIONS[-1] or frame == b"\0"


def test_lines_of_text_are_frames_of_their_own_and_other_messages_stay_whole() -> None:
    said = [b"12 A=1\r\n13 A=2\r\n", b"\x0bMSH|\rPID|\r\x1c\r", b"!1;RUN|\r"]
    assert lines_apart(said) == [b"12 A=1\r\n", b"13 A=2\r\n", *said[1:]]


def test_every_frame_is_counted_once_however_they_arrive(judged) -> None:
    verdict = judged(frames=901)
    assert verdict.frames == 901
    assert 100 < verdict.feeds < 700


@pytest.fixture
def page(tmp_path, monkeypatch):
    monkeypatch.setattr(fuzz_page, "KEPT", tmp_path / "kept.json")
    monkeypatch.setattr(fuzz_page, "PAGE", tmp_path / "page.md")
    return tmp_path / "page.md"


def test_a_kept_verdict_is_not_run_again_until_the_code_changes(page, monkeypatch) -> None:
    code = fuzz_page.code_of("masimo")
    fuzz_page.keep(Verdict(line="masimo:trend", frames=5000, seed=1, cpu_s=0.5), code)
    fuzz_page.keep(Verdict(line="masimo:trend", frames=9000, seed=1, cpu_s=0.9), code)
    assert fuzz_page.is_kept("masimo:trend", 9000, 1)
    assert not fuzz_page.is_kept("masimo:trend", 9001, 1)
    assert not fuzz_page.is_kept("masimo:trend", 9000, 2)
    assert not fuzz_page.is_kept("masimo", 9000, 1)
    assert "9,000 frames in all" in page.read_text()
    monkeypatch.setattr(fuzz_page, "code_of", lambda name: "other")
    assert not fuzz_page.is_kept("masimo:trend", 9000, 1)
    fuzz_page.write_page()
    assert "(earlier)" in page.read_text()


def test_a_verdict_with_faults_is_kept_and_run_again(page) -> None:
    fuzz_page.keep(Verdict(line="dri", frames=10, seed=1, exceptions=1, faults=["frame 3: IndexError"]), "0123456789")
    assert not fuzz_page.is_kept("dri", 10, 1)
    assert "| `dri` | 10 | 1 | 1 | 0 |" in page.read_text()


def test_the_digest_covers_what_a_driver_uses() -> None:
    assert fuzz_page.code_of("new-era") != fuzz_page.code_of("masimo")
    assert fuzz_page.SHARED.findall("from devices.text_lines import A\nfrom devices.drivers.x import y\n") == ["devices.text_lines"]


@pytest.mark.parametrize("name", sorted(SEALS))
def test_a_sealed_frame_is_good_whatever_it_holds(name: str) -> None:
    """Closed again without a change, contents give frames of which none is damaged."""
    heard = [one.data for one in conformance.quiet(name, "").heard]
    contents = SEALS[name].contents(b"".join(heard))
    assert contents
    assert SEALS[name].contents(b"".join(map(SEALS[name].close, contents))) == contents
    verdict = fuzz(conformance.driver_named(name), "", 300, seed=2, sealed=True)
    assert verdict.clean, str(verdict)
    assert verdict.bad_frames < 300


def test_growth_is_seen_in_a_long_run_by_the_memory_that_is_resident(judged, monkeypatch) -> None:
    if not fuzz_protocols.STATM.exists():
        pytest.skip("this system does not tell a process's resident memory in /proc")
    monkeypatch.setattr(fuzz_protocols, "TRACED_FRAMES", 0)
    assert judged(Growing, frames=4000).growth_mb > fuzz_protocols.GROWTH_MB
