"""A doubted number keeps its value only under a question mark, and always says why."""

from __future__ import annotations

import pytest

from clinical.metrics import SKIN_TEMPERATURE
from clinical.observations import Numeric, Validity
from devices.doubt import Doubt, doubted, is_usable
from tests.devices.fake_bedside import START

MEASURED = START.plus(-30)


def told(doubt: Doubt | None) -> Numeric:
    return doubted(SKIN_TEMPERATURE, 31.5, doubt, START, interval_s=2.0, channel="T1", measured_at=MEASURED)


def test_without_a_doubt_the_number_stands() -> None:
    assert is_usable(None)
    assert told(None) == Numeric(
        at=START, metric=SKIN_TEMPERATURE, value=31.5, validity=Validity.VALID, interval_s=2.0, measured_at=MEASURED, channel="T1"
    )


@pytest.mark.parametrize("validity", [Validity.QUESTIONABLE, Validity.INVALID, Validity.ONGOING, Validity.NOT_AVAILABLE])
def test_only_a_questionable_number_is_still_one(validity: Validity) -> None:
    doubt = Doubt(validity, "leads off")
    numeric, usable = told(doubt), validity is Validity.QUESTIONABLE
    assert is_usable(doubt) is usable
    assert (numeric.value, numeric.measured_at) == ((31.5, MEASURED) if usable else (None, None))
    assert (numeric.validity, numeric.reason) == (validity, "leads off")
