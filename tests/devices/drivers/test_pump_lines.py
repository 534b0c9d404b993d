"""Every pump's driver against its own simulator and against damage: the same demands for each."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.observations import DeviceAlert, PumpState, PumpStatus
from devices.drivers.alaris import DRIVER as ALARIS
from devices.drivers.ap4000 import DRIVER as AP4000
from devices.drivers.dianet import DRIVER as DIANET
from devices.drivers.new_era import DRIVER as NEW_ERA
from devices.drivers.terumo import DRIVER as TERUMO
from devices.drivers.vial import DRIVER as VIAL
from tests.devices.drivers.line_checks import CAPTURES, check_sends_only, check_splits, heard, line_of, mutated, session
from tests.devices.fake_rack import START, only

DRIVERS = {"alaris": ALARIS, "vial": VIAL, "new-era": NEW_ERA, "terumo": TERUMO, "dianet": DIANET, "ap4000": AP4000}
SESSIONS = {name: session(driver) for name, driver in DRIVERS.items()}
LINES = {name: line_of(bench) for name, bench in SESSIONS.items()}
by_driver = pytest.mark.parametrize("name", DRIVERS)

FORBIDDEN = {
    "alaris": (b"INF_RATE^", b"REMOTE", b"INF_START", b"INF_STOP", b"CLEAR", b"BOLUS", b"ACTIV"),
    "vial": (b"MO", b"PR", b"PO", b"PB", b"PF", b"PV", b"RV", b"PP", b"PS", b"RZ", b"OF", b"SI", b"EP", b"AP", b"EN"),
    "new-era": (b"SAF", b"RUN", b"STP", b"PUR", b"CLD", b"DIA", b"DIR", b"\x02", b"*", b"0.", b"1"),
    "terumo": (b"<REP>",),
    "dianet": tuple(bytes((0x7E, 0, segment)) for segment in range(0x10, 0x16)),
    "ap4000": (b"CNTLREQ", b"INFPROG", b"INFPAUS", b"INFRESM"),
}
"""Nothing that holds one of these may leave, whatever the driver's own allow-list says."""


@by_driver
def test_the_capture_is_what_the_simulator_says(name: str) -> None:
    folder = CAPTURES / name.replace("-", "_")
    assert (folder / "session.bin").read_bytes() == LINES[name]
    assert (folder / "README.md").exists()


@by_driver
def test_a_session_tells_what_the_pump_does(name: str) -> None:
    bench = SESSIONS[name]
    statuses = only(PumpStatus, bench.observations)
    assert bench.protocol.bad_frames == 0
    assert len({status.channel for status in statuses}) == 1
    assert all(status.infused_ml == pytest.approx(12.5, abs=0.3) for status in statuses if status.infused_ml is not None)
    moving = [status for status in statuses if status.at < START.plus(19)]
    assert moving[-1].state is PumpState.INFUSING
    assert moving[-1].rate_ml_per_h == pytest.approx(5.0)
    assert statuses[-1].state in {PumpState.PAUSED, PumpState.STOPPED}
    assert bench.protocol.identity
    assert DRIVERS[name].silent_after_s > 2 * max(later.at.since(before.at) for before, later in pairwise(statuses))


@by_driver
def test_an_occlusion_comes_and_its_alert_is_technical(name: str) -> None:
    bench = SESSIONS[name]
    alerts = only(DeviceAlert, bench.observations)
    assert alerts
    assert all(alert.technical and alert.text for alert in alerts)
    assert alerts[0].active
    assert START.plus(20) <= alerts[0].at < START.plus(26)


@by_driver
@given(places=st.lists(st.integers(0, 1 << 16), max_size=12), noise=st.binary(max_size=40))
@settings(max_examples=12, deadline=None)
def test_any_split_gives_the_same(name: str, places: list[int], noise: bytes) -> None:
    line = LINES[name]
    middle = len(line) // 2
    check_splits(DRIVERS[name], line[:middle][-1500:] + noise + line[middle:][:1500], places)


@by_driver
@given(st.lists(st.tuples(st.binary(max_size=60), st.floats(0, 100)), max_size=25), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_nothing_but_what_is_allowed_is_ever_sent(name: str, steps, chooser) -> None:
    line = LINES[name]
    real = [(line[place : place + 300], chooser.uniform(0, 5)) for place in (chooser.randrange(len(line)) for _ in range(10))]
    mixed = [*steps, *real]
    chooser.shuffle(mixed)
    check_sends_only(DRIVERS[name], lambda message: not any(word in message for word in FORBIDDEN[name]), mixed)


@by_driver
def test_no_command_of_an_operator_has_a_way_into_it(name: str) -> None:
    protocol = DRIVERS[name].protocol("")
    assert {word for word in dir(protocol) if not word.startswith("_")} == {"bad_frames", "identity", "due", "receive", "outgoing"}


@by_driver
def test_no_mutation_breaks_it_and_its_buffers_stay_small(name: str) -> None:
    chooser = random.Random(20260301)
    protocol, line = DRIVERS[name].protocol(""), LINES[name]
    for round_ in range(400):
        place = chooser.randrange(len(line))
        protocol.receive(mutated(chooser, line[place : place + 400]), START.plus(round_))
    assert protocol.bad_frames > 100
    for _ in range(40):
        protocol.receive(chooser.randbytes(5000), START.plus(500))
    assert len(heard(protocol, [line, line])) >= 0.9 * len(heard(DRIVERS[name].protocol(""), [line]))


@by_driver
def test_a_driver_speaks_only_when_asked_and_repeats_after_silence(name: str) -> None:
    driver = DRIVERS[name]
    protocol, now, sent = driver.protocol(""), START, []
    for _ in range(200):
        sent += [(now, message) for message in protocol.outgoing(now)]
        assert not protocol.outgoing(now)
        if protocol.due is not None:
            assert protocol.due > now
            now = protocol.due
        if now.since(START) > 120:
            break
    assert 4 <= len(sent) <= 200
    assert sent[-1][0].since(START) > 60


@by_driver
def test_no_variant_but_the_known(name: str) -> None:
    with pytest.raises(ValueError, match="variant"):
        DRIVERS[name].protocol("nonsense")
    with pytest.raises(ValueError, match="variant"):
        DRIVERS[name].simulator(SESSIONS[name].bedside, "nonsense")


@by_driver
def test_alert_tables_name_a_source_for_each_row(name: str) -> None:
    from importlib import import_module

    alerts = import_module(f"devices.drivers.{name.replace('-', '_')}.alerts")
    assert all(row.text and row.source and row.priority for row in alerts.ROWS.values())
    assert set(alerts.PROPOSED_PRIORITIES) >= {row.code for row in alerts.ROWS.values()}
