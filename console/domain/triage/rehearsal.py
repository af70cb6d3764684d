"""An interview without a center: one call that exists only to be asked about, led by the same rules as a real one."""

from datetime import UTC, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from console.domain import commands as c
from console.domain.agency import Agency
from console.domain.commands import Rejected
from console.domain.decide import decide
from console.domain.eligibility import Response, Verdict, response, verdicts
from console.domain.evolve import evolve
from console.domain.ids import HUB, CallId, FactName, NatureCode, ProgrammeCode, QuestionId
from console.domain.instant import Instant
from console.domain.state import Call, Place, Source, State
from console.domain.triage import interview
from console.domain.triage.protocol import Protocol

_CALL = CallId("rehearsal")
_BEGIN = datetime(2000, 1, 1, tzinfo=UTC)
"""Any time will do; what counts is that each answer comes after the one before."""


class Rehearsal(Struct, frozen=True):
    """A call and the agency whose rules it goes by. Every step gives another; the earlier one stays as it was."""

    state: State
    at: Instant = _BEGIN

    @property
    def call(self) -> Call:
        """The call as it stands."""
        return self.state.calls[_CALL]

    @property
    def protocol(self) -> Protocol | None:
        """The protocol that leads, by the call's source and nature."""
        return interview.protocol_for(self.state.agency, self.call)

    def step(self) -> interview.Asking | interview.Ended:
        """The next question, or the end."""
        return interview.step(self.protocol, self.call) if self.protocol else interview.Ended(0)

    def verdicts(self) -> dict[ProgrammeCode, Verdict]:
        """Which programmes may go."""
        return verdicts(self.state.agency, self.call.circumstances)

    def response(self) -> Response:
        """What is proposed now."""
        return response(self.state.agency, self.call.circumstances, self.protocol)

    def answer(self, key: str) -> "Rehearsal":
        """Answer the next question. Raises `NotAnAnswer` where it has no answer of that key, or nothing is left to ask."""
        asking = self.step()
        if self.protocol is None or isinstance(asking, interview.Ended):
            raise NotAnAnswer("nothing is left to ask")
        return self._after(c.AnswerQuestion(_CALL, self.protocol.id, asking.question.id, key))

    def take_back(self, question: QuestionId) -> "Rehearsal":
        """Take an answer back, so that its question is put again; those that still apply stay."""
        return self._after(c.TakeBackAnswer(_CALL, question))

    def tell(self, fact: FactName, value: str) -> "Rehearsal":
        """Tell a fact by hand."""
        return self._after(c.SetFact(_CALL, fact, value, "told in the rehearsal"))

    def _after(self, command: c.AnyCommand) -> "Rehearsal":
        happened = decide(self.state, command, HUB, self.at)
        if isinstance(happened, Rejected):
            raise NotAnAnswer(happened.reason)
        state = self.state
        for event in happened:
            state = evolve(state, event, HUB, self.at)
        return Rehearsal(state, self.at + timedelta(seconds=1))


class NotAnAnswer(Exception):
    """What was said does not answer the question; the message says why."""


def rehearse(agency: Agency, nature: NatureCode, priority: str = "", source: str = Source.CALL_911) -> Rehearsal:
    """A call that has just come in; without a priority, with that of its nature."""
    call = Call(
        _CALL, "0001", Source(source), nature, nature, priority or agency.nature(nature).priority, Place(), _BEGIN, HUB
    )  # fmt: skip
    return Rehearsal(replace(State(), agency=agency, calls={_CALL: call}))
