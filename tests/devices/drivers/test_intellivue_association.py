"""The dialogue: asking, being refused, ended and released, keeping alive, renewing, falling back."""

from __future__ import annotations

import struct
from itertools import pairwise

import pytest

from devices.drivers.intellivue import requests as ask
from devices.drivers.intellivue.association import association_ends_after_s
from devices.drivers.intellivue.frames import framed
from devices.drivers.intellivue.messages import Accepted, MalformedError, message_of
from devices.drivers.intellivue.protocol import IntellivueProtocol
from devices.drivers.intellivue.simulator import ABORTED, REFUSED, acceptance
from tests.devices.drivers.intellivue_messages import created, numeric, numerics, operation, poll
from tests.devices.fake_bedside import START

NAMES = {framed(getattr(ask, name)): name for name in vars(ask) if name.isupper() and getattr(ask, name) in ask.FIXED}


class Dialogue:
    """A protocol, its clock, and the names of what it sends."""

    def __init__(self, *heard: bytes) -> None:
        self.protocol = IntellivueProtocol()
        self.now = START
        self.first = self.sent()
        for payload in heard:
            self.hear(payload)

    def sent(self):
        return [NAMES.get(message, "RESULT") for message in self.protocol.outgoing(self.now)]

    def hear(self, payload: bytes):
        self.protocol.receive(framed(payload), self.now)
        return self.sent()

    def wait(self, seconds: float, keep: bytes | None = None):
        """(seconds, name) of what is sent meanwhile; ``keep`` is heard each second."""
        began, found, end = self.now, [], self.now.plus(seconds)
        while self.now < end:
            due = self.protocol.due
            second = self.now.plus(1.0)
            self.now = min(moment for moment in (due, second, end) if moment is not None and moment > self.now)
            if keep is not None:
                self.protocol.receive(framed(keep), self.now)
            found += [(round(self.now.since(began), 3), name) for name in self.sent()]
        return found


def at_work():
    return Dialogue(acceptance(), created())


def test_it_asks_each_two_seconds_until_it_is_heard():
    dialogue = Dialogue()
    assert dialogue.first == ["ASSOCIATE"]
    assert dialogue.wait(6) == [(2, "ASSOCIATE"), (4, "ASSOCIATE"), (6, "ASSOCIATE")]


def test_the_course_of_an_association():
    dialogue = Dialogue()
    assert dialogue.hear(acceptance()) == []
    assert dialogue.hear(created()) == ["RESULT", "POLL_ALERTS", "POLL_ENUMERATIONS", "POLL_NUMERICS", "CHOOSE_WAVES", "POLL_WAVES"]
    assert dialogue.protocol.identity == "Philips M8000"


def test_the_answer_to_the_create_event_copies_its_invoke_id_and_time():
    protocol = IntellivueProtocol()
    protocol.outgoing(START)
    protocol.receive(framed(created(invoke=0xBEEF)), START)
    assert framed(ask.mds_created_result(0xBEEF, 123_456)) in protocol.outgoing(START)


def test_a_create_event_told_again_is_answered_and_asks_nothing_twice():
    assert at_work().hear(created()) == ["RESULT"]


def test_an_acceptance_without_a_create_event_is_released_and_asked_anew():
    assert Dialogue(acceptance()).wait(6) == [(5, "RELEASE"), (5.5, "ASSOCIATE")]


def test_the_poll_of_alerts_keeps_it_alive():
    dialogue = at_work()
    polls = [at for at, name in dialogue.wait(60, keep=numerics(numeric(0x4182, 60))) if name == "POLL_ALERTS"]
    assert polls == [2.0 * place for place in range(1, 31)]


@pytest.mark.parametrize(("period_s", "ends_s"), [(0.5, 10), (3.3, 10), (3.4, pytest.approx(10.2)), (43, 129), (44, 130)])
def test_when_an_association_ends(period_s, ends_s):
    assert association_ends_after_s(period_s) == ends_s


@pytest.mark.parametrize("period_s", [0.5, 2.0, 3.0, 5.0, 43.0])
def test_it_polls_before_the_association_ends_and_not_oftener_than_granted(period_s):
    dialogue = Dialogue(acceptance(min_poll_period_ticks=round(period_s * 8000)), created())
    polls = [at for at, name in dialogue.wait(180, keep=numerics(numeric(0x4182, 60))) if name == "POLL_ALERTS"]
    gaps = [after - before for before, after in pairwise(polls)]
    assert period_s <= min(gaps) <= max(gaps) < association_ends_after_s(period_s)


