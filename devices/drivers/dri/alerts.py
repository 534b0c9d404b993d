"""The monitor's own alarms: status bits of the displayed values, and the alarm records of CARESCAPE monitors.

Keeps no state. The text of an alarm record is in the monitor's language: it is passed on as it
stands and never read for meaning. Priorities of the status bits are proposed defaults, to be confirmed by your clinicians;
the record specification gives none.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace

from clinical.observations import Priority
from devices.alert_book import Key, Standing
from devices.drivers.dri.groups import ACTIVE, BASIC, EXISTS, EXT1, EXT2, Flag, bits
from devices.drivers.dri.mapping import APNEA, ARRHYTHMIA_ASYSTOLE, ARRHYTHMIA_AT, ASYSTOLE, CO2_AT, ECG_AT, ECG_CHANNELS, IMPEDANCE_APNEA


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """An alarm that stands while ``flag`` does, in a group whose status has all of ``needs``.

    Attributes:
        group_at: where the group's status is; the flag may be in another word of the group.
        label_shift: if set, the four bits of the label from there on must name a lead.
    """

    code: str
    text: str
    priority: Priority
    flag: Flag
    group_at: int
    technical: bool = False
    channel: str = ""
    needs: int = bits(EXISTS, ACTIVE)
    label_shift: int | None = None


def _arrhythmia(bit: int, code: str, text: str, priority: Priority) -> AlertRow:
    return AlertRow(code=code, text=text, priority=priority, flag=Flag(subclass=EXT1, at=ARRHYTHMIA_AT, bit=bit), group_at=0)


def _lead_off(number: int, bit: int, label_shift: int) -> AlertRow:
    return AlertRow(
        code="lead-off",
        text=f"ECG channel {number}: lead off",
        priority=Priority.LOW,
        technical=True,
        channel=f"ECG{number}",
        flag=Flag(subclass=BASIC, at=ECG_AT, bit=bit),
        group_at=ECG_AT,
        needs=bits(EXISTS),
        label_shift=None if number == 1 else label_shift,
    )


def _co2(bit: int, code: str, text: str) -> AlertRow:
    flag = Flag(subclass=BASIC, at=CO2_AT, bit=bit)
    return AlertRow(code=code, text=text, priority=Priority.MEDIUM, technical=True, flag=flag, group_at=CO2_AT)


_KNOWN_ARRHYTHMIAS = (0, 1, 2, 3, 4, 5, 6, 27)
FLOW_AT, ENTROPY_AT = 178, 112


def _unknown_arrhythmia(bit: int) -> AlertRow:
    return _arrhythmia(bit, f"arrhythmia-{bit}", f"Arrhythmia, unknown code 0x{1 << bit:08X}", Priority.LOW)


def _technical(bit: int, code: str, text: str, *, at: int, subclass: int, needs: int) -> AlertRow:
    flag = Flag(subclass=subclass, at=at, bit=bit)
    return AlertRow(code=code, text=text, priority=Priority.LOW, technical=True, flag=flag, group_at=at, needs=needs)


def _flow(bit: int, code: str, text: str) -> AlertRow:
    return replace(_technical(bit, code, text, at=FLOW_AT, subclass=BASIC, needs=bits(EXISTS, ACTIVE)), priority=Priority.MEDIUM)


ALERTS: tuple[AlertRow, ...] = (
    AlertRow(code="asystole", text="Asystole", priority=Priority.HIGH, flag=ASYSTOLE, group_at=ECG_AT),
    AlertRow(code="asystole", text="Asystole", priority=Priority.HIGH, flag=ARRHYTHMIA_ASYSTOLE, group_at=0),
    _arrhythmia(1, "ventricular-fibrillation", "Ventricular fibrillation", Priority.HIGH),
    _arrhythmia(2, "rapid-ventricular-tachycardia", "Rapid ventricular tachycardia", Priority.HIGH),
    _arrhythmia(3, "ventricular-tachycardia", "Ventricular tachycardia", Priority.HIGH),
    _arrhythmia(4, "extreme-bradycardia", "Extreme bradycardia", Priority.HIGH),
    _arrhythmia(5, "extreme-tachycardia", "Extreme tachycardia", Priority.HIGH),
    _arrhythmia(6, "pvc-run", "Run of PVCs", Priority.MEDIUM),
    _arrhythmia(27, "bradycardia", "Bradycardia", Priority.MEDIUM),
    AlertRow(code="apnea", text="Apnoea (CO₂)", priority=Priority.HIGH, flag=APNEA, group_at=CO2_AT),
    AlertRow(  # told in the CO2 group even by a monitor without a CO2 module
        code="impedance-apnea", text="Apnoea (impedance)", priority=Priority.HIGH, flag=IMPEDANCE_APNEA, group_at=CO2_AT, needs=0
    ),
    _co2(5, "co2-occlusion", "CO₂ sampling line occluded"),
    _co2(6, "co2-air-leak", "CO₂ sampling: air leak"),
    _technical(8, "apnea-alarm-off", "Apnoea alarm of the monitor is switched off", at=CO2_AT, subclass=BASIC, needs=bits(EXISTS)),
    _flow(2, "flow-disconnection", "Spirometry: disconnection"),
    _flow(5, "flow-obstruction", "Spirometry: obstruction"),
    _flow(6, "flow-leak", "Spirometry: leak"),
    _technical(2, "entropy-cable-off", "Entropy: cable off", at=ENTROPY_AT, subclass=EXT2, needs=bits(EXISTS)),
    _technical(3, "entropy-no-sensor", "Entropy: no sensor", at=ENTROPY_AT, subclass=EXT2, needs=bits(EXISTS)),
    _technical(4, "entropy-sensor-off", "Entropy: sensor off", at=ENTROPY_AT, subclass=EXT2, needs=bits(EXISTS)),
    _technical(23, "entropy-replace-sensor", "Entropy: replace the sensor", at=ENTROPY_AT, subclass=EXT2, needs=bits(EXISTS)),
    _technical(24, "eeg-isoelectric", "Entropy: EEG isoelectric", at=ENTROPY_AT, subclass=EXT2, needs=bits(EXISTS, ACTIVE)),
    *(_unknown_arrhythmia(bit) for bit in range(32) if bit not in _KNOWN_ARRHYTHMIAS),
    *(_lead_off(number, bit, shift) for number, (bit, shift) in enumerate(ECG_CHANNELS, start=1)),
)

_STATUS_LABEL = struct.Struct("<IH")
_WORD = struct.Struct("<I")


def _stands(row: AlertRow, union: bytes) -> bool:
    status, label = _STATUS_LABEL.unpack_from(union, row.group_at)
    if status & row.needs != row.needs:
        return False
    if row.label_shift is not None and not label >> row.label_shift & 0xF:
        return False
    return flag_set(union, row.flag)


def flag_set(union: bytes, flag: Flag) -> bool:
    """Whether the bit stands in the union of the flag's class."""
    word: int = _WORD.unpack_from(union, flag.at)[0]
    return bool(word >> flag.bit & 1)


