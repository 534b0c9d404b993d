"""Days of a course as the program records them: the monitor steps, the recorder keeps."""

from dataclasses import replace

from clinical.commands import EndCase, StartCase
from clinical.instant import Instant
from clinical.messages import FromDevice, FromOperator, Tick
from clinical.metrics import HEART_RATE
from clinical.monitor import Monitor
from clinical.observations import Numeric, PumpState, PumpStatus, Validity
from storage.recorder import Recorder
from tests.storage.made_case import made_setup

START = Instant(0, 1_772_352_000_000_000_000)
DAY_S = 86_400


def made_day(address, number, *, rates, entries=(), until_min=80, changes=None, after_days=0):
    """A day from ``START`` on; rates in mL/h by the minute they begin, entries by minute, ``changes`` to the set-up."""
    begin = START.plus(DAY_S * (number - 1 + after_days))
    setup = replace(made_setup(uuid=f"day-{number}"), **({"day": number} | (changes or {})))
    monitor, recorder = Monitor(), Recorder(address)
    recorder.open()
    infused_ml, rate = 0.0, 0.0
    messages = [FromOperator(begin, StartCase(setup=setup))]
    for minute in range(until_min + 1):
        at = begin.plus(60 * minute)
        infused_ml += rate / 60
        rate = rates.get(minute, rate)
        state = PumpState.INFUSING if rate else PumpState.STOPPED
        status = PumpStatus(at=at, channel="", state=state, rate_ml_per_h=rate, infused_ml=infused_ml, drug="Ketamine", interval_s=60.0)
        messages.append(FromDevice("pump", status))
        messages.append(FromDevice("monitor", Numeric(at=at, metric=HEART_RATE, value=70.0 + number, validity=Validity.VALID)))
        messages += [FromOperator(at.plus(1), command) for when, command in entries if when == minute]
        messages.append(Tick(at.plus(2)))
    messages.append(FromOperator(begin.plus(60 * until_min + 30), EndCase(reason="done")))
    for message in messages:
        recorder.keep(monitor.step(message))
    recorder.commit()
    recorder.close()
    return setup
