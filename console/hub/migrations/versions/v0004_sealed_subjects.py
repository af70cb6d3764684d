"""Sealed notes are about calls, known neighbors and referrals: what they are about is their subject."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rename the column, and with it the table of keys."""
    op.drop_index("call_key_call_id", "call_key")
    op.rename_table("call_key", "subject_key")
    for table in ("subject_key", "sealed_note", "sealed_access"):
        with op.batch_alter_table(table) as changed:
            changed.alter_column("call_id", new_column_name="subject", existing_type=sa.String(64), existing_nullable=False)
    op.create_index("subject_key_subject", "subject_key", ["subject"])
