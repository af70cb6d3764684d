"""The first tables: log, outcomes, snapshots, history of calls, people, sessions and sign-in attempts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table of the first release."""
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table("meta", sa.Column("name", sa.String(64), primary_key=True), sa.Column("value", sa.Text, nullable=False))
    op.create_table(
        "log",
        sa.Column("seq", number, primary_key=True, autoincrement=False),
        sa.Column("entry", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.String(32), nullable=False),
        sa.Column("command_id", sa.String(64), nullable=False),
    )
    op.create_table(
        "command_outcome",
        sa.Column("command_id", sa.String(64), primary_key=True),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("seq", number, nullable=False),
    )
    op.create_table(
        "snapshot",
        sa.Column("seq", number, primary_key=True, autoincrement=False),
        sa.Column("format", sa.Integer, nullable=False),
        sa.Column("state", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "call_history",
        sa.Column("call_id", sa.String(64), primary_key=True),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("nature", sa.String(128), nullable=False),
        sa.Column("callback", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("received_at", sa.String(32), nullable=False),
        sa.Column("closed_at", sa.String(32), nullable=False),
        sa.Column("outcome", sa.String(64), nullable=False),
        sa.Column("missed", sa.String(64), nullable=False),
        sa.Column("call", sa.Text, nullable=False),
    )
    for column in ("callback", "address", "closed_at"):
        op.create_index(f"call_history_{column}", "call_history", [column])
    op.create_table(
        "people",
        sa.Column("user_id", sa.String(64), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("position", sa.Text, nullable=False),
        sa.Column("programme", sa.String(32), nullable=False),
        sa.Column("languages", sa.Text, nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
    )
    op.create_table(
        "session",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("desk_id", sa.String(64), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("seen_at", sa.String(32), nullable=False),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("attempt_id", sa.String(64), primary_key=True),
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("desk_id", sa.String(64), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("accepted", sa.Boolean, nullable=False),
    )
    op.create_index("sign_in_attempt_user_at", "sign_in_attempt", ["user_id", "at"])
