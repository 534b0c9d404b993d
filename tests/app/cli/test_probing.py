"""What answers on a port, on real terminals."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

from app.cli.probing import Answer, probe
from tests.devices.fake_driver import ASK, DRIVER, frame
from tests.devices.transports.ptys import Adapter, needs_pty

pytestmark = needs_pty

OTHER = replace(DRIVER, name="other", may_send=lambda message: False)


class Answering(threading.Thread):
    """Answers the fake device's request, and nothing else."""

    def __init__(self, adapter: Adapter) -> None:
        super().__init__(daemon=True)
        self._adapter = adapter
        self.heard = b""
        self.ended = threading.Event()

    def run(self) -> None:
        while not self.ended.wait(0.01):
            new = self._adapter.heard()
            self.heard += new
            if ASK in new:
                self._adapter.send(frame(72, 1.0))


def test_all_ports_at_once_with_only_what_each_driver_may_send(tmp_path) -> None:
    adapters = [Adapter(tmp_path / f"tty{n}") for n in range(3)]
    answering = Answering(adapters[0])
    answering.start()
    names = [str(adapter.path) for adapter in adapters]
    adapters[2].unplug()
    began = time.monotonic()
    answers = probe(names, [OTHER, DRIVER], 1.0)
    took = time.monotonic() - began
    answering.ended.set()
    answering.join()
    silent_heard = adapters[1].heard()
    for adapter in adapters:
        adapter.unplug()
    assert took < 2.0
    assert answers[names[0]] == Answer(driver="fake", identity="Fake 1")
    assert answers[names[1]] == Answer()
    assert "is not there" in answers[names[2]].problem
    assert set(silent_heard.splitlines()) == {ASK.strip()}


def test_no_ports() -> None:
    assert probe([], [DRIVER], 1.0) == {}
