"""natures.csv and nature_modifiers.csv: the base natures of a center, and what may be said of them besides."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from msgspec import Struct

from console.domain.agency import Agency
from console.domain.ids import NatureCode
from console.domain.natures import BaseNature, Modifier, catalogue
from console.domain.state import PRIORITIES
from console.hub.configuration.findings import Findings
from console.hub.configuration.rows import CODES, WORDS, rows

BASES, MODIFIERS = "natures.csv", "nature_modifiers.csv"
Known = Callable[[str, str, Iterable[str], Iterable[str]], None]
"""Notes what is used and not known: file, place, used, known."""


class NatureFiles(Struct, frozen=True):
    """What the two files say."""

    bases: tuple[BaseNature, ...] = ()
    modifiers: tuple[Modifier, ...] = ()


def read_natures(folder: Path, findings: Findings) -> NatureFiles:
    """Read both; a center that writes every nature down by itself has no modifiers."""
    lists = {"programmes": CODES, "conditional": CODES, "aliases": WORDS, "modifiers": CODES, "groups": CODES}
    bases = rows(folder, BASES, BaseNature, findings, lists)
    if not (folder / MODIFIERS).is_file():
        return NatureFiles(tuple(bases))
    lists = {"goes_with": CODES, "not_with": CODES, "aliases": WORDS, "takes_away": CODES, "makes_conditional": CODES}
    return NatureFiles(tuple(bases), tuple(rows(folder, MODIFIERS, Modifier, findings, lists)))


def check_protocols_named(files: NatureFiles, protocols: Collection[str], known: Known) -> None:
    """Note which of the protocols that the two files name are not there."""
    for file, rows_of in ((BASES, files.bases), (MODIFIERS, files.modifiers)):
        for each in rows_of:
            known(file, f"{each.code}, protocol", filter(None, [each.protocol]), protocols)


def check_natures(agency: Agency, files: NatureFiles, known: Known, findings: Findings) -> None:
    """Note what does not fit together in the two files, or with the rest of the configuration."""
    programmes = [programme.code for programme in agency.programmes]
    codes = {base.code for base in files.bases}
    for base in files.bases:
        known(BASES, f"{base.code}, programmes", base.programmes, programmes)
        known(BASES, f"{base.code}, conditional", base.conditional, programmes)
        known(BASES, f"{base.code}, priority", filter(None, [base.priority]), PRIORITIES)
        known(BASES, f"{base.code}, base", filter(None, [base.base]), codes)
        _one_word(BASES, base.code, findings)
        if base.check_minutes is not None and base.check_minutes <= 0:
            what = f"{base.check_minutes} is no span of time"
            findings.add(BASES, f"{base.code}, check_minutes", what, "more than 0, or empty: as its programme has it")
        for programme in set(base.programmes) & set(base.conditional):
            what = f"{programme} is open to it and conditional at once"
            findings.add(BASES, base.code, what, "each programme in one of the two columns")
    groups = {group for base in files.bases for group in base.groups}
    for each in files.modifiers:
        known(MODIFIERS, f"{each.code}, goes_with", each.goes_with, [*sorted(groups), *sorted(codes)])
        known(MODIFIERS, f"{each.code}, takes_away", each.takes_away, programmes)
        known(MODIFIERS, f"{each.code}, makes_conditional", each.makes_conditional, programmes)
        known(MODIFIERS, f"{each.code}, at_least", filter(None, [each.at_least]), PRIORITIES[1:])
        _one_word(MODIFIERS, each.code, findings)
        _left_out(each, files.bases, codes, findings)
    written = Counter(base.code for base in files.bases)
    for code, times in Counter(nature.code for nature in catalogue(files.bases, files.modifiers)).items():
        if times > 1:
            made = "" if written[code] > 1 else " once every modifier is put to its natures"
            findings.add(BASES, "code", f"{code!r} stands here {times} times{made}", "each once")


def _one_word(file: str, code: str, findings: Findings) -> None:
    if len(code.split()) != 1 or ";" in code:
        findings.add(file, repr(code), "a code is one word", "letters, digits and signs, no blanks and no semicolon")


def _left_out(modifier: Modifier, bases: Collection[BaseNature], codes: Collection[NatureCode], findings: Findings) -> None:
    """A nature that is left out would be there otherwise: one that would not is a slip of the pen."""
    joined = {base.code for base in bases if not {base.code, *base.groups}.isdisjoint(modifier.goes_with)}
    for code in modifier.not_with:
        if code not in joined:
            what = f"{code!r} is {'not among those it goes with' if code in codes else 'no base nature'}"
            findings.add(MODIFIERS, f"{modifier.code}, not_with", what, "leave it out")
