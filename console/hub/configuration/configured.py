"""A folder of configuration as it was read: what is sound in form, and what is wrong with the protocols that are not."""

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from console.domain.agency import Agency
from console.domain.triage.check import Finding, ill_formed
from console.hub.configuration.protocols import ProtocolFile

RULES = "eligibility.yaml"
"""The file of the rules of eligibility, which go by the id ""."""

Failing = dict[str, tuple[Finding, ...]]
"""What was found, by the id of the protocol; "" for the rules of eligibility."""


class Configuration(Struct, frozen=True):
    """The agency with every protocol that could be read, where it was read, and the files of all protocols, in order."""

    agency: Agency
    folder: Path | None = None
    files: tuple[ProtocolFile, ...] = ()

    @property
    def unreadable(self) -> Failing:
        """What is wrong in files of which no protocol can be made, each finding with its file."""
        found: Failing = {}
        for file in self.files:
            if file.findings:
                found[file.id] = (*found.get(file.id, ()), *file.findings)
        return found

    def ill_formed(self) -> Failing:
        """All faults of form: of files that cannot be read, and of protocols that nobody could walk."""
        return self.unreadable | ill_formed(self.agency)

    def lines(self, failing: Failing) -> Iterator[str]:
        """Each finding in a line: its file, its protocol where the file does not tell it, place, what, what is allowed."""
        unreadable, own = self.unreadable, {file.name for file in self.files}
        for name, findings in failing.items():
            about = f"protocol {name}" if name else "eligibility"
            for finding in findings:
                file = "" if name in unreadable else self.file(name, finding)
                told = name in unreadable or file in own
                yield ": ".join(filter(None, (file, "" if told else about, finding.line)))

    def file(self, name: str, finding: Finding) -> str:
        """The file in which to mend what was found in a protocol, or in the rules (""); "" where that is not known."""
        if not name:
            return RULES if self.folder else ""
        return next((each.where(finding) for each in self.files if each.id == name), "")

    def version(self, name: str) -> str:
        """The version that a protocol's file says; "" where it says none."""
        protocols = [each.version for each in self.agency.protocols if each.id == name]
        return next((version for version in (*protocols, *(f.version for f in self.files if f.id == name)) if version), "")
