"""The seal of an export: an HMAC-SHA-256 over its manifest, which lists the SHA-256 of each file and the head of the audit chain.

It proves to whoever has the key, which is this installation, that the manifest was written here and is as it was. It proves nothing
to others, and whoever has the key can seal anything: it is no signature in the sense of the law.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

SEAL = "seal"


def signed(manifest: dict[str, Any], key: bytes) -> dict[str, Any]:
    """The manifest with its seal as the last entry."""
    told = {"method": "HMAC-SHA-256 over the JSON of all else, keys sorted, without blanks", "key": key_name(key)}
    return manifest | {SEAL: told | {"value": _value(manifest, key)}}


def seal_fault(manifest: dict[str, Any], key: bytes) -> str:
    """What is wrong with the seal of a manifest; empty where it holds."""
    seal = manifest.get(SEAL)
    if not isinstance(seal, dict):
        return "it carries no seal"
    if seal.get("key") != key_name(key):
        return "it was sealed by another installation, whose key is not here"
    rest = {name: value for name, value in manifest.items() if name != SEAL}
    return "" if hmac.compare_digest(str(seal.get("value")), _value(rest, key)) else "it is not as it was sealed"


def key_name(key: bytes) -> str:
    """Tells one key from another and gives nothing of it away."""
    return hashlib.sha256(b"name of key\0" + key).hexdigest()[:16]


def _value(manifest: dict[str, Any], key: bytes) -> str:
    line = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hmac.new(key, line.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
