"""The page on which one device is chosen: where it is, and what reads it. Opens no port; what answers is told to it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.boxes import Column, Panel, Row
from widgets.docked_page import DockedPage
from widgets.entry_field import TextLine
from widgets.new_case.device_row import AddressCheck, DeviceRow, DriverChoice, PortChoice, any_address
from widgets.scroll_column import ScrollColumn
from widgets.text_label import SEMIBOLD, TextLabel
from widgets.touch_key import TouchKey

FORMS = "/dev/ttyUSB0 or COM3; tcp:HOST:PORT; udp:HOST:PORT; tcp-listen:PORT for a device that connects to this computer; sdc:"


class DriverBlock(Panel):
    """A driver with its variants, one key each, and by what it is proven.

    Signals:
        driver_chosen: its name, as the command line names it.
    """

    driver_chosen = Signal(str)

    def __init__(self, driver: DriverChoice) -> None:
        super().__init__(fill="well")
        self.keys = {name: self._key(driver, name) for name in driver.names}
        keys = Row(gap=4)
        for name, key in self.keys.items():
            keys.addWidget(key, 1 if name == driver.name else 0)
        column = Column(gap=2, margins=(4, 4, 4, 6))
        column.addLayout(keys)
        if driver.standing:
            words = Row(margins=(14, 0, 10, 0))
            words.addWidget(TextLabel(driver.standing, size="unit", ink="ink_soft", wrap=True))
            column.addLayout(words)
        self.setLayout(column)

    def _key(self, driver: DriverChoice, name: str) -> TouchKey:
        if name == driver.name:
            note = "  ·  ".join(part for part in (driver.models, driver.proof) if part)
            key = TouchKey(driver.title, note=note, size="row", note_size="note", target=(280, 72), left=True)
        else:
            key = TouchKey(name.partition(":")[2], size="note", target=(84, 72))
            key.setAccessibleName(f"{driver.title} {name.partition(':')[2]}")
        key.setSizePolicy(QSizePolicy.Policy.Expanding if name == driver.name else QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        key.setCheckable(True)
        key.clicked.connect(lambda: self.driver_chosen.emit(name))
        return key

    def mark(self, chosen: str) -> None:
        """Fills the key of the driver that is chosen."""
        for name, key in self.keys.items():
            key.setChecked(name == chosen)


class DevicePage(DockedPage):
    """Signals:
    chosen: the device's name, driver and address ("": it is not used). The address is one that can be right.
    """

    chosen = Signal(str, str, str)

    def __init__(self, check: AddressCheck = any_address, parent: QWidget | None = None) -> None:
        super().__init__("Device", parent=parent)
        self._check = check
        self._row: DeviceRow | None = None
        self._driver, self._port = "", ""
        self._blocks: tuple[DriverBlock, ...] = ()
        self._ports: tuple[PortChoice, ...] = ()
        self.port_keys: dict[str, TouchKey] = {}
        self.address = TextLine(placeholder="port or address", height=72)
        self._sentence = TextLabel(FORMS, size="note", ink="ink_soft", wrap=True)
        self._places = ScrollColumn(TextLabel("No port was found: plug the adapter in.", ink="ink_soft", wrap=True))
        self._drivers = ScrollColumn(TextLabel("There is no driver for it.", ink="ink_soft"), gap=6)
        self.unused = TouchKey("Not used", target=(200, 72))
        self.unused.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._lay_out()
        self.address.editingFinished.connect(self._take_typed)
        self.address.textEdited.connect(lambda: self._say(""))
        self.unused.clicked.connect(lambda: self._choose_port(""))

    def _lay_out(self) -> None:
        where, what = Column(gap=8, margins=(10, 0, 0, 0)), Column(gap=8)
        where.addWidget(TextLabel("Where it is", weight=SEMIBOLD))
        where.addWidget(self.address)
        where.addWidget(self._sentence)
        where.addWidget(TextLabel("Ports of this computer", weight=SEMIBOLD))
        where.addWidget(self._places, 1)
        where.addWidget(self.unused)
        what.addWidget(TextLabel("What reads it: driver, variants, and how well it is proven", weight=SEMIBOLD))
        what.addWidget(self._drivers, 1)
        halves = Row(gap=20)
        halves.addLayout(where, 3)
        halves.addLayout(what, 5)
        self.body.addLayout(halves, 1)

    def show_device(self, row: DeviceRow, driver: str, port: str) -> None:
        """The device that is to be chosen, as it stands."""
        self._row, self._driver, self._port = row, driver, port
        self.title.set_text(row.title)
        self.address.setText(port)
        self._say("")
        self._blocks = tuple(DriverBlock(choice) for choice in row.drivers)
        for block in self._blocks:
            block.driver_chosen.connect(self._choose_driver)
        self._put(self._drivers, self._blocks)
        self._mark()

    @property
    def device(self) -> str:
        """The name of the device that is shown; empty before the first."""
        return "" if self._row is None else self._row.name

    def show_preview(self, text: str) -> None:
        """What the device shows now, or why it shows nothing."""
        self.subtitle.set_text(text)

    def set_ports(self, ports: Sequence[PortChoice]) -> None:
        """The ports there are now; the same ones cost nothing."""
        if tuple(ports) == self._ports:
            return
        self._ports = tuple(ports)
        self.port_keys = {port.address: self._port_key(port) for port in ports}
        self._put(self._places, tuple(self.port_keys.values()))
        self._mark()

    def driver_key(self, name: str) -> TouchKey:
        """Raises KeyError for a driver or variant that is not offered."""
        return {name: key for block in self._blocks for name, key in block.keys.items()}[name]

    @property
    def sentence(self) -> str:
        """What stands under the address."""
        return self._sentence.text()

    def _port_key(self, port: PortChoice) -> TouchKey:
        key = TouchKey(port.address, note=port.about, size="row", note_size="note", target=(280, 72), left=True)
        key.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        key.setCheckable(True)
        key.clicked.connect(lambda: self._choose_port(port.address))
        return key

    def _put(self, into: ScrollColumn, widgets: Sequence[Panel | TouchKey]) -> None:
        for widget in widgets:
            widget.set_look(self.look)
        into.show_widgets(widgets)
        for widget in widgets:
            self.watch_touches(widget)

    def _choose_port(self, address: str) -> None:
        self.address.setText(address)
        self._take(self._driver, address)

    def _choose_driver(self, name: str) -> None:
        self._take(name, self.address.text().strip())

    def _take_typed(self) -> None:
        address = self.address.text().strip()
        if address != self._port:
            self._take(self._driver, address)

    def _take(self, driver: str, address: str) -> None:
        """Hands on what can be right; what cannot stays as it was typed, with a sentence, and the device is not used."""
        complaint = self._check(driver, address) if address else ""
        self._say(complaint)
        self._driver, self._port = driver, "" if complaint else address
        self._mark()
        self.chosen.emit(self.device, self._driver, self._port)

    def _say(self, complaint: str) -> None:
        self._sentence.set_ink("caution" if complaint else "ink_soft")
        self._sentence.set_text(complaint or FORMS)

    def _mark(self) -> None:
        for block in self._blocks:
            block.mark(self._driver)
        for address, key in self.port_keys.items():
            key.setChecked(address == self._port)
