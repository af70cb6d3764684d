"""Only what is proved comes into force: a protocol that fails is refused, and the last good one stays, for all to see."""

from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from console.domain.agency import Agency, RefusedProtocol
from console.domain.triage.check import Finding, prove, prove_rules
from console.domain.triage.protocol import Protocol
from console.hub.configuration.findings import ConfigurationFaulty, Findings
from console.hub.configuration.protocols import read_protocols

Failing = dict[str, tuple[Finding, ...]]
"""What was found, by the id of the protocol; "" for the rules of eligibility."""


def proved(agency: Agency, before: Agency, folder: Path | None = None) -> Agency:
    """The agency to put in force, of one that was just read and the one that the log knows.

    All is proved: the new one as it is. A protocol fails: the new one with the earlier protocol of that id in its place, if
    that is sound among the new rules. Else, or where the rules of eligibility themselves fail: the earlier one as it was.
    `refused` says what was not taken. Raises `ConfigurationFaulty` with all findings, each with its file where
    `folder` says where the new one was read, if there is no earlier sound one.
    """
    if agency == replace(before, refused=()):
        return agency
    failing = _failing(agency)
    if not failing:
        return agency
    earlier = {protocol.id: protocol for protocol in before.protocols}
    if "" not in failing and failing.keys() <= earlier.keys():
        mended = replace(agency, protocols=tuple(earlier[p.id] if p.id in failing else p for p in agency.protocols))
        if all(prove(mended, earlier[name]).proved for name in failing):
            return replace(mended, refused=_refused(agency, earlier, failing))
    if not before.protocols or _failing(replace(before, refused=())):
        raise ConfigurationFaulty(_lines(failing, folder))
    return replace(before, refused=_refused(agency, earlier, failing))


def _failing(agency: Agency) -> Failing:
    found = {protocol.id: prove(agency, protocol).findings for protocol in agency.protocols}
    return {name: findings for name, findings in ({"": prove_rules(agency)} | found).items() if findings}


def _refused(agency: Agency, earlier: dict[str, Protocol], failing: Failing) -> tuple[RefusedProtocol, ...]:
    read = {protocol.id: protocol for protocol in agency.protocols}
    return tuple(
        RefusedProtocol(
            name, read[name].version if name in read else "", earlier[name].version if name in earlier else "",
            f"{findings[0].place}: {findings[0].what}{_differing(read.get(name), earlier.get(name))}",
        )
        for name, findings in failing.items()
    )  # fmt: skip


def _differing(read: Protocol | None, in_force: Protocol | None) -> str:
    """Where two protocols of one version differ: their number does not tell them apart."""
    if read is None or in_force is None or read.version != in_force.version:
        return ""
    if read == in_force:
        return f" (the text of version {read.version} is as it was; the rules around it changed)"
    before = {question.id: question for question in in_force.questions}
    differing = [f"question {question.id}" for question in read.questions if before.get(question.id) != question]
    kept = {question.id for question in read.questions}
    differing += [f"question {name}, which is gone" for name in before if name not in kept]
    differing += ["its proposals"] if read.proposals != in_force.proposals else []
    what = ", ".join(differing) or "its head"
    return f" (also called version {read.version}, but its text differs from the one in force: {what}; raise the number)"


def _lines(failing: Failing, folder: Path | None) -> Iterator[str]:
    """Each finding, with its file where the folder is known, and at the end how to see more of them all."""
    files = {"": "eligibility.yaml"}
    if folder is not None:
        files |= {each.protocol.id: name for name, each in read_protocols(folder, Findings()).items()}
    for name, findings in failing.items():
        about = f"protocol {name}" if name else "eligibility"
        where = f"{folder / files[name]}: {about}" if folder is not None and name in files else about
        yield from (f"{where}: {finding.place}: {finding.what}" for finding in findings)
    yield f"`heart-console protocol check {folder or 'DIR'}` shows how, with a conversation for each"
