"""The center's ground: what import commands made of its streets, addresses, layers and map, opened when asked for."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from console.geography.basemap import Basemap
from console.geography.unusable import Unusable

if TYPE_CHECKING:  # a hub without them never loads what they take
    from console.geography.geocoder import Geocoder
    from console.geography.layers import Layers
    from console.geography.road_graph import RoadGraph
    from console.geography.street_crossings import StreetCrossings

_LOG = logging.getLogger("console.hub")

FOLDER = "geography"
"""Where in a configuration's folder the import commands put what they make."""

_WATCH_S = 2.0
"""Seconds between two looks at whether layers were imported anew; a look asks the file system for one file."""

T = TypeVar("T")


class Part(Generic[T]):
    """One imported file, opened when it is first asked for, and anew once an import has put another in its place.

    A file that cannot be used is as good as none: `trouble` says why, the log once, and everything else goes on.
    """

    def __init__(self, path: Path | None, what: str, opened: Callable[[Path], T]) -> None:
        """Ask for `path` when wanted; `opened` makes of it what is asked for, or raises `Unusable`."""
        self._path, self._what, self._opened = path, what, opened
        self._lock = Lock()
        self._is_of: tuple[int, int, int] | None = None
        self._held: T | None = None
        self.trouble = ""
        """Why the file cannot be used; "" while it can, or there is none."""

    def __call__(self) -> T | None:
        """What the file holds, or None; the first time takes long, so not on the hub's loop. From any thread."""
        if self._path is None:
            return None
        with self._lock:
            is_of = _identity(self._path)
            if is_of != self._is_of:
                self.trouble = ""
                self._held = self._open(self._path) if is_of is not None else None
                self._is_of = is_of
                if self._held is not None:
                    _LOG.info("%s: %s is in use", self._what, self._path.name)
            return self._held

    def at_hand(self) -> T | None:
        """What was opened last, at once. Where another file lies there by now, it is opened aside, for the next time."""
        held = self._held  # before anybody is asked to open another: what is opened by then is for the next time
        if self._path is not None and _identity(self._path) != self._is_of and not self._lock.locked():
            Thread(target=self, name=f"opening {self._path.name}", daemon=True).start()
        return held

    def there(self) -> bool:
        """Whether it was imported; whether it can be used shows when it is opened."""
        return self._path is not None and _identity(self._path) is not None

    def _open(self, path: Path) -> T | None:
        try:
            return self._opened(path)
        except (Unusable, OSError) as error:
            self.trouble = f"{path.name}: {error}"
            _LOG.error("%s cannot be used, the hub goes on without: %s; import it again", self._what, self.trouble)
        except Exception as error:  # no file in a folder may end the hub, whatever is in it
            self.trouble = f"{path.name}: {type(error).__name__}: {error}"
            _LOG.exception("%s cannot be used, the hub goes on without: %s; import it again", self._what, self.trouble)
        return None


def _identity(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


class Ground:
    """The parts of a center's ground. Each is opened when first asked for, which takes long: not on the hub's loop."""

    def __init__(self, configuration: Path | None = None) -> None:
        """Take the ground of a configuration's folder; None: a hub without one."""
        folder = configuration / FOLDER if configuration is not None else None
        self._addresses: Part[Geocoder] = Part(_in(folder, "addresses.sqlite"), "the addresses", _addresses)
        self.basemap = Basemap(folder)
        """The center's own map tiles."""
        self._layers: Part[Layers] = Part(_in(folder, "layers.sqlite"), "the layers", _layers)
        self._streets: Part[tuple[RoadGraph, StreetCrossings]] = Part(_in(folder, "streets.sqlite"), "the streets", _streets)

    @property
    def streets(self) -> "RoadGraph | None":
        """The roads; None where no streets were imported, or what was cannot be used."""
        return streets[0] if (streets := self._streets()) is not None else None

    @property
    def geocoder(self) -> "Geocoder | None":
        """Finds addresses; None where none were imported, or what was cannot be used."""
        return self._addresses()

    @property
    def layers(self) -> "Layers | None":
        """Beats, districts and the like; None where none were imported, or what was cannot be used."""
        return self._layers()

    @property
    def layers_at_hand(self) -> "Layers | None":
        """The same as they were opened last, without waiting: for the hub's loop."""
        return self._layers.at_hand()

    @property
    def crossings(self) -> "StreetCrossings | None":
        """Where streets meet; None where no streets were imported, or what was cannot be used."""
        return streets[1] if (streets := self._streets()) is not None else None

    @property
    def has_streets(self) -> bool:
        """Whether streets were imported; cheap, and no word about whether they can be used."""
        return self._streets.there()

    @property
    def imported(self) -> bool:
        """Whether anything was."""
        return self.basemap.there() or any(part.there() for part in self.parts())

    def parts(self) -> "Iterator[Part[Any]]":
        """All of them."""
        yield from (part for part in vars(self).values() if isinstance(part, Part))

    def open(self) -> None:
        """Open whatever was imported, so that what is broken is said at the start and nobody waits later. In a thread."""
        for part in self.parts():
            part()
        self.basemap.sets()

    async def watch(self) -> None:
        """Take layers that were imported anew before the next call needs them: a call is located once. Never ends."""
        while True:
            await asyncio.sleep(_WATCH_S)
            self._layers.at_hand()

    @property
    def trouble(self) -> str:
        """What of the ground cannot be used, and why; "" where nothing is wrong with it."""
        troubles = (*(part.trouble for part in self.parts()), self.basemap.trouble)
        return "; ".join(filter(None, troubles))


def _in(folder: Path | None, name: str) -> Path | None:
    return folder / name if folder is not None else None


def _addresses(path: Path) -> "Geocoder":
    from console.geography.geocoder import Geocoder

    return Geocoder.open(path)


def _layers(path: Path) -> "Layers":
    from console.geography.layers import Layers

    return Layers.read(path)


def _streets(path: Path) -> "tuple[RoadGraph, StreetCrossings]":
    from console.geography.street_crossings import StreetCrossings
    from console.geography.streets_file import read

    return read(path), StreetCrossings.open(path)
