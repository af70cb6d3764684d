"""What an event of a known neighbor changes. A merge takes nothing away: it points from one profile to another."""

from typing import assert_never

from msgspec.structs import replace

from console.domain import events as e
from console.domain.ids import NeighborId, UserId
from console.domain.instant import Instant, Stamp
from console.domain.neighbors import Caution, Neighbor, ProfileNote
from console.domain.state import State


def evolved(state: State, event: e.NeighborEvent, by: UserId, at: Instant) -> State:
    """The state after an event of a known neighbor."""
    stamp = Stamp(by, at)
    match event:
        case e.NeighborKept(neighbor_id, numbers, places, name, language, approach):
            known = state.neighbors.get(neighbor_id) or Neighbor(neighbor_id, numbers, places, stamp)
            return _with(
                state,
                replace(known, numbers=numbers, places=places, kept=stamp, name=name, language=language, approach=approach),
            )
        case e.CautionGiven(neighbor_id, caution_id, text, expires_at):
            known = state.neighbors[neighbor_id]
            caution = Caution(caution_id, text, stamp, expires_at)
            return _with(state, replace(known, cautions=(*known.cautions, caution)))
        case e.CautionEnded(neighbor_id, caution_id, reason):
            known = state.neighbors[neighbor_id]
            ended = tuple(
                replace(c, ended=stamp, ended_because=reason) if c.caution_id == caution_id else c for c in known.cautions
            )
            return _with(state, replace(known, cautions=ended))
        case e.NeighborsMerged(into, merged):
            return _with(state, replace(state.neighbors[merged], merged_into=into))
        case e.NeighborsSeparated(merged):
            return _with(state, replace(state.neighbors[merged], merged_into=None))
        case e.NeighborSplit(neighbor_id, other, numbers, places):
            known = state.neighbors[neighbor_id]
            left = replace(
                known,
                numbers=tuple(n for n in known.numbers if n not in numbers),
                places=tuple(p for p in known.places if p not in places),
                kept=stamp,
            )
            return _with(_with(state, left), Neighbor(other, numbers, places, stamp, split_from=neighbor_id))
        case e.ProfileNoteSealed(neighbor_id, note_id, hash):
            known = state.neighbors[neighbor_id]
            return _with(state, replace(known, notes=(*known.notes, ProfileNote(note_id, hash, stamp))))
        case _:
            assert_never(event)


def _with(state: State, neighbor: Neighbor) -> State:
    neighbors: dict[NeighborId, Neighbor] = {**state.neighbors, neighbor.neighbor_id: neighbor}
    return replace(state, neighbors=neighbors)
