"""What the strip says at every state: who has the caller, the ticks, the clock, the chain and what is next."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from console.domain import commands as c
from console.domain.hand_off import HandOffState
from console.domain.ids import HandOffId, UserId
from console.domain.state import PresenceStatus
from console.ui.handoff.strip_lines import StripLines, strip_lines
from tests.support.agency import AGENCY, PHONE
from tests.support.scenes import CALL, LIN, OKAFOR, REYES, Scene, accepted, floor, offer, receive, released, taken

H1 = HandOffId("h1")


def said(scene: Scene, me: UserId = OKAFOR) -> StripLines:
    lines = strip_lines(scene.state, scene.call(), me, scene.at)
    assert lines is not None
    return lines


def kinds(lines: StripLines) -> list[tuple[str, str]]:
    return [(step.words, step.kind) for step in lines.steps]


def test_given_nobody_hands_over_then_the_strip_says_nothing() -> None:
    scene = floor().given(receive())
    assert strip_lines(scene.state, scene.call(), OKAFOR, scene.at) is None
    scene.given(offer(), c.WithdrawHandOff(CALL, H1, ""))
    assert strip_lines(scene.state, scene.call(), OKAFOR, scene.at) is None, "a withdrawn offer is over"


def test_given_it_rings_then_countdown_holder_and_chain_are_in_words() -> None:
    scene = floor().given(receive())
    scene.at += timedelta(minutes=6)
    scene.given(offer())
    scene.at += timedelta(seconds=7)
    lines = said(scene)
    assert lines.holder == "You have the caller while it rings."
    assert lines.clock == "rings 0:08 of 0:30"
    assert kinds(lines) == [
        ("Offered", "now"), ("On screen", "ahead"), ("Accepted", "ahead"), ("Bridged", "ahead"), ("Released", "ahead"),
    ]  # fmt: skip
    assert lines.steps[0].at == "14:36:08"
    assert lines.chain == ("rings at Reyes, ready 6 min when rung", "then Lin, ready 6 min", "then the queue for Phone")
    assert lines.told is not None and lines.told.may
    assert lines.verified is not None and not lines.verified.may, "nobody is on the line yet"
    assert lines.next == "Next: tell the caller."


def test_given_another_language_then_the_chain_says_who_speaks_it() -> None:
    scene = floor().given(receive(language="es"))
    people = scene.state.people
    scene.state = replace(scene.state, people={**people, LIN: replace(people[LIN], languages=("en", "es"))})
    scene.given(offer(LIN))
    at_lin, then_reyes = said(scene).chain[:2]
    assert at_lin.startswith("rings at Lin, speaks Spanish, ready ")
    assert then_reyes.startswith("then Reyes, no Spanish, ready ")


def test_given_the_first_declined_then_the_chain_begins_with_why_and_goes_on_with_who_rings_now() -> None:
    scene = floor().given(receive(), offer(LIN)).given(c.DeclineHandOff(CALL, H1, "with another neighbor"), by=LIN)
    scene.given(offer(REYES, "h2"))
    chain = said(scene).chain
    assert chain[0] == "Lin declined: with another neighbor"
    assert chain[1].startswith("rings at Reyes")
    assert chain[-1] == "then the queue for Phone", "who declined is not rung again"


def test_given_accepted_then_the_telecommunicator_still_has_the_caller_and_reads_what_is_missing() -> None:
    scene = floor().given(receive())
    people = scene.state.people
    scene.state = replace(scene.state, people={**people, REYES: replace(people[REYES], extension="4122")})
    accepted(scene)
    mine, theirs, other = said(scene), said(scene, REYES), said(scene, LIN)
    assert mine.holder == "You have the caller until you release them to Reyes."
    assert theirs.holder == "Okafor has the caller until they release them to you."
    assert (mine.dial, theirs.dial, other.dial) == ("Dial 4122 for Reyes", "", "")
    assert mine.next == "Next: the caller is told and both hear each other."
    assert theirs.next == "Next: both hear each other."
    assert other.next == "" and not other.may_lose
    assert all(tick is not None and tick.may for tick in (mine.told, mine.verified, theirs.told, theirs.verified))
    assert not any(tick is not None and tick.may for tick in (other.told, other.verified))


def test_given_a_switch_then_it_connects_and_nobody_is_told_to_dial_until_it_fails_to() -> None:
    scene = floor().given(c.ConfigureAgency(replace(AGENCY, switch="Center switch")), receive())
    accepted(scene)
    assert said(scene).dial == "Center switch is connecting; dial only if it does not"
    scene.given(c.BridgeHandOff(CALL, HandOffId("h1")))
    assert said(scene).dial == "Center switch has all on one line"


def test_given_both_ticks_then_they_say_when_and_by_whom_and_the_release_is_next() -> None:
    scene = accepted(floor().given(receive())).given(c.TellCaller(CALL, H1))
    scene.given(c.VerifyConnection(CALL, H1), by=REYES)
    lines = said(scene)
    assert lines.told is not None and lines.told.said.endswith(" by Okafor") and not lines.told.may
    assert lines.verified is not None and lines.verified.said.endswith(" by Reyes")
    assert kinds(lines)[3:] == [("Bridged", "now"), ("Released", "ahead")]
    assert lines.next == "Next: release them."
    assert lines.dial == "", "they hear each other: nobody is left to dial"
    assert said(scene, REYES).next == "Next: Okafor releases them."


def test_given_it_takes_longer_than_the_agency_lets_it_then_the_clock_says_so_by_shape_and_colour() -> None:
    scene = accepted(floor().given(receive()))
    scene.at += timedelta(seconds=scene.state.agency.hand_off.bridge_s)
    assert said(scene).clock.startswith("◆ accepted 1:") and said(scene).tone == "due"


def test_given_released_then_the_clinician_has_the_caller_and_every_step_has_its_time() -> None:
    scene = taken(floor().given(receive()))
    scene.at += timedelta(minutes=2)
    lines = said(scene)
    assert (lines.holder, lines.clock) == ("Reyes has the caller.", "for 2 min")
    assert said(scene, REYES).holder == "You have the caller."
    assert [step.kind for step in lines.steps] == ["done", "ahead", "done", "done", "now"], "nobody said that it was seen"
    assert lines.told is None and lines.hand_off is None
    assert not lines.may_lose and said(scene, REYES).may_lose


def test_given_a_side_exit_after_the_acceptance_then_it_stands_where_the_next_step_would() -> None:
    scene = accepted(floor().given(receive())).given(c.ReturnHandOff(CALL, H1, "she wants police"), by=REYES)
    lines = said(scene)
    assert kinds(lines)[-1] == ("Returned", "exit") and lines.steps[-1].at
    assert [kind for _, kind in kinds(lines)] == ["done", "ahead", "done", "exit"]
    assert lines.holder == "You have the caller again."
    assert lines.chain == ("Reyes gave the caller back: she wants police",)


def test_given_nobody_answered_then_it_says_so() -> None:
    scene = floor().given(receive(), offer(), c.TimeOutHandOff(CALL, H1))
    assert scene.call().hand_offs[-1].state is HandOffState.TIMED_OUT
    assert kinds(said(scene))[-1] == ("No answer", "exit")
    assert said(scene).chain[0] == "Reyes did not answer"


def test_given_the_queue_then_its_clock_runs_and_past_its_time_the_other_response_is_what_is_next() -> None:
    scene = floor().given(receive())
    scene.given(c.SetPresence(PresenceStatus.AWAY), by=REYES).given(c.SetPresence(PresenceStatus.AWAY), by=LIN)
    scene.given(c.QueueForClinician(CALL, PHONE))
    lines = said(scene)
    assert (lines.holder, lines.clock, lines.steps) == ("You have the caller while they wait.", "waits 0:01 of 3:00", ())
    assert lines.chain == ("in the queue for Phone: whoever is ready is rung", "after 3 min Team can go instead")
    scene.at += timedelta(minutes=3)
    late = said(scene)
    assert late.clock == "◆ waits 3:01 of 3:00" and late.tone == "due"
    assert late.next == "No clinician took the caller in 3 min: Team can go instead."
    assert late.chain == ("in the queue for Phone: whoever is ready is rung",)


def test_given_somebody_took_the_call_over_then_it_says_from_whom_and_why() -> None:
    scene = taken(floor().given(receive()))
    scene.given(c.LoseDesk(REYES, scene.state.people[REYES].desk_id))
    scene.given(c.TakeOverCall(CALL, HandOffId("h9"), "their desk is gone"), by=OKAFOR)
    assert said(scene).holder == "You have the caller, taken over from Reyes: their desk is gone."
    assert said(scene, REYES).holder == "Okafor has the caller, taken over from you: their desk is gone."


def test_given_a_caller_handed_on_then_the_first_clinician_has_them_until_the_release() -> None:
    scene = taken(floor().given(receive()))
    scene.given(offer(LIN, "h2"), by=REYES).given(c.AcceptHandOff(CALL, HandOffId("h2")), by=LIN)
    assert said(scene, REYES).holder == "You have the caller until you release them to Lin."
    released(scene, "h2", by=REYES)
    assert said(scene, LIN).holder == "You have the caller."


def test_given_a_closed_call_then_the_strip_is_gone() -> None:
    scene = taken(floor().given(receive())).given(c.CloseCall(CALL, outcome="by_phone"), by=REYES)
    assert strip_lines(scene.state, scene.call(), OKAFOR, scene.at) is None
