"""What every command is."""

from msgspec import Struct


class Command(Struct, frozen=True, tag_field="type", forbid_unknown_fields=True):
    """Something a person, or an actor of the hub, wants done."""
