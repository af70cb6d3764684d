"""The floor that the tests of one module share: three desks take longer to start than most of what is done with them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.desk_floor import THREE, UNITS, WORKSPACE_KEYS, Floor


@pytest.fixture(scope="module")
def desks_wanted() -> tuple[str, ...]:
    """Which desks the tests of a module work at; a module that wants others says so."""
    return THREE


@pytest.fixture(scope="module")
def shared_floor(tmp_path_factory: pytest.TempPathFactory, desks_wanted: tuple[str, ...]) -> Iterator[Floor]:
    made = Floor(tmp_path_factory.mktemp("floor"), desks_wanted)
    try:
        made.open()
        yield made
        made.leave()
    finally:
        made.end()


@pytest.fixture
def floor(shared_floor: Floor) -> Floor:
    """The floor with its units where they are and each desk in its own workspace, whatever was done with them before."""
    shared_floor.feed.place(UNITS)
    for workspace, desk in shared_floor.by_workspace.items():
        if not desk.alive:
            shared_floor.start_again(workspace)
        shared_floor.by_workspace[workspace].press(WORKSPACE_KEYS[workspace.rpartition(" ")[2]])
    return shared_floor
