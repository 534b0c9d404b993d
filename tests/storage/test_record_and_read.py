from dataclasses import replace

import numpy as np
import pytest

from clinical.alarm_model import Presence
from clinical.commands import EventKind, RecordEvent, StartCase
from clinical.instant import NS_PER_S, Instant
from clinical.messages import FromDevice, FromOperator, Gap, Outcome, Tick
from clinical.metrics import ECG_II, HEART_RATE, NIBP_SYS, PLETH, SPO2, TEMPERATURE
from clinical.observations import MISSING_SAMPLE, Numeric, PumpState, PumpStatus, Validity, WaveformBlock, read_only_steps
from storage.cases import faults_of, list_cases, open_case, resume_messages, unfinished
from storage.errors import NoSuchCaseError, StoreRefusedError
from storage.export.case_csv import export_case
from storage.past import Past
from storage.recorder import Recorder
from storage.waveform_blob import VALIDITIES
from tests.storage.made_case import START, address_of, alarm, command, made_setup, minute, record, second_of, start, wave_steps


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    return record(tmp_path_factory.mktemp("case") / "case.sqlite", minute())


def test_setup_comes_back(address):
    (case,) = list_cases(address)
    assert case.setup == made_setup()
    assert case.started == START
    assert case.ended == START.plus(60)
    assert (case.end_reason, case.program_version) == ("finished", "1.2.3")


def test_numerics_come_back_with_their_validity(address):
    with open_case(address, 1) as history:
        assert history.metrics() == [HEART_RATE, SPO2, TEMPERATURE]
        series = history.numerics(SPO2)
        hidden = history.numerics(TEMPERATURE)
        other = history.numerics(TEMPERATURE, device="monitor", channel="T2")
    assert len(series.values) == 57
    off = [VALIDITIES[place] is Validity.INVALID for place in series.validity]
    assert np.array_equal(np.isnan(series.values), off)
    assert sum(off) == 6
    assert series.mono_ns[0] == START.plus(0.5).monotonic_ns
    assert series.utc_ns[0] == START.plus(0.5).utc_ns
    assert (len(hidden.values), len(other.values)) == (0, 57)


def test_waveforms_come_back_to_the_step_with_the_gap_as_nan(address):
    with open_case(address, 1) as history:
        stretch = history.waveform(ECG_II, START.plus(20), START.plus(30))
        nothing = history.waveform(HEART_RATE, START, START.plus(1))
    assert nothing is None
    assert stretch is not None
    assert (stretch.rate_hz, stretch.values.shape) == (300, (3000,))
    assert np.isnan(stretch.values[1200:2100]).all()
    assert not np.isnan(stretch.values[:1200]).any()
    assert np.array_equal(np.rint((stretch.values[300:600] - 0.001) / 0.002), wave_steps(21, 300))


@pytest.mark.parametrize(("since_s", "until_s"), [(-2, 62), (20, 30), (24.5, 26), (59.5, 61), (70, 71)])
def test_steps_stand_on_an_even_grid_with_the_missing_marked(address, since_s, until_s):
    with open_case(address, 1) as history:
        ecg = next(channel for channel in history.waveform_channels() if channel.metric is ECG_II)
        steps = history.steps(ecg, START.plus(since_s), START.plus(until_s))
    missing = np.full(300, MISSING_SAMPLE, np.int16)
    told = {number: missing if 24 <= number < 27 or not 0 <= number < 60 else wave_steps(number, 300) for number in range(-2, 72)}
    whole = np.concatenate([told[number] for number in sorted(told)])
    assert np.array_equal(steps, whole[round((since_s + 2) * 300) : round((until_s + 2) * 300)])


def test_stored_samples_are_the_very_steps(address):
    with open_case(address, 1) as history:
        pleth = next(channel.number for channel in history.waveform_channels() if channel.metric is PLETH)
        kept = [segment for segment in history.segments() if segment.channel == pleth]
    expected = [wave_steps(number, 100, 1) for number in range(60) if not 24 <= number < 27]
    assert np.array_equal(np.concatenate([segment.steps for segment in kept]), np.concatenate(expected))
    assert kept[0].at_mono_ns == START.monotonic_ns


