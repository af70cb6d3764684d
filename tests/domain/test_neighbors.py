"""What the center keeps of a neighbor, and which profiles are one person's."""

from datetime import timedelta

import pytest

from console.domain import commands as c
from console.domain.acquaintance import neighbor_at, neighbor_of, standing
from console.domain.ids import CautionId, NeighborId, NoteId
from tests.support.scenes import CALL, LIN, OKAFOR, REYES, START, Scene, floor, receive

SAM, ALEX, KIM = NeighborId("sam"), NeighborId("alex"), NeighborId("kim")
DOG = CautionId("dog")
NUMBER, OTHER = "919 555 0100", "919 555 0101"


def known() -> Scene:
    """A neighbor with two numbers and a place."""
    return floor().given(c.KeepNeighbor(SAM, (NUMBER, OTHER), ("12 Oak St",), "Sam", "es", "speak slowly"), by=REYES)


def test_given_a_profile_then_its_neighbor_is_found_however_number_and_place_are_written() -> None:
    scene = known().given(receive(callback="+1 (919) 555-0100"))
    kept = scene.state.neighbors[SAM]
    assert (kept.name, kept.language, kept.approach, kept.kept.by) == ("Sam", "es", "speak slowly", REYES)
    assert neighbor_of(scene.state, scene.call()) == kept == neighbor_at(scene.state, "", "12 OAK ST")
    assert neighbor_at(scene.state, "919 555 0199", "Elsewhere") is None and neighbor_at(scene.state, "", "") is None


def test_given_a_profile_that_is_written_anew_then_it_is_what_was_written_last_and_the_same_again_changes_nothing() -> None:
    scene = known().given(c.KeepNeighbor(SAM, (NUMBER,), (), " Samuel "), by=LIN)
    kept = scene.state.neighbors[SAM]
    assert (kept.name, kept.numbers, kept.places, kept.kept.by) == ("Samuel", ("9195550100",), (), LIN)
    assert scene.when(c.KeepNeighbor(SAM, ("(919) 555-0100", NUMBER), (), "Samuel"), by=REYES) == ()


@pytest.mark.parametrize(("numbers", "places"), [((), ()), (("",), (" ",))])
def test_given_neither_number_nor_place_then_nobody_is_kept(numbers: tuple[str, ...], places: tuple[str, ...]) -> None:
    assert floor().rejected(c.KeepNeighbor(SAM, numbers, places), by=REYES) == "neighbor-nameless"


def test_given_a_number_that_is_another_neighbors_then_it_is_kept_there() -> None:
    scene = known()
    assert scene.rejected(c.KeepNeighbor(ALEX, (NUMBER,)), by=REYES) == "neighbor-known"
    scene.given(c.KeepNeighbor(ALEX, ("919 555 0177",), ("12 Oak St",)), by=REYES)
    assert scene.rejected(c.KeepNeighbor(ALEX, ("919 555 0177", NUMBER)), by=REYES) == "neighbor-known", (
        "also when written anew"
    )
    scene.given(c.MergeNeighbors(ALEX, SAM), by=REYES)
    scene.given(c.KeepNeighbor(ALEX, ("919 555 0177", NUMBER)), c.SeparateNeighbors(SAM), by=REYES)
    scene.given(c.KeepNeighbor(ALEX, ("919 555 0177", NUMBER), (), "Alex"), by=REYES)


@pytest.mark.parametrize("field", ["name", "approach"])
def test_given_words_without_end_then_refused(field: str) -> None:
    words = {field: "x" * 10_001}
    assert floor().rejected(c.KeepNeighbor(SAM, (NUMBER,), **words), by=REYES) == "text-too-long"  # type: ignore[arg-type]


def test_given_a_caution_then_it_holds_until_its_day_or_until_somebody_takes_it_back_and_says_why() -> None:
    scene, until = known(), START + timedelta(days=30)
    scene.given(c.GiveCaution(SAM, DOG, "a dog at the door", until), by=REYES)
    (caution,) = scene.state.neighbors[SAM].cautions
    assert caution.given.by == REYES and caution.holds(until - timedelta(seconds=1)) and not caution.holds(until)
    assert scene.when(c.GiveCaution(SAM, DOG, "a dog", until), by=LIN) == ()
    assert scene.rejected(c.EndCaution(SAM, DOG, ""), by=LIN) == "text-missing"
    scene.given(c.EndCaution(SAM, DOG, "it moved away"), by=LIN)
    (caution,) = scene.state.neighbors[SAM].cautions
    assert not caution.holds(START) and caution.ended is not None and caution.ended.by == LIN
    assert caution.ended_because == "it moved away" and scene.when(c.EndCaution(SAM, DOG, "again"), by=LIN) == ()


