"""Scenarios of the field that take several desks, over real links at a real hub: what each sees, and what the log keeps."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection

from console.domain import commands as c
from console.domain import queries
from console.domain.commands import Accepted, AnyCommand, Rejected
from console.domain.events import AnyEvent, CallPrioritised, QuestionAnswered
from console.domain.ids import CallId, HandOffId, QuestionId, Seq, UserId
from console.domain.state import Call, Place, PresenceStatus, Role
from console.hub import people, sealed
from console.hub.center_key import SealingKey, new_key_bytes
from console.hub.people import Person
from console.hub.store import write_once
from console.link.fresh import new_command_id, new_entry_id, new_note_id
from console.link.link_state import LinkState
from console.link.problems import Refused
from console.wire.codec import digest
from console.wire.messages import NoteOpened, NoteToSeal
from tests.support.agency import PHONE, TRESPASS
from tests.support.cut import wire
from tests.support.desk import Desk, desk
from tests.support.hub import PEOPLE, RunningHub, running_hub, store_url
from tests.support.loop import runs
from tests.support.scenes import CALL, LIN, NOVAK, OKAFOR, REYES, receive

MOSS, NIGHT = UserId("moss"), UserId("night")
ROLES = {NOVAK: Role.TELECOMMUNICATOR, LIN: Role.CLINICIAN, MOSS: Role.CLINICIAN, NIGHT: Role.CLINICIAN}


@asynccontextmanager
async def staffed_hub(folder: Path, center_key: SealingKey | None = None) -> AsyncIterator[RunningHub]:
    """A hub where more people may sign in than one of each role."""
    known = PEOPLE[Role.CLINICIAN].password_hash

    def keep(connection: Connection) -> None:
        for user, role in ROLES.items():
            of = PHONE if role is Role.CLINICIAN else ""
            people.keep(Person(user, user.title(), role, known, programme=of), connection)  # type: ignore[arg-type]

    write_once(store_url(folder), keep)
    async with running_hub(folder, center_key=center_key) as hub:
        yield hub


async def carried_out(at: Desk, *commands: AnyCommand) -> None:
    for command in commands:
        outcome = await at.connection.submit(command)
        assert isinstance(outcome, Accepted), (command, outcome)


async def into_care(dispatch: Desk, clinician: Desk, to: UserId, call_id: CallId = CALL) -> None:
    """A caller is handed over to a clinician, by both of their desks."""
    about = (call_id, HandOffId(f"h-{call_id}"))
    await carried_out(dispatch, c.OfferHandOff(*about, to))
    await carried_out(clinician, c.AcceptHandOff(*about))
    await carried_out(dispatch, c.TellCaller(*about), c.VerifyConnection(*about), c.ReleaseHandOff(*about))


async def agree(*desks: Desk) -> None:
    """All come to one place of the log, and have the same board there."""
    head = max(one.connection.seq for one in desks)
    for one in desks:
        await one.until(lambda one=one: one.connection.seq >= head)  # type: ignore[misc]
    assert len({(one.connection.seq, digest(one.state)) for one in desks}) == 1


async def events(hub: RunningHub) -> list[AnyEvent]:
    return [entry.event for entry in await hub.hub.ledger.entries(Seq(0))]


def answer(question: str, key: str) -> c.AnswerQuestion:
    return c.AnswerQuestion(CALL, "crisis", QuestionId(question), key, ("", 0))


def given(call: Call) -> list[tuple[str, str, UserId]]:
    return [(one.question, one.answer, one.by) for one in call.answers]


@runs
async def test_scenario_5_the_link_is_lost_in_mid_triage_the_telecommunicator_finishes_and_nothing_is_there_twice(
    tmp_path: Path,
) -> None:
    async with staffed_hub(tmp_path) as hub, wire(hub.url) as cable, AsyncExitStack() as desks, asyncio.TaskGroup() as tasks:
        here = await desks.enter_async_context(desk(cable.url, tmp_path / "here"))
        there = await desks.enter_async_context(desk(hub.url, tmp_path / "there", NOVAK))
        await here.live()
        await there.live()
        await carried_out(here, receive())
        cable.lose_answers()  # the hub takes the first, and the desk never hears that it did
        first = tasks.create_task(here.connection.submit(answer("weapon", "1")))
        await there.until(lambda: bool(there.state.calls[CALL].answers))
        cable.cut()
        second = tasks.create_task(here.connection.submit(answer("violence", "1")))
        word = tasks.create_task(here.connection.submit(c.AddNarrative(CALL, new_entry_id(), "calmer now")))
        await here.until(lambda: here.connection.link.state is LinkState.OFFLINE and len(here.outbox.rows) == 3)
        both = [("weapon", "1", OKAFOR), ("violence", "1", OKAFOR)]
        await here.until(lambda: given(here.state.calls[CALL]) == both)  # the desk goes on with its own answers
        assert given(there.state.calls[CALL]) == both[:1]

        cable.mend()
        assert all(isinstance(outcome, Accepted) for outcome in await asyncio.gather(first, second, word))
        await here.live()
        await agree(here, there)
        assert given(there.state.calls[CALL]) == both
        assert [entry.text for entry in there.state.calls[CALL].narrative] == ["calmer now"]
        told = [event.question for event in await events(hub) if isinstance(event, QuestionAnswered)]
        assert told == ["weapon", "violence"], "each is in the log once"
        assert here.outbox.rows == {}


@runs
async def test_scenario_8_two_telecommunicators_change_the_same_call_and_each_has_the_others_change(tmp_path: Path) -> None:
    async with (
        staffed_hub(tmp_path) as hub,
        desk(hub.url, tmp_path / "one") as one,
        desk(hub.url, tmp_path / "two", NOVAK) as two,
    ):
        await one.live()
        await two.live()
        await carried_out(one, receive())
        await two.until(lambda: CALL in two.state.calls)
        mine = (c.RecodeCall(CALL, TRESPASS), c.AddNarrative(CALL, new_entry_id(), "by the door"), answer("weapon", "1"))
        theirs = (
            c.LocateCall(CALL, Place("12 Oak St")),
            c.AddNarrative(CALL, new_entry_id(), "the back door"),
            c.ChangeCallback(CALL, "919 555 0100"),
        )
        await asyncio.gather(carried_out(one, *mine), carried_out(two, *theirs))
        await agree(one, two)
        for call in (one.state.calls[CALL], two.state.calls[CALL]):
            assert (call.nature, call.place.address, call.callback) == (TRESPASS, "12 Oak St", "919 555 0100")
            said = {entry.text: entry.by for entry in call.narrative}
            assert said == {"by the door": OKAFOR, "the back door": NOVAK}
            assert given(call) == [("weapon", "1", OKAFOR)]

        late = await two.connection.submit(answer("weapon", "2"))  # on a question that the other has answered meanwhile
        assert isinstance(late, Rejected) and "Okafor" in late.reason, late
        await asyncio.gather(carried_out(one, c.PrioritiseCall(CALL, "1")), carried_out(two, c.PrioritiseCall(CALL, "3")))
        await agree(one, two)
        kept = [event.priority for event in await events(hub) if isinstance(event, CallPrioritised)]
        assert sorted(kept) == ["1", "3"] and one.state.calls[CALL].priority == kept[-1], "the later stands, both are kept"


@runs
async def test_scenario_13_three_callers_in_care_at_the_end_of_the_shift_each_have_a_receiver_or_go_back(
    tmp_path: Path,
) -> None:
    async with staffed_hub(tmp_path) as hub, AsyncExitStack() as open_desks:
        dispatch = await open_desks.enter_async_context(desk(hub.url, tmp_path / "dispatch"))
        leaving = {
            user: await open_desks.enter_async_context(desk(hub.url, tmp_path / user, user)) for user in (REYES, LIN, MOSS)
        }
        night = await open_desks.enter_async_context(desk(hub.url, tmp_path / "night", NIGHT))
        for one in (dispatch, *leaving.values(), night):
            await one.live()
        calls = {user: CallId(f"call-of-{user}") for user in leaving}
        for user, one in leaving.items():
            await carried_out(dispatch, receive(calls[user]))
            await into_care(dispatch, one, user, calls[user])
        await agree(dispatch, night, *leaving.values())
        for user, one in leaving.items():
            why = await one.connection.sign_out()
            assert dispatch.state.calls[calls[user]].number in why, why
            assert one.connection.session is not None
            assert queries.controller(hub.hub.ledger.state.calls[calls[user]]) == user

        reyes, lin, moss = leaving.values()
        on = (calls[REYES], HandOffId("on"))
        await carried_out(reyes, c.OfferHandOff(*on, NIGHT, "he likes to be called Sam"))
        assert await reyes.connection.sign_out(), "offered is not received"
        await carried_out(night, c.AcceptHandOff(*on))
        assert await reyes.connection.sign_out(), "accepted is not released"
        await carried_out(reyes, c.TellCaller(*on), c.VerifyConnection(*on), c.ReleaseHandOff(*on))
        await carried_out(lin, c.ReturnHandOff(calls[LIN], HandOffId(f"h-{calls[LIN]}"), "my shift ends"))
        await carried_out(moss, c.CloseCall(calls[MOSS], outcome="by_phone"))
        for one in leaving.values():
            assert await one.connection.sign_out() == ""
            assert one.connection.session is None
        state = hub.hub.ledger.state
        assert {state.people[user].status for user in leaving} == {PresenceStatus.SIGNED_OFF}
        assert queries.controller(state.calls[calls[REYES]]) == NIGHT
        assert queries.controller(state.calls[calls[LIN]]) == OKAFOR and queries.is_pending(state.calls[calls[LIN]])
        assert await night.connection.sign_out(), "the receiver has a caller now"


@runs
async def test_scenario_15_a_note_of_a_neighbor_who_is_not_on_ones_call_is_opened_with_a_reason_that_is_kept(
    tmp_path: Path,
) -> None:
    words = "The neighbor would rather be called Sam."
    async with (
        staffed_hub(tmp_path, SealingKey(new_key_bytes())) as hub,
        desk(hub.url, tmp_path / "dispatch") as dispatch,
        desk(hub.url, tmp_path / "reyes", REYES) as reyes,
        desk(hub.url, tmp_path / "lin", LIN) as lin,
    ):
        for one in (dispatch, reyes, lin):
            await one.live()
        await carried_out(dispatch, receive())
        await into_care(dispatch, reyes, REYES)
        note = NoteToSeal(new_command_id(), CALL, new_note_id(), words)
        assert isinstance(await reyes.client.seal_note(note), Accepted)
        assert await reyes.client.open_note(note.note_id) == NoteOpened(note.note_id, words), "one's own caller's"
        await lin.until(lambda: bool(lin.state.calls[CALL].notes))
        with pytest.raises(Refused, match="Say why you open it") as refused:
            await lin.client.open_note(note.note_id)
        assert refused.value.problem.code == "reason-needed"
        why = "He called again at night and asked for her"
        assert await lin.client.open_note(note.note_id, why) == NoteOpened(note.note_id, words)
        with pytest.raises(Refused, match="neither writes nor opens"):
            await dispatch.client.open_note(note.note_id, why)
        audit = await hub.hub.store.read(sealed.accesses)
        assert [(one.user_id, one.subject, one.reason, one.opened) for one in audit] == [
            (REYES, CALL, "", True), (LIN, CALL, why, True), (OKAFOR, CALL, why, False),
        ]  # fmt: skip
