"""Which neighbor the center knows a call, a number or a place by. Knowing somebody changes no priority and no verdict."""

from collections.abc import Iterator

from console.domain.ids import NeighborId
from console.domain.neighbors import Neighbor
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
        stands = standing(state, each.neighbor_id)
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
