"""The file of a center's layers: written whole or not at all, and read whole."""

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from shutil import copyfile

import numpy as np
import shapely
from msgspec import Struct

from console.geography.aside import aside
from console.geography.outlines import Shapes
from console.geography.unusable import Unusable

NAME = "layers.sqlite"
ALWAYS = date.min
"""Since when a layer holds of which nobody said since when."""
_FORMAT = 1
_SCHEMA = """
CREATE TABLE layer (name TEXT PRIMARY KEY, kind TEXT NOT NULL, effective_from TEXT NOT NULL, source TEXT NOT NULL);
CREATE TABLE outline (
    layer TEXT NOT NULL REFERENCES layer, number INTEGER NOT NULL, label TEXT NOT NULL, shape BLOB NOT NULL,
    PRIMARY KEY (layer, number)
) WITHOUT ROWID;
"""


class OutlineLayer(Struct, frozen=True):
    """One layer as it was imported: `labels` and `shapes` stand side by side, in the order of the file `source`."""

    name: str
    kind: str
    effective_from: date
    source: str
    labels: tuple[str, ...]
    shapes: Shapes


def read(path: Path) -> list[OutlineLayer]:
    """Every layer of a file, by name. Raises `Unusable`: a file of which a part cannot be read is read in no part."""
    try:
        with closing(_opened(path)) as database:
            _checked(database)
            layers = database.execute("SELECT name, kind, effective_from, source FROM layer ORDER BY name").fetchall()
            return [_layer(database, *row) for row in layers]
    except (sqlite3.Error, ValueError, TypeError, shapely.errors.ShapelyError) as error:
        raise Unusable(f"it is damaged ({error}); remove it and import the layers again") from error


def keep(path: Path, layer: OutlineLayer) -> list[str]:
    """Put a layer beside those that a file has, or in the place of one of its name; the names of all that it then has.

    The file is written aside and takes the place of the old one when it is whole. Raises `Unusable` where the old one is
    damaged, and OSError.
    """
    with aside(path) as part:
        if path.exists():
            read(path)
            copyfile(path, part)
        with closing(sqlite3.connect(part)) as database, database:
            if not path.exists():
                database.executescript(f"PRAGMA user_version = {_FORMAT}; {_SCHEMA}")
            database.execute("DELETE FROM outline WHERE layer = ?", (layer.name,))
            database.execute("DELETE FROM layer WHERE name = ?", (layer.name,))
            since = layer.effective_from.isoformat()
            database.execute("INSERT INTO layer VALUES (?, ?, ?, ?)", (layer.name, layer.kind, since, layer.source))
            shapes = zip(layer.labels, shapely.to_wkb(layer.shapes), strict=True)
            rows = [(layer.name, number, label, shape) for number, (label, shape) in enumerate(shapes, start=1)]
            database.executemany("INSERT INTO outline VALUES (?, ?, ?, ?)", rows)
            names = [name for (name,) in database.execute("SELECT name FROM layer ORDER BY name")]
    return names


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def _checked(database: sqlite3.Connection) -> None:
    (found,) = database.execute("PRAGMA user_version").fetchone()
    if found != _FORMAT:
        raise Unusable(f"it is of format {found}, and this program reads {_FORMAT}; import the layers again")
    (whole,) = database.execute("PRAGMA quick_check(1)").fetchone()
    if whole != "ok":
        raise Unusable(f"it is damaged ({whole}); remove it and import the layers again")


def _layer(database: sqlite3.Connection, name: str, kind: str, since: str, source: str) -> OutlineLayer:
    rows = database.execute("SELECT label, shape FROM outline WHERE layer = ? ORDER BY number", (name,)).fetchall()
    shapes = np.asarray(shapely.from_wkb([shape for _, shape in rows]), dtype=object)
    return OutlineLayer(name, kind, date.fromisoformat(since), source, tuple(label for label, _ in rows), shapes)
