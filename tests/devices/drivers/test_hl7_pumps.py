"""Pumps in PCD-01 and their alarms in PCD-04: every field, every state, alarms that appear once and go once."""

from __future__ import annotations

import pytest

from clinical.metrics import SPO2
from clinical.observations import Numeric, Priority, PumpState, PumpStatus
from tests.devices.drivers.hl7_messages import SPO2_ROW, Receiver, alarm_rows, message, pump_rows


def alarm(number, **facets):
    return message(*alarm_rows(**facets), kind="ORU^R40^ORU_R40", number=str(number), sent=f"2026030108{number:02d}00+0000")


def listing(number, *alarms):
    return message(*pump_rows(alarms=alarms), number=str(number), sent=f"2026030108{number:02d}00+0000")


def test_a_pump_that_infuses():
    (pump,) = Receiver().pumps(message(*pump_rows()))
    assert (pump.channel, pump.state, pump.rate_ml_per_h, pump.infused_ml) == ("P7001", PumpState.INFUSING, 6.5, 12.5)
    assert (pump.to_infuse_ml, pump.remaining_ml, pump.time_left_s) == (40, 28.1, 15231)
    assert (pump.drug, pump.concentration_mg_per_ml) == ("Ketamine", 4)
    assert (pump.pressure_percent, pump.battery_min, pump.on_mains, pump.dose_rate) == (None, None, None, None)


@pytest.mark.parametrize(
    ("infusing", "delivering", "reason", "state"),
    [
        ("^pump-status-infusing", "^pump-delivery-status-delivering", "", PumpState.INFUSING),
        ("^pump-status-not-infusing", "^pump-delivery-status-not-delivering", "", PumpState.STOPPED),
        ("^pump-status-not-infusing", "^pump-delivery-status-not-delivering", "^pump-stopped-powered-off", PumpState.OFF),
        ("^pump-status-infusing", "^pump-delivery-status-not-delivering", "", PumpState.UNKNOWN),
        ("^pump-status-infusing", "", "", PumpState.INFUSING),
        ("^something-new", "^something-else", "", PumpState.UNKNOWN),
        ("", "", "", PumpState.UNKNOWN),
    ],
)
def test_states(infusing, delivering, reason, state):
    (pump,) = Receiver().pumps(message(*pump_rows(infusing=infusing, delivering=delivering, reason=reason)))
    assert pump.state is state


def test_the_number_counts_and_not_the_name():
    renamed = [text.replace("MDC_", "VND_") for text in pump_rows()]
    (pump,) = Receiver().pumps(message(*renamed))
    assert (pump.state, pump.rate_ml_per_h) == (PumpState.INFUSING, 6.5)


def test_a_flow_in_an_unknown_unit_is_not_told_and_counted():
    receiver = Receiver()
    wrong = [text.replace("265266^MDC_DIM_MILLI_L_PER_HR^MDC^mL/h^mL/h^UCUM", "1^drops/min") for text in pump_rows()]
    (pump,) = receiver.pumps(message(*wrong))
    assert (pump.rate_ml_per_h, pump.infused_ml) == (None, 12.5)
    assert receiver.protocol.bad_frames == 1


@pytest.mark.parametrize("flow", ["", "---", "-1"])
def test_a_flow_that_is_no_number_is_not_told_and_never_zero(flow):
    (pump,) = Receiver().pumps(message(*pump_rows(flow=flow)))
    assert pump.rate_ml_per_h is None


def test_two_pumps_in_one_message_and_vital_signs_beside_them():
    second = [text.replace("|1.", "|2.", 1).replace("P7001", "P7002") for text in pump_rows(flow="1")]
    told = Receiver().take(message(*pump_rows(), *second, SPO2_ROW))
    assert [(o.channel, o.rate_ml_per_h) for o in told if isinstance(o, PumpStatus)] == [("P7001", 6.5), ("P7002", 1)]
    assert [o.metric for o in told if isinstance(o, Numeric)] == [SPO2]


