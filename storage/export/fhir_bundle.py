"""A case as one HL7 FHIR R4 bundle: patient, devices, their metrics, vital signs, scores, the drug given, and where it all is from.

Plain JSON; every code, unit and reference is checked before it leaves (``fhir_check.py``). Ids follow from the case's uuid.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID, uuid5

from clinical.assessments.chart import Series, is_struck
from clinical.commands import EventKind, RecordAssessment, RecordEvent
from clinical.instant import Instant
from clinical.metrics import NIBP_DIA, NIBP_SYS, Metric
from storage.charts import chart_of
from storage.errors import ExportError
from storage.export import minutes
from storage.export.case_folder import Format, Written
from storage.export.codes import BLOOD_PRESSURE_PANEL, LOINC, MDC, OURS, SCORES, UCUM, VITAL_SIGNS, loinc_of
from storage.export.fhir_check import faults_of
from storage.export.minutes import CUFF, CuffReading, Sample, cuff_readings, samples_of
from storage.export.sheet import Source, WrittenFile, digest_of
from storage.export.told import Told
from storage.rows import KeptDose

Resource: TypeAlias = dict[str, Any]
_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
_ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"


class _Bundle:
    """The resources in order, each under an id that follows from the case and its own name."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._namespace = (
            UUID(source.veil.uuid(source.history.setup.uuid))
            if _is_uuid(source.history.setup.uuid)
            else uuid5(UUID(int=0), source.veil.uuid(source.history.setup.uuid))
        )
        self.entries: list[Resource] = []
        self.patient = self.add("patient", _patient(source))
        self._devices: dict[str, Resource] = {}
        self._metrics: dict[tuple[str, str, str], Resource] = {}

    def add(self, name: str, resource: Resource) -> Resource:
        """Adds a resource; gives the reference to it."""
        key = str(uuid5(self._namespace, name))
        self.entries.append({"fullUrl": f"urn:uuid:{key}", "resource": {"resourceType": resource["resourceType"], "id": key, **resource}})
        return {"reference": f"urn:uuid:{key}"}

    def device(self, name: str) -> Resource:
        if name not in self._devices:
            simulated = [{"text": "simulated"}] if self.source.history.setup.simulated else []
            named = [{"name": name, "type": "user-friendly-name"}]
            told = {"resourceType": "Device", "status": "active", "deviceName": named, "patient": self.patient}
            self._devices[name] = self.add(f"device {name}", told | ({"note": simulated} if simulated else {}))
        return self._devices[name]

    def metric(self, metric: Metric, device: str, channel: str) -> Resource:
        key = (metric.id, device, channel)
        if key not in self._metrics:
            unit = {"coding": [{"system": UCUM, "code": metric.unit.ucum}]}
            told = {"resourceType": "DeviceMetric", "type": _concept(metric), "unit": unit, "source": self.device(device)}
            told |= {"operationalStatus": "on", "category": "measurement"}
            self._metrics[key] = self.add(" ".join(("metric", *key)), told)
        return self._metrics[key]

    def when(self, utc_ns: int) -> str:
        return self.source.clock.local(Instant(0, utc_ns))


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _patient(source: Source) -> Resource:
    patient, veil = source.history.setup.patient, source.veil
    told: Resource = {"resourceType": "Patient", "identifier": [{"system": OURS, "value": veil.uuid(source.history.setup.uuid)}]}
    if not veil.hides:
        told["name"] = [{"text": patient.label or "not given"}]
        told["gender"] = {"f": "female", "m": "male"}.get(patient.sex[:1].lower(), "unknown")
    return told


def _concept(metric: Metric) -> Resource:
    coding = [{"system": LOINC, "code": code} for code in loinc_of(metric)]
    if metric.code is not None:
        coding.append({"system": MDC, "code": str(metric.code), "display": metric.id})
    else:
        coding.append({"system": OURS, "code": metric.id})
    return {"coding": coding, "text": metric.title}


