"""The only file with a hex colour or a font size. Widgets ask a Look for both and redraw when they are given a new one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtGui import QColor, QFont

from clinical import metrics
from clinical.metrics import Metric
from clinical.observations import Priority

FONT_FAMILY = "Inter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """Colours by what they mean. Alarm colours are fills and are used for nothing else: what is wrong with an entry, or stands against a
    step, is told in ``caution``.

    Contrast by day: ink and ink_soft at least 7:1 on every surface they stand on, parameter colours 7:1 and more; alarm fills
    carry their own ink, at least 4.5:1. By night ink keeps 6.5:1 and ink_soft 4.4:1: patients lie awake beside the screen.
    """

    name: str
    background: str
    panel: str
    line: str
    grid: str
    bar: str
    key: str
    key_edge: str
    well: str
    gap: str
    ink: str
    ink_soft: str
    ink_faint: str
    chosen: str
    chosen_ink: str
    ecg: str
    spo2: str
    resp: str
    co2: str
    nibp: str
    skin: str
    pump: str
    predicted: str
    fine: str
    caution: str
    high: str = "#C4001A"
    high_ink: str = "#FFFFFF"
    medium: str = "#FFD600"
    medium_ink: str = "#111111"
    low: str = "#00A3A3"
    low_ink: str = "#021F1F"
    prompt: str = "#08323A"
    prompt_edge: str = "#00838F"
    simulated: str = "#E040FB"
    simulated_dark: str = "#3A0A45"
    simulated_ink: str = "#FFFFFF"
    art: str = "#FF8A80"
    cvp: str = "#80CBC4"
    head: str = "#FFFFFF"

    def parameter(self, metric: Metric) -> QColor:
        """The colour of a metric: its trace, its number, its label."""
        return QColor(getattr(self, _ROLES.get(metric, "ink")))

    def alarm(self, priority: Priority) -> tuple[QColor, QColor]:
        """Fill and ink of a priority."""
        fill, ink = {
            Priority.HIGH: (self.high, self.high_ink),
            Priority.MEDIUM: (self.medium, self.medium_ink),
            Priority.LOW: (self.low, self.low_ink),
        }[priority]
        return QColor(fill), QColor(ink)


_ROLES = {
    metrics.HEART_RATE: "ecg",
    metrics.ECG_II: "ecg",
    metrics.SPO2: "spo2",
    metrics.PLETH: "spo2",
    metrics.PULSE_RATE: "spo2",
    metrics.PERFUSION_INDEX: "spo2",
    metrics.RESP_RATE: "resp",
    metrics.CO2_RESP_RATE: "resp",
    metrics.IMPEDANCE_RESP_RATE: "resp",
    metrics.IMPEDANCE: "resp",
    metrics.ETCO2: "co2",
    metrics.FICO2: "co2",
    metrics.TCCO2: "co2",
    metrics.CO2: "co2",
    metrics.NIBP_SYS: "nibp",
    metrics.NIBP_DIA: "nibp",
    metrics.NIBP_MEAN: "nibp",
    metrics.ART: "art",
    metrics.ART_SYS: "art",
    metrics.ART_DIA: "art",
    metrics.ART_MEAN: "art",
    metrics.CVP: "cvp",
    metrics.CVP_MEAN: "cvp",
    metrics.SKIN_TEMPERATURE: "skin",
    metrics.TEMPERATURE: "skin",
}

DAY = Theme(
    name="day", background="#0B0F14", panel="#10161D", line="#1D2731", grid="#161E27", bar="#0E141A", key="#18212B",
    key_edge="#26323E", well="#1B2530", gap="#2A3138", ink="#E8EEF4", ink_soft="#A3B1BF", ink_faint="#55636F",
    chosen="#D5DEE7", chosen_ink="#0B0F14", ecg="#00E676", spo2="#40C4FF", resp="#FFE57F", co2="#FFAB40", nibp="#F5F5F5",
    skin="#CE93D8", pump="#FF80AB", predicted="#9FA8DA", fine="#69D29B", caution="#FFC2A1",
)  # fmt: skip

NIGHT = replace(
    DAY, name="night", background="#000000", panel="#000000", line="#12181E", grid="#0C1116", bar="#000000", key="#0A0E12",
    key_edge="#1A222A", well="#0D1217", gap="#171B1F", ink="#92979C", ink_soft="#727B84", ink_faint="#3A434B",
    chosen="#7C848C", chosen_ink="#000000", ecg="#008A47", spo2="#267599", resp="#99894C", co2="#996726", nibp="#939393",
    skin="#7C5882", pump="#994D67", predicted="#5F6583", fine="#3F7E5D", caution="#A67C64",
    simulated="#7A2386", simulated_dark="#1C0522", simulated_ink="#B9B9B9", art="#99534D", cvp="#4D7A76", head="#A0A0A0",
)  # fmt: skip

PAPER = replace(
    DAY, name="paper", background="#FFFFFF", panel="#FFFFFF", line="#C8CDD2", grid="#E4E7EA", bar="#FFFFFF", key="#FFFFFF",
    key_edge="#9AA3AC", well="#F2F4F6", gap="#DADEE2", ink="#000000", ink_soft="#3C4650", ink_faint="#8A939C",
    chosen="#20262C", chosen_ink="#FFFFFF", ecg="#00662F", spo2="#005A8C", resp="#6B5B00", co2="#9A4F00", nibp="#000000",
    skin="#6A1B7A", pump="#A3164F", predicted="#3A4599", fine="#1B6E45", caution="#8A3B12", art="#A31515", cvp="#00695C", head="#000000",
)  # fmt: skip
"""What is printed: black on white."""

# Type and grid in pixels of the 1920×1080 picture; a Look scales them to the window.
TYPE = {
    "huge": 108, "rate": 78, "large": 64, "clock": 40, "alarm": 26, "title": 21, "row": 17, "note": 15, "unit": 13,
}  # fmt: skip
WORDS_UP_TO = 24
"""Larger type is numbers."""
SMALL_WORDS = 0.85
"""Of their usual size: words on what is made smaller than that."""
GRID = {"margin": 10, "gap": 8, "gap_small": 6, "radius": 6, "target": 72, "bar": 92, "keys": 100}

PRINT = {"name": 15.0, "head": 10.5, "row": 7.6, "note": 6.4, "mark": 5.6}
"""Sizes of type on paper, in points. The smallest stands on axes only."""


@dataclass(frozen=True, slots=True)
class Look:
    """A theme at a scale: what every widget needs to draw itself.

    Attributes:
        scale: logical pixels for each pixel of the 1920×1080 picture.
        words: how much larger than the scale says small type is: words shrink less than numbers where a widget is made small.
    """

    theme: Theme = DAY
    scale: float = 1.0
    words: float = 1.0

    def smaller(self, by: float) -> Look:
        """For what is made smaller than usual: its words shrink less than its numbers."""
        return self if by == 1 else Look(self.theme, self.scale * by, SMALL_WORDS / by)

    def px(self, pixels: float) -> int:
        """A length of the picture in this window's logical pixels, at least 1."""
        return max(1, round(pixels * self.scale))

    def length(self, name: str) -> int:
        """A named length of the grid."""
        return self.px(GRID[name])

    def font(self, size: str, weight: QFont.Weight = QFont.Weight.Medium) -> QFont:
        """A named size of the type scale, with figures of one width."""
        return self.font_px(TYPE[size], weight)

    def font_px(self, pixels: float, weight: QFont.Weight = QFont.Weight.Medium) -> QFont:
        """A font of a height in the picture's pixels, with figures of one width."""
        font = QFont(FONT_FAMILY)
        font.setPixelSize(max(8, self.px(pixels * self.words if pixels <= WORDS_UP_TO else pixels)))
        font.setWeight(weight)
        font.setFeature(QFont.Tag("tnum"), 1)
        return font
