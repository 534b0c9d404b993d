"""The infusion as it stands: which pump is the case's, and the DoseReport that is reckoned from it. Raises no alarms."""

from __future__ import annotations

from clinical.commands import CaseSetup
from clinical.dosing.delivered import Delivered, delivery_rate_ml_per_h
from clinical.dosing.ladder import Place, place_on
from clinical.dosing.level import Level
from clinical.instant import Instant
from clinical.messages import DoseReport
from clinical.observations import PumpState, PumpStatus
from clinical.track import STALE_AFTER_INTERVALS
from clinical.units import mg_per_h_from_ml_per_h, mg_per_kg_h_from_mg_per_h

KETAMINE_NAMES = ("keta",)
"""How makers and sites begin the drug's name: ketamine, Ketamin, S-Ketamin, Ketanest, Ketalar."""

_S_PER_H = 3600.0


def is_ketamine(drug: str | None) -> bool:
    """Whether a pump's name of its drug is one of ketamine's."""
    return drug is not None and any(name in drug.casefold() for name in KETAMINE_NAMES)


class Infusion:
    """The case's pump, its volume, its start and its changes of rate.

    Attributes:
        device, channel: of the pump that is followed; empty until one has spoken. What pumps gave that it took over from is added.
        started_at: when it was first seen infusing in this case.
        step_at, step_mg_per_h, steps_taken: the last change of its rate while infusing, and how many there were.
    """

    def __init__(self) -> None:
        self._pumps: dict[tuple[str, str], Delivered] = {}
        self._setup: CaseSetup | None = None
        self.device = ""
        self.channel = ""
        self.begin(None, None)

    def begin(self, at: Instant | None, setup: CaseSetup | None) -> None:
        """A case begins at ``at``, or ended (None): everything is counted anew."""
        self._setup = setup
        for pump in self._pumps.values():
            pump.begin()
        self._count_anew()
        if at is not None and self.delivered is not None and self.delivered.last is not None:
            self._note_start(at, self.delivered.last)

    def _count_anew(self) -> None:
        """Nothing of the drug was given so far: neither start nor step nor level."""
        setup = self._setup
        self._level = (
            None if setup is None or setup.order is None else Level(setup.weight_kg, setup.order.drug, setup.concentration_mg_per_ml)
        )
        self._before: tuple[Delivered, ...] = ()
        self.started_at: Instant | None = None
        self.step_at: Instant | None = None
        self.step_mg_per_h: float | None = None
        self.steps_taken = 0

    @property
    def delivered(self) -> Delivered | None:
        """The volume of the pump that is followed."""
        return self._pumps.get((self.device, self.channel))

    @property
    def last(self) -> PumpStatus | None:
        """The last word of the pump that is followed."""
        return None if self.delivered is None else self.delivered.last

    def take(self, device: str, status: PumpStatus) -> bool:
        """Notes a report; gives whether it is from the pump that is followed."""
        key = (device, status.channel)
        self._pumps.setdefault(key, Delivered()).take(status)
        if self._prefers(key, status):
            self._count_anew()
            self.device, self.channel = key
        elif self._takes_over(key, status):
            self._before = tuple(pump for pump in (*self._before, self.delivered) if pump not in {None, self._pumps[key]})
            self.device, self.channel = key
        if key != (self.device, self.channel):
            return False
        self._note_start(status.at, status)
        self._note_level(status)
        return True

    def place(self, at: Instant) -> Place | None:
        """The place on the ladder; None before the infusion began."""
        if self._setup is None or self._setup.order is None or self.started_at is None:
            return None
        return place_on(self._setup.order, at.since(self.started_at))

    def report(self, at: Instant, *, line_down: bool) -> DoseReport:
        """The infusion at this moment. ``line_down``: the pump cannot be heard, so its last word is old at once."""
        status, setup = self.last, self._setup
        stale = status is not None and (line_down or _is_stale(status, at))
        rate_ml_per_h = None if status is None or stale else delivery_rate_ml_per_h(status)
        rate_mg_per_h = None if rate_ml_per_h is None or setup is None else rate_ml_per_h * setup.concentration_mg_per_ml
        mg_per_ml = 0.0 if setup is None else setup.concentration_mg_per_ml
        place = self.place(at)
        return DoseReport(
            at=at,
            pump=status,
            pump_device=self.device,
            stale=stale,
            rate_mg_per_h=rate_mg_per_h,
            rate_mg_per_kg_h=None if rate_mg_per_h is None or setup is None else mg_per_kg_h_from_mg_per_h(rate_mg_per_h, setup.weight_kg),
            given_mg=self._given_ml() * mg_per_ml,
            given_at_most_mg=sum(pump.at_most_ml(at) for pump in self._counted) * mg_per_ml,
            empty_in_s=_empty_in_s(status, rate_ml_per_h),
            started_at=self.started_at,
            planned_mg_per_h=None if place is None else place.planned_mg_per_h,
            step_number=None if place is None else place.step_number,
            step_count=0 if setup is None or setup.order is None else len(setup.order.steps),
            next_step_mg_per_h=None if place is None else place.next_mg_per_h,
            next_step_in_s=None if place is None else place.next_in_s,
            predicted_ng_per_ml=None if self._level is None else self._level.band(at),
        )

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

    @property
    def _counted(self) -> tuple[Delivered, ...]:
        """The pumps whose volumes are the case's: the one that is followed, and those it took over from."""
        return self._before if self.delivered is None else (*self._before, self.delivered)

    def _given_ml(self) -> float:
        return sum(pump.given_ml for pump in self._counted)

    def _note_level(self, status: PumpStatus) -> None:
        rate_ml_per_h = delivery_rate_ml_per_h(status)
        if self._setup is None or self._level is None:
            return
        mg_per_ml = self._setup.concentration_mg_per_ml
        self._level.take(status.at, self._given_ml() * mg_per_ml, None if rate_ml_per_h is None else rate_ml_per_h * mg_per_ml)

    def _note_start(self, at: Instant, status: PumpStatus) -> None:
        setup, rate_ml_per_h = self._setup, status.rate_ml_per_h
        if setup is None or status.state is not PumpState.INFUSING or rate_ml_per_h is None:
            return
        self.started_at = self.started_at or at
        rate_mg_per_h = mg_per_h_from_ml_per_h(rate_ml_per_h, setup.concentration_mg_per_ml)
        if self.step_mg_per_h != rate_mg_per_h:
            self.step_at, self.step_mg_per_h = at, rate_mg_per_h
            self.steps_taken += 1


def _is_stale(status: PumpStatus, at: Instant) -> bool:
    return at.since(status.at) > STALE_AFTER_INTERVALS * status.interval_s


def _empty_in_s(status: PumpStatus | None, rate_ml_per_h: float | None) -> float | None:
    if status is None or not rate_ml_per_h:
        return None
    return status.time_left_s if status.remaining_ml is None else status.remaining_ml / rate_ml_per_h * _S_PER_H
