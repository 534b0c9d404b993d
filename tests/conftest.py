"""What every test stands on: no screen, no sound, hypothesis without a clock."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from bench.postgresql import NoServerError, private_server

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

settings.register_profile("bedside", deadline=None, print_blob=True)
settings.load_profile("bedside")


@pytest.fixture(scope="session", autouse=True)
def _own_data_folder(tmp_path_factory):
    """What the programs of a test keep for their user (keys, the list of views and exports) is no part of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture
def qtbot(qtbot):
    """Holds each widget until it is closed: one that nobody holds might be collected while it paints itself, after its test."""
    held, add = [], qtbot.addWidget

    def add_and_hold(widget, **more):
        held.append(widget)
        add(widget, **more)

    qtbot.addWidget = qtbot.add_widget = add_and_hold
    yield qtbot
    held.clear()


@pytest.fixture(scope="session")
def postgresql():
    """A PostgreSQL server of this run's own, where the system has one."""
    try:
        with private_server() as server:
            yield server
    except NoServerError as missing:
        pytest.skip(str(missing))
