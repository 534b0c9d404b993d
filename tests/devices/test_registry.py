"""Drivers by entry point: found, unknown, broken, offered twice."""

from __future__ import annotations

import sys

import pytest

from devices.registry import DriverError, drivers, find, find_for_case
from tests.devices.installed import install, install_fake


@pytest.fixture
def site(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        if name.startswith(("fake_devices", "stranger")):
            del sys.modules[name]


def test_found_by_name_and_variant(site) -> None:
    install_fake(site)
    driver, variant = find("fake")
    assert (driver.title, variant) == ("Fake device", "")
    assert find("fake:forbidden")[1] == "forbidden"


def test_an_unknown_name_lists_what_there_is(site) -> None:
    install_fake(site)
    with pytest.raises(DriverError, match=r'no driver is called "nope"; there are: .*\bfake\b'):
        find("nope")


def test_an_unknown_variant_lists_what_there_is(site) -> None:
    install_fake(site)
    with pytest.raises(DriverError, match="it has: forbidden, faulty"):
        find("fake:df99")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("raise RuntimeError('at import')", "RuntimeError: at import"),
        ("import no_such_package", "No module named"),
        ("this is no Python", "SyntaxError"),
        ("DRIVER = 7", "is no Driver"),
        ("OTHER = 7", "AttributeError"),
    ],
)
def test_a_broken_one_is_listed_with_its_error_and_hinders_no_other(site, source: str, words: str) -> None:
    install_fake(site)
    install(site, "strangers", {"odd": "stranger_driver:DRIVER"})
    (site / "stranger_driver.py").write_text(source)
    rows = {row.name: row for row in drivers()}
    assert rows["fake"].driver is not None
    assert rows["odd"].driver is None
    assert words in rows["odd"].error
    with pytest.raises(DriverError, match="cannot be loaded"):
        find("odd")


def test_a_stranger_cannot_take_the_place_of_ours(site) -> None:
    install(site, "aaa-strangers", {"dri": "stranger_driver:DRIVER"})
    (site / "stranger_driver.py").write_text("raise RuntimeError('the stranger')")
    row = next(row for row in drivers() if row.name == "dri")
    assert "the stranger" not in row.error


def test_of_two_strangers_the_first_by_name_stands(site) -> None:
    install(site, "bbb-strangers", {"fake": "stranger_driver:DRIVER"})
    (site / "stranger_driver.py").write_text("raise RuntimeError('the stranger')")
    install(site, "aaa-devices", {"fake": "fake_devices_driver:DRIVER"})
    (site / "fake_devices_driver.py").write_text("from tests.devices.fake_driver import DRIVER\n")
    assert find("fake")[0].name == "fake"


BENCH_COPY = """
from dataclasses import replace
from devices.driver import Proof
from fake_devices_driver import DRIVER
DRIVER = replace(DRIVER, name="bench", proof=Proof.BENCH_ONLY)
"""


def test_what_is_for_the_bench_only_is_read_but_is_no_part_of_a_case(site) -> None:
    install_fake(site)
    install(site, "benches", {"bench": "stranger_bench:DRIVER"})
    (site / "stranger_bench.py").write_text(BENCH_COPY)
    assert find("bench")[0].name == "bench"
    assert find_for_case("fake:faulty")[1] == "faulty"
    with pytest.raises(DriverError, match=r"^bench is bench only: not for people: it cannot be part of a case; .* read it$"):
        find_for_case("bench")
