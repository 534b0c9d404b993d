"""A real pseudo-terminal under a stable name, for tests: a serial adapter that can be pulled out and put in."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

needs_pty = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")


class Adapter:
    def __init__(self, path: Path) -> None:
        self.path = path
        self._ends: tuple[int, int] | None = None
        self.plug()

    def plug(self) -> None:
        import tty

        near, far = os.openpty()
        tty.setraw(far)
        os.set_blocking(near, False)
        self.path.symlink_to(os.ttyname(far))
        self._ends = (near, far)

    def unplug(self) -> None:
        self.path.unlink(missing_ok=True)
        ends, self._ends = self._ends, None
        for end in ends or ():
            os.close(end)

    def send(self, data: bytes) -> None:
        assert self._ends is not None
        os.write(self._ends[0], data)

    def heard(self) -> bytes:
        assert self._ends is not None
        try:
            return os.read(self._ends[0], 65_536)
        except BlockingIOError:
            return b""


@pytest.fixture
def adapter(tmp_path):
    adapter = Adapter(tmp_path / "ttyUSB0")
    yield adapter
    adapter.unplug()
