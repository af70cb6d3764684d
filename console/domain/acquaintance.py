"""Which neighbor the center knows a call, a number or a place by. Knowing somebody changes no priority and no verdict."""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from console.domain.ids import CautionId, NeighborId
from console.domain.neighbors import Caution, Neighbor, ProfileNote
from console.domain.same_place import number_key, place_key
from console.domain.state import Call, State


def standing(state: State, neighbor_id: NeighborId) -> Neighbor | None:
    """The profile that stands for this one: itself, or that into which it was merged, and so on."""
    found = state.neighbors.get(neighbor_id)
    while found is not None and found.merged_into is not None:
        found = state.neighbors.get(found.merged_into)
    return found


def profiles_of(state: State, neighbor: Neighbor) -> Iterator[Neighbor]:
    """A profile that stands, and every profile that was merged into it."""
    for each in state.neighbors.values():
        # Most stand for themselves: only of those that were merged is it asked into which.
        stands = each if each.merged_into is None else standing(state, each.neighbor_id)
        if stands is not None and stands.neighbor_id == neighbor.neighbor_id:
            yield each


def neighbor_at(state: State, number: str, place: str) -> Neighbor | None:
    """The profile that stands for whoever has this callback number, else for who is known at this place; None: nobody."""
    by_number, by_place = number_key(number), place_key(place)
    if not (by_number or by_place):
        return None
    profiles = state.neighbors.values()
    found = next((n for n in profiles if by_number and by_number in n.numbers), None)
    found = found or next((n for n in profiles if by_place and by_place in n.places), None)
    return standing(state, found.neighbor_id) if found is not None else None


def neighbor_of(state: State, call: Call) -> Neighbor | None:
    """The known neighbor of a call."""
    return neighbor_at(state, call.callback, call.place.address)


class Warned(Struct, frozen=True):
    """A caution and the profile that it is written in: its own, where profiles were merged."""

    neighbor_id: NeighborId
    caution: Caution

    @property
    def caution_id(self) -> CautionId:
        """The caution's id."""
        return self.caution.caution_id


def cautions(state: State, neighbor: Neighbor) -> list[Warned]:
    """Every caution of a neighbor, of merged profiles too, whether it holds or not: the latest first."""
    found = [Warned(each.neighbor_id, one) for each in profiles_of(state, neighbor) for one in each.cautions]
    return sorted(found, key=lambda one: (one.caution.given.at, one.caution_id), reverse=True)


def cautions_holding(state: State, neighbor: Neighbor, now: datetime) -> list[Caution]:
    """The cautions that hold at `now`, the latest first."""
    return [one.caution for one in cautions(state, neighbor) if one.caution.holds(now)]


def profile_notes(state: State, neighbor: Neighbor) -> list[ProfileNote]:
    """The sealed notes of a neighbor, of merged profiles too: the latest first."""
    found = [note for each in profiles_of(state, neighbor) for note in each.notes]
    return sorted(found, key=lambda note: (note.sealed.at, note.note_id), reverse=True)


def merged_in(state: State, neighbor: Neighbor) -> list[Neighbor]:
    """The profiles that were merged into this one, and not yet separated again."""
    return [each for each in profiles_of(state, neighbor) if each.merged_into == neighbor.neighbor_id]


def found_by(state: State, words: str, but: NeighborId) -> list[Neighbor]:
    """Profiles that stand for themselves, with these words in their name, or of this number or place; without `but`."""
    name, number, place = words.strip().casefold(), number_key(words), place_key(words)

    def fits(one: Neighbor) -> bool:
        if one.merged_into is not None or one.neighbor_id == but:
            return False
        by_number = len(number) >= 4 and any(number in known for known in one.numbers)
        return name in one.name.casefold() or by_number or bool(place and place in one.places)

    found = [one for one in state.neighbors.values() if fits(one)] if name else []
    return sorted(found, key=lambda one: (one.name.casefold(), one.neighbor_id))
