"""What every test stands on: no screen, no sound, hypothesis without a clock."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from bench.postgresql import NoServerError, private_server

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

settings.register_profile("bedside", deadline=None, print_blob=True)
settings.load_profile("bedside")


@pytest.fixture(scope="session")
def postgresql():
    """A PostgreSQL server of this run's own, where the system has one."""
    try:
        with private_server() as server:
            yield server
    except NoServerError as missing:
        pytest.skip(str(missing))
