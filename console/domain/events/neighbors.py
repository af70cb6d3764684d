"""What happened to what the center knows of a neighbor."""

from console.domain.events.event import Event
from console.domain.ids import CautionId, NeighborId, NoteId
from console.domain.instant import Instant


class NeighborKept(Event, frozen=True, tag=True):
    """A profile was written, for the first time or anew; `numbers` and `places` are as `same_place` writes them."""

    neighbor_id: NeighborId
    numbers: tuple[str, ...]
    places: tuple[str, ...]
    name: str = ""
    language: str = ""
    approach: str = ""


class CautionGiven(Event, frozen=True, tag=True):
    neighbor_id: NeighborId
    caution_id: CautionId
    text: str
    expires_at: Instant


class CautionEnded(Event, frozen=True, tag=True):
    neighbor_id: NeighborId
    caution_id: CautionId
    reason: str


class NeighborsMerged(Event, frozen=True, tag=True):
    """One profile turned out to be another; it keeps what it holds, and the two can be separated again."""

    into: NeighborId
    merged: NeighborId


class NeighborsSeparated(Event, frozen=True, tag=True):
    """A merge was undone."""

    merged: NeighborId


class NeighborSplit(Event, frozen=True, tag=True):
    """Some numbers and places of a profile are another neighbor's, who has a profile of their own from here on."""

    neighbor_id: NeighborId
    other: NeighborId
    numbers: tuple[str, ...]
    places: tuple[str, ...]


class ProfileNoteSealed(Event, frozen=True, tag=True):
    """Never its words: they lie encrypted beside the log, like those of a call."""

    neighbor_id: NeighborId
    note_id: NoteId
    hash: str


NeighborEvent = (
    NeighborKept | CautionGiven | CautionEnded | NeighborsMerged | NeighborsSeparated | NeighborSplit | ProfileNoteSealed
)
