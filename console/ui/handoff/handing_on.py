"""To whom a clinician can hand their caller on: who can be rung and what speaks for each, and why not the others. Pure."""

from __future__ import annotations

from datetime import datetime

from console.domain.ids import UserId
from console.domain.ringing import whom_to_ring
from console.domain.state import Call, State
from console.domain.times import about
from console.ui.option import Option, key_of
from console.ui.queue.rows import language


def receivers(state: State, call: Call, me: UserId, now: datetime) -> tuple[Option, ...]:
    """The clinicians in the order to ring them, each with its digit; below them those who cannot be rung now."""
    found = whom_to_ring(state, call)
    options = []
    for place, one in enumerate(found.candidates):
        person = one.person
        spoken = ", ".join(language(code) for code in person.languages)
        parts = (f"ready {about((now - person.since).total_seconds())}", spoken)
        why = " · ".join(filter(None, (*parts, *(skill.name for skill in one.skills))))
        options.append(Option(person.user_id, person.name, key_of(place), why))
    passed = (other for other in found.passed_over if other.person.user_id != me)
    return (*options, *(Option(o.person.user_id, o.person.name, detail=o.reason, why_not=o.reason) for o in passed))
