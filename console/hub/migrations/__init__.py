"""Alembic migrations of the store; run at start by `store.py`, only when the schema is behind."""
