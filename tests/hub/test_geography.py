"""The center's ground: opened when it is asked for, anew when it was imported anew, and never half."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import shapely

from console.geography import layers_file
from console.geography.layers import Layers
from console.geography.unusable import Unusable
from console.hub import geography
from console.hub.beside import beside
from console.hub.geography import Ground, Part
from tests.geography.towns import configured, grid
from tests.support.loop import runs


def test_given_a_hub_when_it_is_loaded_then_without_the_libraries_of_the_ground() -> None:
    heavy = {"shapely", "rustworkx", "osmium", "pyproj", "shapefile", "rapidfuzz", "numpy"}
    program = f"import sys, console.hub.serve, console.link.hub_client; print({heavy!r} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_given_no_configuration_or_nothing_imported_when_asked_then_none_and_no_trouble(tmp_path: Path) -> None:
    for ground in (Ground(), Ground(tmp_path)):
        ground.open()
        assert ground.streets is None and not ground.has_streets and not ground.imported
        assert ground.trouble == ""


def test_given_streets_when_asked_twice_then_opened_once_and_again_after_an_import(tmp_path: Path) -> None:
    ground = Ground(configured(tmp_path, *grid(3)))
    first = ground.streets
    assert first is not None and ground.streets is first and ground.has_streets and ground.imported
    configured(tmp_path, *grid(4))
    second = ground.streets
    assert second is not None and second is not first and len(second.roads.junctions) == 16


@runs
async def test_given_layers_imported_while_a_hub_runs_then_they_are_at_hand_before_a_call_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(geography, "_WATCH_S", 0.0)
    ground, taken = Ground(tmp_path), asyncio.Event()
    loop = asyncio.get_running_loop()
    opened = ground._layers._opened

    def told(path: Path) -> Layers:
        loop.call_soon_threadsafe(taken.set)
        return opened(path)

    monkeypatch.setattr(ground._layers, "_opened", told)
    async with beside() as tasks:
        watching = tasks.create_task(ground.watch())
        outline = np.array([shapely.box(-79, 35.9, -78.9, 36.1)], dtype=object)
        path = tmp_path / "geography" / layers_file.NAME
        layers_file.keep(
            path, layers_file.OutlineLayer("beats", "beat", layers_file.ALWAYS, "made-up.geojson", ("W",), outline)
        )
        await taken.wait()
        await asyncio.to_thread(lambda: ground._layers())  # waits until the thread that opens it is done
        assert ground._layers._held is not None and ground.trouble == ""
        watching.cancel()


def test_given_a_broken_file_when_asked_often_then_said_once_and_gone_once_it_is_whole(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "numbers"
    path.write_text("one")

    def opened(path: Path) -> int:
        if not path.read_text().isdecimal():
            raise Unusable("it holds no number")
        return int(path.read_text())

    part = Part(path, "the numbers", opened)
    assert [part(), part()] == [None, None]
    assert part.trouble == "numbers: it holds no number"
    assert len(caplog.records) == 1
    path.write_text("12345")
    assert (part(), part.trouble) == (12345, "")
    path.unlink()
    assert part() is None and part.trouble == "" and not part.there()


def test_given_a_file_that_breaks_its_reader_in_a_way_nobody_thought_of_then_the_hub_goes_on_without(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def opened(_: Path) -> int:
        raise RuntimeError("a fault of ours")

    path = tmp_path / "numbers"
    path.write_text("1")
    part = Part(path, "the numbers", opened)
    assert [part(), part(), part.at_hand()] == [None, None, None]
    assert part.trouble == "numbers: RuntimeError: a fault of ours"
    assert len(caplog.records) == 1
