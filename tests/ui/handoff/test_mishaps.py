"""What befalls whoever has a caller is told: a desk not heard, a take-over, a caller lost, in the strip and elsewhere."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from console.domain import commands as c
from console.domain.ids import CallBackId, HandOffId, UserId
from console.domain.state import Role
from console.ui.call.calling_back import calling_back
from console.ui.call.hand_off_proposal import hand_off_proposal
from console.ui.call.lists import Chosen
from console.ui.call.words import engaged_words, times
from console.ui.handoff.offer import ending
from console.ui.handoff.rows import line
from console.ui.handoff.strip_lines import StripLines, strip_lines
from console.ui.queue.rows import row
from tests.support.agency import AGENCY, PHONE
from tests.support.scenes import CALL, LIN, LINDQVIST, OKAFOR, REYES, Scene, accepted, floor, offer, receive, sign_in, taken

H1, OVER = HandOffId("h1"), HandOffId("h9")
OWED = CallBackId("b")
NUMBER = "919 555 0142"


def said(scene: Scene, me: UserId = OKAFOR) -> StripLines:
    lines = strip_lines(scene.state, scene.call(), me, scene.at)
    assert lines is not None
    return lines


def details(scene: Scene, me: UserId = OKAFOR) -> tuple[str, ...]:
    return row(scene.state, scene.call(), (), me).details


def lose(scene: Scene, user: UserId) -> Scene:
    return scene.given(c.LoseDesk(user, scene.state.people[user].desk_id))


def taken_over_by_supervisor(reason: str = "on break") -> Scene:
    scene = taken(floor().given(receive(), sign_in(LINDQVIST, Role.SUPERVISOR)))
    return scene.given(c.TakeOverCall(CALL, OVER, reason), by=LINDQVIST)


def test_given_the_desk_of_who_has_the_caller_is_not_heard_then_dispatch_reads_since_when_and_which_key_takes_over() -> None:
    scene = lose(taken(floor().given(receive())), REYES)
    assert said(scene).warns == (
        "▲ Reyes has the caller and is not reachable since 14:30. Ctrl Shift Y takes the caller over.",
    )
    assert said(scene, REYES).warns == (), "their own screen says that its link is gone"
    assert engaged_words(scene.state, scene.call(), scene.at) == "▲ in the care of Reyes, not reachable"


def test_given_the_desk_that_is_to_release_is_not_heard_then_the_clinician_reads_that_nobody_else_does() -> None:
    scene = lose(accepted(floor().given(receive())), OKAFOR)
    assert said(scene, REYES).warns == (
        "▲ Okafor is to release the caller and is not reachable since 14:30: nobody else releases them. "
        "Ctrl Shift Y takes the caller over.",
    )


def test_given_the_desk_that_is_to_have_the_caller_is_not_heard_then_who_offered_can_take_them_back() -> None:
    scene = lose(accepted(floor().given(receive())), REYES)
    warned = "▲ Reyes is to have the caller and is not reachable since 14:30."
    assert said(scene).warns == (f"{warned} F9 takes the caller back.",)
    assert said(scene, LIN).warns == (warned,)
    scene.given(c.FindDesk(REYES, scene.state.people[REYES].desk_id))
    assert said(scene).warns == ()


def test_given_a_caller_given_back_to_a_desk_that_is_not_heard_then_the_queue_marks_the_row() -> None:
    scene = taken(floor().given(receive())).given(c.ReturnHandOff(CALL, H1, "she wants police"), by=REYES)
    assert details(scene) == ("returned by Reyes",)
    assert details(lose(scene, OKAFOR), LINDQVIST) == ("▲ Okafor not reachable", "returned by Reyes")


def test_given_a_supervisor_took_the_caller_over_then_nowhere_it_says_that_the_clinician_gave_them_back() -> None:
    scene = taken_over_by_supervisor()
    lines = said(scene)
    assert lines.holder == "Lindqvist has the caller, taken over from Reyes: on break."
    assert lines.briefly == "Lindqvist has the caller, taken over from Reyes."
    assert lines.chain == () and lines.steps[-1].words == "Taken over"
    assert "Lindqvist has the caller" in details(scene)
    told = [line.words for line in times(scene.state, scene.call(), scene.at)]
    assert told[-1] == "Lindqvist took the caller over from Reyes: on break"
    assert not any("gave" in words or "returned" in words for words in told)


def test_given_a_supervisor_took_the_caller_over_then_the_queue_for_a_clinician_is_not_what_is_proposed() -> None:
    scene = taken_over_by_supervisor()
    programme = AGENCY.programme(scene.call().hand_offs[0].programme)
    lose(scene, LIN)
    made = hand_off_proposal(scene.state, scene.call(), LINDQVIST, scene.at, programme)
    assert made.does == "queue" and made.proposal.primary == ""


def test_given_a_clinician_took_the_caller_over_while_it_was_offered_then_nobody_took_the_offer_back() -> None:
    scene = lose(accepted(floor().given(receive())), OKAFOR)
    scene.given(c.TakeOverCall(CALL, OVER, "their desk is gone"), by=LIN)
    assert ending(scene.state, CALL, H1) == "", "that they took it over is told once, by a notice that stays"
    lines = said(scene, LIN)
    assert lines.holder == "You have the caller, taken over from Okafor: their desk is gone."
    assert (lines.chain, lines.steps) == ((), ()), "nothing was offered to them, nor accepted"
    told = [line.words for line in times(scene.state, scene.call(), scene.at)]
    assert told[-1] == "Lin took the caller over from Okafor: their desk is gone"
    assert not any("withdrawn" in words for words in told)


def test_given_the_caller_was_lost_while_connecting_then_strip_queue_and_key_say_that_they_are_to_be_called_back() -> None:
    scene = accepted(floor().given(receive(callback=NUMBER))).given(c.LoseCaller(CALL, OWED))
    lines = said(scene)
    assert lines.holder == lines.briefly == f"◆ The caller was lost at 14:30. Call back: {NUMBER}, due now."
    assert lines.next == "Next: call back; Ctrl Shift P says whether they were reached."
    assert (lines.chain, lines.may_lose, lines.told, lines.steps[-1].words) == ((), False, None, "Caller lost")
    assert details(scene)[0] == "◆ caller lost · call back"
    made = hand_off_proposal(scene.state, scene.call(), OKAFOR, scene.at, AGENCY.programmes[0])
    assert (made.does, made.proposal.primary) == ("", "") and "lost at 14:30" in made.proposal.why_not
    scene.given(c.TryCallBack(OWED, False))
    assert said(scene).holder.endswith("tried 14:30, not reached.")
    scene.given(c.TryCallBack(OWED, True))
    assert said(scene).holder == "You have the caller again."
    assert hand_off_proposal(scene.state, scene.call(), OKAFOR, scene.at, AGENCY.programmes[0]).does == "offer"


def test_given_nobody_reached_a_lost_caller_and_no_further_call_is_made_then_nobody_is_said_to_have_them() -> None:
    scene = accepted(floor().given(receive(callback=NUMBER))).given(c.LoseCaller(CALL, OWED))
    scene.given(c.EndCallBack(OWED, "number is dead"))
    assert said(scene).holder == said(scene).briefly == "You have the call. The caller was lost."
    assert details(scene) == ("the caller was lost",)


def test_given_the_caller_was_lost_in_care_then_everybody_reads_it_and_whose_the_call_back_is() -> None:
    scene = taken(floor().given(receive(callback=NUMBER))).given(c.LoseCaller(CALL, OWED), by=REYES)
    assert said(scene, REYES).holder == f"◆ The caller was lost at 14:30. Call back: {NUMBER}, due now."
    assert said(scene, REYES).next == "Next: call back; the list (Alt 1) says whether they were reached."
    assert said(scene).next == "Reyes owes it; Ctrl Shift P says whether they were reached."


def test_given_a_call_back_is_owed_then_dispatch_writes_down_by_its_key_what_came_of_it() -> None:
    scene = accepted(floor().given(receive(callback=NUMBER))).given(c.LoseCaller(CALL, OWED))
    made = calling_back(scene.state, scene.call(), lambda: scene.at)
    options, why_not = made.choices(scene.call())
    assert why_not == "" and [one.words for one in options[:3]] == [
        "Called back: reached", "Called back: not reached", "No further call",
    ]  # fmt: skip
    assert "lost" not in [one.value for one in options], "it is owed already, and at once"
    sent = [made.sends(scene.call(), Chosen(option, "why")) for option in options[:3]]
    assert sent == [
        (c.TryCallBack(OWED, True, "why"),), (c.TryCallBack(OWED, False, "why"),), (c.EndCallBack(OWED, "why"),),
    ]  # fmt: skip


def test_given_no_call_back_is_owed_then_the_moments_are_listed() -> None:
    scene = floor().given(receive(callback=NUMBER))
    made = calling_back(scene.state, scene.call(), lambda: scene.at)
    options, _ = made.choices(scene.call())
    assert options[0].value == "lost" and options[1].words == "In 10 minutes"
    (planned,) = made.sends(scene.call(), Chosen(options[1], "asked for it"))
    assert isinstance(planned, c.PlanCallBack) and planned.due_at == scene.at + timedelta(minutes=10)


def test_given_an_offer_in_a_take_over_then_it_goes_on_in_the_new_name() -> None:
    scene = floor().given(receive(), sign_in(LINDQVIST, Role.SUPERVISOR), offer())
    scene.given(c.TakeOverCall(CALL, OVER, "shift ends"), by=LINDQVIST)
    people = scene.state.people
    scene.state = replace(scene.state, people={**people, REYES: replace(people[REYES], extension="2104")})
    scene.given(c.AcceptHandOff(CALL, H1), by=REYES)
    assert (said(scene, LINDQVIST).dial, said(scene).dial) == ("Dial 2104 for Reyes", "")


def test_given_a_lost_desk_or_caller_then_the_clinicians_list_marks_the_row_for_others_than_who_sits_there() -> None:
    scene = lose(accepted(floor().given(receive(callback=NUMBER))), OKAFOR)
    mine = line(scene.state, scene.call(), REYES, PHONE)
    assert mine is not None and mine.about == "▲ Okafor not reachable · 0001 · 100 Main St"
    scene = lose(taken(floor().given(receive(callback=NUMBER))).given(c.LoseCaller(CALL, OWED), by=REYES), REYES)
    mine = line(scene.state, scene.call(), REYES, PHONE)
    assert mine is not None and mine.about == "◆ caller lost · call back · 0001 · 100 Main St"
