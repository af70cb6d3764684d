"""Only what is proved comes into force: a protocol that fails is refused, and the last good one stays, for all to see."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from msgspec.structs import replace

from console.domain.agency import Agency, RefusedProtocol
from console.domain.natures import family, naming_families
from console.domain.triage.check import ill_formed, prove, prove_rules
from console.domain.triage.protocol import Protocol
from console.hub.configuration.configured import Configuration, Failing
from console.hub.configuration.findings import ConfigurationFaulty

_NOTHING_TAKEN = "; nothing else of the new configuration was taken either"


def proved(configuration: Configuration, before: Agency) -> Agency:
    """The agency to put in force, of a configuration that was just read and the agency that the log knows.

    All is proved: the new one as it is. A protocol fails, by its form or by its proof: the new one with the earlier protocol
    of that id in its place, if all of that is proved. Else, or where the rules of eligibility themselves fail: the earlier
    one as it was. `refused` says what was not taken. Raises `ConfigurationFaulty` with all findings if there is no earlier
    sound one.
    """
    if not configuration.unreadable and configuration.agency == replace(before, refused=()):
        return configuration.agency
    earlier = {protocol.id: protocol for protocol in before.protocols}
    refused = configuration.ill_formed()
    while refused.keys() <= earlier.keys():
        mended = _mended(configuration, earlier, refused.keys())
        if refused and not _all_led(mended):
            break  # a file that cannot be read does not say which protocol it was
        failing = _failing(mended)
        if not failing:
            return replace(mended, refused=_refused(configuration, earlier, refused))
        further = {name: findings for name, findings in failing.items() if name not in refused}
        if refused and (not further or "" in further):
            break  # an earlier protocol is not sound among these rules, or the rules are not without the one refused
        refused |= further
    if not before.protocols or _failing(replace(before, refused=())):
        raise ConfigurationFaulty(_lines(configuration, refused))
    return replace(before, refused=_refused(configuration, earlier, refused, _NOTHING_TAKEN))


def _mended(configuration: Configuration, earlier: Mapping[str, Protocol], refused: AbstractSet[str]) -> Agency:
    """The agency with the earlier protocols in the places of those that are refused, naming the natures there are now."""
    agency = configuration.agency
    families = family(agency.natures.values())
    found = {protocol.id: protocol for protocol in agency.protocols}
    found |= {name: naming_families(earlier[name], families) for name in refused}
    in_order = dict.fromkeys((*(file.id for file in configuration.files), *found))
    return replace(agency, protocols=tuple(found[name] for name in in_order))


def _all_led(agency: Agency) -> bool:
    """Whether every protocol that is named for calls is there."""
    named = {nature.protocol for nature in agency.natures.values()} | {agency.default_protocol}
    return named - {""} <= {protocol.id for protocol in agency.protocols}


def _failing(agency: Agency) -> Failing:
    """What fails of an agency: by form, and only where all is well formed by its proof."""
    if faults := ill_formed(agency):
        return faults
    found = {protocol.id: prove(agency, protocol).findings for protocol in agency.protocols}
    return {name: findings for name, findings in ({"": prove_rules(agency)} | found).items() if findings}


def _refused(
    configuration: Configuration, earlier: Mapping[str, Protocol], failing: Failing, more: str = ""
) -> tuple[RefusedProtocol, ...]:
    read = {protocol.id: protocol for protocol in configuration.agency.protocols}
    return tuple(
        RefusedProtocol(
            name, configuration.version(name), earlier[name].version if name in earlier else "",
            f"{findings[0].place}: {findings[0].what}{_differing(read.get(name), earlier.get(name))}{more if name else ''}",
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


def _lines(configuration: Configuration, failing: Failing) -> tuple[str, ...]:
    """Each finding with its file, and at the end how to see more of them all."""
    how = f"`heart-console protocol check {configuration.folder or 'DIR'}` shows how, with a conversation for each"
    return (*configuration.lines(failing), how)
