"""Ids made at the desk for new things: UUIDv7, so that they sort by the moment they were made and never collide."""

from console.domain.ids import CallId, CommandId, DeskId, EntryId, HandOffId, NoteId


def new_id() -> str:
    """Name something new, of whatever kind."""
    from uuid_utils import uuid7  # with it comes what looks for the machine's name: not needed before the first id

    return str(uuid7())


def new_command_id() -> CommandId:
    """Name one command; every retry of it carries the same id."""
    return CommandId(new_id())


def new_call_id() -> CallId:
    """Name a call that this desk takes; the number people say is given by the hub."""
    return CallId(new_id())


def new_entry_id() -> EntryId:
    """Name one entry of a call's narrative."""
    return EntryId(new_id())


def new_note_id() -> NoteId:
    """Name one note that is to be sealed."""
    return NoteId(new_id())


def new_hand_off_id() -> HandOffId:
    """Name one offer to hand a caller over."""
    return HandOffId(new_id())


def new_desk_id() -> DeskId:
    """Name a desk, once, when its outbox file is made."""
    return DeskId(new_id())
