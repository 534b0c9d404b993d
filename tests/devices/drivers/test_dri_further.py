"""DRI beyond the vital signs: further pressures, gases, depth of sleep, every waveform, trends, and codes nobody knows."""

from __future__ import annotations

import struct

import pytest

from clinical.metrics import (
    AGENT,
    AIRWAY_FLOW,
    AIRWAY_PRESSURE,
    AIRWAY_VOLUME,
    ART,
    ART_PULSE_RATE,
    BIS,
    CVP,
    ECG_II,
    EEG,
    ETAGENT,
    ETN2O,
    ETO2,
    FIAGENT,
    FIO2,
    HEART_RATE,
    ICP,
    ICP_MEAN,
    IMPEDANCE,
    MAC,
    N2O,
    O2,
    PAP,
    PAP_MEAN,
    PAP_SYS,
    PLETH,
    PLETH_INDEX,
    PRESSURE,
    PRESSURE_MEAN,
    PVC_RATE,
    RESPONSE_ENTROPY,
    ST_LEVEL,
    STATE_ENTROPY,
    SUPPRESSION_RATIO,
    SVO2,
)
from clinical.observations import DeviceAlert, Numeric, Priority, Validity, WaveformBlock
from devices.drivers.dri.alerts import ALERTS, SILENCED, standing_by_record
from devices.drivers.dri.mapping import WAVES, WAVES_ASKED
from devices.drivers.dri.protocol import DriProtocol
from devices.drivers.dri.requests import TRENDS
from devices.drivers.dri.simulator import GRANTED_SAMPLES_PER_S
from tests.devices.drivers.dri_records import ON, P1, QUIET, displayed, numeric, record, union
from tests.devices.fake_bedside import START

BIS_AT, ENTROPY_AT, SPI_AT, ARRHYTHMIA_AT = 96, 112, 230, 0
ZEROED = ON | 1 << 3


def told(groups, ext1=None, ext2=None):
    parts = [(1, bytes(4) + union({**QUIET, **groups}) + b"\0\0\x81\x00")]
    for number, body in ((1, ext1), (2, ext2)):
        if body is not None:
            parts.append((1, bytes(4) + body + bytes((0, 0, 0x81, number))))
    return list(DriProtocol().receive(record(0, parts), START))


@pytest.mark.parametrize(
    ("label", "metric", "value"),
    [
        (1, ART_PULSE_RATE, 71),
        (3, PAP_SYS, 24.5),
        (3, PAP_MEAN, 15.0),
        (7, ICP_MEAN, 15.0),
        (19, ICP_MEAN, 15.0),
        (16, PRESSURE_MEAN, 15.0),
    ],
)
def test_pressures_by_their_site(label: int, metric, value: float) -> None:
    found = numeric(told({P1: (ZEROED, label, (2450, 800, 1500, 71))}), metric, "P1")
    assert (found.value, found.validity) == (value, Validity.VALID)


def test_every_site_of_the_list_is_read() -> None:
    for label in range(1, 23):
        observations = told({P1: (ZEROED, label, (2450, 800, 1500, 71))})
        assert [o for o in observations if isinstance(o, Numeric) and o.channel == "P1"], f"label {label}"


def test_gases_and_agents() -> None:
    observations = told({146: (ON, 0, (4000, 4200)), 156: (ON, 0, (5000, 5100)), 166: (ON, 6, (180, 200, 95)), 232: (ON, 0, (7200,))})
    values = [
        (ETO2, "", 40.0),
        (FIO2, "", 42.0),
        (ETN2O, "", 50.0),
        (ETAGENT, "SEV", 1.8),
        (FIAGENT, "SEV", 2.0),
        (MAC, "", 0.95),
        (SVO2, "", 72.0),
    ]
    for metric, channel, value in values:
        assert numeric(observations, metric, channel).value == pytest.approx(value)


