"""What an operator can ask for. Each carries who and when it happened; the entry time is the message's own.

Bedside reads devices: no command here, and none that may ever be added, reaches a device.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from clinical.alarm_model import AlarmPreset
from clinical.forms import RecordExamination, RecordIntake, RecordRecovery
from clinical.instant import Instant
from clinical.metrics import Metric
from clinical.orders import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """Who is watched. ``label`` is what the screen and files show (initials or a study id); nothing else identifies."""

    label: str
    age_years: int | None = None
    sex: str = ""
    diagnosis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierRate:
    """What ran on an earlier day of the course: one rate from one moment to a later one, as the world dates them."""

    day: int
    since_utc_ns: int
    until_utc_ns: int
    rate_mg_per_h: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedValue:
    """Something that this case took over from an earlier day, seen and confirmed: what, as it was shown, and from which day."""

    what: str
    value: str
    day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSetup:
    """Everything decided before the watch begins; never changed, only amended by later commands.

    Attributes:
        uuid: names the case wherever its files go.
        bed: number or name of the bed.
        weight_kg: for dosing.
        concentration_mg_per_ml: of what is in the syringe or bag, entered twice.
        syringe_ml: how much is in it.
        baseline_sbp_mmhg: the patient's usual systolic pressure, or None.
        source_order: names of devices; of two that deliver one metric, the earlier is shown and alarmed.
        order: None where nothing was ordered (a recording): no ladder is followed and no dose is checked.
        simulated: any device is simulated. Cannot be taken back; every screen and file says so.
        recording: title of the recording that is played; empty for a patient who lies here now.
        utc_offset_min: of the bed's clock, for local times in files.
        course_before_mg: given on the days of this course before this one.
        earlier_rates: what the pump gave on those days, by rising time: the prediction begins with it, not with an empty body.
        carried: what was taken over from an earlier day.
        half_life_ke0_min: with which an effect site is assumed and shown; None: none is shown.
        concentration_entries: who typed the concentration, and what; empty where the site does not ask for names.
        hand_probes: the temperatures that a monitor calls T1 and T2 are of the skin of the right and the left hand.
    """

    uuid: str
    patient: Patient
    bed: str
    weight_kg: float
    concentration_mg_per_ml: float
    syringe_ml: float
    order: Order | None
    preset: AlarmPreset
    source_order: tuple[str, ...]
    simulated: bool
    day: int = 1
    baseline_sbp_mmhg: float | None = None
    utc_offset_min: int = 0
    recording: str = ""
    course_before_mg: float = 0.0
    earlier_rates: tuple[EarlierRate, ...] = ()
    carried: tuple[CarriedValue, ...] = ()
    half_life_ke0_min: float | None = None
    concentration_entries: tuple[tuple[str, float], ...] = ()
    hand_probes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StartCase:
    setup: CaseSetup
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndCase:
    reason: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseAudio:
    """Sound off for a while; sight stays. Longer than 120 s is cut to 120 s."""

    seconds: float
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeAudio:
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge:
    """Seen. Stops the sound of the conditions named, until they end; hides nothing. Empty: all that stand now."""

    conditions: tuple[str, ...] = ()
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLimit:
    """A new pair of thresholds for one metric, with the reason where it leaves the preset."""

    metric: Metric
    low: float | None
    high: float | None
    reason: str = ""
    by: str = ""


class EventKind(Enum):
    NOTE = "note"
    DOSE_STEP = "dose step"
    HOLD = "hold"
    STOP = "stop"
    BOLUS = "bolus"
    MEDICATION = "medication"
    SIDE_EFFECT = "side effect"
    INTERVENTION = "intervention"
    CORRECTION = "correction"
    BAG_CHANGE = "bag change"
    LINE_CHANGE = "line change"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEvent:
    """Something that happened to the patient.

    Attributes:
        event_at: when it happened, which may be before it was entered.
        text: as entered: "ondansetron 4 mg IV".
        corrects: number of the event this replaces, which is kept; None for a new one.
        reason: why it is corrected.
    """

    kind: EventKind
    event_at: Instant
    text: str
    corrects: int | None = None
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAssessment:
    """What the nurse scored at one moment.

    Attributes:
        event_at: when it was looked at or asked, which may be before it was entered.
        scores: pairs of item ("pain at rest", "RASS", "dizzy") and score.
        vitals: what the monitor showed and the nurse confirmed, in each metric's unit; empty where nothing was confirmed.
        corrects: the assessment this replaces, which is kept, counted from 1 in the order of the record; None for a new one.
        reason: why it is corrected.
    """

    event_at: Instant
    scores: tuple[tuple[str, int], ...]
    note: str = ""
    by: str = ""
    vitals: tuple[tuple[Metric, float], ...] = ()
    corrects: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseSource:
    """From which source a metric, and what else its sensor measures, is shown and judged in this case whenever it is good.

    Attributes:
        metric: a numeric one.
        device: name of the device; empty: as the case's source order has it.
        channel: of the device; empty: any.
    """

    metric: Metric
    device: str
    channel: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceAlarm:
    """The sound of one condition, and so of one direction, off for a while; longer than 120 s is cut to 120 s. All else sounds.

    It comes back when the time is over, and at once when the condition worsens, ends or returns.
    """

    condition: str
    seconds: float
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectDose:
    """A weight or concentration that was wrong when the case began. Both values are kept; all doses are reckoned anew.

    Attributes:
        weight_kg, concentration_mg_per_ml: as they should have been; None: as it is.
        witness: the second person, where the site asks for two.
    """

    weight_kg: float | None = None
    concentration_mg_per_ml: float | None = None
    reason: str = ""
    by: str = ""
    witness: str = ""


class LedgerAct(Enum):
    OPENED = "opened"
    ADDED = "added"
    GIVEN = "given"
    RETURNED = "returned"
    WASTED = "wasted"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignLedger:
    """A line of the controlled-drug ledger.

    Attributes:
        low_mg, high_mg: where what was given is only bounded.
        corrects: number of the line, counted from 1, that this one replaces; both stay.
    """

    act: LedgerAct
    mg: float
    by: str
    witness: str = ""
    low_mg: float | None = None
    high_mg: float | None = None
    corrects: int | None = None


Command = (
    StartCase
    | EndCase
    | PauseAudio
    | ResumeAudio
    | Acknowledge
    | SetLimit
    | RecordEvent
    | RecordAssessment
    | ChooseSource
    | CorrectDose
    | SignLedger
    | SilenceAlarm
    | RecordExamination
    | RecordIntake
    | RecordRecovery
)
