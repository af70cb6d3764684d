"""What is kept of a neighbor, and which profiles are one person's. Nothing here lowers anybody's priority."""

from console.domain import commands as c
from console.domain import events as e
from console.domain.commands import Rejected
from console.domain.deciding.refusals import Decision, text
from console.domain.ids import NeighborId
from console.domain.instant import Instant
from console.domain.neighbors import Neighbor
from console.domain.same_place import number_key, place_key
from console.domain.state import State


def keep(state: State, command: c.KeepNeighbor) -> Decision:
    """Write a profile. It wants a number or a place, by which its neighbor is found again; another's is refused."""
    numbers, places = _keys(command.numbers, command.places)
    if not (numbers or places):
        words = "A neighbor is kept by a callback number or a place. Give one of them."
        return Rejected("neighbor-nameless", words, {"neighbor": command.neighbor_id})
    mine = state.neighbors.get(command.neighbor_id)
    new = set(numbers) - set(mine.numbers if mine is not None else ())
    others = (n for n in state.neighbors.values() if n.neighbor_id != command.neighbor_id and n.merged_into is None)
    other = next((n for n in others if new & set(n.numbers)), None)
    if other is not None:
        words = f"That number is known already, as {other.name or 'a neighbor without a name'}. Keep it there."
        return Rejected("neighbor-known", words, {"neighbor": other.neighbor_id})
    kept = e.NeighborKept(
        command.neighbor_id, numbers, places, command.name.strip(), command.language, command.approach.strip()
    )
    if mine is not None and (mine.numbers, mine.places, mine.name, mine.language, mine.approach) == (
        kept.numbers, kept.places, kept.name, kept.language, kept.approach,
    ):  # fmt: skip
        return ()
    return text(command.name, "The name", needed=False) or text(command.approach, "The approach", needed=False) or (kept,)


def give_caution(state: State, command: c.GiveCaution, at: Instant) -> Decision:
    """Warn of something until a day that is still to come."""
    found = _known(state, command.neighbor_id)
    if isinstance(found, Rejected):
        return found
    if any(caution.caution_id == command.caution_id for caution in found.cautions):
        return ()
    if command.expires_at <= at:
        return Rejected("caution-expired", "A caution ends on a day that is still to come.")
    given = e.CautionGiven(command.neighbor_id, command.caution_id, command.text, command.expires_at)
    return text(command.text, "The caution") or (given,)


def end_caution(state: State, command: c.EndCaution) -> Decision:
    """It holds no more, and why."""
    found = _known(state, command.neighbor_id)
    if isinstance(found, Rejected):
        return found
    caution = next((one for one in found.cautions if one.caution_id == command.caution_id), None)
    if caution is None:
        return Rejected("caution-unknown", "There is no such caution.", {"caution": command.caution_id})
    if caution.ended is not None:
        return ()
    ended = e.CautionEnded(command.neighbor_id, command.caution_id, command.reason)
    return text(command.reason, "The reason") or (ended,)


def merge(state: State, command: c.MergeNeighbors) -> Decision:
    """One profile is another's; both must stand for themselves yet."""
    for neighbor_id in (command.into, command.merged):
        found = _known(state, neighbor_id)
        if isinstance(found, Rejected):
            return found
    merged, into = state.neighbors[command.merged], state.neighbors[command.into]
    if merged.merged_into == command.into:
        return ()
    if command.into == command.merged or merged.merged_into is not None or into.merged_into is not None:
        words = "Two profiles are merged that stand for themselves; one of these is part of another already."
        return Rejected("neighbor-merged", words, {"neighbor": command.merged})
    return (e.NeighborsMerged(command.into, command.merged),)


def separate(state: State, command: c.SeparateNeighbors) -> Decision:
    """Undo a merge: both profiles are as they were, with what was written since."""
    found = _known(state, command.merged)
    if isinstance(found, Rejected):
        return found
    return () if found.merged_into is None else (e.NeighborsSeparated(command.merged),)


def split(state: State, command: c.SplitNeighbor) -> Decision:
    """Give some of a profile's numbers and places to a neighbor of their own; something must be left to find it by."""
    found = _known(state, command.neighbor_id)
    if isinstance(found, Rejected):
        return found
    if command.other in state.neighbors:
        return ()
    numbers, places = _keys(command.numbers, command.places)
    if not (numbers or places) or not (set(numbers) <= set(found.numbers) and set(places) <= set(found.places)):
        words = "Name numbers or places of this profile that are somebody else's."
        return Rejected("split-unclear", words, {"neighbor": command.neighbor_id})
    if set(numbers) == set(found.numbers) and set(places) == set(found.places):
        return Rejected("split-empty", "Something must stay with this profile.", {"neighbor": command.neighbor_id})
    return (e.NeighborSplit(command.neighbor_id, command.other, numbers, places),)


def seal_note(state: State, command: c.SealProfileNote) -> Decision:
    """A sealed note of a profile is named once."""
    found = _known(state, command.neighbor_id)
    if isinstance(found, Rejected):
        return found
    if any(note.note_id == command.note_id for note in found.notes):
        return Rejected("note-known", "This profile already has a note of this id.", {"note": command.note_id})
    return (e.ProfileNoteSealed(command.neighbor_id, command.note_id, command.hash),)


def _keys(numbers: tuple[str, ...], places: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Numbers and places in the form in which they find each other, each once, without those that say nothing."""
    found = dict.fromkeys(number_key(number) for number in numbers), dict.fromkeys(place_key(place) for place in places)
    return tuple(key for key in found[0] if key), tuple(key for key in found[1] if key)


def _known(state: State, neighbor_id: NeighborId) -> Neighbor | Rejected:
    found = state.neighbors.get(neighbor_id)
    return found or Rejected("neighbor-unknown", "There is no such profile.", {"neighbor": neighbor_id})
