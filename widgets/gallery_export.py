"""An invented case on its way out, for the gallery."""

from __future__ import annotations

from widgets.export_page import ExportPage, FormatRow, PlaceRow

ROWS = (
    FormatRow(name="csv", title="Tables (CSV)", note="every sheet, waveforms as WFDB, the report"),
    FormatRow(name="pdf", title="Report (PDF)", note="summary, a page an hour, drug, signatures"),
    FormatRow(name="edf", title="EDF+", note="waveforms and trends with annotations"),
    FormatRow(name="fhir", title="FHIR R4", note="a bundle for another clinical system"),
    FormatRow(name="bedside", title="The record itself", note="Bedside imports it again, whole", keeps_all=True),
)


PLACES = (
    PlaceRow(folder="/home/nurse/Documents", title="Documents", note="on this computer"),
    PlaceRow(folder="/media/nurse/WARD 7", title="WARD 7", note="plugged in, 14.2 GB free"),
)


def export_page() -> ExportPage:
    """A format is chosen, names stay out, nothing was written yet."""
    page = ExportPage()
    page.set_case("Export case 3")
    page.set_formats(ROWS)
    page.choose("edf")
    page.hidden.click()
    page.set_places(PLACES)
    page.set_place("bedside-case-3-edf-deidentified\nin /media/nurse/WARD 7", "/media/nurse/WARD 7")
    return page


def export_page_writing() -> ExportPage:
    """Under way."""
    page = export_page()
    page.show_progress("Writing: 42%", 0.42)
    return page
