"""The page of devices says what the drivers say."""

from __future__ import annotations

import re

import pytest

from bench import device_proofs
from bench.device_table import PAGE, listed, our_drivers, renewed


def test_the_table_is_that_of_the_registry() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert listed(page) == {driver.name for driver in our_drivers()}, "run python -m bench.device_table"
    assert page == renewed(page), "run python -m bench.device_table"


def test_what_proves_each_driver_is_told_by_tests_that_exist() -> None:
    ours = {driver.name for driver in our_drivers()}
    assert device_proofs.listed(PAGE.read_text(encoding="utf-8")) == ours == device_proofs.proofs().keys(), (
        "run python -m bench.device_proofs"
    )
    assert device_proofs.missing_tests() == []
    assert all(device_proofs.alarm_codes(table) > 0 for proof in device_proofs.proofs().values() for table in proof.alarms)


def test_every_row_has_its_page() -> None:
    assert [driver.name for driver in our_drivers() if not (PAGE.parent / "devices" / f"{driver.name}.md").exists()] == []


@pytest.mark.parametrize("name", [driver.name for driver in our_drivers()])
def test_a_page_tells_what_is_needed_to_connect_and_to_trust(name: str) -> None:
    text = (PAGE.parent / "devices" / f"{name}.md").read_text(encoding="utf-8").lower()
    told = {
        "cable": r"^\| cable \|",
        "settings": r"^\| (settings|settings on the device|at the device|certificates) \|",
        "what is read": r"^\| read \||^## what is read",
        "what proves it": r"^\| proven by \||^## what proves it",
        "what is unknown": r"^\| unknown \||^## what is unknown|^\*\*unknown",
    }
    assert [what for what, mark in told.items() if not re.search(mark, text, re.MULTILINE)] == []


def test_what_is_left_out_is_named() -> None:
    left_out = PAGE.read_text(encoding="utf-8").split("## Not here, and why")[1]
    assert all(name in left_out for name in ("Dinamap", "V100", "SunTech", "Agilia"))
