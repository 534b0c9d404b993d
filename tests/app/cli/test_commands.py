"""The command line as people meet it: processes, exit statuses, one line for each error, real terminals."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from devices.transports.capture import MAGIC
from tests.app.cli.programs import Program, one_line, program
from tests.devices.fake_driver import frame
from tests.devices.transports.ptys import Adapter, adapter, needs_pty

assert adapter
assert program  # fixtures

FRAMES = b"".join(frame(70 + n, float(n)) for n in range(10))

EMULATE = """
import argparse, sys
from app.cli import emulate
from tests.devices.still_bedside import FakeBedside
parser = argparse.ArgumentParser()
emulate.add_arguments(parser)
sys.exit(emulate.run(parser.parse_args(), lambda scenario, seed, start: FakeBedside(start)))
"""


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


# decode


def test_decode_bare_bytes(program: Program, tmp_path: Path) -> None:
    (tmp_path / "bare").write_bytes(FRAMES + b"damaged\n")
    result = program.run("decode", "fake", tmp_path / "bare")
    rows = lines(result.stdout)
    assert (result.returncode, result.stderr) == (0, "")
    assert [row["value"] for row in rows if row["kind"] == "numeric"] == [float(n) for n in range(70, 80)]
    assert rows[0]["at"] == "1970-01-01T00:00:00.009Z"
    assert rows[-1] == {"at": rows[-1]["at"], "kind": "link", "state": "closed", "bad_frames": 1}


def test_decode_twice_gives_the_same_bytes(program: Program, tmp_path: Path) -> None:
    (tmp_path / "bare").write_bytes(FRAMES)
    assert program.run("decode", "fake", tmp_path / "bare").stdout == program.run("decode", "fake", tmp_path / "bare").stdout


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (b"", 2, "holds no bytes"),
        (os.urandom(2000), 1, "no good frame of Fake device"),
        (MAGIC + b'{"driver": "fa', 2, "header is cut short"),
        (MAGIC + b"{}\n" + b"<12345", 2, "is cut short"),
        (MAGIC + b"{}\n" + bytes(100), 2, "damaged at byte"),
        (b"BEDSIDE-CAPTURE 9\n{}\n", 2, "newer version"),
    ],
)
def test_decode_of_what_cannot_be_decoded(program: Program, tmp_path: Path, content: bytes, status: int, words: str) -> None:
    (tmp_path / "file").write_bytes(content)
    result = program.run("decode", "fake", tmp_path / "file")
    assert result.returncode == status
    assert words in one_line(result)


def test_decode_of_a_file_that_is_not_there_or_a_folder(program: Program, tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        result = program.run("decode", "fake", path)
        assert result.returncode == 2
        assert "cannot be read" in one_line(result)


def test_decode_with_a_wrong_driver_name(program: Program) -> None:
    result = program.run("decode", "fake:df9", "x")
    assert result.returncode == 2
    assert "it has: forbidden, faulty" in one_line(result)
    assert "there are: " in one_line(program.run("decode", "nope", "x"))


def test_a_reader_that_goes_away_is_no_error(program: Program, tmp_path: Path) -> None:
    (tmp_path / "bare").write_bytes(FRAMES * 2000)
    with program.started("decode", "fake", tmp_path / "bare") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        assert process.wait(10) == 141
        assert process.stderr.read() == ""


# listen


@needs_pty
def test_listen_prints_records_and_ends_with_ctrl_c(program: Program, adapter: Adapter, tmp_path: Path) -> None:
    capture = tmp_path / "line.capture"
    with program.started("listen", "fake", adapter.path, "--capture", capture) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["state"] == "connecting"
        asked = b""
        while not asked:
            asked = adapter.heard()
            time.sleep(0.01)
        adapter.send(FRAMES)
        heard = [json.loads(process.stdout.readline()) for _ in range(21)]
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=10)
        assert (process.returncode, errors) == (0, "")
    assert asked == b"GO\n"
    assert [row["kind"] for row in heard[:3]] == ["link", "numeric", "pump"]
    assert lines(rest)[-1]["state"] == "closed"
    decoded = lines(program.run("decode", "fake", capture).stdout)
    keep = ("kind", "metric", "value", "infused_ml")
    assert [[row.get(key) for key in keep] for row in decoded if row["kind"] != "link"] == [
        [row.get(key) for key in keep] for row in heard if row["kind"] != "link"
    ]


@needs_pty
def test_listen_through_an_unplugged_cable(program: Program, adapter: Adapter) -> None:
    with program.started("listen", "fake", adapter.path) as process:
        assert process.stdout is not None
        states = []
        for row in map(json.loads, process.stdout):
            if row["kind"] == "link":
                states.append(row["state"])
            if states == ["connecting"] or states[-1:] == ["connecting"]:
                time.sleep(0.05)
                adapter.send(FRAMES)
            if row.get("infused_ml") == 9.0:
                if states.count("live") == 2:
                    break
                adapter.unplug()
                adapter.plug()
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        assert process.wait(10) == 0
    assert states == ["connecting", "live", "lost", "connecting", "live"]


@needs_pty
def test_listen_to_a_silent_device_for_a_while(program: Program, adapter: Adapter) -> None:
    result = program.run("listen", "fake", adapter.path, "--seconds", "0.6")
    assert result.returncode == 1
    assert "is the device on" in one_line(result)
    assert [row["state"] for row in lines(result.stdout)] == ["connecting", "silent", "closed"]


def test_listen_to_a_port_that_is_not_there(program: Program, tmp_path: Path) -> None:
    capture = tmp_path / "line.capture"
    result = program.run("listen", "fake", tmp_path / "ttyUSB9", "--capture", capture)
    assert result.returncode == 2
    assert "is not there" in one_line(result)
    assert not capture.exists()


@needs_pty
def test_listen_to_a_port_in_use(program: Program, adapter: Adapter) -> None:
    import serial

    with serial.Serial(str(adapter.path), exclusive=True):
        result = program.run("listen", "fake", adapter.path)
    assert result.returncode == 2
    assert "in use by" in one_line(result)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may open everything")
def test_listen_without_permission(program: Program, tmp_path: Path) -> None:
    port = tmp_path / "ttyUSB0"
    port.write_text("")
    port.chmod(0)
    result = program.run("listen", "fake", port)
    assert result.returncode == 2
    assert "log in again" in one_line(result)


def test_listen_to_a_network_port_that_refuses_or_is_malformed(program: Program) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        number = door.getsockname()[1]
    assert "refused" in one_line(program.run("listen", "fake", f"tcp:127.0.0.1:{number}"))
    assert "tcp:HOST:PORT" in one_line(program.run("listen", "fake", "tcp:host"))


def test_listen_never_overwrites_a_recording(program: Program, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("kept")
    result = program.run("listen", "fake", "/dev/null", "--capture", tmp_path / "kept")
    assert result.returncode == 2
    assert "never overwritten" in one_line(result)
    assert (tmp_path / "kept").read_text() == "kept"


# emulate


@needs_pty  # and Ctrl-C cannot be sent to a process on Windows
@pytest.mark.parametrize("port", ["pty", "tcp:0"])
def test_emulate_answers_listen(program: Program, port: str) -> None:
    with program.started("fake", "--port", port, code=EMULATE) as device:
        assert device.stdout is not None
        name = device.stdout.readline().strip()
        result = program.run("listen", "fake", name, "--seconds", "0.8")
        assert result.returncode == 0
        rows = lines(result.stdout)
        device.send_signal(signal.SIGINT)
        assert device.wait(10) == 0
    assert [row["state"] for row in rows if row["kind"] == "link"] == ["connecting", "live", "closed"]
    assert len([row for row in rows if row["kind"] == "numeric"]) > 10


def test_emulate_on_a_port_that_is_taken(program: Program) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = program.run("emulate", "fake", "--port", f"tcp:{taken.getsockname()[1]}")
    assert result.returncode == 2
    assert "choose another port" in one_line(result)
    assert "write pty, tcp:PORT" in one_line(program.run("emulate", "fake", "--port", "usb"))
    assert "there are: " in one_line(program.run("emulate", "nope"))


# devices


def test_devices_lists_drivers_and_the_broken_ones(program: Program) -> None:
    result = program.run("devices", "--no-probe", "--json")
    assert result.returncode == 0
    row = next(row for row in json.loads(result.stdout)["drivers"] if row["name"] == "fake")
    assert row == {
        "name": "fake",
        "title": "Fake device",
        "kind": "pump",
        "proof": "experimental",
        "standing": "does not exist",
        "metrics": ["MDC_ECG_HEART_RATE"],
        "variants": ["forbidden", "faulty"],
        "error": None,
    }
    text = program.run("devices", "--no-probe").stdout
    assert "fake  pump  Fake device" in text
    assert "[experimental]" in text


# the whole


def test_help_names_every_command(program: Program) -> None:
    result = program.run("--help")
    for name in ("demo", "replay", "decode", "listen", "emulate", "devices", "cases", "export", "check"):
        assert name in result.stdout


def test_help_imports_nothing_heavy() -> None:
    code = "import sys, app.__main__\ntry:\n app.__main__.main(['--help'])\nexcept SystemExit: pass\n"
    code += "print([name for name in ('numpy', 'PySide6', 'sqlalchemy', 'serial') if name in sys.modules], file=sys.stderr)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3])
    assert result.stderr.strip() == "[]"


WRONG = [["nope"], ["decode"], ["decode", "fake"], ["listen", "fake", "x", "--seconds", "long"], ["devices", "--nope"]]


@pytest.mark.parametrize("arguments", WRONG)
def test_wrong_arguments_are_one_line(program: Program, arguments: list[str]) -> None:
    result = program.run(*arguments)
    assert result.returncode == 2
    one_line(result)


def test_a_fault_of_the_program_is_one_line(program: Program, tmp_path: Path) -> None:
    (tmp_path / "bare").write_bytes(FRAMES)
    result = program.run("decode", "fake:faulty", tmp_path / "bare")
    assert result.returncode == 70
    assert "ZeroDivisionError" in one_line(result)
