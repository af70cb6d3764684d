"""People have skills and an extension at which their desk is reached."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both columns; whoever is there already has none of either."""
    for name in ("skills", "extension"):
        op.add_column("people", sa.Column(name, sa.Text, nullable=False, server_default=""))
