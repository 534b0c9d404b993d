"""Alembic's scripts: how the schema of one revision becomes that of the next. Knows no running program."""
