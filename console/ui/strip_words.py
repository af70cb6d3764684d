"""What the top strip says, computed from state and time alone: counts, the link, the clock, who is signed in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from msgspec import Struct

from console.domain import queries
from console.domain.deciding.offers import NO_ANSWER
from console.domain.state import Presence, PresenceStatus, State
from console.domain.times import span, time_of_day
from console.link.link_state import LinkState, LinkStatus
from console.ui.parts import Part
from console.wire.messages import Session


class Chip(Struct, frozen=True):
    """One chip: its parts, and the sentence that hovering and screen readers get."""

    parts: tuple[Part, ...]
    means: str
    brief: tuple[Part, ...] = ()
    """The same in fewer words, for a narrow strip; () where there are no fewer."""

    @property
    def words(self) -> str:
        """All parts in a row."""
        return "".join(part.words for part in self.parts)


def pending_chip(waiting: Mapping[str, int]) -> Chip:
    """How many eligible calls wait, by the level of their wait, and how many of them past their target or close to it."""
    count, past, due = sum(waiting.values()), waiting.get("past", 0), waiting.get("due", 0)
    parts = [Part("pending "), Part(str(count), "text", strong=True)]
    means = f"{count} eligible calls wait; {past} past their target, {due} due soon"
    if past:
        brief = (*parts, Part(f" · ▲ {past} past", "alarm"))
        return Chip((*parts, Part(f" · ▲ {past} past target", "alarm")), means, brief)
    if due:
        parts.append(Part(f" · ◆ {due} due", "due"))
    return Chip(tuple(parts), means)


def presence_chip(state: State, me: Session | None, now: datetime) -> Chip:
    """What the hub says the person at this desk is doing, for how long, and of a wrap-up how long still.

    While a caller rings at them that is said; where the hub hears nothing of their desk they are never shown as ready.
    """
    mine: Presence | None = state.people.get(me.user_id) if me else None
    if mine is None:
        return Chip((Part("not at work"),), "You are not signed in as at work")
    programme = state.agency.programme(mine.programme)
    lead = [Part(f"{programme.code} · ", programme.colour)] if programme else []
    if mine.lost_at is not None:
        since = time_of_day(state.agency, mine.lost_at, seconds=True)
        means = f"The hub has heard nothing of your desk since {since}: nobody is rung here"
        return Chip((*lead, Part(f"▲ unreachable since {since}", "alarm")), means)
    ringing = queries.ringing(state, mine.user_id)
    if ringing is not None and ringing.hand_off is not None:
        rung = span((now - ringing.hand_off.offered_at).total_seconds())
        parts = (*lead, Part("ringing ", "due"), Part(rung, "text", strong=True))
        return Chip(parts, f"Call {ringing.number} rings at you")
    doing, took = queries.PRESENCE_WORDS[mine.status], (now - mine.since).total_seconds()
    parts = (*lead, Part(f"{doing} "), Part(span(took), "text", strong=True))
    left = state.agency.hand_off.wrap_up_s - took
    if mine.status is PresenceStatus.WRAP_UP and state.agency.hand_off.wrap_up_s:
        return Chip(
            (*parts, Part(f" · ready in {span(left)}")), f"You are {doing}; it ends by itself, and you are ready again"
        )
    why = f" · {mine.reason}" if mine.reason else ""
    whole = (*parts, Part(why)) if why else parts
    kept = whole if mine.reason == NO_ANSWER else parts  # what a person did not do themselves is said at any width
    return Chip(whole, f"You are {doing}{f': {mine.reason}' if why else ''}", kept)


def link_chip(link: LinkStatus | None, unsent: int, state: State) -> Chip:
    """The link in a shape, a word and its age; with it how many commands wait. Never absent."""
    waiting = f" · {unsent} unsent" if unsent else ""
    if link is None:
        return Chip((Part(f"▲ no link{waiting}", "alarm"),), "This desk is not connected to a hub")
    since = f" since {time_of_day(state.agency, link.since, seconds=True)}" if link.since else ""
    delay = f" · {link.delay_ms:.0f} ms" if link.delay_ms is not None else ""
    shown: dict[LinkState, tuple[str, str]] = {
        LinkState.LIVE: (f"● live{delay}", "fine"),
        LinkState.CATCHING_UP: ("◌ catching up", "due"),
        LinkState.STALE: (f"◆ stale{since}", "due"),
        LinkState.OFFLINE: (f"▲ outdated{since}" if link.outdated else f"▲ offline{since}", "alarm"),
    }
    words, token = shown[link.state]
    return Chip((Part(words + waiting, token),), link.detail or "Everything the hub has, this desk has")


def person(me: Session | None, *, short: bool = False) -> str:
    """Who is signed in: "T. Okafor · position 12"; short: the name alone."""
    if me is None:
        return "nobody signed in"
    if short:
        return me.name
    name = f"{me.name}, {me.title}" if me.title else me.name
    return f"{name} · {me.position}" if me.position else name


def exercise_words(rate: float) -> str:
    """The mark of an exercise, with how fast its time runs."""
    return f"EXERCISE · {rate:g} ×" if rate else "EXERCISE · time stands still"


Board = Literal["live", "old"]


def board(link: LinkStatus | None) -> Board:
    """Whether the board may be believed, or shows what was."""
    lost = link is None or link.state in (LinkState.STALE, LinkState.OFFLINE)
    return "old" if lost else "live"
