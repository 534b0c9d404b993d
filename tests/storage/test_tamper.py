"""What is done to a stored case is found, whatever it is (``tamper.py``)."""

import pytest

from storage.cases import check_case
from tests.storage.made_case import address_of
from tests.storage.tamper import found, whole_case

TIMES = 200


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return whole_case(tmp_path_factory.mktemp("whole"))


def test_the_whole_case_is_whole(whole, tmp_path):
    (tmp_path / "a.sqlite").write_bytes(whole)
    assert check_case(address_of(tmp_path / "a.sqlite"), 1).whole


@pytest.mark.parametrize("part", range(4))
def test_every_tampering_is_found(part, whole, tmp_path):
    missed = [done for done, told in (found(whole, tmp_path, part * TIMES // 4 + number) for number in range(TIMES // 4)) if not told]
    assert missed == []
