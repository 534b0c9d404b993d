"""The devices: which driver on which port, and what answers there now. Opens no port: it asks, and is told. Chosen on a page of its own."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy

from widgets.boxes import Column, Panel, Row
from widgets.case_draft import DeviceChoice
from widgets.figures import UNKNOWN
from widgets.new_case.card import Card
from widgets.new_case.device_row import DeviceRow
from widgets.shapes import TickSign
from widgets.text_label import RIGHT, SEMIBOLD, TextLabel
from widgets.touch_key import TouchKey

HOW = "Tries every driver on every port, and hears what announces itself on the network: ten seconds."
NOT_USED = "not used: touch to choose"


class DeviceLine(Panel):
    """One device as it is chosen, and what it shows.

    Signals:
        chosen: another driver or port.
    """

    chosen = Signal()

    def __init__(self, row: DeviceRow) -> None:
        super().__init__(fill="")
        self.row = row
        self.answers = False
        self.words = ""
        self._driver, self._port, self._identity = row.drivers[0].name, "", ""
        self._tick = TickSign()
        self._preview = TextLabel(UNKNOWN, size=22, weight=SEMIBOLD, align=RIGHT)
        self.key = TouchKey(row.title, note=NOT_USED, size="row", note_size="note", target=(300, 72), left=True)
        line = Row(gap=10)
        line.addWidget(self.key, 5)
        line.addWidget(self._preview, 1)  # a share of its own: keys under one another are equally wide
        line.addWidget(self._tick)
        self.setLayout(line)

    @property
    def choice(self) -> DeviceChoice:
        return DeviceChoice(name=self.row.name, driver=self._driver, port=self._port, answers=self.answers)

    @property
    def shown(self) -> str:
        """The number that stands beside it."""
        return self._preview.text()

    def show_preview(self, text: str, *, ok: bool) -> None:
        self.answers = ok
        self.words = text
        self._preview.set_text(text if ok else UNKNOWN)
        self._tick.set_done(done=ok)
        self._show()

    def choose(self, driver: str, port: str, identity: str = "") -> None:
        """Another driver or port; a driver that is not there is left as it is. ``identity``: what the device said it is."""
        before = (self._driver, self._port)
        self._driver = driver if self.row.driver(driver) is not None else self._driver
        self._port, self._identity = port, identity
        if (self._driver, self._port) == before:
            self._show()
            return
        self.show_preview("listening …" if port else "", ok=False)
        self.chosen.emit()

    def _show(self) -> None:
        """Behind whatever is said of the device stands how well its driver is proven."""
        if not self._port:
            self.key.set_title(self.row.title)
            self.key.set_note(NOT_USED)
            return
        driver = self.row.driver(self._driver)
        self.key.set_title(f"{self.row.title}   {driver.title if driver is not None else self._driver}")
        proof = f"driver: {driver.proof}" if driver is not None and driver.proof else ""
        wrong = "" if self.answers else self.words.removeprefix(f"{self._port} ")
        known = (self._identity or "answers") if self.answers else ""
        parts = (self._port, self._driver.partition(":")[2], wrong, proof, known)
        self.key.set_note("  ·  ".join(part for part in parts if part))


class DevicesCard(Card):
    """Done when there is a device and every one that has a port answers.

    Signals:
        device_chosen: name, driver, port: to be listened to for the preview (port "": no longer).
        device_requested: name: the page on which it is chosen is to be opened.
        find_requested, stop_requested: all ports are to be tried; that is to end.
    """

    device_chosen = Signal(str, str, str)
    device_requested = Signal(str)
    find_requested = Signal()
    stop_requested = Signal()

    def __init__(self) -> None:
        super().__init__(4, "Devices", "Devices")
        self._lines: dict[str, DeviceLine] = {}
        self._finding = False
        self.find_key = TouchKey("Find devices", note_size="note", target=(200, 72), shortcut="F4")
        self.find_key.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._told = TextLabel(HOW, size="note", ink="ink_soft", wrap=True)
        self._column = Column(gap=4)
        top = Row(gap=14)
        top.addWidget(self.find_key)
        top.addWidget(self._told, 1)
        self.body.addLayout(top)
        self.body.addLayout(self._column, 1)
        self._said, self._disk, self._short = HOW, "", False
        self.find_key.clicked.connect(self._find_or_stop)

    def show_disk(self, text: str, *, short: bool = False) -> None:
        """Whether there is room for the record of what these devices send; empty where that is not known. ``short``: there is not."""
        self._disk, self._short = text, short
        self._show_told()

    def _show_told(self) -> None:
        """How devices are found matters until they are; what a search found matters more than room that there is."""
        if self._said == HOW:
            self._told.set_text(self._disk or HOW)
        else:
            self._told.set_text(f"{self._said} {self._disk}" if self._short else self._said)
        self._told.set_ink("ink" if self._short else "ink_soft")

    def set_devices(self, rows: Sequence[DeviceRow]) -> None:
        """The devices a case may have."""
        for line in self._lines.values():
            self._column.removeWidget(line)
            line.deleteLater()
        self._lines = {row.name: DeviceLine(row) for row in rows}
        for name, line in self._lines.items():
            line.set_look(self.look)
            line.chosen.connect(lambda name=name: self._chosen(name))
            line.key.clicked.connect(lambda _=False, name=name: self.device_requested.emit(name))
            self._column.addWidget(line)
        self.changed.emit()

    @property
    def names(self) -> tuple[str, ...]:
        """Of the devices a case may have."""
        return tuple(self._lines)

    def line(self, name: str) -> DeviceLine:
        """Raises KeyError for a device that was not set."""
        return self._lines[name]

    def show_preview(self, device: str, text: str, *, ok: bool) -> None:
        """What a device shows now ("84 /min"); or, not ``ok``, why it does not ("nothing answers"). Unknown devices are ignored."""
        if device in self._lines:
            self._lines[device].show_preview(text, ok=ok)
            self.changed.emit()

    def show_finding(self, share: float, left_s: float) -> None:
        """It is being looked: the part of the time that has passed, and the seconds that are left at most."""
        self._finding = True
        self.find_key.set_title("Stop")
        self.find_key.set_note(f"{share * 100:.0f} %")
        self._say(f"Every port is tried with every driver, {left_s:.0f} s at most …")

    def show_found(self, text: str = HOW) -> None:
        """It is no longer looked; ``text``: what came of it."""
        self._finding = False
        self.find_key.set_title("Find devices")
        self.find_key.set_note("")
        self._say(text)

    def _say(self, text: str) -> None:
        self._said = text
        self._show_told()

    @property
    def told(self) -> str:
        """What is said beside the key."""
        return self._told.text()

    @property
    def choices(self) -> tuple[DeviceChoice, ...]:
        """Those with a port."""
        return tuple(line.choice for line in self._lines.values() if line.choice.port)

    @property
    def done(self) -> bool:
        chosen = [line for line in self._lines.values() if line.choice.port]
        return bool(chosen) and all(line.answers for line in chosen)

    def _find_or_stop(self) -> None:
        (self.stop_requested if self._finding else self.find_requested).emit()

    def _chosen(self, name: str) -> None:
        choice = self._lines[name].choice
        self.device_chosen.emit(choice.name, choice.driver, choice.port)
        self.changed.emit()