def test_clinical_rows_come_back(address):
    with open_case(address, "7a0c6c1e-0000-4000-8000-000000000001") as history:
        presences = [(one.before, one.alarm.presence) for one in history.transitions()]
        assert presences == [
            (Presence.OFF, Presence.ON),
            (Presence.ON, Presence.ACKNOWLEDGED),
            (Presence.ACKNOWLEDGED, Presence.OFF),
        ]
        assert history.transitions()[1].by == "Other"
        assert [one.number for one in history.events()] == [1, 2, 3]
        assert history.events()[2].command.corrects == 2
        assert history.assessments()[0].command.scores == (("pain at rest", 3), ("RASS", -1))
        assert [one.refused for one in history.commands() if one.refused] == ["above 100 %"]
        (gap,) = history.gaps()
        assert gap.until == START.plus(27)
        assert len(history.pump_reports()) == 11
        assert history.pump_reports()[0][1].on_mains is True
        # one at the first report, none while nothing changes within the minute
        assert [dose.given_mg for dose in history.dose_reports()] == [0.0]
        assert history.dose_reports()[0].predicted_ng_per_ml == (40.0, 81.25)


def test_nothing_is_kept_before_a_case_begins_and_after_it_ended(tmp_path):
    def outcomes():
        yield from second_of(0)
        yield from minute(3)
        yield from second_of(9)

    address = record(tmp_path / "a.sqlite", outcomes())
    with open_case(address, 1) as history:
        assert history.numerics(HEART_RATE).mono_ns.max() <= START.plus(3).monotonic_ns
        assert len(history.numerics(HEART_RATE).values) == 3


def test_when_commits_are_made_changes_nothing_that_is_read(address, tmp_path):
    whole = record(tmp_path / "whole.sqlite", minute(), every=10_000)
    with open_case(address, 1) as small, open_case(whole, 1) as big:
        assert small.chain() == big.chain()
        first, second = (history.waveform(ECG_II, START, START.plus(60)) for history in (small, big))
        assert np.array_equal(first.values, second.values, equal_nan=True)


def test_recorder_asks_for_a_commit_at_once_for_clinical_rows_and_each_second_for_the_rest(tmp_path):
    recorder = Recorder(address_of(tmp_path / "a.sqlite"))
    recorder.open()
    assert not recorder.wants_commit(Outcome(message=Tick(START)))
    recorder.keep(start())
    assert recorder.wants_commit(start())
    recorder.commit()
    assert recorder.case_id == 1
    wanted = [second for second in np.arange(0.1, 2.05, 0.1) if recorder.wants_commit(Outcome(message=Tick(START.plus(float(second)))))]
    assert wanted[0] == pytest.approx(1.0)
    recorder.close()


def test_missing_samples_and_nan_are_missing(tmp_path):
    steps = np.array([1, MISSING_SAMPLE, 3], np.int16)
    block = WaveformBlock(at=START, metric=ECG_II, rate_hz=1.0, steps=read_only_steps(steps), unit_per_step=1.0)
    number = Numeric(at=START, metric=HEART_RATE, value=float("nan"), reason="bad \ud800 and \x00 bytes")
    outcomes = [start(), Outcome(message=FromDevice("m", block)), Outcome(message=FromDevice("m", number), shown=number)]
    address = record(tmp_path / "a.sqlite", iter(outcomes))
    with open_case(address, 1) as history:
        values = history.waveform(ECG_II, START, START.plus(4)).values
        assert np.array_equal(values, [1.0, np.nan, 3.0, np.nan], equal_nan=True)
        assert np.isnan(history.numerics(HEART_RATE).values).all()


@pytest.mark.parametrize("shift_s", [0, 3600])
def test_the_past_of_a_case_knows_when_a_cuff_measured(tmp_path, shift_s):
    cuff = Numeric(at=START.plus(9), metric=NIBP_SYS, value=131.0, interval_s=300.0, measured_at=START.plus(-240))
    told = [start(), *(Outcome(message=FromDevice("monitor", number), shown=number) for number in (cuff, replace(cuff, measured_at=None)))]
    address = record(tmp_path / "a.sqlite", iter(told))
    now = Instant(START.monotonic_ns - shift_s * NS_PER_S, START.utc_ns).plus(20)
    with open_case(address, 1) as history:
        past = Past(history, now, boot_id="boot-a" if shift_s == 0 else "boot-b")
        measured, unsaid = past.numerics(0.0)
    assert measured.measured_at is not None
    assert measured.at.since(measured.measured_at) == 249.0
    assert measured.measured_at.utc_ns == START.plus(-240).utc_ns
    assert unsaid.measured_at is None


def _interrupted(path):
    def outcomes():
        yield start()
        for number in range(6):
            yield from second_of(number)
        yield command(6, RecordEvent(kind=EventKind.NOTE, event_at=START.plus(6), text="one"))

    return record(path, outcomes())


