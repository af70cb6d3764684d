"""Where units have been: a table beside the log."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, and the index by which a unit's track is read in the order of its times."""
    op.create_table(
        "track",
        sa.Column("track_id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("unit_id", sa.String(64), nullable=False),
        sa.Column("fix_at", sa.BigInteger, nullable=False),
        sa.Column("received_at", sa.BigInteger, nullable=False),
        sa.Column("latitude", sa.Float, nullable=False),
        sa.Column("longitude", sa.Float, nullable=False),
        sa.Column("speed_km_h", sa.Float, nullable=True),
        sa.Column("course", sa.Float, nullable=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("jump", sa.Boolean, nullable=False),
    )
    op.create_index("track_unit_fix_at", "track", ["unit_id", "fix_at"])
