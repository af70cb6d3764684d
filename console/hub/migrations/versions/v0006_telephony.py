"""How far the center's switch has been told of hand-offs."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; it holds one row."""
    op.create_table("telephony_cursor", sa.Column("delivered", sa.BigInteger, primary_key=True))
