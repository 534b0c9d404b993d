"""Invented values for the gallery, and nothing but that: no figure here was ever measured, and no test of medicine may use one."""

from __future__ import annotations

from collections.abc import Callable
from math import pi

import numpy as np
from numpy.typing import NDArray

from clinical import metrics
from clinical.alarm_model import Alarm, AlarmLimit, AlarmPreset, AudioState, Kind, Presence
from clinical.commands import CaseSetup, Patient
from clinical.instant import Instant
from clinical.messages import DoseReport
from clinical.metrics import Metric
from clinical.observations import Numeric, Priority, Validity, WaveformBlock, read_only_steps
from clinical.orders import Order, Step
from widgets.alarm_bar import AlarmBar
from widgets.fault_curtain import FaultCurtain, core_silent
from widgets.nibp_tile import NibpTile
from widgets.numeric_tile import ETCO2, HR, RR, SPO2, NumericTile, TileSpec
from widgets.skin_tile import SkinTile
from widgets.soft_keys import KeyState, SoftKey, SoftKeyRow
from widgets.theme import Look
from widgets.tile import Tile
from widgets.waveform_lane import LANES, WaveformPanel

NOW = Instant(1_000_100_000_000, 1_795_352_722_000_000_000)
"""Sunday, 22 November 2026, 12:25:22 UTC; the monotonic count is at the lit half of every blink."""
Shape = Callable[[NDArray[np.float64]], NDArray[np.float64]]
INVENTED = "invented for the gallery"
ORDER = Order(name="ladder", drug="ketamine", steps=(Step(rate_mg_per_h=10, earliest_min=0),), length_min=240, ceiling_mg_per_h=30)
SETUP = CaseSetup(
    uuid="00000000-0000-0000-0000-000000000000",
    patient=Patient(label="M. K.", age_years=46, sex="F", diagnosis="CRPS right hand"),
    bed="3",
    weight_kg=70.0,
    concentration_mg_per_ml=2.0,
    syringe_ml=50.0,
    order=ORDER,
    preset=AlarmPreset(name="adult", limits=(), source=INVENTED),
    source_order=(),
    simulated=True,
    day=3,
    utc_offset_min=60,
)


def limit(metric: Metric, low: float | None, high: float | None) -> AlarmLimit:
    return AlarmLimit(metric=metric, low=low, high=high, priority=Priority.MEDIUM, delay_s=0, hysteresis=0)


def alarm(title: str, priority: Priority, **more: object) -> Alarm:
    """An alarm 34 s old; keywords as in ``Alarm``."""
    fields: dict[str, object] = {
        "condition": title,
        "kind": Kind.PHYSIOLOGICAL,
        "presence": Presence.ON,
        "detail": "",
        "since": NOW.plus(-34),
    }
    return Alarm(title=title, priority=priority, **(fields | more))  # type: ignore[arg-type]  # keywords checked by Alarm itself


SPO2_LOW = alarm(
    "SpO₂ 84 < 90",
    Priority.HIGH,
    metric=metrics.SPO2,
    value=84,
    limit=90,
    detail="falling 6 % in 60 s, breathing 7/min",
    since=NOW.plus(-12),
)
SBP_HIGH = alarm(
    "SBP 168 > 156", Priority.MEDIUM, metric=metrics.NIBP_SYS, value=168, limit=156, detail="+31 % of baseline, 9 min after 25 mg/h"
)
RR_LOW = alarm(
    "RR 7 < 8", Priority.MEDIUM, metric=metrics.RESP_RATE, value=7, limit=8, detail="was 14 at 14:05", presence=Presence.ACKNOWLEDGED
)
LINE_LOST = alarm(
    "Pump line lost", Priority.MEDIUM, kind=Kind.TECHNICAL, device="pump", detail="unplugged, Perfusor Space, ttyUSB1", since=NOW.plus(-41)
)
ROUND_DUE = alarm("Round due", Priority.LOW, detail="after step to 25 mg/h", since=NOW.plus(-125))


def alarm_bar(look: Look) -> AlarmBar:
    bar = _bar(look)
    bar.set_audio(AudioState(sounding=Priority.MEDIUM, paused_until=None, generation=1))
    bar.set_sound_heard(NOW.plus(-7600))
    bar.set_alarms((SBP_HIGH, ROUND_DUE), NOW)
    return bar


