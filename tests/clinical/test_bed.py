"""What is told of a bed follows its monitor's outcomes."""

from clinical.bed import TOLD, BedView
from clinical.metrics import HEART_RATE, SPO2
from clinical.observations import LinkState, PumpState, Validity
from tests.storage.made_case import START, end, minute, start


def view_after(seconds):
    view = BedView("9")
    for outcome in minute(60):
        if outcome.message.at > START.plus(seconds):
            break
        view.follow(outcome)
    return view


def test_a_bed_without_a_case_is_free():
    state = BedView("9").state(START)
    assert (state.bed, state.case, state.numerics, state.alarms) == ("9", "", (), ())


def test_numbers_pump_and_lines_are_the_last_ones():
    state = view_after(32).state(START.plus(32.5))
    assert (state.bed, state.label, state.simulated) == ("3", "A.B.", True)
    values = {numeric.metric: numeric for numeric in state.numerics}
    assert set(values) <= set(TOLD)
    assert values[HEART_RATE].at == START.plus(31.5)
    assert values[SPO2].validity is Validity.VALID
    assert (state.pump, state.rate_mg_per_h, state.step_number, state.step_count) == (PumpState.INFUSING, 10.0, 1, 2)
    heard = {line.device: line for line in state.lines}
    assert heard["pump"].heard == START.plus(30.6)
    assert heard["monitor"].state is LinkState.LIVE


def test_after_the_case_the_bed_is_free_again():
    view = view_after(50)
    view.follow(end(60))
    assert view.state(START.plus(61)).case == ""
    view.follow(start())
    assert view.state(START.plus(62)).numerics == ()


def test_a_goodbye_says_so():
    assert view_after(5).state(START.plus(6), left=True).left
