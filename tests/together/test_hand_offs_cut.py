"""Hand-offs over HTTP among many real links, while the hub's process is killed with SIGKILL and wires are cut and go silent.

Every desk is a whole link (replica, outbox on disk, sender) over a wire of its own; the hub is started again on its store by
the same code that a desk uses for its own hub. Only the people are told.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Connection

from console.domain import commands as c
from console.domain import events as e
from console.domain import queries
from console.domain.commands import Accepted, AnyCommand, CommandOutcome
from console.domain.evolve import evolve
from console.domain.ids import CallId, ProgrammeCode, Seq, UserId
from console.domain.programmes import Responds
from console.domain.ringing import whom_to_ring
from console.domain.state import Place, PresenceStatus, Role, Source, State
from console.hub import people
from console.hub.configuration import load
from console.hub.hub_time import RealTime
from console.hub.ledger import Ledger
from console.hub.people import Person
from console.hub.store import Store, write_once
from console.link.backoff import Backoff
from console.link.embedded import EmbeddedHub, hub_command
from console.link.fresh import new_call_id, new_hand_off_id
from console.wire.codec import digest
from tests.support.center import CONFIGURATION
from tests.support.cut import Wire, wire
from tests.support.desk import Desk, desk
from tests.support.hand_off_laws import Laws
from tests.support.hub import PASSWORD, PEOPLE, store_url

SEED = 4
AGENCY = load(CONFIGURATION)
BY_PHONE = next(p.code for p in AGENCY.programmes if p.responds is Responds.BY_PHONE)
NATURE = next(n.code for n in AGENCY.natures.values() if BY_PHONE in n.programmes and not n.conditional)
RESOLVED = next(outcome.code for outcome in AGENCY.outcomes if outcome.by_phone)
TELECOMMUNICATORS = tuple(UserId(f"telecommunicator-{n}") for n in range(4))
CLINICIANS = tuple(UserId(f"clinician-{n}") for n in range(8))
EACH = 12
KILLED_AFTER = (8, 20, 33)
"""Calls closed, at which the hub is killed."""


class Floor:
    """The hub's process, a desk and a wire for everybody, and every answer that a desk got."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.random = folder, Random(SEED)
        self.answers: list[tuple[AnyCommand, CommandOutcome]] = []
        self.counts: Counter[str] = Counter()
        self.desks: dict[UserId, Desk] = {}
        self.wires: dict[UserId, Wire] = {}
        self._listens = asyncio.Event()
        backoff = Backoff(lambda: 0.0, first_s=0.01, most_s=0.01)
        command = hub_command("--store", store_url(folder), "--config", str(CONFIGURATION))
        self.hub = EmbeddedHub(command, folder / "hub.log", listening=self._listening, backoff=backoff)
        self.hub.token = "token"

    def _listening(self, url: str) -> None:
        for one in self.wires.values():
            one.lead_to(url)
        self._listens.set()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Start the hub, and let everybody sit down."""
        async with AsyncExitStack() as ends, asyncio.TaskGroup() as tasks:
            for user in (*TELECOMMUNICATORS, *CLINICIANS):
                self.wires[user] = await ends.enter_async_context(wire(""))
            running = tasks.create_task(self.hub.run())
            await self._listens.wait()
            for user, cable in self.wires.items():
                at = desk(cable.url, self.folder / user, user, PASSWORD, desk_token="token")
                self.desks[user] = await ends.enter_async_context(at)
                await self.desks[user].live()
            yield
            await ends.aclose()
            running.cancel()

    async def gives(self, user: UserId, command: AnyCommand) -> CommandOutcome:
        """A person gives a command at their desk; what is answered is kept."""
        outcome = await self.desks[user].connection.submit(command)
        self.answers.append((command, outcome))
        self.counts["carried out" if isinstance(outcome, Accepted) else "refused"] += 1
        return outcome

    def trouble(self) -> None:
        """After each call: now and then the hub is killed, a wire is cut, or goes silent until the next trouble."""
        self.counts["closed"] += 1
        for held in self.wires.values():
            held.mend()
        if self.counts["closed"] in KILLED_AFTER:
            assert self.hub.pid is not None
            os.kill(self.hub.pid, signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
            self.counts["hub killed"] += 1
        elif self.counts["closed"] % 3 == 0:
            cable = self.random.choice(list(self.wires.values()))
            cable.cut()
            cable.mend()
            self.counts["wires cut"] += 1
        elif self.counts["closed"] % 5 == 0 and self.counts["closed"] < EACH * len(TELECOMMUNICATORS) - 8:
            state = next(iter(self.desks.values())).state
            idle = [user for user in CLINICIANS if not queries.held(state, user)]
            self.wires[self.random.choice(idle)].hold()
            self.counts["wires silent"] += 1


async def takes_calls(floor: Floor, user: UserId) -> None:
    """A telecommunicator: a call comes, a clinician is rung, the caller is told, both hear each other, and the next one."""
    mine = floor.desks[user]
    for _ in range(EACH):
        call_id = new_call_id()
        while not isinstance(
            await floor.gives(user, c.ReceiveCall(call_id, Source.CALL_911, NATURE, Place("101 City Hall Plaza"))), Accepted
        ):
            await mine.live()
        await on_the_board(mine, call_id)
        while mine.state.calls[call_id].closing is None:
            seen, command = mine.state, next_step(floor, mine.state, call_id)
            if command is not None:
                await floor.gives(user, command)
            if mine.state is seen:
                await something_new(mine, seen)
        floor.trouble()


async def on_the_board(mine: Desk, call_id: CallId) -> None:
    await mine.until(lambda: call_id in mine.state.calls)


async def something_new(mine: Desk, seen: State) -> None:
    await mine.until(lambda: mine.state is not seen)


def next_step(floor: Floor, state: State, call_id: CallId) -> AnyCommand | None:
    """What a telecommunicator does next about a call that is theirs; None while others are to act."""
    call = state.calls[call_id]
    hand_off = call.hand_off
    if call.in_care_of is not None:
        return None
    if hand_off is not None and hand_off.connects:
        about, line = (call_id, hand_off.hand_off_id), hand_off.connection
        if line is None or line.caller_told is None:
            return c.TellCaller(*about)
        return c.VerifyConnection(*about) if line.verified is None else c.ReleaseHandOff(*about)
    if call.seeking is not None or (hand_off is not None and hand_off.rings):
        return None
    ready = whom_to_ring(state, call, BY_PHONE).candidates
    if ready:
        return c.OfferHandOff(call_id, new_hand_off_id(), floor.random.choice(ready).person.user_id)
    return c.QueueForClinician(call_id, BY_PHONE)


async def speaks_with_callers(floor: Floor, user: UserId) -> None:
    """A clinician: sees what rings, says yes or now and then no, and closes the call when it is in their care."""
    mine = floor.desks[user]
    while True:
        seen, command = mine.state, next_answer(floor, mine.state, user)
        if command is not None:
            await floor.gives(user, command)
        if mine.state is seen:
            await something_new(mine, seen)


def next_answer(floor: Floor, state: State, user: UserId) -> AnyCommand | None:
    rings, care = queries.ringing(state, user), queries.in_care(state, user)
    if rings is not None and rings.hand_off is not None:
        about = (rings.call_id, rings.hand_off.hand_off_id)
        if rings.hand_off.seen_at is None:
            return c.SeeHandOff(*about)
        return c.DeclineHandOff(*about, "busy") if floor.random.random() < 0.2 else c.AcceptHandOff(*about)
    if care:
        return c.CloseCall(care[0].call_id, RESOLVED)
    if state.people[user].status in (PresenceStatus.WRAP_UP, PresenceStatus.AWAY):
        return c.SetPresence(PresenceStatus.READY)
    return None


def prepare(folder: Path) -> None:
    """A store in which everybody may sign in."""
    hashed = PEOPLE[Role.CLINICIAN].password_hash
    staff = [Person(user, user.title(), Role.TELECOMMUNICATOR, hashed) for user in TELECOMMUNICATORS]
    staff += [Person(u, u.title(), Role.CLINICIAN, hashed, programme=ProgrammeCode(BY_PHONE)) for u in CLINICIANS]

    def keep(connection: Connection) -> None:
        for person in staff:
            people.keep(person, connection)

    write_once(store_url(folder), keep)


@pytest.mark.expects_log("embedded-hub-ended", "board-taken-anew")
def test_given_hand_offs_while_the_hub_is_killed_and_wires_break_then_every_answer_holds_and_every_caller_is_with_one_person(
    tmp_path: Path,
) -> None:
    prepare(tmp_path)
    floor = Floor(tmp_path)
    asyncio.run(play(floor))
    assert floor.counts["closed"] == EACH * len(TELECOMMUNICATORS)
    assert floor.counts["hub killed"] == len(KILLED_AFTER)

    store = Store(store_url(tmp_path))
    try:
        ledger = Ledger(store, RealTime().now)
        entries = asyncio.run(ledger.entries(Seq(0)))
    finally:
        store.close()
    laws, state = Laws(), State()
    for place, entry in enumerate(entries, 1):
        assert entry.seq == place
        before, state = state, evolve(state, entry.event, entry.by, entry.at)
        laws.saw(before, entry, state)
    assert digest(state) == digest(ledger.state)
    said = Counter(key for entry in entries if (key := _said(entry.event)) is not None)
    for command, outcome in floor.answers:
        if (key := _says(command)) is not None:
            assert said[key] == isinstance(outcome, Accepted), (command, outcome)
    assert set(said.values()) == {1}
    print(f"seed {SEED}:", dict(sorted((floor.counts + laws.counts).items())))


async def play(floor: Floor) -> None:
    """Everybody works until every call is closed."""
    async with floor.open(), asyncio.TaskGroup() as tasks:
        clinicians = [tasks.create_task(speaks_with_callers(floor, user)) for user in CLINICIANS]
        async with asyncio.TaskGroup() as calls:
            for user in TELECOMMUNICATORS:
                calls.create_task(takes_calls(floor, user))
        for at in clinicians:
            at.cancel()


def _says(command: AnyCommand) -> tuple[str, str] | None:
    """What a command would have the log say, where it can be said once only."""
    match command:
        case c.ReceiveCall(call_id):
            return "received", call_id
        case c.OfferHandOff(_, hand_off_id):
            return "offered", hand_off_id
        case c.AcceptHandOff(_, hand_off_id):
            return "accepted", hand_off_id
        case c.DeclineHandOff(_, hand_off_id):
            return "declined", hand_off_id
        case c.CloseCall(call_id):
            return "closed", call_id
        case _:
            return None


def _said(event: e.AnyEvent) -> tuple[str, str] | None:
    match event:
        case e.CallReceived(call_id):
            return "received", call_id
        case e.HandOffOffered(_, hand_off_id):
            return "offered", hand_off_id
        case e.HandOffAccepted(_, hand_off_id):
            return "accepted", hand_off_id
        case e.HandOffDeclined(_, hand_off_id):
            return "declined", hand_off_id
        case e.CallClosed(call_id):
            return "closed", call_id
        case _:
            return None
