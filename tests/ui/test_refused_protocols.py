"""A protocol that was refused is said on every desk, calmly and as long as it is so."""

from __future__ import annotations

from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.agency import RefusedProtocol
from console.ui.notice_bar import NoticeBar, refused_words
from tests.support.agency import AGENCY
from tests.ui.live import Live

REFUSED = RefusedProtocol("crisis", "2", "1", "question weapon: a path ends in an unarmed team")


def test_given_the_same_number_or_no_protocol_at_all_then_the_words_say_which_stays() -> None:
    same = replace(REFUSED, version="1")
    assert refused_words(AGENCY, same).endswith(" The earlier text of version 1 stays in force.")
    rules = RefusedProtocol("", "", "", "criteria of TEAM: eligible though armed")
    assert refused_words(AGENCY, rules) == (
        "The rules of eligibility could not be proved and were refused: criteria of TEAM: eligible though armed. "
        "The earlier configuration stays."
    )


def test_given_a_refused_protocol_then_it_stands_with_what_is_in_force_and_cannot_be_dismissed(qtbot: QtBot) -> None:
    live = Live()
    bar = NoticeBar(live.context)
    qtbot.addWidget(bar)
    assert bar.lines() == []
    live.tell(c.ConfigureAgency(replace(AGENCY, refused=(REFUSED,))))
    assert bar.lines() == [
        "Crisis, version 2, could not be proved and was refused: question weapon: a path ends in an unarmed team. "
        "Version 1 stays in force."
    ]
    assert bar.buttons() == []
    live.context.notices.dismiss()
    assert len(bar.lines()) == 1
    live.tell(c.ConfigureAgency(AGENCY))
    assert bar.lines() == []
