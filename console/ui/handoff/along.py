"""What goes along with a caller, so that nobody tells their story twice: one page, the same before and after."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from html import escape

from msgspec import Struct

from console.domain import queries
from console.domain.acquaintance import neighbor_of
from console.domain.ids import EntryId, UnitId
from console.domain.state import Call, Position, State
from console.domain.times import time_of_day
from console.ui.handoff.asks import on_its_way
from console.ui.handoff.told import facts_markup, narrative_markup
from console.ui.queue.rows import language, place_words
from console.ui.widgets import ink

NOT_WRITTEN = "not written down"
"""Stands where nobody said anything: that nothing was promised is not known by that."""


class Along(Struct, frozen=True):
    """One line of the page: what it is about, and the words; `known` false where nobody wrote it down."""

    about: str
    words: str
    known: bool = True


def goes_along(state: State, positions: Mapping[UnitId, Position], call: Call, now: datetime, contacts: str) -> list[Along]:
    """The lines of a call, those a clinician asks for first on top; `contacts` are the words on earlier contacts."""
    came = (hand_off for hand_off in reversed(call.hand_offs) if hand_off.is_open or hand_off.taken_at is not None)
    passing = call.seeking or next(came, None)  # one that was offered on, and declined, brought nothing
    asks, promised = (passing.asks, passing.promised) if passing is not None else ("", "")
    known = neighbor_of(state, call)
    return [
        *([_line("asks of you", asks), _line("promised", promised)] if passing is not None else []),
        _line("why now", call.narrative[0].text.partition("\n")[0] if call.narrative else ""),
        _line("caller", _who(state, call, known.name if known else "")),
        _line("where", place_words(call)),
        Along("on its way", _moving(state, positions, call, now) or "nobody"),
        *([Along("contacts", contacts)] if contacts else []),
        *([_line("approach", known.approach)] if known and known.approach else []),
    ]


def _line(about: str, words: str) -> Along:
    return Along(about, words or NOT_WRITTEN, bool(words))


def _who(state: State, call: Call, name: str) -> str:
    """How they like to be called, the callback number, and the language where it is not the center's first."""
    spoken = queries.other_language(state.agency, call)
    speaks = f"speaks {language(spoken)}" if spoken else ""
    return " · ".join(filter(None, (name, call.callback or "no callback number", speaks)))


def _moving(state: State, positions: Mapping[UnitId, Position], call: Call, now: datetime) -> str:
    """Units of the call with their minutes, and the services that were asked; "" for nobody."""
    units = [on_its_way(state, positions, call, unit) for unit in queries.assigned_units(state, call)]
    asked = [f"{state.agency.name_of(o.service)} asked {time_of_day(state.agency, o.at, now)}" for o in call.services]
    return " · ".join((*units, *asked))


def page(lines: list[Along], state: State, call: Call, unsent: frozenset[EntryId], typing: Mapping[str, str]) -> str:
    """The whole page as rich text; `typing` are the words that somebody is writing now, by their name."""
    muted, amber, faint = (ink(token).name() for token in ("muted", "due", "faint"))
    rows = "".join(
        f'<tr><td style="color:{muted}">{escape(line.about)}&nbsp;&nbsp;&nbsp;</td><td>{_words(line, amber)}</td></tr>'
        for line in lines
    )
    narrative = narrative_markup(state, call, unsent)
    below = [f'<p style="margin:5px 2px 0 2px">{facts_markup(state, call)}</p>']
    below += [f'<p style="margin:5px 2px 0 2px; color:{muted}">{narrative}</p>'] if narrative else []
    below += [
        f'<p style="margin:3px 2px 0 2px; color:{faint}"><i>{escape(name)} writes: {escape(words)}…</i></p>'
        for name, words in typing.items()
    ]
    return f"<table cellspacing='0' cellpadding='2'>{rows}</table>{''.join(below)}"


def _words(line: Along, amber: str) -> str:
    words = escape(line.words)
    return words if line.known else f'<span style="color:{amber}">{words}</span>'
