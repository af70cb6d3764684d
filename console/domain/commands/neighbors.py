"""What somebody wants kept of a neighbor."""

from console.domain.commands.command import Command
from console.domain.ids import CautionId, NeighborId, NoteId
from console.domain.instant import Instant


class KeepNeighbor(Command, frozen=True, tag=True):
    """Write a profile, or write it anew. Numbers and places may be as people write them."""

    neighbor_id: NeighborId
    numbers: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    name: str = ""
    language: str = ""
    approach: str = ""
    """For everybody on the floor: how to speak with them."""


class GiveCaution(Command, frozen=True, tag=True):
    """Warn of something, for so long."""

    neighbor_id: NeighborId
    caution_id: CautionId
    text: str
    expires_at: Instant


class EndCaution(Command, frozen=True, tag=True):
    neighbor_id: NeighborId
    caution_id: CautionId
    reason: str


class MergeNeighbors(Command, frozen=True, tag=True):
    """One profile is another's."""

    into: NeighborId
    merged: NeighborId


class SeparateNeighbors(Command, frozen=True, tag=True):
    """Undo a merge."""

    merged: NeighborId


class SplitNeighbor(Command, frozen=True, tag=True):
    """These numbers and places are another neighbor's, who gets the profile `other`. Undone by merging it back."""

    neighbor_id: NeighborId
    other: NeighborId
    numbers: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


class SealProfileNote(Command, frozen=True, tag=True):
    """Made by the hub beside the sealed bytes."""

    neighbor_id: NeighborId
    note_id: NoteId
    hash: str
