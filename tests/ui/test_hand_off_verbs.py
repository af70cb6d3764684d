"""The command line hands callers over: what each verb sends, what its preview warns of, and what it refuses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from console.domain import commands as c
from console.domain.ids import HandOffId
from console.domain.state import PresenceStatus
from console.ui.command_grammar import read
from console.ui.verbs.reading import Grounds, Reading, Ready, Refused, Wanting
from tests.support.agency import AGENCY, PHONE
from tests.support.scenes import CALL, LIN, OKAFOR, REYES, Scene, accepted, floor, offer, receive, taken

H1 = HandOffId("h1")


def reading(scene: Scene, line: str) -> Reading:
    return read(line, Grounds(scene.state, scene.at, lambda: "new-id", OKAFOR))


def ready(scene: Scene, line: str) -> Ready:
    meant = reading(scene, line)
    assert isinstance(meant, Ready), meant
    return meant


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("q 0001 stay until she comes", c.QueueForClinician(CALL, PHONE, "stay until she comes")),
        ("lost 0001", c.LoseCaller(CALL, "new-id")),  # type: ignore[arg-type]
        ("m 0001 T2 stands near", c.SendMessage(CALL, "new-id", "T2 stands near")),  # type: ignore[arg-type]
    ],
)
def test_given_a_call_that_waits_then_these_lines_mean_these_commands(line: str, command: c.AnyCommand) -> None:
    assert ready(floor().given(receive()), line).command == command


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("ct 0001", c.TellCaller(CALL, H1)),
        ("0001 v", c.VerifyConnection(CALL, H1)),
        ("w 0001 she hung up", c.WithdrawHandOff(CALL, H1, "she hung up")),
    ],
)
def test_given_an_accepted_caller_then_these_lines_mean_these_commands(line: str, command: c.AnyCommand) -> None:
    assert ready(accepted(floor().given(receive())), line).command == command


def test_given_what_is_missing_then_the_release_is_refused_with_it_and_goes_once_it_is_there() -> None:
    scene = accepted(floor().given(receive()))
    assert reading(scene, "rel 0001") == Refused("Call 0001 is released once the caller is told and both hear each other.")
    scene.given(c.TellCaller(CALL, H1), c.VerifyConnection(CALL, H1))
    meant = ready(scene, "rel 0001")
    assert (meant.command, meant.words) == (c.ReleaseHandOff(CALL, H1), "release 0001 Crisis, 100 Main St to Reyes")


@pytest.mark.parametrize("line", ["rel 0001", "ct 0001", "v 0001", "w 0001"])
def test_given_nobody_hands_over_then_it_says_so(line: str) -> None:
    assert reading(floor().given(receive()), line) == Refused("0001 is not being handed over")


def test_given_a_caller_who_waits_then_queueing_again_names_the_way_out_and_that_way_works() -> None:
    scene = floor().given(receive())
    scene.given(c.SetPresence(PresenceStatus.AWAY), by=REYES).given(c.SetPresence(PresenceStatus.AWAY), by=LIN)
    scene.given(c.QueueForClinician(CALL, PHONE))
    assert reading(scene, "q 0001") == Refused("0001 waits already; w 0001 leaves the queue")
    assert ready(scene, "w 0001").command == c.LeaveQueue(CALL, "")


def test_given_somebody_ready_then_queueing_says_that_they_are_rung_at_once() -> None:
    assert ready(floor().given(receive()), "q 0001").words.endswith("waits for Phone · Reyes is ready and rung at once")


def test_given_somebody_who_is_not_proposed_first_then_the_preview_says_who_is_and_why() -> None:
    scene = floor().given(receive(language="es"))
    people = scene.state.people
    scene.state = replace(scene.state, people={**people, LIN: replace(people[LIN], languages=("en", "es"))})
    assert ready(scene, "h reyes 0001").words.endswith(" · no Spanish · Lin is proposed first")
    assert ready(scene, "h lin 0001").words.endswith(" to Lin · speaks Spanish")


def test_given_a_duty_that_ends_soon_then_the_preview_warns() -> None:
    scene = floor().given(receive())
    phone = AGENCY.programmes[0]
    closes = (scene.at - timedelta(hours=4) + timedelta(minutes=3)).time().replace(second=0, microsecond=0)
    hours = tuple(replace(one, closes=closes) for one in phone.hours)
    agency = replace(AGENCY, programmes=(replace(phone, hours=hours), *AGENCY.programmes[1:]))
    scene.given(c.ConfigureAgency(agency))
    assert ready(scene, "h reyes 0001").words.endswith("◆ PHONE on duty until 14:33, 2 min; TEAM can go instead")


def test_given_take_then_it_wants_a_reason_and_is_refused_where_the_holder_is_there() -> None:
    scene = taken(floor().given(receive()))
    wanting = reading(scene, "take 0001")
    assert wanting == Wanting("take 0001 Crisis, 100 Main St over from Reyes: why? A few words after it")
    assert isinstance(reading(scene, "take 0001 no answer"), Refused)
    scene.given(c.LoseDesk(REYES, scene.state.people[REYES].desk_id))
    assert ready(scene, "take 0001 no answer").command == c.TakeOverCall(CALL, HandOffId("new-id"), "no answer")


def test_given_a_call_back_then_minutes_and_reason_are_asked_for_one_after_the_other() -> None:
    scene = floor().given(receive(callback="919 555 0142"))
    assert reading(scene, "cb 0001") == Wanting("call 919 555 0142 back: in how many minutes, and why?")
    assert reading(scene, "cb 0001 30") == Wanting("call 919 555 0142 back in 30 min: why?")
    meant = ready(scene, "cb 0001 30 wants to hear of his sister")
    assert isinstance(meant.command, c.PlanCallBack)
    assert meant.command.due_at == scene.at + timedelta(minutes=30)
    assert meant.words.endswith("back at 15:00: wants to hear of his sister")


def chosen(scene: Scene, line: str) -> Reading:
    return read(line, Grounds(scene.state, scene.at, lambda: "new-id", OKAFOR, call_id=CALL))


@pytest.mark.parametrize(
    ("line", "command", "words"),
    [
        ("h reyes", c.OfferHandOff(CALL, HandOffId("new-id"), REYES, ""), "hand 0001 Crisis, 100 Main St to Reyes"),
        ("h reyes be calm", c.OfferHandOff(CALL, HandOffId("new-id"), REYES, "be calm"), "hand 0001 Crisis, 100 Main St"),
        ("q stay on", c.QueueForClinician(CALL, PHONE, "stay on"), "0001 Crisis, 100 Main St waits for Phone"),
        ("m a dog", c.SendMessage(CALL, "new-id", "a dog"), "message about 0001"),  # type: ignore[arg-type]
        ("n a dog", c.AddNarrative(CALL, "new-id", "a dog"), "add to 0001"),  # type: ignore[arg-type]
    ],
)
def test_given_a_chosen_call_when_a_line_names_none_then_it_is_meant_and_named(
    line: str, command: c.AnyCommand, words: str
) -> None:
    meant = chosen(floor().given(receive()), line)
    assert isinstance(meant, Ready) and meant.command == command
    assert meant.words.startswith(words)


@pytest.mark.parametrize("line", ["h reyes 0999", "h reyes 0999 be calm", "m 999 a dog", "n 42 Oak Street", "ct 0999"])
def test_given_a_chosen_call_when_a_line_has_the_number_of_none_then_it_is_refused(line: str) -> None:
    meant = chosen(floor().given(receive()), line)
    assert isinstance(meant, Refused) and meant.words.startswith("there is no open call")


@pytest.mark.parametrize("line", ["lost", "take no answer", "c resolved", "p 1", "ct soon"])
def test_given_a_chosen_call_when_a_line_ends_or_changes_one_then_it_must_be_named(line: str) -> None:
    assert not isinstance(chosen(floor().given(receive()), line), Ready)


def test_given_an_offer_that_rings_then_a_second_is_refused_by_the_hubs_own_rule() -> None:
    scene = floor().given(receive(), offer())
    assert reading(scene, "h lin 0001") == Refused("Call 0001 is already being offered to Reyes.")
