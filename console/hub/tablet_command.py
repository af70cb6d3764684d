"""`heart-console tablet`: give a unit's tablet its token, list the tablets of a store, and take a token back."""

import argparse
import sys
from datetime import UTC, datetime
from functools import partial

from sqlalchemy import Connection

from console.domain.ids import UnitId
from console.domain.state import State
from console.hub import tablets
from console.hub.ledger import folded
from console.hub.store import StoreUnusable, read_once, write_once
from console.wire.codec import Unreadable
from console.wire.field import TabletSeen


class Refused(Exception):
    """The command is not carried out; the message says why."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `heart-console tablet`."""
    actions = parser.add_subparsers(dest="tablet_action", required=True, metavar="WHAT")
    add = actions.add_parser("add", help="give a unit one more tablet; its token is printed once and kept nowhere")
    add.add_argument("unit", metavar="UNIT", help="the unit's name")
    add.add_argument("--name", default="", help="which device it is, for example 'Vehicle 12, left'")
    listing = actions.add_parser("list", help="every tablet: whose, since when, last heard of when")
    revoke = actions.add_parser("revoke", help="take a tablet's token back; from then on the hub refuses it")
    revoke.add_argument("tablet", metavar="TABLET", help="its id, as `list` names it")
    for action in (add, listing, revoke):
        action.add_argument("--store", required=True, metavar="URL", help="the hub's store, sqlite:///FILE")


def main(args: argparse.Namespace) -> int:
    """Carry it out beside a hub that may be running: 0 done, 1 not, with one line on stderr."""
    try:
        match args.tablet_action:
            case "add":
                _add(args.store, UnitId(args.unit.strip()), args.name.strip())
            case "list":
                print("\n".join(map(_line, read_once(args.store, tablets.listed))) or "No unit has a tablet.")
            case _:
                _revoke(args.store, args.tablet.strip())
    except (Refused, StoreUnusable) as error:
        print(f"heart-console tablet: {error}", file=sys.stderr)
        return 1
    return 0


def _add(store: str, unit: UnitId, name: str) -> None:
    if len(name) > tablets.LONGEST_NAME:
        raise Refused(f"the name of a device has at most {tablets.LONGEST_NAME} characters; nothing was changed")
    known = sorted(_board(store).units)
    if unit not in known:
        which = f"it knows {', '.join(known)}" if known else "it knows none: start the hub once with --config"
        raise Refused(f"{store} knows no unit {unit}; {which}; nothing was changed")
    tablet_id, token = write_once(store, partial(tablets.add, unit, name, datetime.now(UTC)))
    print(f"Tablet {tablet_id} of {unit}. Its token, shown this once:\n\n    {token}\n")
    print(f"Open the hub's address on the tablet with /field#{token} behind it, or open /field and type the token.")


def _revoke(store: str, tablet_id: str) -> None:
    def work(connection: Connection) -> TabletSeen | None:
        return tablets.revoke(tablet_id, datetime.now(UTC), connection)

    if not read_once(store, tablets.listed):
        raise Refused("no unit has a tablet; nothing was changed")
    found = write_once(store, work)
    if found is None:
        raise Refused(f"there is no tablet {tablet_id}; `heart-console tablet list` names them; nothing was changed")
    if found.revoked_at is not None:
        print(f"The token of tablet {tablet_id} of {found.unit_id} was taken back before, at {_moment(found.revoked_at)}.")
    else:
        print(f"The token of tablet {tablet_id} of {found.unit_id} was taken back. The hub refuses it from now on.")


def _board(store: str) -> State:
    try:
        return read_once(store, folded)
    except Unreadable as error:
        raise Refused(f"{store}: the log cannot be read ({error}); nothing was changed") from None


def _line(seen: TabletSeen) -> str:
    heard = f"last heard {_moment(seen.heard_at)}" if seen.heard_at else "never heard"
    if seen.revoked_at:
        heard += f", taken back {_moment(seen.revoked_at)}"
    return f"{seen.tablet_id}  {seen.unit_id:12}  added {_moment(seen.added_at)}, {heard}  {seen.name}".rstrip()


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
