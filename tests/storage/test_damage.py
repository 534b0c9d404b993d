"""A record in which bytes were changed: each reader gives values, or one line for people. Nothing else ever comes out of it."""

import random
import sqlite3

import pytest

from storage.cases import open_case
from storage.damage import told_as_damage
from storage.errors import StoreDamagedError, StoreError
from storage.export.case_folder import Terms, write_folder
from storage.export.formats import FORMATS, format_named
from storage.trends import trends_of
from tests.storage.made_case import minute, record

PAGE = 4096
HEADER = 100
TERMS = Terms(program_version="1")


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """The bytes of a record of 70 seconds."""
    path = tmp_path_factory.mktemp("sound") / "a.sqlite"
    record(path, minute(70))
    return path.read_bytes()


def flipped(sound: bytes, chance: random.Random) -> bytes:
    data, page = bytearray(sound), chance.randrange(len(sound) // PAGE)
    for _ in range(8):
        data[page * PAGE + chance.randrange(HEADER if page == 0 else 0, PAGE)] ^= 1 << chance.randrange(8)
    return bytes(data)


def read_all(history) -> None:
    for one in history.metrics():
        history.numerics(one)
    for read in ("pump_reports", "pumps", "transitions", "commands", "gaps", "device_alerts", "link_states", "dose_reports", "last"):
        getattr(history, read)()
    list(history.segments())
    trends_of(history)
    for channel in history.waveform_channels():
        history.steps(channel, history.started, history.last())


def export(history, folder, name: str) -> None:
    write_folder(format_named(name), history, folder, TERMS)


@pytest.mark.parametrize("seed", range(4))
def test_changed_bits_are_read_or_told_in_one_line(tmp_path, sound, seed: int) -> None:
    chance, told = random.Random(seed), []
    for _ in range(60):
        (tmp_path / "a.sqlite").write_bytes(flipped(sound, chance))
        try:
            with open_case(f"sqlite:///{tmp_path / 'a.sqlite'}", 1) as history:
                read_all(history)
        except StoreError as error:
            told.append(str(error))
    assert told
    assert not [text for text in told if "\n" in text or "Traceback" in text or "sqlite3." in text]


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"pdf", "handover"}))
def test_changed_bits_leave_in_no_format_or_are_told(tmp_path, sound, name: str) -> None:
    chance, told = random.Random(name), []
    for _ in range(15):
        (tmp_path / "a.sqlite").write_bytes(flipped(sound, chance))
        try:
            with open_case(f"sqlite:///{tmp_path / 'a.sqlite'}", 1) as history:
                export(history, tmp_path / "out", name)
        except StoreError as error:
            told.append(str(error))
        assert not list(tmp_path.glob(".*partial"))
    assert not [text for text in told if "\n" in text]


@pytest.fixture
def altered(tmp_path, sound):
    """A record in which a metric has a name that is none."""
    path = tmp_path / "altered.sqlite"
    path.write_bytes(sound)
    connection = sqlite3.connect(path)
    connection.execute("UPDATE numerics SET metric = 'MDC_NOTHING' WHERE id = (SELECT min(id) FROM numerics WHERE shown)")
    connection.commit()
    connection.close()
    with open_case(f"sqlite:///{path}", 1) as history:
        yield history


@pytest.mark.parametrize("name", ["csv", "vital"])
def test_a_word_that_is_none_is_told_with_what_was_altered(tmp_path, altered, name: str) -> None:
    with pytest.raises(StoreDamagedError, match=r"case 1 is damaged, .*numerics.*restore a copy"):
        export(altered, tmp_path / "out", name)
    assert not (tmp_path / "out").exists()


def test_trends_tell_it_too(altered) -> None:
    with pytest.raises(StoreDamagedError, match="case 1 is damaged"):
        trends_of(altered)


def test_a_fault_of_the_program_is_not_put_down_to_the_record(tmp_path, sound) -> None:
    (tmp_path / "a.sqlite").write_bytes(sound)
    with open_case(f"sqlite:///{tmp_path / 'a.sqlite'}", 1) as history, pytest.raises(KeyError, match="ours"), told_as_damage(history):
        raise KeyError("ours")


def test_a_reader_that_leaves_early_leaves_nothing_open(tmp_path, sound, recwarn) -> None:
    (tmp_path / "a.sqlite").write_bytes(sound)
    with open_case(f"sqlite:///{tmp_path / 'a.sqlite'}", 1) as history:
        reports = history.each_pump_report()
        next(reports)
    del reports
    assert not recwarn.list


def test_one_channel_read_in_part_is_the_same_as_out_of_the_whole(tmp_path, sound) -> None:
    (tmp_path / "a.sqlite").write_bytes(sound)
    with open_case(f"sqlite:///{tmp_path / 'a.sqlite'}", 1) as history:
        whole = list(history.segments())
        for channel in history.waveform_channels():
            in_part = list(history.segments(channels={channel.number}))
            of_it = [one for one in whole if one.channel == channel.number]
            assert [(one.at_mono_ns, one.validity, one.steps.tolist()) for one in in_part] == [
                (one.at_mono_ns, one.validity, one.steps.tolist()) for one in of_it
            ]
            assert of_it
