"""Seals over the rows that the chain of clinical rows leaves out. What a case had before is counted, not sealed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.schema import CASES, SEALS
from storage.seals import Sealer, counts_of, first_hash

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seals",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at_utc_ns", sa.BigInteger(), nullable=False),
        sa.Column("at_mono_ns", sa.BigInteger(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("marks", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("chain_rows", sa.BigInteger(), nullable=False),
        sa.Column("chain_head", sa.LargeBinary(), nullable=False),
        sa.Column("prev_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.PrimaryKeyConstraint("case_id", "number"),
    )
    connection = op.get_bind()
    known = CASES.c
    cases = sa.select(known.id, known.uuid, known.started_utc_ns, known.started_mono_ns, known.chain_rows, known.chain_head)
    names = [column.name for column in SEALS.columns]
    for case in connection.execute(cases).all():
        began, chain = (case.started_utc_ns, case.started_mono_ns), (case.chain_rows, case.chain_head)
        row = Sealer(0, first_hash(case.uuid)).unsealed(began, counts_of(connection, case.id), chain)
        connection.execute(SEALS.insert().values(dict(zip(names, (case.id, *row), strict=True))))
