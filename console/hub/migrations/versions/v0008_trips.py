"""What drives took against what the streets said, by which estimates are calibrated."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, and the index by which the latest are found."""
    op.create_table(
        "trip",
        sa.Column("call_id", sa.String(64), primary_key=True),
        sa.Column("unit_id", sa.String(64), primary_key=True),
        sa.Column("part", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("begun_at", sa.String(32), nullable=False),
        sa.Column("estimated_minutes", sa.Float, nullable=False),
        sa.Column("minutes", sa.Float, nullable=True),
    )
    op.create_index("trip_begun_at", "trip", ["begun_at"])
