"""Two desks at one interview: whoever was quicker is not overruled by a key press that meant another question."""

from msgspec.structs import replace

from console.domain import commands as c
from console.domain.commands import Rejected
from console.domain.ids import NatureCode, QuestionId
from tests.domain.test_facts_and_turns import twice
from tests.support.agency import AGENCY, PROTOCOL, TRESPASS, VIOLENCE, question
from tests.support.scenes import CALL, LIN, floor, receive

WEAPON = QuestionId("weapon")
NONE = ("", 0)


def seen(answer: str, before: tuple[str, int] = NONE) -> c.AnswerQuestion:
    return c.AnswerQuestion(CALL, PROTOCOL.id, WEAPON, answer, before)


def test_given_another_desk_was_quicker_when_a_different_answer_comes_then_theirs_stands_and_it_says_whose() -> None:
    scene = floor().given(receive()).given(seen("2"), by=LIN)
    verdict = scene.when(seen("1"))
    assert isinstance(verdict, Rejected)
    assert verdict.code == "answered-meanwhile"
    assert verdict.reason == "Lin answered this a moment ago: “near”. It stands; change it if it is wrong."
    assert scene.call().answers[0].answer == "2"


def test_given_another_desk_was_quicker_when_the_same_answer_comes_then_nothing_happens() -> None:
    scene = floor().given(receive()).given(seen("2"), by=LIN)
    assert scene.when(seen("2")) == ()


def test_given_the_answer_that_stands_was_seen_then_it_is_changed_and_one_that_looks_at_nothing_overwrites() -> None:
    scene = floor().given(receive(), seen("2"), seen("1", ("2", 1)))
    assert scene.call().answers[0].answer == "1"
    scene.given(c.AnswerQuestion(CALL, PROTOCOL.id, WEAPON, "3"))
    assert scene.call().answers[0].answer == "3"


def test_given_two_first_not_knowns_then_they_are_one_asking_and_never_count_as_asked_twice() -> None:
    scene = twice().given(seen("4"), by=LIN)
    assert scene.when(seen("4")) == ()
    assert scene.call().facts == {}
    scene.given(seen("4", ("4", 1)))
    assert scene.call().answers[0].attempt == 2


def test_given_an_answer_taken_back_meanwhile_when_it_is_changed_then_it_says_so() -> None:
    scene = floor().given(receive(), seen("2"), c.TakeBackAnswer(CALL, WEAPON))
    assert scene.rejected(seen("1", ("2", 1))) == "answered-meanwhile"


def test_given_an_answer_that_rests_when_the_nature_leads_to_another_protocol_then_it_goes_on_resting() -> None:
    other = replace(PROTOCOL, id="other", questions=(question("place", VIOLENCE, "no", "yes"),), proposals=())
    natures = {**AGENCY.natures, TRESPASS: replace(AGENCY.natures[NatureCode(TRESPASS)], protocol="other")}
    scene = floor().given(c.ConfigureAgency(replace(AGENCY, protocols=(PROTOCOL, other), natures=natures)), receive())
    scene.given(seen("1"), c.AnswerQuestion(CALL, PROTOCOL.id, QuestionId("violence"), "2"), seen("3", ("1", 1)))
    assert VIOLENCE not in scene.call().facts
    scene.given(c.RecodeCall(CALL, TRESPASS))
    assert VIOLENCE not in scene.call().facts, "what rested does not come alive"
