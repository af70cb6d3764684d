"""The words of follow-ups: the list's rows with their clocks, one referral in full, the figures. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import Struct

from console.domain.acquaintance import neighbor_at
from console.domain.agency import Agency
from console.domain.follow_ups import Attempt, Reach, Referral
from console.domain.ids import ReferralId, UserId
from console.domain.outreach import Figures, Level, level, open_referrals, recent_outreach
from console.domain.programmes import Programme, Responds
from console.domain.queries import person_name
from console.domain.same_place import number_key, number_spoken
from console.domain.state import State
from console.domain.times import local, time_of_day
from console.ui.known_neighbor import named
from console.ui.queue.rows import language

SHAPES: dict[Level, str] = {"fine": "", "due": "◆ ", "past": "▲ "}
HOW: dict[Reach, str] = {Reach.PHONE: "by phone", Reach.IN_PERSON: "in person", Reach.MESSAGE: "by message"}


class ReferralRow(Struct, frozen=True):
    """One row of the list; what ages is reckoned when it is painted."""

    referral: Referral
    agency: Agency
    name: str
    about: str

    @property
    def referral_id(self) -> ReferralId:
        """The referral's id."""
        return self.referral.referral_id

    def level(self, now: datetime) -> Level:
        """How near its time is."""
        return level(self.referral, now)

    def clock(self, now: datetime) -> str:
        """How long until the next limit, since the last one, or since the first contact: "20 h", "45 min"."""
        one = self.referral
        if one.first_contact is not None:
            return hours(now - one.first_contact.made.at)
        limit = one.due_at if now < one.due_at else one.late_at
        return hours(abs(limit - now))

    def standing(self, now: datetime) -> str:
        """What its clock says: "to 48 h", "past 72 h", "since contact"."""
        one, rules = self.referral, self.agency.follow_up
        if one.first_contact is not None:
            return "since contact"
        if now >= one.late_at:
            return f"past {rules.late_h} h"
        return f"to {rules.due_h} h" if now < one.due_at else f"to {rules.late_h} h"

    def spoken(self, now: datetime) -> str:
        """The whole row as one sentence."""
        late = {"due": ", due", "past": ", past its time", "fine": ""}[self.level(now)]
        return f"{self.name}, {self.clock(now)} {self.standing(now)}{late}, {self.about}"


def hours(span: timedelta) -> str:
    """A span of a day or more in hours, a short one in minutes."""
    minutes = int(span.total_seconds()) // 60
    return f"{minutes // 60} h" if minutes >= 60 else f"{max(0, minutes)} min"


def follow_up_programme(agency: Agency) -> Programme | None:
    """The programme that follows up; None where there is none."""
    return next((each for each in agency.programmes if each.responds is Responds.FOLLOW_UP), None)


def list_name(agency: Agency) -> str:
    """What the list is called: by the programme's own name."""
    programme = follow_up_programme(agency)
    return programme.name if programme is not None else "Follow-up"


def rows(state: State) -> tuple[ReferralRow, ...]:
    """Every referral that goes on, in the order in which they are due."""
    return tuple(ReferralRow(one, state.agency, who(state, one), _about(state, one)) for one in open_referrals(state))


def who(state: State, one: Referral) -> str:
    """The neighbor: by name where they are known, else by number or place."""
    known = neighbor_at(state, one.callback, one.place)
    if known is not None:
        return named(known)
    return number_spoken(number_key(one.callback)) or one.place or f"caller of {one.number}"


def _about(state: State, one: Referral) -> str:
    owner = person_name(state, one.owner) if one.owner else "nobody's yet"
    tries = len(one.attempts)
    tried = f"{tries} {'try' if tries == 1 else 'tries'}" if tries else "not tried"
    return f"after {one.number} · {owner} · {tried}"


def whom(state: State, one: Referral) -> str:
    """Number, place and language of the one who is to be reached."""
    spoken = one.language if one.language not in ("", *state.agency.languages[:1]) else ""
    parts = (one.callback or "no callback number", one.place, f"speaks {language(spoken)}" if spoken else "")
    return " · ".join(filter(None, parts))


