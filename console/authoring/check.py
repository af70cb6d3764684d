"""`heart-console protocol check`: proves the protocols of a configuration and prints what was covered and what is wrong."""

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from console.domain.agency import Agency
from console.domain.triage.check import Conversation, Finding, Proof, prove, prove_rules
from console.hub.configuration import ConfigurationFaulty, load
from console.shipped import default_configuration


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `heart-console protocol check`."""
    about = "an agency's configuration (all that ship with the program)"
    parser.add_argument("folders", type=Path, nargs="*", metavar="DIR", help=about)


def main(args: argparse.Namespace) -> int:
    """Prove and print: 0 all is proved, 1 something is wrong (or a folder cannot be read, said on stderr)."""
    folders = args.folders or sorted(path.parent for path in default_configuration().parent.glob("*/agency.toml"))
    return max([_check(folder) for folder in folders], default=0)


def _check(folder: Path) -> int:
    try:
        agency = load(folder)
    except ConfigurationFaulty as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{agency.name}: {_counted(len(agency.protocols), 'protocol')}, {_counted(len(agency.natures), 'nature')}")
    findings = _rules(agency)
    for protocol in agency.protocols:
        begun = time.perf_counter()
        proof = prove(agency, protocol)
        took = time.perf_counter() - begun
        print(f"\n{protocol.id}, version {protocol.version} ({protocol.status})\n    {covered(proof)}; {took:.2f} s")
        findings += proof.findings
        _print(proof.findings)
    print(f"\n{'All proved.' if not findings else _counted(len(findings), 'finding') + '.'}")
    return 1 if findings else 0


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
    yield f"{finding.place}: {finding.what}"
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


def _rules(agency: Agency) -> list[Finding]:
    begun = time.perf_counter()
    findings = list(prove_rules(agency))
    took = time.perf_counter() - begun
    print(f"\neligibility\n    {_counted(len(agency.programmes), 'programme')}, whatever anybody tells; {took:.2f} s")
    _print(findings)
    return findings


def _print(findings: tuple[Finding, ...] | list[Finding]) -> None:
    if not findings:
        print("    proved")
    for finding in findings:
        print()
        for line in told(finding):
            print(f"    {line}")


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
