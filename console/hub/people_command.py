"""`heart-console person add`: put a person into a hub's store, asking for the password on the terminal."""

import argparse
import sys
from getpass import getpass

from console.domain.ids import ProgrammeCode, UserId
from console.domain.state import Role
from console.hub import people
from console.hub.store import StoreUnusable, write_once


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `heart-console person`."""
    actions = parser.add_subparsers(dest="person_action", required=True)
    add = actions.add_parser("add", help="add a person, or change one and their password")
    add.add_argument("user_id", metavar="NAME", help="the name to sign in with")
    add.add_argument("--role", required=True, choices=[role.value for role in Role], help="what the person may do")
    add.add_argument("--store", required=True, metavar="URL", help="the hub's store, sqlite:///FILE")
    add.add_argument("--name", default="", help="the person's name as others read it (the sign-in name, if left out)")
    add.add_argument("--title", default="", help="for example LCSW")
    add.add_argument("--position", default="", help="for example Position 4")
    add.add_argument("--programme", default="", help="the code of the programme a clinician answers for")
    add.add_argument("--languages", default="en", help="languages the person speaks, separated by spaces")


def main(args: argparse.Namespace) -> int:
    """Carry it out: 0 done, 1 refused, with one line on stderr."""
    user_id = args.user_id.strip()
    if not user_id or len(user_id) > people.LONGEST_NAME:
        return _refused(f"a sign-in name has 1 to {people.LONGEST_NAME} characters")
    try:
        password = getpass(f"Password for {user_id}: ")
        if (weak := people.weakness(user_id, password)) is not None:
            return _refused(f"{weak}; nothing was changed")
        if getpass("The same again: ") != password:
            return _refused("the two passwords differ; nothing was changed")
        person = people.Person(
            UserId(user_id), args.name or user_id, Role(args.role), people.hashed(password), args.title, args.position,
            ProgrammeCode(args.programme), tuple(args.languages.split()) or ("en",),
        )  # fmt: skip
        write_once(args.store, lambda connection: people.keep(person, connection))
    except (EOFError, KeyboardInterrupt):
        return _refused("no password was typed; nothing was changed")
    except StoreUnusable as error:
        return _refused(str(error))
    print(f"{user_id} may sign in as {args.role}.")
    return 0


def _refused(why: str) -> int:
    print(f"heart-console person: {why}", file=sys.stderr)
    return 1
