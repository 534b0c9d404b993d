"""A disk that reports faults, or is full, at write after write: nothing acknowledged is lost. The same bench does it at each write."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.failing_disk_shim import Disk, NoCompilerError, built

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    try:
        return built(tmp_path_factory.mktemp("shim"))
    except NoCompilerError as why:
        pytest.skip(str(why))


def test_nothing_acknowledged_is_lost(library):
    line = [sys.executable, "-m", "bench.failing_disk", "--seconds", "2", "--every", "97"]
    done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=55, cwd=ROOT)
    assert done.returncode == 0, done.stderr + done.stdout
    losses = json.loads(done.stdout)
    assert losses["failures_told"] >= losses["runs"] // 2 > 5
    assert (losses["acknowledged_lost"], losses["lost_in_the_end"], losses["faults"]) == (0, 0, [])


WRITER = """
import os, sys
handle = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT)
for number in range(5):
    try:
        os.write(handle, b"x")
        print("written")
    except OSError as error:
        print(error.errno)
"""


@pytest.mark.parametrize(("many", "told"), [(1, "written 28 written written written"), (-1, "written 28 28 28 28")])
def test_the_disk_itself_fails_when_it_is_told_and_no_other_file(library, tmp_path, many, told):
    disk = Disk(tmp_path / "control", new=True)
    environment = os.environ | disk.environment(library, tmp_path / "ours")
    disk.fail(28, first=2, many=many)

    def write(name):
        line = [sys.executable, "-c", WRITER, str(tmp_path / name)]
        return subprocess.run(line, env=environment, capture_output=True, text=True, check=True).stdout.split()

    assert write("theirs") == ["written"] * 5
    assert (disk.writes, disk.failed) == (0, 0)
    assert write("ours") == told.split()
    assert (disk.writes, disk.failed) == (5, told.count("28"))
