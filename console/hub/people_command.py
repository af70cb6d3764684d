"""`heart-console person`: put a person into a hub's store, asking for the password on the terminal; list who is in it."""

import argparse
import sys
from getpass import getpass

from msgspec.structs import replace

from console.domain.ids import ProgrammeCode, UserId
from console.domain.state import Role
from console.hub import people
from console.hub.ledger import folded
from console.hub.store import StoreUnusable, path_of, read_once, write_once
from console.wire.codec import Unreadable

_ROLES = [role.value for role in Role if role is not Role.CREW]
"""A crew speaks by its unit's tablet, which has a token (`heart-console tablet`) and no name to sign in with."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `heart-console person`."""
    actions = parser.add_subparsers(dest="person_action", required=True, metavar="WHAT")
    add = actions.add_parser("add", help="add a person, or change one and their password: what is left out stays")
    add.add_argument("user_id", metavar="NAME", help="the name to sign in with")
    listing = actions.add_parser("list", help="everybody who may sign in: name, role, programme, extension")
    for action in (add, listing):
        action.add_argument("--store", required=True, metavar="URL", help="the hub's store, sqlite:///FILE")
    add.add_argument("--role", required=True, choices=_ROLES, help="what the person may do")
    add.add_argument("--name", help="the person's name as others read it (the sign-in name, if left out)")
    add.add_argument("--title", help="for example LCSW")
    add.add_argument("--position", help="for example Position 4")
    add.add_argument("--programme", help="the code of the programme a clinician answers for")
    add.add_argument("--languages", help="languages the person speaks, separated by spaces (en, if left out)")
    add.add_argument("--skills", help="codes of the center's skills that the person has, separated by spaces")
    add.add_argument("--extension", help="what to dial to reach the person's desk, for example 2103")


def main(args: argparse.Namespace) -> int:
    """Carry it out: 0 done, 1 refused, with one line on stderr."""
    if args.person_action == "list":
        return _list(args.store)
    user_id = args.user_id.strip()
    if not user_id or len(user_id) > people.LONGEST_NAME:
        return _refused(f"a sign-in name has 1 to {people.LONGEST_NAME} characters")
    try:
        before = _known(args.store, user_id)
        person = _person(args, before or people.Person(UserId(user_id), user_id, Role(args.role)))
        if person.role is Role.CLINICIAN and not person.programme:
            return _refused("a clinician answers for a programme: give its code with --programme; nothing was changed")
        if unknown := _unknown(args.store, person):
            return _refused(f"{unknown}; nothing was changed")
        password = getpass(f"Password for {user_id}: ")
        if (weak := people.weakness(user_id, password)) is not None:
            return _refused(f"{weak}; nothing was changed")
        if getpass("The same again: ") != password:
            return _refused("the two passwords differ; nothing was changed")
        kept = replace(person, password_hash=people.hashed(password))
        write_once(args.store, lambda connection: people.keep(kept, connection))
    except (EOFError, KeyboardInterrupt):
        return _refused("no password was typed; nothing was changed")
    except StoreUnusable as error:
        return _refused(str(error))
    if before is None:
        print(f"{user_id} may sign in as {args.role}.")
    else:
        print(f"{user_id} was changed: may sign in as {args.role}, with the new password.")
    return 0


def _list(store: str) -> int:
    try:
        print("\n".join(map(_line, read_once(store, people.everybody))) or "Nobody may sign in yet.")
    except StoreUnusable as error:
        return _refused(str(error))
    return 0


def _line(person: people.Person) -> str:
    more = (person.programme, person.position, f"dial {person.extension}" if person.extension else "", person.name)
    return f"{person.user_id:12}  {person.role.value:16}  {', '.join(filter(None, more))}"


def _known(store: str, user_id: str) -> people.Person | None:
    """Who has that sign-in name in a store; nobody where there is no store yet. It is not made before it is needed."""
    if not path_of(store).is_file():
        return None
    return write_once(store, lambda connection: people.find(user_id, connection))


def _unknown(store: str, person: people.Person) -> str:
    """Which code the center of that store does not have, and which it has; "" where a hub has not yet said what it has."""
    if not path_of(store).is_file():
        return ""
    try:
        agency = read_once(store, folded).agency
    except Unreadable as error:
        return f"the store's log cannot be read ({error}); a newer version wrote it"
    if not agency.programmes:
        return ""
    programmes, skills = ({each.code for each in some} for some in (agency.programmes, agency.skills))
    if person.programme and person.programme not in programmes:
        return f"the center has no programme {person.programme!r}: it has {', '.join(sorted(programmes))}"
    strange = [skill for skill in person.skills if skill not in skills]
    if strange:
        return f"the center has no skill {strange[0]!r}: it has {', '.join(sorted(skills)) or 'none'}"
    return ""


def _person(args: argparse.Namespace, before: people.Person) -> people.Person:
    """The person as they were, but for what is given."""
    return replace(
        before,
        name=before.name if args.name is None else args.name or before.user_id,
        role=Role(args.role),
        title=before.title if args.title is None else args.title,
        position=before.position if args.position is None else args.position,
        programme=before.programme if args.programme is None else ProgrammeCode(args.programme),
        languages=before.languages if args.languages is None else tuple(args.languages.split()) or ("en",),
        skills=before.skills if args.skills is None else tuple(args.skills.split()),
        extension=before.extension if args.extension is None else args.extension.strip(),
    )


def _refused(why: str) -> int:
    print(f"heart-console person: {why}", file=sys.stderr)
    return 1
