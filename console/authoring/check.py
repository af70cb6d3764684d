"""`heart-console protocol check`: proves the protocols of a configuration and prints what was covered and what is wrong."""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from console.domain.agency import Agency
from console.domain.conditions import NOT_KNOWN
from console.domain.triage.check import LAWS, Conversation, Finding, Gap, Proof, bound, gaps, prove, prove_rules
from console.domain.triage.screening import ends
from console.hub.configuration import Configuration, ConfigurationFaulty, read
from console.shipped import configurations


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `heart-console protocol check`."""
    about = "an agency's configuration (all that ship with the program)"
    parser.add_argument("folders", type=Path, nargs="*", metavar="DIR", help=about)


def main(args: argparse.Namespace) -> int:
    """Prove and print: 0 all is proved, 1 something is wrong (or a file cannot be read, said on stderr)."""
    try:
        folders = args.folders or configurations()
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 1
    return max([_check(folder) for folder in folders], default=0)


def _check(folder: Path) -> int:
    try:
        configuration = read(folder)
        if configuration.unreadable:  # nothing is proved beside a protocol that is not there
            raise ConfigurationFaulty(configuration.lines(configuration.ill_formed()))
    except ConfigurationFaulty as error:
        print(error, file=sys.stderr)
        return 1
    agency = configuration.agency
    print(f"{agency.name}: {_counted(len(agency.protocols), 'protocol')}, {_counted(len(agency.natures), 'nature')}")
    findings = _rules(configuration)
    for protocol in agency.protocols:
        begun = time.perf_counter()
        proof = prove(agency, protocol)
        took = time.perf_counter() - begun
        print(f"\n{protocol.id}, version {protocol.version} ({protocol.status})\n    {covered(proof)}; {took:.2f} s")
        findings += proof.findings
        _print(configuration, protocol.id, proof.findings)
    if agency.screener is not None:
        protocol = agency.screener.protocol
        ways = _counted(sum(1 for _ in ends(agency.screener)), "way")
        print(f"\n{protocol.id}, version {protocol.version} ({protocol.status}), the clinicians' screener")
        print(f"    {_counted(len(protocol.questions), 'question')}, {ways} through it, each to a level that is reached")
    if not findings:
        _print_lines(_proved(agency))
    _print_lines(_to_look_at(agency))
    print(f"\n{'All proved.' if not findings else _counted(len(findings), 'finding') + '.'}")
    return 1 if findings else 0


def _proved(agency: Agency) -> Iterator[str]:
    """What was proved, in words: each law, and each rule with those whom it binds."""
    yield "what was proved of every protocol"
    yield from (f"    {law}" for law in LAWS)
    yield ""
    yield "when nobody is sent unarmed and alone (never_unarmed), and which programmes that binds"
    codes = ", ".join(each.code for each in bound(agency)) or "no programme is unarmed"
    yield from (f"    {rule.because}: {codes}" for rule in agency.never_unarmed)
    alone = [service.name for service in agency.other_services if not service.armed]
    if alone:
        yield f"    it binds a service that would go alone as well: {', '.join(alone)}"


def _to_look_at(agency: Agency) -> Iterator[str]:
    """What the proof does not reach, as never_unarmed says nothing of it; by the programmes that it concerns."""
    by_kind: dict[tuple[bool, tuple[str, ...]], list[Gap]] = {}
    for gap in gaps(agency):
        by_kind.setdefault((gap.needed, gap.programmes), []).append(gap)
    if not by_kind:
        return
    yield "to look at: the criteria rule this out and never_unarmed does not name it, so others may still go unarmed"
    for (needed, programmes), those in by_kind.items():
        yield f"    {', '.join(programmes)}: {'must be known (needs)' if needed else 'is denied (deny)'}"
        words: dict[str, list[str]] = {}
        for gap in those:
            name, value = _gap_in_words(agency, gap)
            words.setdefault(name, []).append(value)
        yield from (f"        {name}: {'; '.join(values)}" for name, values in words.items())


def _gap_in_words(agency: Agency, gap: Gap) -> tuple[str, str]:
    fact = agency.facts.get(gap.fact)
    if fact is None:
        return "Priority", gap.value
    return fact.name, "not known" if gap.value == NOT_KNOWN else fact.values[gap.value]


def _print_lines(lines: Iterator[str]) -> None:
    for number, line in enumerate(lines):
        print(f"\n{line}" if number == 0 else line)


def covered(proof: Proof) -> str:
    """How much of a protocol was covered, in numbers."""
    counts = [_counted(proof.questions, "question")]
    if proof.paths:
        counts.append(f"at most {proof.longest} in one interview")
        counts += [_counted(proof.starts, "beginning"), _counted(proof.states, "state"), _counted(proof.paths, "path")]
    else:
        counts.append("not walked")
    return ", ".join(counts)


def told(finding: Finding) -> Iterator[str]:
    """A finding in lines: where, what, and the shortest conversation that shows it."""
    yield finding.line
    if finding.conversation is not None:
        yield from (f"    {line}" for line in _conversation(finding.conversation))


def _conversation(shown: Conversation) -> Iterator[str]:
    yield f"call: {shown.nature}, priority {shown.priority or 'none'}, {shown.source.replace('_', ' ')}"
    for name, value in shown.told:
        yield f"told without a question: {name}: {value}"
    for number, turn in enumerate(shown.turns, 1):
        yield f"{number}. {turn.words}"
        yield f"   {turn.key}  {turn.answer}"
    yield f"proposed: {' with '.join(shown.proposed) or 'nothing'}"
    yield from (f"   {because}" for because in shown.because)


def _rules(configuration: Configuration) -> list[Finding]:
    agency, begun = configuration.agency, time.perf_counter()
    findings = list(prove_rules(agency))
    took = time.perf_counter() - begun
    print(f"\neligibility\n    {_counted(len(agency.programmes), 'programme')}, whatever anybody tells; {took:.2f} s")
    _print(configuration, "", findings)
    return findings


def _print(configuration: Configuration, name: str, findings: Sequence[Finding]) -> None:
    """The findings of one protocol, or of the rules (""), under the name of the file in which to mend them."""
    if not findings:
        print("    proved")
    by_file: dict[str, list[Finding]] = {}
    for finding in findings:
        by_file.setdefault(configuration.file(name, finding), []).append(finding)
    for file, those in by_file.items():
        if file:
            print(f"\n    in {file}")
        for finding in those:
            print()
            for line in told(finding):
                print(f"    {line}")


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
