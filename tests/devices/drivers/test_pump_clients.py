"""Other people's clients read our simulated pumps over a pseudo-terminal. They only read; what would control is refused or left out."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from clinical.instant import Instant
from devices.driver import Simulator
from devices.drivers.alaris.simulator import AlarisSimulator
from devices.drivers.new_era.simulator import NewEraSimulator
from devices.drivers.vial.simulator import VialSimulator
from devices.transports.served import served_line
from tests.devices.fake_rack import FakeBedside
from tests.devices.transports.ptys import needs_pty

pytestmark = needs_pty


@contextmanager
def served(simulator: Simulator) -> Iterator[str]:
    """Runs the device against the wall clock on a pseudo-terminal; gives its name."""
    line = served_line("pty")
    line.open()
    done = threading.Event()

    def run() -> None:
        while not done.is_set():
            heard = line.read(0.005)
            now = Instant(time.monotonic_ns(), time.time_ns())
            if heard:
                simulator.receive(heard, now)
            said = simulator.outgoing(now)
            if said:
                line.write(said)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield line.name
    finally:
        done.set()
        thread.join()
        line.close()


def test_nesp_lib_reads_the_simulated_new_era_pump() -> None:
    from nesp_lib import Port, Pump, PumpingDirection, Status
    from nesp_lib.exceptions import StateException, StatusAlarmException

    bedside = FakeBedside()
    with served(NewEraSimulator(bedside)) as name, Port(name, 19_200) as port:
        pump = Pump(port)
        assert (pump.model_number, pump.firmware_version) == (1000, (3, 923))
        assert pump.status is Status.INFUSING
        assert pump.pumping_rate_ml_per_min == pytest.approx(5.0 / 60)
        assert pump.pumping_volume_ml == pytest.approx(50.0)
        assert (pump.volume_infused_ml, pump.volume_withdrawn_ml) == (12.5, 0.0)
        assert pump.pumping_direction is PumpingDirection.INFUSE
        assert pump.syringe_diameter_mm == 26.59
        assert pump.safe_mode_timeout_s == 0
        with pytest.raises(StateException):
            pump.stop(wait_while_running=False)
        bedside.set_pump(alarms=frozenset({"occlusion"}))
        with pytest.raises(StatusAlarmException):
            _ = pump.status
        assert pump.status is Status.INFUSING, "told once"


ALARIS_CLIENT = """
import json, sys
from infupy.backends.alaris import AlarisComm, AlarisSyringe, Command

class Reader(AlarisSyringe):
    def launchKeepAlive(self):  # infupy's own would enable remote control each second
        pass

pump = Reader(AlarisComm(sys.argv[1]))
refused = pump.execCommand(Command.remotectrl, [b"ENABLED", b"0000"]).value
values = pump.readRate(), pump.readVolume(), pump.execCommand(Command.getserialno).value, refused
print(json.dumps([value.decode() for value in values]))
"""
VIAL_CLIENT = """
import json, sys
from infupy.backends.common import CommandError
from infupy.backends.fresenius import FreseniusBase, FreseniusComm, VarId, extractVolume

comm = FreseniusComm(sys.argv[1])
base = FreseniusBase(comm, wait=False)
modules = base.listModules()
pump = base.connectSyringe(1)
values = [modules, pump.readRate(), pump.readVolume()]
pump.registerEvent(VarId.volume)
_, origin, message = comm.eventq.get(timeout=5.0)
values += [origin, extractVolume(message)]
try:
    pump.remoteControl(True)
except CommandError as error:
    values.append(str(error))
print(json.dumps(values))
"""


def told_by(client: str, line: str) -> object:
    """What a client's script prints. It runs by itself, as infupy's threads never end."""
    pytest.importorskip("infupy", reason="infupy is not installed (extra 'clients')")
    done = subprocess.run([sys.executable, "-c", client, line], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_infupy_reads_the_simulated_alaris_pump() -> None:
    with served(AlarisSimulator(FakeBedside())) as name:
        told = told_by(ALARIS_CLIENT, name)
    assert told == ["5.00 ml/h", "12.500 ml", "40864", "DISABLED **** PERMIT 0 ms"], "and remote control stays off"


def test_infupy_reads_the_simulated_vial_base() -> None:
    with served(VialSimulator(FakeBedside())) as name:
        told = told_by(VIAL_CLIENT, name)
    assert told == [[1], 5.0, 12.5, 1, 12.5, "Command error: (Operating Mode not Authorized,)"]