def standing_in(unions: Mapping[int, bytes]) -> dict[Key, Standing]:
    """What stands by the status bits; ``unions`` has the latest 270 bytes of each class."""
    return {
        (row.code, row.channel): Standing(row.text, row.priority, row.technical)
        for row in ALERTS
        if row.flag.subclass in unions and _stands(row, unions[row.flag.subclass])
    }


_ENTRY = struct.Struct("<80s9h")
_ENTRIES_AT, _ENTRIES = 10, 5
ALARM_STATUS_BYTES = _ENTRIES_AT + _ENTRIES * _ENTRY.size + 10
_BY_COLOUR = {1: Priority.LOW, 2: Priority.MEDIUM, 3: Priority.HIGH}
_NO_ALARM = 0
_SILENCED_AT = 8
SILENCED = {
    1: "apnoea alarm silenced",
    2: "asystole alarm silenced",
    3: "apnoea and asystole alarms silenced",
    4: "all alarms silenced",
    5: "alarms silenced for 2 min",
    6: "alarms silenced for 5 min",
    7: "alarms silenced for 20 s",
}
"""What the monitor says of its own sound; 0 is "not silenced"."""


def standing_by_record(body: bytes) -> dict[Key, Standing] | None:
    """What stands by an alarm status subrecord (510 bytes); None if it is too short. A colour nobody knows counts as yellow.

    That the monitor's alarms are silenced stands as an alarm of its own, so that nobody relies on a monitor that is mute.
    The encoding of the text is not stated; it is read as Latin-1, in which every byte is a character.
    """
    if len(body) < ALARM_STATUS_BYTES:
        return None
    standing: dict[Key, Standing] = {}
    for raw, _, colour, *_ in _ENTRY.iter_unpack(body[_ENTRIES_AT : _ENTRIES_AT + _ENTRIES * _ENTRY.size]):
        text = raw.split(b"\0")[0].decode("latin-1").strip()
        if text and colour != _NO_ALARM:
            standing.setdefault((f"monitor: {text}", ""), Standing(text, _BY_COLOUR.get(colour, Priority.MEDIUM)))
    if silenced := int.from_bytes(body[_SILENCED_AT : _SILENCED_AT + 2], "little"):
        what = SILENCED.get(silenced, f"alarms silenced, unknown code 0x{silenced:04X}")
        standing[("silenced", "")] = Standing(f"Monitor: {what}", Priority.LOW, technical=True)
    return standing
