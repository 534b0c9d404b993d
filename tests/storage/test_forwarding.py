"""What a bed recorded comes to the server, whole and once, however often the way is cut."""

import numpy as np
import pytest
from sqlalchemy import delete

from bench.cut_server import cut_again_and_again, faults
from bench.cutting_proxy import Cut, Fate, cutting_proxy
from clinical.assessments.treated import FollowUp
from clinical.metrics import ECG_II
from storage.cases import check_case, list_cases, open_case
from storage.courses import FollowUpEntry, add_follow_ups
from storage.engine import parse_url, writing_engine
from storage.envelopes import Envelopes
from storage.errors import StoreUnreachableError
from storage.forwarding import Forwarder
from storage.recorder import Recorder
from storage.schema import CASES, METADATA
from tests.storage.made_case import START, end, made_setup, minute, record, second_of, start


@pytest.fixture
def server(postgresql, request):
    return postgresql.make_schema(request.node.name)


def sent_whole(spool, server, **settings):
    forwarder, turns = Forwarder(spool, server, **settings), 0
    while True:
        turns += 1
        sent = forwarder.turn()
        if not (sent.rows or sent.more):
            forwarder.close()
            return turns


def test_a_case_is_there_as_it_is_here_while_it_goes_on_and_at_its_end(server, tmp_path):
    spool = f"sqlite:///{tmp_path / 'a.sqlite'}"
    recorder, forwarder = Recorder(spool), Forwarder(spool, server)
    recorder.open()
    for count, outcome in enumerate(minute(75)):
        recorder.keep(outcome)
        if recorder.wants_commit(outcome):
            recorder.commit()
        if count % 131 == 0:
            recorder.commit()
            forwarder.turn()
            assert count < 2 or check_case(server, 1).whole
    recorder.commit()
    recorder.close()
    forwarder.turn()
    assert faults(spool, server) == []
    assert forwarder.turn().rows == 0
    forwarder.close()
    with open_case(spool, 1) as here, open_case(server, 1) as there:
        assert (here.ended, here.chain()) == (there.ended, there.chain())
        pair = [Envelopes(history).read(START, START.plus(75), 50) for history in (here, there)]
        waves = [history.waveform(ECG_II, START, START.plus(75)).values for history in (here, there)]
    assert all(np.array_equal(one.lows, other.lows, equal_nan=True) for one, other in zip(*pair, strict=True))
    assert np.array_equal(*waves, equal_nan=True)


def test_cuts_at_any_byte_lose_nothing_and_bring_nothing_twice(postgresql, tmp_path):
    """A few of them; ``python -m bench.cut_server --cuts 50`` makes as many as are asked for."""
    seen = cut_again_and_again(postgresql, tmp_path, cuts=6, restarts=1, seed=4)
    assert seen["faults"] == []
    assert seen["turns_failed"] >= 4
    assert seen["restarts"] == 1


def test_an_answer_that_is_lost_after_commit_is_asked_for_and_nothing_is_sent_again(postgresql, tmp_path):
    spool = record(tmp_path / "a.sqlite", minute(5))
    there = postgresql.make_schema("lost_answer")
    sent_whole(record(tmp_path / "other.sqlite", iter(())), there)
    fate = []
    with cutting_proxy(postgresql.port, lambda: fate.pop() if fate else Fate(Cut.NEVER)) as proxy:
        forwarder = Forwarder(spool, postgresql.in_schema("lost_answer", port=proxy.port))
        for after in range(1, 8):
            fate[:] = [Fate(Cut.BEFORE_ANSWER, after)]
            with pytest.raises(StoreUnreachableError):
                forwarder.turn()
            if list_cases(there):
                break
        assert check_case(there, 1).whole, "the server took what was sent"
        assert forwarder.turn().rows == 0
        forwarder.close()
    assert faults(spool, there) == []


def test_a_long_absence_is_made_up_for_in_steps(server, tmp_path):
    spool = record(tmp_path / "a.sqlite", minute(130))
    forwarder = Forwarder(spool, server, most_rows=40)
    assert forwarder.turn().more
    assert "still being sent" in check_case(server, 1).fault
    forwarder.close()
    assert sent_whole(spool, server, most_rows=40) > 5
    assert faults(spool, server) == []
    assert check_case(server, 1).whole


def test_numbers_differ_and_the_uuid_joins_them(server, tmp_path):
    def case(uuid):
        setup = made_setup(uuid=uuid)
        yield start(setup)
        yield from second_of(1)
        yield end(2)

    first, second = record(tmp_path / "a.sqlite", case("bed-a")), record(tmp_path / "b.sqlite", case("bed-b"))
    sent_whole(second, server)
    sent_whole(first, server)
    assert [(one.id, one.setup.uuid) for one in sorted(list_cases(server), key=lambda one: one.id)] == [(1, "bed-b"), (2, "bed-a")]
    assert all(check_case(server, number).whole for number in (1, 2))


def test_what_is_added_to_an_ended_case_follows_it(server, tmp_path):
    spool = record(tmp_path / "a.sqlite", minute(3))
    sent_whole(spool, server)
    add_follow_ups(spool, [follow_up()])
    sent_whole(spool, server)
    assert check_case(server, 1).rows == check_case(spool, 1).rows
    assert check_case(server, 1).whole


def follow_up():
    return FollowUpEntry(case_id=1, follow_up=FollowUp(week=4, pain=5), at_utc_ns=START.utc_ns + 28 * 86_400 * 10**9, by="N", note="")


def test_a_case_that_was_added_to_there_is_left_alone(server, tmp_path):
    spool = record(tmp_path / "a.sqlite", minute(3))
    sent_whole(spool, server)
    add_follow_ups(server, [follow_up()])
    add_follow_ups(spool, [follow_up()])
    forwarder = Forwarder(spool, server)
    forwarder.turn()
    assert "added to it there" in next(iter(forwarder.left_alone.values()))
    assert forwarder.turn().rows == 0
    forwarder.close()
    assert check_case(server, 1).whole


def test_a_case_that_was_deleted_there_is_not_sent_again(server, tmp_path):
    spool = record(tmp_path / "a.sqlite", minute(3))
    sent_whole(spool, server)
    with writing_engine(parse_url(server)).connect() as connection, connection.begin():
        for table in reversed(METADATA.sorted_tables):
            if "case_id" in table.c or table is CASES:
                connection.execute(delete(table))
    add_follow_ups(spool, [follow_up()])
    forwarder = Forwarder(spool, server)
    forwarder.turn()
    assert "deleted there" in next(iter(forwarder.left_alone.values()))
    forwarder.close()
    assert list_cases(server) == []


def test_seconds_stay_here_until_they_are_minutes(server, tmp_path):
    def running():
        yield start()
        for number in range(100):
            yield from second_of(number)

    spool = record(tmp_path / "a.sqlite", running())
    sent_whole(spool, server)
    with open_case(spool, 1) as here, open_case(server, 1) as there:
        assert len(list(here.segments())) > len(list(there.segments())) > 0
    assert check_case(server, 1).whole


def test_a_server_that_is_away_costs_nothing_here(tmp_path, postgresql):
    spool = record(tmp_path / "a.sqlite", minute(3))
    forwarder = Forwarder(spool, "postgresql+psycopg://nobody@127.0.0.1:1/nowhere")
    for _ in range(3):
        with pytest.raises(StoreUnreachableError):
            forwarder.turn()
    assert check_case(spool, 1).whole
    assert sent_whole(spool, postgresql.make_schema("back")) >= 1
