"""What is on a sheet can be read: it fits, it does not overlap, it has contrast. At every size and scale the program promises."""

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontDatabase, QFontInfo

from app.display.main_window import BESIDE_A_PAGE
from app.display.wide_page import UNDER_THE_NUMBERS
from widgets import gallery
from widgets.fonts import WEIGHTS
from widgets.gallery import GALLERY, pages_of
from widgets.gallery import SHEETS as ROWS
from widgets.sheet import SheetWidget, Text, width_of
from widgets.theme import DAY, NIGHT, PAPER, Look
from widgets.tile import SourceWord, Tile

SIZES = [(1366, 768, 1.0), (1920, 1080, 1.0), (3840, 2160, 1.0), (1920, 1080, 1.5), (1920, 1080, 2.0)]
SHEETS = [entry for entry in ROWS if entry.name != "waveforms with gaps"]


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}@{size[2]:g}")
@pytest.mark.parametrize("entry", SHEETS, ids=lambda entry: entry.name)
def test_no_text_is_clipped_or_overlaps(fonts, qtbot, entry, size):
    width, height, ratio = size
    look = Look(DAY, min(width / ratio / 1920, height / ratio / 1080))
    widget = entry.make(look)
    qtbot.addWidget(widget)
    assert isinstance(widget, SheetWidget)
    widget.resize(look.px(entry.width), look.px(entry.height))
    texts = [item for item in widget.items() if isinstance(item, Text) and item.text]
    bounds = QRectF(widget.rect())
    for item in texts:
        assert width_of(item.text, item.font) <= item.room + 0.5, item.text
        assert bounds.contains(item.box()), item.text
    boxes = [(item.text, item.box()) for item in texts]
    overlaps = [(a, b) for n, (a, one) in enumerate(boxes) for b, other in boxes[n + 1 :] if one.adjusted(1, 1, -1, -1).intersects(other)]
    assert overlaps == []


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}@{size[2]:g}")
@pytest.mark.parametrize("places", [BESIDE_A_PAGE, UNDER_THE_NUMBERS], ids=["beside a page", "above a page"])
def test_words_on_tiles_beside_a_page_can_be_read_and_meet_nothing(fonts, qtbot, places, size):
    width, height, ratio = size
    scale = min(width / ratio / 1920, height / ratio / 1080)
    tiles = [entry for entry in ROWS if isinstance(entry.make(Look()), Tile)]
    assert len(tiles) >= 8
    for entry in tiles:
        tile = entry.make(Look())
        qtbot.addWidget(tile)
        tile.set_source(tile.metric_now(), SourceWord("oximeter"))
        _, _, wide, high, smaller = next(place for place in places.values() if place[4] < 1)
        look = Look(DAY, scale).smaller(smaller)
        tile.set_look(look)
        tile.resize(round(wide * scale), round(high * scale))
        texts = [item for item in tile.items() if isinstance(item, Text) and item.text]
        assert all(QRectF(tile.rect()).contains(item.box()) for item in texts), entry.name
        assert min(item.font.pixelSize() for item in texts) >= int(10.5 * scale), entry.name
        boxes = [(item.text, item.box().adjusted(1, 1, -1, -1)) for item in texts]
        assert [(a, b) for n, (a, one) in enumerate(boxes) for b, other in boxes[n + 1 :] if one.intersects(other)] == [], entry.name


@pytest.mark.parametrize("ground", ["background", "panel", "bar", "key", "well"])
def test_day_inks_reach_seven_to_one(ground):
    under = getattr(DAY, ground)
    assert contrast(DAY.ink, under) >= 7
    assert contrast(DAY.ink_soft, under) >= 7


@pytest.mark.parametrize("role", ["ecg", "spo2", "resp", "co2", "nibp", "skin", "pump", "predicted", "fine", "caution", "art", "cvp"])
def test_parameter_colours_reach_seven_to_one_by_day(role):
    assert contrast(getattr(DAY, role), DAY.panel) >= 7


@pytest.mark.parametrize("theme", [DAY, NIGHT], ids=lambda theme: theme.name)
def test_alarms_keep_their_strength(theme):
    for name in ("high", "medium", "low"):
        assert getattr(theme, name) == getattr(DAY, name)
        assert contrast(getattr(theme, f"{name}_ink"), getattr(theme, name)) >= 4.5
    assert contrast(theme.ink, theme.prompt) >= 4.5
    assert contrast(theme.chosen_ink, theme.chosen) >= 4.5


def test_night_is_dim_and_still_readable():
    assert NIGHT.background == "#000000"
    assert luminance(NIGHT.ink) < 0.4 * luminance(DAY.ink)
    assert contrast(NIGHT.ink, NIGHT.background) >= 7
    assert contrast(NIGHT.ink_soft, NIGHT.background) >= 4.4
    assert contrast(NIGHT.caution, NIGHT.background) >= 4.4


def test_low_alarm_is_not_the_colour_of_saturation():
    assert contrast(DAY.spo2, DAY.low) > 1.4


@pytest.mark.parametrize("theme", [DAY, NIGHT, PAPER], ids=lambda theme: theme.name)
def test_what_is_wrong_with_an_entry_is_told_in_no_colour_of_an_alarm(theme):
    assert theme.caution not in {theme.high, theme.medium, theme.low}


def test_typeface_is_ours_with_figures_of_one_width(fonts):
    assert len(QFontDatabase.styles("Inter")) >= len(WEIGHTS)
    font = Look().font("large")
    assert QFontInfo(font).family() == "Inter"
    widths = [width_of(figure, font) for figure in "0123456789"]
    assert max(widths) - min(widths) < 0.1


def test_touch_targets_are_large_enough():
    assert Look().length("target") >= 72
    assert next(entry for entry in GALLERY if entry.name == "soft keys").height >= 72


def test_gallery_hangs_everything_within_its_pages(fonts, qtbot):
    pages, widgets = pages_of(Look(), 1920, 1080)
    for page in pages:
        qtbot.addWidget(page)
    assert len(widgets) == len(GALLERY)
    for widget in widgets:
        assert widget.parentWidget().rect().contains(widget.geometry())


def test_gallery_saves_pictures(fonts, tmp_path):
    assert gallery.main(["--save", str(tmp_path / "page.png"), "--look", "night", "--size", "960x540"]) == 0
    assert (tmp_path / "page.png").stat().st_size > 10_000
