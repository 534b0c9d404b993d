"""Cases as chance has them through every format and back through an independent reader (``round_trip.py``)."""

import pytest

from app.cli.export import FORMATS as NAMED
from storage.export.formats import FORMATS
from tests.storage.random_case import random_case
from tests.storage.round_trip import CHECKS, exported

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore::UserWarning")
CASES = 50


def test_every_format_is_named_checked_and_in_the_table():
    drawn = {"pdf", "handover"}  # by a process with Qt, which storage knows nothing of
    assert set(FORMATS) == set(CHECKS) == set(NAMED) - drawn
    assert all(form.title for form in FORMATS.values())


@pytest.mark.parametrize("seed", range(CASES))
def test_random_cases_through_every_format(seed, tmp_path):
    case = random_case(tmp_path, seed)
    for name, check in CHECKS.items():
        check(case, exported(case, name, tmp_path / str(seed)))
