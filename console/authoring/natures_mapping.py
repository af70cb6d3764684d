"""How a center's own list of natures is read: its columns, its words, and which of our natures each of its own is like."""

import re
from collections.abc import Iterable

from msgspec import Struct

from console.recorded.mapping import FileShape, Names, Priority


class Columns(Struct, frozen=True, forbid_unknown_fields=True):
    """Which column holds what. Without a code one is made from the words; `count` is how many calls a row stands for."""

    words: Names
    code: str = ""
    priority: str = ""
    kind: str = ""
    count: str = ""


class Writing(Struct, frozen=True, forbid_unknown_fields=True):
    """What is changed in the words before they become a name: marks at their beginning, and texts put for others."""

    prefixes: tuple[str, ...] = ()
    replace: dict[str, str] = {}


class Priorities(Struct, frozen=True, forbid_unknown_fields=True):
    """From the file's priorities, or its kinds, to P and 1 to 9; what neither names has that of the nature it is like."""

    table: dict[str, Priority] = {}
    by_kind: dict[str, Priority] = {}


class Likeness(Struct, frozen=True, forbid_unknown_fields=True):
    """Natures with these words are like one of ours: one phrase of `any`, each of `all`, none of `none`.

    A phrase is whole words in their order; a word that ends with * is the beginning of one. A list without phrases asks
    nothing. `kind` asks for a word of the kind column.
    """

    nature: str
    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()


class Besides(Struct, frozen=True, forbid_unknown_fields=True):
    """Natures with one of these phrases are like ours with this modifier, where ours goes with it."""

    modifier: str
    any: tuple[str, ...]


class NaturesMapping(Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of list. The table of whole texts counts before the rules, of which the first that fits counts."""

    name: str
    title: str
    columns: Columns
    file: FileShape = FileShape()
    writing: Writing = Writing()
    priority: Priorities = Priorities()
    table: dict[str, str] = {}
    likeness: tuple[Likeness, ...] = ()
    besides: tuple[Besides, ...] = ()
    left_out: dict[str, str] = {}
    """Whole texts that are no natures, with the reason."""


def fits(phrases: Iterable[str], words: str) -> bool:
    """Whether one of the phrases stands in the words."""
    within = f" {' '.join(_tokens(words))} "
    return any(_stands(phrase, within) for phrase in phrases)


def is_like(rule: Likeness, words: str, kind: str) -> bool:
    """Whether a rule holds of a text."""
    if rule.kind and kind.casefold() not in (each.casefold() for each in rule.kind):
        return False
    if rule.any and not fits(rule.any, words):
        return False
    return all(fits((phrase,), words) for phrase in rule.all) and not fits(rule.none, words)


def _stands(phrase: str, within: str) -> bool:
    wanted = " ".join(_tokens(phrase))
    return bool(wanted) and f" {wanted}{'' if phrase.rstrip().endswith('*') else ' '}" in within


def _tokens(words: str) -> list[str]:
    return re.findall(r"[^\W_]+", words.casefold())
