"""Runs migrations on the connection that ``upgrade.py`` hands over, within its transaction."""

from __future__ import annotations

from alembic import context

from storage.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=False,  # the caller's transaction holds all of it
    render_as_batch=True,  # SQLite changes a table by copying it
)
context.run_migrations()
