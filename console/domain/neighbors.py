"""Neighbors whom the center knows: by numbers and places, with what everybody on the floor may know of them.

What is clinical (what helped, what was tried) lies in sealed notes; here is only that they exist.
"""

from msgspec import Struct

from console.domain.ids import CautionId, NeighborId, NoteId
from console.domain.instant import Instant, Stamp


class Caution(Struct, frozen=True, omit_defaults=True):
    """A warning about a neighbor or their place: whose it is, until when it holds, and who took it back, and why."""

    caution_id: CautionId
    text: str
    given: Stamp
    expires_at: Instant
    ended: Stamp | None = None
    ended_because: str = ""

    def holds(self, now: Instant) -> bool:
        """Whether it stands at `now`: neither taken back nor expired."""
        return self.ended is None and now < self.expires_at


class ProfileNote(Struct, frozen=True, omit_defaults=True):
    """That a note about a neighbor was sealed; `hash` is the SHA-256, in hex, of the sealed bytes."""

    note_id: NoteId
    hash: str
    sealed: Stamp


class Neighbor(Struct, frozen=True, omit_defaults=True):
    """One known neighbor. `numbers` and `places` are as `same_place` writes them, and find them again.

    `approach` is what was released to the floor on purpose: how to speak with them, never a diagnosis.
    """

    neighbor_id: NeighborId
    numbers: tuple[str, ...]
    places: tuple[str, ...]
    kept: Stamp
    """Who wrote it last, and when."""
    name: str = ""
    """How they like to be called."""
    language: str = ""
    approach: str = ""
    cautions: tuple[Caution, ...] = ()
    notes: tuple[ProfileNote, ...] = ()
    merged_into: NeighborId | None = None
    """The profile that this one turned out to be; it keeps everything, so that the merge can be undone."""
    split_from: NeighborId | None = None
