"""What a core does for a clinic of several beds: sends its record to the server, and its standing to the station. Nothing where none is."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from app.clock import CaseClock, utc_offset_min
from app.core.announcing import Announcing
from app.core.case_source import Part
from app.core.forwarding import Forwarding
from app.core.recording import Report
from app.plan import CorePlan
from app.settings import load_settings
from clinical.bed import BedView
from clinical.messages import Outcome
from storage.bed_states import BedAnnouncer
from storage.forwarding import Forwarder


class Beds:
    """Parts that start and stop together, and what is told each outcome."""

    def __init__(self, *parts: Part, follow: Callable[[Outcome], None] = lambda _outcome: None) -> None:
        self._parts = parts
        self.follow = follow

    def start(self) -> None:
        for part in self._parts:
            part.start()

    def stop(self) -> None:
        for part in reversed(self._parts):
            part.stop()


def beds_of(plan: CorePlan, clock: CaseClock, report: Report, *, bed: str = "") -> Beds:
    """For a plan; ``bed``: its name where it is not the site's own. Raises StoreError or SettingsError."""
    if not plan.server:
        return Beds()
    forwarding = Forwarding(Forwarder(plan.database, plan.server), report, clock.now, utc_offset_min())
    view = BedView(bed or load_settings().bed)
    announcing = Announcing(BedAnnouncer(plan.server, uuid.uuid4().hex), view, report, clock.now)
    return Beds(forwarding, announcing, follow=announcing.follow)
