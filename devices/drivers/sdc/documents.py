"""BICEPS documents (ISO/IEEE 11073-10207): XML → descriptors and states, as they stand. No code or unit has a meaning here.

Read strictly, because it comes from a network: UTF-8, no declarations, no entities, no comments; bounded in size by the frame
and in number here. Namespaces' editions differ, so elements are told by their local names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError, XMLParser

MOST_ITEMS = 10_000
MOST_SAMPLES = 20_000
DURATION = re.compile(r"(?a:PT(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,7}(?:\.\d{1,9})?)S)?)")
NUMBER = re.compile(r"(?a:[+-]?(?:\d{1,12}(?:\.\d{0,12})?|\.\d{1,12}))")
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_DESCRIPTORS = frozenset({"Metric", "AlertCondition"})


class DocumentError(Exception):
    """No document that can be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Descriptor:
    """What a metric or an alert condition is.

    Attributes:
        kind: "NumericMetricDescriptor" …
        code, unit: numbers of the nomenclature, or whatever stands in their place.
        attributes: of the element: MetricCategory, SamplePeriod, Priority …
        text: concept description, for people.
    """

    handle: str
    kind: str
    code: str
    unit: str
    attributes: Mapping[str, str]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How it stands. ``value`` and ``quality`` are the attributes of MetricValue and MetricQuality, None where there is none."""

    handle: str
    attributes: Mapping[str, str]
    value: Mapping[str, str] | None
    quality: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A description with all states, or a report of some.

    Attributes:
        is_description: it holds the whole of the device; what was known before is void.
        sequence, version: which life of the device, and which moment of it.
    """

    is_description: bool
    sequence: str
    version: int
    name: str
    descriptors: tuple[Descriptor, ...]
    states: tuple[State, ...]


def parse(document: bytes) -> Document:
    """Raises DocumentError for anything that is no such document."""
    root = _root(document)
    frame = next((part for part in root.iter() if _local(part.tag) == "Mdib"), root)
    version = frame.get("MdibVersion", "0")
    if not (version.isascii() and version.isdigit() and len(version) < 20):
        raise DocumentError("the version is no number")
    elements = list(root.iter())
    if len(elements) > 20 * MOST_ITEMS:
        raise DocumentError("more elements than a device can have")
    return Document(
        is_description=frame is not root,
        sequence=frame.get("SequenceId", ""),
        version=int(version),
        name=next((part.text or "" for part in elements if _local(part.tag) == "ModelName"), "").strip()[:64],
        descriptors=tuple(_descriptor(part) for part in elements if _local(part.tag) in _DESCRIPTORS and part.get("Handle"))[:MOST_ITEMS],
        states=tuple(_state(part) for part in elements if part.get("DescriptorHandle"))[:MOST_ITEMS],
    )


def seconds_of(duration: str) -> float | None:
    """An XML duration below a day; None for anything else, and for none at all."""
    match = DURATION.fullmatch(duration)
    if match is None or not any(match.groups()):
        return None
    hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds or None


def number_of(text: str) -> float | None:
    """A plain decimal number; None for anything else."""
    return float(text) if NUMBER.fullmatch(text) else None


def _root(document: bytes) -> Element:
    """The parsed tree. Whatever could declare an entity is refused before a parser sees it."""
    if b"<!" in document or b"<?" in document:
        raise DocumentError("declarations, comments and instructions are not read")
    try:
        document.decode("utf-8")
        parser = XMLParser(encoding="utf-8")  # noqa: S314 - without declarations there are no entities to expand
        parser.feed(document)
        root = parser.close()
    except (ParseError, UnicodeDecodeError, ValueError) as error:
        raise DocumentError(f"no XML: {error}") from error
    if not isinstance(root, Element):
        raise DocumentError("no XML: empty")
    return root


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _child(parent: Element, name: str) -> Element | None:
    return next((part for part in parent if _local(part.tag) == name), None)


def _code_of(parent: Element, name: str) -> str:
    part = _child(parent, name)
    return "" if part is None else part.get("Code", "")


def _descriptor(part: Element) -> Descriptor:
    concept = _child(part, "Type")
    text = None if concept is None else _child(concept, "ConceptDescription")
    return Descriptor(
        handle=part.get("Handle", ""),
        kind=part.get(_TYPE, "").rpartition(":")[2],
        code=_code_of(part, "Type"),
        unit=_code_of(part, "Unit"),
        attributes=dict(part.attrib),
        text=" ".join((text.text or "").split())[:120] if text is not None else "",
    )


def _state(part: Element) -> State:
    value = _child(part, "MetricValue")
    quality = None if value is None else _child(value, "MetricQuality")
    return State(
        handle=part.get("DescriptorHandle", ""),
        attributes=dict(part.attrib),
        value=None if value is None else dict(value.attrib),
        quality={} if quality is None else dict(quality.attrib),
    )
