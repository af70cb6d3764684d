"""What the supervisor's figures say: pure words from the day's figures and from what the agency has published."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from console.domain import metrics, outreach
from console.domain.agency import Agency
from console.domain.metrics import ProgrammeDay, Today, UnitDay
from console.domain.programmes import Programme, Published, Responds, duty_spans
from console.domain.state import State
from console.ui.parts import Part

NOTHING: Final = "—"
_MOST_RECODED: Final = 5


class Figure(Struct, frozen=True):
    """One cell: a title, one large figure, a line below, and the sentence that tells where each number comes from."""

    title: tuple[Part, ...]
    large: str
    below: tuple[Part, ...]
    means: str


def figures(state: State, today: Today) -> tuple[Figure, ...]:
    """The cells from left to right: all eligible calls, each programme that meets neighbors, why some were missed.

    Those of programmes of follow-up tell of the referrals on the lists, which are of more than today.
    """
    cells = [_eligible(state.agency, today)]
    for day in today.programmes:
        programme = state.agency.programme(day.code)
        if programme is not None:
            cells.append(_programme(programme, day))
    cells += [_follow_up(state, each) for each in state.agency.programmes if each.responds is Responds.FOLLOW_UP]
    return (*cells, _missed(state.agency, today))


def _eligible(agency: Agency, today: Today) -> Figure:
    excluded = f" · not counted {today.excluded}" if today.excluded else ""
    recoded = sum(today.recoded.values())
    below = f"answered {today.answered} · pending {today.pending} · missed {today.missed}{excluded}"
    below += f" · closed as another nature {recoded}" if recoded else ""
    means = (
        f"{today.eligible} calls received since local midnight were open to a programme: {today.answered} were met by "
        f"somebody, {today.pending} wait, {today.missed} were missed"
    )
    if today.excluded:
        means += f", {today.excluded} closed for a reason that does not count as missed"
    if recoded:
        most = [
            f"{agency.nature(began).name} as {agency.nature(ended).name} {count}"
            for (began, ended), count in list(today.recoded.items())[:_MOST_RECODED]
        ]
        means += f". {recoded} of all calls were closed as another nature than they began as, most: {', '.join(most)}"
    return Figure((Part("eligible calls today"),), str(today.eligible), (Part(below),), f"{means}. Counted by this desk.")


def _programme(programme: Programme, day: ProgrammeDay) -> Figure:
    phone = programme.responds is Responds.BY_PHONE
    published = programme.published
    parts, told = [], []
    met = percent(day.answered_percent)
    told.append(
        f"{programme.name}: {day.answered} of {day.open_to} settled calls that were open to it were answered today"
        if day.open_to
        else f"{programme.name}: no call that was open to it is settled yet today"
    )
    if published:
        parts.append(f"published {span_of_percent(published.answered_percent)}")
    if phone and (day.by_phone_percent is not None or (published and published.by_phone_percent is not None)):
        beside = published.by_phone_percent if published else None
        parts.append(_beside("by phone alone", percent(day.by_phone_percent), percent(beside) if beside is not None else ""))
    minutes = f"{day.minutes_to_scene:.1f} min" if day.minutes_to_scene is not None else NOTHING
    what = "to answer" if phone else "to scene"
    if not phone or (day.by_phone_percent is None and not (published and published.by_phone_percent is not None)):
        parts.append(_beside(what, minutes, f"{published.minutes_to_scene:.2f}" if published else ""))
    told.append(f"{what} {minutes} on average")
    if published:
        told.append(_published_words(published, phone=phone))
    title = (Part(programme.code, programme.colour), Part(" answered"))
    return Figure(title, met, (Part(" · ".join(parts)),), ". ".join(told) + ".")


def _follow_up(state: State, programme: Programme) -> Figure:
    found, published = outreach.figures(state), state.agency.follow_up.published
    days, share = found.days_to_first_contact, found.connected_percent
    ours = f"{days:.1f} days" if days is not None else NOTHING
    owed = sum(one.first_contact is None for one in outreach.open_referrals(state))
    beside = published.connected_percent if published else None
    below = (
        *((f"published {published.days_to_first_contact:g}",) if published else ()),
        _beside("connected", percent(share), percent(beside) if beside is not None else ""),
        f"first contact owed to {owed}",
    )
    means = (
        f"{programme.name}: of {found.referred} referrals on the lists {found.contacted} were contacted, on average {ours} "
        f"after the 911 interaction, and {found.connected} connected to care. {owed} wait for a first contact"
    )
    if published:
        means += f". Published: {published.days_to_first_contact:g} days, {percent(beside)} connected"
    title = (Part(programme.code, programme.colour), Part(" first contact"))
    return Figure(title, ours, (Part(" · ".join(below)),), f"{means}.")


def _beside(what: str, ours: str, published: str) -> str:
    return f"{what} {ours} ({published})" if published else f"{what} {ours}"


def _published_words(published: Published, *, phone: bool) -> str:
    """The published figures with their source."""
    words = [f"{span_of_percent(published.answered_percent)} answered"]
    words.append(f"{published.minutes_to_scene:.2f} min {'to answer' if phone else 'to scene'}")
    if published.by_phone_percent is not None:
        words.append(f"{percent(published.by_phone_percent)} by phone alone")
    return f"Published: {', '.join(words)}, over {published.calls:,} calls; source: {published.source}"


def _missed(agency: Agency, today: Today) -> Figure:
    names = {reason.code: reason.name for reason in agency.missed_reasons}
    parts: list[Part] = []
    for code, count in today.missed_by_reason.items():
        name = names.get(code, code)
        parts += [Part(f"{' · ' if parts else ''}{name[:1].lower()}{name[1:]} "), Part(str(count), "text", strong=True)]
    means = "".join(part.words for part in parts) or "No eligible call was missed today"
    title = f"why {today.missed} were missed" if today.missed != 1 else "why 1 was missed"
    below = tuple(parts) or (Part("none so far today"),)
    return Figure((Part(title),), "", below, f"{means}. Counted by this desk since local midnight.")


def percent(share: float | None) -> str:
    """A share as whole per cent, "—" while there is none."""
    return NOTHING if share is None else f"{share:.0f} %"


def span_of_percent(pair: tuple[float, float]) -> str:
    """ "50-55 %", or "75 %" where both ends are one."""
    low, high = pair
    return percent(low) if low == high else f"{low:.0f}-{high:.0f} %"


def busy(state: State, code: str, day: UnitDay | None, now: datetime) -> str:
    """The share of the programme's hours of duty since midnight that went into calls; "—" before duty began."""
    programme = state.agency.programme(code)
    if day is None or programme is None:
        return NOTHING
    since = metrics.midnight(state, now)
    on_duty = sum((end - start for start, end in duty_spans(programme, since, now, state.agency.time_zone)), timedelta())
    seconds = on_duty.total_seconds()
    return percent(min(100.0, 100 * day.busy_s / seconds)) if seconds else NOTHING


def missed_span(state: State, today: Today, now: datetime) -> str:
    """Which span the missed calls cover: the live board, today, and no more."""
    hours = state.agency.keep_closed_h
    since = metrics.midnight(state, now)
    if now - since > timedelta(hours=hours):
        return f"{today.missed} of the last {hours} h, all that the live board holds"
    return f"{today.missed} today"


def hours_on_duty(state: State, now: datetime) -> tuple[bool, ...]:
    """For each local hour of today whether some programme that meets neighbors has duty in it."""
    since = metrics.midnight(state, now)
    end = metrics.midnight(state, since + timedelta(hours=36))
    spans = [
        span
        for programme in state.agency.programmes
        if programme.responds is not Responds.FOLLOW_UP
        for span in duty_spans(programme, since, end, state.agency.time_zone)
    ]
    hours = [since + timedelta(hours=n) for n in range(24)]
    return tuple(any(start < hour + timedelta(hours=1) and stop > hour for start, stop in spans) for hour in hours)
