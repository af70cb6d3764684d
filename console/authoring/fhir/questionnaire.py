"""The FHIR R4 resources that a protocol and its answers become, as far as we use them (HL7 FHIR 4.0.1, Questionnaire).

One description for reading and for writing. What a file has beyond it is named by `beyond`, so that nothing is skipped
unseen.
"""

from collections.abc import Iterator
from types import UnionType
from typing import Any, Literal, get_args, get_origin

from msgspec import Struct, field
from msgspec.structs import fields

URN = "urn:heart-console:"
"""Where names of our own begin: `url` of a protocol, and extensions that FHIR has no element for."""
TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"

Kind = Literal[
    "group", "display", "boolean", "decimal", "integer", "date", "dateTime", "time", "string", "text", "url", "choice",
    "open-choice", "attachment", "reference", "quantity",
]  # fmt: skip
Operator = Literal["exists", "=", "!=", ">", "<", ">=", "<="]


class Translation(Struct, frozen=True, omit_defaults=True):
    """A text in another language as some systems write it, outside the standard's extension. Read, never written."""

    lang: str
    content: str


class Extension(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """One extension: a value, or further extensions."""

    url: str
    value_string: str | None = None
    value_string_element: "Element | None" = field(default=None, name="_valueString")
    value_code: str | None = None
    value_date_time: str | None = None
    value_integer: int | None = None
    extension: tuple["Extension", ...] = ()


class Element(Struct, frozen=True, omit_defaults=True):
    """What stands beside a plain value (`_text` beside `text`): its translations."""

    extension: tuple[Extension, ...] = ()
    translation: tuple[Translation, ...] = ()


class Coding(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """A code of some system, and its words."""

    system: str | None = None
    code: str | None = None
    display: str | None = None
    display_element: Element | None = field(default=None, name="_display")
    extension: tuple[Extension, ...] = ()


class Option(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """One answer that may be chosen."""

    value_coding: Coding | None = None
    value_string: str | None = None
    value_integer: int | None = None
    extension: tuple[Extension, ...] = ()


class EnableWhen(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """One condition: how the answer to another question must be."""

    question: str
    operator: Operator
    answer_boolean: bool | None = None
    answer_coding: Coding | None = None
    answer_string: str | None = None
    answer_integer: int | None = None


class Item(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """A question, a text, or a group of items."""

    link_id: str
    type: Kind
    prefix: str | None = None
    text: str | None = None
    text_element: Element | None = field(default=None, name="_text")
    enable_when: tuple[EnableWhen, ...] = ()
    enable_behavior: Literal["all", "any"] | None = None
    required: bool | None = None
    repeats: bool | None = None
    answer_option: tuple[Option, ...] = ()
    extension: tuple[Extension, ...] = ()
    item: tuple["Item", ...] = ()


class Questionnaire(Struct, frozen=True, omit_defaults=True, rename="camel", tag_field="resourceType", tag=True):
    """A form."""

    status: Literal["draft", "active", "retired", "unknown"]
    id: str | None = None
    language: str | None = None
    extension: tuple[Extension, ...] = ()
    url: str | None = None
    version: str | None = None
    name: str | None = None
    title: str | None = None
    date: str | None = None
    publisher: str | None = None
    item: tuple[Item, ...] = ()


class AnswerGiven(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """An answer that was chosen."""

    value_coding: Coding
    extension: tuple[Extension, ...] = ()


class ResponseItem(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """A question with its answer, or a group of them, as in the questionnaire."""

    link_id: str
    text: str | None = None
    answer: tuple[AnswerGiven, ...] = ()
    item: tuple["ResponseItem", ...] = ()


class QuestionnaireResponse(Struct, frozen=True, omit_defaults=True, rename="camel", tag_field="resourceType", tag=True):
    """A form that was filled in; whose call it was, it does not say."""

    status: Literal["in-progress", "completed", "amended", "entered-in-error", "stopped"]
    questionnaire: str
    authored: str | None = None
    item: tuple[ResponseItem, ...] = ()


def beyond(raw: Any, kind: Any, where: str) -> Iterator[tuple[str, str]]:
    """What a resource has that `kind` does not: its place (the nearest linkId, else `where`) and the element's name."""
    if isinstance(raw, list):
        for each in raw:
            yield from beyond(each, kind, where)
    if not isinstance(raw, dict):
        return
    if kind is Extension:
        if raw.get("url") != TRANSLATION and not str(raw.get("url")).startswith(URN):
            yield where, f"extension {raw.get('url')}"
        return
    where = raw.get("linkId", where)
    known = {each.encode_name: _struct_in(each.type) for each in fields(kind)} | {"resourceType": None}
    for name, value in raw.items():
        if name not in known:
            yield where, name
        elif (part := known[name]) is not None:
            yield from beyond(value, part, where)


def _struct_in(kind: Any) -> type[Struct] | None:
    """The record that an element holds, alone or many times."""
    if get_origin(kind) in (tuple, UnionType) or get_args(kind):
        return next((found for part in get_args(kind) if (found := _struct_in(part))), None)
    return kind if isinstance(kind, type) and issubclass(kind, Struct) else None


def words(texts: dict[str, str], languages: tuple[str, ...]) -> tuple[str | None, Element | None]:
    """A text in several languages as FHIR writes it: the first language's words, and the others beside them."""
    others = tuple(
        Extension(TRANSLATION, extension=(Extension("lang", value_code=other), Extension("content", value_string=text)))
        for other in languages[1:]
        if (text := texts.get(other))
    )
    return texts.get(languages[0]) or None, Element(others) if others else None


def texts(text: str | None, beside: Element | None, language: str) -> dict[str, str]:
    """The words of every language, as `words` or other systems write them."""
    found = {language: text} if text else {}
    for plain in beside.translation if beside else ():
        found[plain.lang] = plain.content
    for each in beside.extension if beside else ():
        part = {inner.url: inner.value_code or inner.value_string for inner in each.extension}
        lang, content = part.get("lang"), part.get("content")
        if each.url == TRANSLATION and lang and content:
            found[lang] = content
    return found
