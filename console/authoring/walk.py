"""`heart-console protocol walk`: goes through a protocol in the terminal, or replays a file of answers, for its authors.

The file has one answer a line, `question: key` or the key alone; what follows a # is a remark. The transcript is the same
either way, so a file of answers and its transcript are a test that people can read.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from console.domain.agency import Agency
from console.domain.eligibility import STANDING_WORDS
from console.domain.ids import NatureCode
from console.domain.state import PRIORITIES, Source
from console.domain.triage.interview import Asking, settling
from console.domain.triage.protocol import Answer, Question
from console.domain.triage.rehearsal import NotAnAnswer, Rehearsal, rehearse
from console.hub.configuration import ConfigurationFaulty, load

_BACK, _LEAVE = "b", "q"

Say = Callable[[str], None]


class CannotWalk(Exception):
    """The walk cannot begin, or a line of the file is wrong; the message says where and why."""


class Line(NamedTuple):
    """One answer of a file: where it stands, the question it is meant for ("": whatever is asked), and the key."""

    number: int
    question: str
    key: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `heart-console protocol walk`."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="the agency's configuration")
    parser.add_argument("--protocol", default="", metavar="ID", help="which protocol; else that of the nature or the source")
    add_call(parser)
    parser.add_argument("--language", default="", metavar="LANG", help="as in es; else the protocol's first")
    parser.add_argument("--answers", type=Path, metavar="FILE", help="replay these answers and print the transcript")


def add_call(parser: argparse._ActionsContainer) -> None:
    """Declare what a made-up call may be like."""
    parser.add_argument("--nature", default="", metavar="CODE", help="the call's nature; else the first that leads there")
    parser.add_argument("--priority", default="", choices=PRIORITIES, metavar="P", help="else that of the nature")
    parser.add_argument("--source", default="", choices=[s.value for s in Source], metavar="S", help="how the call came in")


def main(args: argparse.Namespace) -> int:
    """Walk: 0 to an end, or left on the way; 1 it cannot begin, or a line of the file is wrong (said on stderr)."""
    try:
        agency = load(args.folder)
        rehearsal = begin(agency, args.protocol, args.nature, args.priority, args.source)
        lines = read_answers(args.answers.read_text(encoding="utf-8-sig")) if args.answers else None
        for line in _heading(rehearsal):
            print(line)
        if lines is None:
            _at_the_terminal(rehearsal, args.language)
        else:
            replay(rehearsal, lines, print, args.language)
    except (ConfigurationFaulty, CannotWalk) as error:
        print(error, file=sys.stderr)
        return 1
    except (OSError, UnicodeDecodeError) as error:
        print(f"{args.answers}: this file cannot be read: {error}", file=sys.stderr)
        return 1
    return 0


def begin(agency: Agency, protocol: str = "", nature: str = "", priority: str = "", source: str = "") -> Rehearsal:
    """A call that the wanted protocol leads. Raises `CannotWalk` where what is named is not there, or leads elsewhere."""
    known = [each.id for each in agency.protocols]
    if protocol and protocol not in known:
        raise CannotWalk(f"--protocol {protocol}: there is none; there are {', '.join(known) or 'none at all'}")
    if nature and nature not in agency.natures:
        raise CannotWalk(f"--nature {nature}: it is not in the catalogue")
    own = next((source for each in agency.protocols if each.id == protocol for source in each.sources), "")
    for code in [NatureCode(nature)] if nature else agency.natures:
        for origin in [source] if source else dict.fromkeys((Source.CALL_911.value, own or Source.CALL_911.value)):
            rehearsal = rehearse(agency, code, priority, origin)
            if rehearsal.protocol is not None and protocol in ("", rehearsal.protocol.id):
                return rehearsal
    if not protocol:
        raise CannotWalk("this configuration has no protocol to walk")
    raise CannotWalk(f"--protocol {protocol}: a call of this nature and source is led by another")


def read_answers(text: str) -> list[Line]:
    """The lines of a file of answers. Raises `CannotWalk` for a line that is neither `question: key` nor a key."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        question, _, key = line.partition("#")[0].strip().rpartition(":")
        if not question and not key:
            continue
        if len(key.strip()) != 1:
            raise CannotWalk(f"line {number}: {line.strip()!r} is no answer; write `question: key`, or the key alone")
        found.append(Line(number, question.strip(), key.strip()))
    return found


