"""How a command fails: one line for people, and an exit status. Knows no command."""

from __future__ import annotations

CANNOT_BE_DONE = 2
NOTHING_FOUND = 1


class CommandError(Exception):
    """Ends a command. The text is one line that says what is wrong and what to do.

    Attributes:
        status: exit status: 2 where the command could not be done, 1 where it was done and found nothing good.
    """

    def __init__(self, text: str, status: int = CANNOT_BE_DONE) -> None:
        super().__init__(text)
        self.status = status
