"""A new case: blind double entry, orders in three units, sounds that were heard, open items that are named and do not forbid."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from clinical.observations import Priority
from clinical.orders import Order, Step
from tests.widgets.test_device_page import ROW
from widgets import gallery_case as case
from widgets.new_case.devices_card import DevicesCard
from widgets.new_case.double_entry import DIFFERENT
from widgets.new_case.order_arithmetic import given_by_step_end, minutes_until
from widgets.new_case_page import NewCasePage
from widgets.theme import DAY, Look

TOO_HEAVY = "Weight is 20 to 300 kg."


def _plausible(field, value):
    if field == "weight_kg" and not 20 <= value <= 300:
        return TOO_HEAVY
    return "" if value > 0 else "It must be more than 0."


@pytest.fixture
def page(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1900, 968)
    page = NewCasePage(_plausible)
    page.setParent(window)
    page.setGeometry(0, 0, 1900, 968)
    page.set_look(Look())
    page.set_orders((case.ORDER, case.FLAT_ORDER))
    page.set_devices((ROW,))
    page.set_limits(case.PRESET)
    window.show()
    page.kept_window = window
    return page


def _tap(qtbot, key):
    qtbot.mouseClick(key, Qt.MouseButton.LeftButton)


def _type(qtbot, entry, text):
    entry.field.setFocus()
    qtbot.keyClicks(entry.field, text)
    qtbot.keyClick(entry.field, Qt.Key.Key_Return)


def _type_twice(qtbot, double, first, second=None):
    _type(qtbot, double.first, first)
    _type(qtbot, double.second, first if second is None else second)


def test_two_equal_entries_make_a_number(page, qtbot):
    _type_twice(qtbot, page.doses.weight, "70", "70,0")
    assert page.draft.weight_kg == 70.0


def test_the_second_person_cannot_read_the_first_entry(page, qtbot):
    weight = page.doses.weight
    _type(qtbot, weight.first, "70")
    assert weight.first.field.displayText() != "70"
    assert "70" not in weight.sentence
    _type(qtbot, weight.second, "70")
    assert weight.first.field.echoMode() is QLineEdit.EchoMode.Normal


def test_a_difference_clears_both_and_says_so(page, qtbot):
    weight = page.doses.weight
    _type_twice(qtbot, weight, "70", "77")
    assert weight.value is None
    assert (weight.first.field.text(), weight.second.field.text()) == ("", "")
    assert weight.sentence == DIFFERENT
    _type_twice(qtbot, weight, "77")
    assert weight.value == 77.0
    assert weight.sentence == ""


def test_a_difference_takes_no_one_out_of_the_field_they_went_to(page, qtbot):
    weight, concentration = page.doses.weight, page.doses.concentration
    page.kept_window.activateWindow()
    qtbot.waitUntil(page.kept_window.isActiveWindow)
    _type(qtbot, weight.first, "70")
    weight.second.setFocus()
    qtbot.keyClicks(weight.second.field, "77")
    qtbot.mouseClick(concentration.first.field, Qt.MouseButton.LeftButton)
    assert weight.sentence == DIFFERENT
    assert QApplication.focusWidget() is concentration.first.field
    weight.first.setFocus()
    qtbot.keyClicks(weight.first.field, "70")
    qtbot.keyClick(weight.first.field, Qt.Key.Key_Return)
    weight.second.setFocus()
    qtbot.keyClicks(weight.second.field, "77")
    qtbot.keyClick(weight.second.field, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is weight.first.field


def test_there_is_no_second_entry_before_a_first(page):
    assert not page.doses.weight.second.isEnabled()


def test_an_implausible_number_is_a_sentence_and_stays_as_typed(page, qtbot):
    weight = page.doses.weight
    _type(qtbot, weight.first, "7000")
    assert weight.sentence == TOO_HEAVY
    assert weight.first.field.text() == "7000"
    assert not weight.second.isEnabled()
    assert page.draft.weight_kg is None


def test_what_is_no_number_is_said(page, qtbot):
    _type(qtbot, page.doses.syringe.first, "5O")
    assert page.doses.syringe.sentence == "“5O” is not a number."


def test_editing_an_agreed_number_asks_both_again(page, qtbot):
    weight = page.doses.weight
    _type_twice(qtbot, weight, "70")
    qtbot.keyClicks(weight.first.field, "1")
    assert weight.value is None
    assert weight.second.field.text() == ""
    assert page.draft.weight_kg is None


def test_type_again_clears_all_three(page, qtbot):
    for entry in (page.doses.weight, page.doses.concentration, page.doses.syringe):
        _type_twice(qtbot, entry, "50")
    assert page.doses.done
    _tap(qtbot, page.doses.again)
    assert not page.doses.done
    assert page.doses.weight.first.field.text() == ""


def test_one_dose_in_three_units(page, qtbot):
    _tap(qtbot, page.order.choice(0))
    _type_twice(qtbot, page.doses.weight, "70")
    _type_twice(qtbot, page.doses.concentration, "2")
    texts = {label.text() for label in page.order.findChildren(QLabel)}
    assert {"30", "0.429", "15", "30 mg/h ÷ 70 kg", "30 mg/h ÷ 2 mg/mL"} <= texts
    assert {"13.75", "0.393", "93.75 mg"} <= texts


def test_without_a_weight_no_dose_for_each_kilogram_is_invented(page, qtbot):
    _tap(qtbot, page.order.choice(0))
    texts = [label.text() for label in page.order.findChildren(QLabel) if label.isVisible()]
    assert "weight not agreed" in texts
    assert "concentration not agreed" in texts
    assert texts.count("---") == 2 + 2 * len(case.ORDER.steps)


def test_a_syringe_that_will_not_last_is_told_with_its_time(page, qtbot):
    _tap(qtbot, page.order.choice(0))
    _type_twice(qtbot, page.doses.concentration, "2")
    _type_twice(qtbot, page.doses.syringe, "20")
    assert page.order.syringe_words.startswith("93.75 mg is 46.9 mL: this 20 mL syringe ends at 2:10.")
    _tap(qtbot, page.doses.again)
    _type_twice(qtbot, page.doses.concentration, "2")
    _type_twice(qtbot, page.doses.syringe, "50")
    assert page.order.syringe_words == "93.75 mg is 46.9 mL: this 50 mL syringe is enough."


def test_a_sound_is_heard_only_after_it_was_played_and_somebody_said_so(page, qtbot):
    asked = []
    page.sound_test_requested.connect(asked.append)
    _tap(qtbot, page.sounds.heard_key(Priority.HIGH))
    assert page.draft.sounds_heard == ()
    _tap(qtbot, page.sounds.play_key(Priority.HIGH))
    assert asked == [Priority.HIGH]
    assert page.draft.sounds_heard == ()
    _tap(qtbot, page.sounds.heard_key(Priority.HIGH))
    assert page.draft.sounds_heard == (Priority.HIGH,)
    assert "Sounds" in page.open_items


def test_without_audio_nothing_can_be_played(page, qtbot):
    page.sounds.set_no_audio("NO AUDIO: no loudspeaker was found.")
    _tap(qtbot, page.sounds.play_key(Priority.HIGH))
    assert not page.sounds.heard_key(Priority.HIGH).isEnabled()


def test_a_device_is_shown_with_its_proof_and_another_choice_forgets_its_preview(page, qtbot):
    chosen, asked = [], []
    page.device_chosen.connect(lambda *choice: chosen.append(choice))
    page.device_requested.connect(asked.append)
    line = page.devices.line("monitor")
    _tap(qtbot, line.key)
    assert asked == ["monitor"]
    line.choose("dri", "tcp:10.0.0.5:4001", "S/5 AM")
    page.show_preview("monitor", "84 /min", ok=True)
    assert (line.key.text(), line.key.note) == ("Monitor   GE S/5", "tcp:10.0.0.5:4001  ·  driver: exact  ·  S/5 AM")
    assert page.devices.done
    assert page.draft.devices[0].answers
    page.show_preview("monitor", "tcp:10.0.0.5:4001 does not answer", ok=False)
    assert line.key.note == "tcp:10.0.0.5:4001  ·  does not answer  ·  driver: exact"
    assert not page.devices.done
    page.show_preview("unknown device", "84", ok=True)
    page.show_preview("monitor", "84 /min", ok=True)
    line.choose("nonin", "tcp:10.0.0.5:4001")
    assert not page.draft.devices[0].answers
    assert chosen == [("monitor", "dri", "tcp:10.0.0.5:4001"), ("monitor", "nonin", "tcp:10.0.0.5:4001")]


def test_the_key_that_finds_devices_becomes_the_one_that_stops(page, qtbot):
    asked = []
    page.find_requested.connect(lambda: asked.append("find"))
    page.stop_requested.connect(lambda: asked.append("stop"))
    _tap(qtbot, page.devices.find_key)
    page.devices.show_finding(0.4, 5.4)
    assert (page.devices.find_key.text(), page.devices.find_key.note) == ("Stop", "40 %")
    _tap(qtbot, page.devices.find_key)
    page.devices.show_found("2 found.")
    assert page.devices.told == "2 found."
    _tap(qtbot, page.devices.find_key)
    assert asked == ["find", "stop", "find"]


def test_open_items_are_named_and_forbid_nothing(page, qtbot):
    drafts = []
    page.start_requested.connect(drafts.append)
    assert page.start.note == "all six are open"
    _tap(qtbot, page.start)
    assert drafts[0].open_items == ("Patient", "Weight twice", "Order", "Devices", "Limits", "Sounds")
    assert drafts[0].weight_kg is None


def test_all_six_done(page, qtbot):
    drafts = []
    page.start_requested.connect(drafts.append)
    page.patient.label.setFocus()
    qtbot.keyClicks(page.patient.label, "M. K.")
    _type(qtbot, page.patient.age, "46")
    _tap(qtbot, page.patient.sex_key("F"))
    _type(qtbot, page.patient.baseline_sbp, "128")
    for entry, text in ((page.doses.weight, "70"), (page.doses.concentration, "2"), (page.doses.syringe, "50")):
        _type_twice(qtbot, entry, text)
    _tap(qtbot, page.order.choice(1))
    page.devices.line("monitor").choose("dri", "/dev/ttyUSB0")
    page.show_preview("monitor", "84 /min", ok=True)
    _tap(qtbot, page.limits.read)
    for priority in Priority:
        _tap(qtbot, page.sounds.play_key(priority))
        _tap(qtbot, page.sounds.heard_key(priority))
    assert page.start.note == "six of six  ·  the pump is started by hand"
    _tap(qtbot, page.start)
    (draft,) = drafts
    assert (draft.label, draft.age_years, draft.sex, draft.baseline_sbp_mmhg) == ("M. K.", 46, "F", 128.0)
    assert (draft.weight_kg, draft.concentration_mg_per_ml, draft.syringe_ml) == (70.0, 2.0, 50.0)
    assert draft.order is case.FLAT_ORDER
    assert draft.open_items == ()


def test_other_limits_have_to_be_read_again(page, qtbot):
    _tap(qtbot, page.limits.read)
    assert page.limits.done
    page.set_limits(case.PRESET)
    assert not page.limits.done


def test_a_refusal_stands_on_the_key(page):
    page.show_refusal("A concentration is needed to reckon the dose.")
    assert page.start.note == "A concentration is needed to reckon the dose."


def test_an_age_must_be_whole_years(page, qtbot):
    _type(qtbot, page.patient.age, "46.5")
    assert page.draft.age_years is None
    assert page.patient.age.complaint == "Age is whole years from 0 to 120."


@given(st.lists(st.tuples(st.floats(1, 40), st.floats(5, 90)), min_size=1, max_size=8), st.floats(0.01, 1.5))
def test_an_amount_is_used_up_when_the_steps_have_given_it(parts, share):
    steps, at_min = [], 0.0
    for rate, minutes in parts:
        steps.append(Step(rate_mg_per_h=rate, earliest_min=at_min))
        at_min += minutes
    order = Order(name="any", drug="ketamine", steps=tuple(steps), length_min=at_min, ceiling_mg_per_h=40)
    total = given_by_step_end(order)[-1]
    assert total == pytest.approx(sum(rate * minutes / 60 for rate, minutes in parts))
    empty = minutes_until(order, total * share)
    if share > 1.001:
        assert empty is None
    elif share < 0.999:
        ends = [*[step.earliest_min for step in steps[1:]], at_min]
        given_mg = sum(
            s.rate_mg_per_h * (min(end, empty) - s.earliest_min) / 60 for s, end in zip(steps, ends, strict=True) if empty > s.earliest_min
        )
        assert given_mg == pytest.approx(total * share)


def test_room_for_the_record_stands_where_the_search_is_explained_and_gives_way_to_what_it_found(qtbot):
    card = DevicesCard()
    qtbot.addWidget(card)
    explained = card.told
    card.show_disk("The record needs about 17 MB for 8.0 h; 77.1 GB are free.")
    assert card.told.startswith("The record needs")
    card.show_found("One device found.")
    assert card.told == "One device found."
    card.show_disk("Only 1 MB are free.", short=True)
    assert card.told == "One device found. Only 1 MB are free."
    card.show_found()
    card.show_disk("")
    assert card.told == explained


@pytest.mark.parametrize(
    ("minutes", "told"), [(240, "4 h"), (40, "40 min"), (90, "90 min"), (250, "4:10 h"), (100 * 60, "100 h"), (120 * 60, "5 days")]
)
def test_how_long_an_order_lasts_is_told_as_people_say_it(page, minutes, told):
    page.order.set_orders((replace(case.FLAT_ORDER, length_min=minutes),))
    assert page.order.choice(0).note.startswith(f"{told}, ")


def test_the_ring_of_a_number_goes_round_its_unit_too(page, qtbot):
    entry = page.doses.weight.first
    page.kept_window.activateWindow()
    qtbot.waitUntil(page.kept_window.isActiveWindow)
    entry.field.setFocus()
    picture, ring = entry.grab().toImage(), QColor(DAY.chosen)
    middle = picture.height() // 2
    at_right = [picture.pixelColor(picture.width() - 1 - x, middle) for x in range(4)]
    assert any(abs(pixel.lightness() - ring.lightness()) < 40 for pixel in at_right)
