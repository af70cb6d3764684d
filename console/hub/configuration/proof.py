"""Only what is proved comes into force: a protocol that fails is refused, and the last good one stays, for all to see."""

from collections.abc import Iterable

from msgspec.structs import replace

from console.domain.agency import Agency, RefusedProtocol
from console.domain.triage.check import Finding, prove, prove_rules
from console.domain.triage.protocol import Protocol
from console.hub.configuration.findings import ConfigurationFaulty

Failing = dict[str, tuple[Finding, ...]]
"""What was found, by the id of the protocol; "" for the rules of eligibility."""


def proved(agency: Agency, before: Agency) -> Agency:
    """The agency to put in force, of one that was just read and the one that the log knows.

    All is proved: the new one as it is. A protocol fails: the new one with the earlier protocol of that id in its place, if
    that is sound among the new rules. Else, or where the rules of eligibility themselves fail: the earlier one as it was.
    `refused` says what was not taken. Raises `ConfigurationFaulty` with all findings where there is no earlier sound one.
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
        raise ConfigurationFaulty(_lines(failing))
    return replace(before, refused=_refused(agency, earlier, failing))


def _failing(agency: Agency) -> Failing:
    found = {protocol.id: prove(agency, protocol).findings for protocol in agency.protocols}
    return {name: findings for name, findings in ({"": prove_rules(agency)} | found).items() if findings}


def _refused(agency: Agency, earlier: dict[str, Protocol], failing: Failing) -> tuple[RefusedProtocol, ...]:
    versions = {protocol.id: protocol.version for protocol in agency.protocols}
    return tuple(
        RefusedProtocol(
            name, versions.get(name, ""), earlier[name].version if name in earlier else "",
            f"{findings[0].place}: {findings[0].what}",
        )
        for name, findings in failing.items()
    )  # fmt: skip


def _lines(failing: Failing) -> Iterable[str]:
    for name, findings in failing.items():
        about = f"protocol {name}" if name else "eligibility"
        yield from (f"{about}: {finding.place}: {finding.what}; `protocol check` shows how" for finding in findings)
