"""MEDIBUS bytes: the maker's printed examples, messages within messages, damage, and realtime records."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.observations import MISSING_SAMPLE
from devices.drivers.medibus.frames import Command, Flow, Reader, Realtime, Response, command, response
from devices.drivers.medibus.mapping import Identity, date_in, date_text, identity_in, number, texts_in
from devices.drivers.medibus.realtime import SampleReader, Stream, enable, enabled_in, record, streams_in

VECTORS = json.loads((Path(__file__).parents[2] / "captures" / "medibus" / "examples.json").read_text(encoding="utf-8"))
EXAMPLES = VECTORS["messages"]
REALTIME = VECTORS["realtime"]
PAW = Stream(code=0x00, interval_us=16000, low=-10, high=100, bins=0x370)
CO2_STREAM = Stream(code=0x06, interval_us=16000, low=-20, high=100, bins=0x460)


def items(data, cuts=()):
    """What a reader finds, realtime bytes joined, and how much it calls damaged."""
    reader, found = Reader(), []
    for start, end in pairwise([0, *sorted({cut % (len(data) + 1) for cut in cuts}), len(data)]):
        found += reader.feed(data[start:end])
    fast = b"".join(item.data for item in found if isinstance(item, Realtime))
    return [item for item in found if not isinstance(item, Realtime)], fast, reader.bad


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["name"])
def test_the_maker_s_examples_are_read_and_written(example):
    data, code, text = bytes.fromhex(example["hex"]), int(example["code"], 16), example["text"].encode("ascii")
    kind, make = (Command, command) if example["kind"] == "command" else (Response, response)
    assert items(data) == ([kind(code, text)], b"", 0)
    assert make(code, text) == data


def test_the_realtime_configuration_of_the_example():
    text = next(row["text"] for row in EXAMPLES if row["name"] == "realtime configuration")
    assert streams_in(text.encode("ascii")) == ([PAW, CO2_STREAM], 0)
    assert (PAW.entry() + CO2_STREAM.entry()).decode("ascii") == text


def values(samples, stream):
    return [stream.low + step * stream.unit_per_step for step in samples]


def test_the_realtime_records_of_the_examples():
    reader = SampleReader([PAW, CO2_STREAM])
    paw, co2 = reader.feed(bytes.fromhex(REALTIME["both"]))
    assert values(paw, PAW) == [pytest.approx(REALTIME["paw_mbar"])]
    assert values(co2, CO2_STREAM) == [pytest.approx(REALTIME["co2_mmhg"])]
    assert reader.feed(bytes.fromhex(REALTIME["second_only"])) == [[], [0x0E | 3 << 6]]
    assert reader.feed(bytes.fromhex(REALTIME["inspiration_and_both"])) == [[0x10 | 1 << 6], [0x0A | 3 << 6]]
    assert reader.bad == 0
    assert record({0: 81, 1: 205}).hex() == REALTIME["both"]


def test_enabling_is_the_example_s():
    assert enable(2).hex() == REALTIME["enable_two"]
    assert [enabled_in(enable(n)) for n in (1, 2, 3, 4)] == [1, 3, 7, 15]
    assert enabled_in(b"\xd3\x91\x81") is None


def test_a_record_cut_short_or_corrupt_keeps_its_place_and_is_counted():
    reader = SampleReader([PAW, CO2_STREAM])
    good = record({0: 1, 1: 2})
    assert reader.feed(good + good[:-1] + good) == [[1, MISSING_SAMPLE, 1], [2, MISSING_SAMPLE, 2]]
    assert reader.bad == 1
    assert reader.feed(good[:1] + b"\xcf\xc0" + good[1:] + good) == [[MISSING_SAMPLE, 1], [MISSING_SAMPLE, 2]]
    assert reader.bad == 2
    assert reader.feed(b"\x85\x86\xff" + good) == [[1], [2]]
    assert reader.bad == 3


def test_a_value_beyond_its_bins_is_no_sample():
    assert SampleReader([CO2_STREAM]).feed(record({0: 0x461}) + record({0: 0x460})) == [[MISSING_SAMPLE, 0x460]]


def test_announced_streams_that_were_not_asked_for_do_no_harm():
    reader = SampleReader([PAW])
    assert reader.feed(b"\xd3\xc4\xc1" + b"\x81\x80" * 3 + record({0: 7})) == [[1, 7]]
    assert reader.bad == 0


@pytest.mark.parametrize(
    "entry", [b"06   16000", b"06       0-  20  100460", b"06   16000   20-  20460", b"06   16000-  20  100000", b"x" * 23]
)
def test_a_stream_that_cannot_be_is_not_offered(entry):
    assert streams_in(entry) == ([], 1)


def test_commands_and_realtime_bytes_inside_a_response_are_outside_its_check_sum():
    outer, fast = response(0x24, b"E6  38EB  97"), record({0: 81, 1: 205})
    wire = b"".join(outer[n : n + 1] + fast for n in range(len(outer) - 1)) + outer[-1:]
    wire = wire[:40] + command(0x30) + wire[40:]
    assert items(wire) == ([Command(0x30), Response(0x24, b"E6  38EB  97")], fast * (len(outer) - 1), 0)


def test_flow_characters_are_the_reverse_of_xon_xoff_and_no_part_of_a_message():
    wire = b"\x11" + response(0x24, b"E6  38")[:6] + b"\x13" + response(0x24, b"E6  38")[6:]
    assert items(wire) == ([Flow.SUSPEND, Flow.RESUME, Response(0x24, b"E6  38")], b"", 0)


def test_what_the_device_takes_back_is_no_damage():
    assert items(b"\x01$E6\x18" + response(0x24)) == ([Response(0x24)], b"", 0)
    assert items(b"\x01$\x1b0\x1825\r") == ([Response(0x24)], b"", 0)


@pytest.mark.parametrize(
    ("noise", "bad"),
    [
        (b"\x01$E6  38", 1),
        (b"\x1bQ6", 1),
        (b"\x01$E6\x1bQ", 2),
        (b"rubbish", 1),
        (b"\x01$00\r", 1),
        (b"\x01\r", 1),
        (b"\x01" + b"x" * 5000, 2),
        (b"\x1b" + b"x" * 300, 2),
        (b"\r\r\n", 1),
    ],
)
def test_after_noise_the_first_good_message_is_read(noise, bad):
    assert items(noise + response(0x24, b"EB  97")) == ([Response(0x24, b"EB  97")], b"", bad)


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=200), st.lists(st.integers(0, 400), max_size=30))
def test_any_split_gives_the_same(noise, cuts):
    wire = noise + b"".join(bytes.fromhex(example["hex"]) for example in EXAMPLES) + noise
    assert items(wire, cuts) == items(wire)


@pytest.mark.parametrize("text", [" 9:33 7-OCT-14", " 9:33:00 7-OKT-14", " 9:33 07-OCT-14", "09:33 7-OKT-14", "09:33:0007-OKT-14"])
def test_dates_as_devices_spell_them(text):
    assert date_in(text.encode("ascii")) == datetime(2014, 10, 7, 9, 33, tzinfo=UTC)


def test_the_date_of_the_example_and_dates_that_are_none():
    moment = datetime(1993, 11, 11, 11, 11, 19, tzinfo=UTC)
    assert date_in(b"11:11:1911-NOV-93") == moment
    assert date_text(moment) == b"11:11:1911-NOV-93"
    assert [date_in(text) for text in (b"", b"11:11:1911-XXX-93", b"25:11:1911-NOV-93", b"11:11:1931-FEB-93")] == [None] * 4


def test_identities():
    assert identity_in(b"8300'Capnosat'01.00:04.03") == Identity(0x8300, "Capnosat", "01.00:04.03")
    assert str(Identity(0x8240, "", "")) == "Dräger Evita 4 (8240)"
    assert str(Identity(0x9999, "", "1")) == "Dräger MEDIBUS (9999) 1"
    assert identity_in(b"") is None


def test_entries_of_data():
    assert texts_in(b"E6  38EB  97") == ({0xE6: "  38", 0xEB: "  97"}, 0)
    assert texts_in(b"E6  38EB") == ({0xE6: "  38"}, 1)
    assert texts_in(b"zz  38") == ({}, 1)
    found = [number(text) for text in ("  38", "-1.5", " 5. ", ".5  ", "-  1", "    ", "----", "1_0 ", "nan ", "inf ")]
    assert found == [38.0, -1.5, 5.0, 0.5, -1.0, None, None, None, None, None]
