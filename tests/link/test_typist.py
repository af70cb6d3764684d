"""Typing as it happens: the latest words, not every key; nothing while the link is down, and nothing kept for later."""

from __future__ import annotations

import asyncio
from pathlib import Path

from console.domain.commands import AddNarrative, CommandOutcome
from console.domain.ids import CallId
from console.link.fresh import new_entry_id
from console.link.link_state import LinkState
from console.link.problems import Unreachable
from console.link.typist import Typist
from console.wire.messages import TYPED_AT_MOST, Typed
from tests.support.cut import wire
from tests.support.desk import desk
from tests.support.hub import running_hub
from tests.support.loop import runs
from tests.support.scenes import CALL, OKAFOR, offer, receive

OTHER = CallId("call-2")


class Told:
    """What a typist told, and a way to wait for it."""

    def __init__(self) -> None:
        self.connected, self.fails = True, False
        self.said: list[Typed] = []
        self.news = asyncio.Event()
        self.typist = Typist(self._tell, lambda: self.connected, every_s=0.0)

    async def _tell(self, typed: Typed) -> None:
        self.said.append(typed)
        self.news.set()
        if self.fails:
            raise Unreachable("No hub listens at its address.")

    async def until(self, typed: Typed) -> None:
        """Let it tell until this was the last it told."""
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(self.typist.run())
            while self.said[-1:] != [typed]:
                self.news.clear()
                await self.news.wait()
            running.cancel()


@runs
async def test_given_keys_faster_than_they_are_told_then_the_latest_words_of_each_call_are() -> None:
    told = Told()
    for text in ("s", "si", "sis"):
        told.typist.type_into(CALL, text)
    told.typist.type_into(OTHER, "x")
    await told.until(Typed(OTHER, "x"))
    assert told.said == [Typed(CALL, "sis"), Typed(OTHER, "x")]


@runs
async def test_given_the_same_words_or_none_after_none_then_nothing_is_told_twice() -> None:
    told = Told()
    told.typist.type_into(CALL, "")
    told.typist.type_into(OTHER, "x")
    await told.until(Typed(OTHER, "x"))
    told.typist.type_into(OTHER, "x")
    told.typist.type_into(CALL, "now")
    await told.until(Typed(CALL, "now"))
    assert told.said == [Typed(OTHER, "x"), Typed(CALL, "now")]


@runs
async def test_given_no_link_then_what_was_typed_is_forgotten_and_the_next_key_is_told() -> None:
    told = Told()
    told.connected = False
    told.typist.type_into(CALL, "lost")
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(told.typist.run())
        for _ in range(5):
            await asyncio.sleep(0)
        running.cancel()
    told.connected = True
    told.typist.type_into(OTHER, "x")
    await told.until(Typed(OTHER, "x"))
    assert told.said == [Typed(OTHER, "x")]


@runs
async def test_given_a_hub_that_does_not_answer_then_the_typist_goes_on() -> None:
    told = Told()
    told.fails = True
    told.typist.type_into(CALL, "one")
    await told.until(Typed(CALL, "one"))
    told.typist.type_into(CALL, "two")
    await told.until(Typed(CALL, "two"))


@runs
async def test_given_more_words_than_travel_then_the_last_of_them_do() -> None:
    told = Told()
    told.typist.type_into(CALL, "a" * 10 + "b" * TYPED_AT_MOST)
    await told.until(Typed(CALL, "b" * TYPED_AT_MOST))


@runs
async def test_given_two_desks_at_one_call_then_each_sees_the_other_typing_and_no_more_once_it_is_said(
    tmp_path: Path,
) -> None:
    async with (
        running_hub(tmp_path) as hub,
        desk(hub.url, tmp_path / "one") as one,
        desk(hub.url, tmp_path / "two", "reyes") as two,
    ):
        await one.live()
        await two.live()
        await one.connection.submit(receive())
        await one.connection.submit(offer())
        one.connection.type_into(CALL, "he is at the")
        await two.until(lambda: two.typed == [{OKAFOR: "he is at the"}])
        two.connection.type_into(CALL, "ask him where")
        await one.until(lambda: one.typed == [{"reyes": "ask him where"}])
        said: CommandOutcome = await one.connection.submit(AddNarrative(CALL, new_entry_id(), "he is at the bus stop"))
        assert said
        await two.until(lambda: two.typed[-1] == {})


@runs
async def test_given_a_link_that_breaks_then_what_others_were_typing_is_off_the_screen_and_comes_back_with_it(
    tmp_path: Path,
) -> None:
    async with (
        running_hub(tmp_path) as hub,
        wire(hub.url) as cable,
        desk(hub.url, tmp_path / "one") as one,
        desk(cable.url, tmp_path / "two", "reyes") as two,
    ):
        await one.live()
        await two.live()
        await one.connection.submit(receive())
        await one.connection.submit(offer())
        one.connection.type_into(CALL, "he is at the")
        await two.until(lambda: two.typed == [{OKAFOR: "he is at the"}])
        cable.cut()
        await two.until(lambda: two.typed[-1] == {})
        assert two.connection.link.state is LinkState.OFFLINE
        cable.mend()
        one.connection.type_into(CALL, "he is at the bus")
        await two.until(lambda: two.typed[-1] == {OKAFOR: "he is at the bus"})
