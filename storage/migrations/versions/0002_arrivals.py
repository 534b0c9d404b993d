"""The order in which everything came, for exact replay; how often an alarm came back; the pressure in the pump's line in mmHg."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "arrivals",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("kinds", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("arrivals_by_case", "arrivals", ["case_id"], unique=False)
    # SQLite can put a column in its place only by copying the table; a server adds it at the end, where it does as well
    copies = op.get_bind().dialect.name == "sqlite"
    recreate: Literal["always", "never"] = "always" if copies else "never"
    with op.batch_alter_table("pump_reports", recreate=recreate) as batch:
        batch.add_column(sa.Column("pressure_mmhg", sa.Double(), nullable=True), insert_after="interval_s" if copies else None)
    with op.batch_alter_table("alarm_transitions", recreate=recreate) as batch:
        batch.add_column(sa.Column("returns", sa.Integer(), nullable=True), insert_after="by" if copies else None)
