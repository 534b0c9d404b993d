"""A report's chart: alarms, what was entered, vital signs and dose under one another on one time axis. Reads in grey."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QRectF

from clinical.observations import Priority
from clinical.report.summary import standing
from clinical.report.told import AlarmEntry, CaseReport
from widgets.figures import written
from widgets.report.curves import Frame, doses_within, draw_cuffs, draw_doses, draw_limits, draw_trend, missing, scale_label
from widgets.report.frame import moment_of, time_of
from widgets.report.lanes import Lane, Scales
from widgets.report.marks import SCORE, draw_mark, mark_of
from widgets.report.pieces import Piece
from widgets.report.sheet import FAINT, MARK, NOTE, RULE, Align, Sheet, Stroke

LEFT, RIGHT = 46.0, 30.0
ALARM_ROW, MARK_ROW, AXIS, LANE_GAP = 6.0, 10.0, 11.0, 3.0
DOSE_SHARE = 1.0
BAR = Stroke(0.6)
APART_PT = 3.0
"""Signs of one kind nearer to one another than this are drawn once; the lists have them all."""
DATED_FROM_S = 14_400
_TICKS_S = (300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 172_800)
_MOST_TICKS = 8


class Chart:
    """Between two moments of a case."""

    def __init__(self, report: CaseReport, since_s: float, until_s: float, scales: Scales) -> None:
        self._report = report
        self._since_s, self._until_s = since_s, until_s
        self._lanes, self._top = scales.lanes, scales.top_mg_per_h
        self._end_s = min(until_s, report.length_s)

    def piece(self, width: float, height: float) -> Piece:
        return Piece(height, lambda sheet, x, y: self._paint(sheet, QRectF(x + LEFT, y, width - LEFT - RIGHT, height)))

    def _paint(self, sheet: Sheet, box: QRectF) -> None:
        alarms_top = box.y() + 3
        marks_top = alarms_top + 3 * ALARM_ROW
        lanes_top = marks_top + MARK_ROW
        self._alarms(sheet, Frame(QRectF(box.x(), alarms_top, box.width(), 3 * ALARM_ROW), self._since_s, self._until_s, 0, 1))
        self._marks(sheet, Frame(QRectF(box.x(), marks_top, box.width(), MARK_ROW), self._since_s, self._until_s, 0, 1))
        foot = box.bottom() - AXIS
        self._ticks(sheet, box, lanes_top, foot)
        shares = sum(lane.share for lane in self._lanes) + DOSE_SHARE
        room = foot - lanes_top - len(self._lanes) * LANE_GAP
        top = lanes_top
        for lane in self._lanes:
            height = room * lane.share / shares
            self._lane(sheet, Frame(QRectF(box.x(), top, box.width(), height), self._since_s, self._until_s, lane.low, lane.high), lane)
            top += height + LANE_GAP
        self._dose(sheet, Frame(QRectF(box.x(), top, box.width(), foot - top), self._since_s, self._until_s, 0, self._top))

    def _alarms(self, sheet: Sheet, frame: Frame) -> None:
        """A row for each priority; a bar as long as the alarm stood, hollow where it came from the equipment."""
        for row, priority in enumerate((Priority.HIGH, Priority.MEDIUM, Priority.LOW)):
            y = frame.box.y() + row * ALARM_ROW
            sheet.text(frame.box.x() - 8, y + MARK.points * 0.8, priority.value, MARK, Align.RIGHT)
            for alarm in self._report.alarms:
                if alarm.priority is priority and alarm.at_s <= self._until_s and self._over(alarm) >= self._since_s:
                    self._bar(sheet, frame, alarm, y)
            sheet.line(frame.box.x(), y + ALARM_ROW - 0.6, frame.box.right(), y + ALARM_ROW - 0.6, FAINT)

    def _over(self, alarm: AlarmEntry) -> float:
        return self._report.length_s if alarm.until_s is None else alarm.until_s

    def _bar(self, sheet: Sheet, frame: Frame, alarm: AlarmEntry, y: float) -> None:
        begin = frame.x(max(alarm.at_s, self._since_s))
        end = max(begin + 1.4, frame.x(min(self._over(alarm), self._until_s)))
        box = QRectF(begin, y + 0.9, min(end, frame.box.right()) - begin, ALARM_ROW - 2.6)
        hollow = alarm.kind.value == "technical"
        sheet.box(box, "background" if hollow else "ink", BAR)

    def _marks(self, sheet: Sheet, frame: Frame) -> None:
        y = frame.box.y() + MARK_ROW / 2
        sheet.text(frame.box.x() - 8, y + MARK.points * 0.36, "entered", MARK, Align.RIGHT)
        told = [(entry.at_s, mark_of(entry.kind)) for entry in self._report.entries if entry.replaced_by is None]
        told += [(one.at_s, SCORE) for one in standing(self._report.scores)]
        last: dict[str, float] = {}
        for at_s, mark in sorted(told):
            x = frame.x(at_s)
            if self._since_s <= at_s <= self._until_s and x - last.get(mark, -math.inf) >= APART_PT:
                draw_mark(sheet, mark, x, y)
                last[mark] = x

    def _ticks(self, sheet: Sheet, box: QRectF, top: float, foot: float) -> None:
        heading = self._report.heading
        frame = Frame(box, self._since_s, self._until_s, 0, 1)
        step = next((step for step in _TICKS_S if (self._until_s - self._since_s) / step <= _MOST_TICKS), _TICKS_S[-1])
        for number in range(math.ceil(self._since_s / step), math.floor(self._until_s / step) + 1):
            second = number * step
            x = frame.x(second)
            sheet.line(x, top, x, foot, FAINT)
            words = moment_of(heading, second, self._report.length_s) if step >= DATED_FROM_S else time_of(heading, second)
            sheet.text(x, foot + MARK.points + 2.5, words, MARK, Align.CENTRE)

    def _ground(self, sheet: Sheet, frame: Frame, title: str, unit: str, step: float) -> None:
        box = frame.box
        value, last = math.ceil(frame.low / step) * step, math.inf
        while value <= frame.high + 1e-9:
            y = frame.y(value)
            sheet.line(box.x(), y, box.right(), y, FAINT)
            label = min(max(y, box.y() + MARK.points * 0.5), box.bottom() - MARK.points * 0.5)
            if last - label >= MARK.points + 0.6:
                scale_label(sheet, box.x() - 3, label, value)
                last = label
            value += step
        sheet.box(box, stroke=RULE)
        sheet.text(box.x() - LEFT, box.y() + NOTE.points, title, NOTE)
        for line, part in enumerate(unit.split(", ")):
            sheet.text(box.x() - LEFT, box.y() + 2 * NOTE.points + 1 + line * MARK.leading, part, MARK)

    def _lane(self, sheet: Sheet, frame: Frame, lane: Lane) -> None:
        if lane.trend is not None:
            self._missing(sheet, frame, missing(lane.trend, lane.usual_s, self._since_s, self._end_s))
        self._ground(sheet, frame, lane.title, lane.unit, lane.step)
        draw_limits(sheet, frame, lane, self._report.limits)
        if lane.trend is not None:
            draw_trend(sheet, frame, lane.trend, lane.usual_s)
        if lane.cuffs:
            draw_cuffs(sheet, frame, self._report.cuffs)

    def _missing(self, sheet: Sheet, frame: Frame, stretches: Sequence[tuple[float, float]]) -> None:
        for since_s, until_s in stretches:
            box = QRectF(frame.x(since_s), frame.box.y(), frame.x(until_s) - frame.x(since_s), frame.box.height())
            sheet.box(box, "gap")
            if box.width() > sheet.text_width("no data", MARK) + 6:
                sheet.text(box.center().x(), box.center().y() + MARK.points * 0.36, "no data", MARK, Align.CENTRE)

    def _dose(self, sheet: Sheet, frame: Frame) -> None:
        report = self._report
        self._missing(sheet, frame, list(self._unheard()))
        step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000) if self._top / step <= 4)
        draw_doses(sheet, frame, report.doses, self._end_s)
        self._ground(sheet, frame, "Dose", "mg/h", step)
        last = doses_within(report.doses, self._end_s, self._end_s)
        if last:
            sheet.text(frame.box.right() + 3, frame.box.y() + MARK.points, "given", MARK)
            sheet.text(frame.box.right() + 3, frame.box.y() + MARK.points + MARK.leading, f"{written(last[-1].given_mg, 1)} mg", MARK)

    def _unheard(self) -> list[tuple[float, float]]:
        """When the pump was silent, or had not been heard yet."""
        doses = self._report.doses
        if not doses:
            return [(self._since_s, self._end_s)] if self._end_s > self._since_s else []
        shown = doses_within(doses, self._since_s, self._end_s)
        ends = [*(later.at_s for later in shown[1:]), self._end_s]
        told = [(0.0, doses[0].at_s)] if doses[0].at_s > 1 else []
        told += [(point.at_s, end) for point, end in zip(shown, ends, strict=True) if point.stale or point.rate_mg_per_h is None]
        cut = [(max(begin, self._since_s), min(end, self._end_s)) for begin, end in told]
        return [(begin, end) for begin, end in cut if begin < end]
