"""The infusion as it stands: which pumps are the case's, and the DoseReport that is reckoned from them. Raises no alarms.

One pump is followed: its state and syringe are shown. Every pump that names ketamine is counted: rate, dose and level are sums.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from clinical.commands import CaseSetup
from clinical.dose_told import Ahead
from clinical.dosing.account import Account
from clinical.dosing.contradictions import Contradictions
from clinical.dosing.delivered import Delivered, delivery_rate_ml_per_h
from clinical.dosing.ladder import Place, place_on
from clinical.dosing.level import Level
from clinical.instant import Instant
from clinical.messages import DoseReport, PumpShare
from clinical.observations import PumpState, PumpStatus
from clinical.track import STALE_AFTER_INTERVALS
from clinical.units import mg_per_h_from_ml_per_h, mg_per_kg_h_from_mg_per_h

KETAMINE_NAMES = ("keta",)
"""How makers and sites begin the drug's name: ketamine, Ketamin, S-Ketamin, Ketanest, Ketalar."""

AHEAD_EVERY_S = 60.0
"""The curves ahead are reckoned anew this often, and with every change of the rate or of the next step."""
LEVEL_EVERY_S = 60.0
"""Of a rate that stays one entry each so often is enough to tell the level anew."""

_S_PER_H = 3600.0


def is_ketamine(drug: str | None) -> bool:
    """Whether a pump's name of its drug is one of ketamine's."""
    return drug is not None and any(name in drug.casefold() for name in KETAMINE_NAMES)


