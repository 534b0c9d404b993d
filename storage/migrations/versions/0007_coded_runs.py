"""Minutes of waveforms and their overviews may hold runs coded by pcodec: no table changes, but an earlier program could not read them.

What was written before stays as it is and is read as before.
"""

from __future__ import annotations

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Only the number changes: by it an earlier program knows that it is too old, and says so."""
