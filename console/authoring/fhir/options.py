"""The answers of a FHIR item as ours: each one digit, each setting facts, and "not known" always among them."""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from msgspec import Struct

from console.authoring.fhir.enabling import Reach
from console.authoring.fhir.questionnaire import URN, EnableWhen, Item, Option, texts
from console.authoring.fhir.remark import Remark
from console.authoring.fhir.writing import SETS
from console.domain.conditions import NOT_KNOWN
from console.domain.ids import FactName
from console.domain.triage.protocol import Answer

Value = str | int | bool | range
"""What `enableWhen` compares: a code or words, a number, yes or no, or a band of numbers."""

DIGITS = "1234567890"
WORDS: dict[str, dict[str, str]] = {
    NOT_KNOWN: {"en": "Not known", "es": "No se sabe"},
    "yes": {"en": "Yes", "es": "Sí"},
    "no": {"en": "No", "es": "No"},
}
"""Answers that FHIR has no words for, in the languages we can speak for."""
_FAR = 10**9
"""Beyond any number that a form asks for."""


class Choice(Struct, frozen=True):
    """One answer of an item: what it is in FHIR, its words by language, and, where the file is ours, the facts it sets."""

    value: Value
    text: dict[str, str]
    code: str
    sets: dict[FactName, str] = {}
    added: bool = False
    """Whether it is our "not known", which stands for no answer there."""


def choices(item: Item, language: str, compared: Iterable[EnableWhen], note: Callable[[Remark], None]) -> list[Choice]:
    """The answers of an item, "not known" included, at most ten; [] for one that our form has no place for."""
    found = _choices(item, language, compared, note)
    if not found:
        return []
    has_not_known = any(each.sets and set(each.sets.values()) == {NOT_KNOWN} for each in found)
    room = len(DIGITS) - (not has_not_known)
    for each in found[room:]:
        note(Remark(item.link_id, f"answer {each.code!r}: a question has at most ten, each with a digit"))
    found = found[:room]
    return found if has_not_known else [*found, Choice(NOT_KNOWN, WORDS[NOT_KNOWN], NOT_KNOWN, added=True)]


def _choices(item: Item, language: str, compared: Iterable[EnableWhen], note: Callable[[Remark], None]) -> list[Choice]:
    if item.type == "boolean":
        return [Choice(value == "yes", WORDS[value], value) for value in ("yes", "no")]
    if item.answer_option:
        if item.type == "open-choice":
            note(Remark(item.link_id, "an answer in free words: an answer here is one of its choices"))
        return [found for option in item.answer_option if (found := _choice(item, option, language, note))]
    if item.type == "integer" and (bands := _bands(compared)):
        note(Remark(item.link_id, "the number itself: only the spans that conditions compare it with are told apart"))
        return [Choice(band, {language: words}, words) for band, words in bands]
    why = "its choices stand elsewhere" if item.type in ("choice", "open-choice") else f"an answer of type {item.type}"
    note(Remark(item.link_id, f"the question: {why}, and ours are answered by one digit"))
    return []


def _choice(item: Item, option: Option, language: str, note: Callable[[Remark], None]) -> Choice | None:
    sets = {
        FactName(fact.url): fact.value_string or ""
        for extension in option.extension
        if extension.url == SETS
        for fact in extension.extension
    }
    coding = option.value_coding
    if coding is not None and (code := coding.code or coding.display):
        if coding.system and not coding.system.startswith(URN):
            note(Remark(item.link_id, f"the code system {coding.system}: a fact's value is the code alone"))
        return Choice(code, texts(coding.display or code, coding.display_element, language), code, sets)
    value = option.value_string if option.value_integer is None else option.value_integer
    if value is None:
        note(Remark(item.link_id, "an answer that is neither a code nor words nor a number"))
        return None
    return Choice(value, {language: str(value)}, str(value), sets)


def _bands(compared: Iterable[EnableWhen]) -> list[tuple[range, str]]:
    """Spans of whole numbers that the conditions tell apart, with their words; [] where none compares it."""
    cuts: set[int] = set()
    for each in compared:
        if (number := each.answer_integer) is not None:
            cuts |= {number} if each.operator in (">=", "<", "=", "!=") else set()
            cuts |= {number + 1} if each.operator in (">", "<=", "=", "!=") else set()
    if not cuts:
        return []
    spans = [range(low, high) for low, high in pairwise((-_FAR, *sorted(cuts), _FAR))]
    return [(span, _span_in_words(span)) for span in spans]


def _span_in_words(span: range) -> str:
    if span.start == -_FAR:
        return f"≤ {span[-1]}"
    if span.stop == _FAR:
        return f"≥ {span.start}"
    return str(span.start) if len(span) == 1 else f"{span.start} – {span[-1]}"


def answers(given: Sequence[Choice], default: FactName, *, keep_keys: bool) -> tuple[Answer, ...]:
    """Choices as answers with digits, which set the facts that came with them, or `default` to their code."""
    keys = [each.code for each in given]
    if not keep_keys or len(set(keys)) < len(keys) or not all(len(key) == 1 and key in DIGITS for key in keys):
        keys = list(DIGITS[: len(given)])
    facts = list(dict.fromkeys(fact for each in given for fact in each.sets)) or [default]
    found = []
    for key, each in zip(keys, given, strict=True):
        sets = each.sets or (dict.fromkeys(facts, NOT_KNOWN) if each.added else {default: each.code})
        found.append(Answer(key, each.text, dict(sets)))
    return tuple(found)


def reach(asked: EnableWhen, given: Sequence[Choice], keys: Sequence[str]) -> Reach | None:
    """For which answer keys one condition of `enableWhen` holds; None for one that compares with what is not there."""
    codes = dict(zip(keys, given, strict=True))
    answered = [key for key, each in codes.items() if not each.added]
    empty = frozenset(key for key, each in codes.items() if each.added)
    if asked.operator == "exists":
        if asked.answer_boolean is None:
            return None
        return Reach(asked.question, frozenset(answered)) if asked.answer_boolean else Reach(asked.question, empty, True)
    value = _value(asked)
    if value is None:
        return None
    held = frozenset(key for key in answered if _holds(codes[key].value, asked.operator, value))
    return Reach(asked.question, held | empty, True) if asked.operator == "!=" else Reach(asked.question, held)


def _value(asked: EnableWhen) -> Value | None:
    if asked.answer_coding is not None:
        return asked.answer_coding.code or asked.answer_coding.display
    return next((v for v in (asked.answer_string, asked.answer_integer, asked.answer_boolean) if v is not None), None)


def _holds(value: Value, operator: str, compared: Value) -> bool:
    if isinstance(value, range):  # it was cut so that all of its numbers answer alike
        value = value.start if value.start != -_FAR else value[-1]
    match operator:
        case "=":
            return value == compared
        case "!=":
            return value != compared
    if not isinstance(value, int) or not isinstance(compared, int):
        return False
    return {">": value > compared, "<": value < compared, ">=": value >= compared, "<=": value <= compared}[operator]
