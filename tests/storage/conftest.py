import os
import subprocess

import pytest

from tests.storage.stores import SERVER

ON_BOTH = {"test_record_and_read", "test_replay", "test_course", "test_courses", "test_sources_kept"}
"""Modules whose tests run on a file and on a server."""


def pytest_generate_tests(metafunc):
    if metafunc.module.__name__.rpartition(".")[2] in ON_BOTH:
        metafunc.parametrize("kind_of_store", ["sqlite", "postgresql"], indirect=True, scope="module")


@pytest.fixture(scope="module", autouse=True)
def kind_of_store(request):
    """Where made cases lie in this module, or in this round of it."""
    kind = getattr(request, "param", "sqlite")
    SERVER.set(request.getfixturevalue("postgresql") if kind == "postgresql" else None)
    yield kind
    SERVER.set(None)


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 3 MB, where this user may make one."""
    if os.name == "nt" or os.geteuid() != 0:
        pytest.skip("only root may mount the small disk that is to be filled")
    place = tmp_path / "disk"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", place], capture_output=True, check=False).returncode:
        pytest.skip("no small disk can be mounted here")
    yield place
    subprocess.run(["umount", "-l", place], check=False)
