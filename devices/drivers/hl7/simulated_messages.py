"""What the simulated sender writes: PCD-01 of monitor and pump, PCD-04 of the pump's alarms, from the simulated bedside. No dialogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from clinical.instant import Instant
from clinical.metrics import (
    CO2_RESP_RATE,
    ETCO2,
    FICO2,
    HEART_RATE,
    PERFUSION_INDEX,
    PULSE_RATE,
    RESP_RATE,
    SPO2,
    TEMPERATURE,
    Metric,
)
from clinical.observations import PumpState
from devices.driver import CuffReading, PumpMechanics, SimulatedBedside
from devices.drivers.hl7.acknowledge import digits

MONITOR, PUMP = "BEDSIDE_MONITOR^0000000000000001^EUI-64", "BEDSIDE_PUMP^0000000000000002^EUI-64"
PROFILES = {
    "ORU^R01^ORU_R01": "IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO",
    "ORU^R40^ORU_R40": "IHE_PCD_ACM_001^IHE PCD^1.3.6.1.4.1.19376.1.6.4.4^ISO",
}
_PER_MIN, _RESP = "264864^MDC_DIM_BEAT_PER_MIN^MDC", "264928^MDC_DIM_RESP_PER_MIN^MDC"
_PERCENT, _MMHG, _CELSIUS = "262688^MDC_DIM_PERCENT^MDC", "266016^MDC_DIM_MMHG^MDC", "268192^MDC_DIM_DEGC^MDC"

VITALS: tuple[tuple[str, str, str, Metric], ...] = (
    ("147842^MDC_ECG_HEART_RATE^MDC", "1.7.4.147842", _PER_MIN, HEART_RATE),
    ("150456^MDC_PULS_OXIM_SAT_O2^MDC", "1.3.1.150456", _PERCENT, SPO2),
    ("149530^MDC_PULS_OXIM_PULS_RATE^MDC", "1.3.1.149530", _PER_MIN, PULSE_RATE),
    ("150488^MDC_BLD_PERF_INDEX^MDC", "1.3.1.150488", _PERCENT, PERFUSION_INDEX),
    ("151562^MDC_RESP_RATE^MDC", "1.4.1.151562", _RESP, RESP_RATE),
    ("151594^MDC_CO2_RESP_RATE^MDC", "1.5.1.151594", _RESP, CO2_RESP_RATE),
    ("151708^MDC_CONC_AWAY_CO2_ET^MDC", "1.5.1.151708", _MMHG, ETCO2),
    ("151716^MDC_CONC_AWAY_CO2_INSP^MDC", "1.5.1.151716", _MMHG, FICO2),
    ("150344^MDC_TEMP^MDC", "1.2.1.150344", _CELSIUS, TEMPERATURE),
)
CUFF: tuple[tuple[str, str, str], ...] = (
    ("150301^MDC_PRESS_CUFF_SYS^MDC", _MMHG, "sys"),
    ("150302^MDC_PRESS_CUFF_DIA^MDC", _MMHG, "dia"),
    ("150303^MDC_PRESS_CUFF_MEAN^MDC", _MMHG, "mean"),
    ("149546^MDC_PULS_RATE_NON_INV^MDC", _PER_MIN, "pulse"),
)
EVENTS: Mapping[str, tuple[str, str]] = {
    "near empty": ("197334^MDC_EVT_VOL_INFUS_NEAR_COMP^MDC", "PL"),
    "occlusion": ("0^MDCX_EVT_BEDSIDE_OCCLUSION^MDC", "PH"),
    "syringe empty": ("0^MDCX_EVT_BEDSIDE_SYRINGE_EMPTY^MDC", "PH"),
    "battery low": ("0^MDCX_EVT_BEDSIDE_BATTERY_LOW^MDC", "PM"),
    "paused too long": ("0^MDCX_EVT_BEDSIDE_PAUSED_TOO_LONG^MDC", "PL"),
}
"""Alarm of the simulated pump → event and priority. Those without a number at hand are a maker's own (code 0)."""
MOVING = frozenset({PumpState.INFUSING, PumpState.BOLUS, PumpState.KVO, PumpState.PURGING})

