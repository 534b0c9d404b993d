import threading

import pytest

from storage.export.behind import WAITING, Behind


def test_all_is_done_in_the_order_given_and_elsewhere() -> None:
    done: list[int] = []
    threads: set[int] = set()

    def work(number: int) -> None:
        threads.add(threading.get_ident())
        done.append(number)

    with Behind() as behind:
        for number in range(10 * WAITING):
            behind.do(work, number)
    assert done == list(range(10 * WAITING))
    assert len(threads) == 1
    assert threading.get_ident() not in threads


def test_no_more_than_so_much_waits() -> None:
    go, done = threading.Event(), []
    with Behind() as behind:
        for number in range(WAITING):
            behind.do(lambda number: (go.wait(10), done.append(number))[1], number)
        more = threading.Thread(target=behind.do, args=(done.append, WAITING))
        more.start()
        more.join(0.2)
        assert more.is_alive()
        go.set()
        more.join(10)
        assert not more.is_alive()
    assert done == list(range(WAITING + 1))


@pytest.mark.parametrize("after", [0, 3 * WAITING])
def test_what_goes_wrong_there_is_raised_here(after: int) -> None:
    def fail() -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk is full"), Behind() as behind:  # noqa: PT012  which of the two raises, depends
        behind.do(fail)
        for _ in range(after):
            behind.do(lambda: None)


def test_when_the_reader_fails_what_waits_is_not_done() -> None:
    begun, go, done = threading.Event(), threading.Event(), []

    def first() -> None:
        begun.set()
        go.wait(10)

    with pytest.raises(ValueError, match="given up"), Behind() as behind:  # noqa: PT012
        behind.do(first)
        behind.do(done.append, 1)
        begun.wait(10)
        threading.Timer(0.1, go.set).start()
        raise ValueError("given up")
    assert not done