def test_a_gas_that_is_calibrating_or_switched_off_is_no_reading() -> None:
    calibrating = numeric(told({146: (ON | 1 << 2, 0, (4000, 4200))}), FIO2)
    off = numeric(told({146: (ON | 1 << 3, 0, (4000, 4200))}), FIO2)
    assert (calibrating.value, calibrating.validity, calibrating.reason) == (None, Validity.INVALID, "calibrating")
    assert (off.value, off.validity, off.reason) == (None, Validity.NOT_AVAILABLE, "measurement off")


def test_depth_of_sleep_and_extrasystoles() -> None:
    ext2 = union({BIS_AT: (ON, 0, (48, 95, 300, 2)), ENTROPY_AT: (ON, 0, (45, 50, 1)), SPI_AT: (ON, 0, (33,))})
    observations = told({}, union({ARRHYTHMIA_AT: (ON, 0, (72, 830, 4))}), ext2)
    values = [(BIS, "", 48), (STATE_ENTROPY, "", 45), (RESPONSE_ENTROPY, "", 50), (PLETH_INDEX, "", 33), (PVC_RATE, "", 4)]
    for metric, channel, value in [*values, (SUPPRESSION_RATIO, "BIS", 2), (SUPPRESSION_RATIO, "entropy", 1)]:
        assert numeric(observations, metric, channel).value == value


@pytest.mark.parametrize(
    ("bit", "reason"), [(2, "cable off"), (3, "no sensor"), (4, "sensor off"), (11, "starting"), (23, "replace the sensor")]
)
def test_entropy_without_its_sensor_is_no_reading(bit: int, reason: str) -> None:
    found = numeric(told({}, None, union({ENTROPY_AT: (ON | 1 << bit, 0, (45, 50, 1))})), STATE_ENTROPY)
    assert (found.value, found.validity, found.reason) == (None, Validity.INVALID, reason)


def test_modules_that_are_not_there_are_not_told_of() -> None:
    observations = told({}, union({}), union({}))
    assert not {BIS, STATE_ENTROPY, PVC_RATE, ETO2, SVO2, ST_LEVEL} & {o.metric for o in observations if isinstance(o, Numeric)}


def test_st_levels_are_told_where_the_monitor_measures_them() -> None:
    observations = told({0: (ON | 1 << 3, 0x0200, (72, -150, 0, -32767, 15))})
    assert numeric(observations, ST_LEVEL, "ST1").value == -1.5
    assert numeric(observations, ST_LEVEL, "ST2").value == 0
    assert not [o for o in observations if isinstance(o, Numeric) and o.channel == "ST3"]


WAVE_ROWS = {
    1: (ECG_II, 300, 0.001), 2: (ECG_II, 300, 0.001), 3: (ECG_II, 300, 0.001), 4: (PRESSURE, 100, 0.01), 5: (PRESSURE, 100, 0.01),
    6: (PRESSURE, 100, 0.01), 7: (PRESSURE, 100, 0.01), 8: (PLETH, 100, 0.0001), 10: (O2, 25, 0.01), 11: (N2O, 25, 0.01),
    12: (AGENT, 25, 0.01), 13: (AIRWAY_PRESSURE, 25, 0.1), 14: (AIRWAY_FLOW, 25, 0.1), 15: (IMPEDANCE, 25, 0.01), 16: (PRESSURE, 100, 0.01),
    17: (PRESSURE, 100, 0.01), 18: (EEG, 100, 0.1), 19: (EEG, 100, 0.1), 20: (EEG, 100, 0.1), 21: (EEG, 100, 0.1),
    23: (AIRWAY_VOLUME, 25, 1.0), 36: (PRESSURE, 100, 0.01),
    37: (PRESSURE, 100, 0.01), 38: (PLETH, 100, 0.0001), 39: (IMPEDANCE, 100, 0.01),
}  # fmt: skip


@pytest.mark.parametrize("number", WAVE_ROWS)
def test_every_waveform_with_its_rate_and_scale(number: int) -> None:
    (block,) = DriProtocol().receive(record(1, [(number, struct.pack("<hHH2h", 2, 0, 0, 100, -50))]), START)
    assert isinstance(block, WaveformBlock)
    metric, rate_hz, step = WAVE_ROWS[number]
    assert (block.metric, block.rate_hz) == (metric, rate_hz)
    assert block.values().tolist() == pytest.approx([100 * step, -50 * step])