_ML, _ML_PER_H = "263762^MDC_DIM_MILLI_L^MDC^mL^mL^UCUM", "265266^MDC_DIM_MILLI_L_PER_HR^MDC^mL/h^mL/h^UCUM"
_MG_PER_ML, _SECONDS = "264306^MDC_DIM_MILLI_G_PER_ML^MDC^mg/mL^mg/mL^UCUM", "264320^MDC_DIM_X_SEC^MDC^s^s^UCUM"


def vitals_message(bedside: SimulatedBedside, number: str, at: Instant) -> bytes:
    """What the monitor measures at ``at``. A sensor that is off is a row without a value and status X."""
    rows = [_measured(code, place, unit, metric, bedside.value(metric)) for code, place, unit, metric in VITALS]
    rows += _cuff_rows(None if bedside.cuff_inflating else bedside.cuff, busy=bedside.cuff_inflating)
    return _message(MONITOR, "ORU^R01^ORU_R01", number, rows, at, service="182777000^monitoring of patient^SCT")


def pump_message(pump: PumpMechanics, number: str, at: Instant) -> bytes:
    """How the pump stands at ``at``, with the conditions on it."""
    rows = [_device_row(pump), *_condition_rows(pump), *_state_rows(pump), *_volume_rows(pump)]
    return _message(PUMP, "ORU^R01^ORU_R01", number, rows, at, service=f"{pump.drug}^{pump.drug}")


def alarm_message(pump: PumpMechanics, alarm: str, number: str, at: Instant, *, begins: bool) -> bytes:
    """PCD-04: an alarm of the pump appears or goes."""
    event, priority = EVENTS[alarm]
    phase, state, inactivation = ("start", "active", "enabled") if begins else ("end", "inactive", "alarm-off")
    facets = (
        ("CWE", "196616^MDC_EVT_ALARM^MDC", event),
        ("CWE", "68480^MDC_ATTR_ALERT_SOURCE^MDC", "70053^MDC_DEV_PUMP_INFUS_SYRINGE_MDS^MDC"),
        ("ST", "68481^MDC_ATTR_EVENT_PHASE^MDC", phase),
        ("ST", "68482^MDC_ATTR_ALARM_STATE^MDC", state),
        ("ST", "68483^MDC_ATTR_ALARM_INACTIVATION_STATE^MDC", inactivation),
        ("ST", "68484^MDC_ATTR_ALARM_PRIORITY^MDC", priority),
        ("ST", "68485^MDC_ATTR_ALERT_TYPE^MDC", "ST"),
        ("ST", "68546^MDC_ATTR_ALERT_TEXT^MDC", alarm),
    )
    told = [_obx(f"1.1.0.0.{n}", kind, code, value, status="F") for n, (kind, code, value) in enumerate(facets, start=1)]
    return _message(PUMP, "ORU^R40^ORU_R40", number, [_device_row(pump), *told], at, service="196616^MDC_EVT_ALARM^MDC")


def _measured(code: str, place: str, unit: str, metric: Metric, value: float | None) -> str:
    text = "" if value is None else f"{value:.{metric.decimals}f}"
    return _obx(place, "NM", code, text, unit, status="X" if value is None else "R")


def _cuff_rows(reading: CuffReading | None, *, busy: bool) -> list[str]:
    """The last reading with its own time; BUSY while the cuff inflates; nothing before the first."""
    if reading is None:
        return [_obx(f"1.1.9.{code[:6]}", "NM", code, unit=unit, flag="BUSY", status="X") for code, unit, _ in CUFF] if busy else []
    numbers = {"sys": reading.sys, "dia": reading.dia, "mean": reading.mean, "pulse": reading.pulse}
    return [
        _obx(f"1.1.9.{code[:6]}", "NM", code, f"{numbers[name]:.0f}", unit, time=_stamp(reading.at), method="^APERIODIC")
        for code, unit, name in CUFF
    ]


def _condition_rows(pump: PumpMechanics) -> list[str]:
    return [_obx("1.1.0.5", "CWE", "68012^MDC_ATTR_AL_COND^MDC", EVENTS[alarm][0]) for alarm in sorted(pump.alarms)]


