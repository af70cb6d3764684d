"""What every event is."""

from msgspec import Struct


class Event(Struct, frozen=True, tag_field="type", forbid_unknown_fields=True):
    """Something that happened. Who and when stand in the log's entry, not here."""