@pytest.mark.parametrize(("boot_id", "clock_ns"), [("boot-a", START.monotonic_ns), ("boot-b", 77_000_000_000)])
def test_a_case_goes_on_after_a_restart_on_one_timeline(tmp_path, boot_id, clock_ns):
    address = _interrupted(tmp_path / "a.sqlite")
    (case,) = unfinished(address)
    now = Instant(clock_ns + 20_000_000_000, START.utc_ns + 20_000_000_000)
    with open_case(address, case.id) as history:
        messages = list(resume_messages(history, now, boot_id=boot_id))
    assert isinstance(messages[0], FromOperator)
    assert isinstance(messages[0].command, StartCase)
    assert now.since(messages[0].at) == pytest.approx(20)
    assert [type(message).__name__ for message in messages] == ["FromOperator", "FromDevice", "FromDevice", "FromOperator"]
    recorder = Recorder(address, boot_id=boot_id)
    recorder.open()
    recorder.resume(case.id, now)
    for outcome in (
        Outcome(message=FromOperator(now, RecordEvent(kind=EventKind.NOTE, event_at=now, text="two"))),
        Outcome(message=FromDevice("pump", PumpStatus(at=now.plus(1), channel="1", state=PumpState.PAUSED))),
    ):
        recorder.keep(outcome)
    recorder.commit()
    recorder.close()
    with open_case(address, case.id) as history:
        assert [one.number for one in history.events()] == [1, 2]
        assert history.events()[1].at.since(history.started) == pytest.approx(20)
        assert history.pump_reports()[-1][1].at.since(history.started) == pytest.approx(21)
        (gap,) = history.gaps()
        assert (gap.device, gap.reason) == ("recorder", "the program was not running")
        assert gap.since.since(history.started) == pytest.approx(6)
        assert gap.until.since(gap.since) == pytest.approx(14)
    assert faults_of(address) == []


def test_a_wall_clock_set_back_between_runs_turns_no_order_around(tmp_path):
    address = _interrupted(tmp_path / "a.sqlite")
    now = Instant(5, START.utc_ns - 3_600_000_000_000)
    with open_case(address, 1) as history:
        messages = list(resume_messages(history, now, boot_id="boot-b"))
    assert all(message.at <= now.plus(1) for message in messages)
    assert now.since(messages[0].at) >= 6


def test_an_ended_case_is_not_resumed_and_an_unknown_one_is_not_found(address):
    assert unfinished(address) == []
    recorder = Recorder(address)
    recorder.open()
    with pytest.raises(StoreRefusedError, match="has ended"):
        recorder.resume(1, START)
    recorder.close()
    with pytest.raises(NoSuchCaseError):
        open_case(address, 17)


def test_a_store_that_was_only_opened_lists_no_case(tmp_path):
    recorder = Recorder(address_of(tmp_path / "new folder" / "a b%c.sqlite"))
    recorder.open()
    recorder.close()
    assert list_cases(address_of(tmp_path / "new folder" / "a b%c.sqlite")) == []


def test_a_gap_and_an_alarm_that_stood_when_the_program_ended(tmp_path):
    def outcomes():
        yield start()
        yield Outcome(message=Tick(START.plus(2)), gaps=(Gap(device="pump", what="line", reason="silent", since=START.plus(2)),))
        yield alarm(3, Presence.OFF, Presence.ON)

    address = record(tmp_path / "a.sqlite", outcomes())
    recorder = Recorder(address, boot_id="boot-a")
    recorder.open()
    recorder.resume(1, START.plus(10))
    recorder.keep(alarm(12, Presence.OFF, Presence.ON))
    recorder.commit()
    recorder.close()
    with open_case(address, 1) as history:
        assert [(gap.device, gap.until) for gap in history.gaps()] == [("pump", START.plus(10)), ("recorder", START.plus(10))]
        folder = export_case(history, tmp_path / "out", program_version="1")
    rows = (folder / "alarms.csv").read_text().splitlines()
    assert len(rows) == 3


def test_a_running_case_is_read_and_exported_while_it_goes_on(tmp_path):
    address = address_of(tmp_path / "a.sqlite")
    recorder = Recorder(address)
    recorder.open()
    recorder.keep(start())
    recorder.commit()
    with open_case(address, 1) as history, history.reading():
        assert history.events() == []
        for number in range(5):
            for outcome in second_of(number):
                recorder.keep(outcome)
            recorder.commit()
        assert len(history.numerics(HEART_RATE).values) == 0
        export_case(history, tmp_path / "out", program_version="1")
    with open_case(address, 1) as history:
        assert len(history.numerics(HEART_RATE).values) == 5
        assert history.last() == START.plus(4.5)
    recorder.close()
