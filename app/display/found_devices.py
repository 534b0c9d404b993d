"""What a search found, laid on the rows of a new case: which device goes where, and in words what could not be used. No widgets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.display.device_choices import short_title
from app.display.draft_setup import sentence
from app.finding import Findings
from devices.driver import Driver, Proof

MOST_WORDS = 2
"""So much that could not be used is told in words; the rest is counted."""
NOTHING = "Nothing answers. Is the device on, its cable in, its data output switched on?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A device in its row: the driver as the command line names it, where it is, and what it said it is."""

    row: str
    driver: str
    address: str
    identity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where each device goes, and what is to be told of the search."""

    places: tuple[Place, ...]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    driver: Driver
    name: str
    address: str
    identity: str


def place(findings: Findings, rows: Sequence[str], kept: Mapping[str, str]) -> Placement:
    """``rows``: the kinds that a case may have; ``kept``: by row, the address of a device that answers and is left as it is."""
    places: dict[str, Place] = {}
    others: list[str] = []
    for found in _candidates(findings):
        row = found.driver.kind.value
        if found.address in kept.values():
            continue
        if why := _why_not(found.driver, row, rows, taken=row in kept or row in places):
            others.append(f"{short_title(found.driver)} on {found.address}: {why}")
        else:
            places[row] = Place(row=row, driver=found.name, address=found.address, identity=found.identity)
    others += [f"{port}: {_brief(seen.answer.problem, port)}" for port, seen in findings.ports.items() if seen.answer.problem]
    return Placement(places=tuple(places.values()), words=_words(len(places), len(kept), (*others, *findings.troubles)))


def _candidates(findings: Findings) -> Iterator[_Candidate]:
    """Ports before the network: a cable says which device is meant."""
    for port, seen in findings.ports.items():
        if seen.driver is not None:
            yield _Candidate(driver=seen.driver, name=seen.driver.name, address=port, identity=seen.answer.identity)
    for heard in findings.network:
        yield _Candidate(driver=heard.driver, name=heard.name, address=heard.address, identity=heard.identity)


def _why_not(driver: Driver, row: str, rows: Sequence[str], *, taken: bool) -> str:
    if driver.proof is Proof.BENCH_ONLY:
        return str(driver.proof.value)
    if row not in rows:
        return f"a case has no {row}"
    return f"there is one {row} already" if taken else ""


def _brief(problem: str, port: str) -> str:
    """Without what to do about it, and without the name that stands before it anyway."""
    return problem.removeprefix(f"{port} ").partition(": ")[0]


def _words(placed: int, kept: int, others: Sequence[str]) -> str:
    left = "" if not kept else "1 left as it was" if kept == 1 else f"{kept} left as they were"
    found = f"{placed} found" if placed else "no other found" if kept else ""
    first = sentence(", ".join(part for part in (found, left) if part)) or NOTHING
    more = len(others) - MOST_WORDS
    return " ".join([first, *map(sentence, others[:MOST_WORDS]), *([f"And {more} more."] if more > 0 else [])])
