import pytest

from clinical.hand_probes import LEFT_HAND, RIGHT_HAND
from clinical.messages import FromDevice
from clinical.metrics import SKIN_TEMPERATURE, SPO2, TEMPERATURE, Metric
from tests.clinical.bed import Bed


def _told(bed: Bed, metric: Metric, value: float, channel: str) -> Metric:
    """What becomes of it, shown and recorded alike."""
    outcome = bed.numeric(metric, value, channel=channel)
    assert isinstance(outcome.message, FromDevice)
    assert outcome.message.observation == outcome.shown
    return outcome.message.observation.metric


@pytest.mark.parametrize("channel", [RIGHT_HAND, LEFT_HAND])
def test_a_probe_that_the_site_lays_on_a_hand_tells_of_its_skin(channel: str) -> None:
    bed = Bed()
    bed.start(hand_probes=True)
    assert _told(bed, TEMPERATURE, 31.9, channel) is SKIN_TEMPERATURE
    assert _told(bed, SKIN_TEMPERATURE, 31.9, channel) is SKIN_TEMPERATURE


def test_no_other_probe_and_no_other_number_is_touched() -> None:
    bed = Bed()
    bed.start(hand_probes=True)
    assert _told(bed, TEMPERATURE, 36.8, "core") is TEMPERATURE
    assert _told(bed, TEMPERATURE, 36.8, "") is TEMPERATURE
    assert _told(bed, SPO2, 97, RIGHT_HAND) is SPO2


def test_a_site_that_does_not_say_so_is_told_what_the_monitor_says() -> None:
    bed = Bed()
    assert _told(bed, TEMPERATURE, 31.9, RIGHT_HAND) is TEMPERATURE
    bed.start()
    assert _told(bed, TEMPERATURE, 31.9, RIGHT_HAND) is TEMPERATURE
