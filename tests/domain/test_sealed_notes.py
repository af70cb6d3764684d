"""The log's part of a sealed note: that it is there, and never its words."""

from console.domain import commands as c
from console.domain import events as e
from console.domain.ids import NoteId
from console.domain.state import SealedKind, SealedNote
from tests.support.scenes import CALL, REYES, floor, receive

SEAL = c.SealNote(CALL, NoteId("n1"), SealedKind.CLINICAL, "5e" * 32)


def test_given_a_call_when_a_note_is_sealed_then_the_board_knows_whose_and_when_and_nothing_more() -> None:
    scene = floor().given(receive())
    at = scene.at
    assert scene.when(SEAL, REYES) == (e.NoteSealed(CALL, NoteId("n1"), SealedKind.CLINICAL, "5e" * 32),)
    assert scene.call().notes == (SealedNote(NoteId("n1"), SealedKind.CLINICAL, "5e" * 32, REYES, at),)


def test_given_a_closed_call_then_a_note_may_still_be_sealed() -> None:
    scene = floor().given(receive(), c.CloseCall(CALL, missed="all_busy")).given(SEAL, by=REYES)
    assert len(scene.call().notes) == 1


def test_given_a_note_of_that_id_then_a_second_is_refused_for_its_words_would_be_lost() -> None:
    scene = floor().given(receive()).given(SEAL, by=REYES)
    assert scene.rejected(SEAL, REYES) == "note-known"
    assert floor().rejected(SEAL, REYES) == "call-unknown"
