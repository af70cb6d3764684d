"""What is wrong with a configuration, one line a finding: file, place, what, and what is allowed."""

from collections.abc import Iterable

from console.domain.triage.check import Finding


class ConfigurationFaulty(Exception):
    """The configuration cannot be used; `findings` are lines for the person who wrote it."""

    def __init__(self, findings: Iterable[str]) -> None:
        """Carry all findings, each once, not the first."""
        self.findings = tuple(dict.fromkeys(findings))
        super().__init__("\n".join(self.findings))


class Findings:
    """Collects what is wrong, so that a person sees it all at once."""

    def __init__(self) -> None:
        """Begin with nothing wrong."""
        self.found: list[Finding] = []

    def add(self, file: str, place: str, what: str, allowed: str) -> None:
        """Note one: `file: place: what is wrong; what is allowed`."""
        self.found.append(Finding(f"{file}: {place}" if place else file, what, allowed=allowed))

    def take(self, file: str, findings: Iterable[Finding]) -> None:
        """Note what was found in a file by those who do not know its name."""
        for finding in findings:
            self.add(file, finding.place, finding.what, finding.allowed)

    @property
    def lines(self) -> list[str]:
        """All of them, each once."""
        return list(dict.fromkeys(finding.line for finding in self.found))