def test_no_two_waveforms_of_one_metric_share_a_channel() -> None:
    named = [(row.metric, row.channel) for row in WAVES if row.metric is not ECG_II]
    assert len(set(named)) == len(named)


@pytest.mark.parametrize(("label", "metric"), [(1, ART), (8, ART), (2, CVP), (3, PAP), (7, ICP), (16, PRESSURE)])
def test_pressure_waves_by_their_site(label: int, metric) -> None:
    body = struct.pack("<hHHh", 1, 0, label, 9000)
    (block,) = DriProtocol().receive(record(1, [(4, body)]), START)
    assert isinstance(block, WaveformBlock)
    assert (block.metric, block.channel, block.values()[0]) == (metric, "P1", pytest.approx(90.0))


def test_what_is_asked_for_fits_what_a_monitor_grants() -> None:
    rates = {row.id: row.rate_hz for row in WAVES}
    assert sum(rates[number] for number in WAVES_ASKED) <= GRANTED_SAMPLES_PER_S
    assert len(WAVES_ASKED) <= 8


@pytest.mark.parametrize("variant", TRENDS)
def test_trends_are_told_in_place_of_displayed_values(variant: str) -> None:
    kind, interval_s, request = TRENDS[variant]
    protocol = DriProtocol(variant)
    assert request in protocol.outgoing(START)
    assert not [o for o in protocol.receive(displayed(QUIET), START) if isinstance(o, Numeric)]
    body = bytes(4) + union(QUIET) + struct.pack("<BBH", 0, 0, 0x81)
    found = numeric(list(protocol.receive(record(0, [(kind, body)]), START.plus(10))), HEART_RATE)
    assert (found.value, found.interval_s) == (72, interval_s)
    assert request not in protocol.outgoing(START.plus(interval_s + 5))
    assert request in protocol.outgoing(START.plus(11 + 2.5 * interval_s))


@pytest.mark.parametrize("bit", range(32))
def test_every_arrhythmia_bit_is_told(bit: int) -> None:
    ext1 = bytearray(union({ARRHYTHMIA_AT: (ON, 0, (72, 830, 4))}))
    struct.pack_into("<I", ext1, 12, 1 << bit)
    (alert,) = [o for o in told({}, bytes(ext1)) if isinstance(o, DeviceAlert)]
    assert alert.active
    assert ("unknown code" in alert.text) == (bit not in {0, 1, 2, 3, 4, 5, 6, 27})


def test_no_alert_of_the_table_has_anothers_code() -> None:
    keys = [(row.code, row.channel) for row in ALERTS if row.code != "asystole"]
    assert len(set(keys)) == len(keys)


def status(silenced: int = 0, *entries: tuple[str, int]) -> bytes:
    rows = b"".join(struct.pack("<80s9h", text.encode("latin-1"), 0, colour, *([0] * 7)) for text, colour in entries)
    return struct.pack("<5h", 0, 1, 0, 0, silenced) + rows.ljust(5 * 98, b"\0") + bytes(10)


@pytest.mark.parametrize("number", [*SILENCED, 9])
def test_a_monitor_that_is_mute_says_so(number: int) -> None:
    standing = standing_by_record(status(number))
    assert standing is not None
    text, _, technical = standing[("silenced", "")]
    assert technical
    assert ("unknown code 0x0009" in text) == (number == 9)
    assert standing_by_record(status(0)) == {}


def test_a_colour_nobody_knows_is_not_dropped() -> None:
    standing = standing_by_record(status(0, ("Elektrode ab", 1), ("Seltsam", 7), ("", 3), ("vorbei", 0)))
    assert standing == {
        ("monitor: Elektrode ab", ""): ("Elektrode ab", Priority.LOW, False),
        ("monitor: Seltsam", ""): ("Seltsam", Priority.MEDIUM, False),
    }
