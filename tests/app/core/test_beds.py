"""A core in a clinic: its record follows it to the server, a server that is away is told once and low, and the bed is told of."""

import time
from dataclasses import replace

import pytest

from app.clock import CaseClock
from app.core.announcing import Announcing
from app.core.beds import beds_of
from app.core.forwarding import TOLD_AFTER_S, Forwarding
from app.plan import CorePlan
from app.record_place import record_place
from bench.cutting_proxy import Cut, Fate, cutting_proxy
from clinical.alarms.self_conditions import SELF_REPORTS
from clinical.bed import BedView
from clinical.observations import Priority
from storage.bed_states import BedAnnouncer, BedListener
from storage.cases import check_case, list_cases
from storage.errors import StoreError
from storage.forwarding import Forwarder
from tests.storage.made_case import minute, record, start


@pytest.fixture
def server(postgresql, request):
    return postgresql.make_schema(request.node.name)


def until(true, patience_s=15.0):
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False


def test_what_is_recorded_comes_to_the_server_and_the_rest_at_the_end(server, tmp_path):
    spool = record(tmp_path / "a.sqlite", minute(6))
    parts = beds_of(CorePlan(database=spool, server=server), CaseClock(), lambda *_: None, bed="5")
    parts.start()
    assert until(lambda: check_there(server))
    parts.follow(start())
    parts.stop()
    listener = BedListener(server)
    assert [row.bed for row in listener.beds()] == ["3"], "the case says which bed it is"
    assert '"left":true' in listener.beds()[0].state
    listener.close()


def check_there(server):
    try:
        return bool(list_cases(server)) and check_case(server, 1).whole
    except StoreError:
        return False


def test_a_core_without_a_server_has_nothing_to_do(tmp_path):
    parts = beds_of(CorePlan(database=f"sqlite:///{tmp_path / 'a.sqlite'}"), CaseClock(), lambda *_: None)
    parts.start()
    parts.follow(start())
    parts.stop()


def test_a_server_that_is_away_is_told_once_as_a_low_condition_and_when_it_is_back(postgresql, tmp_path):
    spool = record(tmp_path / "a.sqlite", minute(3))
    there, told = postgresql.make_schema("away"), []
    with cutting_proxy(postgresql.port, lambda: Fate(Cut.TO_SERVER, 1)) as proxy:
        forwarder = Forwarder(spool, postgresql.in_schema("away", port=proxy.port))
        forwarding = Forwarding(forwarder, lambda *what: told.append(what), CaseClock().now, 60)
        forwarding.start()
        assert until(lambda: told, TOLD_AFTER_S + 8)
        proxy.fate = lambda: Fate(Cut.NEVER)
        assert until(lambda: len(told) == 2, 20)
        forwarding.stop()
    (part, well, text), back = told
    assert (part, well, back) == ("server", False, ("server", True, ""))
    assert text.startswith("Since ")
    assert "on this computer alone" in text
    assert SELF_REPORTS["server"].priority is Priority.LOW
    assert check_case(there, 1).whole


def test_a_bed_whose_name_is_taken_says_so(server):
    other = BedAnnouncer(server, "another core")
    view = BedView("7")
    assert other.announce(replace(view.state(CaseClock().now()), case="theirs"))
    told = []
    announcing = Announcing(BedAnnouncer(server, "this core"), view, lambda *what: told.append(what), CaseClock().now)
    announcing.start()
    assert until(lambda: told)
    announcing.stop()
    other.close()
    assert told[0][:2] == ("bed", False)
    assert "settings.toml" in told[0][2]


def test_a_server_gives_the_bed_a_file_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    place = record_place("postgresql+psycopg://u:secret@db.clinic.example/beds")
    assert place.server.endswith("/beds")
    assert place.database.startswith("sqlite:///")
    assert "db-clinic-example-5432-beds" in place.database
    assert "secret" not in place.database
    assert record_place("sqlite:////a/b.sqlite").server == ""
