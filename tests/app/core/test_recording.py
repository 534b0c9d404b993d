"""The end of a record whose database fails: tried again, and what is lost is said."""

from __future__ import annotations

import pytest

from app.core.recording import Recording
from clinical.messages import Outcome
from storage.errors import StoreError
from tests.app.core.outcomes import numeric


class Failing:
    """A recorder whose first commits fail."""

    def __init__(self, failures: int, error: Exception) -> None:
        self._failures, self._error = failures, error
        self.held: list[Outcome] = []
        self.written: list[Outcome] = []

    def keep(self, outcome: Outcome) -> None:
        self.held.append(outcome)

    def wants_commit(self, outcome: Outcome) -> bool:
        return False

    def commit(self) -> None:
        if self._failures > 0:
            self._failures -= 1
            raise self._error
        self.written, self.held = [*self.written, *self.held], []

    def close(self) -> None:
        self.held = []


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr("app.core.recording.LAST_TRIES_S", 0.5)
    monkeypatch.setattr("app.core.recording.TRY_AGAIN_S", 0.02)


def ended(recorder: Failing) -> None:
    recording = Recording(recorder, "sqlite://", lambda part, ok, text: None, lambda entry: None)  # type: ignore[arg-type]
    recording.keep(numeric(1.0, 97.0))
    recording.start()
    recording.stop()
    assert not recording._thread.is_alive()


@pytest.mark.parametrize("error", [StoreError("the database is locked."), ValueError("odd")])
def test_the_last_commit_is_tried_again(quick, error) -> None:
    recorder = Failing(3, error)
    ended(recorder)
    assert [outcome.shown.value for outcome in recorder.written] == [97.0]


def test_what_could_not_be_written_is_said(quick, caplog) -> None:
    ended(Failing(10_000, StoreError("the disk is full.")))
    assert "not in the record. the disk is full." in caplog.text
