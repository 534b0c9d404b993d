"""Of a metric that two devices deliver everything is kept, with its device; the operator's choice is an event and outlives a restart."""

from __future__ import annotations

import csv

import pytest

from clinical.commands import ChooseSource
from clinical.messages import FromDevice
from clinical.metrics import SPO2
from clinical.monitor import Monitor
from clinical.observations import Numeric
from storage.cases import open_case, resume_messages
from storage.export.case_csv import export_case
from tests.clinical.bed import Bed
from tests.storage.made_case import record


@pytest.fixture(scope="module")
def told():
    bed = Bed()
    bed.start()

    def both():
        bed.numeric(SPO2, 95)
        bed.numeric(SPO2, 97, device="oximeter")

    bed.each_second(5, both)
    bed.do(ChooseSource(metric=SPO2, device="oximeter", by="A. N."))
    bed.each_second(5, both)
    return bed


@pytest.fixture(scope="module")
def address(told, tmp_path_factory):
    return record(tmp_path_factory.mktemp("case") / "case.sqlite", iter(told.outcomes))


def test_every_source_is_kept_with_its_device_and_whether_it_was_shown(address, tmp_path):
    with open_case(address, 1) as history:
        folder = export_case(history, tmp_path / "out", program_version="1")
    with (folder / "numerics.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for device, value in (("monitor", "95"), ("oximeter", "97")):
        own = [row for row in rows if row["device"] == device]
        assert [row["value"] for row in own] == [value] * 10
        assert sum(row["shown"] == "1" for row in own) == 5
    with (folder / "events.csv").open(encoding="utf-8", newline="") as file:
        (chosen,) = (row for row in csv.DictReader(file) if row["kind"] == "choose source")
    assert (chosen["text"], chosen["by"]) == ("MDC_PULS_OXIM_SAT_O2 from oximeter", "A. N.")
    assert chosen["old_value"] == "MDC_PULS_OXIM_SAT_O2 from the first of the case that is good"


def test_the_choice_is_taken_up_again(told, address):
    rebuilt = Monitor()
    with open_case(address, 1) as history:
        for message in resume_messages(history, told.now):
            rebuilt.step(message)
    for device in ("monitor", "oximeter") * 2:
        outcome = rebuilt.step(FromDevice(device, Numeric(at=told.now, metric=SPO2, value=96.0)))
    assert outcome.shown is not None, "the oximeter"
    assert rebuilt.step(FromDevice("monitor", Numeric(at=told.now, metric=SPO2, value=96.0))).shown is None
