"""Checks the values of codes in a FHIR R4 bundle, which the libraries that check its form let pass. Knows no case.

After the R4 definitions of Observation, DeviceMetric, MedicationAdministration and Provenance and the vital-signs profile: status,
category, LOINC codes of the profile, UCUM units, a value or why there is none, and that every reference leads to a resource.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from storage.export.codes import BLOOD_PRESSURE_PANEL, LOINC, MDC, PROFILE_UNITS, UCUM, UNITS, VITAL_SIGNS

_STATUS: Mapping[str, frozenset[str | None]] = MappingProxyType(
    {
        "Observation": frozenset(
            {"registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error", "unknown"}
        ),
        "MedicationAdministration": frozenset(
            {"in-progress", "not-done", "on-hold", "completed", "entered-in-error", "stopped", "unknown"}
        ),
        "Device": frozenset({"active", "inactive", "entered-in-error", "unknown", None}),
    }
)
_CATEGORIES = frozenset({"vital-signs", "survey", "procedure"})
_PROFILE_CODES = frozenset({code for codes in VITAL_SIGNS.values() for code in codes} | {BLOOD_PRESSURE_PANEL})
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_LOINC = re.compile(r"\d{1,7}-\d")


def faults_of(bundle: Mapping[str, Any]) -> list[str]:
    """What is wrong, a line each; empty where all is right."""
    known = {entry["fullUrl"] for entry in bundle["entry"]}
    faults = [] if len(known) == len(bundle["entry"]) else ["two resources have one id"]
    for entry in bundle["entry"]:
        resource = entry["resource"]
        kind = resource["resourceType"]
        named = f"{kind} {resource['id']}"
        found = [*_statuses(kind, resource), *_own_checks(kind, resource), *_everywhere(resource, known)]
        faults += [f"{named}: {fault}" for fault in found]
    return faults


def _own_checks(kind: str, resource: Mapping[str, Any]) -> Iterator[str]:
    if kind in _CHECKS:
        yield from _CHECKS[kind](resource)


def _statuses(kind: str, resource: Mapping[str, Any]) -> Iterator[str]:
    if kind in _STATUS and resource.get("status") not in _STATUS[kind]:
        yield f"status {resource.get('status')!r} is not in R4"


def _observation(resource: Mapping[str, Any]) -> Iterator[str]:
    categories = {code["code"] for category in resource["category"] for code in category["coding"]}
    if not categories <= _CATEGORIES:
        yield f"category {sorted(categories)} is not in use here"
    loinc = {code["code"] for code in resource["code"]["coding"] if code["system"] == LOINC}
    if "vital-signs" in categories and not loinc & _PROFILE_CODES:
        yield "a vital sign without a LOINC code of the profile"
    values = [name for name in resource if name.startswith("value")]
    if len(values) > 1 or not (values or "component" in resource or "dataAbsentReason" in resource):
        yield "needs one value, or why there is none"
    if "vital-signs" in categories and "valueQuantity" in resource and resource["valueQuantity"]["code"] not in PROFILE_UNITS:
        yield f"unit {resource['valueQuantity']['code']} is not in the vital-signs profile"
    if BLOOD_PRESSURE_PANEL in loinc:
        yield from _panel(resource)


def _panel(resource: Mapping[str, Any]) -> Iterator[str]:
    codes = [code["code"] for part in resource["component"] for code in part["code"]["coding"] if code["system"] == LOINC]
    if any(name.startswith("value") for name in resource):
        yield "a blood pressure panel has no value of its own"
    if codes.count("8480-6") != 1 or codes.count("8462-4") != 1:
        yield "a blood pressure panel has one systolic and one diastolic component"
    if any(("valueQuantity" in part) == ("dataAbsentReason" in part) for part in resource["component"]):
        yield "a component has a value, or why there is none"


def _metric(resource: Mapping[str, Any]) -> Iterator[str]:
    if resource["category"] not in {"measurement", "setting", "calculation", "unspecified"}:
        yield f"category {resource['category']} is not in R4"
    if resource.get("operationalStatus") not in {None, "on", "off", "standby", "entered-in-error"}:
        yield f"operational status {resource['operationalStatus']} is not in R4"


def _administration(resource: Mapping[str, Any]) -> Iterator[str]:
    if ("effectivePeriod" in resource) == ("effectiveDateTime" in resource):
        yield "needs either a moment or a period"
    period = resource.get("effectivePeriod")
    if period and datetime.fromisoformat(period["end"]) < datetime.fromisoformat(period["start"]):
        yield "ends before it begins"


def _provenance(resource: Mapping[str, Any]) -> Iterator[str]:
    if not resource["target"] or not resource["agent"]:
        yield "needs a target and an agent"


_CHECKS: Mapping[str, Callable[[Mapping[str, Any]], Iterator[str]]] = MappingProxyType(
    {
        "Observation": _observation,
        "DeviceMetric": _metric,
        "MedicationAdministration": _administration,
        "Provenance": _provenance,
    }
)


def _everywhere(value: Any, known: set[str]) -> Iterator[str]:
    """References, units, codes and moments, however deep they lie."""
    if isinstance(value, list):
        for item in value:
            yield from _everywhere(item, known)
    if not isinstance(value, Mapping):
        return
    if "reference" in value and value["reference"] not in known:
        yield f"reference {value['reference']} leads nowhere"
    yield from _coded(value)
    for name, item in value.items():
        if (name in {"effectiveDateTime", "recorded"} or (name in {"start", "end"})) and not _MOMENT.fullmatch(str(item)):
            yield f"{name} {item} is no moment with an offset"
        yield from _everywhere(item, known)


def _coded(value: Mapping[str, Any]) -> Iterator[str]:
    system, code = value.get("system"), value.get("code")
    if system == UCUM and code not in UNITS:
        yield f"unit {code} is none of ours in UCUM"
    if system == LOINC and not _LOINC.fullmatch(str(code)):
        yield f"{json.dumps(code)} is no LOINC code"
    if system == MDC and not str(code).isdecimal():
        yield f"{json.dumps(code)} is no code of IEEE 11073-10101"
