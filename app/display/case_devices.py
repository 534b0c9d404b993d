"""The devices of a new case: chosen, looked for, and read for their previews by a core that has no case yet.

A port has one reader. So while devices are looked for, only those that answer are read on; every other line is let go first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer

from app.display.compose import Display
from app.display.device_choices import cannot_be_at, device_rows, port_choices, short_title
from app.display.device_search import DeviceSearch
from app.display.found_devices import place
from app.display.previews import Preview, Previews
from app.finding import BUDGET_S, Findings, known_devices
from app.plan import CorePlan, DevicePlan
from app.remembered import Remembered
from app.settings import data_folder
from clinical.commands import CaseSetup
from clinical.messages import DoseReport
from clinical.observations import LinkStatus, Numeric
from devices.registry import drivers
from devices.transports.addresses import is_serial
from devices.transports.ports import Port, adapter_of, ports
from widgets.new_case.device_page import DevicePage
from widgets.new_case_page import NewCasePage

ListPorts = Callable[[], Sequence[Port]]

SETTLE_MS = 300
"""A device is read when its choice has stood for this long, so that several choices in a row do not start a core for each."""
LOOK_FOR_PORTS_MS = 2000
STOPPED = "Stopped; nothing was changed."


class CaseDevices(QObject):
    """What is chosen on the page's card, and on the page of one device."""

    def __init__(
        self,
        display: Display,
        page: NewCasePage,
        list_ports: ListPorts = ports,
        parent: QObject | None = None,
        *,
        search_s: float = BUDGET_S,
    ) -> None:
        """``list_ports``: the ports of this computer, as they are now. ``search_s``: how long devices are looked for."""
        super().__init__(parent)
        self._display = display
        self._page = page
        self._card = page.devices
        self._list_ports = list_ports
        self._chosen: dict[str, DevicePlan] = {}
        self._kept: dict[str, DevicePlan] = {}
        self._answering: dict[str, str] = {}
        self._previews = Previews()
        self._is_open = False
        self._lets_go = False
        self.device_page = DevicePage(cannot_be_at)
        self.search = DeviceSearch(self, budget_s=search_s)
        self._settled = QTimer(self, interval=SETTLE_MS, singleShot=True)
        self._ports = QTimer(self, interval=LOOK_FOR_PORTS_MS)
        display.window.keep(self.device_page)
        self._connect_pages()
        self._connect_display()

    def _connect_pages(self) -> None:
        self._page.device_chosen.connect(self._choose)
        self._page.device_requested.connect(self._open_page)
        self._page.find_requested.connect(self.find)
        self._page.stop_requested.connect(self._stop)
        self.device_page.chosen.connect(lambda name, driver, port: self._card.line(name).choose(driver, port))
        self.device_page.back_requested.connect(lambda: self._display.window.cover(self._page))
        self.search.progressed.connect(self._show_progress)
        self.search.found.connect(self._take_findings)
        self.search.ended.connect(self._end_search)
        self._settled.timeout.connect(self.listen)
        self._ports.timeout.connect(self._look_for_ports)

    def _connect_display(self) -> None:
        feed = self._display.feed
        feed.link_changed.connect(self._show_link)
        feed.heard_from.connect(self._show_numeric)
        feed.dose_changed.connect(self._show_dose)
        self._display.keeper.let_go.connect(self._begin_search)
        self._display.frames.second_begun.connect(lambda: self.device_page.advance(self._display.time.now()))

    def fill(self, remembered: Remembered) -> None:
        """The rows there may be, with the devices of the last case."""
        rows, present = device_rows(drivers()), self._list_ports()
        self._page.set_devices(rows)
        for device in remembered.devices(present):
            if device.name in self._card.names:
                self._card.line(device.name).choose(device.driver, device.address)

    def open(self) -> None:
        """Reads the chosen devices and follows what is plugged in."""
        self._is_open = True
        self._look_for_ports()
        self._ports.start()
        self.listen()

    def close(self) -> None:
        """The page is left: nothing is looked for any more, and nothing shown."""
        self._is_open = self._lets_go = False
        self._ports.stop()
        self._settled.stop()
        self._stop()

    def leave(self) -> None:
        """The program ends."""
        self._lets_go = False
        self.search.leave()

    @property
    def searching(self) -> bool:
        """Devices are being looked for: their lines cannot be read yet."""
        return self._lets_go or self.search.active

    def plan(self, setup: CaseSetup | None) -> CorePlan:
        """For a core that reads the chosen devices."""
        return self._plan_of(self._chosen, setup)

    def _plan_of(self, devices: dict[str, DevicePlan], setup: CaseSetup | None) -> CorePlan:
        return CorePlan(database=self._display.keeper.plan.database, devices=tuple(devices.values()), setup=setup)

    # chosen and read

    def _choose(self, name: str, driver: str, port: str) -> None:
        self._chosen.pop(name, None)
        if port:
            self._chosen[name] = DevicePlan(name=name, driver=driver, address=port, adapter=adapter_of(port, self._list_ports()))
        self._settled.start()

    def _open_page(self, name: str) -> None:
        line = self._card.line(name)
        self.device_page.show_device(line.row, line.choice.driver, line.choice.port)
        self.device_page.show_preview(line.words)
        self._look_for_ports()
        self._display.window.cover(self.device_page)
        self.device_page.address.setFocus()

    def listen(self) -> None:
        """A core that reads the chosen devices; none where none is chosen. Not while they are looked for: afterwards."""
        self._settled.stop()
        if not self._is_open or self.searching:
            return
        self._read(self._chosen)
        for name in self._chosen:
            self._show(name, "listening …", ok=False)

    def _read(self, devices: dict[str, DevicePlan]) -> None:
        self._previews.forget()
        if devices:
            self._display.run(self._plan_of(devices, None))
        else:
            self._display.keeper.rest()

    def _look_for_ports(self) -> None:
        self.device_page.set_ports(port_choices(self._list_ports(), self._answering))

    # looked for

    def find(self) -> None:
        """Devices that answer are read on; all other lines are let go, and then tried with every driver."""
        if self.searching:
            return
        self._settled.stop()
        self._kept = {name: plan for name, plan in self._chosen.items() if self._card.line(name).answers}
        for name in self._chosen.keys() - self._kept.keys():
            self._show(name, "waits for the search …", ok=False)
        self._card.show_finding(0.0, self.search.budget_s)
        self._lets_go = True
        if self._kept and self._kept == self._chosen:
            self._begin_search()
        else:
            self._read(self._kept)

    def _begin_search(self) -> None:
        """All lines but those that are kept are closed now."""
        if not self._lets_go:
            return
        self._lets_go = False
        kept = {plan.address for plan in self._kept.values()}
        installed = [row.driver for row in drivers() if row.driver is not None]
        self.search.begin([port for port in self._places() if port.name not in kept], installed, lambda: known_devices(data_folder()))

    def _places(self) -> list[Port]:
        """The ports there are, and those that were typed though this computer does not list them. Network addresses are not tried."""
        present = list(self._list_ports())
        listed = {port.name for port in present}
        typed = dict.fromkeys(plan.address for plan in self._chosen.values() if is_serial(plan.address) and plan.address not in listed)
        return [*present, *(Port(name=address, description="") for address in typed)]

    def _stop(self) -> None:
        if self._lets_go:
            self._lets_go = False
            self._end_search("")
        self.search.stop()

    def _show_progress(self, share: float) -> None:
        self._card.show_finding(share, self.search.budget_s * (1 - share))

    def _take_findings(self, findings: Findings) -> None:
        """Fills in what was found; a row whose port turned out to be another device's is emptied."""
        self._answering = {port: short_title(seen.driver) for port, seen in findings.ports.items() if seen.driver is not None}
        placement = place(findings, self._card.names, {name: plan.address for name, plan in self._kept.items()})
        places = {placed.row: placed for placed in placement.places}
        taken = {placed.address for placed in placement.places}
        for name in self._card.names:
            line = self._card.line(name)
            if name in places:
                line.choose(places[name].driver, places[name].address, places[name].identity)
            elif name not in self._kept and line.choice.port in taken:
                line.choose(line.choice.driver, "")
        self._look_for_ports()
        self._card.show_found(placement.words)
        self.listen()

    def _end_search(self, why: str) -> None:
        self._card.show_found(why or STOPPED)
        self.listen()

    # shown

    def _show_link(self, device: str, status: LinkStatus) -> None:
        self._show_preview(device, self._previews.take_link(device, status))

    def _show_numeric(self, device: str, numeric: Numeric) -> None:
        self._show_preview(device, self._previews.take_numeric(device, numeric))

    def _show_dose(self, dose: DoseReport) -> None:
        if (told := self._previews.take_dose(dose)) is not None:
            self._show_preview(*told)

    def _show_preview(self, device: str, preview: Preview | None) -> None:
        read = self._kept if self.searching else self._chosen
        if preview is not None and self._is_open and self._display.keeper.expects_core and device in read:
            self._show(device, preview[0], ok=preview[1])

    def _show(self, device: str, text: str, *, ok: bool) -> None:
        self._page.show_preview(device, text, ok=ok)
        if device == self.device_page.device:
            self.device_page.show_preview(text)
