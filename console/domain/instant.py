"""When, and by whom: what every record of the log is stamped with."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from console.domain.ids import UserId

Instant = Annotated[datetime, Meta(tz=True)]
"""A moment with its zone (UTC throughout the log); a local time without a zone is refused where it is read."""


class Stamp(Struct, frozen=True):
    """Who did something, and when."""

    by: UserId
    at: Instant
