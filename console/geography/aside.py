"""A file that is there whole or not at all: written beside the old one, and put in its place when all of it is on disk."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def aside(path: Path) -> Iterator[Path]:
    """Where to write what is to stand at `path`; it is put there when the block ends well, else the old one stays.

    Raises OSError, also for what SQLite could not write (a full disk), and where another program holds the old file open:
    on Windows no such file can be replaced.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        yield part
        with part.open("rb+") as whole:
            os.fsync(whole.fileno())
        try:
            part.replace(path)
        except PermissionError as error:
            why = "it cannot be replaced; if a hub that runs, or another program, has it open, end that and do this again"
            raise PermissionError(f"{path}: {why}") from error
    except sqlite3.Error as error:
        raise OSError(f"{path}: it could not be written: {error}") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
