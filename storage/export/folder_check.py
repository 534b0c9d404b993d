"""Whether an exported folder is as it was written: every file by its SHA-256, the manifest by its seal. Changes nothing.

What a manifest names is never opened outside of its folder.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from storage.errors import ExportError
from storage.export.case_folder import MANIFEST
from storage.export.sheet import digest_of
from storage.seal import SEAL, key_name, seal_fault

LARGEST_MANIFEST = 16 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SealTold:
    """What a seal says. ``broken``: it was made here and does not hold, or was taken away."""

    holds: bool
    broken: bool
    text: str


def manifest_of(folder: Path) -> dict[str, Any]:
    """The manifest of an exported folder. Raises ExportError if there is none that can be read."""
    path = folder / MANIFEST
    try:
        if path.stat().st_size > LARGEST_MANIFEST:
            raise ExportError(f"{path} is too large to be a manifest of Bedside")
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ExportError(f"{folder} is no folder made by `bedside export` ({MANIFEST}: {_told(error)})") from error
    if not isinstance(manifest, dict) or manifest.get("program") != "Bedside" or not isinstance(manifest.get("files"), list):
        raise ExportError(f"{folder} is no folder made by `bedside export`: its {MANIFEST} is another program's")
    return manifest


def _told(error: Exception) -> str:
    return (error.strerror or "cannot be read") if isinstance(error, OSError) else "cannot be read"


def folder_faults(folder: Path) -> list[str]:
    """What is not as the manifest has it, in its order; then files that it does not name. Raises ExportError without a manifest."""
    faults, named = [], {MANIFEST}
    for entry in manifest_of(folder)["files"]:
        name = entry.get("name") if isinstance(entry, dict) else None
        if not isinstance(name, str) or not _inside(folder, name):
            faults.append(f"{MANIFEST} names {str(name)[:80]!r}, which is not in this folder")
            continue
        named.add(name)
        path = folder / name
        if not path.is_file():
            faults.append(f"{name} is missing")
        elif digest_of(path) != entry.get("sha256"):
            faults.append(f"{name} is not as it was written")
    found = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return faults + [f"{name} was added" for name in found if name not in named]


def _inside(folder: Path, name: str) -> bool:
    parts = PurePosixPath(name)
    return not parts.is_absolute() and ".." not in parts.parts and (folder / name).resolve().is_relative_to(folder.resolve())


def seal_told(folder: Path, key: bytes) -> SealTold:
    """What the manifest's seal says to who has a key."""
    manifest = manifest_of(folder)
    fault = seal_fault(manifest, key)
    seal = manifest.get(SEAL)
    ours = isinstance(seal, dict) and seal.get("key") == key_name(key)
    return SealTold(holds=not fault, broken=bool(fault) and ours, text=f"{MANIFEST}: {fault}" if fault else "holds")
