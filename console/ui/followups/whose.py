"""Which referrals belong to the neighbor of a call. Pure."""

from console.domain.acquaintance import neighbor_at, neighbor_of
from console.domain.follow_ups import Referral
from console.domain.same_place import number_key, place_key
from console.domain.state import Call, State


def referrals_of(state: State, call: Call) -> list[Referral]:
    """The referrals of a call's neighbor, by number, place or profile: those without a contact first, then the latest."""
    number, place, known = number_key(call.callback), place_key(call.place.address), neighbor_of(state, call)

    def theirs(one: Referral) -> bool:
        same = one.call_id == call.call_id or bool(number and number_key(one.callback) == number)
        same = same or bool(place and place_key(one.place) == place)
        return same or (known is not None and neighbor_at(state, one.callback, one.place) == known)

    def order(one: Referral) -> tuple[int, float, str]:
        """What waits for its first contact by when it is due, then what goes on, then what ended: there the latest first."""
        place = 2 if one.ended is not None else int(one.first_contact is not None)
        when = one.called_at.timestamp()
        return place, when if place == 0 else -when, one.referral_id

    return sorted(filter(theirs, state.referrals.values()), key=order)
