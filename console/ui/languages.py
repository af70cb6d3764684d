"""Languages as people write them, "es" or "Spanish", to their codes."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QLocale


def language_code(words: str) -> str | None:
    """The code (ISO 639) of a language by its English name or by its code; "" for no words, None for no language."""
    said = words.strip().casefold()
    return said if said in ("", *_names().values()) else _names().get(said)


@cache
def _names() -> dict[str, str]:
    languages = (each for each in QLocale.Language if each not in (QLocale.Language.AnyLanguage, QLocale.Language.C))
    return {QLocale.languageToString(each).casefold(): QLocale.languageToCode(each) for each in languages}
