"""What is wrong with a configuration, one line a finding: file, place, what, and what is allowed."""

from collections.abc import Iterable
from typing import Final

_AT_MOST: Final = 60


class ConfigurationFaulty(Exception):
    """The configuration cannot be used; `findings` are lines for the person who wrote it."""

    def __init__(self, findings: Iterable[str]) -> None:
        """Carry all findings, not the first."""
        self.findings = tuple(findings)
        super().__init__("\n".join(self.findings))


class Findings:
    """Collects what is wrong, so that a person sees it all at once."""

    def __init__(self) -> None:
        """Begin with nothing wrong."""
        self.lines: list[str] = []

    def add(self, file: str, place: str, what: str, allowed: str) -> None:
        """Note one, once: `file: place: what is wrong; what is allowed`."""
        where = f"{file}: {place}" if place else file
        line = f"{where}: {what}; {allowed}"
        if line not in self.lines:
            self.lines.append(line)

    def raise_any(self) -> None:
        """Raise `ConfigurationFaulty` if anything was noted."""
        if self.lines:
            raise ConfigurationFaulty(self.lines)


def listed(options: Iterable[object]) -> str:
    """Options as words: "allowed: a, b, c"; of very many the first, and how many more there are."""
    words = [str(option) for option in options]
    more = f" and {len(words) - _AT_MOST} more" if len(words) > _AT_MOST else ""
    return f"allowed: {', '.join(words[:_AT_MOST]) or 'nothing, none is configured'}{more}"