def alarm_bar_paused(look: Look) -> AlarmBar:
    bar = _bar(look)
    bar.set_audio(AudioState(sounding=None, paused_until=NOW.plus(103), generation=1))
    bar.set_alarms((SPO2_LOW, RR_LOW, ROUND_DUE, LINE_LOST), NOW)
    return bar


def alarm_bar_faults(look: Look) -> AlarmBar:
    bar = _bar(look)
    bar.set_sound_fault("NO AUDIO")
    bar.set_record_fault("NOT RECORDING")
    bar.set_alarms((LINE_LOST,), NOW.plus(0.9))
    return bar


def _bar(look: Look) -> AlarmBar:
    bar = AlarmBar()
    bar.set_look(look)
    bar.set_case(SETUP)
    bar.set_dose(DoseReport(at=NOW, started_at=NOW.plus(-6130)))
    return bar


def numeric(metric: Metric, value: float | None, *, at: Instant = NOW, **more: object) -> Numeric:
    """A number that has just come; keywords as in ``Numeric``."""
    return Numeric(at=at, metric=metric, value=value, **more)  # type: ignore[arg-type]  # keywords checked by Numeric itself


def _numeric_tile(look: Look, spec: TileSpec, *numerics: Numeric, low: float, high: float | None) -> NumericTile:
    tile = NumericTile(spec)
    _dress(tile, look, limit(spec.metric, low, high))
    for value in numerics:
        tile.show_numeric(value)
    tile.advance(NOW)
    return tile


def _dress(tile: Tile, look: Look, limits: AlarmLimit | None) -> None:
    tile.set_look(look)
    tile.set_limit(limits)


def heart_rate(look: Look) -> NumericTile:
    return _numeric_tile(look, HR, numeric(metrics.HEART_RATE, 92), low=50, high=120)


def _spo2(look: Look, *numerics: Numeric) -> NumericTile:
    beside = (numeric(metrics.PULSE_RATE, 104), numeric(metrics.PERFUSION_INDEX, 1.9))
    return _numeric_tile(look, SPO2, *numerics, *beside, low=90, high=None)


def spo2_alarm(look: Look) -> NumericTile:
    tile = _spo2(look, numeric(metrics.SPO2, 84))
    tile.set_alarm(SPO2_LOW)
    tile.advance(NOW)
    return tile


def spo2_dark(look: Look) -> NumericTile:
    tile = spo2_alarm(look)
    tile.advance(NOW.plus(0.3))
    return tile


def spo2_invalid(look: Look) -> NumericTile:
    return _spo2(look, numeric(metrics.SPO2, None, validity=Validity.INVALID, reason="sensor off"))


def rr_stale(look: Look) -> NumericTile:
    return _numeric_tile(look, RR, numeric(metrics.RESP_RATE, 14, at=NOW.plus(-42)), low=8, high=24)


def etco2_doubtful(look: Look) -> NumericTile:
    return _numeric_tile(look, ETCO2, numeric(metrics.ETCO2, 38, validity=Validity.QUESTIONABLE), low=25, high=50)


def _nibp(look: Look, at: Instant) -> NibpTile:
    tile = NibpTile()
    _dress(tile, look, limit(metrics.NIBP_SYS, 90, 156))
    tile.set_utc_offset(SETUP.utc_offset_min)
    for metric, value in ((metrics.NIBP_SYS, 168), (metrics.NIBP_DIA, 92), (metrics.NIBP_MEAN, 117)):
        tile.show_numeric(numeric(metric, value, at=at, measured_at=at.plus(-62), interval_s=5))
    tile.set_next(NOW.plus(38))
    tile.advance(NOW)
    return tile


def nibp_alarm(look: Look) -> NibpTile:
    tile = _nibp(look, NOW)
    tile.set_alarm(SBP_HIGH)
    tile.advance(NOW)
    return tile


def nibp_stale(look: Look) -> NibpTile:
    return _nibp(look, NOW.plus(-312))


def skin(look: Look) -> SkinTile:
    tile = SkinTile()
    _dress(tile, look, limit(metrics.SKIN_TEMPERATURE, 28, 38))
    tile.set_channels(("T1", "R hand"), ("T2", "L hand"))
    for channel, value in (("T1", 31.9), ("T2", 33.4)):
        tile.show_numeric(numeric(metrics.SKIN_TEMPERATURE, value, channel=channel))
    tile.advance(NOW)
    return tile


