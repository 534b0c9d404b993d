"""The link's states on a virtual cable and a virtual clock: nothing waits here."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from app.core.links import BAD_FRAMES_EVERY_S, LONGEST_WAIT_S, Link
from clinical.alarm_model import Presence
from clinical.commands import Acknowledge
from clinical.instant import Instant
from clinical.messages import FromDevice, SelfReport
from clinical.observations import DeviceAlert, LinkState, LinkStatus, Priority, PumpStatus
from devices.transports.line import LineError
from devices.transports.virtual import VirtualCable
from tests.clinical.bed import Bed
from tests.devices.fake_driver import ASK, ASK_EVERY_S, DRIVER, FakeProtocol, frame

STEP_S = 0.05


class Bedside:
    """One link, its cable and its virtual clock."""

    def __init__(self, variant: str = "", find_again=None, driver=DRIVER, **more) -> None:
        self.cable = VirtualCable("virtual:pump")
        self.now = Instant(0, 0)
        self.posted = []
        self.opened_at = []
        self.link = Link(
            device="pump",
            driver=driver,
            variant=variant,
            address="virtual:pump",
            line_at=self._line_at,
            post=self.posted.append,
            find_again=find_again,
            **more,
        )

    def _line_at(self, address: str):
        self.opened_at.append((round(self.now.monotonic_ns / 1e9, 3), address))
        return self.cable.host

    def run(self, seconds: float, say=lambda: b"") -> None:
        for _ in range(round(seconds / STEP_S)):
            said = say()
            if said:
                self.cable.device.write(said)
            self.link.step(self.now)
            self.now = self.now.plus(STEP_S)

    @property
    def statuses(self) -> list[LinkStatus]:
        return [item.observation for item in self.posted if isinstance(item, FromDevice) and isinstance(item.observation, LinkStatus)]

    @property
    def states(self) -> list[LinkState]:
        return [status.state for status in self.statuses]

    @property
    def volumes(self) -> list[float | None]:
        found = [item.observation for item in self.posted if isinstance(item, FromDevice)]
        return [item.infused_ml for item in found if isinstance(item, PumpStatus)]

    @property
    def reports(self) -> list[SelfReport]:
        return [item for item in self.posted if isinstance(item, SelfReport)]


def good() -> bytes:
    return frame(72, 1.0)


def test_live_with_the_first_good_frame_and_before_its_numbers() -> None:
    bed = Bedside()
    bed.run(0.2)
    assert bed.states == [LinkState.CONNECTING]
    assert bed.cable.device.read(0) == ASK
    bed.run(0.2, good)
    assert bed.states == [LinkState.CONNECTING, LinkState.LIVE]
    first = next(item for item in bed.posted if not isinstance(item.observation, LinkStatus))
    assert bed.posted.index(first) == 2
    assert first.device == "pump"
    assert first.at == bed.statuses[1].at


def test_it_asks_again_when_the_protocol_is_due_though_nothing_came() -> None:
    bed = Bedside()
    bed.run(3 * ASK_EVERY_S)
    assert bed.cable.device.read(0) == ASK * 3


def test_silent_and_live_again() -> None:
    bed = Bedside()
    bed.run(0.2, good)
    bed.run(1.0)
    assert bed.states[-1] is LinkState.SILENT
    silent = bed.statuses[-1]
    assert DRIVER.silent_after_s <= silent.at.since(bed.statuses[-2].at) <= DRIVER.silent_after_s + 0.2
    assert "is the device on" in silent.detail
    bed.run(0.2, good)
    assert bed.states == [LinkState.CONNECTING, LinkState.LIVE, LinkState.SILENT, LinkState.LIVE]


class OnlyChanges(FakeProtocol):
    """Tells its device's standing alarm once, as drivers with an alert book do."""

    def __init__(self, variant: str) -> None:
        super().__init__(variant)
        self._told = False

    def receive(self, data, now):
        found = list(super().receive(data, now))
        if found and not self._told:
            self._told = True
            found.append(DeviceAlert(at=now, code="occlusion", text="Occlusion", priority=Priority.HIGH))
        return found


@pytest.mark.parametrize("fault", [b"", b"noise\n"])
def test_an_alarm_that_a_device_has_standing_is_told_again_after_silence(fault: bytes) -> None:
    bed, judged = Bedside(driver=replace(DRIVER, protocol=OnlyChanges)), Bed()
    judged.start()

    def presence() -> Presence:
        while bed.posted:
            judged.step(bed.posted.pop(0))
        return next(alarm.presence for name, alarm in judged.alarms.items() if "occlusion" in name)

    bed.run(0.2, good)
    assert presence() is Presence.ON
    judged.do(Acknowledge())
    assert presence() is Presence.ACKNOWLEDGED
    bed.run(1.0, lambda: fault)
    bed.run(0.2, good)
    assert presence() is Presence.ON


