"""Sealed notes: encrypted beside the log under a key per subject, which itself lies under the center's key.

A subject is a call, a known neighbor or a referral.
"""

from datetime import datetime
from hashlib import sha256
from uuid import uuid4

from cryptography.exceptions import InvalidTag
from msgspec import Struct
from sqlalchemy import Connection, insert, select, update

from console.domain.ids import DeskId, NoteId, UserId
from console.domain.state import SealedKind
from console.hub.center_key import KeyUnusable, SealingKey, new_key_bytes
from console.hub.tables import instant_text, sealed_access, sealed_note, subject_key


class SubjectKey(Struct, frozen=True):
    """The key of one subject's notes, open for use."""

    key_id: str
    key: SealingKey


class Sealed(Struct, frozen=True):
    """A note as it is kept."""

    note_id: NoteId
    subject: str
    kind: SealedKind
    key_id: str
    sealed: bytes

    @property
    def hash(self) -> str:
        """What the log keeps of it: of the sealed bytes, so that nobody can try words against it."""
        return sha256(self.sealed).hexdigest()


class Kept(Struct, frozen=True):
    """A sealed note as the store has it, with its subject's key as it lies there: None once it was destroyed."""

    note: Sealed
    wrapped: bytes | None
    center_key: str
    destroyed_at: str
    destroyed_because: str


class Access(Struct, frozen=True):
    """One line of the audit: somebody opened a note, or was refused it."""

    at: datetime
    user_id: UserId
    desk_id: DeskId
    subject: str
    note_id: NoteId
    reason: str
    opened: bool


def key_of(subject: str, center: SealingKey, now: datetime, connection: Connection) -> SubjectKey:
    """The key of a subject's notes, made with its first. One under another center key, or destroyed, is not used."""
    row = connection.execute(
        select(subject_key.c.key_id, subject_key.c.wrapped).where(
            subject_key.c.subject == subject, subject_key.c.center_key == center.id, subject_key.c.wrapped.is_not(None)
        )
    ).first()
    if row is not None:
        return SubjectKey(row.key_id, SealingKey(center.open(row.wrapped, _of_key(row.key_id, subject))))
    key_id, key = str(uuid4()), new_key_bytes()
    connection.execute(
        insert(subject_key).values(
            key_id=key_id, subject=subject, center_key=center.id, wrapped=center.seal(key, _of_key(key_id, subject)),
            made_at=instant_text(now), destroyed_at="", destroyed_by="", destroyed_because="",
        )
    )  # fmt: skip
    return SubjectKey(key_id, SealingKey(key))


def seal(note_id: NoteId, subject: str, kind: SealedKind, words: str, key: SubjectKey) -> Sealed:
    """A note's words, sealed under its subject's key."""
    sealed = key.key.seal(words.encode(), _of_note(note_id, subject, kind))
    return Sealed(note_id, subject, kind, key.key_id, sealed)


def keep(note: Sealed, connection: Connection) -> None:
    """Write a sealed note, in the transaction of its event."""
    connection.execute(
        insert(sealed_note).values(
            note_id=note.note_id, subject=note.subject, kind=note.kind.value, key_id=note.key_id, sealed=note.sealed
        )
    )


def find(note_id: NoteId, connection: Connection) -> Kept | None:
    """The note of that id, still sealed."""
    row = connection.execute(
        select(sealed_note, subject_key).join(subject_key, sealed_note.c.key_id == subject_key.c.key_id)
        .where(sealed_note.c.note_id == note_id).with_only_columns(
            sealed_note.c.note_id, sealed_note.c.subject, sealed_note.c.kind, sealed_note.c.key_id, sealed_note.c.sealed,
            subject_key.c.wrapped, subject_key.c.center_key, subject_key.c.destroyed_at, subject_key.c.destroyed_because,
        )
    ).first()  # fmt: skip
    if row is None:
        return None
    note = Sealed(NoteId(row.note_id), row.subject, SealedKind(row.kind), row.key_id, row.sealed)
    return Kept(note, row.wrapped, row.center_key, row.destroyed_at, row.destroyed_because)


def words_of(kept: Kept, center: SealingKey) -> str:
    """The words of a note whose keys are there; raises `InvalidTag` where the bytes were changed."""
    note = kept.note
    if kept.wrapped is None:
        raise InvalidTag
    key = SealingKey(center.open(kept.wrapped, _of_key(note.key_id, note.subject)))
    return key.open(note.sealed, _of_note(note.note_id, note.subject, note.kind)).decode()


def note_access(access: Access, connection: Connection) -> None:
    """Write a line of the audit."""
    connection.execute(
        insert(sealed_access).values(
            access_id=str(uuid4()), at=instant_text(access.at), user_id=access.user_id, desk_id=access.desk_id,
            subject=access.subject, note_id=access.note_id, reason=access.reason, opened=access.opened,
        )
    )  # fmt: skip


def accesses(connection: Connection) -> list[Access]:
    """The whole audit, oldest first."""
    return [
        Access(
            datetime.fromisoformat(row.at), UserId(row.user_id), DeskId(row.desk_id), row.subject,
            NoteId(row.note_id), row.reason, row.opened,
        )
        for row in connection.execute(select(sealed_access).order_by(sealed_access.c.at))
    ]  # fmt: skip


def foreign(center: SealingKey, connection: Connection) -> int:
    """How many keys lie under another center key than this one."""
    others = select(subject_key.c.key_id).where(subject_key.c.center_key != center.id, subject_key.c.wrapped.is_not(None))
    return len(connection.execute(others).all())


def rotate(old: SealingKey, new: SealingKey, connection: Connection) -> int:
    """Put every key under a new center key; how many there were. The notes themselves are not touched."""
    living = select(subject_key).where(subject_key.c.wrapped.is_not(None), subject_key.c.center_key != new.id)
    rows = connection.execute(living).all()
    for row in rows:
        about = _of_key(row.key_id, row.subject)
        try:
            wrapped = new.seal(old.open(row.wrapped, about), about)
        except InvalidTag:
            raise KeyUnusable("the keys in this store lie under another key than the old one; nothing was changed") from None
        connection.execute(
            update(subject_key).where(subject_key.c.key_id == row.key_id).values(wrapped=wrapped, center_key=new.id)
        )
    return len(rows)


def redact(subject: str, by: str, because: str, now: datetime, connection: Connection) -> int:
    """Destroy a subject's keys, for ever; how many there were. Its notes stay in the log as notes that nobody can open."""
    connection.exec_driver_sql("PRAGMA secure_delete=ON")
    gone = connection.execute(
        update(subject_key)
        .where(subject_key.c.subject == subject, subject_key.c.wrapped.is_not(None))
        .values(wrapped=None, destroyed_at=instant_text(now), destroyed_by=by, destroyed_because=because)
    )
    return gone.rowcount


def _of_key(key_id: str, subject: str) -> bytes:
    return "\x1f".join(("call-key", key_id, subject)).encode()


def _of_note(note_id: NoteId, subject: str, kind: SealedKind) -> bytes:
    return "\x1f".join(("note", note_id, subject, kind.value)).encode()
