import json
import math
from dataclasses import fields, is_dataclass
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.commands import (
    Acknowledge,
    CaseSetup,
    ChooseSource,
    Command,
    CorrectDose,
    EndCase,
    EventKind,
    LedgerAct,
    PauseAudio,
    RecordAssessment,
    RecordEvent,
    ResumeAudio,
    SetLimit,
    SignLedger,
    SilenceAlarm,
    StartCase,
)
from clinical.forms import Outline, Phase, RecordExamination, RecordIntake, RecordRecovery
from clinical.instant import Instant
from clinical.metrics import CATALOGUE
from storage.rows import clean
from storage.setup_json import JsonError, command_from_json, command_json, encoded
from tests.storage.made_case import made_setup

TEXT = st.text(max_size=40).map(clean)
INT64 = st.integers(-(2**63), 2**63 - 1)
FLOAT = st.floats(allow_nan=False)
INSTANT = st.builds(Instant, INT64, INT64)
METRIC = st.sampled_from(list(CATALOGUE.values()))


def PAIRS(answers):  # noqa: N802 (a strategy like the constants beside it)
    return st.lists(st.tuples(TEXT, answers), max_size=4).map(tuple)


COMMANDS = {
    StartCase: st.builds(StartCase, setup=st.builds(made_setup, uuid=TEXT, simulated=st.booleans()), by=TEXT),
    EndCase: st.builds(EndCase, reason=TEXT, by=TEXT),
    PauseAudio: st.builds(PauseAudio, seconds=FLOAT, by=TEXT),
    ResumeAudio: st.builds(ResumeAudio, by=TEXT),
    Acknowledge: st.builds(Acknowledge, conditions=st.lists(TEXT, max_size=4).map(tuple), by=TEXT),
    SetLimit: st.builds(SetLimit, metric=METRIC, low=st.none() | FLOAT, high=st.none() | FLOAT, reason=TEXT, by=TEXT),
    RecordEvent: st.builds(
        RecordEvent,
        kind=st.sampled_from(EventKind),
        event_at=INSTANT,
        text=TEXT,
        corrects=st.none() | st.integers(1, 99),
        by=TEXT,
    ),
    RecordAssessment: st.builds(
        RecordAssessment,
        event_at=INSTANT,
        scores=st.lists(st.tuples(TEXT, st.integers(-10, 99)), max_size=4).map(tuple),
        note=TEXT,
        by=TEXT,
    ),
    ChooseSource: st.builds(ChooseSource, metric=METRIC, device=TEXT, channel=TEXT, by=TEXT),
    SilenceAlarm: st.builds(SilenceAlarm, condition=TEXT, seconds=FLOAT, by=TEXT),
    CorrectDose: st.builds(
        CorrectDose, weight_kg=st.none() | FLOAT, concentration_mg_per_ml=st.none() | FLOAT, reason=TEXT, by=TEXT, witness=TEXT
    ),
    SignLedger: st.builds(
        SignLedger,
        act=st.sampled_from(LedgerAct),
        mg=FLOAT,
        by=TEXT,
        witness=TEXT,
        low_mg=st.none() | FLOAT,
        high_mg=st.none() | FLOAT,
        corrects=st.none() | st.integers(1, 99),
    ),
    RecordExamination: st.builds(
        RecordExamination,
        event_at=INSTANT,
        phase=st.sampled_from(Phase),
        limb=TEXT,
        symptoms=PAIRS(st.booleans()),
        signs=PAIRS(st.booleans()),
        continuing_pain=st.none() | st.booleans(),
        pain=st.none() | st.integers(0, 10),
        temperature_c=st.none() | FLOAT,
        amputated=st.booleans(),
        outlines=st.lists(st.builds(Outline, view=TEXT, points=st.lists(st.tuples(FLOAT, FLOAT), max_size=4).map(tuple))).map(tuple),
        drawn=st.booleans(),
        note=TEXT,
        by=TEXT,
        corrects=st.none() | st.integers(1, 99),
        reason=TEXT,
    ),
    RecordIntake: st.builds(
        RecordIntake,
        event_at=INSTANT,
        diagnosis=TEXT,
        limbs=st.lists(TEXT, max_size=4).map(tuple),
        tried=PAIRS(TEXT),
        medicines=st.lists(TEXT, max_size=4).map(tuple),
        answers=PAIRS(TEXT),
        baseline=st.lists(st.tuples(METRIC, FLOAT), max_size=3).map(tuple),
        by=TEXT,
    ),
    RecordRecovery: st.builds(
        RecordRecovery,
        event_at=INSTANT,
        aldrete=PAIRS(st.integers(0, 2)),
        vitals=st.lists(st.tuples(METRIC, FLOAT), max_size=3).map(tuple),
        escort=st.none() | st.booleans(),
        lines=st.lists(st.tuples(TEXT, TEXT, TEXT), max_size=3).map(tuple),
        by=TEXT,
    ),
}


def test_every_command_is_tried_here():
    assert set(COMMANDS) == set(get_args(Command))


@given(st.one_of(*COMMANDS.values()))
def test_a_command_comes_back(command):
    line = command_json(command)
    assert "\n" not in line
    assert command_from_json(line) == command


def types_in(value):
    yield type(value)
    if is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from types_in(getattr(value, field.name))
    if isinstance(value, tuple):
        for item in value:
            yield from types_in(item)


def test_numbers_come_back_as_the_type_that_is_declared():
    setup = command_from_json(command_json(StartCase(setup=made_setup()))).setup
    assert isinstance(setup, CaseSetup)
    assert type(setup.concentration_mg_per_ml) is float
    assert type(setup.day) is int
    assert list in types_in([1])
    assert list not in types_in(setup)


def test_fields_that_came_later_take_their_default():
    old = json.dumps({"type": "EndCase", "reason": "finished"})
    assert command_from_json(old) == EndCase(reason="finished")


@pytest.mark.parametrize(
    "line",
    [
        "",
        "[]",
        "{}",
        '{"type": "Reboot"}',
        '{"type": "EndCase"}',
        '{"type": "PauseAudio", "seconds": "many"}',
        '{"type": "PauseAudio", "seconds": true}',
        '{"type": "SetLimit", "metric": "MDC_NONSENSE", "low": 1, "high": 2}',
        '{"type": "RecordEvent", "kind": "dance", "event_at": {"utc_ns": 1, "mono_ns": 2}, "text": ""}',
        '{"type": "RecordEvent", "kind": "note", "event_at": 7, "text": ""}',
        '{"type": "RecordAssessment", "event_at": {"utc_ns": 1, "mono_ns": 2}, "scores": [["a"]]}',
        '{"type": "EndCase", "reason": 5}',
    ],
)
def test_what_is_no_command_is_refused(line):
    with pytest.raises(JsonError):
        command_from_json(line)


def test_text_that_no_database_takes_is_cleaned():
    assert encoded("a\x00b\ud800") == "ab?"
    assert command_from_json(command_json(PauseAudio(seconds=math.inf))).seconds == math.inf
    with pytest.raises(TypeError):
        encoded(object())
