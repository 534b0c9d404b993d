"""The table of formats. To add one: a file in this folder, and its name here."""

from __future__ import annotations

from types import MappingProxyType

from storage.export.case_csv import CSV
from storage.export.case_folder import Format
from storage.export.case_record import RECORD
from storage.export.edf_file import EDF
from storage.export.fhir_bundle import FHIR
from storage.export.hl7_oru import HL7
from storage.export.parquet_files import PARQUET
from storage.export.vital_file import VITAL
from storage.export.wfdb_case import WFDB

FORMATS = MappingProxyType({one.name: one for one in (CSV, EDF, WFDB, VITAL, PARQUET, FHIR, HL7, RECORD)})
"""By the name that the command line has for it."""


def format_named(name: str) -> Format:
    """Raises KeyError for a name that is not in the table."""
    return FORMATS[name]