KEYS = (
    SoftKey(name="sound", shortcut="F1", title="Pause sound", sub="2:00"),
    SoftKey(name="acknowledge", shortcut="F2", title="Acknowledge"),
    SoftKey(name="round", shortcut="F3", title="Round", sub="due", state=KeyState.PROMPT),
    SoftKey(name="event", shortcut="F4", title="Event"),
    SoftKey(name="medication", shortcut="F5", title="Medication"),
    SoftKey(name="step", shortcut="F6", title="Step / hold", state=KeyState.DISABLED),
    SoftKey(name="limits", shortcut="F7", title="Limits", state=KeyState.CHOSEN),
    SoftKey(name="history", shortcut="F8", title="History"),
    SoftKey(name="case", shortcut="F9", title="Case"),
)


def soft_keys(look: Look) -> SoftKeyRow:
    row = SoftKeyRow()
    row.set_look(look)
    row.set_keys(KEYS)
    row.advance(NOW)
    return row


def curtain(look: Look) -> FaultCurtain:
    notice = FaultCurtain()
    notice.set_look(look)
    notice.show_fault(core_silent(NOW.plus(-4)))
    notice.advance(NOW)
    return notice


def waveforms(look: Look) -> WaveformPanel:
    """Sixteen seconds of three shapes with the form of the real ones, two stretches missing."""
    panel = WaveformPanel()
    panel.set_look(look)
    panel.set_lanes((LANES[metrics.ECG_II], LANES[metrics.PLETH], LANES[metrics.CO2]))
    panel.set_note(metrics.PLETH, "PI 3.6 %")
    for quarter in range(-120, 1):
        at = NOW.plus(quarter / 4 - 0.25)
        for block in blocks(at, lost=-16 <= quarter < -9):
            panel.append(block)
        panel.advance(NOW.plus(quarter / 4))
    return panel


def blocks(at: Instant, *, lost: bool = False) -> list[WaveformBlock]:
    """A quarter of a second of ECG, pleth and capnogram; the first two are missing where ``lost``."""
    t = at.monotonic_ns / 1e9
    shapes = ((metrics.ECG_II, 500.0, 0.001, ecg), (metrics.PLETH, 100.0, 0.0001, pleth), (metrics.CO2, 20.0, 0.01, capnogram))
    return [
        WaveformBlock(at=at, metric=metric, rate_hz=rate, unit_per_step=step, steps=_steps(shape, t, rate, step))
        for metric, rate, step, shape in shapes
        if not (lost and metric is not metrics.CO2)
    ]


def _steps(shape: Shape, t: float, rate_hz: float, step: float) -> NDArray[np.int16]:
    moments = t + np.arange(round(rate_hz / 4)) / rate_hz
    steps: NDArray[np.int16] = np.round(shape(moments) / step).astype(np.int16)
    return read_only_steps(steps)


def ecg(t: NDArray[np.float64]) -> NDArray[np.float64]:
    """Five bumps a beat, mV."""
    phase = (t * 92 / 60) % 1.0
    bumps = ((0.18, 0.12, 0.022), (0.265, -0.10, 0.008), (0.29, 1.15, 0.009), (0.315, -0.22, 0.009), (0.52, 0.28, 0.045))
    return np.asarray(sum(height * np.exp(-((phase - centre) ** 2) / (2 * width**2)) for centre, height, width in bumps))


def pleth(t: NDArray[np.float64]) -> NDArray[np.float64]:
    """A steep rise, a slow fall with a notch; no unit."""
    phase = (t * 92 / 60 - 0.45) % 1.0
    return np.asarray(np.exp(-((phase - 0.22) ** 2) / 0.018) + 0.42 * np.exp(-((phase - 0.55) ** 2) / 0.03))


def capnogram(t: NDArray[np.float64]) -> NDArray[np.float64]:
    """A plateau each breath, mmHg."""
    phase = (t * 14 / 60) % 1.0
    rise, fall = 1 / (1 + np.exp(-(phase - 0.3) * 60)), 1 / (1 + np.exp((phase - 0.78) * 90))
    return np.asarray(rise * fall * (35 + 4 * np.sin((phase - 0.3) * pi)))
