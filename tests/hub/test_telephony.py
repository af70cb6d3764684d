"""The center's switch is told of every hand-off, once and in order, and its words are carried out once."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from uuid import uuid4

import pytest

from console.domain import commands as c
from console.domain.hand_off import HandOffState
from console.domain.ids import CallId, HandOffId, UserId
from console.domain.queries import controller
from console.domain.state import Role
from console.hub.telephony import Said
from console.hub.telephony_settings import TelephonyFaulty, read
from console.wire import codec
from console.wire.messages import Health, Problem
from tests.support.hub import RunningHub, running_hub
from tests.support.loop import runs
from tests.support.scenes import CALL, receive
from tests.support.switch import KEY, SmallSwitch, small_switch

OFFER = HandOffId("h1")
BRIDGED = Said("hand_off.bridged", CALL, OFFER)


async def offered(hub: RunningHub, accepted: bool = True) -> None:
    """A caller who is offered to the clinician at work, and taken."""
    await hub.sign_in(Role.CLINICIAN)
    orders: list[tuple[c.AnyCommand, Role]] = [
        (receive(CALL, callback="919 555 0100"), Role.TELECOMMUNICATOR),
        (c.OfferHandOff(CALL, OFFER, UserId("reyes")), Role.TELECOMMUNICATOR),
        (c.AcceptHandOff(CALL, OFFER), Role.CLINICIAN),
    ]
    for command, role in orders if accepted else orders[:2]:
        assert (await hub.order(command, role)).status_code == 200


def types(switch: SmallSwitch) -> list[str]:
    return [told.type for told in switch.told]


@runs
async def test_given_a_switch_then_a_whole_hand_off_goes_through_it_and_ears_have_the_last_word(tmp_path: Path) -> None:
    async with small_switch() as switch, running_hub(tmp_path, telephony=switch.settings) as hub:
        await offered(hub)
        await switch.until(lambda: len(switch.told) == 2)
        assert types(switch) == ["hand_off.offered", "hand_off.accepted"]
        told = switch.told[1]
        assert (told.number, told.callback, told.to_line.user, told.now) == ("0001", "919 555 0100", "reyes", "accepted")
        assert (await switch.say(hub.client, BRIDGED)).status_code == 200
        call = hub.hub.ledger.state.calls[CALL]
        assert call.hand_off and call.hand_off.state is HandOffState.BRIDGED
        assert call.hand_off.missing == ("the caller is told", "both hear each other")
        assert (await hub.order(c.ReleaseHandOff(CALL, OFFER))).status_code == 409
        for tick in (c.TellCaller(CALL, OFFER), c.VerifyConnection(CALL, OFFER), c.ReleaseHandOff(CALL, OFFER)):
            assert (await hub.order(tick)).status_code == 200
        await switch.until(lambda: len(switch.told) == 3)
        assert types(switch)[-1] == "hand_off.released"
        assert hub.hub.ledger.state.agency.switch == "Small switch"


@runs
async def test_given_the_same_word_of_the_switch_twice_then_it_is_carried_out_once(
    tmp_path: Path,
) -> None:
    async with small_switch() as switch, running_hub(tmp_path, telephony=switch.settings) as hub:
        await offered(hub)
        gone = Said("call.caller_lost", CALL)
        answers = [await switch.say(hub.client, gone, "once") for _ in range(3)]
        assert len({answer.content for answer in answers}) == 1 and answers[0].status_code == 200
        state = hub.hub.ledger.state
        assert len(state.call_backs) == 1 and controller(state.calls[CALL]) == "okafor"
        (owed,) = state.call_backs.values()
        assert owed.owner == "okafor" and owed.callback == "919 555 0100"


@runs
async def test_given_words_that_are_not_the_switchs_or_come_out_of_order_then_they_are_refused_with_the_reason(
    tmp_path: Path,
) -> None:
    async with small_switch() as switch, running_hub(tmp_path, telephony=switch.settings) as hub:
        await offered(hub, accepted=False)

        async def answer(said: Said, **how: bytes) -> tuple[int, str]:
            given = await switch.say(hub.client, said, **how)  # type: ignore[arg-type]
            return given.status_code, codec.decode(given.content, Problem).code

        assert await answer(BRIDGED, key=KEY[::-1]) == (401, "not-genuine")
        assert (await hub.client.post("/v1/telephony/events", content=codec.encode(BRIDGED))).status_code == 401
        assert await answer(BRIDGED) == (409, "not-accepted")
        assert await answer(Said("hand_off.bridged", CALL, HandOffId("h9"))) == (409, "hand-off-unknown")
        assert await answer(Said("call.caller_lost", CallId("nobody"))) == (409, "call-unknown")
        assert hub.hub.ledger.state.calls[CALL].hand_off is not None


@pytest.mark.expects_log("telephony: The switch has not taken")
@runs
async def test_given_a_switch_that_is_down_for_a_while_then_it_is_told_in_order_later(
    tmp_path: Path,
) -> None:
    async with small_switch() as switch, running_hub(tmp_path, telephony=switch.settings) as hub:
        switch.answers = [503]
        await offered(hub)  # every command was answered, though the switch has taken nothing
        await switch.until(lambda: switch.tries == 1)
        await switch.until(lambda: len(switch.told) == 2)
        assert types(switch) == ["hand_off.offered", "hand_off.accepted"] and switch.tries == 3


@pytest.mark.expects_log("telephony: The switch has not taken")
@runs
async def test_given_a_word_the_switch_refuses_then_it_is_said_and_the_next_is_told(tmp_path: Path) -> None:
    async with small_switch() as switch, running_hub(tmp_path, telephony=switch.settings) as hub:
        switch.answers = [422]
        await offered(hub)
        await switch.until(lambda: len(switch.told) == 1)
        assert types(switch) == ["hand_off.accepted"]
        health = codec.decode((await hub.client.get("/v1/health")).content, Health)
        assert health.telephony == ""


@pytest.mark.expects_log("telephony: The switch has not taken")
@runs
async def test_given_a_hub_that_ends_before_the_switch_was_told_then_the_next_one_tells_it_once(tmp_path: Path) -> None:
    async with small_switch() as switch:
        async with running_hub(tmp_path, telephony=switch.settings) as hub:
            switch.answers = [503] * 50
            await offered(hub, accepted=False)
            await switch.until(lambda: switch.tries >= 1)
        assert switch.told == []
        switch.answers = []
        async with running_hub(tmp_path, telephony=switch.settings) as hub:
            await switch.until(lambda: len(switch.told) == 1)
            assert (await hub.order(c.WithdrawHandOff(CALL, OFFER, "the caller calmed down"))).status_code == 200
            await switch.until(lambda: len(switch.told) == 2)
        assert types(switch) == ["hand_off.offered", "hand_off.ended"]
        assert switch.told[1].reason == "the caller calmed down"


@runs
async def test_given_a_caller_who_is_taken_over_then_the_switch_is_told_from_whom_and_to_whom(tmp_path: Path) -> None:
    async with small_switch() as switch, running_hub(tmp_path, telephony=switch.settings) as hub:
        await offered(hub)
        await hub.sign_in(Role.SUPERVISOR)
        over = c.TakeOverCall(CALL, HandOffId("over"), "the clinician fell ill")
        assert (await hub.order(over, Role.SUPERVISOR)).status_code == 200
        await switch.until(lambda: "hand_off.taken_over" in types(switch))
        told = next(told for told in switch.told if told.type == "hand_off.taken_over")
        assert (told.from_line.user, told.to_line.user) == ("okafor", "lindqvist")


@runs
async def test_given_a_store_with_a_past_then_a_switch_that_is_new_to_it_is_not_told_of_that(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        await offered(hub)
        assert (await hub.client.post("/v1/telephony/events", content=b"{}")).status_code == 404
    async with small_switch() as switch, running_hub(tmp_path, telephony=switch.settings) as hub:
        assert (await hub.order(c.WithdrawHandOff(CALL, OFFER, ""))).status_code == 200
        await switch.until(lambda: len(switch.told) == 1)
        assert types(switch) == ["hand_off.ended"]
    async with running_hub(tmp_path) as hub:
        assert hub.hub.ledger.state.agency.switch == "", "without one people dial again"


def written(folder: Path, secret: str = b64encode(KEY).decode(), **changed: str) -> Path:
    """A file of settings, with some of it changed."""
    (folder / "switch.secret").write_text(secret, encoding="ascii")
    keys = {"name": '"Switch"', "url": '"https://switch.example/heart"', "secret_file": '"switch.secret"'} | changed
    path = folder / f"{uuid4()}.toml"
    path.write_text("\n".join(f"{key} = {value}" for key, value in keys.items() if value), encoding="utf-8")
    return path


def test_given_a_file_of_settings_then_they_are_read_and_the_key_with_them(tmp_path: Path) -> None:
    found = read(written(tmp_path, give_up_s="120"))
    assert (found.name, found.url, found.key, found.give_up_s) == ("Switch", "https://switch.example/heart", KEY, 120)
    assert read(written(tmp_path, url='"http://127.0.0.1:9000/x"')).url.startswith("http://127")
    assert read(written(tmp_path, url='"http://10.0.0.9/x"', plain_http="true")).url == "http://10.0.0.9/x"


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"url": '"switch.example"'}, "url: 'switch.example' is not an address"),
        ({"url": '"http://switch.example/heart"'}, "url: is plain http"),
        ({"name": '""'}, "name: is empty"),
        ({"timeout_s": "0"}, "timeout_s: 0 is not a number of seconds above 0"),
        ({"secret_file": '"nowhere"'}, "secret_file: "),
        ({"secrets": '"abc"'}, "unknown field `secrets`"),
        ({"url": ""}, "missing required field `url`"),
        ({"give_up_s": '"soon"'}, "give_up_s"),
    ],
)
def test_given_settings_that_will_not_do_then_refused_with_the_place(
    tmp_path: Path, changed: dict[str, str], place: str
) -> None:
    with pytest.raises(TelephonyFaulty) as refused:
        read(written(tmp_path, **changed))
    assert place in str(refused.value)


def test_given_a_secret_that_will_not_do_then_refused_without_telling_it(tmp_path: Path) -> None:
    for secret in ("not base64!", b64encode(b"short").decode()):
        with pytest.raises(TelephonyFaulty) as refused:
            read(written(tmp_path, secret))
        assert "secret_file: " in str(refused.value) and secret not in str(refused.value)
    with pytest.raises(TelephonyFaulty, match="cannot be read"):
        read(tmp_path / "nowhere.toml")
