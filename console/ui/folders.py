"""Where the desk keeps things, by the system's own rules, and the city that a configuration is for."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from platformdirs import user_config_path, user_data_path, user_log_path

_NAME = "heart-console"
_LEFT_BEHIND_S = 2 * 24 * 3600


def settings_folder() -> Path:
    """Settings, layouts and drafts of this user."""
    return user_config_path(_NAME, appauthor=False)


def data_folder() -> Path:
    """What was not sent yet, and the logs of exercises."""
    return user_data_path(_NAME, appauthor=False)


def log_folder() -> Path:
    """The desk's and its hub's own log files."""
    return user_log_path(_NAME, appauthor=False)


def city_of(configuration: Path) -> str:
    """The city a configuration is for, for the words of the start screen; "" when the file does not say."""
    import tomllib  # a desk at a center's hub reads no configuration

    try:
        city = tomllib.loads((configuration / "agency.toml").read_text(encoding="utf-8")).get("city", "")
    except (OSError, tomllib.TOMLDecodeError):
        return ""
    return str(city)


def new_exercise_folder(below: Path) -> Path:
    """An empty folder for the log of one exercise; those that crashed desks left behind days ago are taken away."""
    import tempfile

    below.mkdir(parents=True, exist_ok=True)
    for old in below.iterdir():
        if old.name.startswith("exercise-") and time.time() - old.stat().st_mtime > _LEFT_BEHIND_S:
            shutil.rmtree(old, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix="exercise-", dir=below))
