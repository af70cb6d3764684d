"""What ships beside the code, wherever it was installed."""

import sys
from pathlib import Path


def default_configuration() -> Path:
    """The configuration that is used where none is named: the folder whose name stands in `config/default`.

    FileNotFoundError when none ships.
    """
    bundle = getattr(sys, "_MEIPASS", None)
    root = (Path(bundle) if bundle else Path(__file__).parents[1]) / "config"
    try:
        found = root / (root / "default").read_text(encoding="utf-8").strip()
    except OSError:
        found = root
    if not (found / "agency.toml").is_file():
        raise FileNotFoundError("no configuration ships with this installation; name one with --config")
    return found


def configurations() -> list[Path]:
    """Every configuration that ships, by name; FileNotFoundError when none does."""
    return sorted(path.parent for path in default_configuration().parent.glob("*/agency.toml"))
