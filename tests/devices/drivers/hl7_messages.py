"""Messages for HL7 tests, written here after the structure that devices send. No bytes of a device."""

from __future__ import annotations

from pathlib import Path

from clinical.observations import DeviceAlert, Numeric, PumpStatus
from devices.drivers.hl7.frames import framed
from devices.drivers.hl7.protocol import Hl7Protocol
from tests.devices.fake_bedside import START

SHARED = Path(__file__).parents[3].parent / "shared" / "vectors" / "hl7"
SENT = "20260301080000+0000"
SPO2_ROW = "NM|150456^MDC_PULS_OXIM_SAT_O2^MDC|1.1.1.150456|97|262688^MDC_DIM_PERCENT^MDC|||||R"
HR_ROW = "NM|147842^MDC_ECG_HEART_RATE^MDC|1.7.4.147842|72|264864^MDC_DIM_BEAT_PER_MIN^MDC|||||R"


def row(code="150456", value="97", unit="262688^MDC_DIM_PERCENT^MDC", *, place="", system="MDC", flag="", status="R", time="", method=""):
    """OBX-2 and on."""
    where = place or f"1.1.1.{code}"
    return f"NM|{code}^NAME^{system}|{where}|{value}|{unit}||{flag}|||{status}|||{time}|||{method}"


def cuff(value="120", code="150301", **more):
    return row(code, value, "266016^MDC_DIM_MMHG^MDC", **more)


def header(
    *,
    number="1",
    sent=SENT,
    kind="ORU^R01^ORU_R01",
    sender="MON^0011^EUI-64",
    mode="P",
    accept="AL",
    application="NE",
    charset="UNICODE UTF-8",
):
    return f"MSH|^~\\&|{sender}||||{sent}||{kind}|{number}|{mode}|2.6|||{accept}|{application}||{charset}"


def message(*rows, patient="", bed="", observed="", end="\r", **head):
    """A framed message of one group."""
    segments = [
        header(**head),
        f"PID|||{patient}",
        f"PV1||I|{bed}",
        f"OBR|1|1|1|182777000^monitoring of patient^SCT|||{observed}",
        *(f"OBX|{n}|{text}" for n, text in enumerate(rows, start=1)),
    ]
    return framed("".join(segment + end for segment in segments).encode())


PUMP_UNITS = {"ml": "263762^MDC_DIM_MILLI_L^MDC^mL^mL^UCUM", "ml/h": "265266^MDC_DIM_MILLI_L_PER_HR^MDC^mL/h^mL/h^UCUM"}


def pump_rows(
    *, serial="P7001", infusing="^pump-status-infusing", delivering="^pump-delivery-status-delivering", reason="", alarms=(), flow="6.5"
):
    """A syringe pump with the containment of a gateway: device, part, channels, and the rows without values between them."""
    return [
        f"|70053^MDC_DEV_PUMP_INFUS_SYRINGE_MDS^MDC|1.0.0.0|||||||X|||||||{serial}^^00^EUI-64",
        "|70054^MDC_DEV_PUMP_INFUS_SYRINGE_VMD^MDC|1.1.0.0|||||||X",
        *(f"CWE|68012^MDC_ATTR_AL_COND^MDC|1.1.0.5|{alarm}||||||R" for alarm in alarms),
        "ST|67880^MDC_ATTR_ID_MODEL^MDC|1.1.0.8|Test syringe pump||||||F",
        "ST|0^MDC_ATTR_PRIVATE^MDC|1.1.0.24|0^0||||||F",
        f"CWE|184519^MDC_PUMP_INFUSING_STATUS^MDC|1.1.1.1|{infusing}||||||R",
        f"NM|158014^MDC_FLOW_FLUID_PUMP_CURRENT^MDC|1.1.1.2|{flow}|{PUMP_UNITS['ml/h']}|||||R",
        "ST|184514^MDC_DRUG_NAME_LABEL^MDC|1.1.2.2|Ketamine||||||R",
        "NM|157784^MDC_FLOW_FLUID_PUMP^MDC|1.1.2.5|9|265266^MDC_DIM_MILLI_L_PER_HR^MDC|||||R",
        "NM|157760^MDC_CONC_DRUG^MDC|1.1.2.7|4|264306^MDC_DIM_MILLI_G_PER_ML^MDC^mg/mL^mg/mL^UCUM|||||R",
        f"NM|157884^MDC_VOL_FLUID_TBI^MDC|1.1.2.8|40|{PUMP_UNITS['ml']}|||||R",
        f"NM|157872^MDC_VOL_FLUID_TBI_REMAIN^MDC|1.1.2.9|27.5|{PUMP_UNITS['ml']}|||||R",
        f"NM|157993^MDC_VOL_FLUID_DELIV_TOTAL^MDC|1.1.2.11|12.5|{PUMP_UNITS['ml']}|||||R",
        "NM|157916^MDC_TIME_PD_REMAIN^MDC|1.1.2.17|15231|264320^MDC_DIM_X_SEC^MDC^s^s^UCUM|||||R",
        f"CWE|158005^MDC_DEV_PUMP_CURRENT_DELIVERY_STATUS^MDC|1.1.2.22|{delivering}||||||R",
        *([f"CWE|158006^MDC_PUMP_NOT_DELIVERING_REASON^MDC|1.1.2.23|{reason}||||||R"] if reason else []),
        f"NM|157984^MDC_VOL_SYRINGE_ACTUAL^MDC|1.1.6.2|28.1|{PUMP_UNITS['ml']}|||||R",
    ]


def alarm_rows(
    *,
    event="197218^MDC_EVT_SYRINGE_BARREL_CAPTURE_FAULT^MDC",
    phase="start",
    state="active",
    priority="PH",
    text="Holder",
    source="70053^X^MDC",
):
    facets = (
        ("196616^MDC_EVT_ALARM^MDC", event),
        ("68480^MDC_ATTR_ALERT_SOURCE^MDC", source),
        ("68481^MDC_ATTR_EVENT_PHASE^MDC", phase),
        ("68482^MDC_ATTR_ALARM_STATE^MDC", state),
        ("68484^MDC_ATTR_ALARM_PRIORITY^MDC", priority),
        ("68485^MDC_ATTR_ALERT_TYPE^MDC", "ST"),
        ("68546^MDC_ATTR_ALERT_TEXT^MDC", text),
    )
    device = "|70053^MDC_DEV_PUMP_INFUS_SYRINGE_MDS^MDC|1.0.0.0|||||||X|||||||P7001^^00^EUI-64"
    return [device, *(f"ST|{code}|1.1.0.0.{n}|{value}||||||F" for n, (code, value) in enumerate(facets, start=1))]


class Receiver:
    """A protocol and what it told, a message each second unless told otherwise."""

    def __init__(self, variant=""):
        self.protocol = Hl7Protocol(variant)
        self.now = START

    def take(self, data, after_s=1.0):
        self.now = self.now.plus(after_s)
        return list(self.protocol.receive(data, self.now))

    def numerics(self, data, after_s=1.0):
        return [o for o in self.take(data, after_s) if isinstance(o, Numeric)]

    def one(self, *rows, **more):
        (found,) = self.numerics(message(*rows, **more))
        return found

    def pumps(self, data, after_s=1.0):
        return [o for o in self.take(data, after_s) if isinstance(o, PumpStatus)]

    def alerts(self, data, after_s=1.0):
        return [o for o in self.take(data, after_s) if isinstance(o, DeviceAlert)]
