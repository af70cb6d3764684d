"""Sealed notes beside the log: their keys, their bytes, and who opened them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the three tables."""
    op.create_table(
        "call_key",
        sa.Column("key_id", sa.String(64), primary_key=True),
        sa.Column("call_id", sa.String(64), nullable=False),
        sa.Column("center_key", sa.String(32), nullable=False),
        sa.Column("wrapped", sa.LargeBinary, nullable=True),
        sa.Column("made_at", sa.String(32), nullable=False),
        sa.Column("destroyed_at", sa.String(32), nullable=False),
        sa.Column("destroyed_by", sa.String(64), nullable=False),
        sa.Column("destroyed_because", sa.Text, nullable=False),
    )
    op.create_index("call_key_call_id", "call_key", ["call_id"])
    op.create_table(
        "sealed_note",
        sa.Column("note_id", sa.String(64), primary_key=True),
        sa.Column("call_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("key_id", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "sealed_access",
        sa.Column("access_id", sa.String(64), primary_key=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("desk_id", sa.String(64), nullable=False),
        sa.Column("call_id", sa.String(64), nullable=False),
        sa.Column("note_id", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("opened", sa.Boolean, nullable=False),
    )
    op.create_index("sealed_access_at", "sealed_access", ["at"])
