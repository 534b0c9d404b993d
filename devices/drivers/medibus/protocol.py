"""The host's side of a MEDIBUS line: joins messages, dialogue, numbers, alarms and waveforms. Knows no byte layout and no timing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from clinical.instant import Instant
from clinical.observations import Observation
from devices.alert_book import AlertBook
from devices.drivers.medibus import requests
from devices.drivers.medibus.alerts import Told, standing, told_in
from devices.drivers.medibus.dialogue import Dialogue
from devices.drivers.medibus.displayed import DisplayedValues
from devices.drivers.medibus.frames import Command, Flow, Item, Reader, Realtime, Response
from devices.drivers.medibus.mapping import date_in, identity_in
from devices.drivers.medibus.realtime import enable, streams_in
from devices.drivers.medibus.requests import ALARMS_1, ALARMS_2, DATA_1, ICC, IDENTITY, chosen
from devices.drivers.medibus.waves import Wave, WaveReader, wanted

_PAGE_OF = {ALARMS_1: 1, ALARMS_2: 2}


class MedibusProtocol:
    """Asks for data and alarms each second, and for the CO₂ waveform and the pleth where the device offers them.

    Attributes:
        device_time: what the device's clock showed, and when that was asked. It dates nothing: data are of now.
    """

    def __init__(self) -> None:
        self.device_time: tuple[Instant, datetime] | None = None
        self._reader = Reader()
        self._dialogue = Dialogue()
        self._displayed = DisplayedValues()
        self._book = AlertBook()
        self._alarms: dict[int, list[Told]] = {}
        self._chosen: list[Wave] = []
        self._waves: WaveReader | None = None
        self._bad_before = 0
        self._identity = ""

    @property
    def bad_frames(self) -> int:
        return self._reader.bad + self._displayed.malformed + self._bad_before + (self._waves.bad if self._waves else 0)

    @property
    def identity(self) -> str:
        return self._identity

    @property
    def due(self) -> Instant | None:
        return self._dialogue.due

    def outgoing(self, now: Instant) -> Sequence[bytes]:
        return self._dialogue.outgoing(now)

    def receive(self, data: bytes, now: Instant) -> Sequence[Observation]:
        told = [observation for item in self._reader.feed(data) for observation in self._take(item, now)]
        return [*told, *self._waves.blocks(now)] if self._waves else told

    def _take(self, item: Item, now: Instant) -> Sequence[Observation]:
        match item:
            case Realtime():
                if self._waves:
                    self._waves.feed(item.data)
            case Flow():
                self._dialogue.flow(item, now)
            case Command():
                self._dialogue.heard(now)
                self._dialogue.answer(item, now)
                if item.code == ICC:
                    self._use_waves([])
            case Response():
                self._dialogue.heard(now)
                self._dialogue.take(item, now)
                return self._read(item, now)
            case _:
                assert_never(item)
        return ()

    def _read(self, told: Response, now: Instant) -> Sequence[Observation]:
        if told.code == DATA_1:
            return self._displayed.numerics(told.data, now)
        if told.code in _PAGE_OF:
            return self._read_alarms(_PAGE_OF[told.code], told.data, now)
        self._read_answer(told, now)
        return ()

    def _read_alarms(self, page: int, data: bytes, now: Instant) -> Sequence[Observation]:
        self._alarms[page], malformed = told_in(page, data)
        self._bad_before += malformed
        alarms = [alarm for listed in self._alarms.values() for alarm in listed]
        self._displayed.alarmed(alarms)
        return self._book.update(standing(alarms), now)

    def _read_answer(self, told: Response, now: Instant) -> None:
        match told.code:
            case requests.ICC:
                self._use_waves([])
            case requests.IDENTIFY:
                self._read_identity(told.data)
            case requests.DATE_TIME:
                shown = date_in(told.data)
                self.device_time = None if shown is None else (now, shown)
            case requests.REALTIME_OFFER:
                self._choose(told.data)
            case requests.REALTIME_CHOICE:
                self._use_waves(self._chosen)
                self._dialogue.enable_realtime(now)

    def _read_identity(self, data: bytes) -> None:
        found = identity_in(data)
        if found is not None and data != IDENTITY:  # an echoing line is no device
            self._identity = str(found)
            self._displayed.expect(found.number)

    def _choose(self, data: bytes) -> None:
        offered, malformed = streams_in(data)
        self._bad_before += malformed
        self._chosen = wanted(offered)
        codes = tuple(row.code for row, _ in self._chosen)
        self._dialogue.choose_realtime(chosen(codes) if codes else b"", enable(len(codes)) if codes else b"")

    def _use_waves(self, waves: list[Wave]) -> None:
        """Reads these streams from now on; none: the device has been told of none yet."""
        self._bad_before += self._waves.bad if self._waves else 0
        self._waves = WaveReader(waves, self._displayed) if waves else None
