"""The verdict of every programme in words: what decided it, what would settle it, and apart from that who could come."""

from __future__ import annotations

from datetime import date, time

from msgspec.structs import replace

from console.domain import commands as c
from console.domain.conditions import Condition, Rule
from console.domain.eligibility import Standing
from console.domain.ids import QuestionId
from console.domain.programmes import Hours
from console.domain.triage.protocol import Proposal
from console.ui.call.words import about_words, times
from console.ui.queue.rows import row
from console.ui.triage.model import screen
from console.ui.triage.record import progress_words
from console.ui.triage.verdict_lines import Reason, VerdictLine
from tests.support.agency import AGENCY, ARMED, BURGLARY, CRISIS, PHONE, PROTOCOL, TEAM, TRESPASS, VIOLENCE, WEAPON
from tests.support.scenes import CALL, Scene, floor, receive


def answer(question: str, key: str) -> c.AnswerQuestion:
    return c.AnswerQuestion(CALL, PROTOCOL.id, QuestionId(question), key)


def lines(scene: Scene, back_at: str | None = None) -> dict[str, VerdictLine]:
    found = screen(scene.state, scene.call(), scene.at, QuestionId(back_at) if back_at else None)
    assert found is not None
    return {line.code: line for line in found.verdicts}


def test_given_a_new_call_then_each_programme_has_a_verdict_and_the_question_that_would_settle_it() -> None:
    found = lines(floor().given(receive()))
    assert list(found) == [PHONE, TEAM, ARMED]
    assert (found[PHONE].words, found[PHONE].because, found[PHONE].settled_by) == ("eligible", "", "")
    assert found[TEAM].standing is Standing.NOT_KNOWN
    assert (found[TEAM].because, found[TEAM].settled_by) == ("weapon open", "to settle it: the question above")
    assert found[TEAM].could_come == Reason("on duty, 2 of 2 units free")


def test_given_a_question_that_comes_later_then_its_words_are_said_and_how_much_more_is_open() -> None:
    team = AGENCY.programmes[1]
    needs_both = replace(team, criteria=replace(team.criteria, needs=(VIOLENCE, WEAPON)))
    asks_both = replace(PROTOCOL, questions=tuple(replace(q, ask_when=type(q.ask_when)()) for q in PROTOCOL.questions))
    agency = replace(AGENCY, programmes=(AGENCY.programmes[0], needs_both, AGENCY.programmes[2]), protocols=(asks_both,))
    scene = floor().given(c.ConfigureAgency(agency), receive())
    assert lines(scene)[TEAM].because == "weapon open, and 1 more"
    assert lines(scene)[TEAM].settled_by == "to settle it, first: the question above"
    scene.given(answer("weapon", "1"))
    assert lines(scene, "weapon")[TEAM].settled_by == "to settle it: “violence?”", "while an earlier one is looked at"


def test_given_what_had_to_be_known_then_an_eligible_programme_says_it() -> None:
    found = lines(floor().given(receive(), answer("weapon", "1")))
    assert (found[TEAM].words, found[TEAM].because) == ("eligible", "weapon none")
    assert (found[ARMED].words, found[ARMED].could_come) == ("not eligible", None)


def test_given_a_need_asked_in_vain_then_it_is_not_known_and_no_question_is_promised() -> None:
    found = lines(floor().given(receive(), answer("weapon", "4")))
    assert (found[TEAM].words, found[TEAM].because) == (
        "asked, and not known",
        "weapon; the careful choice is not to send it",
    )
    assert found[TEAM].settled_by == ""


def test_given_the_interview_has_ended_then_what_was_never_asked_is_not_open_any_more() -> None:
    armed = AGENCY.programmes[2]
    unasked = replace(armed, criteria=replace(armed.criteria, admit=(Rule(Condition({VIOLENCE: ("yes",)}), "violent"),)))
    agency = replace(AGENCY, programmes=(*AGENCY.programmes[:2], unasked))
    scene = floor().given(c.ConfigureAgency(agency), receive(), answer("weapon", "3"))
    assert (lines(scene)[ARMED].because, lines(scene)[ARMED].settled_by) == ("violence not asked", "")


