"""A course with missing days says so, also where the missing day is yesterday, or all of them."""

from __future__ import annotations

from dataclasses import replace

from pytestqt.qtbot import QtBot

from app.display.course_read import CourseRead, summary_of
from storage.course import days_before
from tests.storage.made_case import address_of, made_setup
from tests.storage.made_course import DAY_S, START, made_day
from widgets.course_page import CoursePage


def test_a_day_that_is_missing_before_today_is_told_on_the_page(qtbot: QtBot, tmp_path) -> None:
    address = address_of(tmp_path / "course.sqlite")
    made_day(address, 1, rates={1: 5.0})
    today = replace(made_setup(uuid="today"), day=3, course_before_mg=13.0)
    summary = summary_of(days_before(address, today, START.plus(DAY_S * 2)), today.day)
    assert summary.missing == (2,)
    page = CoursePage()
    qtbot.addWidget(page)
    page.set_setup(today)
    page.set_course(summary)
    assert "no record of day 2" in page.total


def test_a_course_of_which_no_earlier_day_is_there_is_told_too(qtbot: QtBot, tmp_path) -> None:
    address = address_of(tmp_path / "course.sqlite")
    made_day(address, 1, rates={1: 5.0}, changes={"uuid": "other", "patient": replace(made_setup().patient, label="other")})
    read = CourseRead()
    today = replace(made_setup(uuid="today"), day=3)
    with qtbot.waitSignal(read.course_read, timeout=5000) as told:
        read.begin(address, today, START.plus(DAY_S * 2))
    (summary,) = told.args
    assert summary.missing == (1, 2)
    assert summary.best == "not known: no earlier day is in this record"
