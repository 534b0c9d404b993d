"""Forms and corrections in the record: they come back whole, leave with the old value beside the new, and outlive an interruption."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from app.site_data import SiteData
from clinical.assessments.body_map import PARTS, View
from clinical.assessments.chart import Series
from clinical.assessments.charted import outlines_of
from clinical.assessments.pain_drawing import PainDrawing, Region
from clinical.commands import Command, EventKind, RecordAssessment, RecordEvent
from clinical.forms import Phase, RecordExamination, RecordIntake, RecordRecovery
from clinical.instant import Instant
from clinical.messages import FromOperator
from clinical.metrics import HEART_RATE, SPO2
from storage.cases import check_case, open_case, resume_messages
from storage.charts import chart_of
from storage.courses import treated_days
from storage.export.case_csv import export_case
from storage.export.case_folder import Terms, source_of
from storage.export.report_values import report_of
from storage.replay import replayed
from tests.clinical.bed import T0
from tests.storage.made_case import START, command, end, record, start
from tests.storage.test_replay import KeptBed

HAND = PainDrawing(regions=(Region(view=View.FRONT, points=PARTS[View.FRONT]["right hand"]),))


def forms(at: Instant = START) -> tuple[RecordExamination, RecordIntake, RecordRecovery]:
    return (
        RecordExamination(
            event_at=at.plus(3),
            phase=Phase.BEFORE,
            limb="right arm",
            symptoms=(("allodynia", True),),
            signs=(("colour", True), ("swelling", False)),
            continuing_pain=True,
            pain=8,
            temperature_c=30.5,
            opposite_temperature_c=32.0,
            outlines=outlines_of(HAND),
            drawn=True,
            note="Canary said so",
            by="Nurse Canary",
        ),
        RecordIntake(
            event_at=at.plus(4),
            diagnosis="CRPS of Canary",
            trigger="fracture",
            limbs=("right arm",),
            tried=(("nerve blocks", "helped for a while"), ("Canary's salve", "no effect")),
            medicines=("pregabalin 75 mg, for Canary",),
            answers=(("consent", "yes"),),
            baseline=((HEART_RATE, 76.0), (SPO2, 97.0)),
            by="Nurse Canary",
        ),
        RecordRecovery(event_at=at.plus(5), aldrete=(("activity", 2),), escort=True, lines=(("escort", "met", "present"),), by="B"),
    )


def corrected() -> RecordExamination:
    return replace(forms()[0], pain=6, signs=(("colour", False),), corrects=1, reason="misheard", by="B")


@pytest.fixture
def address(tmp_path: Path) -> str:
    examination, intake, recovery = forms()
    told = [command(6, examination), command(7, intake), command(8, recovery), command(9, corrected())]
    return record(tmp_path / "case.sqlite", iter([start(), *told, end(10)]))


def sheet(address: str, folder: Path, name: str = "assessments.csv", *, secret: bytes | None = None) -> list[dict[str, str]]:
    with open_case(address, 1) as history:
        export_case(history, folder, program_version="1", secret=secret)
    with (folder / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_forms_come_back_whole_and_the_chain_holds(address: str) -> None:
    with open_case(address, 1) as history:
        chart = chart_of(history)
    assert [one.entry for one in chart.all(Series.FORM)] == [*forms(), corrected()]
    assert chart.examinations() == (corrected(),)
    assert check_case(address, 1).whole


def test_every_answer_leaves_with_the_old_one_beside_it(address: str, tmp_path: Path) -> None:
    rows = [row for row in sheet(address, tmp_path / "out") if row["form"] == "examination"]
    told = {(row["number"], row["item"]): row for row in rows}
    assert (told["1", "pain"]["score"], told["1", "pain"]["replaced_by"], told["1", "pain"]["old_score"]) == ("8", "4", "")
    assert (told["4", "pain"]["score"], told["4", "pain"]["old_score"], told["4", "pain"]["reason"]) == ("6", "8", "misheard")
    assert (told["4", "sign: colour"]["score"], told["4", "sign: colour"]["old_score"]) == ("0", "1")
    assert (told["4", "sign: swelling"]["score"], told["4", "sign: swelling"]["old_score"]) == ("", "0")  # not answered any more
    assert told["1", "CSS-16"]["reckoned"] == "1"
    assert told["1", "temperature difference"]["score"] == "-1.5"
    assert (told["1", "pain"]["limb"], told["1", "pain"]["phase"]) == ("right arm", "before")
    points = told["1", "outline 1, front"]["answer"].strip("()").split(") (")
    assert [tuple(map(float, point.split())) for point in points] == [pytest.approx(point) for point in HAND.regions[0].points]


def test_every_column_is_in_the_data_dictionary(address: str, tmp_path: Path) -> None:
    rows = sheet(address, tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    (told,) = [file for file in manifest["files"] if file["name"] == "assessments.csv"]
    assert [column["name"] for column in told["columns"]] == list(rows[0])
    assert all(column["meaning"] for column in told["columns"])


def test_what_people_typed_stays_at_home(address: str, tmp_path: Path) -> None:
    sheet(address, tmp_path / "out", secret=b"secret")
    for file in (tmp_path / "out").iterdir():
        if file.suffix in {".csv", ".json"}:
            assert "Canary" not in file.read_text(encoding="utf-8"), file.name
    rows = sheet(address, tmp_path / "again", secret=b"secret")
    assert {row["item"] for row in rows} >= {"tried: nerve blocks", "tried", "trigger", "checklist: consent"}


def test_a_corrected_medication_leaves_with_its_reason(tmp_path: Path) -> None:
    first = RecordEvent(kind=EventKind.MEDICATION, event_at=START.plus(2), text="ondansetron 8 mg IV", by="A")
    second = replace(first, text="ondansetron 4 mg IV", corrects=1, reason="wrong key", by="B")
    address = record(tmp_path / "case.sqlite", iter([start(), command(3, first), command(4, second), end(5)]))
    told = [row for row in sheet(address, tmp_path / "out", "events.csv") if row["kind"] == "medication"]
    assert [(row["text"], row["old_value"], row["corrected_by"], row["reason"]) for row in told] == [
        ("ondansetron 8 mg IV", "", "2", ""),
        ("ondansetron 4 mg IV", "ondansetron 8 mg IV", "", "wrong key"),
    ]


def test_a_course_takes_its_score_from_the_examinations_that_stand(tmp_path: Path) -> None:
    before = forms()[0]
    after = replace(before, event_at=START.plus(20), phase=Phase.AFTER, signs=(), symptoms=())
    address = record(tmp_path / "case.sqlite", iter([start(), command(6, before), command(21, after), end(30)]))
    (day,) = treated_days(address)
    assert (day.css16_before, day.css16_after) == (4, 2)


@pytest.mark.parametrize("boot", ["boot-a", "boot-b"])
def test_a_case_that_is_taken_up_knows_its_chart_and_is_replayed_exactly(tmp_path: Path, boot: str) -> None:
    bed = KeptBed(tmp_path / "a.sqlite")
    bed.start()
    entries: list[Command] = [*forms(T0), RecordAssessment(event_at=T0.plus(20), scores=(("pain at rest", 9),), by="A")]
    bed.each_second(30)
    for entry in entries:
        assert bed.do(entry).refused == ""
    bed.close()
    again = KeptBed(tmp_path / "a.sqlite", boot)
    now = bed.now.plus(60)
    again.take_up(now if boot == "boot-a" else Instant(77 * 10**9, now.utc_ns))
    late = RecordAssessment(event_at=again.now.plus(-40), scores=(("pain at rest", 6),), corrects=1, reason="misheard", by="B")
    assert again.do(late).refused == ""
    assert again.do(replace(late, by="C")).refused.startswith("round 1 was corrected meanwhile")
    early = replace(late, corrects=None, reason="", event_at=again.now.plus(-600))
    assert "before the case began" in again.do(early).refused
    again.each_second(5)
    again.close()
    with open_case(bed.address, 1) as history:
        assert repr(replayed(history)) == repr(history.transitions())
        chart = chart_of(history)
        assert [one.entry.event_at.since(history.started) for one in chart.all(Series.FORM)] == [3, 4, 5]
        (round_one,) = chart.standing(Series.ROUND)
        assert round_one.entry.event_at.since(history.started) == pytest.approx(50)
        messages = list(resume_messages(history, Instant(5 * 10**9, again.now.utc_ns), boot_id="boot-c"))
    began = messages[0].at
    told = [message.command for message in messages if isinstance(message, FromOperator)]
    assert [one.event_at.since(began) for one in told if isinstance(one, RecordExamination)] == [pytest.approx(3)]


def test_the_escort_stands_in_the_discharge_part_of_the_report(address: str) -> None:
    with open_case(address, 1) as history:
        told = report_of(source_of(history, Terms(program_version="1")), "1", SiteData().load_recovery("discharge").value)
    assert [(line.met.value, line.detail) for line in told.recovery if line.text == "escort"] == [("met", "present")]
