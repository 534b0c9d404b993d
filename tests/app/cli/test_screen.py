"""A screen that is not there, or does not answer, is told in words before Qt is loaded."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from app.cli import screen
from app.cli.screen import why_no_screen

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only there a screen is named by the environment")


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(screen, "X_SOCKET", str(tmp_path / "X"))


def test_no_screen_is_named() -> None:
    assert why_no_screen() == "no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set)"


@pytest.mark.parametrize("display", [":77", "unix:77.0", "nonsense", ":", "127.0.0.1:59535", "127.0.0.1:99999"])
def test_a_screen_that_does_not_answer(monkeypatch: pytest.MonkeyPatch, display: str) -> None:
    monkeypatch.setenv("DISPLAY", display)
    assert why_no_screen() == f"no screen answers at DISPLAY={display}"


def test_a_screen_that_answers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(str(tmp_path / "X5"))
        server.listen()
        monkeypatch.setenv("DISPLAY", ":5.0")
        assert why_no_screen() == ""


@pytest.mark.parametrize("name", ["WAYLAND_DISPLAY", "QT_QPA_PLATFORM"])
def test_another_kind_of_screen_is_left_to_qt(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "offscreen")
    assert why_no_screen() == ""
