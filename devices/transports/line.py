"""What every line can do, and the one way in which it fails."""

from __future__ import annotations

from typing import Protocol as Interface


class LineError(Exception):
    """The line cannot be opened or was lost. The text is for people: what happened and what to do."""


class Line(Interface):
    """A line to one device. Not shared between threads."""

    @property
    def name(self) -> str:
        """As people know it: "/dev/ttyUSB0", "tcp:10.0.0.5:4001"."""

    def open(self) -> None:
        """Raises LineError."""

    def read(self, timeout_s: float) -> bytes:
        """What has arrived; waits up to ``timeout_s`` for the first byte; empty if none. Raises LineError when lost."""

    def write(self, data: bytes) -> None:
        """Sends all of it. Raises LineError when lost."""

    def close(self) -> None:
        """Never raises; may be called twice."""
