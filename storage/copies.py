"""Whether a case is kept elsewhere: in a backup, or in a folder that `bedside export` made. Looks at the copy itself, each time."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from storage.audit import verify
from storage.backup import beside
from storage.cases import reading
from storage.engine import parse_url
from storage.errors import ExportError, RetentionError, StoreError
from storage.export.case_folder import MANIFEST
from storage.export.case_record import NAME
from storage.export.folder_check import folder_faults, manifest_of
from storage.schema import CASES


def keeps_case(place: Path, address: str, uuid: str, head: bytes) -> str:
    """Why a place does not keep a case whole; empty where it does.

    Args:
        place: a backup's file, or an exported folder.
        address: of the database that the case is in: an encrypted one has encrypted backups.
        uuid, head: of the case, and of its audit chain as it stands there.
    """
    try:
        if place.is_dir():
            return _folder_keeps(place, uuid, head)
        return _database_keeps(beside(parse_url(address), place), uuid, head)
    except StoreError as error:
        return str(error)


def copies_in(places: list[Path]) -> list[Path]:
    """Places that are named, and each exported folder and backup directly in a folder that is named.

    Raises RetentionError for a place that is not there: a disk that is not connected is no reason to say that nothing is kept.
    """
    found = []
    for place in places:
        if not place.exists():
            raise RetentionError(f"{place} does not exist: name a backup, an exported record, or a folder of them")
        if place.is_dir() and not (place / MANIFEST).is_file():
            found += [one for one in sorted(place.iterdir()) if one.suffix == ".sqlite" or (one / MANIFEST).is_file()]
        else:
            found.append(place)
    return found


def _database_keeps(address: str, uuid: str, head: bytes) -> str:
    with reading(address) as (connection, _):
        case = connection.execute(select(CASES).where(CASES.c.uuid == uuid).order_by(CASES.c.id.desc()).limit(1)).one_or_none()
        if case is None:
            return "it does not have the case"
        if case.chain_head != head or case.ended_utc_ns is None:
            return "it has the case as it was at an earlier time"
        return verify(connection, case.id).fault


def _folder_keeps(folder: Path, uuid: str, head: bytes) -> str:
    """Only the record itself is all of a case: other formats leave something out, and say so."""
    manifest = manifest_of(folder)
    if manifest.get("case") != uuid or manifest.get("deidentified"):
        return "it is another case's, or de-identified"
    if not (folder / NAME).is_file():
        return "it does not hold the record itself (export it with `--format bedside`)"
    if faults := folder_faults(folder):
        raise ExportError(faults[0])
    return _database_keeps(f"sqlite:///{folder.absolute() / NAME}", uuid, head)