def due_words(agency: Agency, one: Referral, now: datetime) -> str:
    """When the first contact is due, with its shape; or when it was made, and how long after the call."""
    first, rules = one.first_contact, agency.follow_up
    if first is not None:
        days = (first.made.at - one.called_at).total_seconds() / 86_400
        return f"first contact {moment(agency, first.made.at, now)}, {days:.1f} days after the call"
    if one.ended is not None:
        return "no first contact was made"
    shape = SHAPES[level(one, now)]
    if now >= one.late_at:
        return f"first contact {shape}late since {moment(agency, one.late_at, now)} ({rules.late_h} h)"
    if now >= one.due_at:
        last = f"{moment(agency, one.late_at, now)} ({rules.late_h} h)"
        return f"first contact {shape}due since {moment(agency, one.due_at, now)} ({rules.due_h} h), late {last}"
    return f"first contact due {shape}{moment(agency, one.due_at, now)} ({rules.due_h} h)"


def referred_words(state: State, one: Referral, now: datetime) -> str:
    """Who referred them and when."""
    return f"referred {moment(state.agency, one.referred.at, now)} by {person_name(state, one.referred.by)}"


def ended_words(state: State, one: Referral, now: datetime) -> str:
    """How it ended; "" while it goes on."""
    if one.ended is None:
        return ""
    how = "connected to care" if one.connected is not None else "ended"
    because = f": {one.ended_because}" if one.ended_because else ""
    return f"{how} {moment(state.agency, one.ended.at, now)} by {person_name(state, one.ended.by)}{because}"


def moment(agency: Agency, at: datetime, now: datetime) -> str:
    """A moment with its day in words where that is near: "today 16:48", "yesterday 16:10", "Fri 16:48"."""
    days = (local(agency, at).date() - local(agency, now).date()).days
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days)
    return f"{near} {time_of_day(agency, at)}" if near else time_of_day(agency, at, now)


def attempt_words(state: State, attempt: Attempt, now: datetime) -> str:
    """One try: when, whose, how, and what came of it."""
    came = "reached" if attempt.reached else "not reached"
    words = f"{moment(state.agency, attempt.made.at, now)}, {person_name(state, attempt.made.by)} {HOW[attempt.how]}, {came}"
    return f"{words}: {attempt.note}" if attempt.note else words


def warning(state: State, one: Referral, now: datetime) -> str:
    """That others have been in touch with the same neighbor lately; "" where nobody was."""
    recent = recent_outreach(state, one.callback, one.place, now, one.referral_id)
    if not recent:
        return ""
    more = f", and {len(recent) - 1} more" if len(recent) > 1 else ""
    return f"◆ contacted by outreach {attempt_words(state, recent[0], now)}{more}"


def figures_words(agency: Agency, found: Figures) -> tuple[str, ...]:
    """Days to the first contact and the share connected to care, each beside what is published."""
    published = agency.follow_up.published
    days = "–" if found.days_to_first_contact is None else f"{found.days_to_first_contact:.1f}"
    share = "–" if found.connected_percent is None else f"{found.connected_percent:.0f} %"
    theirs = ("", "")
    if published is not None:
        theirs = f" (published {published.days_to_first_contact:g})", f" (published {published.connected_percent:g} %)"
    return f"{days} days to first contact{theirs[0]}", f"{share} connected to care{theirs[1]}"


def count_words(listed: Iterable[ReferralRow], now: datetime, me: UserId) -> str:
    """How many there are, how many are the person's own, due and late."""
    levels = [(row.level(now), row.referral.owner == me) for row in listed]
    mine = sum(own for _, own in levels)
    due, past = (sum(each == wanted for each, _ in levels) for wanted in ("due", "past"))
    parts = (
        str(len(levels)),
        f"{mine} mine" if mine else "",
        f"◆ {due} due" if due else "",
        f"▲ {past} late" if past else "",
    )
    return " · ".join(filter(None, parts))
