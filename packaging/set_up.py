"""Make the checkout ready: its own Python environment, the locked packages, the project, the system's libraries.

Each finished part is noted in a stamp with what it was made from. A start compares the stamp and does only what
differs: nothing at all the second time, and what was left when a set-up was interrupted.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import re
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from trouble import DISK_FULL, NO_VENV, Trouble, explain

ROOT = Path(__file__).resolve().parent.parent
ROOM_NEEDED = 1_500_000_000  # bytes: 1.1 GB of packages, and room for the downloads on their way there


class Environment:
    """The ``.venv`` of one checkout and its stamp."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.stamp = self.folder / "set-up.stamp"
        self.log = self.folder / "set-up.log"
        self.lock = root / "packaging" / "requirements.lock"
        self.python = self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    def wanted(self) -> dict[str, str]:
        """Tell what each part would be made from now, in the order in which the parts are made."""
        return {
            "python": f"{sys.implementation.name} {sys.version_info.major}.{sys.version_info.minor}",
            "packages": _digest(self.lock.read_bytes()),
            # An editable install also knows the folder: a checkout that was moved is installed anew.
            "project": _digest((self.root / "pyproject.toml").read_bytes() + os.fsencode(self.root)),
            "libraries": sys.platform,
        }

    def stamped(self) -> dict[str, str]:
        """Read what each part was made from; empty without a stamp, or when the environment's Python is gone."""
        if not self.python.exists():
            return {}
        try:
            lines = self.stamp.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return {}
        return dict(line.split(" = ", 1) for line in lines if " = " in line)

    def pending(self) -> list[str]:
        """Name the parts to make. Another Python means all of them; the rest stand each for itself."""
        wanted, stamped = self.wanted(), self.stamped()
        if stamped.get("python") != wanted["python"]:
            return list(wanted)
        return [part for part, made_from in wanted.items() if stamped.get(part) != made_from]

    def note(self, part: str) -> None:
        """Write into the stamp that a part is made. A new Python forgets the parts that lay on the old one."""
        wanted, stamped = self.wanted(), {} if part == "python" else self.stamped()
        stamped[part] = wanted[part]
        text = "".join(f"{name} = {stamped[name]}\n" for name in wanted if name in stamped)
        fresh = self.stamp.with_suffix(".new")
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(self.stamp)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def ensure(environment: Environment, parts: Mapping[str, Part] | None = None) -> bool:
    """Make whatever is pending; True when there was anything to do."""
    pending = environment.pending()
    if not pending:
        return False
    from progress import Progress

    print(f"Setting up in {environment.folder}", file=sys.stderr)
    progress = Progress(len(pending))
    for part in pending:
        title, make = (parts or PARTS)[part]
        with progress.step(title):
            make(environment, lambda text: setattr(progress, "note", text))
        environment.note(part)
    return True


def make_python(environment: Environment, note: Callable[[str], None]) -> None:
    """Make ``.venv``; one that stands and works with this Python is kept, a half-made one is made anew."""
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        raise NO_VENV
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if environment.python.exists():
        note("looking at the one that is there")
        works = f"import sys, pip; sys.exit('%d.%d' % sys.version_info[:2] != '{version}')"
        with contextlib.suppress(OSError):  # not even a program any more
            if _follow(environment, [str(environment.python), "-c", works])[0] == 0:
                return
    if environment.folder.is_dir() and Path(sys.prefix).resolve() == environment.folder.resolve():
        raise Trouble(
            "the environment in .venv is broken, and this very Python lives in it.",
            "Start the same command with the Python of your system.",
        )
    if shutil.disk_usage(environment.root).free < ROOM_NEEDED:
        raise DISK_FULL
    note("making a new one")
    # The log lies in .venv, which --clear empties: so the folder is emptied here, before the log is opened.
    shutil.rmtree(environment.folder, ignore_errors=True)
    environment.folder.mkdir(exist_ok=True)
    code, said = _follow(environment, [sys.executable, "-m", "venv", str(environment.folder)])
    if code:
        raise explain(said, "making the Python environment", str(environment.log))


def install_packages(environment: Environment, note: Callable[[str], None]) -> None:
    """Install every package of the lock, each checked against its hash, none built or run on the way."""
    total = len(re.findall(r"^\S+==", environment.lock.read_text(encoding="utf-8"), re.MULTILINE))
    seen: set[str] = set()

    def heard(line: str) -> None:
        if found := re.match(r"(?:Collecting|Processing|Requirement already satisfied:) ([^\s=;]+)", line):
            seen.add(found[1])
            note(f"{min(len(seen), total)} of {total}: {Path(found[1]).name.split('-')[0]}")
        elif found := re.match(r"\s+(?:Downloading|Using cached) (\S+)(.*)", line):
            note(f"{min(len(seen), total)} of {total}: {found[1].split('-')[0]}{found[2]}")
        elif line.startswith("Installing collected packages"):
            note("putting them in place")

    command = ["--requirement", str(environment.lock), "--require-hashes", "--only-binary", ":all:", "--retries", "2"]
    _pip(environment, command, heard, "installing the locked packages")


def install_project(environment: Environment, note: Callable[[str], None]) -> None:
    """Install the project itself, editable; its build tool comes from the lock, so this needs no network."""
    note("heart-console")
    command = ["--no-deps", "--no-build-isolation", "--no-index", "--editable", str(environment.root)]
    _pip(environment, command, _nobody, "installing the project itself")


def check_libraries(environment: Environment, note: Callable[[str], None]) -> None:
    """See that Qt and its web engine find their system libraries; as root with apt, install what is missing."""
    import system_libraries as libraries

    lacking = libraries.missing()
    if lacking and libraries.may_install():
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        note("asking apt what this release has")
        _follow(environment, ["apt-get", "update"], quiet)  # without a network the lists at hand may still do
        packages = libraries.packages_for(lacking, libraries.apt_knows)
        note(f"installing {len(packages)} system packages")
        command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
        _follow(environment, command, quiet, heard=lambda line: note(line.strip()))
        lacking = libraries.missing()
    if lacking:
        raise Trouble(
            f"the window and the map need libraries that this system lacks: {', '.join(lacking)}.",
            libraries.advice(lacking),
        )
    note("opening Qt once")
    code, said = _follow(environment, [str(environment.python), "-c", "import PySide6.QtWebEngineWidgets"])
    if code:
        raise explain(said, "loading Qt", str(environment.log))


Part = tuple[str, Callable[[Environment, Callable[[str], None]], None]]
PARTS: Mapping[str, Part] = {
    "python": ("A Python environment in .venv", make_python),
    "packages": ("The locked packages", install_packages),
    "project": ("The project itself", install_project),
    "libraries": ("The system libraries of Qt and its web engine", check_libraries),
}


def _nobody(_line: str) -> None:
    """Listen to a program whose lines show no progress."""


def _pip(environment: Environment, command: list[str], heard: Callable[[str], None], doing: str) -> None:
    quiet = {"PIP_USER": "0", "PIP_NO_INPUT": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_PROGRESS_BAR": "off"}
    code, said = _follow(environment, [str(environment.python), "-m", "pip", "install", *command], quiet, heard)
    if code:
        raise explain(said, doing, str(environment.log))


def _follow(
    environment: Environment,
    command: list[str],
    more: Mapping[str, str] | None = None,
    heard: Callable[[str], None] = _nobody,
) -> tuple[int, str]:
    from progress import follow

    return follow(command, environment.log, heard, {**os.environ, **(more or {})}, environment.root)
