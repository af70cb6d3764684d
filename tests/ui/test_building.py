"""What stays as long as the desk is looked through by the garbage collector once at most."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from console.ui.building import collect_garbage, end_collecting


class Ring:
    """Refers to itself: only the collector can take it."""

    def __init__(self) -> None:
        self.myself = self


@pytest.fixture(autouse=True)
def collecting() -> Iterator[None]:
    gc.disable()
    collect_garbage()
    yield
    end_collecting()


def test_given_the_board_is_there_then_the_collector_works_and_leaves_out_what_stays() -> None:
    assert gc.isenabled() and gc.get_freeze_count() > 10_000
    before = gc.get_freeze_count()
    stays = [Ring() for _ in range(100)]
    gc.collect()
    assert gc.get_freeze_count() >= before + len(stays), "it outlived a look at everything"


def test_given_garbage_then_it_is_still_collected() -> None:
    gone = weakref.ref(Ring())
    gc.collect()
    assert gone() is None


def test_given_it_is_said_again_when_the_desk_ends_then_the_collector_looks_at_everything_again() -> None:
    callbacks = len(gc.callbacks)
    collect_garbage()
    assert len(gc.callbacks) == callbacks
    end_collecting()
    end_collecting()
    assert gc.get_freeze_count() == 0 and len(gc.callbacks) == callbacks - 1
