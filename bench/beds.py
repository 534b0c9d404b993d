"""Sixteen beds at full waveforms into one PostgreSQL: what recording, sending and announcing them cost, and whether anything piles up.

``python -m bench.beds [--beds 16] [--seconds 180]`` prints one JSON object.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from bench.postgresql import PrivateServer, private_server
from bench.recorder import case_start, second, setup
from bench.report import Figure, report
from bench.running import TICKS_A_SECOND
from clinical.bed import BedView
from clinical.commands import StartCase
from clinical.instant import Instant
from clinical.messages import FromOperator, Outcome
from storage.bed_states import BedAnnouncer, BedListener
from storage.cases import check_case, list_cases
from storage.forwarding import Forwarder
from storage.recorder import Recorder

HOW = (
    "{beds} beds, each 8 × 500 Hz, 20 numerics a second and a pump report each 5 s, second by second, in real time where the machine "
    "kept up, for {seconds} s: kept and committed to the bed's own file (SQLite, WAL, FULL), sent to one PostgreSQL {version} on the same "
    "computer and disk (fsync on), and each bed's state told twice a second. CPU is that of the beds' side, taken one after another in "
    "one process; PostgreSQL's own stands beside it."
)
ANNOUNCED_A_SECOND = 2


@dataclass(frozen=True, slots=True)
class Bed:
    recorder: Recorder
    forwarder: Forwarder
    announcer: BedAnnouncer
    view: BedView


def bed(number: int, folder: Path, server: str) -> Bed:
    """Its case has begun."""
    spool = f"sqlite:///{folder / f'bed-{number}.sqlite'}"
    recorder = Recorder(spool, boot_id="bench")
    recorder.open()
    own = replace(setup(), uuid=f"bench-{number}", bed=str(number))
    begin = Outcome(message=FromOperator(case_start().message.at, StartCase(setup=own)), case=own)
    made = Bed(recorder, Forwarder(spool, server), BedAnnouncer(server, f"core-{number}"), BedView(str(number)))
    recorder.keep(begin)
    made.view.follow(begin)
    recorder.commit()
    made.forwarder.turn()
    return made


def run(server: PrivateServer, folder: Path, *, beds: int, seconds: int) -> dict[str, float]:
    address = server.make("beds")
    all_beds = [bed(number, folder, address) for number in range(1, beds + 1)]
    random = np.random.default_rng(7)
    cpu_ns, server_s, late_s, waited, heard_ms = 0, _cpu_of(server), 0.0, 0, []
    listener = BedListener(address)
    listener.beds()
    began = time.monotonic()
    for number in range(seconds):
        samples = random.integers(-2000, 2000, (8, 500), dtype=np.int16)
        outcomes = list(second(number, samples))
        cpu_before = time.process_time_ns()
        for one in all_beds:
            waited += _second_of(one, outcomes)
        cpu_ns += time.process_time_ns() - cpu_before
        heard_ms.append(_heard_ms(listener, all_beds[number % beds], outcomes[-1].message.at))
        left_s = began + number + 1 - time.monotonic()
        late_s = max(late_s, -left_s)
        time.sleep(max(0.0, left_s))
    took_s = time.monotonic() - began
    server_s = _cpu_of(server) - server_s
    behind = sum(one.forwarder.behind() for one in all_beds)
    _close(all_beds, listener)
    broken = [case.id for case in list_cases(address) if not check_case(address, case.id).whole]
    return {
        "cpu_percent": 100 * cpu_ns / 1e9 / seconds,
        "server_cpu_percent": 100 * server_s / took_s,
        "turns_that_left_rows": float(waited),
        "rows_behind_at_the_end": float(behind),
        "late_at_most_s": late_s,
        "heard_p99_ms": float(np.percentile(heard_ms, 99)),
        "cases_not_whole": float(len(broken)),
    }


def _second_of(one: Bed, outcomes: list[Outcome]) -> int:
    """Everything a bed does in a second; 1 if rows were left for the next."""
    for outcome in outcomes:
        one.recorder.keep(outcome)
        one.recorder.wants_commit(outcome)
        one.view.follow(outcome)
    one.recorder.commit()
    more = one.forwarder.turn().more
    for _ in range(ANNOUNCED_A_SECOND):
        one.announcer.announce(one.view.state(outcomes[-1].message.at))
    return int(more)


def _heard_ms(listener: BedListener, one: Bed, at: Instant) -> float:
    """From a bed's word to its being read at the station."""
    while listener.wait(0):
        pass
    began = time.perf_counter()
    one.announcer.announce(one.view.state(at))
    listener.wait(5)
    listener.beds()
    return (time.perf_counter() - began) * 1e3


def _close(beds: list[Bed], listener: BedListener) -> None:
    listener.close()
    for one in beds:
        one.recorder.close()
        one.forwarder.close()
        one.announcer.close()


def _cpu_of(server: PrivateServer) -> float:
    """Seconds that all processes of the server have taken, those that ended among them."""
    first = int((server.folder / "data" / "postmaster.pid").read_text().split()[0])
    children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    total = 0
    for pid in [str(first), *children]:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += sum(map(int, fields[11:15] if pid == str(first) else fields[11:13]))
    return total / TICKS_A_SECOND


def figures(measured: dict[str, float], beds: int) -> list[Figure]:
    cpu, server, heard = (round(measured[name], 1) for name in ("cpu_percent", "server_cpu_percent", "heard_p99_ms"))
    return [
        Figure(what=f"{beds} beds to one server, CPU of recording, sending, announcing", value=cpu, unit="%", limit=60),
        Figure(what=f"{beds} beds to one server, rows that wait at the end", value=measured["rows_behind_at_the_end"], unit="", limit=0),
        Figure(what="a bed's word, told to read at the station, p99", value=heard, unit="ms", limit=1000),
        Figure(what=f"{beds} beds, CPU of PostgreSQL itself", value=server, unit="%"),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--beds", type=int, default=16)
    parser.add_argument("--seconds", type=int, default=180)
    args = parser.parse_args()
    with private_server(fsync="on") as server, tempfile.TemporaryDirectory() as folder:
        measured = run(server, Path(folder), beds=args.beds, seconds=args.seconds)
        version = server.programs.parent.name
    how = HOW.format(beds=args.beds, seconds=args.seconds, version=version)
    told: dict[str, Any] = {name: round(value, 3) for name, value in measured.items()}
    report("beds", how, figures(measured, args.beds), medians=told)


if __name__ == "__main__":
    main()
