"""The station over a real server: it hears beds, misses one that falls silent, and covers everything when it hears nobody."""

import pytest

from app.display.station import Station
from app.settings import Settings
from clinical.observations import Priority
from storage.bed_states import BedAnnouncer
from tests.app.display.windows import IGNORED
from tests.clinical.test_bed import view_after
from tests.storage.made_case import START

pytestmark = pytest.mark.qt_log_ignore(IGNORED)


@pytest.fixture
def server(postgresql, request):
    return postgresql.make_schema(request.node.name)


@pytest.fixture
def station(server, qtbot):
    made = Station(server, Settings(), "Ward")
    qtbot.addWidget(made.window)
    yield made
    made._frames.stop()
    made._reader.leave()
    made.sound.stop()


def announce(server, **more):
    announcer = BedAnnouncer(server, "a core")
    announcer.announce(view_after(31).state(START.plus(31), **more))
    announcer.close()


def test_a_bed_is_heard_then_missed_then_said_goodbye(server, station, qtbot):
    announce(server)
    station.open()
    qtbot.waitUntil(lambda: len(station.window.grid.tiles) == 1, timeout=8000)
    tile = station.window.grid.tiles[0]
    qtbot.waitUntil(lambda: tile.face_now() is not None and tile.face_now().state == "silent", timeout=9000)
    assert station._audio.sounding is Priority.MEDIUM
    announce(server, left=True)
    qtbot.waitUntil(lambda: tile.face_now().state == "left", timeout=4000)
    assert station._audio.sounding is None
    assert not station.window.curtain.isVisible()


def test_a_pause_of_the_sound_is_for_here_and_can_be_ended(server, station, qtbot):
    announce(server)
    station.open()
    qtbot.waitUntil(lambda: station._audio is not None and station._audio.sounding is not None, timeout=12000)
    station._press("sound")
    assert (station._audio.sounding, station._audio.paused_until is not None) == (None, True)
    station._press("sound")
    assert station._audio.sounding is Priority.MEDIUM


def test_a_server_that_is_away_is_said_over_the_whole_screen(qtbot):
    made = Station("postgresql+psycopg://nobody:secret@127.0.0.1:1/x", Settings(), "Ward")
    qtbot.addWidget(made.window)
    made.open()
    qtbot.waitUntil(made.window.curtain.isVisible, timeout=8000)
    qtbot.waitUntil(lambda: "127.0.0.1" in made.window.curtain.notice.happened, timeout=4000)
    assert made.window.curtain.geometry() == made.window.rect()
    assert "secret" not in made.window.curtain.notice.happened
    made._frames.stop()
    made._reader.leave()
    made.sound.stop()


def test_night_is_a_key(station):
    station._press("night")
    assert station.window.theme.name == "night"
    station._press("night")
    assert station.window.theme.name == "day"
