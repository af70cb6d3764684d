"""What a proof says: how much it covered, and what it found wrong, each with the shortest conversation that shows it."""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

_AT_MOST: Final = 60


def listed(options: Iterable[object]) -> str:
    """Options as words: "allowed: a, b, c"; of very many the first, and how many more there are."""
    words = [str(option) for option in options]
    more = f" and {len(words) - _AT_MOST} more" if len(words) > _AT_MOST else ""
    return f"allowed: {', '.join(words[:_AT_MOST]) or 'nothing, none is configured'}{more}"


class Turn(Struct, frozen=True):
    """A question that is put and its answer, in the protocol's first language."""

    question: str
    words: str
    key: str
    answer: str


class Conversation(Struct, frozen=True):
    """How a call begins, what is told, what is asked and answered, and what is proposed then."""

    nature: str
    priority: str
    source: str
    told: tuple[tuple[str, str], ...]
    """Facts that somebody told outside the questions, each with its value, in words."""
    turns: tuple[Turn, ...]
    proposed: tuple[str, ...]
    because: tuple[str, ...]


class Finding(Struct, frozen=True):
    """What is wrong, where, and, where it takes a call to see it, the shortest one; `allowed` says what would be right."""

    place: str
    what: str
    conversation: Conversation | None = None
    allowed: str = ""

    @property
    def line(self) -> str:
        """All of it but the conversation, as people read it."""
        return f"{self.place}: {self.what}; {self.allowed}" if self.allowed else f"{self.place}: {self.what}"


class Proof(Struct, frozen=True):
    """What was covered of one protocol and what was found. `states` and `paths` are 0 where it could not be walked.

    A state is what is answered, and the question that is put then or the end; a path is one whole conversation, a second
    asking included. Those that begin with facts told before are walked too, and not counted. `starts` are the natures,
    priorities and sources that some rule tells apart, taken together; `longest` the most questions of one interview.
    """

    protocol: str
    version: str
    questions: int
    starts: int = 0
    states: int = 0
    paths: int = 0
    longest: int = 0
    findings: tuple[Finding, ...] = ()

    @property
    def proved(self) -> bool:
        """Whether nothing was found."""
        return not self.findings
