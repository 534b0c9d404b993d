"""The devices: which driver on which port, and what answers there now. Opens no port: it asks, and is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal

from widgets.boxes import Column, Panel, Row
from widgets.case_draft import DeviceChoice
from widgets.entry_field import TextLine
from widgets.figures import UNKNOWN
from widgets.new_case.card import Card
from widgets.shapes import TickSign
from widgets.text_label import RIGHT, SEMIBOLD, TextLabel
from widgets.touch_key import TouchKey


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A device that may be read: its name in the case ("monitor", "pump"), the drivers it may have, as (name, title).

    ``proofs``: how well each of these drivers is proven, in a word, in their order; empty: not told.
    """

    name: str
    title: str
    drivers: tuple[tuple[str, str], ...]
    proofs: tuple[str, ...] = ()


class _DeviceLine(Panel):
    """Signals:
    chosen: another driver or port.
    """

    chosen = Signal()

    def __init__(self, row: DeviceRow, ports: Sequence[str]) -> None:
        super().__init__(fill="")
        self._row, self._ports, self._driver = row, tuple(ports), 0
        self.answers = False
        self._tick = TickSign()
        self._preview = TextLabel(UNKNOWN, size=22, weight=SEMIBOLD, align=RIGHT)
        self._what = TextLabel(self._with_proof("choose a port"), size="note", ink="ink_soft", wrap=True)
        self.driver = TouchKey(row.drivers[0][1], size="note", target=(170, 56), left=True)
        self.port = TextLine(placeholder="port", size="row", height=56)
        self.next_port = TouchKey("next port", size="note", target=(92, 56))
        self._arrange()

    def _arrange(self) -> None:
        words = Column(gap=0)
        words.addWidget(TextLabel(self._row.title, weight=SEMIBOLD))
        words.addWidget(self._what)
        top = Row(gap=10)
        top.addLayout(words, 1)
        top.addWidget(self._preview)
        top.addWidget(self._tick)
        choice = Row(gap=4)
        choice.addWidget(self.driver, 3)
        choice.addWidget(self.port, 3)
        choice.addWidget(self.next_port, 1)
        column = Column(gap=4)
        column.addLayout(top)
        column.addLayout(choice)
        self.setLayout(column)
        self.driver.clicked.connect(self._next_driver)
        self.next_port.clicked.connect(self._next_port)
        self.next_port.setEnabled(bool(self._ports))
        self.port.editingFinished.connect(self._tell)
        self._told = self.choice

    @property
    def choice(self) -> DeviceChoice:
        name = self._row.drivers[self._driver][0]
        return DeviceChoice(name=self._row.name, driver=name, port=self.port.text().strip(), answers=self.answers)

    def show_preview(self, text: str, *, ok: bool) -> None:
        self.answers = ok
        self._preview.set_text(text if ok else UNKNOWN)
        self._what.set_text(self._with_proof(f"answers as {self._row.drivers[self._driver][1]}" if ok else text))
        self._tick.set_done(done=ok)

    def _with_proof(self, text: str) -> str:
        """Behind whatever is said of the device stands how well its driver is proven."""
        return f"{text} (driver: {self._row.proofs[self._driver]})" if self._row.proofs else text

    def set_ports(self, ports: Sequence[str]) -> None:
        self._ports = tuple(ports)
        self.next_port.setEnabled(bool(self._ports))

    def choose(self, driver: str, port: str) -> None:
        """Fills in what was chosen before; a driver that is not there is left as it is."""
        names = [name for name, _ in self._row.drivers]
        self._driver = names.index(driver) if driver in names else self._driver
        self.driver.set_title(self._row.drivers[self._driver][1])
        self.port.setText(port)
        self._tell()

    def _next_driver(self) -> None:
        self._driver = (self._driver + 1) % len(self._row.drivers)
        self.driver.set_title(self._row.drivers[self._driver][1])
        self._tell()

    def _next_port(self) -> None:
        text = self.port.text().strip()
        after = self._ports.index(text) + 1 if text in self._ports else 0
        self.port.setText(self._ports[after % len(self._ports)])
        self._tell()

    def _tell(self) -> None:
        now = self.choice
        if (now.driver, now.port) != (self._told.driver, self._told.port):
            self._told = now
            self.show_preview("listening …" if now.port else "choose a port", ok=False)
            self.chosen.emit()


class DevicesCard(Card):
    """Done when there is a device and every one that has a port answers.

    Signals:
        device_chosen: name, driver, port: to be listened to for the preview (port "": no longer).
    """

    device_chosen = Signal(str, str, str)

    def __init__(self) -> None:
        super().__init__(4, "Devices", "Devices")
        self._lines: dict[str, _DeviceLine] = {}
        self._column = Column(gap=12)
        self.body.addLayout(self._column)
        self.body.addStretch(1)

    def set_devices(self, rows: Sequence[DeviceRow], ports: Sequence[str]) -> None:
        """The devices a case may have, and the ports found."""
        for line in self._lines.values():
            self._column.removeWidget(line)
            line.deleteLater()
        self._lines = {row.name: _DeviceLine(row, ports) for row in rows}
        for name, line in self._lines.items():
            line.set_look(self.look)
            line.chosen.connect(lambda name=name: self._chosen(name))
            self._column.addWidget(line)
        self.changed.emit()

    def set_ports(self, ports: Sequence[str]) -> None:
        """The ports there are now."""
        for line in self._lines.values():
            line.set_ports(ports)

    def line(self, name: str) -> _DeviceLine:
        """Raises KeyError for a device that was not set."""
        return self._lines[name]

    def show_preview(self, device: str, text: str, *, ok: bool) -> None:
        """What a device shows now ("84 /min"); or, not ``ok``, why it does not ("nothing answers"). Unknown devices are ignored."""
        if device in self._lines:
            self._lines[device].show_preview(text, ok=ok)
            self.changed.emit()

    @property
    def choices(self) -> tuple[DeviceChoice, ...]:
        """Those with a port."""
        return tuple(line.choice for line in self._lines.values() if line.choice.port)

    @property
    def done(self) -> bool:
        chosen = [line for line in self._lines.values() if line.choice.port]
        return bool(chosen) and all(line.answers for line in chosen)

    def _chosen(self, name: str) -> None:
        choice = self._lines[name].choice
        self.device_chosen.emit(choice.name, choice.driver, choice.port)
        self.changed.emit()