def test_continuous_polls_are_renewed_before_they_run_out():
    dialogue = at_work()
    both = [numerics(numeric(0x4182, 60)), poll(0x09, b"\x00\x01\x00\x00\x00\x00")]
    found = []
    for _ in range(600):
        for payload in both:
            dialogue.protocol.receive(framed(payload), dialogue.now)
        found += [(round(dialogue.now.since(START)), name) for name in dialogue.sent() if name in {"POLL_NUMERICS", "POLL_WAVES"}]
        dialogue.now = dialogue.now.plus(1)
    assert found == [(540, "POLL_NUMERICS"), (540, "POLL_WAVES")]


def test_a_poll_that_brings_nothing_is_asked_again_with_growing_patience():
    waves = [at for at, name in at_work().wait(160, keep=numerics(numeric(0x4182, 60))) if name == "POLL_WAVES"]
    assert waves == [5, 15, 35, 75, 135]


def test_a_monitor_that_falls_silent_is_asked_anew():
    sent = at_work().wait(12)
    assert (10, "ASSOCIATE") in sent
    assert not [name for at, name in sent if at > 10 and name != "ASSOCIATE"]


def test_a_refusal_is_answered_by_releasing_what_may_be_left_and_then_with_patience():
    dialogue = Dialogue()
    assert dialogue.hear(REFUSED) == ["RELEASE"]
    assert dialogue.hear(ask.RELEASED) == ["ASSOCIATE"]
    assert dialogue.hear(REFUSED) == []
    assert dialogue.wait(6) == [(5, "RELEASE"), (5.5, "ASSOCIATE")]


def test_an_abort_is_followed_by_a_new_request():
    dialogue = at_work()
    assert dialogue.hear(ABORTED) == []
    assert dialogue.wait(1) == [(1, "ASSOCIATE")]


def test_a_release_is_answered_and_respected_for_a_while():
    dialogue = at_work()
    assert dialogue.hear(ask.RELEASE) == ["RELEASED"]
    assert dialogue.wait(10) == [(10, "ASSOCIATE")]


def test_an_association_left_over_from_before_is_released_first():
    dialogue = Dialogue(numerics(numeric(0x4182, 60)))
    assert dialogue.wait(2.5) == [(2, "RELEASE"), (2.5, "ASSOCIATE")]


def test_without_continuous_numerics_they_are_polled_one_by_one():
    dialogue = Dialogue(acceptance(poll_options=0))
    assert dialogue.hear(created()) == ["RESULT", "POLL_ALERTS", "POLL_ENUMERATIONS", "POLL_NUMERICS_ONCE"]
    (seen,) = dialogue.protocol.receive(framed(poll(0x06, numeric(0x4182, 60), action=0x0C16)), START)
    assert (seen.value, seen.interval_s) == (60, 2.0)
    assert dialogue.wait(2) == [(2, "POLL_ALERTS"), (2, "POLL_NUMERICS_ONCE")]


def test_continuous_numerics_that_are_refused_are_polled_one_by_one():
    dialogue = at_work()
    assert dialogue.hear(operation(3, ask.INVOKE_NUMERICS, 9, b"")) == ["POLL_NUMERICS_ONCE"]
    assert dialogue.hear(operation(3, ask.INVOKE_WAVES, 9, b"")) == []


def test_other_events_are_not_answered():
    event = struct.pack(">HHHIHH", 0x21, 0, 0, 1, 0x0D17, 0)
    assert at_work().hear(operation(1, 9, 1, event)) == []
    assert at_work().hear(operation(1, 9, 0, event)) == []


def test_an_acceptance_tells_its_terms():
    assert message_of(acceptance(0x88000000, 8000)) == Accepted(min_poll_period_s=1.0, poll_options=0x88000000)
    assert message_of(b"\x0e\x03\xc1\x01\x00") == Accepted(min_poll_period_s=1.0, poll_options=0)


@pytest.mark.parametrize("length", range(1, 208))
def test_an_acceptance_cut_anywhere_raises_only_what_is_counted(length):
    try:
        message_of(acceptance()[:length])
    except (MalformedError, struct.error):
        return


@pytest.mark.parametrize("payload", [b"", b"\x42", bytes.fromhex("e1000002000400080001000700020000"), numerics()[:-1], numerics() + b"\0"])
def test_messages_that_contradict_themselves(payload):
    with pytest.raises((MalformedError, struct.error)):
        message_of(payload)
