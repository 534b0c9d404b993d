"""The wire: stuffing, checksum, splits, damage, resynchronisation, and requests byte for byte as the maker prints them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.drivers.dri.frames import (
    LONGEST_STUFFED,
    PHDB,
    Deframer,
    Record,
    Subrecord,
    framed,
    parse_record,
    record_bytes,
)
from devices.drivers.dri.requests import (
    AlarmCommand,
    AlarmsAsked,
    ValueKind,
    ValuesAsked,
    WavesAsked,
    alarms_request,
    asked,
    values_request,
    waves_request,
)
from tests.devices.drivers.dri_records import CAPTURES

VENDOR = {name: bytes.fromhex(text) for name, text in json.loads((CAPTURES / "requests_M1017617.json").read_text()).items()}
OURS = {
    "request_displayed_values_10s_all_classes": values_request(ValueKind.DISPLAYED, 10, 14),
    "stop_displayed_values": values_request(ValueKind.DISPLAYED, 0),
    "request_60s_trend_all_classes": values_request(ValueKind.TREND_60_S, 60, 14),
    "stop_60s_trend": values_request(ValueKind.TREND_60_S, 0),
    "wave_request_ECG1_start": waves_request([1]),
    "wave_stop": waves_request([]),
}
MEANT = {
    "request_displayed_values_10s_all_classes": ValuesAsked(1, 10, 14),
    "stop_displayed_values": ValuesAsked(1, 0, 0),
    "request_60s_trend_all_classes": ValuesAsked(3, 60, 14),
    "stop_60s_trend": ValuesAsked(3, 0, 0),
    "wave_request_ECG1_start": WavesAsked((1,)),
    "wave_stop": WavesAsked(()),
}
records = st.builds(
    lambda bodies, number: Record(main_type=PHDB, number=number, subrecords=tuple(Subrecord(n, body) for n, body in enumerate(bodies))),
    st.lists(st.binary(max_size=80), max_size=8),
    st.integers(0, 255),
)


@pytest.mark.parametrize("name", sorted(VENDOR))
def test_requests_equal_the_makers_examples(name):
    assert OURS[name] == VENDOR[name]


@pytest.mark.parametrize("name", sorted(VENDOR))
def test_the_makers_examples_are_understood(name):
    (record,) = Deframer().push(VENDOR[name])
    assert asked(record) == MEANT[name]


def test_an_alarm_request_is_understood():
    (record,) = Deframer().push(alarms_request(AlarmCommand.FOLLOW))
    assert asked(record) == AlarmsAsked(AlarmCommand.FOLLOW)


def test_a_reply_is_no_request():
    assert asked(Record(main_type=PHDB, subrecords=(Subrecord(1, bytes(9)),))) is None
    assert asked(Record(main_type=PHDB, subrecords=(Subrecord(0, bytes(8)),))) is None
    assert asked(Record(main_type=PHDB, subrecords=())) is None


@given(records)
def test_a_framed_record_comes_back(record):
    deframer = Deframer()
    assert deframer.push(framed(record_bytes(record))) == [record]
    assert deframer.bad_frames == 0


@given(st.lists(records, max_size=4), st.data())
def test_any_split_gives_the_same_records(sent, data):
    wire = b"".join(framed(record_bytes(record)) for record in sent)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(wire)), max_size=8)))
    deframer = Deframer()
    pieces = [wire[start:end] for start, end in zip([0, *cuts], [*cuts, len(wire)], strict=True)]
    assert [record for piece in pieces for record in deframer.push(piece)] == sent


@given(st.binary(max_size=4000))
def test_noise_counts_alike_whole_and_byte_by_byte(noise):
    whole, single = Deframer(), Deframer()
    found = whole.push(noise)
    assert [record for byte in noise for record in single.push(bytes((byte,)))] == found
    assert single.bad_frames == whole.bad_frames


@settings(max_examples=50)
@given(st.binary(max_size=300))
def test_noise_costs_at_most_one_good_frame(noise):
    record = Record(main_type=PHDB, subrecords=(Subrecord(1, bytes(range(100, 140))),))
    frame = framed(record_bytes(record))
    assert record in Deframer().push(noise + frame + frame)


def test_frames_may_share_their_flag():
    frame = VENDOR["wave_stop"]
    assert len(Deframer().push(frame + frame[1:] + b"\x7e\x7e" + frame)) == 3


def test_every_changed_byte_is_noticed():
    frame = VENDOR["request_60s_trend_all_classes"]
    for place in range(1, len(frame) - 1):
        damaged = frame[:place] + bytes((frame[place] ^ 0x41,)) + frame[place + 1 :]
        deframer = Deframer()
        deframer.push(damaged)
        assert deframer.bad_frames >= 1, place


def test_a_wrong_length_is_dropped_though_the_checksum_holds():
    body = record_bytes(Record(main_type=PHDB, subrecords=(Subrecord(0, bytes(9)),)))
    deframer = Deframer()
    assert deframer.push(framed(body + b"\0")) == []
    assert deframer.bad_frames == 1


@pytest.mark.parametrize("offsets", [(-1,), (4, 2), (100,)])
def test_offsets_outside_of_the_record_are_dropped(offsets):
    body = bytearray(record_bytes(Record(main_type=PHDB, subrecords=tuple(Subrecord(0, bytes(5)) for _ in offsets))))
    for n, offset in enumerate(offsets):
        body[16 + 3 * n : 18 + 3 * n] = offset.to_bytes(2, "little", signed=True)
    assert parse_record(bytes(body)) is None


def test_eight_subrecords_need_no_end_mark():
    record = Record(main_type=PHDB, subrecords=tuple(Subrecord(n, bytes((n,))) for n in range(8)))
    assert parse_record(record_bytes(record)) == record
    with pytest.raises(ValueError, match="at most 8"):
        record_bytes(Record(main_type=PHDB, subrecords=record.subrecords + record.subrecords))


def test_an_endless_frame_is_let_go_and_the_next_one_read():
    deframer = Deframer()
    for _ in range(1000):
        deframer.push(b"\x7e" + b"\x11" * 50 if deframer.bad_frames == 0 and not deframer._partial else b"\x11" * 50)
        assert len(deframer._partial) <= LONGEST_STUFFED
    assert deframer.bad_frames == 1
    assert len(deframer.push(VENDOR["wave_stop"])) == 1


def test_what_comes_before_the_first_flag_is_not_called_damage():
    deframer = Deframer()
    assert len(deframer.push(b"tail of a frame" + VENDOR["wave_stop"])) == 1
    assert deframer.bad_frames == 0
