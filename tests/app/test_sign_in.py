"""PINs and their hashes, the wait after wrong ones, and the file in which it all stands."""

import pytest
from argon2 import extract_parameters
from argon2.low_level import Type

from app.secrets_kept import fault_of, fits, hashed
from app.sign_in_log import Happening, SignInLine, SignInLog, backoff_s
from clinical.instant import NS_PER_S

T0 = 1_772_352_000 * NS_PER_S


@pytest.fixture(scope="module")
def kept():
    return hashed("482913")


def test_the_hash_costs_what_it_should(kept):
    parameters = extract_parameters(kept)
    assert parameters.type is Type.ID
    assert parameters.memory_cost >= 64 * 1024
    assert parameters.time_cost >= 3
    assert "482913" not in kept


def test_what_fits(kept):
    assert fits("482913", kept)
    assert not fits("482914", kept)
    assert not fits("", kept)
    assert not fits("482913", "no hash at all")


def test_two_of_the_same_pin_have_different_hashes(kept):
    assert hashed("482913") != kept


@pytest.mark.parametrize(
    ("secret", "words"),
    [("12345", "at least 6"), ("111111", "guessed"), ("123456", "guessed"), ("987654", "guessed"), ("short", "at least 8")],
)
def test_what_is_no_pin(secret, words):
    assert words in fault_of(secret)


@pytest.mark.parametrize("secret", ["482913", "901234", "blue moon"])
def test_what_may_be_one(secret):
    assert fault_of(secret) == ""


def line(second, what, name="A. Meier", reason=""):
    return SignInLine(utc_ns=T0 + second * NS_PER_S, what=what, name=name, reason=reason)


def test_ten_wrong_ones_make_one_wait_and_no_restart_shortens_it(tmp_path):
    log = SignInLog(tmp_path / "log")
    for number in range(9):
        log.add(line(number, Happening.WRONG))
    assert log.wait_s("A. Meier", T0 + 9 * NS_PER_S) == 0
    log.add(line(9, Happening.WRONG))
    assert SignInLog(tmp_path / "log").wait_s("A. Meier", T0 + 9 * NS_PER_S) == 60
    assert SignInLog(tmp_path / "log").wait_s("A. Meier", T0 + 49 * NS_PER_S) == 20
    assert log.wait_s("Dr. Roth", T0 + 9 * NS_PER_S) == 0
    assert log.wait_s("A. Meier", T0 + 80 * NS_PER_S) == 0
    log.add(line(80, Happening.WRONG))
    assert log.wait_s("A. Meier", T0 + 80 * NS_PER_S) == 120
    log.add(line(300, Happening.IN))
    assert log.wait_s("A. Meier", T0 + 300 * NS_PER_S) == 0


def test_a_clock_set_back_prolongs_no_wait(tmp_path):
    log = SignInLog(tmp_path / "log")
    for number in range(10):
        log.add(line(number, Happening.WRONG))
    assert log.wait_s("A. Meier", T0 - 3600 * NS_PER_S) == 60


def test_waits_grow_and_end():
    waits = [backoff_s(number) for number in range(30)]
    assert waits == sorted(waits)
    assert waits[9] == 0
    assert max(waits) == 900


def test_lines_come_back_as_they_were_and_broken_ones_are_passed_over(tmp_path):
    log = SignInLog(tmp_path / "log")
    told = [line(0, Happening.IN), line(5, Happening.BREAK_GLASS, "", "Emergency at the bed"), line(9, Happening.OUT)]
    for one in told:
        log.add(one)
    with (tmp_path / "log").open("a") as file:
        file.write("{broken\n")
    assert log.lines() == told
    assert SignInLog(tmp_path / "nowhere" / "log").lines() == []
