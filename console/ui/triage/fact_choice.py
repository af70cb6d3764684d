"""A fact set by hand, outside the questions: which fact, which value, and why, each asked in turn in one panel."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from console.domain.commands import AnyCommand, SetFact, TakeBackFact
from console.domain.conditions import NOT_KNOWN
from console.domain.ids import FactName
from console.domain.state import Call, State
from console.ui.choice_panel import ChoicePanel, Do
from console.ui.context import Context
from console.ui.option import Option, key_of
from console.ui.triage.record import by_hand_stamp, value_words

_TAKE_BACK: Final = ""
"""No value of a fact is empty: this one takes back what was set."""
WHY: Final = "Why: who said it, or what was seen or heard"


class FactChoice:
    """Leads through the panel for one call; `do` gets the command at the end. Leaving the panel does nothing.

    `make_way` is called each time the panel asks. A half-typed reason is kept until it is given.
    """

    def __init__(
        self, context: Context, panel: ChoicePanel, make_way: Callable[[], object], do: Callable[[AnyCommand], object]
    ) -> None:
        self._context, self._panel, self._make_way, self._do = context, panel, make_way, do
        self._keep: Callable[[str], object] = lambda _words: None
        panel.note_changed.connect(lambda words: self._keep(words))

    def ask(self, call: Call) -> None:
        """Ask which fact, then which value and why."""
        state, now = self._context.store.state, self._context.store.now()
        me, drafts = self._context.me, self._context.drafts

        def value_of(fact: str, _note: str) -> None:
            name = FactName(fact)
            title = f"{state.agency.fact_name(name)}: what is known? A few words say why"
            self._keep = lambda words: drafts.keep(me, call.call_id, words, f"why {fact}")
            typed = drafts.text(me, call.call_id, f"why {fact}")
            self._ask(title, value_options(state, call, name), told(name), WHY, typed)

        def told(fact: FactName) -> Callable[[str, str], object]:
            return lambda value, why: give(
                TakeBackFact(call.call_id, fact) if value == _TAKE_BACK else SetFact(call.call_id, fact, value, why)
            )

        def give(command: AnyCommand) -> None:
            self._keep("")
            self._do(command)

        title = f"Set a fact of call {call.number} by hand: which?"
        self._ask(title, fact_options(state, call, now), value_of, None)

    def _ask(self, title: str, options: tuple[Option, ...], do: Do, note: str | None, typed: str = "") -> None:
        self._panel.ask(title, options, do, does="set it", note=note, at_once=True, text=typed)
        self._make_way()


def fact_options(state: State, call: Call, now: datetime) -> tuple[Option, ...]:
    """The agency's facts, those that every summary names first, each with what is known of it and by whose word."""
    agency, known = state.agency, call.facts
    by_hand = {told.fact: told for told in call.told}
    ordered = dict.fromkeys((*(fact for fact in agency.facts_shown if fact in agency.facts), *agency.facts))

    def detail(fact: FactName) -> str:
        if fact not in known:
            return "not told"
        whose = f", by hand: {by_hand_stamp(state, by_hand[fact], now)}" if fact in by_hand else ""
        return value_words(agency, fact, known[fact]) + whose

    return tuple(Option(fact, agency.facts[fact].name, key_of(place), detail(fact)) for place, fact in enumerate(ordered))


def value_options(state: State, call: Call, fact: FactName) -> tuple[Option, ...]:
    """The values of a fact, "not known" among them; and taking back what was set by hand, where something was."""
    values = (*state.agency.facts[fact].values, NOT_KNOWN)
    options = [
        Option(value, value_words(state.agency, fact, value), key_of(place), needs_note=True)
        for place, value in enumerate(values)
    ]
    if any(told.fact == fact for told in call.told):
        options.append(Option(_TAKE_BACK, "Take back what was set by hand", key_of(len(options))))
    return tuple(options)
