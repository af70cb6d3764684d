"""What the top strip says: counts that say when to act, a link whose age is never missing, and spans read off a clock."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from console.domain import commands as c
from console.domain.ids import CLOCK, CallId, DeskId, HandOffId, ProgrammeCode
from console.domain.state import PresenceStatus, Role, State
from console.link.link_state import LinkState, LinkStatus
from console.ui import strip_words as words
from console.ui.supply_words import supply_chips
from console.ui.waiting import Waiting
from console.wire.messages import Session
from tests.support.agency import AGENCY
from tests.support.scenes import CALL, REYES, floor, offer, receive

ME = Session("t", REYES, "M. Reyes", Role.CLINICIAN, DeskId("d"), "LCSW", "desk 3", ProgrammeCode("PHONE"))
AT = datetime(2026, 5, 4, 18, 30, 7, tzinfo=UTC)


def waiting(state: State, now: datetime) -> Counter[str]:
    return Waiting(state, now).counts()


def test_given_calls_that_wait_when_counted_then_those_past_their_target_are_named_with_a_shape() -> None:
    scene = floor().given(receive(), receive(CallId("call-2")))
    assert words.pending_chip(waiting(scene.state, scene.at)).words == "pending 2"
    assert words.pending_chip(waiting(scene.state, scene.at + timedelta(minutes=6))).words == "pending 2 · ◆ 2 due"
    late = words.pending_chip(waiting(scene.state, scene.at + timedelta(minutes=11)))
    assert late.words == "pending 2 · ▲ 2 past target"
    assert late.parts[-1].token == "alarm"


def test_the_persons_own_presence_runs() -> None:
    scene = floor().given(c.SetPresence(PresenceStatus.WRAP_UP), by=REYES)
    chip = words.presence_chip(scene.state, ME, scene.state.people[REYES].since + timedelta(seconds=95))
    assert chip.words == "PHONE · in wrap-up 1:35"
    assert words.presence_chip(scene.state, None, scene.at).words == "not at work"


def test_a_wrap_up_that_ends_by_itself_says_what_is_left_of_it() -> None:
    timed = replace(AGENCY, hand_off=replace(AGENCY.hand_off, wrap_up_s=300))
    scene = floor().given(c.ConfigureAgency(timed)).given(c.SetPresence(PresenceStatus.WRAP_UP), by=REYES)
    at = scene.state.people[REYES].since + timedelta(seconds=95)
    assert words.presence_chip(scene.state, ME, at).words == "PHONE · in wrap-up 1:35 · ready in 3:25"


def test_a_caller_who_rings_a_reason_to_be_away_and_a_desk_that_is_not_heard_are_said() -> None:
    scene = floor().given(receive(), offer())
    chip = words.presence_chip(scene.state, ME, scene.state.calls[CALL].hand_offs[0].offered_at + timedelta(seconds=8))
    assert (chip.words, chip.means) == ("PHONE · ringing 0:08", "Call 0001 rings at you")
    scene = floor().given(c.SetPresence(PresenceStatus.AWAY, "lunch"), by=REYES)
    chip = words.presence_chip(scene.state, ME, scene.state.people[REYES].since)
    assert chip.words == "PHONE · away 0:00 · lunch"
    assert "".join(part.words for part in chip.brief) == "PHONE · away 0:00"
    scene = floor().given(receive(), offer()).given(c.TimeOutHandOff(CALL, HandOffId("h1")), by=CLOCK)
    chip = words.presence_chip(scene.state, ME, scene.state.people[REYES].since)
    assert "".join(part.words for part in chip.brief) == "PHONE · away 0:00 · did not answer", "no word of their own"
    scene = floor().given(c.LoseDesk(REYES, DeskId("desk-reyes")))
    chip = words.presence_chip(scene.state, ME, scene.at)
    assert chip.words.startswith("PHONE · ▲ unreachable since 14:30:") and "ready" not in chip.words


@pytest.mark.parametrize(
    ("link", "unsent", "shown", "token"),
    [
        (LinkStatus(LinkState.LIVE, AT, 14.2), 0, "● live · 14 ms", "fine"),
        (LinkStatus(LinkState.CATCHING_UP, AT), 0, "◌ catching up", "due"),
        (LinkStatus(LinkState.STALE, AT), 0, "◆ stale since 14:30:07", "due"),
        (LinkStatus(LinkState.OFFLINE, AT), 3, "▲ offline since 14:30:07 · 3 unsent", "alarm"),
        (LinkStatus(LinkState.OFFLINE, AT, outdated=True), 0, "▲ outdated since 14:30:07", "alarm"),
        (None, 0, "▲ no link", "alarm"),
    ],
)
def test_every_state_of_the_link_has_its_shape_word_and_age(
    link: LinkStatus | None, unsent: int, shown: str, token: str
) -> None:
    chip = words.link_chip(link, unsent, floor().state)
    assert (chip.words, chip.parts[0].token) == (shown, token)


def test_a_board_is_old_when_nothing_is_heard() -> None:
    states = {state: words.board(LinkStatus(state)) for state in LinkState}
    assert [state for state, shown in states.items() if shown == "old"] == [LinkState.STALE, LinkState.OFFLINE]
    assert words.board(None) == "old"


def test_who_is_signed_in_is_said_in_full_or_short() -> None:
    assert words.person(ME) == "M. Reyes, LCSW · desk 3"
    assert words.person(ME, short=True) == "M. Reyes"
    assert words.person(None) == "nobody signed in"


def test_fewer_words_for_a_narrow_strip_keep_every_count() -> None:
    state = floor().given(receive()).state
    late = words.pending_chip(waiting(state, AT + timedelta(hours=2)))
    assert "".join(part.words for part in late.brief) == "pending 1 · ▲ 1 past"
    share = next(iter(supply_chips(state, AT)))
    assert "".join(part.words for part in share.brief) in share.words


@pytest.mark.parametrize(("rate", "shown"), [(1.0, "1 ×"), (60.0, "60 ×"), (0.0, "stands still")])
def test_an_exercise_says_how_fast_it_runs(rate: float, shown: str) -> None:
    assert words.exercise_words(rate).startswith("EXERCISE · ")
    assert shown in words.exercise_words(rate)
