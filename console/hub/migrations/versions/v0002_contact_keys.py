"""Contacts are found by a normal form of the number and of the address, in place of the words as they were written."""

import sqlalchemy as sa
from alembic import op

from console.domain.same_place import number_key, place_key

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_AT_A_TIME = 5_000


def upgrade() -> None:
    """Add the two columns, fill them from the rows' own words, and index them with the time of receipt."""
    for name in ("number_key", "place_key"):
        op.add_column("call_history", sa.Column(name, sa.Text, nullable=False, server_default=""))
    _fill(op.get_bind())
    for name in ("callback", "address"):
        op.drop_index(f"call_history_{name}", "call_history")
    for name in ("number_key", "place_key"):
        op.create_index(f"call_history_{name}", "call_history", [name, "received_at"])


def _fill(connection: sa.Connection) -> None:
    names = ("call_id", "callback", "address", "number_key", "place_key")
    rows = sa.table("call_history", *(sa.column(name) for name in names))
    page = sa.select(rows.c.call_id, rows.c.callback, rows.c.address).order_by(rows.c.call_id).limit(_AT_A_TIME)
    row = sa.update(rows).where(rows.c.call_id == sa.bindparam("of"))
    row = row.values(number_key=sa.bindparam("number"), place_key=sa.bindparam("place"))
    after = ""
    while found := connection.execute(page.where(rows.c.call_id > after)).all():
        filled = [{"of": id_, "number": number_key(number), "place": place_key(place)} for id_, number, place in found]
        connection.execute(row, filled)
        after = found[-1].call_id
