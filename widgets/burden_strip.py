"""The alarm burden of the case in one line: what its alarms asked of those who heard them. Counts nothing itself."""

from __future__ import annotations

from clinical.alarms.burden import Burden
from widgets.boxes import Panel, Row
from widgets.durations import minutes_and_seconds
from widgets.text_label import SEMIBOLD, TextLabel


class BurdenStrip(Panel):
    """Figures with their words; before anything was counted all are 0."""

    def __init__(self) -> None:
        super().__init__(fill="well")
        row = Row(gap=14, margins=(14, 6, 14, 6))
        self._figures: list[TextLabel] = []
        for words in ("alarms", "an hour", "ended within 15 s", "sound paused", "until acknowledged"):
            figure = TextLabel("0", size="title", weight=SEMIBOLD)
            self._figures.append(figure)
            pair = Row(gap=6)
            pair.addWidget(figure)
            pair.addWidget(TextLabel(words, size="note", ink="ink_soft"))
            row.addLayout(pair)
        row.addStretch(1)
        self.setLayout(row)

    def show_burden(self, burden: Burden) -> None:
        """What stands in the log so far."""
        response = "–" if burden.response_s is None else minutes_and_seconds(burden.response_s)
        texts = (
            str(burden.new),
            f"{burden.new_per_hour:.1f}",
            str(burden.self_cleared),
            minutes_and_seconds(burden.silenced_s),
            response,
        )
        for figure, text in zip(self._figures, texts, strict=True):
            figure.set_text(text)

    def texts(self) -> tuple[str, ...]:
        return tuple(figure.text() for figure in self._figures)
