"""A link: one device's line, its protocol, and the way of its observations into the inlet. Opens, loses and re-opens lines.

``Link`` is a state machine that is told the time and may be stepped on a virtual clock; ``LinkThread`` steps it live.
What may be sent to a device is decided here and nowhere else: only what the driver's allow-list names.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Sequence
from threading import Event, Thread

from clinical.instant import Instant
from clinical.messages import FromDevice, Message, SelfReport
from clinical.observations import LinkState, LinkStatus
from devices.driver import Driver, Protocol
from devices.transports.line import Line, LineError

FIRST_RETRY_S = 0.5
LONGEST_RETRY_S = 5.0
LONGEST_WAIT_S = 0.1
SHORTEST_WAIT_S = 0.001
"""A protocol that is always due would else keep a whole processor busy."""
BAD_FRAMES_EVERY_S = 5.0

log = logging.getLogger(__name__)


class Link:
    """One device. No thread and no clock of its own: whoever owns it calls ``step``.

    Args:
        device: what the program calls it ("monitor", "pump").
        driver, variant: how it is read.
        address: where it was last.
        line_at: makes the line at an address, unopened; a fresh one for each opening.
        post: takes every message.
        find_again: where the device's adapter is now, asked before each re-opening; None: not plugged in.
        known_before: the adapter is known from before, so it is looked for at the first opening too.
        other_lines: the same line set otherwise, tried in turn after ``line_at`` for as long as the device has never been understood.
    """

    def __init__(
        self,
        *,
        device: str,
        driver: Driver,
        address: str,
        line_at: Callable[[str], Line],
        post: Callable[[Message], None],
        variant: str = "",
        find_again: Callable[[], str | None] | None = None,
        known_before: bool = False,
        other_lines: Sequence[Callable[[str], Line]] = (),
    ) -> None:
        self._device = device
        self._driver = driver
        self._variant = variant
        self._address = address
        self._settings = (line_at, *other_lines)
        self._setting = 0
        self._understood = False
        self._post = post
        self._find_again = find_again
        self._line: Line | None = None
        self._protocol: Protocol = driver.protocol(variant)
        self._bad_before = 0
        self._status: LinkStatus | None = None
        self._faulty = False
        self._refused = False
        self._retry_s = FIRST_RETRY_S
        self._retry_at: Instant | None = None
        self._opened_before = known_before
        self._good_at: Instant | None = None
        self._bytes_at: Instant | None = None

    @property
    def is_open(self) -> bool:
        return self._line is not None

    @property
    def identity(self) -> str:
        """What the device says it is; empty until it has said so."""
        return self._protocol.identity

    @property
    def due(self) -> Instant | None:
        """When something is to be done although nothing arrives: a message to send, or a line to open again."""
        return self._protocol.due if self.is_open else self._retry_at

    def wait_s(self, now: Instant) -> float:
        """How long nothing need be done unless bytes arrive."""
        due = self._protocol.due if self.is_open else self._retry_at or now
        return LONGEST_WAIT_S if due is None else min(max(due.since(now), SHORTEST_WAIT_S), LONGEST_WAIT_S)

    def listen(self, wait_s: float) -> bytes | LineError:
        """What the line brings within ``wait_s``, or its loss, for ``step``; empty at once while it is not open."""
        if self._line is None:
            return b""
        try:
            return self._line.read(wait_s)
        except LineError as error:
            return error

    def step(self, now: Instant, heard: bytes | LineError | None = None) -> None:
        """Moves everything to ``now``. ``heard`` is what ``listen`` gave just before; None: listen without waiting."""
        if self._line is None:
            self._open_if_due(now)
            return
        if heard is None:
            heard = self.listen(0.0)
        if isinstance(heard, LineError):
            self._lose(now, str(heard))
            return
        if heard:
            self._receive(heard, now)
        if heard or self._is_due(now):
            self._send(now)
        self._judge_silence(now)
        self._tell_bad_frames(now)

    def restart(self, now: Instant, error: Exception) -> None:
        """After a fault of the program or the driver: say so, and begin anew with a fresh protocol."""
        self._report(now, f"fault in the link to the {self._device} ({type(error).__name__}: {error}): it is started again")
        self._lose(now, "started again after a fault")

    def close(self, now: Instant) -> None:
        """Ends it on purpose."""
        self._drop_line()
        self._say(now, LinkState.CLOSED)

    def _is_due(self, now: Instant) -> bool:
        due = self._protocol.due
        return due is not None and now >= due

    def _open_if_due(self, now: Instant) -> None:
        if self._retry_at is not None and now < self._retry_at:
            return
        if self._status is None:
            self._say(now, LinkState.CONNECTING)
        try:
            self._line = self._opened_line()
        except LineError as error:
            self._lose(now, str(error))
            return
        self._begin(now)

    def _opened_line(self) -> Line:
        if self._opened_before and self._find_again is not None:
            name = self._find_again()
            if name is None:
                raise LineError(f"the adapter that was {self._address} is not plugged in")
            self._address = name
        line = self._settings[self._setting](self._address)
        line.open()
        self._opened_before = True
        return line

    def _begin(self, now: Instant) -> None:
        """A fresh protocol for a fresh line: no number from before a loss can come again."""
        self._protocol = self._driver.protocol(self._variant)
        self._bad_before = 0
        self._refused = False
        self._good_at = now
        self._bytes_at = None
        self._retry_at = None
        if self._understood or self._state not in {LinkState.SILENT, LinkState.GARBLED}:  # a search does not end an alarm
            self._change(now, LinkState.CONNECTING)
        self._send(now)

    def _receive(self, data: bytes, now: Instant) -> None:
        self._bytes_at = now
        observations = self._protocol.receive(data, now)
        if observations:
            self._live(now)
        for observation in observations:
            self._post(FromDevice(self._device, observation))

    def _live(self, now: Instant) -> None:
        self._good_at = now
        self._understood = True
        self._retry_s = FIRST_RETRY_S
        if self._state is LinkState.LIVE:
            return
        self._say(now, LinkState.LIVE)
        if self._faulty and not self._refused:
            self._faulty = False
            self._post(SelfReport(now, f"link:{self._device}", ok=True))

    def _tell_bad_frames(self, now: Instant) -> None:
        status = self._status
        if status is not None and self._bad_frames > status.bad_frames and now.since(status.at) >= BAD_FRAMES_EVERY_S:
            self._say(now, status.state, status.detail)

    def _send(self, now: Instant) -> None:
        for message in self._protocol.outgoing(now):
            if self._line is None:
                return
            if self._driver.may_send(message):
                self._write(message, now)
            elif not self._refused:  # said once for each opening: a protocol may insist
                self._refused = True
                self._report(now, f"driver {self._driver.name} wanted to send {message[:16]!r}, which it may not: it was not sent")

    def _write(self, message: bytes, now: Instant) -> None:
        try:
            if self._line is not None:
                self._line.write(message)
        except LineError as error:
            self._lose(now, str(error))

    def _judge_silence(self, now: Instant) -> None:
        limit_s = self._driver.silent_after_s
        if self._line is None or self._good_at is None or now.since(self._good_at) < limit_s:
            return
        was_live = self._state is LinkState.LIVE
        if self._bytes_at is not None and now.since(self._bytes_at) < limit_s:
            self._change(now, LinkState.GARBLED, f"bytes come that are not {self._driver.title}: wrong device, driver or line settings?")
        else:
            self._change(now, LinkState.SILENT, f"nothing for {limit_s:g} s: is the device on, its output enabled, the cable in?")
        if was_live:
            self._forget_device(now)
        elif not self._understood and len(self._settings) > 1:
            self._set_otherwise(now)

    def _set_otherwise(self, now: Instant) -> None:
        """The device may be set otherwise than it was delivered: the line is opened anew with the next settings."""
        self._setting = (self._setting + 1) % len(self._settings)
        self._drop_line()
        self._retry_at = now

    def _forget_device(self, now: Instant) -> None:
        """A fresh protocol on the same line: what the device has standing when it is heard again is told again, not only its changes."""
        self._bad_before = self._bad_frames
        self._protocol = self._driver.protocol(self._variant)
        self._send(now)

    def _lose(self, now: Instant, detail: str) -> None:
        self._drop_line()
        self._change(now, LinkState.LOST, detail)
        self._retry_at = now.plus(self._retry_s)
        self._retry_s = min(2 * self._retry_s, LONGEST_RETRY_S)

    def _drop_line(self) -> None:
        line, self._line = self._line, None
        if line is None:
            return
        try:
            line.close()
        except Exception:  # an adapter that was torn out may refuse even this; what is left of it must not stop the next opening
            log.exception("the line of the %s could not be closed", self._device)

    @property
    def _bad_frames(self) -> int:
        """Since the line was opened, whichever protocol dropped them."""
        return self._bad_before + self._protocol.bad_frames

    @property
    def _state(self) -> LinkState | None:
        return None if self._status is None else self._status.state

    def _change(self, now: Instant, state: LinkState, detail: str = "") -> None:
        if self._status is None or (self._status.state, self._status.detail) != (state, detail):
            self._say(now, state, detail)

    def _say(self, now: Instant, state: LinkState, detail: str = "") -> None:
        self._status = LinkStatus(at=now, state=state, detail=detail, bad_frames=self._bad_frames)
        self._post(FromDevice(self._device, self._status))

    def _report(self, now: Instant, text: str) -> None:
        self._faulty = True
        self._post(SelfReport(now, f"link:{self._device}", ok=False, text=text))


class LinkThread:
    """Steps a link live, in a thread of its own, until it is stopped. A fault in it is told and the link starts again."""

    def __init__(self, link: Link, clock: Callable[[], Instant], name: str) -> None:
        self._link = link
        self._clock = clock
        self._stopping = Event()
        self._thread = Thread(target=self._run, name=f"link:{name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_s: float = 5.0) -> None:
        """Ends the link and waits for its thread; a line that hangs in its driver is left behind after ``timeout_s``."""
        self._stopping.set()
        self._thread.join(timeout_s)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                turn(self._link, self._clock, self._stopping)
            except Exception as error:
                log.exception("link fault")
                self._restart(error)
        try:
            self._link.close(self._clock())
        except Exception:
            log.exception("the link could not be ended")

    def _restart(self, error: Exception) -> None:
        try:
            self._link.restart(self._clock(), error)
        except Exception:
            log.exception("the link could not be started again: tried once more")
            self._stopping.wait(FIRST_RETRY_S)


def turn(link: Link, clock: Callable[[], Instant], stopping: Event, longest_wait_s: float = math.inf) -> None:
    """One live step: waits for bytes, stamps them as they arrive, and moves the link to that moment."""
    wait_s = min(link.wait_s(clock()), longest_wait_s)
    if not link.is_open:
        stopping.wait(wait_s)
    heard = link.listen(wait_s)
    link.step(clock(), heard)
