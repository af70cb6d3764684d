"""The log of every release still folds to the state it was written with."""

from pathlib import Path

import pytest

from console.domain.events import AnyEvent, LogEntry
from console.domain.evolve import fold
from console.domain.state import State
from console.wire.codec import decode, digest
from tests.wire.golden_log import FOLDER, story

LOGS = sorted(FOLDER.glob("*.jsonl"))


@pytest.mark.parametrize("log", LOGS, ids=lambda log: log.stem)
def test_given_the_log_of_a_release_when_folded_then_its_recorded_digest(log: Path) -> None:
    entries = [decode(line, LogEntry) for line in log.read_bytes().splitlines()]
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert digest(fold(State(), entries)) == log.with_suffix(".digest").read_text(encoding="ascii").strip()


def test_the_story_that_is_kept_tells_every_kind_of_event() -> None:
    assert LOGS, "a release has a golden log"
    assert {type(entry.event) for entry in story().log} == set(AnyEvent.__args__)
