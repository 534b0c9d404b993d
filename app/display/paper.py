"""The process that draws a report: ``python -m app.display.paper a4`` reads values from standard input and writes a PDF. No screen.

It knows no case, no file and no database; what it may tell is decided before. Started by ``app.reporting`` alone.
"""

from __future__ import annotations

import gc
import pickle
import sys

from PySide6.QtGui import QGuiApplication

from app.giving_way import give_way
from clinical.report.handover import Handover
from clinical.report.told import CaseReport
from widgets.fonts import load_fonts
from widgets.report.handover_page import handover_pdf
from widgets.report.pdf import report_pdf


def main(paper: str) -> int:
    """Draws on paper of that name what the parent sends."""
    gc.disable()  # it draws once and ends: looking for circles among a long case's values and pieces is all cost
    app = QGuiApplication(["bedside", "-platform", "offscreen"])
    load_fonts()
    values: CaseReport | Handover = pickle.load(sys.stdin.buffer)  # noqa: S301 (written by the process that started this one)
    pdf = handover_pdf(values, paper) if isinstance(values, Handover) else report_pdf(values, paper)
    sys.stdout.buffer.write(pdf)
    sys.stdout.buffer.flush()
    del app
    return 0


if __name__ == "__main__":
    give_way()
    sys.exit(main(sys.argv[1]))
