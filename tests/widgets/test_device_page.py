"""The page on which a device of a new case is chosen: by touch, by keyboard, by a typed address."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from widgets.new_case.device_page import FORMS, DevicePage
from widgets.new_case.device_row import DeviceRow, DriverChoice, PortChoice
from widgets.theme import Look

ROW = DeviceRow(
    "monitor",
    "Monitor",
    (
        DriverChoice(name="dri", title="GE S/5", models="DRI", proof="exact", standing="By its maker's document.", variants=("trend-10s",)),
        DriverChoice(name="nonin", title="Nonin", proof="provisional"),
    ),
)


def _tap(qtbot, key):
    qtbot.mouseClick(key, Qt.MouseButton.LeftButton)


def _no_colon(driver, address):
    return f"Not at {address}." if ":" in address else ""


@pytest.fixture
def device_page(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1900, 968)
    shown = DevicePage(_no_colon)
    shown.setParent(window)
    shown.set_look(Look())
    shown.setGeometry(0, 0, 1900, 968)
    shown.set_ports((PortChoice(address="/dev/ttyUSB0", about="FTDI"), PortChoice(address="/dev/ttyUSB1")))
    shown.show_device(ROW, "dri", "")
    shown.kept_window = window
    window.show()
    shown.show()
    return shown


def _choices_of(shown):
    chosen = []
    shown.chosen.connect(lambda *choice: chosen.append(choice))
    return chosen


def test_a_device_is_chosen_on_its_page_by_port_driver_and_variant(device_page, qtbot):
    chosen = _choices_of(device_page)
    _tap(qtbot, device_page.port_keys["/dev/ttyUSB1"])
    _tap(qtbot, device_page.driver_key("dri:trend-10s"))
    _tap(qtbot, device_page.driver_key("nonin"))
    assert chosen == [
        ("monitor", "dri", "/dev/ttyUSB1"),
        ("monitor", "dri:trend-10s", "/dev/ttyUSB1"),
        ("monitor", "nonin", "/dev/ttyUSB1"),
    ]
    assert [key.text() for key in device_page.findChildren(type(device_page.unused)) if key.isChecked()] == ["/dev/ttyUSB1", "Nonin"]
    _tap(qtbot, device_page.unused)
    assert chosen[-1] == ("monitor", "nonin", "")


def test_a_device_is_chosen_by_the_keyboard_alone(device_page, qtbot):
    chosen = _choices_of(device_page)
    qtbot.keyClicks(device_page.address, "/dev/ttyACM0")
    qtbot.keyClick(device_page.address, Qt.Key.Key_Return)
    device_page.driver_key("nonin").setFocus()
    qtbot.keyClick(device_page.driver_key("nonin"), Qt.Key.Key_Space)
    assert chosen == [("monitor", "dri", "/dev/ttyACM0"), ("monitor", "nonin", "/dev/ttyACM0")]
    with qtbot.waitSignal(device_page.back_requested):
        device_page.back.click()


def test_an_address_that_cannot_be_stays_as_typed_with_a_sentence_and_is_not_used(device_page, qtbot):
    chosen = _choices_of(device_page)
    qtbot.keyClicks(device_page.address, "tcp:nowhere")
    qtbot.keyClick(device_page.address, Qt.Key.Key_Return)
    assert device_page.sentence == "Not at tcp:nowhere."
    assert device_page.address.text() == "tcp:nowhere"
    assert chosen == [("monitor", "dri", "")]
    qtbot.keyClicks(device_page.address, "x")
    assert device_page.sentence == FORMS


def test_every_key_of_the_page_is_a_finger_wide_and_says_how_well_the_driver_is_proven(device_page):
    keys = [key for key in device_page.findChildren(type(device_page.unused)) if key.isVisible()]
    assert all(key.width() >= 72 and key.height() >= 72 for key in keys)
    assert device_page.driver_key("dri").note == "DRI  ·  exact"
    assert device_page.driver_key("nonin").note == "provisional"
