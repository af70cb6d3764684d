"""A screener in words: its answers in a row, its level with shape and word, and the text that is sealed of it."""

from __future__ import annotations

from typing import Final

import msgspec

from console.domain.triage.screener import Screener
from console.domain.triage.screening import Outlook, Said, applying, outlook

SHAPES: Final = {"fine": "", "due": "◆ ", "past": "▲ "}


class _Record(msgspec.Struct, forbid_unknown_fields=True):
    """What is sealed: enough to go on with, and to read without the program."""

    screener: str
    version: str
    level: str
    said: tuple[Said, ...]


def text_of(screener: Screener, said: tuple[Said, ...]) -> str:
    """The text that is sealed."""
    level = level_words(outlook(screener, said))
    return msgspec.json.encode(_Record(screener.protocol.id, screener.protocol.version, level, said)).decode()


def from_text(text: str, screener: Screener | None) -> tuple[Said, ...]:
    """The answers of a sealed text; raises ValueError where they are of another screener, or of none."""
    try:
        record = msgspec.json.decode(text, type=_Record)
    except msgspec.DecodeError:
        raise ValueError("they are not the answers of a screener") from None
    now = screener.protocol if screener is not None else None
    if screener is None or now is None or (record.screener, record.version) != (now.id, now.version):
        raise ValueError(f"they are of {record.screener}, version {record.version}")
    return applying(screener, record.said)


def level_words(found: Outlook) -> str:
    """ "at least moderate", with its shape where it has one."""
    name = found.level.name
    words = f"at least {name[:1].lower()}{name[1:]}" if found.at_least else name
    return f"{SHAPES[found.level.shown]}{words}"


def answered_words(screener: Screener, said: tuple[Said, ...]) -> list[tuple[str, str]]:
    """Each answer as the name of its fact and its words, in order: ("Wish to be dead", "Yes")."""
    found = []
    for each in said:
        question = screener.protocol.question(each.question)
        answer = question.answer(each.answer) if question else None
        if question is not None and answer is not None:
            language = screener.protocol.languages[0]
            found.append((screener.facts[question.facts[0]].name, answer.text[language]))
    return found


def read_aloud(text: str, screener: Screener | None) -> str:
    """A sealed screener as lines to read, for whoever opens it among the notes; of another screener as it stands."""
    try:
        said = from_text(text, screener)
    except ValueError:
        return text
    assert screener is not None
    lines = [f"{name}: {answer}" for name, answer in answered_words(screener, said)]
    return "\n".join((screener.protocol.title, *lines, level_words(outlook(screener, said))))