def test_given_an_exclusion_or_a_nature_off_the_list_then_not_and_why_and_nothing_of_hours() -> None:
    found = lines(floor().given(receive(), answer("weapon", "2")))
    assert (found[TEAM].words, found[TEAM].because, found[TEAM].could_come) == ("not eligible", "a weapon is there", None)
    assert found[ARMED].because == "it covers calls with a weapon"
    assert lines(floor().given(receive(nature=BURGLARY)))[TEAM].because == "Burglary is not on the list of Team"


def test_given_a_programme_off_duty_then_it_is_eligible_still_and_nobody_is_on_duty_until_it_opens() -> None:
    closed = replace(AGENCY.programmes[1], hours=(Hours(date(2020, 1, 1), time(9), time(12)),))
    agency = replace(AGENCY, programmes=(AGENCY.programmes[0], closed, AGENCY.programmes[2]))
    scene = floor().given(c.ConfigureAgency(agency), receive(), answer("weapon", "1"))
    found = lines(scene)[TEAM]
    assert (found.words, found.could_come) == ("eligible", Reason("", "nobody on duty until Tue 09:00"))


def test_given_who_goes_along_then_the_proposed_response_names_them() -> None:
    with_police = replace(PROTOCOL, proposals=(Proposal("ARMED", PROTOCOL.proposals[0].when, "armed", ("POLICE", "EMS")),))
    scene = floor().given(c.ConfigureAgency(replace(AGENCY, protocols=(with_police,))), receive(), answer("weapon", "2"))
    found = screen(scene.state, scene.call(), scene.at)
    assert found is not None
    assert found.proposed.name == "Armed with Police and EMS"


def test_given_an_interview_half_done_then_queue_and_heading_say_how_far_it_is() -> None:
    scene = floor().given(receive())
    assert progress_words(scene.state.agency, scene.call()) == "", "not begun"
    scene.given(answer("weapon", "1"))
    assert row(scene.state, scene.call(), (), None).details[-1] == "triage 2 of at most 2"
    assert about_words(scene.call(), scene.state.agency).endswith(" · triage 2 of at most 2")
    scene.given(answer("violence", "1"))
    assert progress_words(scene.state.agency, scene.call()) == "", "ended"


def test_given_what_was_told_then_the_history_has_each_with_its_stamp() -> None:
    scene = floor().given(receive(), answer("weapon", "1"), answer("violence", "1"), answer("weapon", "2"))
    scene.given(c.RaiseFlag(CALL, "armed"), c.RecodeCall(CALL, TRESPASS), c.RecodeCall(CALL, CRISIS))
    told = [
        line.words for line in times(scene.state, scene.call(), scene.at) if "Weapon" in line.words or "Viol" in line.words
    ]
    assert told == [
        "Violence? no, rests now · Okafor, Crisis version 1",
        "Weapon? near · Okafor, Crisis version 1",
        "Weapon: within reach, by a flag · Okafor: flag armed",
    ]


def test_given_answers_of_another_protocol_then_they_are_listed_as_carried_over() -> None:
    other = replace(PROTOCOL, id="other", title="Other", questions=PROTOCOL.questions[1:])
    natures = AGENCY.natures | {TRESPASS: replace(AGENCY.natures[TRESPASS], protocol="other")}
    scene = floor().given(c.ConfigureAgency(replace(AGENCY, protocols=(PROTOCOL, other), natures=natures)), receive())
    scene.given(answer("weapon", "1"), c.RecodeCall(CALL, TRESPASS), c.RaiseFlag(CALL, "armed"))
    found = screen(scene.state, scene.call(), scene.at)
    assert found is not None
    assert [(each.about, each.answer, each.how) for each in found.told] == [
        ("Weapon?", "none", "carried"),
        ("Weapon", "within reach", "by_hand"),
    ]
    assert found.told[0].remark == "from Crisis"
    assert found.told[1].remark.startswith("by a flag, Okafor at 14:30:")
    assert found.changeable == ()
