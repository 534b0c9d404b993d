"""A progress bar on standard error: only where a person looks at it, and never in what another program reads."""

from __future__ import annotations

import sys
from time import monotonic
from typing import Self

WIDTH = 30
AGAIN_AFTER_S = 0.1


class ProgressBar:
    """Draws at most ten times a second. Use as a context: it clears its line at the end."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._shown_at = -1.0
        self._shows = sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shows:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def update(self, share: float) -> None:
        """``share`` from 0 to 1."""
        if not self._shows or monotonic() - self._shown_at < AGAIN_AFTER_S:
            return
        self._shown_at = monotonic()
        filled = round(max(0.0, min(share, 1.0)) * WIDTH)
        sys.stderr.write(f"\r{self._title} [{'#' * filled}{'.' * (WIDTH - filled)}] {share:4.0%}")
        sys.stderr.flush()
