"""PINs and passphrases of people: what may be one, its Argon2id hash, and whether one that is typed fits."""

from __future__ import annotations

from itertools import pairwise

SHORTEST_PIN, SHORTEST_WORDS = 6, 8
"""A PIN's figures; letters of anything else. Proposals, to be confirmed by your site."""
LONGEST = 200
TIME_COST, MEMORY_KIB, LANES = 3, 64 * 1024, 4
"""RFC 9106's second recommended choice of Argon2id; about a quarter of a second here."""


def fault_of(secret: str) -> str:
    """Why a PIN or passphrase is not to be used; empty where it may be."""
    if len(secret) > LONGEST:
        return f"it is longer than {LONGEST} letters"
    if secret.isdecimal():
        if len(secret) < SHORTEST_PIN:
            return f"a PIN has at least {SHORTEST_PIN} figures"
        steps = {int(after) - int(before) for before, after in pairwise(secret)}
        return "this PIN is guessed first of all: choose another" if len(steps) == 1 and steps <= {0, 1, -1} else ""
    return f"a passphrase has at least {SHORTEST_WORDS} letters" if len(secret) < SHORTEST_WORDS else ""


def hashed(secret: str) -> str:
    """What is kept: the hash with its own salt and costs."""
    from argon2 import PasswordHasher  # noqa: PLC0415 (only where somebody signs in)

    return PasswordHasher(time_cost=TIME_COST, memory_cost=MEMORY_KIB, parallelism=LANES).hash(secret)


def fits(secret: str, kept: str) -> bool:
    """Whether what was typed is what was hashed. Takes as long either way."""
    from argon2 import PasswordHasher  # noqa: PLC0415 (as above)
    from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415 (as above)

    try:
        return PasswordHasher().verify(kept, secret[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
