"""May this happen? A command and the state give events, or a rejection that a person can read. Pure (Decider pattern)."""

from typing import assert_never

from console.domain import commands as c
from console.domain.commands import Rejected
from console.domain.deciding import calls, hand_offs, people, transitions, units
from console.domain.deciding.refusals import Decision
from console.domain.deciding.transitions import turns
from console.domain.events import AgencyConfigured
from console.domain.ids import UserId
from console.domain.instant import Instant
from console.domain.state import State


def decide(state: State, command: c.AnyCommand, by: UserId, at: Instant) -> Decision:
    """The events that a command causes, or why it does not. No events: it changes nothing, and that is fine.

    `by` has the right to send it (the hub's `access.py` saw to that), and `at` is when it occurred. Whatever was learned,
    the verdicts are looked at again: a response on its way that turned out wrong is an event of its own.
    """
    decision = _decide(state, command, by, at)
    return decision if isinstance(decision, Rejected) else (*decision, *turns(state, decision, by, at))


def _decide(state: State, command: c.AnyCommand, by: UserId, at: Instant) -> Decision:
    match command:
        case c.ConfigureAgency(agency, exercise):
            if agency == state.agency and exercise == state.exercise:
                return ()
            return (AgencyConfigured(agency, exercise),)
        case c.SignIn():
            return people.sign_in(command)
        case c.SignOff():
            return people.sign_off(state, command)
        case c.SetPresence():
            return people.set_presence(state, command, by)
        case c.ReceiveCall():
            return calls.receive(state, command, at)
        case c.AddNarrative():
            return calls.add_narrative(state, command)
        case c.SealNote():
            return calls.seal_note(state, command)
        case c.RecodeCall():
            return calls.recode(state, command)
        case c.PrioritiseCall():
            return calls.prioritise(state, command)
        case c.LocateCall():
            return calls.locate(state, command)
        case c.ChangeCallback():
            return calls.change_callback(state, command)
        case c.RaiseFlag():
            return calls.raise_flag(state, command)
        case c.LowerFlag():
            return calls.lower_flag(state, command)
        case c.AnswerQuestion():
            return calls.answer_question(state, command)
        case c.TakeBackAnswer():
            return calls.take_back_answer(state, command)
        case c.SetFact():
            return calls.set_fact(state, command)
        case c.TakeBackFact():
            return calls.take_back_fact(state, command)
        case c.TellOfTransition():
            return transitions.tell(state, command)
        case c.WaiveInstead():
            return transitions.waive(state, command)
        case c.OrderOtherService():
            return calls.order_other_service(state, command)
        case c.CloseCall():
            return calls.close(state, command, by)
        case c.FileClosedCalls():
            return calls.file_closed(state, command)
        case c.DispatchUnit():
            return units.dispatch(state, command)
        case c.RecallUnit():
            return units.recall(state, command)
        case c.SetUnitStatus():
            return units.set_status(state, command)
        case c.CheckUnit():
            return units.check(state, command)
        case c.RequestBackup():
            return units.request_backup(state, command)
        case c.AcknowledgeBackup():
            return units.acknowledge_backup(state, command)
        case c.SendBackup():
            return units.send_backup(state, command)
        case c.ClearBackup():
            return units.clear_backup(state, command)
        case c.OfferHandOff():
            return hand_offs.offer(state, command)
        case c.AcceptHandOff():
            return hand_offs.accept(state, command, by)
        case c.DeclineHandOff():
            return hand_offs.decline(state, command, by)
        case c.WithdrawHandOff():
            return hand_offs.withdraw(state, command)
        case c.TimeOutHandOff():
            return hand_offs.time_out(state, command)
        case c.ReturnHandOff():
            return hand_offs.give_back(state, command, by)
        case _:
            assert_never(command)