def _quantity(value: float, unit: str, decimals: int) -> Resource:
    return {"value": round(value, decimals), "unit": unit, "system": UCUM, "code": unit}


def _category(code: str) -> list[Resource]:
    return [{"coding": [{"system": _CATEGORY, "code": code}]}]


def _observation(bundle: _Bundle, utc_ns: int, code: Resource, category: str) -> Resource:
    told = {"resourceType": "Observation", "status": "final", "category": _category(category), "code": code}
    return told | {"subject": bundle.patient, "effectiveDateTime": bundle.when(utc_ns)}


def _add_sample(bundle: _Bundle, one: Sample) -> None:
    category = "vital-signs" if one.metric in VITAL_SIGNS else "procedure"
    told = _observation(bundle, one.utc_ns, _concept(one.metric), category)
    told["valueQuantity"] = _quantity(one.value, one.metric.unit.ucum, one.metric.decimals)
    told["device"] = bundle.metric(one.metric, one.device, one.channel)
    bundle.add(f"observation {one.metric.id} {one.channel} {one.minute}", told)


def _add_cuff(bundle: _Bundle, cuff: CuffReading) -> None:
    """A panel without a value of its own; systolic and diastolic are always components, absent or not."""
    code = {"coding": [{"system": LOINC, "code": BLOOD_PRESSURE_PANEL}], "text": "Blood pressure panel"}
    told = _observation(bundle, cuff.utc_ns, code, "vital-signs")
    told["component"] = [
        _component(metric, cuff.values.get(metric)) for metric in CUFF if metric in {NIBP_SYS, NIBP_DIA} | set(cuff.values)
    ]
    told["device"] = bundle.device(cuff.device)
    bundle.add(f"cuff {cuff.device} {cuff.channel} {cuff.utc_ns - bundle.source.clock.moved_ns}", told)


def _component(metric: Metric, value: float | None) -> Resource:
    if value is None:
        return {"code": _concept(metric), "dataAbsentReason": {"coding": [{"system": _ABSENT, "code": "unknown"}]}}
    return {"code": _concept(metric), "valueQuantity": _quantity(value, metric.unit.ucum, metric.decimals)}


def _add_scores(bundle: _Bundle) -> None:
    for charted in chart_of(bundle.source.history).all(Series.ROUND):
        command = charted.entry
        assert isinstance(command, RecordAssessment)  # noqa: S101 - for the type checker: rounds are
        status = "entered-in-error" if charted.replaced_by is not None else "final" if charted.replaces is None else "corrected"
        for item, score in command.scores:
            system, code = SCORES.get(item, (OURS, item))
            concept = {"coding": [{"system": system, "code": code}], "text": item}
            told = _observation(bundle, command.event_at.utc_ns, concept, "survey") | {"status": status, "valueInteger": score}
            note = bundle.source.veil.words(command.note)
            bundle.add(f"score {charted.number - 1} {item}", told | ({"note": [{"text": note}]} if note.strip() else {}))


def _stretches(doses: list[KeptDose], last: Instant) -> Iterator[tuple[KeptDose, Instant, float | None]]:
    """Stretches of one rate above 0: the first report of each, its end, and what was given in it where both ends tell."""
    changes = [doses[place] for place in range(len(doses)) if not place or doses[place].rate_mg_per_h != doses[place - 1].rate_mg_per_h]
    for begin, end in pairwise([*changes, None]):
        if begin is not None and begin.rate_mg_per_h:
            given = (doses[-1] if end is None else end).given_mg - begin.given_mg
            yield begin, last if end is None else end.at, given if given >= 0 else None


def _administration(bundle: _Bundle, status: str, drug: str) -> Resource:
    told = {"resourceType": "MedicationAdministration", "status": status, "medicationCodeableConcept": {"text": drug}}
    return told | {"subject": bundle.patient}


