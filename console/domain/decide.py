"""May this happen? A command and the state give events, or a rejection that a person can read. Pure (Decider pattern)."""

from typing import assert_never

from console.domain import commands as c
from console.domain.commands import Rejected
from console.domain.deciding import calls, care, crews, follow_ups, hand_offs, neighbors, offers, people, transitions, units
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
        case c.EndWrapUp():
            return people.end_wrap_up(state, command)
        case c.LoseDesk():
            return people.lose_desk(state, command)
        case c.FindDesk():
            return people.find_desk(state, command)
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
            return units.set_status(state, command, at)
        case c.PreemptUnit():
            return units.preempt(state, command)
        case c.ExchangeUnits():
            return units.exchange(state, command)
        case c.CorrectUnitStatus():
            return units.correct_status(state, command, at)
        case c.CorrectStageTime():
            return units.correct_time(state, command, at)
        case c.CheckUnit():
            return crews.check(state, command)
        case c.MissCheck():
            return crews.miss_check(state, command)
        case c.ReportUnit():
            return crews.report(state, command)
        case c.RequestBackup():
            return crews.request_backup(state, command)
        case c.AcknowledgeBackup():
            return crews.acknowledge_backup(state, command)
        case c.SendBackup():
            return crews.send_backup(state, command)
        case c.ArriveBackup():
            return crews.arrive_backup(state, command)
        case c.ClearBackup():
            return crews.clear_backup(state, command)
        case c.OfferHandOff():
            return offers.offer(state, command, by)
        case c.OfferNext():
            return offers.offer_next(state, command)
        case c.QueueForClinician():
            return offers.queue(state, command, by)
        case c.LeaveQueue():
            return offers.leave_queue(state, command)
        case c.TakeFromQueue():
            return offers.take_from_queue(state, command, by)
        case c.SeeHandOff():
            return offers.see(state, command, by)
        case c.AcceptHandOff():
            return offers.accept(state, command, by)
        case c.DeclineHandOff():
            return offers.decline(state, command, by)
        case c.TimeOutHandOff():
            return offers.time_out(state, command)
        case c.TellCaller():
            return hand_offs.tell_caller(state, command)
        case c.BridgeHandOff():
            return hand_offs.bridge(state, command)
        case c.VerifyConnection():
            return hand_offs.verify(state, command, by)
        case c.ReleaseHandOff():
            return hand_offs.release(state, command)
        case c.WithdrawHandOff():
            return hand_offs.withdraw(state, command)
        case c.ReturnHandOff():
            return hand_offs.give_back(state, command, by)
        case c.LoseCaller():
            return hand_offs.lose_caller(state, command, by, at)
        case c.TakeOverCall():
            return hand_offs.take_over(state, command, by)
        case c.SendMessage():
            return care.send_message(state, command)
        case c.ReleaseSummary():
            return care.release_summary(state, command, by)
        case c.AskForResponse():
            return care.ask(state, command, by)
        case c.DeclineAsk():
            return care.decline_ask(state, command)
        case c.WithdrawAsk():
            return care.withdraw_ask(state, command, by)
        case c.DiscloseThreat():
            return care.disclose(state, command, by)
        case c.AcknowledgeDisclosure():
            return care.acknowledge_disclosure(state, command)
        case c.KeepNeighbor():
            return neighbors.keep(state, command)
        case c.GiveCaution():
            return neighbors.give_caution(state, command, at)
        case c.EndCaution():
            return neighbors.end_caution(state, command)
        case c.MergeNeighbors():
            return neighbors.merge(state, command)
        case c.SeparateNeighbors():
            return neighbors.separate(state, command)
        case c.SplitNeighbor():
            return neighbors.split(state, command)
        case c.SealProfileNote():
            return neighbors.seal_note(state, command)
        case c.PlanCallBack():
            return follow_ups.plan_call_back(state, command, by)
        case c.TryCallBack():
            return follow_ups.try_call_back(state, command)
        case c.EndCallBack():
            return follow_ups.end_call_back(state, command)
        case c.ReferNeighbor():
            return follow_ups.refer(state, command)
        case c.SealNeeds():
            return follow_ups.seal_needs(state, command)
        case c.TakeReferral():
            return follow_ups.take_referral(state, command, by)
        case c.TryOutreach():
            return follow_ups.try_outreach(state, command)
        case c.ConnectToCare():
            return follow_ups.connect_to_care(state, command)
        case c.EndReferral():
            return follow_ups.end_referral(state, command)
        case c.FileFollowUps():
            return follow_ups.file_follow_ups(state, command)
        case _:
            assert_never(command)
