"""Canaries in every place that people, machines and sites write to: none is found in any byte of any file of any format."""

import gzip
import re
from dataclasses import replace

import pytest

from clinical.alarm_model import AlarmTransition, Presence
from clinical.commands import EventKind, Patient, RecordAssessment, RecordEvent, SetLimit, StartCase
from clinical.messages import FromDevice, Gap, Outcome, Tick
from clinical.metrics import ECG_II, SPO2
from clinical.observations import DeviceAlert, LinkState, LinkStatus, Numeric, Priority, Validity, WaveformBlock, read_only_steps
from clinical.orders import Adjunct
from storage.cases import open_case
from storage.errors import ExportError
from storage.export.case_folder import Terms, write_folder
from storage.export.formats import FORMATS
from storage.export.veil import Veil
from tests.storage.made_case import START, alarm, command, end, made_setup, minute, record, wave_steps

SECRET = b"s" * 32
CANARY = re.compile(rb"canary|A\.B\.|CRPS|7a0c6c1e|2026|01-MAR|1/?3/26|SN-?4711", re.IGNORECASE)


def setup():
    made = made_setup()
    order = replace(made.order, name="canary-order", source="Dr Canary", adjuncts=(Adjunct(text="canary drug", when="canary"),))
    preset = replace(made.preset, name="canary-preset", source="canary ward")
    patient = Patient(label="Canary A.B.", age_years=41, sex="f", diagnosis="canary CRPS")
    return replace(made, patient=patient, bed="canary bed", order=order, preset=preset, source_order=("canary box", "monitor", "pump"))


def outcomes():
    begun = setup()
    yield command(0, StartCase(setup=begun, by="Nurse Canary"), setup=begun)
    for number, outcome in enumerate(minute(20)):
        if number:
            yield outcome
    device = "canary box"
    steps = read_only_steps(wave_steps(1, 100))
    block = WaveformBlock(at=START.plus(20), metric=ECG_II, rate_hz=100, steps=steps, unit_per_step=0.01, channel="SN4711")
    yield Outcome(message=FromDevice(device, block), shown=block)
    numeric = Numeric(at=START.plus(20), metric=SPO2, value=None, validity=Validity.INVALID, reason="canary off", channel="SN-4711")
    yield Outcome(message=FromDevice(device, numeric), shown=numeric)
    valued = Numeric(at=START.plus(20.1), metric=SPO2, value=97.0, channel="SN-4711")
    yield Outcome(message=FromDevice(device, valued), shown=valued)
    alert = DeviceAlert(at=START.plus(20), code="canary", text="canary", priority=Priority.LOW)
    yield Outcome(message=FromDevice(device, alert))
    yield Outcome(message=FromDevice(device, LinkStatus(at=START.plus(20), state=LinkState.LOST, detail="/dev/canary")))
    yield command(20.1, RecordEvent(kind=EventKind.MEDICATION, event_at=START.plus(20), text="canary 8 mg", by="Canary"))
    yield command(20.2, RecordAssessment(event_at=START.plus(20), scores=(("RASS", 0),), note="canary", by="Canary"))
    yield command(20.3, SetLimit(metric=SPO2, low=80, high=None, reason="canary"), refused="canary says no")
    (shown,) = alarm(20.4, Presence.OFF, Presence.ON).transitions
    named = replace(shown.alarm, condition="pump:canary box:SN4711:canary", title="canary", detail="canary", device=device)
    yield Outcome(
        message=Tick(START.plus(20.4)), transitions=(AlarmTransition(at=START.plus(20.4), before=Presence.OFF, alarm=named, by="Canary"),)
    )
    yield Outcome(
        message=Tick(START.plus(21)), gaps=(Gap(device=device, what="line", reason="canary", since=START.plus(20), until=START.plus(21)),)
    )
    yield end(22)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    return record(tmp_path_factory.mktemp("case") / "case.sqlite", outcomes())


def bytes_of(folder):
    """Every file, and what is inside those that are packed; names of files too."""
    for path in sorted(folder.rglob("*")):
        yield path.name, path.name.encode()
        if path.is_file():
            data = path.read_bytes()
            yield path.name, data
            if path.suffix == ".vital":
                yield path.name, gzip.decompress(data)
            if path.suffix == ".parquet":
                yield path.name, parquet_text(path)


def parquet_text(path):
    import pyarrow.parquet as pq

    told = {
        name: column for name, column in pq.read_table(path).to_pydict().items() if name != "step"
    }  # steps are numbers as chance has them
    return f"{told} {pq.read_schema(path).metadata}".encode()


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"bedside"}))
def test_no_canary_in_any_byte(name, address, tmp_path):
    with open_case(address, 1) as history:
        plain = write_folder(FORMATS[name], history, tmp_path / "plain", Terms(program_version="1"))
        hidden = write_folder(FORMATS[name], history, tmp_path / "hidden", Terms(program_version="1", secret=SECRET))
    assert any(CANARY.search(data) for _, data in bytes_of(plain))
    found = [(file, data[max(0, hit.start() - 30) : hit.end() + 30]) for file, data in bytes_of(hidden) if (hit := CANARY.search(data))]
    assert found == []


def test_the_record_itself_cannot_be_hidden(address, tmp_path):
    with open_case(address, 1) as history, pytest.raises(ExportError, match="nothing of it can be hidden"):
        write_folder(FORMATS["bedside"], history, tmp_path / "out", Terms(program_version="1", secret=SECRET))
    assert list(tmp_path.iterdir()) == []


def test_days_of_one_patient_stay_apart_and_only_the_secret_tells_how_far_they_moved():
    first, second = (replace(made_setup(uuid=uuid)) for uuid in ("a", "b"))
    other = replace(first, patient=Patient(label="C.D."))
    assert Veil(SECRET).moved_days(first) == Veil(SECRET).moved_days(second)
    assert Veil(SECRET).moved_days(first) != Veil(b"another").moved_days(first)
    assert Veil(SECRET).moved_days(first) != Veil(SECRET).moved_days(other)
    assert Veil().moved_days(first) == 0
    assert Veil(SECRET).uuid("a") != Veil(SECRET).uuid("b")
