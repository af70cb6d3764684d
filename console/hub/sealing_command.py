"""`heart-console sealing`: the center's key made and changed, a call's notes redacted, and the audit read."""

import argparse
import asyncio
import sys
from datetime import UTC, datetime
from functools import partial

from sqlalchemy import Connection

from console.hub import history, sealed
from console.hub.center_key import KeyUnusable, apart, load, make
from console.hub.ledger import folded
from console.hub.store import Store, StoreUnusable, path_of, read_once, write_once
from console.wire.codec import Unreadable

_KEY_HELP = "a key file, kept apart from the store, or keyring:NAME"


class Refused(Exception):
    """The command is not carried out; the message says why."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `heart-console sealing`."""
    actions = parser.add_subparsers(dest="sealing_action", required=True)
    new = actions.add_parser("new-key", help="make a center's key, to start the hub with (--sealing-key)")
    new.add_argument("key", metavar="KEY", help=_KEY_HELP)
    rotate = actions.add_parser("rotate", help="put every key under another center key, while no hub uses the store")
    rotate.add_argument("--old", required=True, metavar="KEY", help="the key the store is under now")
    rotate.add_argument("--new", required=True, metavar="KEY", help="the key it is to be under; make it with new-key")
    redact = actions.add_parser(
        "redact", help="destroy the key of the notes about a call, a known neighbor or a referral, for ever"
    )
    redact.add_argument("call", metavar="CALL", help="the call's number or id, or the id of a known neighbor or a referral")
    redact.add_argument("--by", required=True, metavar="NAME", help="who answers for it")
    redact.add_argument("--reason", required=True, help="why; whoever asks for the note reads it")
    audit = actions.add_parser("audit", help="who opened which note, when and why, and who was refused")
    for with_store in (rotate, redact, audit):
        with_store.add_argument("--store", required=True, metavar="URL", help="the hub's store, sqlite:///FILE")


def main(args: argparse.Namespace) -> int:
    """Carry it out: 0 done, 1 refused, with one line on stderr."""
    try:
        match args.sealing_action:
            case "new-key":
                make(args.key)
                print(f"{args.key}: made. Keep a copy apart from every backup of the store; without it no note opens.")
            case "rotate":
                _rotate(args)
            case "redact":
                _redact(args)
            case _:
                _audit(args)
    except (KeyUnusable, StoreUnusable, Refused) as error:
        print(f"heart-console sealing: {error}", file=sys.stderr)
        return 1
    return 0


def _rotate(args: argparse.Namespace) -> None:
    """With the store held, so that no hub goes on under the old key."""
    apart(args.new, path_of(args.store))
    old, new = load(args.old), load(args.new)
    if not path_of(args.store).is_file():
        raise Refused(f"{args.store}: there is no such file; name the store of a hub")
    store = Store(args.store)
    try:
        count = asyncio.run(store.write(partial(sealed.rotate, old, new)))
    finally:
        store.close()
    print(f"{count} keys lie under {args.new} now; start the hub with it.")
    print("Backups made before still open under the old key: destroy that once they are gone, or with what was redacted.")


def _redact(args: argparse.Namespace) -> None:
    if not (args.by.strip() and args.reason.strip()):
        raise Refused("say who answers for it and why; nothing was changed")
    subject = read_once(args.store, partial(_subject_named, args.call))
    now = datetime.now(UTC)
    count = write_once(args.store, lambda at: sealed.redact(subject, args.by, args.reason, now, at))
    if not count:
        raise Refused(f"call {args.call} has no sealed notes that could still be opened; nothing was changed")
    print(f"The key of call {args.call}'s notes was destroyed; nobody can open them any more.")
    print("Backups of the store still hold it under the center's key: rotate to a new one, and destroy the old with them.")


def _subject_named(name: str, connection: Connection) -> str:
    """The one call of that number or id, on the board or gone from it, or the neighbor or the referral of that id."""
    try:
        state = folded(connection)
    except Unreadable as error:
        raise StoreUnusable(f"a newer HEART console wrote this log ({error}); use that version") from None
    if name in state.neighbors or name in state.referrals:
        return name
    found: set[str] = {call.call_id for call in state.calls.values() if name in (call.number, call.call_id)}
    found |= {call.call_id for call in history.called(connection, name)}
    if not found:
        raise Refused(f"there is no call {name}; nothing was changed")
    if len(found) > 1:
        raise Refused(f"several calls have the number {name}; name one by its id: {', '.join(sorted(found))}")
    return found.pop()


def _audit(args: argparse.Namespace) -> None:
    for access in read_once(args.store, sealed.accesses):
        what = "opened" if access.opened else "was refused"
        why = f": {access.reason}" if access.reason else ""
        print(f"{access.at:%Y-%m-%d %H:%M:%S}Z {access.user_id} at {access.desk_id} {what} note {access.note_id} "
              f"about {access.subject}{why}")  # fmt: skip
