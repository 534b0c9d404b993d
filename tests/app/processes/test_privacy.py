"""A case with names that stand out, in the real program: core killed and taken up again, closed, exported. Where the names may not be, they
are not; and nobody from outside can connect to any of it."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
import pytest

from app.plan import CorePlan, DevicePlan
from clinical.commands import Patient
from storage.cases import list_cases, open_case
from tests.app.display.windows import emulated_oximeter
from tests.app.processes.bedside import ROOT, needs_processes
from tests.storage.made_case import made_setup

pytestmark = needs_processes

CANARIES = ("Zyxwvut", "Quoxbramble", "Jackdawish", "Plimsolly")
"""Label, diagnosis, a note, and who enters it."""
DISPLAY = """
import os, pickle, signal, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from app.display.compose import Display
from app.display.start import show
from clinical.commands import EventKind

folder, opened = Path(sys.argv[1]), Display.open

def act(display):
    display.operator.by = lambda: "Plimsolly"
    display.operator._record_event(EventKind.NOTE, "Jackdawish feels calm", 0)

def tell(display):
    titles = [window.title() for window in QGuiApplication.allWindows()] + [QApplication.applicationName()]
    titles += [widget.windowTitle() for widget in QApplication.allWidgets()]
    (folder / "titles").write_text("\\n".join(titles))
    display.window.window().close()

def wait_for(display, condition, then):
    timer = QTimer(display, interval=100)
    def look():
        if condition():
            timer.stop()
            then()
    timer.timeout.connect(look)
    timer.start()

def with_canaries(display, core):
    opened(display, core)
    display.operator.entries.kept.connect(lambda entry: (folder / "kept").write_text(entry.text))
    display.bridge.core_named.connect(lambda number: (folder / "core").write_text(str(number)))
    wait_for(display, lambda: display.state.setup is not None, lambda: act(display))
    wait_for(display, (folder / "enough").exists, lambda: tell(display))

Display.open = with_canaries
sys.exit(show(pickle.loads(sys.stdin.buffer.read())))
"""


@dataclass
class Run:
    folder: Path
    database: str
    environment: dict[str, str]
    said: str = ""
    command_lines: str = ""
    inherited: str = ""
    listening: tuple[str, ...] = ()


def until(condition, what: str, within_s: float = 30.0):
    limit = time.monotonic() + within_s
    while not (found := condition()):
        assert time.monotonic() < limit, what
        time.sleep(0.05)
    return found


def look_at(processes: list[psutil.Process], run: Run) -> None:
    """What any other program of this computer can see of them."""
    for process in processes:
        run.command_lines += " ".join(process.cmdline()) + "\n"
        run.inherited += str(process.environ())
        sockets = process.net_connections(kind="inet")
        run.listening += tuple(str(one.laddr) for one in sockets if one.status == psutil.CONN_LISTEN or not one.raddr)


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Run:
    folder = tmp_path_factory.mktemp("canaries")
    homes = {name: str(folder / name.lower()) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "TMPDIR")}
    for place in homes.values():
        Path(place).mkdir()
    environment = os.environ | homes | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT), "BEDSIDE_WINDOW": "1366x768"}
    one = Run(folder, f"sqlite:///{folder / 'data' / 'cases.sqlite'}", environment)
    patient = Patient(label=CANARIES[0], age_years=47, sex="f", diagnosis=CANARIES[1])
    setup = replace(made_setup(simulated=False), patient=patient, source_order=("oximeter",))
    with emulated_oximeter() as port:
        plan = CorePlan(database=one.database, setup=setup, devices=(DevicePlan(name="oximeter", driver="nonin", address=port),))
        script = tmp_path_factory.mktemp("script") / "display.py"
        script.write_text(DISPLAY)
        watch(one, plan, script)
    return one


def watch(run: Run, plan: CorePlan, script: Path) -> None:
    words = [sys.executable, str(script), str(run.folder)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(words, env=run.environment, cwd=run.folder / "home", **pipes) as display:
        try:
            display.stdin.write(pickle.dumps(plan))
            display.stdin.close()
            until((run.folder / "kept").exists, "no entry was kept")
            core = int((run.folder / "core").read_text())
            me = psutil.Process(display.pid)
            look_at([me, *me.children(recursive=True), psutil.Process(core)], run)
            os.kill(core, 9)
            until(lambda: int((run.folder / "core").read_text()) != core, "the core was not started again")
            time.sleep(1.0)
            (run.folder / "enough").touch()
            run.said = display.stdout.read().decode(errors="replace")
            display.wait(20)
        finally:
            display.kill()


def in_files(folder: Path, *but: str) -> list[str]:
    """Files below a folder that hold a canary, or are named by one."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(but)]
    named = [str(path) for path in folder.rglob("*") if any(canary.lower() in path.name.lower() for canary in CANARIES)]
    return named + [str(path) for path in files if any(canary.encode() in path.read_bytes() for canary in CANARIES)]


def test_the_canaries_are_where_they_belong(run: Run) -> None:
    """Else nothing below would mean anything."""
    (case,) = list_cases(run.database)
    assert case.setup.patient.label == CANARIES[0]
    with open_case(run.database, case.id) as history:
        assert any("Jackdawish" in kept.command.text and kept.command.by == "Plimsolly" for kept in history.events())
    content = b"".join(path.read_bytes() for path in (run.folder / "data").iterdir())
    assert all(canary.encode() in content for canary in CANARIES)


def test_they_are_in_no_log_no_temporary_and_no_other_file(run: Run) -> None:
    (run.folder / "kept").unlink(missing_ok=True)  # this test's own
    assert in_files(run.folder, "cases.sqlite") == []


def test_they_are_in_nothing_that_is_printed_titled_or_started(run: Run) -> None:
    titles = (run.folder / "titles").read_text()
    assert "Bedside" in titles
    for told in (run.said, titles, run.command_lines, run.inherited):
        assert [canary for canary in CANARIES if canary in told] == []


def test_nothing_listens(run: Run) -> None:
    assert run.command_lines.count("app.core") >= 1
    assert run.listening == ()


@pytest.mark.parametrize("deidentified", [True, False])
def test_exports_are_named_without_them_and_deidentified_ones_hold_none(run: Run, tmp_path, deidentified: bool) -> None:
    words = [sys.executable, "-m", "app", "--database", run.database, "export", "last", "--out", str(tmp_path / "out")]
    done = subprocess.run(
        [*words, *(["--deidentify"] if deidentified else [])], env=run.environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert [canary for canary in CANARIES if canary in done.stdout + done.stderr] == []
    found = in_files(tmp_path / "out")
    assert found == [] if deidentified else all(canary not in " ".join(found) for canary in CANARIES)
    assert bool(found) is not deidentified


def test_with_every_database_command_they_stay_where_they_are(run: Run, tmp_path) -> None:
    """What is listed for people names the patient by the label that was given for that; what is made besides is named without."""
    for words in (["backup", str(tmp_path / "b.sqlite")], ["retention", "--older-than", "1"], ["check"], ["verify", "1"]):
        done = subprocess.run(
            [sys.executable, "-m", "app", "--database", run.database, *words],
            env=run.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert [canary for canary in CANARIES if canary in done.stdout + done.stderr] == []
    assert in_files(run.folder / "tmpdir") == []
