"""Work done behind the back of whoever reads, on another processor: packing needs no turn of Python's own. Knows no format."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self

WAITING = 32
"""So many pieces may wait; then the reader does."""


class Behind:
    """One thread that does what it is given in that order. What goes wrong there is raised at the next call, or at the end."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="behind")
        self._waiting: deque[Future[None]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._thread.shutdown(cancel_futures=error is not None)
        if error is None:
            self._await(0)

    @property
    def has_room(self) -> bool:
        """Whether ``do`` would return at once."""
        return len(self._waiting) < WAITING or self._waiting[0].done()

    def do(self, work: Callable[..., None], *given: Any) -> None:
        """Has it done; returns at once, unless too much waits. Raises what went wrong before."""
        self._await(WAITING - 1)
        self._waiting.append(self._thread.submit(work, *given))

    def _await(self, waiting: int) -> None:
        while self._waiting and (len(self._waiting) > waiting or self._waiting[0].done()):
            self._waiting.popleft().result()