def test_variants_read_one_of_the_two():
    both = message(*pump_rows(), SPO2_ROW)
    assert Receiver("vitals").pumps(both) == []
    assert Receiver("pump").numerics(both) == []
    with pytest.raises(ValueError, match="bed7"):
        Receiver("bed7")


def test_what_a_gateway_kept_for_long_is_no_present_state_of_a_pump():
    assert len(Receiver().pumps(message(*pump_rows(), observed="20260301075926+0000"))) == 1
    assert Receiver().pumps(message(*pump_rows(), observed="20260301075000+0000")) == []


def test_more_pumps_than_a_bed_can_have_are_refused():
    receiver = Receiver()
    for number in range(60):
        receiver.take(message(*pump_rows(serial=f"S{number}"), number=str(number), sent=f"202603010800{number:02d}+0000"))
    assert receiver.protocol.bad_frames == 60 - 32


def test_a_listed_condition_appears_once_and_goes_once():
    receiver = Receiver()
    found = [receiver.alerts(listing(n, *alarms)) for n, alarms in enumerate([(), ("197334^N^MDC",), ("197334^N^MDC",), (), ()])]
    assert [[(a.code, a.active) for a in alerts] for alerts in found] == [[], [("MDC:197334", True)], [], [("MDC:197334", False)], []]
    assert (found[1][0].text, found[1][0].priority, found[1][0].channel) == ("infusion near end", Priority.LOW, "P7001")


def test_an_alarm_from_start_to_end_with_its_sound_paused_between():
    receiver = Receiver()
    start = receiver.alerts(alarm(1))
    assert [(a.code, a.text, a.priority, a.active, a.technical, a.channel) for a in start] == [
        ("MDC:197218", "Holder", Priority.HIGH, True, True, "P7001")
    ]
    assert receiver.alerts(alarm(2, phase="update")) == []
    assert receiver.alerts(alarm(3, phase="update", state="latched")) == []
    assert [a.active for a in receiver.alerts(alarm(4, phase="end", state="inactive"))] == [False]
    assert receiver.alerts(alarm(5, phase="end", state="inactive")) == []


def test_an_alarm_told_both_ways_goes_when_neither_tells_it():
    receiver = Receiver()
    receiver.alerts(listing(1, "197218^S^MDC"))
    assert [a.active for a in receiver.alerts(alarm(2))] == [True]  # told again, in the device's own words
    assert receiver.alerts(alarm(3, phase="end", state="inactive")) == []
    assert [(a.code, a.active) for a in receiver.alerts(listing(4))] == [("MDC:197218", False)]


@pytest.mark.parametrize(
    ("event", "code", "text"),
    [
        ("199999^MDC_EVT_NEW^MDC", "MDC:199999", "unknown code 199999 MDC_EVT_NEW"),
        ("0^MDCX_PRIVATE^MDC", "MDC:0:MDCX_PRIVATE", "unknown code 0 MDCX_PRIVATE"),
        ("197334", "MDC:197334", "infusion near end"),
    ],
)
def test_an_event_that_nobody_documents_is_an_alert_as_well(event, code, text):
    (alert,) = Receiver().alerts(alarm(1, event=event, text="", priority=""))
    assert (alert.code, alert.text) == (code, text)
    assert alert.priority is (Priority.LOW if code == "MDC:197334" else Priority.MEDIUM)


def test_the_same_event_of_two_sources_is_two_alarms():
    receiver = Receiver()
    first = receiver.alerts(alarm(1, source="150456^SPO2^MDC", event="196648^HI^MDC"))
    second = receiver.alerts(alarm(2, source="147842^HR^MDC", event="196648^HI^MDC"))
    assert [a.code for a in first + second] == ["MDC:196648@150456", "MDC:196648@147842"]


def test_an_alarm_message_without_an_event_is_counted():
    receiver = Receiver()
    assert receiver.alerts(alarm(1, event="")) == []
    assert receiver.protocol.bad_frames == 1
