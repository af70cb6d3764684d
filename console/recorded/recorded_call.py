"""A call for service as another system recorded it, in this console's words."""

from datetime import datetime

from msgspec import Struct

from console.domain.ids import NatureCode
from console.domain.state import Place, Source


class RecordedCall(Struct, frozen=True, gc=False):
    """One call, made of one row of a file or of several (one a unit).

    `key` tells the call from every other of its file: its reference number, or a digest of the row where it has none.
    Times are UTC. `nature` is a code of the agency; `nature_text` and `final_nature_text` are the words received.
    """

    key: str
    row: int
    line: int
    received_at: datetime
    source: Source
    nature: NatureCode
    nature_text: str
    place: Place
    priority: str = ""
    reference: str = ""
    final_nature_text: str = ""
    units: tuple[str, ...] = ()
    arrived_at: datetime | None = None
    disposition: str = ""
    cancelled: bool = False
    callback: str = ""
    language: str = ""
    text: str = ""
    flags: tuple[str, ...] = ()
