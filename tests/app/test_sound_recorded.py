"""What is heard: the program's own sound path into a sound server of the test, recorded at the loudspeaker's end and measured.

Windows of IEC 60601-1-8's auditory signals are those of tests/app/test_sound_bursts.py; here it is what came out that is held to them.
"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.core.own_sound import OwnSound
from clinical.alarms.bursts import BURSTS, RATE_HZ
from clinical.observations import Priority

ROOT = Path(__file__).parents[2]
NEEDED = ("pulseaudio", "pactl", "parec", "paplay")
MISSING = [name for name in NEEDED if shutil.which(name) is None]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"no PulseAudio here to record from: {', '.join(MISSING)} missing")

WAYS = ("display", "core")
IN_ORDER = (Priority.LOW, Priority.MEDIUM, Priority.HIGH)
SHORTEST_S = 0.02
"""On a machine that is busy a stream may stop for a moment after its first milliseconds: those are no pulse."""

LATENCY_MS = {"display": 200, "core": 20}
"""A loudspeaker is as slow as who listens to it allows: one that hands on every 20 ms tears a stream that is handed over by the second."""
LEAST_HARMONICS = 4
MOST_LOAD = 4.0
"""For each core. Beyond it a stream starves, and what is recorded says nothing of the program."""


class SoundServer:
    """A PulseAudio of the test with a loudspeaker nobody hears for each way there is."""

    def __init__(self, folder: Path) -> None:
        self.environment = {**os.environ, "XDG_RUNTIME_DIR": str(folder), "HOME": str(folder), "QT_QPA_PLATFORM": "offscreen"}
        folder.chmod(0o700)
        sinks = [word for way in WAYS for word in ("-L", f"module-null-sink sink_name={way} rate={RATE_HZ} channels=1")]
        words = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "-L", "module-native-protocol-unix", *sinks]
        self.process = subprocess.Popen(words, env=self.environment, stderr=subprocess.DEVNULL)
        for _ in range(100):
            if self.run("pactl", "info").returncode == 0:
                return
            time.sleep(0.05)
        raise TimeoutError("PulseAudio does not answer")

    def run(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(words, env=self.environment, capture_output=True, check=False, timeout=10)

    def child(self, way: str, **more: object) -> subprocess.Popen[str]:
        words = [sys.executable, "-m", "tests.app.sounding", way]
        environment = {**self.environment, "PULSE_SINK": way} if way in WAYS else self.environment
        return subprocess.Popen(words, env=environment, cwd=ROOT, text=True, stderr=subprocess.DEVNULL, **more)  # type: ignore[call-overload,no-any-return]

    def recorder(self, way: str, path: Path) -> subprocess.Popen[bytes]:
        words = [
            "parec",
            "-d",
            f"{way}.monitor",
            "--format=s16le",
            f"--rate={RATE_HZ}",
            "--channels=1",
            "--raw",
            f"--latency-msec={LATENCY_MS[way]}",
            str(path),
        ]
        return subprocess.Popen(words, env=self.environment)

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(10)


@dataclass(frozen=True)
class Heard:
    """What came out of each way's loudspeaker, and what the display said of one that went."""

    samples: dict[str, NDArray[np.float64]]
    said: list[str]


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Heard:
    """Low, medium and high, one after another; meanwhile, on another server, loudspeakers that go and come."""
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    if load > MOST_LOAD * cores:
        pytest.skip(f"the machine is too busy to play a sound without tears: load {load:.1f} on {cores} cores")
    folder, other = tmp_path_factory.mktemp("sound"), tmp_path_factory.mktemp("dying")
    server, dying = SoundServer(folder), SoundServer(other)
    watcher = dying.child("watch", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    paths = {way: folder / f"{way}.raw" for way in WAYS}
    recorders = [server.recorder(way, path) for way, path in paths.items()]
    children = [server.child(way) for way in WAYS]
    try:
        said = lost_and_found(dying, watcher)
        ended = [child.wait(30) for child in children]
    finally:
        for process in (watcher, *children, *recorders):
            process.kill()
            process.communicate()
        dying.end()
        server.end()
    assert ended == [0, 0]
    return Heard({way: np.frombuffer(path.read_bytes(), "<i2").astype(float) / 32768 for way, path in paths.items()}, said)


def lost_and_found(server: SoundServer, watcher: subprocess.Popen[str]) -> list[str]:
    """What the bar shows of the sound: with a loudspeaker, without, with one again, and when the sound server dies."""
    assert watcher.stdout is not None
    said = [watcher.stdout.readline()]
    for happens in (
        lambda: server.run("pactl", "unload-module", "module-null-sink"),
        lambda: server.run("pactl", "load-module", "module-null-sink", "sink_name=new"),
        server.end,
    ):
        happens()
        said.append(watcher.stdout.readline())
    return [word.strip() for word in said]


def pulses(samples: NDArray[np.float64]) -> list[tuple[float, float, float]]:
    """Each pulse that was heard: when it passes 90 % of its own height, when it leaves that, and the height."""
    size = round(RATE_HZ / 300)  # a period of the lowest fundamental, so that its own swing is no pause
    blocks = np.abs(samples[: len(samples) // size * size]).reshape(-1, size).max(axis=1)
    loud = np.flatnonzero(np.diff(np.concatenate(([0], (blocks > 0.02).astype(int), [0]))))
    found = []
    for begin, end in zip(loud[::2], loud[1::2], strict=True):
        if (end - begin) * size < SHORTEST_S * RATE_HZ:
            continue
        height = float(blocks[begin:end].max())
        high = np.flatnonzero(blocks[begin:end] > 0.9 * height) + begin
        found.append((high[0] * size / RATE_HZ, (high[-1] + 1) * size / RATE_HZ, height))
    return found


def bursts(samples: NDArray[np.float64]) -> dict[Priority, list[tuple[float, float, float]]]:
    heard = pulses(samples)
    counts = [BURSTS[priority].pulses for priority in IN_ORDER]
    assert len(heard) == sum(counts), [round(begin, 2) for begin, _, _ in heard]
    ends = list(itertools.accumulate(counts))
    return {priority: heard[end - count : end] for priority, count, end in zip(IN_ORDER, counts, ends, strict=True)}


def spectrum_peaks(samples: NDArray[np.float64], pulse: tuple[float, float, float], fundamental_hz: float) -> list[float]:
    """Level of the fundamental and of each whole multiple of it up to 4 kHz, in dB."""
    inside = samples[round(pulse[0] * RATE_HZ) : round(pulse[1] * RATE_HZ)]
    levels = np.abs(np.fft.rfft(inside * np.hanning(len(inside)), 8 * len(inside)))
    hz = np.fft.rfftfreq(8 * len(inside), 1 / RATE_HZ)
    orders = range(1, int(4000 / fundamental_hz) + 1)
    return [20 * np.log10(levels[np.abs(hz - order * fundamental_hz) < 10].max()) for order in orders]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("priority", IN_ORDER, ids=lambda priority: priority.value)
def test_each_priority_as_it_is_heard(heard: Heard, way: str, priority: Priority) -> None:
    samples, burst = heard.samples[way], BURSTS[priority]
    told = bursts(samples)[priority]
    spacing = np.diff([begin for begin, _, _ in told])
    assert spacing == pytest.approx(np.diff(burst.starts_s()), rel=0.05)
    assert [end - begin for begin, end, _ in told] == pytest.approx([burst.duration_s] * burst.pulses, rel=0.1)
    assert 150 <= burst.fundamental_hz <= 1000
    peaks = spectrum_peaks(samples, told[0], burst.fundamental_hz)
    assert peaks[0] >= max(peaks) - 6, "the fundamental is among the loudest"
    assert sum(level > peaks[0] - 15 for level in peaks[1:]) >= LEAST_HARMONICS


@pytest.mark.parametrize("way", WAYS)
def test_a_higher_priority_is_not_quieter(heard: Heard, way: str) -> None:
    heights = [max(height for _, _, height in heard) for heard in bursts(heard.samples[way]).values()]
    assert heights == sorted(heights)
    assert heights[-1] < 1, "nothing is clipped"


def test_a_loudspeaker_that_goes_is_told_and_one_that_comes_too(heard: Heard) -> None:
    lost = {"no loudspeaker", "speaker stopped"}
    assert [word in lost for word in heard.said] == [False, True, False, True]


def test_the_core_says_that_it_cannot_sound_where_no_server_answers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nobody")
    sound = OwnSound()
    assert sound.play(Priority.HIGH, 0.0)
    until = time.monotonic() + 5
    while sound.play(Priority.HIGH, 1.0) and time.monotonic() < until:
        time.sleep(0.05)
    assert not sound.play(Priority.HIGH, 1.0)
    sound.stop()
