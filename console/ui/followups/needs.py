"""What a referred neighbor needs, as it is sealed: codes of the agency's list and a few words. Pure."""

from typing import Final

import msgspec
from msgspec import Struct

from console.domain.agency import Agency


class Needed(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Codes of `agency.needs`, in its order, and what else must be known."""

    needs: tuple[str, ...] = ()
    words: str = ""


_DECODER: Final = msgspec.json.Decoder(Needed)


def sealed_text(needed: Needed) -> str:
    """The text that is sealed: JSON."""
    return msgspec.json.encode(needed).decode()


def needs_words(agency: Agency, text: str) -> str:
    """What was sealed, as people read it; text of another form is shown as it is, so that nothing is lost."""
    try:
        needed = _DECODER.decode(text)
    except msgspec.DecodeError:
        return text
    names = {need.code: need.name for need in agency.needs}
    listed = ", ".join(names.get(code, code) for code in needed.needs)
    return " · ".join(filter(None, (listed, needed.words))) or "no need was named"
