"""The answers of a call as a FHIR R4 QuestionnaireResponse. Whose call it was stays out of it: no number, place or words."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from console.authoring.fhir.questionnaire import URN, AnswerGiven, Extension, Item, QuestionnaireResponse, ResponseItem
from console.authoring.fhir.remark import Remark
from console.authoring.fhir.writing import coding, questionnaire, sets, url_of
from console.domain.ids import QuestionId
from console.domain.state import Call
from console.domain.triage.interview import answered
from console.domain.triage.protocol import Protocol

ANSWERED = f"{URN}answered"
"""When and by whom an answer was given, and at which asking."""


class Given(Struct, frozen=True):
    """One answer: its key, and its stamp where it is known."""

    key: str
    at: datetime | None = None
    by: str = ""
    attempt: int = 1


def of_call(protocol: Protocol, call: Call) -> tuple[dict[QuestionId, Given], list[Remark]]:
    """The answers of a call to a protocol's questions that stand, and what a response cannot say of the others."""
    found: dict[QuestionId, Given] = {}
    remarks: list[Remark] = []
    standing = {question.id for question, _ in answered(protocol, call)}
    for each in call.answers:
        if protocol.question(each.question) is None:
            remarks.append(Remark(each.question, f"its answer belongs to {each.protocol}, version {each.version}"))
        elif not each.applies:
            remarks.append(Remark(each.question, "its answer rests: an earlier one, changed since, no longer asks for it"))
        elif each.question not in standing:
            remarks.append(Remark(each.question, "it was not known at the first asking, and is still to be asked once more"))
        else:
            found[each.question] = Given(each.answer, each.at, each.by, each.attempt)
            if (each.protocol, each.version) != (protocol.id, protocol.version):
                under = f"answered under {each.protocol}, version {each.version}"
                remarks.append(Remark(each.question, under, lost=False))
    remarks += [Remark(told.fact, f"told by hand as {told.value}: {told.reason}") for told in call.told]
    return found, remarks


def response(
    protocol: Protocol, given: Mapping[QuestionId, Given], *, completed: bool
) -> tuple[QuestionnaireResponse, list[Remark]]:
    """The response, and the answers that have no place in it."""
    remarks: list[Remark] = []
    for question_id, each in given.items():
        question = protocol.question(question_id)
        if question is None:
            remarks.append(Remark(question_id, f"{protocol.id} has no such question"))
        elif question.answer(each.key) is None:
            keys = ", ".join(answer.key for answer in question.answers)
            remarks.append(Remark(question_id, f"it has no answer {each.key!r}; there are {keys}"))
    form, _ = questionnaire(protocol)
    stamps = [each.at for each in given.values() if each.at is not None]
    version = f"|{protocol.version}" if protocol.version else ""
    filled = QuestionnaireResponse(
        status="completed" if completed else "in-progress",
        questionnaire=url_of(protocol) + version,
        authored=max(stamps).isoformat() if stamps else None,
        item=_filled(form.item, protocol, given),
    )
    return filled, remarks


def _filled(items: Sequence[Item], protocol: Protocol, given: Mapping[QuestionId, Given]) -> tuple[ResponseItem, ...]:
    """The items that have an answer, in the same groups as in the questionnaire."""
    found = []
    for item in items:
        inside = _filled(item.item, protocol, given)
        answer = _answer(protocol, QuestionId(item.link_id), given) if item.type == "choice" else ()
        if inside or answer:
            found.append(ResponseItem(item.link_id, item.text, answer, inside))
    return tuple(found)


def _answer(protocol: Protocol, id_: QuestionId, given: Mapping[QuestionId, Given]) -> tuple[AnswerGiven, ...]:
    question, each = protocol.question(id_), given.get(id_)
    answer = question.answer(each.key) if question and each else None
    if question is None or each is None or answer is None:
        return ()
    stamp = [Extension("attempt", value_integer=each.attempt)]
    if each.at is not None:
        stamp.append(Extension("at", value_date_time=each.at.isoformat()))
    if each.by:
        stamp.append(Extension("by", value_string=each.by))
    return (
        AnswerGiven(coding(protocol, question, answer), (sets(answer.sets), Extension(ANSWERED, extension=tuple(stamp)))),
    )