def replay(rehearsal: Rehearsal, lines: list[Line], say: Say, language: str = "") -> Rehearsal:
    """Give these answers in turn and tell what comes of each. Raises `CannotWalk` with the line that does not fit."""
    _tell_changes(None, rehearsal, say)
    for line in lines:
        asking = rehearsal.step()
        if not isinstance(asking, Asking):
            raise CannotWalk(f"line {line.number}: nothing is left to ask")
        if line.question not in ("", asking.question.id):
            raise CannotWalk(f"line {line.number}: {line.question} is not what is asked now; it is {asking.question.id}")
        _put(asking, say, language)
        rehearsal = _given(rehearsal, asking.question, line.key, say, language, f"line {line.number}: ")
    asking = rehearsal.step()
    if isinstance(asking, Asking):
        say(f"\nNot at its end: {asking.question.id} would be asked now.")
    else:
        say("\nThe interview is at its end.")
    return rehearsal


def _at_the_terminal(rehearsal: Rehearsal, language: str) -> None:
    """Ask a person until the end, or until they leave. A wrong key is said, and the question stays."""
    before: list[Rehearsal] = []
    _tell_changes(None, rehearsal, print)
    while isinstance(asking := rehearsal.step(), Asking):
        _put(asking, print, language)
        try:
            key = input(f"   key ({_BACK} back, {_LEAVE} leave): ").strip()
        except EOFError:
            key = _LEAVE
        if key == _LEAVE:
            print("\nLeft.")
            return
        if key == _BACK:
            rehearsal = before.pop() if before else rehearsal
            continue
        try:
            after = _given(rehearsal, asking.question, key, print, language)
        except CannotWalk as error:
            print(f"   {error}")
            continue
        before.append(rehearsal)
        rehearsal = after
    print("\nThe interview is at its end.")


def _heading(rehearsal: Rehearsal) -> Iterator[str]:
    call, protocol = rehearsal.call, rehearsal.protocol
    assert protocol is not None, "begin gives none without"
    yield f"{protocol.title}: {protocol.id}, version {protocol.version} ({protocol.status})"
    nature = rehearsal.state.agency.nature(call.nature).name
    yield f"call: {nature} ({call.nature}), priority {call.priority or 'none'}, {call.source.value}"


def _put(asking: Asking, say: Say, language: str) -> None:
    question = asking.question
    words = _in(question.again if asking.again else question.text, language)
    again = ", asked again" if asking.again else ""
    say(f"\n{asking.number} of at most {asking.at_most}. {question.id} ({question.section}{again})\n   {words}")
    for answer in question.answers:
        say(f"   {answer.key}  {_in(answer.text, language)}")


def _given(rehearsal: Rehearsal, question: Question, key: str, say: Say, language: str, place: str = "") -> Rehearsal:
    """The rehearsal after an answer, with what it changed told."""
    answer = question.answer(key)
    if answer is None:
        keys = ", ".join(each.key for each in question.answers)
        raise CannotWalk(f"{place}{key!r} does not answer {question.id}; its keys are {keys}")
    try:
        after = rehearsal.answer(key)
    except NotAnAnswer as error:
        raise CannotWalk(f"{place}{error}") from None
    say(f"   > {key}  {_in(answer.text, language)}")
    _tell_instruction(answer, say, language)
    _tell_changes(rehearsal, after, say)
    return after


def _tell_instruction(answer: Answer, say: Say, language: str) -> None:
    if answer.instruction:
        say(f"   to the caller: {_in(answer.instruction, language)}")


def _tell_changes(before: Rehearsal | None, after: Rehearsal, say: Say) -> None:
    """What is not as it was: verdicts, the proposal, and what could still change it."""
    old, new = _standing_lines(before) if before else [], _standing_lines(after)
    for line in new:
        if line not in old:
            say(f"   {line}")


def _standing_lines(rehearsal: Rehearsal) -> list[str]:
    agency, call, protocol = rehearsal.state.agency, rehearsal.call, rehearsal.protocol
    lines = []
    for code, verdict in rehearsal.verdicts().items():
        why = "; ".join((*verdict.because, *(f"open: {agency.fact_name(fact)}" for fact in verdict.open)))
        lines.append(f"{agency.name_of(code)}: {STANDING_WORDS[verdict.standing]}{f' ({why})' if why else ''}")
    found = rehearsal.response()
    sent = " with ".join(agency.name_of(code) for code in (found.propose, *found.along) if code)
    lines.append(f"proposed: {sent or 'nothing yet'}{f' ({found.because[0]})' if sent and found.because else ''}")
    settles = settling(protocol, call, found.open) if protocol and found.open else None
    if settles:
        lines.append(f"could still change by {settles.id}")
    return lines


def _in(text: dict[str, str], language: str) -> str:
    """The words in a language; where there are none, in the first there is."""
    return text.get(language) or next(iter(text.values()), "")
