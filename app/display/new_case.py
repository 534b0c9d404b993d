"""The new-case page at work: devices are chosen and read, orders follow the weight, and Start watching makes a case of it all."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.clock import utc_offset_min
from app.display.carry_lines import carried_words
from app.display.carrying import Carrying
from app.display.case_devices import CaseDevices, ListPorts
from app.display.compose import Display
from app.display.draft_limits import DraftLimits
from app.display.draft_setup import cannot_be, case_setup, doubt_of, doubts_in, entries_words, missing_in, sentence, sound_check_words
from app.display.operator import OPERATOR
from app.display.room_forecast import RoomForecast
from app.finding import BUDGET_S
from app.remembered import Remembered
from app.settings import Settings
from app.site_data import SiteData, SiteDataError
from clinical.commands import CaseSetup, EventKind, RecordEvent, StartCase
from clinical.orders import Order
from devices.transports.ports import ports
from widgets.case_draft import CaseDraft
from widgets.new_case_page import NewCasePage

ANY_KG = 70.0
SEARCHING = "Devices are being looked for: press Stop or wait a few seconds, then press Start watching again."


class NewCase(QObject):
    """Signals:
    kept: the page is to be left as it is; it stays filled in.
    """

    kept = Signal()

    def __init__(
        self,
        display: Display,
        settings: Settings,
        site: SiteData,
        remembered: Remembered,
        parent: QObject | None = None,
        *,
        list_ports: ListPorts = ports,
        search_s: float = BUDGET_S,
    ) -> None:
        """``list_ports``: the ports of this computer, as they are now. ``search_s``: how long devices are looked for."""
        super().__init__(parent)
        self._display = display
        self._settings = settings
        self._site = site
        self._weight_kg: float | None = None
        self._doubts: tuple[str, ...] = ()
        self._is_open = False
        self.page = NewCasePage(cannot_be)
        self.limits = DraftLimits(self)
        self.devices = CaseDevices(display, self.page, list_ports, self, search_s=search_s)
        self.carrying = Carrying(self.page, self.limits, self._order_names, self)
        display.window.keep(self.page, self.limits.page, self.carrying.page)
        self.room = RoomForecast(display, self.page, self)
        self._connect_page()
        self._connect_display()
        self.page.doses.ask_for_names(needed=settings.concentration_needs_two)
        self._fill(remembered)

    def open(self) -> None:
        """Shows the page and reads the devices chosen on it."""
        self._is_open = True
        self._display.window.cover(self.page)
        self.page.patient.label.setFocus()
        self.devices.open()
        self.room.open()

    def leave(self) -> None:
        """The program ends."""
        self.devices.leave()

    def _connect_page(self) -> None:
        self.page.doses.changed.connect(self._follow_doses)
        self.page.sounds.changed.connect(self._hear_sound)
        self.page.sound_test_requested.connect(self._display.sound.play_once)
        self.page.limits_requested.connect(lambda: self._display.window.cover(self.limits.page))
        self.page.start_requested.connect(self._start)
        self.page.kept.connect(self._keep)
        self.page.patient.label.editingFinished.connect(self._look_for_course)
        self.page.patient.course.clicked.connect(lambda: self._display.window.cover(self.carrying.page))
        self.carrying.page.back_requested.connect(lambda: self._display.window.cover(self.page))
        self.carrying.failed.connect(self._display.tell)
        self.limits.changed.connect(self.page.set_limits)
        self.limits.left.connect(lambda: self._display.window.cover(self.page))

    def _connect_display(self) -> None:
        feed = self._display.feed
        feed.case_changed.connect(self._follow_case)
        feed.numeric_shown.connect(self.limits.page.show_numeric)
        self._display.frames.second_begun.connect(lambda: self.limits.page.advance(self._display.time.now()))
        self._display.sound.ability_changed.connect(lambda can, why: self.page.sounds.set_no_audio("" if can else f"No sound: {why}."))

    def _fill(self, remembered: Remembered) -> None:
        self.devices.fill(remembered)
        self.page.set_orders(())
        self._display.sound.tell_again()
        try:
            preset = self._site.preset_for_case(self._settings.preset)
        except SiteDataError as error:
            self._display.tell(str(error))
            return
        self.limits.begin(preset)
        if preset.refused:
            self._display.tell(preset.refused)

    # doses and orders

    def _follow_doses(self) -> None:
        doses = self.page.doses
        for field, entry in (("weight_kg", doses.weight), ("concentration_mg_per_ml", doses.concentration), ("syringe_ml", doses.syringe)):
            if doubt := doubt_of(field, entry.value):
                entry.ask(f"{doubt} Look again.")
        if doses.weight.value != self._weight_kg:
            self._weight_kg = doses.weight.value
            self.page.set_orders(self._orders(self._weight_kg))
            self.carrying.choose_order()

    def _order_names(self) -> tuple[str, ...]:
        """As they call themselves; steps are of no matter here, so the weight is any."""
        return tuple(order.name for order in self._orders(ANY_KG))

    def _look_for_course(self) -> None:
        self.carrying.look_for(self._display.keeper.plan.database, self._display.time.now().utc_ns)

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
        if self.devices.searching:
            self._display.tell(SEARCHING)
            return
        if missing := missing_in(draft):
            self._show_missing(missing)
            return
        if (doubts := (*doubts_in(draft), *filter(None, (self.carrying.doubt,)))) != self._doubts:
            self._doubts = doubts
            if doubts:
                self._display.tell(f"{' '.join(map(sentence, doubts))} If this is meant, press Start watching again.")
                return
        preset = self.limits.preset
        if preset is None:
            self._display.tell("There is no usable preset of limits: see the site's settings.")
            return
        setup = case_setup(draft, preset, self._settings, utc_offset_min())
        self._begin(self.carrying.amended(setup))

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
        session = self._display.session
        start = StartCase(setup=setup, by=session.by())
        if why := session.refusal(start):
            self._display.signing_in.open(lambda: self._display.window.cover(self.page), why)
            return
        started = self._display.keeper.expects_core and self._display.bridge.send(start)
        if not started:
            self._display.run(self.devices.plan(setup))

    def _follow_case(self, setup: CaseSetup | None) -> None:
        """The case has begun: limits that were drafted are set in it, with their reasons."""
        if setup is not None and self._is_open:
            self._close()
            self._display.window.notice.clear()
            for command in self.limits.commands():
                self._display.send(command)
            for choice in self.carrying.commands():
                self._display.send(choice)
            for words in filter(None, (sound_check_words(self.page.sounds.heard), carried_words(setup.carried), entries_words(setup))):
                self._display.send(RecordEvent(kind=EventKind.NOTE, event_at=self._display.time.now(), text=words, by=OPERATOR))

    def _keep(self) -> None:
        self._close()
        self.kept.emit()

    def _close(self) -> None:
        self._is_open = False
        self.room.close()
        self.devices.close()
