"""Does the same to one thing after another on two threads, and gives what comes of each in their order. Knows nothing of what it does.

Unpacking is done outside of the interpreter's lock, so it gains from the second core.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

THREADS, WAITING = 2, 4
"""So many at once; so many more may be done before they are wanted."""

Item = TypeVar("Item")
Done = TypeVar("Done")


def done_ahead(items: Iterable[Item], work: Callable[[Item], Done]) -> Iterator[Done]:
    """``items`` are taken on the caller's thread. What ``work`` raises is raised in its turn."""
    with ThreadPoolExecutor(THREADS, thread_name_prefix="ahead") as threads:
        under_way: deque[Future[Done]] = deque()
        for item in items:
            under_way.append(threads.submit(work, item))
            if len(under_way) > THREADS + WAITING:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
