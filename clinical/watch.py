"""What devices tell, joined: each observation goes to whoever judges it. Knows no commands but their effect, and no sound."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from clinical.alarm_model import AlarmLimit
from clinical.alarms.board import Board
from clinical.alarms.case_watch import CaseWatch
from clinical.alarms.cuff_wait import CuffWait
from clinical.alarms.fused import FusedWatch
from clinical.alarms.infusion import InfusionWatch
from clinical.alarms.limits import LimitWatch
from clinical.alarms.lines import LineWatch
from clinical.alarms.reconciled import ReconciledWatch
from clinical.alarms.sensors import SensorWatch
from clinical.alarms.slopes import SlopeWatch
from clinical.alarms.stand_in import StandInWatch
from clinical.alarms.wording import after_step, clock, joined, of_baseline
from clinical.assessments.chart import Chart, Entry
from clinical.commands import CaseSetup, ChooseSource, CorrectDose, EventKind, RecordAssessment, RecordEvent, SignLedger
from clinical.dosing.account import Account
from clinical.dosing.report import Infusion
from clinical.gaps import LINE, LINK_LOST, NO_DATA, SENSOR_OFF, Gaps
from clinical.instant import NS_PER_S, Instant
from clinical.messages import DoseReport, FromDevice, Outcome
from clinical.metrics import ART_SYS, NIBP_SYS, PULSE_RATE
from clinical.observations import DeviceAlert, LinkState, LinkStatus, Numeric, PumpStatus, Validity, WaveformBlock
from clinical.readings import Readings
from clinical.sources import Source, SourceStanding, leader_of
from clinical.track import Track, reading_of
from clinical.waves import Waves

STEP_TOLD_FOR_S = 30 * 60.0
"""A change of rate is named in an alarm's detail for this long. A proposal."""

_SYSTOLIC = frozenset({NIBP_SYS, ART_SYS})


