"""A structured screener of risk as data: few questions that branch, and the levels that their answers give.

Its structure is a protocol's. A published instrument is loaded as a file of its own, with its licensed words; what is
shipped is a sample in ours.
"""

from typing import Literal

from msgspec import Struct

from console.domain.conditions import Circumstances, Condition, holds
from console.domain.ids import FactName
from console.domain.triage.protocol import Fact, Protocol


class Level(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One level of risk: when it is reached, how it is shown, and what to do.

    `when` are conditions of which one suffices; the last level has none, and is reached where no other is.
    """

    code: str
    name: str
    shown: Literal["fine", "due", "past"]
    when: tuple[Condition, ...] = ()
    advice: dict[str, str] = {}
    """By language, for whoever is on the line."""

    def reached(self, known: Circumstances) -> bool | None:
        """Whether what is known reaches it; None where what could not be learned decides that."""
        met = [holds(condition, known) for condition in self.when] or [True]
        return True if True in met else None if None in met else False


class Screener(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A screener: its questions as a protocol, the facts they set, and its levels, the gravest first."""

    protocol: Protocol
    facts: dict[FactName, Fact]
    levels: tuple[Level, ...]