def _state_rows(pump: PumpMechanics) -> list[str]:
    no = "" if pump.state in MOVING else "not-"
    rows = [
        _obx("1.1.0.8", "ST", "67880^MDC_ATTR_ID_MODEL^MDC", "Bedside simulated syringe pump", status="F"),
        _obx("1.1.1.1", "CWE", "184519^MDC_PUMP_INFUSING_STATUS^MDC", f"^pump-status-{no}infusing"),
        _obx("1.1.1.2", "NM", "158014^MDC_FLOW_FLUID_PUMP_CURRENT^MDC", f"{pump.rate_ml_per_h:.2f}", _ML_PER_H),
        _obx("1.1.2.22", "CWE", "158005^MDC_DEV_PUMP_CURRENT_DELIVERY_STATUS^MDC", f"^pump-delivery-status-{no}delivering"),
    ]
    if pump.state is PumpState.OFF:
        rows.append(_obx("1.1.2.23", "CWE", "158006^MDC_PUMP_NOT_DELIVERING_REASON^MDC", "^pump-stopped-powered-off"))
    return rows


def _volume_rows(pump: PumpMechanics) -> list[str]:
    rows = [
        _obx("1.1.2.2", "ST", "184514^MDC_DRUG_NAME_LABEL^MDC", pump.drug),
        _obx("1.1.2.7", "NM", "157760^MDC_CONC_DRUG^MDC", f"{pump.concentration_mg_per_ml:.4f}", _MG_PER_ML),
        _obx("1.1.2.8", "NM", "157884^MDC_VOL_FLUID_TBI^MDC", f"{pump.to_infuse_ml:.3f}", _ML),
        _obx("1.1.2.11", "NM", "157993^MDC_VOL_FLUID_DELIV_TOTAL^MDC", f"{pump.infused_ml:.3f}", _ML),
        _obx("1.1.6.1", "NM", "157880^MDC_VOL_SYRINGE^MDC", f"{pump.syringe_ml:.1f}", _ML),
        _obx("1.1.6.2", "NM", "157984^MDC_VOL_SYRINGE_ACTUAL^MDC", f"{pump.remaining_ml:.3f}", _ML),
    ]
    if pump.rate_ml_per_h > 0:
        left_s = pump.remaining_ml / pump.rate_ml_per_h * 3600
        rows.append(_obx("1.1.2.17", "NM", "157916^MDC_TIME_PD_REMAIN^MDC", f"{left_s:.0f}", _SECONDS))
    return rows


def _device_row(pump: PumpMechanics) -> str:
    return _obx("1.0.0.0", "", "70053^MDC_DEV_PUMP_INFUS_SYRINGE_MDS^MDC", status="X", device=f"{pump.serial}^^0000000000000002^EUI-64")


def _obx(
    place: str,
    kind: str,
    code: str,
    value: str = "",
    unit: str = "",
    *,
    flag: str = "",
    status: str = "R",
    time: str = "",
    method: str = "",
    device: str = "",
) -> str:
    """All of a row but its number: OBX-2 to OBX-18."""
    return f"{kind}|{code}|{place}|{value}|{unit}||{flag}|||{status}|||{time}|||{method}|{device}".rstrip("|")


def _message(sender: str, kind: str, number: str, rows: Sequence[str], at: Instant, *, service: str) -> bytes:
    stamp = _stamp(at)
    segments = (
        f"MSH|^~\\&|{sender}||||{stamp}||{kind}|{number}|P|2.6|||AL|NE||UNICODE UTF-8|||{PROFILES[kind]}",
        "PID|||SIMULATED^^^Bedside^PI||Patient^Simulated",
        "PV1||I|SIMULATED^^1",
        f"OBR|1|{number}|{number}|{service}|||{stamp}",
        *(f"OBX|{place}|{row}" for place, row in enumerate(rows, start=1)),
    )
    return "".join(f"{segment}\r" for segment in segments).encode()


def _stamp(at: Instant) -> str:
    return f"{digits(at)[:14]}+0000"
