"""Sealing a note and opening one: the acts that the routes carry out, with right, reason and audit."""

import logging
from functools import partial
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag

from console.domain.commands import Accepted, Order, Rejected, SealNeeds, SealNote, SealProfileNote
from console.domain.deciding.refusals import LONGEST_TEXT
from console.domain.ids import CallId, NeighborId, NoteId, ReferralId
from console.domain.state import SealedKind, State
from console.hub import access, sealed
from console.hub.center_key import SealingKey
from console.hub.problems import Refusal
from console.hub.sealed import Kept
from console.hub.sign_in import Signed
from console.wire.messages import NoteOpened, NoteToSeal, NoteWanted

if TYPE_CHECKING:
    from console.hub.app import Hub

_LOG = logging.getLogger("console.hub")
_ID_AT_MOST = 64
_ABOUT = {
    SealedKind.CLINICAL: "call", SealedKind.SCREENER: "call", SealedKind.PROFILE: "neighbor", SealedKind.NEEDS: "referral",
}  # fmt: skip
_NOT_YOURS = {
    SealedKind.CLINICAL: "This call is not in your care.",
    SealedKind.SCREENER: "This call is not in your care.",
    SealedKind.PROFILE: "You have no call of this neighbor.",
    SealedKind.NEEDS: "This referral is not yours.",
}


async def seal(hub: "Hub", signed: Signed, wanted: NoteToSeal) -> Accepted:
    """Seal a note: its bytes and the event that tells of them in one transaction. Refuses like a command."""
    why = access.sealed_refusal(wanted.kind, signed.person.role)
    if why is not None:
        raise Refusal(403, why, "forbidden", "$.kind")
    center = _center(hub)
    if not 0 < len(wanted.note_id) <= _ID_AT_MOST:
        raise Refusal(400, f"A note's id has 1 to {_ID_AT_MOST} characters.", "id-length", "$.note_id")
    if not 0 < len(wanted.text.strip()) <= LONGEST_TEXT:
        raise Refusal(409, f"A note has 1 to {LONGEST_TEXT:,} characters.", "text-length", "$.text")
    if not _is_known(hub.ledger.state, wanted):
        raise Refusal(409, f"There is no such {_ABOUT[wanted.kind]}.", f"{_ABOUT[wanted.kind]}-unknown", "$.subject")
    key = await hub.store.write(partial(sealed.key_of, wanted.subject, center, hub.time.now()))
    note = sealed.seal(wanted.note_id, wanted.subject, wanted.kind, wanted.text, key)
    order = Order(wanted.command_id, _sealing(wanted, note.hash))
    outcome = await hub.ledger.submit(order, signed.person.user_id, signed.desk_id, partial(sealed.keep, note))
    if isinstance(outcome, Rejected):
        raise Refusal(409, outcome.reason, outcome.code, about=outcome.about)
    return outcome


async def opened(hub: "Hub", signed: Signed, note_id: NoteId, wanted: NoteWanted) -> NoteOpened:
    """Open a note for somebody: written down who, when and why before the words leave; so is a refusal of right."""
    center, kept = _center(hub), await hub.store.read(partial(sealed.find, note_id))
    if kept is None:
        raise Refusal(404, "There is no sealed note of this id.", "note-unknown")
    why = access.sealed_refusal(kept.note.kind, signed.person.role)
    if why is not None:
        await _audit(hub, signed, kept, wanted, was_opened=False)
        raise Refusal(403, why, "forbidden")
    reason = wanted.reason.strip()
    if not reason and not access.reads_freely(hub.ledger.state, kept.note.kind, kept.note.subject, signed.person.user_id):
        raise Refusal(409, f"{_NOT_YOURS[kept.note.kind]} Say why you open it; that is written down.", "reason-needed")
    if len(reason) > LONGEST_TEXT:
        raise Refusal(409, f"The reason is longer than {LONGEST_TEXT:,} characters.", "text-length", "$.reason")
    words = _words(kept, center)
    await _audit(hub, signed, kept, wanted, was_opened=True)
    return NoteOpened(note_id, words)


def _is_known(state: State, wanted: NoteToSeal) -> bool:
    """Whether what the note is about is there."""
    match wanted.kind:
        case SealedKind.PROFILE:
            return wanted.subject in state.neighbors
        case SealedKind.NEEDS:
            return wanted.subject in state.referrals
        case _:
            return wanted.subject in state.calls


def _sealing(wanted: NoteToSeal, hash: str) -> SealNote | SealProfileNote | SealNeeds:
    """The command that tells the log of a note."""
    match wanted.kind:
        case SealedKind.PROFILE:
            return SealProfileNote(NeighborId(wanted.subject), wanted.note_id, hash)
        case SealedKind.NEEDS:
            return SealNeeds(ReferralId(wanted.subject), wanted.note_id, hash)
        case _:
            return SealNote(CallId(wanted.subject), wanted.note_id, wanted.kind, hash)


def _words(kept: Kept, center: SealingKey) -> str:
    if kept.wrapped is None:
        detail = f"This note was redacted on {kept.destroyed_at[:10]}: {kept.destroyed_because}. Nobody can open it now."
        raise Refusal(410, detail, "redacted")
    if kept.center_key != center.id:
        detail = "This note was sealed under a key that the hub does not have: in an exercise, that of an earlier start."
        raise Refusal(409, detail, "key-missing")
    try:
        return sealed.words_of(kept, center)
    except InvalidTag:
        _LOG.error("sealed note %s does not open: its bytes are not the ones that were sealed", kept.note.note_id)
        detail = "This note does not open: its bytes in the store were changed or damaged. Restore them from a backup."
        raise Refusal(409, detail, "note-damaged") from None


async def _audit(hub: "Hub", signed: Signed, kept: Kept, wanted: NoteWanted, *, was_opened: bool) -> None:
    access = sealed.Access(
        hub.time.now(), signed.person.user_id, signed.desk_id, kept.note.subject, kept.note.note_id,
        wanted.reason.strip()[:LONGEST_TEXT], was_opened,
    )  # fmt: skip
    await hub.store.write(partial(sealed.note_access, access))


def _center(hub: "Hub") -> SealingKey:
    if hub.center_key is None:
        detail = "This hub neither seals nor opens notes: it was started without --sealing-key. What is sealed stays so."
        raise Refusal(409, detail, "no-sealing-key")
    return hub.center_key
