"""What answers on a port: each driver listens in turn, with its own settings and its own allowed messages. Prints nothing."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from app.cli.live import run_link
from app.core.links import Link
from clinical.messages import FromDevice, Message
from clinical.observations import LinkState, LinkStatus
from devices.driver import Driver
from devices.transports.addresses import line_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a port gave: the driver that understood it and what the device says it is, or why it could not be tried."""

    driver: str = ""
    identity: str = ""
    problem: str = ""


@dataclass(slots=True)
class _Ear:
    live: bool = False
    problem: str = ""

    def post(self, message: Message) -> None:
        if isinstance(message, FromDevice) and isinstance(message.observation, LinkStatus):
            status = message.observation
            self.live = self.live or status.state is LinkState.LIVE
            if status.state is LinkState.LOST:
                self.problem = status.detail


def probe(names: Sequence[str], drivers: Sequence[Driver], budget_s: float) -> dict[str, Answer]:
    """The answer of each port, all asked at once, within ``budget_s`` and a little."""
    if not (names and drivers):
        return {}
    with ThreadPoolExecutor(max_workers=len(names)) as pool:
        return dict(zip(names, pool.map(lambda name: _probe_one(name, drivers, budget_s), names), strict=True))


def _probe_one(name: str, drivers: Sequence[Driver], budget_s: float) -> Answer:
    """Each driver has a share as long as its device may be silent, so that a slow talker is not missed for a fast one."""
    whole = sum(driver.silent_after_s for driver in drivers)
    for driver in drivers:
        answer = _try(name, driver, budget_s * driver.silent_after_s / whole)
        if answer != Answer():
            return answer
    return Answer()


def _try(name: str, driver: Driver, seconds: float) -> Answer:
    ear = _Ear()
    link = Link(device=name, driver=driver, address=name, line_at=partial(line_at, settings=driver.serial), post=ear.post)
    run_link(link, seconds, lambda: ear.live or bool(ear.problem))
    if ear.live:
        return Answer(driver=driver.name, identity=link.identity)
    return Answer(problem=ear.problem)
