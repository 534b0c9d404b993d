"""The new-case page at work: devices are read and shown, orders follow the weight, and Start watching makes a case of it all."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from app.clock import utc_offset_min
from app.display.compose import Display
from app.display.draft_limits import DraftLimits
from app.display.draft_setup import cannot_be, case_setup, doubt_of, doubts_in, missing_in, sentence, sound_check_words
from app.display.operator import OPERATOR
from app.display.previews import Preview, Previews
from app.plan import CorePlan, DevicePlan
from app.remembered import Remembered
from app.settings import Settings
from app.site_data import SiteData, SiteDataError
from clinical.commands import CaseSetup, EventKind, RecordEvent, StartCase
from clinical.messages import DoseReport
from clinical.observations import LinkStatus, Numeric
from clinical.orders import Order
from devices.driver import DeviceKind
from devices.registry import drivers
from devices.transports.ports import ports
from widgets.case_draft import CaseDraft
from widgets.new_case.devices_card import DeviceRow
from widgets.new_case_page import NewCasePage

SETTLE_MS = 300
"""A device is read when its choice has stood for this long, so that stepping through ports does not start a core for each."""
LOOK_FOR_PORTS_MS = 2000


class NewCase(QObject):
    """Signals:
    kept: the page is to be left as it is; it stays filled in.
    """

    kept = Signal()

    def __init__(self, display: Display, settings: Settings, site: SiteData, remembered: Remembered, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._display = display
        self._settings = settings
        self._site = site
        self._devices: dict[str, DevicePlan] = {}
        self._previews = Previews()
        self._weight_kg: float | None = None
        self._doubts: tuple[str, ...] = ()
        self._is_open = False
        self.page = NewCasePage(cannot_be)
        self.limits = DraftLimits(self)
        display.window.keep(self.page, self.limits.page)
        self._settled = QTimer(self, interval=SETTLE_MS, singleShot=True)
        self._ports = QTimer(self, interval=LOOK_FOR_PORTS_MS)
        self._connect_page()
        self._connect_display()
        self._fill(remembered)

    def open(self) -> None:
        """Shows the page and reads the devices chosen on it."""
        self._is_open = True
        self._display.window.cover(self.page)
        self.page.patient.label.setFocus()
        self._ports.start()
        self._listen()

    def _connect_page(self) -> None:
        self.page.device_chosen.connect(self._choose_device)
        self.page.doses.changed.connect(self._follow_doses)
        self.page.sounds.changed.connect(self._hear_sound)
        self.page.sound_test_requested.connect(self._display.sound.play_once)
        self.page.limits_requested.connect(lambda: self._display.window.cover(self.limits.page))
        self.page.start_requested.connect(self._start)
        self.page.kept.connect(self._keep)
        self.limits.changed.connect(self.page.set_limits)
        self.limits.left.connect(lambda: self._display.window.cover(self.page))
        self._settled.timeout.connect(self._listen)
        self._ports.timeout.connect(self._look_for_ports)

    def _connect_display(self) -> None:
        feed = self._display.feed
        feed.link_changed.connect(self._show_link)
        feed.heard_from.connect(self._show_numeric)
        feed.dose_changed.connect(self._show_dose)
        feed.case_changed.connect(self._follow_case)
        feed.numeric_shown.connect(self.limits.page.show_numeric)
        self._display.frames.second_begun.connect(lambda: self.limits.page.advance(self._display.time.now()))
        self._display.sound.ability_changed.connect(lambda can, why: self.page.sounds.set_no_audio("" if can else f"No sound: {why}."))

    def _fill(self, remembered: Remembered) -> None:
        rows = _device_rows()
        self.page.set_devices(rows, [port.name for port in ports()])
        self.page.set_orders(())
        self._display.sound.tell_again()
        for device in remembered.devices():
            if device.name in {row.name for row in rows}:
                self.page.devices.line(device.name).choose(device.driver, device.address)
        try:
            preset = self._site.preset_for_case(self._settings.preset)
        except SiteDataError as error:
            self._display.tell(str(error))
            return
        self.limits.begin(preset)
        if preset.refused:
            self._display.tell(preset.refused)

    # devices

    def _choose_device(self, name: str, driver: str, port: str) -> None:
        self._devices.pop(name, None)
        if port:
            self._devices[name] = DevicePlan(name=name, driver=driver, address=port)
        self._settled.start()

    def _listen(self) -> None:
        """A core that reads the chosen devices; none where none is chosen."""
        self._settled.stop()
        self._previews.forget()
        for name in self._devices:
            self.page.show_preview(name, "listening …", ok=False)
        if self._devices:
            self._display.run(self._plan(None))
        else:
            self._display.keeper.rest()

    def _plan(self, setup: CaseSetup | None) -> CorePlan:
        return CorePlan(database=self._display.keeper.plan.database, devices=tuple(self._devices.values()), setup=setup)

    def _look_for_ports(self) -> None:
        self.page.devices.set_ports([port.name for port in ports()])

    def _show_link(self, device: str, status: LinkStatus) -> None:
        self._show_preview(device, self._previews.take_link(device, status))

    def _show_numeric(self, device: str, numeric: Numeric) -> None:
        self._show_preview(device, self._previews.take_numeric(device, numeric))

    def _show_dose(self, dose: DoseReport) -> None:
        if (told := self._previews.take_dose(dose)) is not None:
            self._show_preview(*told)

    def _show_preview(self, device: str, preview: Preview | None) -> None:
        if preview is not None and self._is_open and self._display.keeper.expects_core and device in self._devices:
            self.page.show_preview(device, preview[0], ok=preview[1])

    # doses and orders

    def _follow_doses(self) -> None:
        doses = self.page.doses
        for field, entry in (("weight_kg", doses.weight), ("concentration_mg_per_ml", doses.concentration), ("syringe_ml", doses.syringe)):
            if doubt := doubt_of(field, entry.value):
                entry.ask(f"{doubt} Look again.")
        if doses.weight.value != self._weight_kg:
            self._weight_kg = doses.weight.value
            self.page.set_orders(self._orders(self._weight_kg))

    def _orders(self, weight_kg: float | None) -> list[Order]:
        """The site's orders for this weight; one that cannot be read is left out, and told."""
        orders = []
        for name in self._site.ladder_names() if weight_kg else ():
            try:
                loaded = self._site.load_order(name, weight_kg or 0.0)
            except SiteDataError as error:
                self._display.tell(str(error))
                continue
            orders.append(loaded.value)
            if loaded.error:
                self._display.tell(loaded.error)
        return orders

    def _hear_sound(self) -> None:
        if self.page.sounds.heard:
            self._display.window.bar.set_sound_heard(self._display.time.now())

    # the start

    def _start(self, draft: CaseDraft) -> None:
        if missing := missing_in(draft):
            self._show_missing(missing)
            return
        if (doubts := doubts_in(draft)) != self._doubts:
            self._doubts = doubts
            if doubts:
                self._display.tell(f"{' '.join(map(sentence, doubts))} If this is meant, press Start watching again.")
                return
        preset = self.limits.preset
        if preset is None:
            self._display.tell("There is no usable preset of limits: see the site's settings.")
            return
        self._begin(case_setup(draft, preset, self._settings.bed, utc_offset_min()))

    def _show_missing(self, missing: dict[str, str]) -> None:
        ask = {
            "weight_kg": self.page.doses.weight.ask,
            "concentration_mg_per_ml": self.page.doses.concentration.ask,
            "order": self.page.order.ask,
        }
        for field, needed in missing.items():
            ask[field](needed)
        self._display.tell(f"Not begun. {' '.join(missing.values())}")

    def _begin(self, setup: CaseSetup) -> None:
        """Hands the case to the core that reads the devices already; where none runs, one begins with it."""
        started = self._display.keeper.expects_core and self._display.bridge.send(StartCase(setup=setup, by=OPERATOR))
        if not started:
            self._display.run(self._plan(setup))

    def _follow_case(self, setup: CaseSetup | None) -> None:
        """The case has begun: limits that were drafted are set in it, with their reasons."""
        if setup is not None and self._is_open:
            self._close()
            self._display.window.notice.clear()
            for command in self.limits.commands():
                self._display.bridge.send(command)
            words = sound_check_words(self.page.sounds.heard)
            self._display.bridge.send(RecordEvent(kind=EventKind.NOTE, event_at=self._display.time.now(), text=words, by=OPERATOR))

    def _keep(self) -> None:
        self._close()
        self.kept.emit()

    def _close(self) -> None:
        self._is_open = False
        self._ports.stop()
        self._settled.stop()


def _device_rows() -> list[DeviceRow]:
    """A row for each kind of device that a case may have and there is a driver for."""
    found = [row.driver for row in drivers() if row.driver is not None]
    rows = []
    for kind in DeviceKind:
        choices = [choice for driver in found if driver.kind is kind for choice in _choices(driver.name, driver.title, driver.variants)]
        if choices:
            rows.append(DeviceRow(kind.value, kind.value.capitalize(), tuple(choices)))
    return rows


def _choices(name: str, title: str, variants: tuple[str, ...]) -> list[tuple[str, str]]:
    """As the command line names it, and as the key shows it: without what stands in brackets."""
    short = title.partition(" (")[0]
    return [(name, short), *((f"{name}:{variant}", f"{short} {variant}") for variant in variants)]
