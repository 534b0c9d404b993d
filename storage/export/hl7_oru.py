"""A case as HL7 v2.6 messages ORU^R01, one for each minute, after IHE PCD-01: numerics, the infusion, and notes as text.

The file is a batch (FHS, BHS … BTS, FTS), segments end with a carriage return, text is UTF-8. Knows no socket.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from clinical.instant import NS_PER_S, Instant
from clinical.metrics import Metric
from storage.export import minutes, notes
from storage.export.case_folder import Format, Terms, Written, source_of
from storage.export.cells import number_cell
from storage.export.codes import DOSE_RATE, PUMP_RATE
from storage.export.minutes import cuff_readings, samples_of
from storage.export.notes import notes_of
from storage.export.sheet import Source, WrittenFile, digest_of
from storage.export.told import Told
from storage.history import CaseHistory
from storage.rows import KeptDose

_ENCODING = "^~\\&"
_ESCAPES = {"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "&": "\\T\\", "~": "\\R\\", "\r": " ", "\n": " ", "\x0b": " ", "\x1c": " "}
_PROFILE = "PCD_DEC_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO"
_OUR_CODES = "99BEDSIDE"

Row: TypeAlias = tuple[int, str, str, str, str, str]
"""Of an OBX: UTC ns, type of value, observed, value, unit, device."""


def escaped(text: str) -> str:
    """Text without what HL7 takes for a separator."""
    return "".join(_ESCAPES.get(letter, letter) for letter in text)


def messages_of(source: Source) -> Iterator[bytes]:
    """Every message of a case, each ending with a carriage return; none for a minute in which nothing was."""
    rows = _rows(source)
    for number, minute in enumerate(sorted(rows), start=1):
        yield _message(source, number, minute, rows[minute])


def messages(history: CaseHistory, terms: Terms) -> Iterator[bytes]:
    """The same from a history, all seen at one moment. Raises StoreError."""
    with history.reading():
        yield from messages_of(source_of(history, terms))


def _rows(source: Source) -> dict[int, list[Row]]:
    rows: defaultdict[int, list[Row]] = defaultdict(list)
    for one in samples_of(source):
        rows[one.minute].append((one.utc_ns, "NM", _observed(one.metric), _number(one.metric, one.value), _unit(one.metric), one.device))
    for cuff in cuff_readings(source):
        for metric, value in cuff.values.items():
            rows[cuff.minute].append((cuff.utc_ns, "NM", _observed(metric), _number(metric, value), _unit(metric), cuff.device))
    for minute, dose in _last_doses(source).items():
        rows[minute] += _dose_rows(source, dose)
    for note in notes_of(source):
        told = ("ST", f"NOTE^note^{_OUR_CODES}", escaped(note.text), "", "")
        rows[_minute(source, note.at)].append((note.at.utc_ns, *told))
    return rows


def _minute(source: Source, at: Instant) -> int:
    return int(at.since(source.history.started) // 60)


def _last_doses(source: Source) -> dict[int, KeptDose]:
    return {_minute(source, dose.at): dose for dose in source.history.dose_reports()}


def _dose_rows(source: Source, dose: KeptDose) -> Iterator[Row]:
    told = ((PUMP_RATE, dose.rate_ml_per_h, 3, "mL/h"), (DOSE_RATE, dose.rate_mg_per_kg_h, 5, "mg/kg/h"))
    for (code, name), value, decimals, unit in told:
        if value is not None:
            device = source.veil.device(dose.device)
            yield dose.at.utc_ns, "NM", f"{code}^{name}^MDC", number_cell(value, decimals), f"{unit}^{unit}^UCUM", device


def _observed(metric: Metric) -> str:
    return f"{metric.id}^{escaped(metric.title)}^{_OUR_CODES}" if metric.code is None else f"{metric.code}^{metric.id}^MDC"


def _number(metric: Metric, value: float) -> str:
    return number_cell(value, metric.decimals)


def _unit(metric: Metric) -> str:
    return f"{metric.unit.ucum}^{metric.unit.ucum}^UCUM"


def _stamp(source: Source, utc_ns: int) -> str:
    """HL7's time with milliseconds and the bed's offset."""
    local = source.clock.local_datetime(Instant(0, utc_ns))
    return f"{local:%Y%m%d%H%M%S}.{local.microsecond // 1000:03d}{local:%z}"


def _message(source: Source, number: int, minute: int, rows: list[Row]) -> bytes:
    history, veil = source.history, source.veil
    setup = history.setup
    sent = _stamp(source, history.started.utc_ns + (minute + 1) * 60 * NS_PER_S)
    begun = _stamp(source, history.started.utc_ns + minute * 60 * NS_PER_S)
    case = veil.uuid(setup.uuid)
    processing = "T" if setup.simulated else "P"
    label = escaped(veil.words(setup.patient.label))
    sex = {"f": "F", "m": "M"}.get(setup.patient.sex[:1].lower(), "U") if not veil.hides else "U"
    number_of = f"{case[:8]}-{number}"
    head = f"MSH|{_ENCODING}|BEDSIDE|{escaped(veil.words(setup.bed))}|||{sent}||ORU^R01^ORU_R01|{number_of}|{processing}|2.6"
    segments = [
        f"{head}|||NE|AL||UNICODE UTF-8|||{_PROFILE}",
        f"PID|||{label or case}^^^BEDSIDE||{label}^^^^^^L|||{sex}",
        f"PV1||I|^^{escaped(veil.words(setup.bed))}",
        f"OBR|1|{case}-{minute}|{case}-{minute}|69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC|||{begun}|{sent}",
    ]
    for place, (utc_ns, kind, observed, value, unit, device) in enumerate(sorted(rows, key=lambda row: row[0]), start=1):
        when = _stamp(source, utc_ns)
        segments.append(f"OBX|{place}|{kind}|{observed}|1.0.0.{place}|{value}|{unit}|||||F|||{when}||||{escaped(device)}")
    return ("\r".join(segments) + "\r").encode()


def _write(folder: Path, source: Source, told: Told) -> Written:
    name, count = "case.hl7", 0
    stamp = _stamp(source, source.history.started.utc_ns)
    with (folder / name).open("wb") as file:
        file.write(f"FHS|{_ENCODING}|BEDSIDE||||{stamp}\rBHS|{_ENCODING}|BEDSIDE||||{stamp}\r".encode())
        told(0.1)
        for message in messages_of(source):
            file.write(message)
            count += 1
        file.write(f"BTS|{count}\rFTS|1\r".encode())
    return Written(files=[WrittenFile(name=name, rows=count, sha256=digest_of(folder / name))], not_held=_NOT_HELD)


_NOT_HELD = (
    minutes.HELD,
    notes.HELD,
    "waveforms; validity and reason of a numeric; a source's channel",
    "device alerts, states of lines and raw pump reports",
)

HL7 = Format(name="hl7", title="HL7 v2.6 ORU^R01 messages", write=_write)
