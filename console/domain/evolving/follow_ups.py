"""What an event of a call back or of a referral changes."""

from typing import assert_never

from msgspec.structs import replace

from console.domain import events as e
from console.domain.follow_ups import Attempt, CallBack, Reach, Referral
from console.domain.ids import UserId
from console.domain.instant import Instant, Stamp
from console.domain.state import State


def evolved(state: State, event: e.FollowUpEvent, by: UserId, at: Instant) -> State:
    """The state after an event of a call back or of a referral."""
    stamp = Stamp(by, at)
    match event:
        case e.CallBackPlanned():
            return _with_call_back(
                state,
                CallBack(
                    event.call_back_id, event.call_id, event.number, event.callback, event.place, event.due_at,
                    event.reason, stamp, event.owner, event.language,
                ),
            )  # fmt: skip
        case e.CallBackTried(call_back_id, reached, note):
            tried = state.call_backs[call_back_id]
            attempts = (*tried.attempts, Attempt(stamp, Reach.PHONE, reached, note))
            return _with_call_back(
                state,
                replace(tried, attempts=attempts, ended=stamp if reached else None, ended_because="reached" * reached),
            )
        case e.CallBackEnded(call_back_id, reason):
            ended = replace(state.call_backs[call_back_id], ended=stamp, ended_because=reason)
            return _with_call_back(state, ended)
        case e.NeighborReferred():
            return _with_referral(
                state,
                Referral(
                    event.referral_id, event.call_id, event.number, event.callback, event.place, event.called_at,
                    event.due_at, event.late_at, stamp, event.language,
                ),
            )  # fmt: skip
        case e.NeedsSealed(referral_id, note_id, hash):
            sealed = replace(state.referrals[referral_id], needs_note=note_id, needs_hash=hash)
            return _with_referral(state, sealed)
        case e.ReferralTaken(referral_id):
            return _with_referral(state, replace(state.referrals[referral_id], owner=by))
        case e.OutreachTried(referral_id, how, reached, note):
            known = state.referrals[referral_id]
            return _with_referral(state, replace(known, attempts=(*known.attempts, Attempt(stamp, how, reached, note))))
        case e.ConnectedToCare(referral_id, note):
            known = state.referrals[referral_id]
            return _with_referral(state, replace(known, connected=stamp, ended=stamp, ended_because=note))
        case e.ReferralEnded(referral_id, reason):
            return _with_referral(state, replace(state.referrals[referral_id], ended=stamp, ended_because=reason))
        case e.FollowUpsFiled(call_back_ids, referral_ids):
            return replace(
                state,
                call_backs={key: one for key, one in state.call_backs.items() if key not in call_back_ids},
                referrals={key: one for key, one in state.referrals.items() if key not in referral_ids},
            )
        case _:
            assert_never(event)


def _with_call_back(state: State, call_back: CallBack) -> State:
    return replace(state, call_backs={**state.call_backs, call_back.call_back_id: call_back})


def _with_referral(state: State, referral: Referral) -> State:
    return replace(state, referrals={**state.referrals, referral.referral_id: referral})