def test_damaged_frames_are_counted_on_through_a_silence() -> None:
    bed = Bedside()
    bed.run(0.2, lambda: good() + b"damaged\n")
    bed.run(1.0)
    bed.run(6.0, lambda: good() + b"damaged\n")
    told = [status.bad_frames for status in bed.statuses]
    assert told == sorted(told)
    assert told[-1] > 6 / STEP_S * 0.8


def test_never_an_answer() -> None:
    bed = Bedside()
    bed.run(1.0)
    assert bed.states == [LinkState.CONNECTING, LinkState.SILENT]


def test_garbled_while_bytes_come_and_silent_when_they_stop() -> None:
    bed = Bedside()
    bed.run(1.0, lambda: b"\xff\x00noise\n")
    assert bed.states == [LinkState.CONNECTING, LinkState.GARBLED]
    assert "Fake device" in bed.statuses[-1].detail
    bed.run(1.0)
    assert bed.states[-1] is LinkState.SILENT
    bed.run(0.2, good)
    assert bed.states[-1] is LinkState.LIVE


def test_damaged_frames_are_told_as_they_rise_but_seldom() -> None:
    bed = Bedside()
    bed.run(20.0, lambda: good() + b"damaged\n")
    live = [status for status in bed.statuses if status.state is LinkState.LIVE]
    assert len(live) == 4
    assert [status.bad_frames for status in live] == sorted({status.bad_frames for status in live})
    gaps = [later.at.since(earlier.at) for earlier, later in itertools.pairwise(live)]
    assert min(gaps) >= BAD_FRAMES_EVERY_S


def test_damaged_frames_of_a_moment_are_told_later_though_no_more_come() -> None:
    bed = Bedside()
    bed.run(0.2, good)
    bed.run(0.1, lambda: good() + b"damaged\n")
    bed.run(6.0, good)
    assert bed.statuses[-1].bad_frames == 2


def test_lost_is_tried_again_ever_more_seldom_and_told_once() -> None:
    bed = Bedside()
    bed.run(0.2, good)
    bed.cable.unplug()
    bed.run(40.0)
    assert bed.states == [LinkState.CONNECTING, LinkState.LIVE, LinkState.LOST]
    assert "unplugged" in bed.statuses[-1].detail
    tries = [moment for moment, _ in bed.opened_at]
    gaps = [round(later - earlier, 2) for earlier, later in itertools.pairwise(tries[1:])]
    assert gaps[:3] == pytest.approx([1.0, 2.0, 4.0], abs=0.06)
    assert gaps[3:] == pytest.approx([5.0] * len(gaps[3:]), abs=0.06)


def test_the_back_off_starts_anew_only_after_a_good_frame() -> None:
    bed = Bedside()
    bed.run(0.2, good)
    for _ in range(2):
        bed.cable.unplug()
        bed.run(0.1)
        bed.cable.plug()
        bed.run(3.0)
    silent_after_reopening = [moment for moment, _ in bed.opened_at]
    bed.run(0.2, good)
    lost_at = bed.now.monotonic_ns / 1e9
    bed.cable.unplug()
    bed.run(0.1)
    bed.cable.plug()
    bed.run(0.6, good)
    assert silent_after_reopening[2] - silent_after_reopening[1] > 3.0
    assert bed.opened_at[-1][0] - lost_at == pytest.approx(0.5, abs=0.06)
    assert bed.states[-1] is LinkState.LIVE


def test_nothing_from_before_a_loss_comes_after_it() -> None:
    bed = Bedside()
    bed.run(0.2, lambda: frame(72, 1.0))
    bed.cable.device.write(frame(72, 2.0)[:5])
    bed.link.step(bed.now)
    bed.cable.device.write(frame(72, 2.0)[5:])
    bed.cable.unplug()
    bed.run(0.3)
    bed.cable.plug()
    bed.run(1.0, lambda: frame(72, 3.0))
    assert set(bed.volumes) == {1.0, 3.0}
    assert bed.statuses[-1].state is LinkState.LIVE
    assert bed.statuses[-1].bad_frames == 0


def test_an_adapter_under_another_name_is_found_and_an_absent_one_not_guessed() -> None:
    places = iter([None, "virtual:elsewhere"])
    bed = Bedside(find_again=lambda: next(places))
    bed.run(0.2, good)
    bed.cable.unplug()
    bed.run(0.1)
    bed.cable.plug()
    bed.run(3.0, good)
    assert [address for _, address in bed.opened_at] == ["virtual:pump", "virtual:elsewhere"]
    assert any("not plugged in" in status.detail for status in bed.statuses)
    assert bed.states[-1] is LinkState.LIVE


