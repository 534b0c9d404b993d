"""Conditions of the pump that is followed and of the whole dose, from the dose report: what is left, battery, weight, caps.

What the pump says against its order at this moment is the matter of infusion.py. Thresholds are proposals, to be confirmed by your
clinicians; delays and priorities stand in the table of conditions, where a preset may change them.
"""

from __future__ import annotations

from collections import deque

from clinical.alarms.board import Board
from clinical.alarms.finding import Condition, Finding
from clinical.alarms.infusion import NOT_INFUSING
from clinical.alarms.infusion_conditions import (
    DOSE_OVER_CASE,
    DOSE_OVER_HOUR,
    PUMP_ALMOST_EMPTY,
    PUMP_BATTERY_LOW,
    PUMP_FORGOTTEN,
    PUMP_NEAR_END,
    PUMP_ON_BATTERY,
    RATE_ABOVE_CEILING,
)
from clinical.alarms.settling import Settling
from clinical.alarms.wording import rate
from clinical.commands import CaseSetup
from clinical.dosing.ladder import RATE_TOLERANCE, rate_agrees
from clinical.instant import NS_PER_S
from clinical.messages import DoseReport
from clinical.observations import PumpState, PumpStatus
from clinical.orders import Order
from clinical.plausibility import whole_dose_mg

NEAR_END_S, ALMOST_EMPTY_S = 15 * 60.0, 5 * 60.0
BATTERY_LOW_MIN = 30.0
CAP_TOLERANCE = 0.05
"""Volume counters step: a sum over its cap by less says nothing."""

_HOUR_NS = 3600 * NS_PER_S
_SAMPLE_NS = 60 * NS_PER_S
_OF_PUMP = (PUMP_NEAR_END, PUMP_ALMOST_EMPTY, PUMP_ON_BATTERY, PUMP_BATTERY_LOW, PUMP_FORGOTTEN)
_RECKONED_ON = (DOSE_OVER_HOUR, DOSE_OVER_CASE)
_OF_DOSE = (RATE_ABOVE_CEILING, *_RECKONED_ON)

Found = dict[Condition, str]


class PumpWatch:
    """The followed pump and the dose, at each report."""

    def __init__(self, board: Board) -> None:
        self._settling = Settling(board)
        self._setup: CaseSetup | None = None
        self._order_stopped = False
        self._given: deque[tuple[int, float]] = deque()

    def start(self, setup: CaseSetup) -> None:
        self._setup = setup
        self._order_stopped = False
        self._given.clear()

    def stop(self) -> None:
        self._setup = None

    def stop_order(self, *, stopped: bool = True) -> None:
        """The operator recorded a stop: a pump that pauses is what was meant. False: there was none after all."""
        self._order_stopped = stopped

    def judge(self, report: DoseReport) -> None:
        """Takes a dose report. While the pump is not heard what stands stays, but for the dose, which is reckoned on."""
        setup, pump = self._setup, report.pump
        if setup is None or pump is None:
            return
        found = self._dose(report, setup)
        if report.stale:
            self._settling.settle(report.at, _RECKONED_ON, _findings(found))
            return
        own = _ending(report, setup) | _power(pump) | self._forgotten(report, pump)
        device, channel = report.pump_device, pump.channel
        self._settling.settle(report.at, _OF_PUMP, _findings(own, device, channel), device, channel)
        self._settling.settle(report.at, _OF_DOSE, _findings(found))

    def _forgotten(self, report: DoseReport, pump: PumpStatus) -> Found:
        runs = report.planned_mg_per_h is not None and not self._order_stopped
        if not runs or pump.state not in NOT_INFUSING:
            return {}
        return {PUMP_FORGOTTEN: f"{NOT_INFUSING[pump.state]}, and the order still runs: go on, or record the stop"}

    def _dose(self, report: DoseReport, setup: CaseSetup) -> Found:
        order = setup.order
        if order is None:
            return {}
        found = _ceiling(report, order, setup)
        in_hour_mg, cap_mg = self._last_hour_mg(report), order.ceiling_mg_per_h
        if in_hour_mg > cap_mg * (1 + CAP_TOLERANCE):
            found[DOSE_OVER_HOUR] = f"more than {rate(cap_mg)} mg within 60 min, the order's ceiling"
        whole_mg = whole_dose_mg(order)
        if report.given_mg > whole_mg * (1 + CAP_TOLERANCE):
            found[DOSE_OVER_CASE] = f"more than {rate(whole_mg)} mg, all that the order gives"
        return found

    def _last_hour_mg(self, report: DoseReport) -> float:
        """What was given in the 60 min before, to the minute."""
        now_ns, given = report.at.monotonic_ns, self._given
        if not given or now_ns - given[-1][0] >= _SAMPLE_NS:
            given.append((now_ns, report.given_mg))
        while len(given) > 1 and given[1][0] <= now_ns - _HOUR_NS:
            given.popleft()
        return report.given_mg - given[0][1]


def _findings(found: Found, device: str = "", channel: str = "") -> dict[Condition, Finding]:
    return {
        row: Finding(row=row, text=words, note="look at the pump")
        if row is RATE_ABOVE_CEILING
        else Finding(row=row, device=device, channel=channel, note=words)
        for row, words in found.items()
    }


def _ceiling(report: DoseReport, order: Order, setup: CaseSetup) -> Found:
    given, ceiling = report.rate_mg_per_h, order.ceiling_mg_per_h
    mg_per_ml = setup.concentration_mg_per_ml
    if given is None or given <= ceiling * (1 + RATE_TOLERANCE) or rate_agrees(given / mg_per_ml, ceiling, mg_per_ml):
        return {}
    return {RATE_ABOVE_CEILING: f"Rate {rate(given)} > {rate(ceiling)} mg/h, the order's ceiling"}


def _ending(report: DoseReport, setup: CaseSetup) -> Found:
    """What is left will not last; not told where the order ends before."""
    empty_in_s = report.empty_in_s
    infusing = report.pump is not None and report.pump.state is PumpState.INFUSING
    if empty_in_s is None or not infusing or empty_in_s > NEAR_END_S:
        return {}
    if setup.order is not None and report.started_at is not None:
        left_s = setup.order.length_min * 60 - report.at.since(report.started_at)
        if 0 <= left_s <= empty_in_s:
            return {}
    words = "have the next one ready"
    return {PUMP_NEAR_END: words} if empty_in_s > ALMOST_EMPTY_S else {PUMP_ALMOST_EMPTY: words}


def _power(pump: PumpStatus) -> Found:
    if pump.on_mains:
        return {}
    if pump.battery_min is not None and pump.battery_min < BATTERY_LOW_MIN:
        return {PUMP_BATTERY_LOW: f"less than {BATTERY_LOW_MIN:g} min left: plug the pump into the mains"}
    return {PUMP_ON_BATTERY: "plug the pump into the mains"} if pump.on_mains is False else {}