class Infusion:
    """The case's pump, its volume, its start and its changes of rate.

    Attributes:
        device, channel: of the pump that is followed; empty until one has spoken.
        counted: every pump whose volume is the case's, by device and channel: the one that is followed, and all that name ketamine.
        account: of the case's drug; None where no case runs.
        contradictions: of every pump that spoke, by device and channel.
        started_at: when it was first seen infusing in this case.
        steps, step_mg_per_h: each change of its rate while infusing, the first with its start, and the rate of the last one.
    """

    def __init__(self) -> None:
        self._pumps: dict[tuple[str, str], Delivered] = {}
        self._setup: CaseSetup | None = None
        self._until: Instant | None = None
        self._began: Instant | None = None
        self.account: Account | None = None
        self.contradictions: dict[tuple[str, str], Contradictions] = {}
        self.device = ""
        self.channel = ""
        self.begin(None, None)

    def begin(self, at: Instant | None, setup: CaseSetup | None) -> None:
        """A case begins at ``at``, or ended (None): everything is counted anew."""
        self._setup, self._began = setup, at
        self.account = None if setup is None else Account(setup)
        for pump in self._pumps.values():
            pump.begin()
        self._count_anew()
        for one in self.contradictions.values():
            one.begin(setup)
        if at is not None and self.delivered is not None and self.delivered.last is not None:
            self._account_from(at)
            self._note_start(at, (self.device, self.channel), self.delivered.last)

    def _account_from(self, at: Instant) -> None:
        """The case's account begins with the pumps' last words, where they are fresh."""
        if self.account is None:
            return
        for key, pump in self.counted.items():
            if pump.last is not None and not _is_stale(pump.last, at):
                self.account.take(key, replace(pump.last, at=at))
        self.account.note_rate(at, self._total_ml_per_h(at))

    def _count_anew(self) -> None:
        """Nothing of the drug was given so far: neither start nor step nor level."""
        setup = self._setup
        self._level = None if setup is None else self._new_level(setup)
        self._told: list[tuple[Instant, float, float | None]] = []
        self._ahead: Ahead | None = None
        self._ahead_of: tuple[float | None, float | None] = (None, None)
        if self.account is not None:
            self.account.forget_pumps()
        self.counted = {key: pump for key, pump in self._pumps.items() if key == (self.device, self.channel) or _gives_ketamine(pump)}
        self.started_at: Instant | None = None
        self.steps: list[Instant] = []
        self.step_mg_per_h: float | None = None
        self._rates: dict[tuple[str, str], float] = {}

    def correct(self, at: Instant, setup: CaseSetup, by: str) -> None:
        """Weight or concentration were wrong: everything told so far means another dose and another level."""
        self._setup = setup
        if self.account is not None:
            self.account.correct(at, setup, by)
        for one in self.contradictions.values():
            one.amend(setup)
        if self.step_mg_per_h is not None and (rate := self._total_ml_per_h(at)) is not None:
            self.step_mg_per_h = mg_per_h_from_ml_per_h(rate, setup.concentration_mg_per_ml)
        self._level, told = self._new_level(setup), self._told
        self._told = []
        self._ahead = None
        for when, given_ml, rate_ml_per_h in told:
            self._tell_level(when, given_ml, rate_ml_per_h)

    def _new_level(self, setup: CaseSetup) -> Level | None:
        if setup.order is None:
            return None
        return Level(
            setup.weight_kg,
            setup.order.drug,
            setup.concentration_mg_per_ml,
            began=self._began,
            earlier=setup.earlier_rates,
            half_life_ke0_min=setup.half_life_ke0_min,
        )

    @property
    def delivered(self) -> Delivered | None:
        """The volume of the pump that is followed."""
        return self._pumps.get((self.device, self.channel))

    @property
    def last(self) -> PumpStatus | None:
        """The last word of the pump that is followed."""
        return None if self.delivered is None else self.delivered.last

    def take(self, device: str, status: PumpStatus) -> bool:
        """Notes a report; gives whether it is from a pump that is counted."""
        key = (device, status.channel)
        pump = self._pumps.setdefault(key, Delivered())
        believed = self.contradictions.setdefault(key, Contradictions(self._setup)).take(status)
        if believed is None:
            return key in self.counted
        status = believed
        drug_before = None if pump.last is None else pump.last.drug
        pump.take(status)
        if self._prefers(key, status):
            self.device, self.channel = key
            self._count_anew()
        elif self._takes_over(key, status):
            self.device, self.channel = key
        if key not in self.counted and _gives_ketamine(pump):
            self._count(key, pump, drug_before)
        if key not in self.counted:
            return False
        if self.account is not None:
            self.account.take(key, status)
            self.account.note_rate(status.at, self._total_ml_per_h(status.at))
        self._note_start(status.at, key, status)
        self._note_level(self._forward(status.at))
        return True

    def _forward(self, at: Instant) -> Instant:
        """No earlier than what was told already: of two pumps, or one that jumped back, time goes on."""
        self._until = at if self._until is None else max(at, self._until)
        return self._until

    def _count(self, key: tuple[str, str], pump: Delivered, drug_before: str | None) -> None:
        """A further pump of the case's drug; what it gave while it named another is not the case's."""
        self.counted[key] = pump
        if drug_before:
            pump.begin()

    def others_ml_per_h(self, at: Instant, down: Callable[[str], bool]) -> float:
        """What the counted pumps that are heard give together, without the one that is followed."""
        followed = (self.device, self.channel)
        return sum(self._heard_ml_per_h(key, at, down) or 0.0 for key in self.counted if key != followed)

    def place(self, at: Instant) -> Place | None:
        """The place on the ladder; None before the infusion began."""
        if self._setup is None or self._setup.order is None or self.started_at is None:
            return None
        return place_on(self._setup.order, at.since(self.started_at))

    def report(self, at: Instant, down: Callable[[str], bool], *, looks_ahead: bool = True) -> DoseReport:
        """The infusion at this moment.

        ``down``: whether a device cannot be heard, so that its last word is old at once. ``looks_ahead``: with the curves ahead.
        """
        at = at if self._until is None else max(at, self._until)
        status, setup = self.last, self._setup
        stale = status is not None and (down(self.device) or _is_stale(status, at))
        own_ml_per_h = None if status is None or stale else delivery_rate_ml_per_h(status)
        rate_ml_per_h = None if own_ml_per_h is None else own_ml_per_h + self.others_ml_per_h(at, down)
        rate_mg_per_h = None if rate_ml_per_h is None or setup is None else rate_ml_per_h * setup.concentration_mg_per_ml
        mg_per_ml = 0.0 if setup is None else setup.concentration_mg_per_ml
        place = self.place(at)
        at_most_mg = sum(pump.at_most_ml(at) for pump in self.counted.values()) * mg_per_ml
        ladder = None if self.account is None else self.account.ladder_told(at, at_most_mg)
        given = None if self.account is None else self.account.given_told(at)
        return DoseReport(
            at=at,
            pump=status,
            pump_device=self.device,
            stale=stale,
            rate_mg_per_h=rate_mg_per_h,
            rate_mg_per_kg_h=None if rate_mg_per_h is None or setup is None else mg_per_kg_h_from_mg_per_h(rate_mg_per_h, setup.weight_kg),
            given_mg=self._given_ml() * mg_per_ml,
            given_at_most_mg=at_most_mg,
            empty_in_s=_empty_in_s(status, own_ml_per_h),
            started_at=self.started_at,
            planned_mg_per_h=None if place is None else place.planned_mg_per_h,
            step_number=None if place is None else place.step_number,
            step_count=0 if setup is None or setup.order is None else len(setup.order.steps),
            next_step_mg_per_h=None if place is None else place.next_mg_per_h,
            next_step_in_s=None if place is None else place.next_in_s,
            predicted_ng_per_ml=None if self._level is None else self._level.band(at),
            effect_ng_per_ml=None if self._level is None else self._level.effect(at),
            shares=self._shares(at, down, mg_per_ml),
            given=given,
            ladder=ladder,
            ledger=None if self.account is None else self.account.ledger_told(at),
            ahead=self._ahead_at(at, None if ladder is None else ladder.next_mg_per_h) if looks_ahead else None,
            weight_kg=None if setup is None else setup.weight_kg,
            concentration_mg_per_ml=None if setup is None else setup.concentration_mg_per_ml,
            correction="" if self.account is None or self.account.correction is None else self.account.correction.text(),
            course_mg=None if setup is None or given is None else setup.course_before_mg + given.best_mg,
        )

    def _ahead_at(self, at: Instant, next_mg_per_h: float | None) -> Ahead | None:
        """The curves as they stand; reckoned anew only where something changed or a minute has passed."""
        of = (self._told[-1][2] if self._told else None, next_mg_per_h)
        if self._level is not None and (self._ahead is None or of != self._ahead_of or at.since(self._ahead.at) >= AHEAD_EVERY_S):
            self._ahead, self._ahead_of = self._level.ahead(at, next_mg_per_h), of
        return self._ahead

    def _shares(self, at: Instant, down: Callable[[str], bool], mg_per_ml: float) -> tuple[PumpShare, ...]:
        if len(self.counted) == 1:
            return ()
        heard = {key: self._heard_ml_per_h(key, at, down) for key in self.counted}
        return tuple(
            PumpShare(device=device, channel=channel, rate_mg_per_h=None if rate is None else rate * mg_per_ml)
            for (device, channel), rate in heard.items()
        )

    def _heard_ml_per_h(self, key: tuple[str, str], at: Instant, down: Callable[[str], bool]) -> float | None:
        """The rate of a counted pump; None where its last word is old, or says none."""
        status = self.counted[key].last
        return None if status is None or down(key[0]) or _is_stale(status, at) else delivery_rate_ml_per_h(status)

    def _prefers(self, key: tuple[str, str], status: PumpStatus) -> bool:
        """The first pump is followed, until one that names ketamine speaks where the first names another drug or none."""
        if not self.device:
            return True
        followed = self.last
        return key != (self.device, self.channel) and is_ketamine(status.drug) and not is_ketamine(followed.drug if followed else None)

    def _takes_over(self, key: tuple[str, str], status: PumpStatus) -> bool:
        """Another ketamine pump infuses, and the one that is followed is off or has not been heard for long."""
        followed = self.last
        if followed is None or key == (self.device, self.channel):
            return False
        gone = followed.state is PumpState.OFF or _is_stale(followed, status.at)
        return gone and is_ketamine(status.drug) and status.state is PumpState.INFUSING

    def _given_ml(self) -> float:
        return sum(pump.given_ml for pump in self.counted.values())

    def _total_ml_per_h(self, at: Instant) -> float | None:
        """What all counted pumps give by their words; None where none says."""
        rates = [self._heard_ml_per_h(key, at, lambda _device: False) for key in self.counted]
        known = [rate for rate in rates if rate is not None]
        return sum(known) if known else None

    def _note_level(self, at: Instant) -> None:
        rate_ml_per_h = self._total_ml_per_h(at)
        if self._setup is None or self._level is None:
            return
        self._tell_level(at, self._given_ml(), rate_ml_per_h)

    def _tell_level(self, at: Instant, given_ml: float, rate_ml_per_h: float | None) -> None:
        """Tells the level, and remembers what it takes to tell it anew."""
        if self._setup is None or self._level is None:
            return
        mg_per_ml = self._setup.concentration_mg_per_ml
        self._level.take(at, given_ml * mg_per_ml, None if rate_ml_per_h is None else rate_ml_per_h * mg_per_ml)
        last = self._told[-1] if self._told else None
        if last is None or last[2] != rate_ml_per_h or at.since(last[0]) >= LEVEL_EVERY_S:
            self._told.append((at, given_ml, rate_ml_per_h))

    def _note_start(self, at: Instant, key: tuple[str, str], status: PumpStatus) -> None:
        """Notes a pump that infuses: the start, and a step where its own rate is another (a silence of a second pump is none)."""
        setup, rate_ml_per_h = self._setup, self._total_ml_per_h(at)
        if setup is None or status.state is not PumpState.INFUSING or status.rate_ml_per_h is None or rate_ml_per_h is None:
            return
        self.started_at = self.started_at or at
        if self._rates.get(key) != status.rate_ml_per_h:
            self._rates[key] = status.rate_ml_per_h
            self.steps.append(at)
            self.step_mg_per_h = mg_per_h_from_ml_per_h(rate_ml_per_h, setup.concentration_mg_per_ml)


def _gives_ketamine(pump: Delivered) -> bool:
    return pump.last is not None and is_ketamine(pump.last.drug)


def _is_stale(status: PumpStatus, at: Instant) -> bool:
    return at.since(status.at) > STALE_AFTER_INTERVALS * status.interval_s


def _empty_in_s(status: PumpStatus | None, rate_ml_per_h: float | None) -> float | None:
    if status is None or not rate_ml_per_h:
        return None
    return status.time_left_s if status.remaining_ml is None else status.remaining_ml / rate_ml_per_h * _S_PER_H
