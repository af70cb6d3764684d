"""`heart-console protocol export`: a protocol as a FHIR R4 Questionnaire, or the answers of a call as a response to it."""

import argparse
import sys
from functools import partial
from pathlib import Path

import msgspec
from msgspec.structs import replace

from console.authoring.fhir import response, writing
from console.authoring.fhir.remark import Remark, lines
from console.authoring.walk import CannotWalk, add_call, begin, read_answers
from console.authoring.walk import replay as walked
from console.domain.agency import Agency
from console.domain.state import Call
from console.domain.triage.interview import Ended, protocol_for, step
from console.domain.triage.protocol import Protocol
from console.hub import history
from console.hub.configuration import ConfigurationFaulty, load
from console.hub.ledger import folded
from console.hub.store import StoreUnusable, read_once
from console.wire.codec import Unreadable

ALL_CARRIED, SOMETHING_LEFT, USAGE = 0, 1, 2
"""Exit codes."""


class _Refused(Exception):
    """Nothing can be written; the words say why, and what to do."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="the center's configuration")
    parser.add_argument("--protocol", default="", metavar="ID", help="which protocol (needed where there are several)")
    parser.add_argument("--into", type=Path, metavar="FILE.json", help="the file to write (default: standard output)")
    answers = parser.add_argument_group("answers, as a QuestionnaireResponse")
    answers.add_argument("--answers", type=Path, metavar="FILE", help="answers in a file, as protocol walk replays it")
    add_call(answers)
    answers.add_argument("--store", default="", metavar="URL", help="a hub's store (sqlite:///FILE), with --call")
    answers.add_argument(
        "--call", default="", metavar="NUMBER", help="the call whose answers these are: its number or its id"
    )


def main(args: argparse.Namespace) -> int:
    """Write: 0 all was carried, 1 something was not and is listed (it is written all the same), 2 nothing was written."""
    try:
        resource, remarks = _made(args, load(args.folder))
        text = msgspec.json.format(msgspec.json.encode(resource), indent=2).decode() + "\n"
        if args.into:
            args.into.write_text(text, encoding="utf-8")
        else:
            print(text, end="")
    except (ConfigurationFaulty, StoreUnusable, Unreadable, _Refused, UnicodeDecodeError, OSError) as error:
        print(f"heart-console protocol export: {error}\nNothing was written.", file=sys.stderr)
        return USAGE
    for line in lines(remarks):
        print(line, file=sys.stderr)
    return SOMETHING_LEFT if any(each.lost for each in remarks) else ALL_CARRIED


def _made(args: argparse.Namespace, agency: Agency) -> tuple[object, list[Remark]]:
    if bool(args.store) != bool(args.call):
        raise _Refused("--store and --call go together: whose answers, and where they are kept")
    if args.store and args.answers:
        raise _Refused("--answers and --store are two sources of answers; name one")
    if args.store:
        return _of_store(args, agency)
    if args.answers:
        return _of_file(args, agency)
    return writing.questionnaire(_named(agency, args.protocol))


def _of_store(args: argparse.Namespace, agency: Agency) -> tuple[object, list[Remark]]:
    call = _call(args.store, args.call)
    protocol = _named(agency, args.protocol) if args.protocol else protocol_for(agency, call)
    if protocol is None:
        raise _Refused(f"{args.folder}: this configuration has no protocol")
    given, remarks = response.of_call(protocol, call)
    made, more = response.response(protocol, given, completed=isinstance(step(protocol, call), Ended))
    return made, [*remarks, *more]


def _named(agency: Agency, wanted: str) -> Protocol:
    there = [protocol.id for protocol in agency.protocols]
    if not wanted and len(there) == 1:
        return agency.protocols[0]
    for protocol in agency.protocols:
        if protocol.id == wanted:
            return protocol
    what = f"there is no protocol {wanted!r}" if wanted else "name the protocol with --protocol"
    raise _Refused(f"{what}; there are {', '.join(there) or 'none'}")


def _of_file(args: argparse.Namespace, agency: Agency) -> tuple[object, list[Remark]]:
    """Answers as `protocol walk` replays them. Who gave them and when, nobody knows."""
    try:
        rehearsal = begin(agency, args.protocol, args.nature, args.priority, args.source)
        rehearsal = walked(rehearsal, read_answers(args.answers.read_text(encoding="utf-8-sig")), lambda _: None)
    except CannotWalk as error:
        raise _Refused(f"{args.answers}: {error}") from None
    assert rehearsal.protocol is not None, "a walk has one"
    given, remarks = response.of_call(rehearsal.protocol, rehearsal.call)
    unstamped = {question: replace(each, at=None, by="") for question, each in given.items()}
    completed = isinstance(rehearsal.step(), Ended)
    made, more = response.response(rehearsal.protocol, unstamped, completed=completed)
    return made, [*remarks, *more]


def _call(store: str, wanted: str) -> Call:
    """The call of a number or an id, from the log and from the history of closed calls."""
    closed = {call.call_id: call for call in read_once(store, partial(history.called, name=wanted))}
    live = {id_: call for id_, call in read_once(store, folded).calls.items() if wanted in (id_, call.number)}
    found = list((closed | live).values())
    if not found:
        raise _Refused(f"there is no call {wanted!r} in this store")
    if len(found) > 1:
        which = "; ".join(f"{call.received_at:%Y-%m-%d %H:%M} UTC is {call.call_id}" for call in found)
        raise _Refused(f"{wanted} is the number of {len(found)} calls: name one by its id: {which}")
    return found[0]
