"""Whom a desk plays in an exercise. Pure."""

from __future__ import annotations

from console.domain.ids import DeskId, UserId
from console.domain.state import Role
from console.wire.messages import Exercise, ReadyPerson


def whom_to_play(exercise: Exercise, roles: tuple[Role, ...], desk_id: DeskId, wanted: UserId) -> ReadyPerson | None:
    """Who is played at this desk: who is `wanted`, if of these roles, else the first of the first role; None: all are taken.

    Whoever sits at another desk is taken.
    """
    free = [p for p in exercise.people if exercise.seated.get(p.user_id, desk_id) == desk_id]
    asked_for = (person for person in free if person.user_id == wanted and person.role in roles)
    return next(asked_for, next((person for person in free if person.role is roles[0]), None))


def now_you_are(person: ReadyPerson) -> str:
    """What somebody is told who is another from now on."""
    title = f", {person.title}" if person.title else ""
    return f"Exercise: you are {person.name}{title} ({person.role.value}) now."


def nobody_free(exercise: Exercise, role: Role) -> str:
    """Why nobody of a role can be played."""
    names = ", ".join(person.name for person in exercise.people if person.role is role)
    return f"Everybody who can be a {role.value} in this exercise sits at another desk: {names or 'nobody'}."
