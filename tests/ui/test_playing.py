"""Whom a desk plays in an exercise: who is wanted, who is free, and nobody who sits elsewhere."""

from __future__ import annotations

import pytest

from console.domain.ids import DeskId, UserId
from console.domain.state import Role
from console.ui.playing import whom_to_play
from console.wire.messages import Exercise, ReadyPerson

DISPATCHER, CLINICIAN, SUPERVISOR = Role.TELECOMMUNICATOR, Role.CLINICIAN, Role.SUPERVISOR
PEOPLE = tuple(
    ReadyPerson(UserId(name), "exercise", name.title(), role)
    for name, role in (("okafor", DISPATCHER), ("reyes", CLINICIAN), ("lin", CLINICIAN), ("alston", SUPERVISOR))
)
HERE, ELSEWHERE = DeskId("here"), DeskId("elsewhere")


@pytest.mark.parametrize(
    ("seated", "roles", "wanted", "played"),
    [
        ({}, (CLINICIAN,), "", "reyes"),
        ({}, (CLINICIAN,), "lin", "lin"),
        ({}, (CLINICIAN,), "okafor", "reyes"),
        ({"reyes": ELSEWHERE}, (CLINICIAN,), "", "lin"),
        ({"reyes": ELSEWHERE}, (CLINICIAN,), "reyes", "lin"),
        ({"reyes": HERE}, (CLINICIAN,), "", "reyes"),
        ({"reyes": ELSEWHERE, "lin": ELSEWHERE}, (CLINICIAN,), "lin", None),
        ({}, (DISPATCHER, SUPERVISOR), "alston", "alston"),
        ({}, (DISPATCHER, SUPERVISOR), "", "okafor"),
        ({"okafor": ELSEWHERE}, (DISPATCHER, SUPERVISOR), "", None),
    ],
)
def test_given_who_sits_where_then_this_one_is_played(
    seated: dict[UserId, DeskId], roles: tuple[Role, ...], wanted: str, played: str | None
) -> None:
    person = whom_to_play(Exercise(PEOPLE, 1.0, 1, seated), roles, HERE, UserId(wanted))
    assert (person.user_id if person else None) == played