class Watch:
    """All that is known at one bed.

    Attributes:
        board: conditions that stand; every finding goes there.
        gaps: stretches without data.
        lines: links, devices' own alarms, and the program's reports on itself.
    """

    def __init__(self) -> None:
        self.board = Board()
        self.gaps = Gaps()
        self.lines = LineWatch(self.board)
        self._setup: CaseSetup | None = None
        self._readings = Readings()
        self._waves = Waves(self.gaps, self._readings.shown_source)
        self._infusion = Infusion()
        self._cuff = CuffWait()
        self._limits = LimitWatch(self.board, self._context, self._last_seen, self._cuff)
        self._slopes = SlopeWatch(self.board)
        self._fused = FusedWatch(self.board)
        self._sensors = SensorWatch(self.board, self._readings, self._cuff)
        self._stand_ins = StandInWatch(self.board, self._readings)
        self._pump = InfusionWatch(self.board)
        self._of_case = CaseWatch(self.board, self._readings)
        self._reconciled = ReconciledWatch(self.board)
        self._second = 0

    def observe(self, message: FromDevice) -> Outcome:
        """Takes what a device told; gives what of it is shown, and the dose where it was reckoned anew."""
        device, observation = message.device, message.observation
        match observation:
            case Numeric():
                numeric, shown = self._numeric(device, observation)
                return Outcome(message=message, shown=numeric) if shown else Outcome(message=message, aside=numeric)
            case WaveformBlock():
                return Outcome(message=message, shown=observation if self._waves.take(device, observation) else None)
            case PumpStatus():
                return Outcome(message=message, dose=self._pump_status(device, observation))
            case DeviceAlert():
                self.lines.alert(device, observation)
                self._judge_infusion(observation.at)
                return Outcome(message=message)
            case LinkStatus():
                return Outcome(message=message, dose=self._link(device, observation))
            case _:
                assert_never(observation)

    def recall(self, device: str, status: PumpStatus, *, tells: bool) -> DoseReport | None:
        """A pump's report of long ago: counted as if it came now; the pump itself is judged no more."""
        self.lines.is_pump(device)
        counted = self._infusion.take(device, status)
        return self.dose(status.at, looks_ahead=False) if counted and tells else None

    def tick(self, at: Instant) -> DoseReport | None:
        """Lets time do its work: staleness, silences, delays; gives the dose each full second."""
        down = self._readings.down
        for track in self._readings.tick(at):
            self._lost(at, track, LINK_LOST if track.device in down else NO_DATA)
        self._waves.tick(at, down)
        self._limits.tick(at)
        self._sensors.tick(at)
        self._of_case.clock.tick(at)
        self.board.tick(at)
        second = at.monotonic_ns // NS_PER_S
        if second == self._second:
            return None
        self._second = second
        self._reconciled.judge(at, self._infusion)
        return self.dose(at)

    def start(self, at: Instant, setup: CaseSetup) -> None:
        """A case begins: from here on alarms count."""
        self._setup = setup
        self.board.use(setup.preset)
        self._readings.use_order(setup.source_order)
        self._waves.use_order(setup.source_order)
        self._infusion.begin(at, setup)
        self._limits.start(at, setup.preset)
        self._slopes.start(setup.preset)
        self._fused.start(setup.preset)
        self._pump.start(setup)
        self.lines.start(at)
        self._sensors.start(at, setup.preset)
        self._stand_ins.start()
        self._of_case.start(at, setup)
        self._judge_infusion(at)

    def end(self, at: Instant) -> None:
        """The case is over: devices are read and shown only."""
        self._limits.stop()
        self._slopes.stop()
        self._fused.stop()
        self._sensors.stop()
        self._stand_ins.stop()
        self._pump.stop()
        self.lines.stop()
        self._of_case.stop()
        self.board.end_case(at)
        self._infusion.begin(None, None)
        self._setup = None

    def change_limit(self, at: Instant, limit: AlarmLimit) -> None:
        self._limits.change(at, limit)
        self._sensors.change(at, limit)

    def choose_source(self, at: Instant, command: ChooseSource) -> None:
        """The operator prefers a source: it is shown and judged from here on whenever it is good."""
        wanted = Source(device=command.device, channel=command.channel) if command.device else None
        self._readings.prefer(command.metric, wanted, command.by)
        self._sensors.review(at, leader_of(command.metric))

    def sources_changed(self, at: Instant) -> tuple[SourceStanding, ...]:
        """Metrics whose sources stand otherwise than when last asked; tells of stand-ins on the way."""
        touched = self._readings.touched()
        if not touched:
            return ()
        for metric in touched:
            self._stand_ins.review(at, metric)
        return tuple(news for metric in touched if (news := self._readings.news(metric)) is not None)

    def note(self, at: Instant, entry: RecordEvent | RecordAssessment) -> None:
        """What the nurse recorded, as far as it bears on what is judged: scores, rounds, a stop, a bolus, a hold."""
        if isinstance(entry, RecordAssessment):
            self._fused.scored(at, entry.scores, entry.event_at)
            self._of_case.round.take(entry.event_at)
        elif entry.kind is EventKind.STOP:
            self._pump.stop_order(at)
            self._of_case.pump.stop_order()
        if self._infusion.account is not None:
            _enter(self._infusion.account, entry)

    def note_correction(self, at: Instant, old: Entry, new: Entry, chart: Chart) -> None:
        """An entry was replaced: what was judged from the old one is judged from what stands now."""
        account = self._infusion.account
        if isinstance(old, RecordAssessment) and isinstance(new, RecordAssessment):
            standing = chart.assessments()
            self._fused.rescored(at, [(one.scores, one.event_at) for one in standing])
            self._of_case.round.retake([one.event_at for one in standing])
            if account is not None:
                account.rescore(old, new)
        elif isinstance(old, RecordEvent):
            self._recorded_anew(at, old, chart)

    def _recorded_anew(self, at: Instant, old: RecordEvent, chart: Chart) -> None:
        account = self._infusion.account
        if old.kind is EventKind.STOP and not chart.events(EventKind.STOP):
            self._pump.stop_order(at, stopped=False)
            self._of_case.pump.stop_order(stopped=False)
            self._judge_infusion(at)
        if account is not None:
            account.bolus_anew([event.event_at for event in chart.events(EventKind.BOLUS)])

    def correct(self, at: Instant, command: CorrectDose) -> CaseSetup | None:
        """Weight or concentration as they should have been; gives the set-up that is in force from here on."""
        if self._setup is None:
            return None
        weight_kg, mg_per_ml = (
            command.weight_kg or self._setup.weight_kg,
            command.concentration_mg_per_ml or self._setup.concentration_mg_per_ml,
        )
        self._setup = replace(self._setup, weight_kg=weight_kg, concentration_mg_per_ml=mg_per_ml)
        self._infusion.correct(at, self._setup, command.by)
        self._pump.amend(self._setup)
        self._judge_infusion(at)
        return self._setup

    def sign(self, at: Instant, command: SignLedger) -> str:
        """A line of the ledger; gives why it is refused, empty if it is taken."""
        account = self._infusion.account
        return "no case is running" if account is None else account.sign(at, command)

    def dose(self, at: Instant, *, looks_ahead: bool = True) -> DoseReport:
        """The infusion at this moment; judged on the way."""
        report = self._infusion.report(at, self.lines.down, looks_ahead=looks_ahead)
        self._of_case.dose(report, self._infusion.steps)
        return report

    def _numeric(self, device: str, told: Numeric) -> tuple[Numeric, bool]:
        """Notes a numeric; gives it, marked invalid where it cannot be a reading, and whether it is shown."""
        numeric = reading_of(told)
        track = self._readings.take(device, numeric)
        shown = self._readings.shows(track)
        if numeric.metric is NIBP_SYS:
            self._cuff.take(numeric.at, inflating=numeric.validity is Validity.ONGOING)
        if numeric.value is not None:
            if shown:
                if self._infusion.account is not None:
                    self._infusion.account.observe(numeric)
                self._limits.judge(device, numeric)
                self._slopes.judge(device, numeric)
                self._fused.judge(device, numeric)
                self._of_case.numeric(device, numeric)
                if self._sensors.is_bad(numeric.metric):
                    self._sensors.review(numeric.at, numeric.metric)
            self.gaps.end((device, numeric.metric.id, numeric.channel), numeric.at)
        elif numeric.validity is not Validity.ONGOING:
            self._lost(numeric.at, track, SENSOR_OFF if numeric.validity is Validity.INVALID else NO_DATA)
        return numeric, shown

    def _lost(self, at: Instant, track: Track, reason: str) -> None:
        """A track has no reading any more: a gap, and, if no source shows its metric now, alarms that say so."""
        metric, channel = track.metric, track.latest.channel
        if track.last_good is not None:
            since = track.latest.at if track.stale else at
            self.gaps.begin((track.device, metric.id, channel), reason, since, at)
        if not self._readings.good(metric, channel):
            self._limits.lost(at, metric, channel)
        if metric is PULSE_RATE:
            self._of_case.standstill.pulse_changed(track.device, at)
        self._sensors.review(at, metric)

    def _pump_status(self, device: str, status: PumpStatus) -> DoseReport | None:
        self.lines.is_pump(device)
        if not self._infusion.take(device, status):
            return None
        self._judge_infusion(status.at)
        return self.dose(status.at)

    def _judge_infusion(self, at: Instant) -> None:
        infusion = self._infusion
        self._reconciled.judge(at, infusion)
        for (device, channel), delivered in infusion.counted.items():
            alerting = self.lines.alerting(device, channel)
            if delivered is infusion.delivered:
                others = infusion.others_ml_per_h(at, self.lines.down)
                self._pump.judge(at, device, delivered, infusion.place(at), alerting=alerting, others_ml_per_h=others)
            else:
                self._pump.judge_further(at, device, delivered, alerting=alerting)

    def _link(self, device: str, status: LinkStatus) -> DoseReport | None:
        """A line changed: what it carried is no longer believed, or may be again."""
        at = status.at
        self.lines.link(device, status)
        down = self.lines.down(device)
        self._readings.line(at, device, down=down)
        if down:
            self.gaps.begin((device, LINE, ""), LINK_LOST, at, at)
        elif status.state is LinkState.LIVE:
            self.gaps.end((device, LINE, ""), at)
        for track in self._readings.tracks_of(device):
            if down:
                self._lost(at, track, LINK_LOST)
            else:
                self._sensors.review(at, track.metric)
        return self.dose(at) if device == self._infusion.device else None

    def _context(self, numeric: Numeric) -> str:
        """What else there is to know of a value that crossed a limit."""
        setup, infusion = self._setup, self._infusion
        if setup is None or numeric.value is None:
            return ""
        baseline = of_baseline(numeric.value, setup.baseline_sbp_mmhg) if numeric.metric in _SYSTOLIC else ""
        measured, first = numeric.measured_at or numeric.at, len(infusion.steps) == 1
        return joined(
            baseline,
            after_step(
                measured, infusion.steps[-1] if infusion.steps else None, infusion.step_mg_per_h, first=first, within_s=STEP_TOLD_FOR_S
            ),
        )

    def _last_seen(self, numeric: Numeric) -> str:
        offset_min = 0 if self._setup is None else self._setup.utc_offset_min
        return f"last seen {clock(numeric.measured_at or numeric.at, offset_min)}"


def _enter(account: Account, entry: RecordEvent | RecordAssessment) -> None:
    """What the nurse recorded, into the account of the drug."""
    if isinstance(entry, RecordAssessment):
        account.score(entry)
    elif entry.kind is EventKind.BOLUS:
        account.bolus(entry.event_at)
