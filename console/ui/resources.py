"""Where the files that ship beside the code are: theme, map page, pictures."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path


@cache
def _root() -> Path:
    """The folder `resources/`: beside `console/` in a checkout, inside the bundle when the desk is frozen into one."""
    bundle = getattr(sys, "_MEIPASS", None)
    return (Path(bundle) if bundle else Path(__file__).parents[2]) / "resources"


def resource_path(name: str) -> Path:
    """The path of a shipped file, by its name below `resources/`, such as `theme/tokens.json`.

    Raises FileNotFoundError with the full path when it is not there: the installation is incomplete.
    """
    path = _root() / name
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing: the installation is incomplete, install the console again")
    return path
