"""Tells from the bytes alone which data format an oximeter sends. Knows no meaning of a frame and no clock.

Formats 2 and 7 must show one whole packet: a SYNC frame and 24 good ones without SYNC. Format 13 must show one whole frame.
Formats 1 and 8 have no check, so they must show bit 7 in the right places: three frames of format 8, three of format 1
and the head of a fourth (without which format 8 could not be told from it). In an unbroken stream of format 2 or 7 any
ten bytes hold two STATUS bytes five apart, and five is a multiple of neither three nor four, so they are never taken for these.
"""

from __future__ import annotations

from collections.abc import Callable

from devices.drivers.nonin.frames import (
    FRAME,
    PACKET,
    PLETH_LAYOUTS,
    SLOW_LENGTHS,
    SPOT_END,
    SPOT_HEAD,
    SPOT_MOST,
    SYNC,
    DataFormat,
    PlethFrame,
    is_slow_frame,
    spot_body,
)

WINDOW = FRAME * PACKET
"""Bytes that any format needs at most to show itself."""
PATIENCE = 2 * WINDOW
"""Joining a stream in the middle of a packet wastes good bytes; only what is skipped beyond this counts as damage."""
SLOW_FRAMES = 3
PLAUSIBLE_SPO2 = frozenset({*range(101), 127})


class Detector:
    """Takes bytes until they show a format.

    Attributes:
        bad: frames' worth of bytes dropped as noise.
    """

    def __init__(self) -> None:
        self.bad = 0
        self._window = bytearray()
        self._skipped = 0

    def feed(self, data: bytes) -> tuple[DataFormat, bytes] | None:
        """The format, and the bytes its reader should begin with; None as long as nothing shows itself."""
        for end, byte in enumerate(data, start=1):
            self._window.append(byte)
            if len(self._window) > WINDOW:
                del self._window[0]
                self._skipped += 1
                self.bad += self._skipped > PATIENCE and self._skipped % FRAME == 0
            found = self._shown()
            if found is not None:
                form, start = found
                begun = bytes(self._window[start:]) + data[end:]
                self._window.clear()
                self._skipped = 0
                return form, begun
        return None

    def _shown(self) -> tuple[DataFormat, int] | None:
        """The format whose proof ends with the newest byte, and where its reader should start."""
        for form, layout in PLETH_LAYOUTS.items():
            if len(self._window) == WINDOW and _is_packet(self._window, layout.read):
                return form, 0
        start = _spot_start(self._window)
        if start is not None:
            return DataFormat.DF13, start
        for form, length in SLOW_LENGTHS.items():
            latest = _latest_slow(self._window, length, closed=form is DataFormat.DF1)
            if latest is not None:
                return form, latest
        return None


def _is_packet(window: bytearray, read: Callable[[bytearray, int], PlethFrame | None]) -> bool:
    for at in range(0, WINDOW, FRAME):
        frame = read(window, at)
        if frame is None or bool(frame.status & SYNC) != (at == 0):
            return False
    return True


def _spot_start(window: bytearray) -> int | None:
    if not window or window[-1] != SPOT_END:
        return None
    start = window.rfind(SPOT_HEAD, max(0, len(window) - SPOT_MOST - 8))
    return start if start >= 0 and spot_body(window[start:]) is not None else None


def _latest_slow(window: bytearray, length: int, *, closed: bool) -> int | None:
    """Where the latest of three frames in a row begins; ``closed`` asks for the head of a fourth after them."""
    tail = 1 if closed else 0
    first = len(window) - SLOW_FRAMES * length - tail
    if first < 0 or (closed and window[-1] < 0x80):
        return None
    starts = range(first, len(window) - tail, length)
    return starts[-1] if all(is_slow_frame(window, at, length) and window[at + 2] in PLAUSIBLE_SPO2 for at in starts) else None
