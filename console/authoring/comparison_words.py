"""A comparison of two configurations in words: tables for the screen, and every count for a file."""

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TextIO

from console.authoring.comparison import NO_PROGRAMME, Comparison, Judged, Pattern, Turn
from console.domain.agency import Agency
from console.domain.eligibility import Standing
from console.domain.ids import ProgrammeCode
from console.recorded.report import harmless

WORDS = {
    Standing.ELIGIBLE: "eligible", Standing.NOT_KNOWN: "not enough known", Standing.NOT: "not", None: NO_PROGRAMME,
}  # fmt: skip
"""Headings of columns, in their order."""
LONGEST = 30
"""Lines of a table on the screen."""
COUNTS_HEADER = ("by", "value", "programme", "before", "after", "calls")
_NO_AREA = "no area"


def not_compared(old: Agency, new: Agency) -> list[str]:
    """What a comparison of recorded calls cannot show: they came in with a nature, and nobody's answers."""
    lines = ["Judged as received: a rule on a fact that only a question tells moves nothing here."]
    for what, name in (("never_unarmed", "never_unarmed"), ("the protocols", "protocols"), ("the facts", "facts")):
        if getattr(old, name) != getattr(new, name):
            lines.append(f"Not compared, and different: {what}; `protocol check` says what is proved of the new ones.")
    return lines


def tables(comparison: Comparison) -> list[str]:
    """The lines of all tables."""
    lines = _programmes(comparison)
    lines += ["", *_duty(comparison)]
    lines += ["", *_dimension(comparison, "nature", comparison.by_nature(), _most_moved)]
    lines += ["", *_dimension(comparison, "hour", comparison.by_hour(), _as_named)]
    lines += ["", *_dimension(comparison, "area", comparison.by_area(), _most_moved)]
    return lines


def turn_in_words(turn: Turn) -> str:
    """One programme's verdict before and after: `TEAM: not → eligible`."""
    return f"{turn.programme}: {WORDS[turn.old]} → {WORDS[turn.new]}"


def duty_changes(judged: Judged, pattern: Pattern) -> list[tuple[ProgrammeCode, bool]]:
    """Programmes that the call may be for, where somebody is on duty under one configuration only: True if the new one."""
    return [
        (turn.programme, new)
        for turn, (old, new) in zip(judged.turns, pattern, strict=False)
        if old != new and turn.open
    ]  # fmt: skip


def write_counts(comparison: Comparison, file: TextIO) -> None:
    """Every count, those that do not move too: by nature, hour, area and programme, and the hours of duty."""
    writer = csv.writer(file)
    writer.writerow(COUNTS_HEADER)
    dimensions: list[tuple[str, Iterable[tuple[Judged, str, int]]]] = [
        ("programme", ((judged, "", count) for judged, _, count in comparison.by_area())),
        ("nature", comparison.by_nature()),
        ("hour", comparison.by_hour()),
        ("area", comparison.by_area()),
    ]
    for name, counted in dimensions:
        counts: Counter[tuple[str, str, str, str]] = Counter()
        for judged, value, count in counted:
            for turn in judged.turns:
                counts[value, turn.programme, WORDS[turn.old], WORDS[turn.new]] += count
        for (value, *rest), count in sorted(counts.items()):
            writer.writerow((name, harmless(value), *rest, count))
    duty: Counter[tuple[str, str, str]] = Counter()
    for judged, pattern, count in comparison.by_duty():
        for turn, (old, new) in zip(judged.turns, pattern, strict=True):
            if turn.open:
                duty[turn.programme, _on(old), _on(new)] += count
    for key, count in sorted(duty.items()):
        writer.writerow(("duty", "", *key, count))


def _on(on: bool) -> str:
    return "on duty" if on else "nobody on duty"


def _programmes(comparison: Comparison) -> list[str]:
    """Each programme's verdicts before and after, and what moves."""
    before: dict[ProgrammeCode, Counter[str]] = defaultdict(Counter)
    after: dict[ProgrammeCode, Counter[str]] = defaultdict(Counter)
    moved: dict[ProgrammeCode, Counter[int]] = defaultdict(Counter)
    for judged, _, count in comparison.by_area():
        for turn in judged.turns:
            before[turn.programme][WORDS[turn.old]] += count
            after[turn.programme][WORDS[turn.new]] += count
            moved[turn.programme][turn.moved] += count
    shown = [words for words in WORDS.values() if any(words in each for each in (*before.values(), *after.values()))]
    rows = [["programme", *shown, "gained", "lost", "unchanged"]]
    for code in comparison.programmes:
        verdicts = [f"{before[code][words]:,} → {after[code][words]:,}" for words in shown]
        rows.append([code, *verdicts, *(f"{moved[code][way]:,}" for way in (1, -1, 0))])
    return ["Verdicts by programme, in calls before → after", *_grid(rows)]


def _duty(comparison: Comparison) -> list[str]:
    """Whether somebody was on duty when a call came that may be for the programme."""
    counts: dict[ProgrammeCode, Counter[tuple[bool, bool]]] = defaultdict(Counter)
    for judged, pattern, count in comparison.by_duty():
        for turn, on in zip(judged.turns, pattern, strict=True):
            if turn.open:
                counts[turn.programme][on] += count
    rows = [["programme", "calls", "somebody on duty", "gained", "lost"]]
    for code in comparison.programmes:
        of = counts[code]
        old, new = of[True, True] + of[True, False], of[True, True] + of[False, True]
        rows.append(
            [code, f"{of.total():,}", f"{old:,} → {new:,}", f"{of[False, True]:,}", f"{of[True, False]:,}"]
        )  # fmt: skip
    return ["Somebody on duty when a call came that is not ruled out for it (calls of a known hour)", *_grid(rows)]


Moved = Counter[tuple[ProgrammeCode, int]]
"""Calls by programme and way: 1 gained, -1 lost."""


def _most_moved(value: str, moved: Moved) -> tuple[int, str]:
    return -moved.total(), value


def _as_named(value: str, _: Moved) -> tuple[int, str]:
    return 0, value


def _dimension(
    comparison: Comparison,
    name: str,
    counted: Iterable[tuple[Judged, str, int]],
    order: Callable[[str, Moved], tuple[int, str]],
) -> list[str]:
    """What is gained and lost for each value of a dimension; values for which nothing moves are only counted."""
    calls: Counter[str] = Counter()
    moved: dict[str, Moved] = defaultdict(Counter)
    for judged, value, count in counted:
        calls[value] += count
        for turn in judged.turns:
            if turn.moved:
                moved[value][turn.programme, turn.moved] += count
    heading = f"By {name}: {len(moved):,} of {len(calls):,} move"
    if not moved:
        return [heading]
    codes = [code for code in comparison.programmes if any(key[0] == code for each in moved.values() for key in each)]
    rows = [[name, "calls", *codes]]
    for value in sorted(moved, key=lambda value: order(value, moved[value]))[:LONGEST]:
        ways = [_ways(moved[value][code, 1], moved[value][code, -1]) for code in codes]
        rows.append([value or _NO_AREA, f"{calls[value]:,}", *ways])
    more = [f"  and {len(moved) - LONGEST:,} more: see --counts"] if len(moved) > LONGEST else []
    return [heading, *_grid(rows), *more]


def _ways(gained: int, lost: int) -> str:
    return " ".join(filter(None, (f"+{gained:,}" if gained else "", f"−{lost:,}" if lost else ""))) or "·"


def _grid(rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns side by side: the first to the left, numbers to the right."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return [
        "  "
        + "  ".join(cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True)))
        for row in rows
    ]
