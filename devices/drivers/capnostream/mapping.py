"""A Capnostream's numbers ↔ the catalogue: layout of its messages, units, what each number is worth. Knows no dialogue.

Source: OpenICE (mdpnp, BSD-2-Clause). Bytes 10 to 12 of the numerics are not documented there and are not read.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, replace

from clinical.instant import Instant
from clinical.metrics import CO2_RESP_RATE, ETCO2, FICO2, PULSE_RATE, SPO2, Metric
from clinical.observations import Numeric, Validity
from devices.doubt import Doubt, doubted
from devices.drivers.capnostream import alerts
from devices.drivers.capnostream.alerts import Word

INTERVAL_S = 1.0
NOT_AVAILABLE = 0xFF
WAVE_BYTES = 4
NUMERICS_BYTES = 27
MMHG, KPA, PERCENT = 1, 2, 3
STANDARD_AMBIENT_MMHG = 760.0
_MMHG_PER_KPA = 7.50062
_FACTORS = {MMHG: 1.0, KPA: _MMHG_PER_KPA / 10, PERCENT: STANDARD_AMBIENT_MMHG / 1000}
"""Numbers in kPa and per cent are sent times ten."""
_NUMERICS = struct.Struct(">I5B B3x 3B 9B 2B")


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """One numerics message; ``time_s`` is the monitor's local clock, of no known zone."""

    time_s: int
    values: tuple[int, int, int, int, int]
    slow: int
    co2_alarms: int
    spo2_alarms: int
    no_breath_s: int
    units: int
    extended: int


def numbers_in(payload: bytes) -> Numbers | None:
    """The message; None if it is too short or cannot be one.

    A payload was seen in the field that had slipped by a byte though its check was right. The unit is then none of the three,
    which this goes by; a rate that equals the saturation, by which others go, may also be the patient's.
    """
    if len(payload) < NUMERICS_BYTES:
        return None
    time_s, *rest = _NUMERICS.unpack_from(payload)
    units, extended = rest[-2:]
    if units not in _FACTORS:
        return None
    return Numbers(
        time_s=time_s,
        values=(rest[0], rest[1], rest[2], rest[3], rest[4]),
        slow=rest[5],
        co2_alarms=rest[6],
        spo2_alarms=rest[7],
        no_breath_s=rest[8],
        units=units,
        extended=extended,
    )


def _doubt(word: Word, bit: int, validity: Validity) -> tuple[Word, int, Doubt]:
    return word, bit, Doubt(validity, alerts.ROWS[word, bit].text)


_CO2_DOUBTS = (
    _doubt(Word.FAST, alerts.NOT_CONNECTED, Validity.INVALID),
    _doubt(Word.FAST, alerts.MALFUNCTION, Validity.INVALID),
    _doubt(Word.FAST, alerts.INITIALISING, Validity.INVALID),
    _doubt(Word.FAST, alerts.OCCLUSION, Validity.INVALID),
    _doubt(Word.EXTENDED, alerts.PUMP_OFF, Validity.INVALID),
    _doubt(Word.FAST, alerts.PURGING, Validity.QUESTIONABLE),
    _doubt(Word.FAST, alerts.SELF_MAINTENANCE, Validity.QUESTIONABLE),
    _doubt(Word.EXTENDED, alerts.CHECK_FLOW, Validity.QUESTIONABLE),
    _doubt(Word.EXTENDED, alerts.CHECK_CALIBRATION, Validity.QUESTIONABLE),
)
_SPO2_DOUBTS = (
    _doubt(Word.SPO2, alerts.SENSOR_DISCONNECTED, Validity.INVALID),
    _doubt(Word.SPO2, alerts.SENSOR_OFF, Validity.INVALID),
    _doubt(Word.SPO2, alerts.NO_PULSE, Validity.INVALID),
)
"""The first that stands decides. A number that comes with a sensor off is held from before."""
_ASSUMED_AMBIENT = Doubt(Validity.QUESTIONABLE, "ambient pressure assumed 760 mmHg")
_NOT_TOLD = Doubt(Validity.INVALID, "device tells no value")
_IMPOSSIBLE = Doubt(Validity.INVALID, "impossible number")

_GAS = (ETCO2, FICO2)
_BREATH = (*_GAS, CO2_RESP_RATE)
METRICS: tuple[Metric, ...] = (ETCO2, FICO2, CO2_RESP_RATE, SPO2, PULSE_RATE)
"""In the order of their bytes."""
BLANKED_BY = alerts.INVALID | alerts.INITIALISING | alerts.OCCLUSION | alerts.SELF_MAINTENANCE
BLANKED_BY |= alerts.PURGING | alerts.NOT_CONNECTED | alerts.MALFUNCTION
"""Bits of the fast status beside which a sample is none: a Capnostream goes on sending some with its FilterLine off."""


def words_of(told: Numbers, fast: int) -> dict[Word, int]:
    """All status words; ``fast`` is that of the latest waveform frame."""
    return {
        Word.FAST: fast,
        Word.SLOW: told.slow,
        Word.CO2: told.co2_alarms,
        Word.SPO2: told.spo2_alarms,
        Word.EXTENDED: told.extended,
    }


def numerics(told: Numbers, fast: int, now: Instant, measured_at: Instant | None) -> list[Numeric]:
    """The five numbers, each with its worth."""
    words = words_of(told, fast)
    found = []
    for metric, count in zip(METRICS, told.values, strict=True):
        value = count * (_FACTORS[told.units] if metric in _GAS else 1.0)
        doubt = _worst(metric, count, value, told.units, words)
        numeric = doubted(metric, value, doubt, now, interval_s=INTERVAL_S)
        found.append(replace(numeric, measured_at=measured_at))  # the record has its time whatever its numbers are worth
    return found


def _worst(metric: Metric, count: int, value: float, units: int, words: dict[Word, int]) -> Doubt | None:
    table = _CO2_DOUBTS if metric in _BREATH else _SPO2_DOUBTS
    doubt = next((doubt for word, bit, doubt in table if words[word] & bit), None)
    if doubt is not None and doubt.validity is Validity.INVALID:
        return doubt
    if count == NOT_AVAILABLE or (count == 0 and not metric.zero_is_a_reading):
        return _NOT_TOLD
    if not metric.low <= value <= metric.high:
        return _IMPOSSIBLE
    return doubt or (_ASSUMED_AMBIENT if units == PERCENT and metric in _GAS else None)


_ID = re.compile(r"V(.{5}) (\d\d/\d\d/\d{4}) ((..)..\S*)\s*")
_OXIMETERS = {"B2": "Nellcor", "B3": "Masimo", "B5": "Masimo"}


def identity_in(payload: bytes) -> str:
    """``V45.67 02/24/2008 B355987654`` as words; the text as it is where it has another form."""
    text = payload.decode("ascii", "replace").strip()
    match = _ID.fullmatch(text)
    if match is None:
        return f"Capnostream {text}".rstrip()
    oximeter = _OXIMETERS.get(match[4])
    return f"Capnostream {match[3]}, software {match[1].strip()}" + (f", {oximeter} oximeter" if oximeter else "")