def _add_infusion(bundle: _Bundle) -> None:
    history = bundle.source.history
    drug = history.setup.order.drug if history.setup.order is not None else "not ordered"
    for dose, end, given_mg in _stretches(history.dose_reports(), history.last()):
        open_end = history.ended is None and end == history.last()
        told = _administration(bundle, "in-progress" if open_end else "completed", drug)
        told["effectivePeriod"] = {"start": bundle.when(dose.at.utc_ns), "end": bundle.when(max(end.utc_ns, dose.at.utc_ns))}
        told["device"] = [bundle.device(bundle.source.veil.device(dose.device) or "pump")]
        told["dosage"] = {"rateQuantity": _quantity(dose.rate_mg_per_h or 0.0, "mg/h", 3)}
        if given_mg is not None:
            told["dosage"]["dose"] = _quantity(given_mg, "mg", 4)
        bundle.add(f"infusion {dose.at.monotonic_ns - history.started.monotonic_ns}", told)


def _add_medication(bundle: _Bundle) -> None:
    chart = chart_of(bundle.source.history)
    for charted in chart.all(Series.EVENT):
        command, kind = charted.entry, chart.kind_of(charted)
        if isinstance(command, RecordEvent) and kind in {EventKind.MEDICATION, EventKind.BOLUS} and not is_struck(command):
            status = "entered-in-error" if charted.replaced_by is not None else "completed"
            told = _administration(bundle, status, bundle.source.veil.words(command.text).strip() or kind.value)
            bundle.add(f"event {charted.number}", told | {"effectiveDateTime": bundle.when(command.event_at.utc_ns)})


def _add_provenance(bundle: _Bundle) -> None:
    history = bundle.source.history
    named = [{"name": "Bedside", "type": "user-friendly-name"}]
    version = [{"value": history.program_version}] if history.program_version else []
    program = bundle.add("program", {"resourceType": "Device", "deviceName": named} | ({"version": version} if version else {}))
    kinds = {"Observation", "MedicationAdministration"}
    targets = [{"reference": one["fullUrl"]} for one in bundle.entries if one["resource"]["resourceType"] in kinds] or [bundle.patient]
    agent = {"type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/provenance-participant-type", "code": "assembler"}]}}
    told = {"resourceType": "Provenance", "target": targets, "recorded": bundle.when(history.last().utc_ns)}
    bundle.add("provenance", told | {"agent": [agent | {"who": program}]})


def bundle_of(source: Source) -> Resource:
    """The whole bundle."""
    bundle = _Bundle(source)
    for sample in samples_of(source):
        _add_sample(bundle, sample)
    for cuff in cuff_readings(source):
        _add_cuff(bundle, cuff)
    _add_scores(bundle)
    _add_infusion(bundle)
    _add_medication(bundle)
    _add_provenance(bundle)
    simulated = {"meta": {"tag": [{"system": OURS, "code": "simulated"}]}} if source.history.setup.simulated else {}
    return {"resourceType": "Bundle", **simulated, "type": "collection", "entry": bundle.entries}


def _write(folder: Path, source: Source, told: Told) -> Written:
    bundle = bundle_of(source)
    told(0.6)
    faults = faults_of(bundle)
    if faults:
        raise ExportError(f"the FHIR bundle would not be right ({faults[0]}): export another format and tell its makers")
    name = "bundle.json"
    (folder / name).write_bytes((json.dumps(bundle, ensure_ascii=False, indent=1) + "\n").encode())
    return Written(files=[WrittenFile(name=name, rows=len(bundle["entry"]), sha256=digest_of(folder / name))], not_held=_NOT_HELD)


_NOT_HELD = (
    minutes.HELD,
    "waveforms, alarms, limits, gaps, notes and commands; examinations, intake and recovery; validity and reason of a numeric",
    "device alerts, states of lines and raw pump reports",
)

FHIR = Format(name="fhir", title="HL7 FHIR R4 bundle", write=_write)
