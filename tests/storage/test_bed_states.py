"""The last word of each bed on a server: as JSON and back, one row a bed, heard by who listens, aged by the server's clock."""

import json
import threading
import time

import pytest
from sqlalchemy import text

from clinical.bed import BedState
from storage.bed_json import BedJsonError, bed_from_json, bed_json
from storage.bed_states import BedAnnouncer, BedListener, forget_bed
from storage.engine import parse_url, writing_engine
from storage.errors import BadDatabaseAddressError, StoreError, StoreForbiddenError, StoreUnreachableError
from tests.clinical.test_bed import view_after
from tests.clinical.test_station import alarm
from tests.storage.made_case import START


@pytest.fixture
def server(postgresql, request):
    return postgresql.make_schema(request.node.name)


def test_a_state_comes_back_on_another_clock():
    state = view_after(40).state(START.plus(40))
    assert bed_from_json(bed_json(state), START.plus(40)) == state
    later = bed_from_json(bed_json(state), START.plus(1040))
    assert later.lines[0].heard.since(later.at) == pytest.approx(state.lines[0].heard.since(state.at))


def test_alarms_come_back():
    state = BedState(bed="7", at=START, case="c", alarms=(alarm(since_s=0),))
    (came,) = bed_from_json(bed_json(state), START).alarms
    assert (came.title, came.priority, came.presence) == ("SpO₂ 84 < 90", alarm().priority, alarm().presence)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"bed": 1', json.dumps({"bed": "1", "pump": "dancing"})])
def test_what_is_no_state_is_refused(text):
    with pytest.raises(BedJsonError):
        bed_from_json(text, START)


def test_each_bed_has_one_row_and_who_listens_is_told_at_once(server):
    announcer, listener = BedAnnouncer(server, "core-a"), None
    try:
        assert announcer.announce(BedState(bed="7", at=START, case="c"))
        listener = BedListener(server)
        assert [(row.bed, row.age_s < 5) for row in listener.beds()] == [("7", True)]
        assert not listener.wait(0.05)
        threading.Timer(0.2, announcer.announce, [BedState(bed="7", at=START, case="d")]).start()
        began = time.monotonic()
        assert listener.wait(5)
        assert time.monotonic() - began < 3
        (row,) = listener.beds()
        assert json.loads(row.state)["case"] == "d"
    finally:
        announcer.close()
        if listener is not None:
            listener.close()


def test_two_computers_do_not_speak_under_one_name(server):
    first, second = BedAnnouncer(server, "core-a"), BedAnnouncer(server, "core-b")
    assert first.announce(BedState(bed="7", at=START, case="c"))
    assert not second.announce(BedState(bed="7", at=START, case="d"))
    assert first.announce(BedState(bed="7", at=START, case="c", left=True))
    assert second.announce(BedState(bed="7", at=START, case="d")), "the first said goodbye"
    for one in (first, second):
        one.close()


def test_an_account_that_may_only_read_is_enough_for_a_station(server, postgresql, request):
    announcer = BedAnnouncer(server, "core-a")
    announcer.announce(BedState(bed="7", at=START, case="c"))
    announcer.close()
    schema = request.node.name
    with writing_engine(parse_url(server)).connect() as owner, owner.begin():
        owner.execute(text("CREATE ROLE reads_only LOGIN"))
        owner.execute(text(f'GRANT USAGE ON SCHEMA "{schema}" TO reads_only'))
        owner.execute(text(f'GRANT SELECT ON ALL TABLES IN SCHEMA "{schema}" TO reads_only'))
    address = server.replace("postgres@", "reads_only@")
    listener = BedListener(address)
    assert [row.bed for row in listener.beds()] == ["7"]
    assert not listener.wait(0.01)
    listener.close()
    with pytest.raises(StoreForbiddenError):
        forget_bed(address, "7")


def test_a_bed_that_will_not_come_back_is_forgotten(server):
    announcer = BedAnnouncer(server, "core-a")
    announcer.announce(BedState(bed="7", at=START, case="c"))
    announcer.close()
    assert forget_bed(server, "7")
    assert not forget_bed(server, "7")


def test_an_empty_server_and_one_that_is_away_are_told(server):
    with pytest.raises(StoreError, match="holds nothing yet"):
        BedListener(server).beds()
    with pytest.raises(StoreUnreachableError):
        BedListener("postgresql+psycopg://nobody@127.0.0.1:1/x").beds()
    with pytest.raises(BadDatabaseAddressError, match="PostgreSQL"):
        BedListener("sqlite:////tmp/x.sqlite")
