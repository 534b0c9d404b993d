"""An invented case on its way out, for the gallery."""

from __future__ import annotations

from widgets.export_page import ExportPage, FormatRow

ROWS = (
    FormatRow(name="csv", title="Tables (CSV)", note="every sheet, waveforms as WFDB, the report"),
    FormatRow(name="pdf", title="Report (PDF)", note="summary, a page an hour, drug, signatures"),
    FormatRow(name="edf", title="EDF+", note="waveforms and trends with annotations"),
    FormatRow(name="fhir", title="FHIR R4", note="a bundle for another clinical system"),
    FormatRow(name="bedside", title="The record itself", note="Bedside imports it again, whole", keeps_all=True),
)


def export_page() -> ExportPage:
    """A format is chosen, names stay out, nothing was written yet."""
    page = ExportPage()
    page.set_case("Export case 3")
    page.set_formats(ROWS)
    page.choose("edf")
    page.hidden.click()
    page.set_place("bedside-case-3-edf-deidentified\nin /media/stick")
    return page


def export_page_writing() -> ExportPage:
    """Under way."""
    page = export_page()
    page.show_progress("Writing: 42%", 0.42)
    return page
