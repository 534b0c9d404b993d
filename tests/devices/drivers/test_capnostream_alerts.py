"""Capnostream: which alarms come and go, what is silenced, and who it says it is."""

from __future__ import annotations

import pytest

from clinical.observations import Priority
from devices.drivers.capnostream.alerts import NO_ALERTS, ROWS, Word
from devices.drivers.capnostream.mapping import identity_in
from devices.drivers.capnostream.protocol import CapnostreamProtocol
from tests.devices.drivers.capnostream_line import OFFSETS, alerts, numerics, told, wave


def test_alarms_come_and_go_once():
    protocol = CapnostreamProtocol()
    apnoea = ("co2:01", "no breath for 30 s", Priority.HIGH)
    assert alerts(told(numerics(at13=0x01), protocol)) == [(*apnoea, True)]
    assert alerts(told(numerics(at13=0x01) + wave(1), protocol)) == []
    line = ("fast:04", "CO₂ sampling line occluded", Priority.MEDIUM)
    assert alerts(told(wave(2, status=0x04), protocol)) == [(*line, True)]
    assert alerts(told(numerics(), protocol)) == [(*apnoea, False)]
    assert alerts(told(wave(3), protocol)) == [(*line, False)]


@pytest.mark.parametrize(("word", "bit"), ROWS, ids=str)
def test_every_row_is_told(word, bit):
    data = wave(1, status=bit) if word is Word.FAST else numerics(**{f"at{OFFSETS[word]}": bit})
    row = ROWS[word, bit]
    ((code, text, priority, active),) = alerts(told(data))
    assert (code, priority, active) == (f"{word.value}:{bit:02X}", row.priority, True)
    assert text.startswith(row.text)


@pytest.mark.parametrize(("word", "bit"), [(word, 1 << n) for word in Word for n in range(8) if (word, 1 << n) not in {*ROWS, *NO_ALERTS}])
def test_a_bit_that_nobody_documents_is_told_as_unknown(word, bit):
    ((_, text, priority, _),) = alerts(told(numerics(**{f"at{OFFSETS[word]}": bit})))
    assert text == f"unknown code 0x{bit:02X} ({word.value} status)"
    assert priority is Priority.MEDIUM


def test_a_summary_is_told_only_where_no_alarm_has_a_name():
    assert [row[0] for row in alerts(told(numerics(at9=0x88)))] == ["slow:08"]
    assert [row[0] for row in alerts(told(numerics(at9=0x88, at13=0x02)))] == ["co2:02"]


def test_silenced_alarms_are_shown():
    assert [row[1] for row in alerts(told(numerics(at9=0x86)))] == [
        "alarms silenced for a while at the monitor",
        "all alarms silenced at the monitor",
    ]


def test_identities_of_other_forms():
    assert identity_in(b"V1.2.3 01/01/2020 B200000001  ") == "Capnostream B200000001, software 1.2.3, Nellcor oximeter"
    assert identity_in(b"hello") == "Capnostream hello"
