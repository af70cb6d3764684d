"""What is being typed: who sees it, when it goes, and that it stays nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.domain.commands import AcceptHandOff, AddNarrative, CloseCall, DeclineHandOff
from console.domain.ids import CallId, EntryId, HandOffId
from console.domain.state import Role
from console.hub.bell import Bell
from console.hub.problems import Refusal
from console.hub.typing import Typings
from console.wire import codec
from console.wire.messages import TYPED_AT_MOST, BeingTyped, Problem, Typed
from tests.hub.test_stream import streaming
from tests.support.hub import running_hub
from tests.support.loop import runs
from tests.support.scenes import CALL, LIN, OKAFOR, REYES, Scene, floor, offer, receive, taken

WORDS = "sister says he threw the kni"
ONE = HandOffId("h1")


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


class Seen:
    """What is typed on a floor that is told as a scene, and who sees it."""

    def __init__(self, scene: Scene, fades_s: float = 60.0) -> None:
        self.scene, self.bell = scene, Bell()
        self.typings = Typings(lambda: scene.state, lambda: scene.at, self.bell, fades_s)
        self.typings.take(Typed(CALL, WORDS), OKAFOR)

    def by(self) -> set[str]:
        """Everybody on the floor who sees it."""
        everybody = self.scene.state.people
        return {user for user in everybody if [t.text for t in self.typings.seen_by(user)] == [WORDS]}


@runs
async def test_given_words_of_who_has_the_caller_then_the_clinician_sees_them_from_the_ring_on_and_nobody_else() -> None:
    seen = Seen(floor().given(receive()))
    assert seen.by() == set()
    seen.scene.given(offer())
    assert seen.by() == {REYES}
    seen.scene.given(AcceptHandOff(CALL, ONE), by=REYES)
    assert seen.by() == {REYES}
    seen.typings.close()


@runs
async def test_given_a_clinician_who_declined_then_they_see_no_more() -> None:
    seen = Seen(floor().given(receive(), offer()))
    seen.scene.given(DeclineHandOff(CALL, ONE, "busy"), by=REYES)
    assert seen.by() == set()
    seen.typings.close()


@runs
async def test_given_words_of_the_clinician_then_who_offered_sees_them_and_another_clinician_does_not() -> None:
    scene = floor().given(receive(), offer()).given(AcceptHandOff(CALL, ONE), by=REYES)
    typings = Typings(lambda: scene.state, lambda: scene.at, Bell())
    typings.take(Typed(CALL, "breathing with her"), REYES)
    assert [(t.user_id, t.text, t.at) for t in typings.seen_by(OKAFOR)] == [(REYES, "breathing with her", scene.at)]
    assert typings.seen_by(LIN) == typings.seen_by(REYES) == ()
    typings.close()


@runs
async def test_given_later_words_then_they_stand_in_place_of_the_earlier_and_none_takes_them_off() -> None:
    scene = floor().given(receive(), offer())
    typings = Typings(lambda: scene.state, lambda: scene.at, Bell())
    for text in ("s", "si", "sis"):
        typings.take(Typed(CALL, text), OKAFOR)
    assert [typing.text for typing in typings.seen_by(REYES)] == ["sis"]
    typings.take(Typed(CALL, ""), OKAFOR)
    assert typings.seen_by(REYES) == ()
    typings.close()


@runs
async def test_given_a_closed_call_then_nothing_of_it_is_seen() -> None:
    seen = Seen(taken(floor().given(receive())))
    assert seen.by() == {REYES}
    outcome = next(outcome.code for outcome in seen.scene.state.agency.outcomes if outcome.by_phone)
    seen.scene.given(CloseCall(CALL, outcome), by=REYES)
    assert seen.by() == set()
    seen.typings.close()


@runs
async def test_given_no_key_for_a_while_then_the_words_fade_and_the_streams_are_woken() -> None:
    seen = Seen(floor().given(receive(), offer()), fades_s=0.01)
    while seen.by():
        await seen.bell.wait()
    seen.typings.close()


@runs
async def test_given_too_many_words_or_an_unknown_call_then_it_is_refused_with_the_place() -> None:
    scene = floor().given(receive())
    typings = Typings(lambda: scene.state, lambda: scene.at, Bell())
    for typed, where in ((Typed(CALL, "x" * (TYPED_AT_MOST + 1)), "$.text"), (Typed(CallId("?"), "x"), "$.call_id")):
        with pytest.raises(Refusal) as refused:
            typings.take(typed, OKAFOR)
        assert refused.value.problem.where == where
    typings.close()


@runs
async def test_given_words_typed_then_they_are_on_the_stream_of_who_is_concerned_and_nowhere_else(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        for role in (Role.TELECOMMUNICATOR, Role.CLINICIAN, Role.SUPERVISOR):
            await hub.sign_in(role)
        await hub.order(receive())
        await hub.order(offer())
        head, log_id = hub.hub.ledger.head, hub.hub.ledger.log_id
        watching = hub.client.stream(
            "GET", "/v1/stream", params={"log": log_id, "after": str(head)}, headers=await hub.bearer(Role.SUPERVISOR)
        )
        async with streaming(hub, head, role=Role.CLINICIAN) as reader, watching as other:
            answer = await hub.post("/v1/typing", Typed(CALL, WORDS))
            assert (answer.status_code, answer.content) == (204, b"")
            message = await reader.of("typing")
            assert "id" not in message
            [typing] = codec.decode(message["data"], BeingTyped).typings
            assert (typing.call_id, typing.user_id, typing.text) == (CALL, OKAFOR, WORDS)

            await hub.order(AddNarrative(CALL, EntryId("e1"), "sister says he threw it away"))
            assert codec.decode((await reader.of("typing"))["data"], BeingTyped).typings == ()

            heard = b""
            async for piece in other.aiter_raw():  # the supervisor's stream is as far, and has nothing of it
                heard += piece
                if b"threw it away" in heard:
                    break
            assert WORDS.encode() not in heard
            assert b"event: typing" not in heard
        snapshot = (await hub.get("/v1/snapshot")).content
        assert WORDS.encode() not in snapshot
        assert hub.hub.ledger.head == head + 1
    assert not [file.name for file in files_below(tmp_path) if WORDS.encode() in file.read_bytes()]


@runs
async def test_given_who_may_not_write_to_narratives_then_neither_may_they_be_seen_typing(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        await hub.sign_in()
        await hub.order(receive())
        assert (await hub.client.post("/v1/typing", content=codec.encode(Typed(CALL, "x")))).status_code == 401
        answer = await hub.post("/v1/typing", Typed(CallId("none"), "x"))
        assert (answer.status_code, codec.decode(answer.content, Problem).where) == (404, "$.call_id")


@runs
async def test_given_a_stream_that_begins_while_somebody_types_then_it_says_so_at_once(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        await hub.sign_in(Role.CLINICIAN)
        await hub.order(receive())
        await hub.order(offer())
        await hub.post("/v1/typing", Typed(CALL, WORDS))
        async with streaming(hub, hub.hub.ledger.head, role=Role.CLINICIAN) as reader:
            [typing] = codec.decode((await reader.of("typing"))["data"], BeingTyped).typings
            assert typing.text == WORDS
