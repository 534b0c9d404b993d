"""Where files can go from here: the user's documents, and whatever is plugged in. May take a while where a network's disk does not answer,
so it is looked up away from the painting thread.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol as Interface

from platformdirs import user_documents_path
from PySide6.QtCore import QStorageInfo

from widgets.export_page import PlaceRow

PLUGGED_IN = ("/media/", "/run/media/", "/Volumes/")
"""Where Linux and macOS put what is plugged in."""
MOST = 3


class Volume(Interface):
    """What is asked of a disk; as ``QStorageInfo`` has it."""

    def rootPath(self) -> str: ...  # noqa: N802 - Qt's name
    def displayName(self) -> str: ...  # noqa: N802 - Qt's name
    def bytesAvailable(self) -> int: ...  # noqa: N802 - Qt's name
    def isReady(self) -> bool: ...  # noqa: N802 - Qt's name
    def isReadOnly(self) -> bool: ...  # noqa: N802 - Qt's name
    def isRoot(self) -> bool: ...  # noqa: N802 - Qt's name


def places_here() -> tuple[PlaceRow, ...]:
    """The documents first."""
    return places_of(user_documents_path(), QStorageInfo.mountedVolumes())


def places_of(documents: Path, volumes: Iterable[Volume]) -> tuple[PlaceRow, ...]:
    """A row for the documents and for each disk that is plugged in and can be written."""
    sticks = [volume for volume in volumes if _is_stick(volume)]
    rows = (PlaceRow(folder=one.rootPath(), title=one.displayName() or one.rootPath(), note=_free(one)) for one in sticks[:MOST])
    return (PlaceRow(folder=str(documents), title="Documents", note="on this computer"), *rows)


def _is_stick(volume: Volume) -> bool:
    if not volume.isReady() or volume.isReadOnly() or volume.isRoot():
        return False
    return sys.platform == "win32" or volume.rootPath().startswith(PLUGGED_IN)


def _free(volume: Volume) -> str:
    return f"plugged in, {volume.bytesAvailable() / 1e9:,.1f} GB free"
