"""A bed that loses its server again and again in the midst of a case, and the question what is lost or there twice afterwards.

``python -m bench.cut_server [--cuts 50] [--seed 1] [--restarts 5]`` prints one JSON object; the exit status is 1 if anything is lost,
there twice or not as it was written. Connections are cut at random bytes on either way, and after COMMIT was sent before its answer
came; the server itself is ended without a word and started again.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.engine import Connection

from bench.cutting_proxy import Cut, CuttingProxy, Fate, cutting_proxy, fates
from bench.postgresql import PrivateServer, private_server
from bench.recorder import START, case_start, second
from clinical.commands import EndCase
from clinical.messages import FromOperator, Outcome
from storage.cases import check_case
from storage.engine import parse_url, reading_engine
from storage.errors import StoreError
from storage.forwarding import Forwarder
from storage.recorder import Recorder
from storage.schema import CASES, METADATA, WAVEFORM_OVERVIEWS

MOST_SECONDS = 3000
HEALED = 400
"""So many turns may the rest take once the network is whole again."""


def cut_again_and_again(server: PrivateServer, folder: Path, *, cuts: int, restarts: int, seed: int) -> dict[str, Any]:
    """One case, recorded into a file and sent through a network that fails; what was seen, and what is wrong (``faults``)."""
    import numpy as np

    spool, there = f"sqlite:///{folder / 'spool.sqlite'}", server.make_schema("cut")
    recorder = Recorder(spool, boot_id="bench")
    recorder.open()
    recorder.keep(case_start())
    recorder.commit()
    chance = fates(seed)
    samples = np.random.default_rng(seed).integers(-2000, 2000, (8, 500), dtype=np.int16)
    with cutting_proxy(server.port, lambda: next(chance)) as proxy:
        forwarder = Forwarder(spool, server.in_schema("cut", port=proxy.port))
        seen = _cut_while_recording(forwarder, recorder, samples, proxy, server, cuts=cuts, restarts=restarts)
        recorder.keep(_end_at(seen["seconds"]))
        recorder.commit()
        recorder.close()
        proxy.fate = lambda: Fate(Cut.NEVER)
        proxy.cut_all()
        turns = _heal(forwarder)
        forwarder.close()
    return seen | {
        "cut": {kind.value: count for kind, count in proxy.cuts.items() if count},
        "turns_to_heal": turns,
        "faults": faults(spool, there),
    }


def _cut_while_recording(
    forwarder: Forwarder, recorder: Recorder, samples: Any, proxy: CuttingProxy, server: PrivateServer, *, cuts: int, restarts: int
) -> dict[str, Any]:
    failed, restarted, number = 0, 0, 0
    while sum(proxy.cuts.values()) < cuts and number < MOST_SECONDS:
        for outcome in second(number, samples):
            recorder.keep(outcome)
        recorder.commit()
        number += 1
        if restarted < restarts and sum(proxy.cuts.values()) >= (restarted + 1) * cuts // (restarts + 1):
            server.kill()
            server.start()
            restarted += 1
        try:
            forwarder.turn()
        except StoreError:
            failed += 1
    return {"seconds": number, "turns_failed": failed, "restarts": restarted}


def _end_at(number: int) -> Outcome:
    case = case_start().case
    return Outcome(message=FromOperator(START.plus(number), EndCase(reason="done")), case=case, ended=True)


def _heal(forwarder: Forwarder) -> int:
    for turn in range(HEALED):
        try:
            sent = forwarder.turn()
        except StoreError:
            continue
        if not sent.rows and not sent.more:
            return turn
    return HEALED


def faults(spool: str, there: str) -> list[str]:
    """Where two databases differ in the one case that they hold, and what is not as it was written on the server."""
    found = []
    with reading_engine(parse_url(spool)).connect() as first, reading_engine(parse_url(there)).connect() as second_one:
        numbers = [connection.execute(select(CASES.c.id)).scalars().all() for connection in (first, second_one)]
        if [len(number) for number in numbers] != [1, 1]:
            return [f"cases: {numbers}"]
        for table in [table for table in METADATA.sorted_tables if "case_id" in table.c]:
            here, far = (list(_rows(connection, table)) for connection in (first, second_one))
            if here != far:
                found.append(f"{table.name}: {len(here)} rows here, {len(far)} there, first difference at {_differs(here, far)}")
    fault = check_case(there, numbers[1][0]).fault
    return [*found, fault] if fault else found


def _rows(connection: Connection, table: Table) -> Iterator[tuple[Any, ...]]:
    """In the order they were written, without a database's own numbers."""
    names = [column.name for column in table.columns if column.name not in {"id", "case_id", "upto_id"}]
    order = table.c.id if "id" in table.c else table.c.number if "number" in table.c else table.c.name
    for row in connection.execute(select(*(table.c[name] for name in names)).order_by(order)):
        yield tuple(row)
    if table is WAVEFORM_OVERVIEWS:
        yield tuple(_places(connection))


def _places(connection: Connection) -> Iterator[int]:
    """Of each overview, which row of the level below is the last in it: told by its place, not by its number."""
    below: dict[int, list[int]] = {-1: list(connection.execute(select(METADATA.tables["waveforms"].c.id).order_by("id")).scalars())}
    for row in connection.execute(select(WAVEFORM_OVERVIEWS.c.id, WAVEFORM_OVERVIEWS.c.level, WAVEFORM_OVERVIEWS.c.upto_id).order_by("id")):
        below.setdefault(row.level, []).append(row.id)
        yield below[row.level - 1].index(row.upto_id)


def _differs(here: list[Any], far: list[Any]) -> int:
    return next((place for place, (one, other) in enumerate(zip(here, far, strict=False)) if one != other), min(len(here), len(far)))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cuts", type=int, default=50)
    parser.add_argument("--restarts", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with private_server() as server, tempfile.TemporaryDirectory() as folder:
        seen = cut_again_and_again(server, Path(folder), cuts=args.cuts, restarts=args.restarts, seed=args.seed)
    print(json.dumps(seen, indent=1))
    return 1 if seen["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
