"""The command line reads what identifies itself, in any order; asks for what is missing; and refuses the rest in words."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from console.domain import commands as c
from console.domain.agency import Nature
from console.domain.ids import CallId, NatureCode, UserId
from console.domain.recommend import Road
from console.domain.state import Place, PresenceStatus, Source, UnitStatus
from console.domain.triage.protocol import Fact
from console.ui.command_grammar import VERBS, read
from console.ui.road_times import Roads
from console.ui.verbs.reading import Grounds, Reading, Ready, Refused, Wanting
from tests.support.agency import TRESPASS, VIOLENCE, WEAPON
from tests.support.scenes import CALL, LIN, OKAFOR, REYES, T1, T2, Scene, floor, receive, sign_in, status


def ids() -> str:
    return "new-id"


def grounds(scene: Scene, me: str = OKAFOR, **more: object) -> Grounds:
    return replace(Grounds(scene.state, scene.at, ids, UserId(me)), **more)


def board() -> Scene:
    """T1 and T2 free, call 0001 Crisis waits, call 0002 Trespass has A1 on it."""
    scene = floor().given(receive(), receive(CallId("call-2"), "TRESPASS"))
    return scene.given(c.SetPresence(PresenceStatus.READY), by=REYES)


def ready(reading: Reading) -> Ready:
    assert isinstance(reading, Ready), reading
    return reading


@pytest.mark.parametrize("words", list(permutations(["d", "t1", "0001"])))
def test_given_verb_unit_and_call_when_typed_in_any_order_then_they_mean_one_thing(words: tuple[str, ...]) -> None:
    meant = ready(read(" ".join(words), grounds(board())))
    assert meant.command == c.DispatchUnit(T1, CALL)
    assert meant.words == "dispatch T1 to 0001 Crisis, 100 Main St"


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("D T1 #1", c.DispatchUnit(T1, CALL)),
        ("dispatch t1 01", c.DispatchUnit(T1, CALL)),
        ("h reyes 0001", c.OfferHandOff(CALL, "new-id", REYES)),  # type: ignore[arg-type]
        ("h 0001 Reyes. speaks Spanish", c.OfferHandOff(CALL, "new-id", REYES, "speaks Spanish")),  # type: ignore[arg-type]
        ("s t1 assist Main St library", c.SetUnitStatus(T1, UnitStatus.ASSIST, "Main St library")),
        ("s break t1", c.SetUnitStatus(T1, UnitStatus.BREAK)),
        ("s t1 outofservice", c.SetUnitStatus(T1, UnitStatus.OUT_OF_SERVICE)),
        ("n 0001 sister   on her way", c.AddNarrative(CALL, "new-id", "sister   on her way")),  # type: ignore[arg-type]
        ("n 0001 0002 called too", c.AddNarrative(CALL, "new-id", "0002 called too")),  # type: ignore[arg-type]
        ("f 0001 weapon=secured his sister has it", c.SetFact(CALL, WEAPON, "secured", "his sister has it")),
        ("f 0001 weap=near he says so", c.SetFact(CALL, WEAPON, "near", "he says so")),
        ("fact 0001 Weapon=within_reach seen on camera", c.SetFact(CALL, WEAPON, "near", "seen on camera")),
        ("f 0001 violence=not_known the line went dead", c.SetFact(CALL, VIOLENCE, "not_known", "the line went dead")),
        ("f 0001 weapon=within reach neighbor saw it", c.SetFact(CALL, WEAPON, "near", "neighbor saw it")),
        ("f 0001 weapon=within r, neighbor saw it", c.SetFact(CALL, WEAPON, "near", "neighbor saw it")),
        ("f 0001 weapon=within neighbor saw it", c.SetFact(CALL, WEAPON, "near", "neighbor saw it")),
        ("f 0001 weapon=not known heard a click", c.SetFact(CALL, WEAPON, "not_known", "heard a click")),
        ("f 0001 weapon=not_known heard a_click", c.SetFact(CALL, WEAPON, "not_known", "heard a_click")),
        ("f 0001 weapon=none nothing in his hands", c.SetFact(CALL, WEAPON, "none", "nothing in his hands")),
        ("f 0001 violence=no known to his sister", c.SetFact(CALL, VIOLENCE, "no", "known to his sister")),
        ("c 0001 no unit", c.CloseCall(CALL, missed="all_busy")),
        ("c 0001 judge, sister stays with him", c.CloseCall(CALL, missed="judgement", note="sister stays with him")),
        ("b t1", c.RequestBackup(T1, "POLICE")),
        ("b ems t1", c.RequestBackup(T1, "EMS")),
        ("o police 0001 weapon seen", c.OrderOtherService(CALL, "POLICE", "weapon seen")),
        ("p 0001 p", c.PrioritiseCall(CALL, "P")),
        ("k t1", c.CheckUnit(T1)),
        ("away lunch", c.SetPresence(PresenceStatus.AWAY, "lunch")),
    ],
)
def test_given_a_whole_line_when_read_then_enter_sends_this(line: str, command: c.AnyCommand) -> None:
    assert ready(read(line, grounds(board()))).command == command


def test_given_a_chosen_call_and_unit_when_a_dot_is_typed_then_it_stands_for_them() -> None:
    chosen = grounds(board(), call_id=CALL, unit_id=T1)
    assert ready(read("n . calm now", chosen)).command == c.AddNarrative(CALL, "new-id", "calm now")  # type: ignore[arg-type]
    assert ready(read("k .", chosen)).command == c.CheckUnit(T1)
    assert read("n . calm now", grounds(board())) == Refused("no call is chosen")


def test_given_only_a_number_or_a_unit_when_read_then_it_is_shown_and_nothing_is_sent() -> None:
    assert ready(read("0002", grounds(board()))).call_id == "call-2"
    assert ready(read("t1", grounds(board()))).unit_id == T1


@pytest.mark.parametrize(
    ("line", "asks"),
    [
        ("", "type a command"),
        ("d", "which unit? which call?"),
        ("d t1", "which call?"),
        ("h 0001", "to whom?"),
        ("s t1", "Out of service"),
        ("s t1 a", "No"),
        ("s t1 assist", "where?"),
        ("s t1 as", "Assigned or"),
        ("n 0001", "what?"),
        ("c 0001", "missed because? No unit free"),
        ("r t1", "why?"),
        ("o 0001", "which service?"),
        ("p 0001", "P or 1 to 9?"),
        ("f 0001", "fact of 0001? Weapon, Violence"),
        ("f 0001 weapon", "Weapon of 0001, as weapon=? none, within reach, secured, not known"),
        ("f 0001 weapon=near", "why?"),
        ("f 0001 weapon=within rea", "Weapon = within reach: why?"),
        ("f 0001 weapon=not known", "Weapon = not known: why?"),
        ("t1 0001", "to do what?"),
    ],
)
def test_given_half_a_line_when_read_then_it_asks_for_the_rest(line: str, asks: str) -> None:
    reading = read(line, grounds(board()))
    if line == "s t1 a":
        assert isinstance(reading, Refused)  # one letter says too little
    else:
        assert isinstance(reading, Wanting)
        assert asks in reading.words


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("fly t1", '"fly" is no command'),
        ("d t9 0001", "there is no unit T9"),
        ("d t1 0009", "there is no open call 0009"),
        ("d t1 t2 0001", "two of a kind"),
        ("d t1 0001 quickly", "a reason begins with because"),
        ("h smith 0001", "no clinician at work is called smith; at work: Reyes, Lin"),
        ("s t1 dancing", '"dancing" is no status'),
        ("s t1 onscene", "cannot follow"),
        ("c 0001 resolved", "is none of: No unit free"),
        ("o navy 0001", "navy is not a service"),
        ("p 0001 12", "is not P or 1 to 9"),
        ("f 0001 mood=good so", '"mood" is none of: Weapon, Violence'),
        ("f 0001 weapon=knife so", '"knife" is none of'),
        ("f 0001 weapon=n so", '"n" may be: none, not known'),
        ("f 0001 -weapon", "Weapon of 0001 was not set by hand"),
        ("b t1 navy", "navy is not a service"),
        ("k t1 now", "does not belong"),
    ],
)
def test_given_what_cannot_be_read_or_done_when_read_then_it_is_refused_with_the_reason(line: str, why: str) -> None:
    reading = read(line, grounds(board()))
    assert isinstance(reading, Refused), reading
    assert why in reading.words


def test_given_a_call_of_another_programme_when_dispatched_then_the_hubs_own_reason_is_said_and_because_overrides() -> None:
    scene = board().given(receive(CallId("call-3"), "BURGLARY"))
    assert isinstance(read("d t1 0003", grounds(scene)), Refused)
    meant = ready(read("d t1 0003 because neighbor asked for them", grounds(scene)))
    assert meant.command == c.DispatchUnit(T1, CallId("call-3"), "neighbor asked for them")


def test_given_a_fact_of_several_words_when_typed_then_the_preview_shows_value_and_reason_apart() -> None:
    meant = ready(read("f 0001 weapon=within reach neighbor saw it", grounds(board())))
    assert meant.words == '0001 Crisis, 100 Main St: Weapon = within reach, by hand · why: "neighbor saw it"'


def test_given_a_value_that_begins_another_when_both_are_typed_then_the_longer_is_meant() -> None:
    near = Fact("Weapon", {"near": "within reach", "room": "within reach of a child"})
    scene = board()
    scene.given(c.ConfigureAgency(replace(scene.state.agency, facts={**scene.state.agency.facts, WEAPON: near})))
    for typed, value, why in (("of a child she said", "room", "she said"), ("of it, he said", "near", "of it, he said")):
        command = ready(read(f"f 0001 weapon=within reach {typed}", grounds(scene))).command
        assert command == c.SetFact(CALL, WEAPON, value, why)


def test_given_a_call_when_it_is_recoded_then_the_preview_says_that_its_priority_stays() -> None:
    meant = ready(read("t 0001 trespass", grounds(board())))
    assert meant.words == "0001 Crisis, 100 Main St: nature Trespass · P2 stays; p 0001 3 makes it P3"
    scene = board().given(c.PrioritiseCall(CALL, "3"))
    assert ready(read("t 0001 trespass", grounds(scene))).words == "0001 Crisis, 100 Main St: nature Trespass"


def test_given_a_fact_set_by_hand_when_it_is_named_with_a_minus_then_it_is_taken_back() -> None:
    scene = board().given(c.SetFact(CALL, WEAPON, "near", "he says so"))
    meant = ready(read("f 0001 -weapon", grounds(scene)))
    assert meant.command == c.TakeBackFact(CALL, WEAPON)
    assert meant.words == "0001 Crisis, 100 Main St: take back Weapon, set by hand"


def test_given_a_response_that_turned_when_somebody_is_named_as_told_then_their_tick_is_meant() -> None:
    scene = board().given(c.DispatchUnit(T1, CALL))
    assert read("told 0001 t1", grounds(scene)) == Refused("the response to 0001 has not turned")
    scene.given(c.SetFact(CALL, WEAPON, "near", "seen"))
    turned = scene.call().transitions[0].transition_id
    assert read("told 0001", grounds(scene)) == Wanting("0001 turned: who has been told? the caller, T1, Police")
    for line, party in (("told 0001 t1", "unit:T1"), ("told caller 0001", "caller"), ("told 0001 pol", "service:POLICE")):
        assert ready(read(line, grounds(scene))).command == c.TellOfTransition(CALL, turned, party)
    scene.given(*(c.TellOfTransition(CALL, turned, key) for key in ("caller", "unit:T1", "service:POLICE")))
    assert read("told 0001 t1", grounds(scene)) == Refused("everybody has been told that 0001 turned")


def test_given_a_closed_call_when_it_is_named_then_it_says_so() -> None:
    scene = board().given(c.CloseCall(CALL, missed="all_busy"))
    assert read("n 0001 late word", grounds(scene)) == Refused("call 0001 is already closed")


def test_given_two_open_calls_of_one_number_when_it_is_typed_then_neither_is_guessed() -> None:
    scene = board()
    twin = replace(scene.call(), call_id=CallId("old"))
    scene.state = replace(scene.state, calls={**scene.state.calls, twin.call_id: twin})
    reading = read("n 0001 word", grounds(scene))
    assert isinstance(reading, Refused)
    assert "2 open calls" in reading.words


def test_given_two_clinicians_of_one_name_when_it_is_typed_then_the_sign_in_name_is_asked_for() -> None:
    other = replace(sign_in(UserId("reyes2")), name="A. Reyes")
    scene = board().given(replace(sign_in(UserId("mreyes")), name="M. Lin"), other, by=LIN)
    reading = read("h lin. 0001", grounds(scene))
    assert ready(reading).command == c.OfferHandOff(CALL, "new-id", LIN)  # type: ignore[arg-type]
    scene.given(replace(sign_in(UserId("b")), name="B. Ortiz"), replace(sign_in(UserId("c")), name="C. Ortiz"))
    refused = read("h ortiz 0001", grounds(scene))
    assert isinstance(refused, Refused)
    assert "type the sign-in name" in refused.words


def test_given_a_served_call_when_it_is_closed_then_outcomes_are_offered() -> None:
    scene = board().given(c.DispatchUnit(T1, CALL), *status(T1, UnitStatus.ON_SCENE, UnitStatus.CLEAR))
    assert ready(read("c 0001 resolved by", grounds(scene))).command == c.CloseCall(CALL, outcome="by_phone")
    assert ready(read("c 0001 resolved", grounds(scene))).command == c.CloseCall(CALL, outcome="resolved")


OFF_MAP = "400 Main St (not on the map)"
MADE = c.ReceiveCall(CallId("new-id"), Source.CALL_911, TRESPASS, Place("400 Main St"))


@pytest.mark.parametrize("fields", list(permutations(["trespass", "400 Main St", "919 555 0142", "officer"])))
def test_given_the_fields_of_a_new_call_when_typed_in_any_order_then_they_mean_one_call(fields: tuple[str, ...]) -> None:
    meant = ready(read("+ " + ", ".join(fields), grounds(board())))
    assert meant.command == replace(MADE, source=Source.OFFICER, callback="919 555 0142")
    assert meant.words == "new call: Trespass, P3, 400 Main St (not on the map), callback 919 555 0142, from an officer"


@pytest.mark.parametrize(
    ("line", "call", "words"),
    [
        ("+tres,400  Main St", {}, "new call: Trespass, P3, 400 Main St (not on the map), from 911"),
        (
            "new TRESPASS, 400 Main St, p1",
            {"priority": "1"},
            "new call: Trespass, P1, 400 Main St (not on the map), from 911",
        ),
        ("+ trespass, 400 Main St, p", {"priority": "P"}, "new call: Trespass, P, 400 Main St (not on the map), from 911"),
        ("+ trespass", {"place": Place()}, "new call: Trespass, P3, place not known, from 911"),
        (
            "+ trespass, recovery center",
            {"place": Place("Recovery Center", 36.01, -78.91)},
            "new call: Trespass, P3, Recovery Center (a known place), from 911",
        ),
        (
            "+ trespass, 400 Main St, +1 (919) 555-0142, text",
            {"callback": "919 555 0142", "source": Source.TEXT},
            "new call: Trespass, P3, 400 Main St (not on the map), callback 919 555 0142, by text",
        ),
        (
            "+ trespass, 400 Main St, spanish",
            {"language": "es"},
            "new call: Trespass, P3, 400 Main St (not on the map), speaks Spanish, from 911",
        ),
        ("+ trespass, 400 Main St, es, self", {"language": "es", "source": Source.SELF_INITIATED}, "self-initiated"),
    ],
)
def test_given_a_new_call_when_read_then_the_preview_says_all_of_it(line: str, call: dict[str, object], words: str) -> None:
    meant = ready(read(line, grounds(board())))
    assert meant.command == replace(MADE, **call)
    assert meant.words.endswith(words)


def with_natures(*names: str) -> Scene:
    """The board with these natures beside its own."""
    scene = board()
    more = {NatureCode(name.upper()): Nature(NatureCode(name.upper()), name, "4") for name in names}
    return scene.given(c.ConfigureAgency(replace(scene.state.agency, natures={**scene.state.agency.natures, **more})))


def test_given_words_that_fit_several_natures_when_read_then_the_first_few_are_named_and_none_is_guessed() -> None:
    scene = with_natures(*(f"Found {what}" for what in ("bag", "bike", "child", "dog", "key", "purse", "wallet")))
    reading = read("+ found, 400 Main St", grounds(scene))
    assert reading == Refused('"found" may be: Found bag, Found bike, Found child, Found dog, Found key and 2 more')


def test_given_a_nature_that_is_also_a_source_when_it_is_the_only_one_then_it_is_the_nature() -> None:
    scene = with_natures("Alarm")
    assert ready(read("+ alarm, 400 Main St", grounds(scene))).words == f"new call: Alarm, P4, {OFF_MAP}, from 911"
    both = ready(read("+ alarm, trespass, 400 Main St", grounds(scene)))
    assert both.command == replace(MADE, source=Source.ALARM)


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("+ ", Wanting("new call: which nature? · + NATURE, PLACE, NUMBER, SOURCE")),
        (
            "+ 400 Main St, officer",
            Wanting(f"new call, {OFF_MAP}, from an officer: which nature? · + NATURE, PLACE, NUMBER, SOURCE"),
        ),
        ("+ trespass, 400", Wanting('"400": which street, or the rest of the number?')),
        ("+ trespass, burglary", Refused('"trespass" and "burglary" are each a nature: one too many')),
        ("+ trespass, officer, phone", Refused('"officer" and "phone" are each a source: one too many')),
        (
            "+ trespass, 400 Main St, oficer",
            Refused('"400 Main St" and "oficer" are each a place: one too many; leave the comma out within a place'),
        ),
    ],
)
def test_given_a_new_call_that_lacks_or_doubles_a_field_when_read_then_it_is_said(line: str, answer: Reading) -> None:
    assert read(line, grounds(board())) == answer


FIELDS = ["trespass", "b", "400 Main St", "919 555 0142", "officer", "p2", "es", "recovery center", "", "7", "٣", "+1"]


@given(st.lists(st.sampled_from(FIELDS) | st.text(max_size=8), max_size=6).map(", ".join))
def test_law_no_new_call_raises_and_each_reading_says_something(fields: str) -> None:
    assert read(f"+ {fields}", grounds(BOARD)).words.strip()


WORDS = st.sampled_from(
    [
        "d",
        "h",
        "s",
        "n",
        "c",
        "b",
        "x",
        "r",
        "k",
        "o",
        "p",
        "t1",
        "T2",
        "a1",
        "0001",
        "#2",
        ".",
        "reyes",
        "police",
        "because",
    ]
)


@given(st.lists(WORDS | st.text(max_size=6), max_size=6).map(" ".join))
def test_law_no_line_raises_and_every_reading_says_something(line: str) -> None:
    reading = read(line, grounds(BOARD, call_id=CALL, unit_id=T1))
    assert reading.words.strip()


@given(st.text())
def test_law_no_text_at_all_raises(line: str) -> None:
    assert read(line, grounds(BOARD)).words


BOARD = board()


def test_every_verb_has_words_of_its_own_and_shows_how_it_is_written() -> None:
    words = [word for verb in VERBS for word in verb.words]
    assert len(set(words)) == len(words)
    assert all(verb.example.split()[0] == verb.words[0] for verb in VERBS)


def with_reasons(scene: Scene) -> Scene:
    agency = replace(scene.state.agency, override_reasons=("Language", "Crew fits better"))
    return scene.given(c.ConfigureAgency(agency))


def test_given_another_unit_than_the_first_then_the_line_asks_why_and_takes_a_number_or_words() -> None:
    scene = with_reasons(board())
    asked = read("d t2 0001", grounds(scene))
    assert asked == Wanting("T1 is proposed; why T2? 1 Language, 2 Crew fits better, or because ...")
    by_number = ready(read("d t2 0001 2", grounds(scene)))
    assert by_number.command == c.DispatchUnit(T2, CALL, "", T1, "Crew fits better")
    assert by_number.words == "dispatch T2 to 0001 Crisis, 100 Main St instead of T1: Crew fits better"
    in_words = ready(read("t2 0001 d because they know him", grounds(scene)))
    assert in_words.command == c.DispatchUnit(T2, CALL, "", T1, "they know him")
    assert read("d t2 0001 because", grounds(scene)) == asked
    assert isinstance(read("d t2 0001 7", grounds(scene)), Refused)


def test_given_a_call_that_has_a_unit_then_another_wants_no_reason() -> None:
    scene = with_reasons(board()).given(c.DispatchUnit(T1, CALL))
    assert ready(read("d t2 0001", grounds(scene))).command == c.DispatchUnit(T2, CALL)


def test_given_minutes_by_road_then_the_preview_says_so() -> None:
    scene = board()
    near = grounds(scene, roads=lambda _call: Roads({T1: Road(4.2, 2.0)}))
    assert ready(read("d t1 0001", near)).words == "dispatch T1 to 0001 Crisis, 100 Main St · 4 min by road"


def test_given_nobody_free_then_a_unit_is_taken_off_a_less_urgent_call_with_its_price_and_a_reason() -> None:
    scene = with_reasons(board()).given(*status(T2, UnitStatus.OUT_OF_SERVICE), c.DispatchUnit(T1, CallId("call-2")))
    scene.given(c.PrioritiseCall(CALL, "1"))
    price = "0002 Trespass, P3, would wait again, then 19 min left to its target"
    asked = read("d t1 0001", grounds(scene))
    assert isinstance(asked, Wanting)
    said = f"take T1 from 0002 · distance not known, for 0001 Crisis, 100 Main St; {price}"
    assert asked.words == f"{said}: why? 1 Language, 2 Crew fits better, or because ..."
    meant = ready(read("d t1 0001 because a child is alone", grounds(scene)))
    assert meant.command == c.PreemptUnit(T1, CALL, "a child is alone")
    assert meant.words == f"{said}: a child is alone"
    scene.given(*status(T1, UnitStatus.ON_SCENE))
    assert read("d t1 0001", grounds(scene)) == Refused("T1 is on scene on call 0002.")
