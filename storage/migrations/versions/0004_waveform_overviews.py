"""Overviews of waveforms: the lowest and highest step in each stretch of time. Seconds that are there stay as they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "waveform_overviews",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("at_mono_ns", sa.BigInteger(), nullable=False),
        sa.Column("until_mono_ns", sa.BigInteger(), nullable=False),
        sa.Column("upto_id", sa.BigInteger(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    level = ["case_id", "level"]
    op.create_index("waveform_overviews_by_time", "waveform_overviews", [*level, "at_mono_ns", "until_mono_ns"], unique=False)
    op.create_index("waveform_overviews_by_end", "waveform_overviews", [*level, "upto_id"], unique=False)
    op.drop_index("waveforms_by_case", "waveforms")
    op.create_index("waveforms_by_case", "waveforms", ["case_id", "at_mono_ns", "until_mono_ns"], unique=False)
