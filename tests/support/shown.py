"""What a driven desk says of itself, one record a line: what stands on its screen, and what its copy of the board is."""

from itertools import chain

from msgspec import Struct

NOT_NOW = " ✗ "
"""Stands in a line between the words of a button that is disabled and the reason."""


class Shown(Struct, frozen=True, forbid_unknown_fields=True):
    """One look at a desk. `lines` are the words of every visible widget, by region, in reading order."""

    done: int
    """How many requests have been carried out."""
    lines: dict[str, list[str]]
    focus: str
    """Region and widget that have the keyboard."""
    user: str
    link: str
    greyed: bool
    seq: int
    digest: str
    """Of the board as the hub has said it, at `seq`."""
    log_id: str
    controllers: dict[str, str]
    """Who has the caller of each open call, by its number."""
    drafts: str
    """The file of half-typed words, as it is on the disk."""
    map: str = ""
    """What the map page last said is drawn on it, as JSON."""

    def said(self, words: str, region: str = "") -> list[str]:
        """The lines that hold these words: of one region, or of all and of their names."""
        searched = self.lines.get(region, []) if region else [*self.lines, *chain.from_iterable(self.lines.values())]
        return [line for line in searched if words in line]

    def says(self, words: str, region: str = "") -> bool:
        """Whether somewhere on the screen, or in a region, stand these words."""
        return bool(self.said(words, region))

    @property
    def text(self) -> str:
        """The whole screen, for a person who wants to know why a test failed."""
        head = f"user {self.user}, link {self.link}, greyed {self.greyed}, seq {self.seq}, keyboard on {self.focus}"
        return "\n".join([head, *(f"[{region}] {line}" for region, lines in self.lines.items() for line in lines)])
