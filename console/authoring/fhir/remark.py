"""What is said of a translation between our form and FHIR: nothing that is left out is left out in silence."""

from collections.abc import Iterable

from msgspec import Struct


class Remark(Struct, frozen=True):
    """One thing to know, with its place (a linkId, a question, or the whole). `lost`: it was not carried."""

    where: str
    what: str
    lost: bool = True


def lines(remarks: Iterable[Remark]) -> list[str]:
    """The remarks in words, what was not carried first; the same thing of the same place once."""
    distinct = list(dict.fromkeys(remarks))
    lost = [f"not carried: {each.where}: {each.what}" for each in distinct if each.lost]
    return lost + [f"to know: {each.where}: {each.what}" for each in distinct if not each.lost]