def test_given_a_caution_that_is_over_empty_or_about_nobody_then_refused() -> None:
    scene = known()
    assert scene.rejected(c.GiveCaution(SAM, DOG, "a dog", scene.at), by=REYES) == "caution-expired"
    later = scene.at + timedelta(days=1)
    assert scene.rejected(c.GiveCaution(SAM, DOG, " ", later), by=REYES) == "text-missing"
    assert scene.rejected(c.GiveCaution(KIM, DOG, "a dog", later), by=REYES) == "neighbor-unknown"
    assert scene.rejected(c.EndCaution(SAM, DOG, "x"), by=REYES) == "caution-unknown"
    assert scene.rejected(c.EndCaution(KIM, DOG, "x"), by=REYES) == "neighbor-unknown"


def test_given_two_profiles_of_one_person_then_merging_finds_one_by_either_and_separating_undoes_it_whole() -> None:
    scene = known().given(c.KeepNeighbor(ALEX, ("919 555 0177",), (), "Alex"), by=REYES)
    before = scene.state.neighbors
    scene.given(c.MergeNeighbors(SAM, ALEX), by=REYES)
    found = neighbor_at(scene.state, "919 555 0177", "")
    assert found is not None and found.neighbor_id == SAM and standing(scene.state, ALEX) == found
    assert scene.when(c.MergeNeighbors(SAM, ALEX), by=REYES) == ()
    scene.given(c.SeparateNeighbors(ALEX), by=REYES)
    assert scene.state.neighbors == before and scene.when(c.SeparateNeighbors(ALEX), by=REYES) == ()


def test_given_profiles_that_are_part_of_others_then_no_circle_can_be_made_of_them() -> None:
    scene = known().given(c.KeepNeighbor(ALEX, ("1",)), c.KeepNeighbor(KIM, ("2",)), c.MergeNeighbors(SAM, ALEX), by=REYES)
    assert scene.rejected(c.MergeNeighbors(SAM, SAM), by=REYES) == "neighbor-merged"
    assert scene.rejected(c.MergeNeighbors(ALEX, SAM), by=REYES) == "neighbor-merged"
    assert scene.rejected(c.MergeNeighbors(KIM, ALEX), by=REYES) == "neighbor-merged"
    assert scene.rejected(c.MergeNeighbors(NeighborId("nobody"), KIM), by=REYES) == "neighbor-unknown"
    scene.given(c.MergeNeighbors(KIM, SAM), by=REYES)
    stands = standing(scene.state, ALEX)
    assert stands is not None and stands.neighbor_id == KIM


def test_given_numbers_that_are_somebody_elses_then_a_split_gives_them_a_profile_and_merging_it_back_undoes_it() -> None:
    scene = known().given(c.SplitNeighbor(SAM, ALEX, (OTHER,)), by=REYES)
    assert scene.state.neighbors[SAM].numbers == ("9195550100",) and scene.state.neighbors[SAM].places
    other = scene.state.neighbors[ALEX]
    assert (other.numbers, other.places, other.split_from, other.name) == (("9195550101",), (), SAM, "")
    assert scene.when(c.SplitNeighbor(SAM, ALEX, (OTHER,)), by=REYES) == (), "split already"
    scene.given(c.MergeNeighbors(SAM, ALEX), by=REYES)
    found = neighbor_at(scene.state, OTHER, "")
    assert found is not None and found.neighbor_id == SAM


def test_given_a_split_of_nothing_of_others_or_of_everything_then_refused() -> None:
    scene = known()
    assert scene.rejected(c.SplitNeighbor(SAM, ALEX), by=REYES) == "split-unclear"
    assert scene.rejected(c.SplitNeighbor(SAM, ALEX, ("919 555 0177",)), by=REYES) == "split-unclear"
    assert scene.rejected(c.SplitNeighbor(SAM, ALEX, (NUMBER, OTHER), ("12 Oak St",)), by=REYES) == "split-empty"
    assert scene.rejected(c.SplitNeighbor(KIM, ALEX, (NUMBER,)), by=REYES) == "neighbor-unknown"


def test_given_a_note_that_is_sealed_then_the_profile_says_so_and_nothing_of_its_words() -> None:
    scene = known().given(c.SealProfileNote(SAM, NoteId("n1"), "5e" * 32), by=REYES)
    (note,) = scene.state.neighbors[SAM].notes
    assert (note.note_id, note.hash, note.sealed.by) == ("n1", "5e" * 32, REYES)
    assert scene.rejected(c.SealProfileNote(SAM, NoteId("n1"), "00" * 32), by=REYES) == "note-known"
    assert scene.rejected(c.SealProfileNote(KIM, NoteId("n1"), "00" * 32), by=REYES) == "neighbor-unknown"


def test_given_a_known_neighbor_who_calls_then_nothing_about_the_call_is_lower_or_decided_for_it() -> None:
    unknown, scene = floor().given(receive(callback=NUMBER)), known()
    scene.given(c.GiveCaution(SAM, DOG, "a dog", START + timedelta(days=1)), by=REYES).given(receive(callback=NUMBER))
    mine, theirs = scene.call(), unknown.call()
    assert (mine.priority, mine.open_to, mine.answers, mine.taken_by) == (theirs.priority, theirs.open_to, (), OKAFOR)
    assert mine.call_id == CALL and mine.facts == {}