def test_an_adapter_known_from_before_is_looked_for_at_the_first_opening_too() -> None:
    names = iter([None, "virtual:elsewhere"])
    bedside = Bedside(find_again=lambda: next(names), known_before=True)
    bedside.run(1.0, good)
    assert bedside.statuses[1].detail == "the adapter that was virtual:pump is not plugged in"
    assert bedside.opened_at == [(0.5, "virtual:elsewhere")]
    assert bedside.states[-1] is LinkState.LIVE


class Deaf:
    """A line set as the device is not: nothing good ever comes."""

    name = "virtual:pump"

    def __init__(self, opened: list[str], what: str, noise: bytes) -> None:
        self._opened, self._what, self._noise = opened, what, noise

    def open(self) -> None:
        self._opened.append(self._what)

    def read(self, timeout_s: float) -> bytes:
        return self._noise

    def write(self, data: bytes) -> None: ...

    def close(self) -> None: ...


@pytest.mark.parametrize("noise", [b"", b"\xff\n"])
def test_other_settings_are_tried_in_turn_until_the_device_is_understood(noise: bytes) -> None:
    tried: list[str] = []
    bedside = Bedside(other_lines=[lambda address: Deaf(tried, "second", noise), lambda address: Deaf(tried, "third", noise)])
    bedside.run(3 * DRIVER.silent_after_s + 0.3)
    assert tried[:2] == ["second", "third"]
    assert len(bedside.opened_at) == 2
    assert bedside.states.count(LinkState.CONNECTING) == 1, "an alarm must not come and go with the search"
    tried.clear()
    bedside.run(5 * DRIVER.silent_after_s, good)
    assert bedside.states[-1] is LinkState.LIVE
    bedside.run(3 * DRIVER.silent_after_s)
    assert bedside.states[-1] is LinkState.SILENT
    assert len(bedside.opened_at) + len(tried) <= 5, "a device that was understood keeps its settings"


def test_a_loss_while_sending() -> None:
    bed = Bedside()
    bed.run(0.1)
    bed.cable.host.read = lambda timeout_s: b""  # a line that fails only when written to
    bed.cable.unplug()
    bed.run(ASK_EVERY_S + 0.1)
    assert bed.states[-1] is LinkState.LOST


def test_what_is_not_allowed_is_never_sent_and_told_once() -> None:
    bed = Bedside("forbidden")
    bed.run(2.0, good)
    assert bed.cable.device.read(0) == ASK * 4
    assert [report.ok for report in bed.reports] == [False]
    assert bed.reports[0].part == "link:pump"
    assert "SET RATE" in bed.reports[0].text
    assert bed.states[-1] is LinkState.LIVE


def test_a_fault_is_told_the_link_starts_again_and_its_end_is_told() -> None:
    bed = Bedside("faulty")
    bed.run(0.1)
    bed.cable.device.write(good())
    with pytest.raises(ZeroDivisionError) as caught:
        bed.link.step(bed.now)
    bed.link.restart(bed.now, caught.value)
    assert not bed.link.is_open
    assert bed.states[-1] is LinkState.LOST
    assert not bed.reports[0].ok
    assert "ZeroDivisionError" in bed.reports[0].text


def test_closed_on_purpose() -> None:
    bed = Bedside()
    bed.run(0.2, good)
    bed.link.close(bed.now)
    assert bed.states[-1] is LinkState.CLOSED
    with pytest.raises(LineError):
        bed.cable.host.read(0)


def test_how_long_it_may_wait() -> None:
    bed = Bedside()
    assert bed.link.wait_s(bed.now) <= 0.001
    bed.link.step(bed.now)
    assert bed.link.wait_s(bed.now) == LONGEST_WAIT_S
    assert bed.link.wait_s(bed.now.plus(ASK_EVERY_S - 0.03)) == pytest.approx(0.03)
    assert 0 < bed.link.wait_s(bed.now.plus(10.0)) <= 0.001


def test_the_same_bytes_at_the_same_moments_give_the_same_messages() -> None:
    def told() -> list[object]:
        bed = Bedside()
        bed.run(1.0, good)
        bed.cable.unplug()
        bed.run(1.0)
        bed.cable.plug()
        bed.run(2.0, lambda: good() + b"damaged\n")
        bed.link.close(bed.now)
        return bed.posted

    assert told() == told()
