import os
import subprocess

import pytest


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
