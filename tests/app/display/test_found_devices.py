"""What a search found goes into its row; what cannot is told in words."""

from __future__ import annotations

from dataclasses import replace

from app.display.found_devices import NOTHING, Place, place
from app.finding import Findings, Heard, Seen
from app.probing import Answer
from devices.driver import DeviceKind, Driver, Proof
from tests.devices.fake_driver import DRIVER

PUMP = DRIVER
OXIMETER = replace(DRIVER, name="ox", title="Oximeter (many)", kind=DeviceKind.OXIMETER)
BENCH = replace(DRIVER, name="bench", title="Bench pump", proof=Proof.BENCH_ONLY)
ROWS = ("monitor", "oximeter", "pump")


def seen(driver: Driver, identity: str = "") -> Seen:
    return Seen(answer=Answer(driver=driver.name, identity=identity), driver=driver)


def test_each_goes_into_the_row_of_its_kind_with_what_it_said_it_is() -> None:
    monitor = replace(DRIVER, name="mon", kind=DeviceKind.MONITOR)
    heard = Heard(driver=monitor, name="mon:lan", address="udp:10.0.0.5:24105", identity="M8000, bed 3")
    placement = place(Findings(ports={"A": seen(OXIMETER, "no. 7"), "B": Seen(), "C": seen(PUMP)}, network=(heard,)), ROWS, {})
    assert placement.places == (
        Place(row="oximeter", driver="ox", address="A", identity="no. 7"),
        Place(row="pump", driver="fake", address="C", identity=""),
        Place(row="monitor", driver="mon:lan", address="udp:10.0.0.5:24105", identity="M8000, bed 3"),
    )
    assert placement.words == "3 found."


def test_what_answers_already_is_left_and_a_second_of_its_kind_is_told() -> None:
    again = Heard(driver=PUMP, name="fake:lan", address="udp:10.0.0.5:1", identity="")
    placement = place(Findings(ports={"B": seen(PUMP)}, network=(again,)), ROWS, {"pump": "udp:10.0.0.5:1"})
    assert placement.places == ()
    assert placement.words == "No other found, 1 left as it was. Fake device on B: there is one pump already."


def test_what_is_for_the_bench_only_is_told_and_not_filled_in() -> None:
    placement = place(Findings(ports={"A": seen(BENCH), "B": seen(PUMP)}), ROWS, {})
    assert [placed.address for placed in placement.places] == ["B"]
    assert "Bench pump on A: bench only: not for people." in placement.words


def test_a_kind_that_a_case_has_no_row_for_is_told() -> None:
    assert "a case has no oximeter" in place(Findings(ports={"A": seen(OXIMETER)}), ("pump",), {}).words


def test_ports_that_could_not_be_tried_are_told_and_the_rest_counted() -> None:
    ports = {f"COM{n}": Seen(answer=Answer(problem=f"COM{n} is in use by process {n}: close that program")) for n in range(1, 6)}
    words = place(Findings(ports=ports, troubles=("UDP port 7 cannot be listened to",)), ROWS, {}).words
    assert words.startswith(f"{NOTHING} COM1: is in use by process 1.")
    assert words.endswith("And 4 more.")
