"""What a pump's parameters mean: state, quantities, alarms. Each alarm bit of the maker's tables is a row."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from clinical.observations import DeviceAlert, Priority, PumpState, PumpStatus
from devices.drivers.bcc.alerts import ALERT_KEYS, MEANINGLESS, PROPOSED_PRIORITIES, ROWS, alert_row, rack_row, standing_in
from devices.drivers.bcc.frames import encode
from devices.drivers.bcc.mapping import state_of, status_of
from devices.drivers.bcc.protocol import BccProtocol
from devices.drivers.bcc.quads import Place, place_of, read_quads
from tests.devices.fake_rack import PUMP, START, Bench, FakeBedside, only


def tell(*quads: str, last: bool = True, protocol: BccProtocol | None = None):
    protocol = protocol or BccProtocol()
    return protocol.receive(encode("SpaceCOM", "\x1e".join(quads).encode(), last=last), START)


def pump(place: str = "50111", **values: str) -> list[str]:
    return [f"900,{place},{key},{value}" for key, value in values.items()]


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({"RUNSTATE": "0x02", "STATUS1": "0x00000180h"}, PumpState.INFUSING),
        ({"RUNSTATE": "01", "STATUS1": "00000140"}, PumpState.PAUSED),
        ({"RUNSTATE": "01h", "STATUS1": "0x40"}, PumpState.STOPPED),
        ({"STATUS1": "0x00000004h"}, PumpState.STANDBY),
        ({"RUNSTATE": "0x02", "STATUS1": "0x580"}, PumpState.BOLUS),
        ({"RUNSTATE": "0x0A"}, PumpState.KVO),
        ({"RUNSTATE": "0x02", "STATUS1": "0x10"}, PumpState.PURGING),
        ({"RUNSTATE": "0x05"}, PumpState.ALARM),
        ({"RUNSTATE": "0x06"}, PumpState.INFUSING),
        ({"DSSTATUS": "00050", "INM3": "1"}, PumpState.OFF),
        ({"INM3": "1"}, PumpState.INFUSING),
        ({"INM3": "1", "INM14": "1"}, PumpState.PURGING),
        ({"INM3": "1", "INM2": "1"}, PumpState.BOLUS),
        ({"INM3": "1", "INM10": "1"}, PumpState.KVO),
        ({"INM3": "0", "INM6": "1"}, PumpState.STANDBY),
        ({"INM3": "0", "INA3": "1"}, PumpState.ALARM),
        ({"INM3": "0"}, PumpState.STOPPED),
        ({"INRT": "5.00"}, PumpState.UNKNOWN),
    ],
)
def test_states_by_words_and_by_single_bits(values: dict[str, str], state: PumpState) -> None:
    assert state_of(values) is state


def test_quantities() -> None:
    told = status_of(
        {
            "INRT": "6.00", "INVI": "12.5", "INVTB": "50.0", "INVOLACT": "37.50", "INRMT": "22500", "INP2": "35", "INAKKU": "240",
            "INDCON": "10", "INDCONU": "31", "INDORT": "60", "INDORTU": "48", "INSOL": "Ketamin", "STATUS1": "0x182", "RUNSTATE": "2",
        },
        "40864", START, 3.0,
    )  # fmt: skip
    assert told == PumpStatus(
        at=START, channel="40864", state=PumpState.INFUSING, rate_ml_per_h=6.0, infused_ml=12.5, to_infuse_ml=50.0, remaining_ml=37.5,
        time_left_s=22500.0, pressure_percent=35.0, drug="Ketamin", concentration_mg_per_ml=10.0, dose_rate=60.0, dose_unit="mg/h",
        battery_min=240.0, on_mains=True, interval_s=3.0,
    )  # fmt: skip


def test_counters_that_reached_their_end_and_units_without_a_value_tell_nothing() -> None:
    told = status_of({"INVI": "9999.9", "INRMT": "65535", "INDCON": "0", "INDCONU": "32", "INDORT": "0", "INDORTU": "50"}, "1", START, 3.0)
    assert (told.infused_ml, told.time_left_s, told.concentration_mg_per_ml, told.dose_rate, told.dose_unit) == (None,) * 5


def test_no_value_is_never_zero() -> None:
    (status,) = only(PumpStatus, tell(*pump(INSERNUM="1", INRT="_NV", INVI="_NA", RUNSTATE="0x02")))
    assert (status.rate_ml_per_h, status.infused_ml) == (None, None)


def test_what_is_purged_is_no_rate_to_the_patient() -> None:
    assert status_of({"INRT": "800.00", "INM3": "1", "INM14": "1"}, "1", START, 3.0).rate_ml_per_h == 0.0


def test_places_of_five_and_of_six_characters() -> None:
    assert place_of("501112") == Place(1, 12)
    assert place_of("5013O") == Place(3, 24)
    assert place_of("5011A") == Place(1, 10)
    assert [place_of(wrong) for wrong in ("50100", "50140", "501199", "50110", "5011P", "")] == [None] * 6


def test_a_value_may_hold_commas_and_a_version_has_no_value() -> None:
    report = read_quads(b"900,50111,INSOL,a,b\x1e900,50100,V3.30", {"INSOL"})
    assert report.pumps[Place(1, 1)]["INSOL"] == "a,b"
    assert report.version == "V3.30"


DOCUMENTED_BITS = {
    "ALARM1": set(range(1, 32)) - {21},
    "ALARM2": {1, 2, 3, 4, 5, 6, 7, 29, 30, 31},
    "PREALARM": set(range(1, 16)),
}


@pytest.mark.parametrize("key", DOCUMENTED_BITS)
def test_every_documented_bit_has_a_row_and_every_other_is_told_as_unknown(key: str) -> None:
    assert {bit for word, bit in ROWS if word == key} == DOCUMENTED_BITS[key]
    for bit in range(32):
        row = alert_row(key, bit)
        if (key, bit) in MEANINGLESS:
            assert standing_in({key: f"{1 << bit:08X}"}) == {key: {}}
        else:
            assert standing_in({key: f"0x{1 << bit:08X}h"}) == {key: {f"{key}:{bit}": row}}
            assert row.text.startswith("unknown code") == (bit not in DOCUMENTED_BITS[key])


@pytest.mark.parametrize("number", [1, 2, 3, 5, 6, 7, 8, 9, 11, 12, 14, 15, 16])
def test_every_single_bit_alarm_has_a_row(number: int) -> None:
    ((code, row),) = standing_in({f"INA{number}": "1"})[f"INA{number}"].items()
    assert code == f"INA{number}"
    assert row.text
    assert not re.search("unknown", row.text)


def test_soft_limits_that_are_crossed_are_told() -> None:
    assert set(standing_in({"INM12": "1", "INM13": "1"})) == {"INM12", "INM13"}
    assert {"INM12", "INM13"} <= ALERT_KEYS


def test_errors_of_the_rack() -> None:
    assert rack_row("41").text == "no communication with a pump (41)"
    assert rack_row("52").text == "rack not set up as expected (52)"
    assert rack_row("777").text == "unknown code GNERR:777"


def alerts_of(told) -> list[tuple[str, bool]]:
    return [(one.code, one.active) for one in told if isinstance(one, DeviceAlert)]


def test_an_alarm_is_told_when_it_comes_and_when_it_goes() -> None:
    protocol = BccProtocol()
    assert alerts_of(tell(*pump(INSERNUM="7", ALARM1="0x400", PREALARM="0"), protocol=protocol)) == [("ALARM1:10", True)]
    assert alerts_of(tell(*pump(INSERNUM="7", ALARM1="0x400"), protocol=protocol)) == []
    assert alerts_of(tell(*pump(INSERNUM="7", PREALARM="4"), protocol=protocol)) == [("PREALARM:2", True)]
    assert alerts_of(tell(*pump(INSERNUM="7", ALARM1="0x200", PREALARM="4"), protocol=protocol)) == [
        ("ALARM1:10", False),
        ("ALARM1:9", True),
    ]


def test_priorities_can_be_set_by_code() -> None:
    protocol = BccProtocol("", {**PROPOSED_PRIORITIES, "ALARM1:10": Priority.LOW})
    (alert,) = only(DeviceAlert, tell(*pump(INSERNUM="7", ALARM1="0x400"), protocol=protocol))
    assert alert.priority is Priority.LOW


def test_a_pump_that_is_pulled_out_is_told_once_and_nothing_of_it_stands() -> None:
    protocol = BccProtocol()
    tell(*pump(INSERNUM="7", ALARM1="0x400", RUNSTATE="0x02"), protocol=protocol)
    told = tell("901,50111,GNERR,39", protocol=protocol)
    assert alerts_of(told) == [("ALARM1:10", False), ("GNERR:39", True)]
    assert [status.state for status in only(PumpStatus, told)] == [PumpState.UNKNOWN]
    assert alerts_of(tell("902,50111,GNERR,39", protocol=protocol)) == []
    assert ("GNERR:39", False) in alerts_of(tell(*pump(INSERNUM="7", RUNSTATE="0x02"), protocol=protocol))


def test_a_pump_is_known_by_its_number_wherever_it_stands() -> None:
    protocol = BccProtocol()
    (first,) = only(PumpStatus, tell(*pump("50111", INSERNUM="7", RUNSTATE="0x02"), protocol=protocol))
    (moved,) = only(PumpStatus, tell(*pump("50123", GNNEW="688F", INSERNUM="7", RUNSTATE="0x02"), protocol=protocol))
    assert first.channel == moved.channel == "7"
    (combined,) = only(PumpStatus, tell(*pump("50112", INNR=f"{6144 << 18 | 40864:08X}", RUNSTATE="0x02"), protocol=protocol))
    assert combined.channel == "40864"


@pytest.mark.parametrize("count", [1, 3, 24])
def test_all_pumps_of_a_rack_in_one_round(count: int) -> None:
    from devices.drivers.bcc.simulator import BccSimulator

    bedside = FakeBedside()
    neighbours = [replace(PUMP, serial=str(100 + n), rate_ml_per_h=float(n)) for n in range(1, count)]
    bench = Bench(bedside, BccSimulator(bedside, "", neighbours), BccProtocol())
    bench.run(2.0 + 0.3 * count)
    rates = {status.channel: status.rate_ml_per_h for status in only(PumpStatus, bench.observations)}
    assert rates == {"40864": 5.0, **{str(100 + n): float(n) for n in range(1, count)}}
