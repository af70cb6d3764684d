"""Rules for the whole repository that no linter knows."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

TOP_LEVEL = {
    ".ci",
    ".gitattributes",
    ".gitignore",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "config",
    "console",
    "packaging",
    "pyproject.toml",
    "resources",
    "tests",
}
MADE_HERE = {".git", ".venv", "__pycache__", ".hypothesis", ".import_linter_cache", "build", "dist"}

LONGEST_FILE = 420  # lines
SAYS_NOTHING = {"Manager", "Controller", "Handler", "Helper", "Helpers", "Util", "Utils", "Service", "Data", "Info"}
# Calls for service, service areas, and the other services (EMS, fire, police) that a call is given to.
FIELD_TERMS = re.compile(r"CallForService|ServiceArea|OtherService|ServiceOrder")

# In pieces, so that this file does not name them either.
REGISTRY_HOSTS = ["pypi" + ".org", "python" + "hosted.org", "registry." + "npmjs", "crates" + ".io", "anaconda" + ".org"]
REGISTRY_HOSTS += ["deb." + "debian.org", "archive." + "ubuntu.com", "proxy." + "golang.org", "/opt/" + "pypi"]
PLACES_OF_ONE_MACHINE = ["/work" + "/", "/tmp/" + "brief", "/root" + "/", "shared/" + "data", "../" + "shared"]

AGENCY_NAMES = re.compile(r"\b(Durham|CRT|COR|CCD)\b")
ONLY_POSIX = {"crypt", "fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
WAITS = {"time.sleep", "QTest.qWait", "QTest.qSleep", "qtbot.wait", "QThread.sleep", "QThread.msleep"}


def _made_here(name: str) -> bool:
    return name in MADE_HERE or name.endswith((".egg-info", "_cache"))


def _files(folder: Path = ROOT) -> Iterator[Path]:
    for entry in folder.iterdir():
        if _made_here(entry.name):
            continue
        if entry.is_dir():
            yield from _files(entry)
        else:
            yield entry


@cache
def files() -> dict[str, bytes]:
    """Give every file of the repository by its path with forward slashes; what is made from them is left out."""
    return {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in _files()}


@cache
def sources() -> dict[str, ast.Module]:
    """Give every Python file of the repository, parsed."""
    return {name: ast.parse(content, name) for name, content in files().items() if name.endswith(".py")}


def _calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    return ((ast.unparse(node.func), node) for node in ast.walk(tree) if isinstance(node, ast.Call))


def test_the_top_level_holds_what_the_architecture_says() -> None:
    assert {name.split("/")[0] for name in files()} <= TOP_LEVEL


def test_folders_that_are_no_packages_hold_no_init() -> None:
    assert not [name for name in files() if re.match(r"(packaging|config|resources)/(.*/)?__init__\.py$", name)]


def test_every_python_file_says_what_it_is_for() -> None:
    assert not [name for name, tree in sources().items() if not (ast.get_docstring(tree) or "").strip()]


def test_no_file_has_grown_into_two() -> None:
    lengths = {name: content.count(b"\n") for name, content in files().items() if name.endswith((".py", ".js", ".qss"))}
    ours = {name: length for name, length in lengths.items() if name.startswith(("console/", "packaging/", "resources/"))}
    assert not {name: length for name, length in ours.items() if length > LONGEST_FILE}


def test_no_class_or_file_is_named_with_a_word_that_says_nothing() -> None:
    classes = {
        f"{name}: {node.name}"
        for name, tree in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        and SAYS_NOTHING & set(re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z]+", node.name))
        and not FIELD_TERMS.search(node.name)
    }
    modules = {name for name in sources() if SAYS_NOTHING & {word.title() for word in Path(name).stem.split("_")}}
    assert not classes | modules


@pytest.mark.parametrize("host", REGISTRY_HOSTS)
def test_no_file_names_a_package_registry(host: str) -> None:
    assert not [name for name, content in files().items() if host.encode() in content]


@pytest.mark.parametrize("place", PLACES_OF_ONE_MACHINE)
def test_no_file_names_a_place_of_one_machine(place: str) -> None:
    named = {name for name, content in files().items() if place.encode() in content}
    assert named <= {".ci/run"}  # which tells the tests where real data may lie


def test_the_console_knows_no_agency_by_name() -> None:
    ours = {name: content.decode() for name, content in files().items() if re.match(r"console/.*\.py$", name)}
    assert not {f"{name}: {found[0]}" for name, text in ours.items() for found in AGENCY_NAMES.finditer(text)}


def test_the_console_imports_nothing_that_windows_lacks() -> None:
    imported = {
        (name, module.split(".")[0])
        for name, tree in sources().items()
        if name.startswith("console/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for module in ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""])
    }
    assert not {(name, module) for name, module in imported if module in ONLY_POSIX}


def test_no_test_sleeps() -> None:
    waits = [
        f"{name}:{call.lineno}: {ast.unparse(call)}"
        for name, tree in sources().items()
        if name.startswith("tests/")
        for function, call in _calls(tree)
        if function in WAITS or (function == "asyncio.sleep" and ast.unparse(call) != "asyncio.sleep(0)")
    ]
    assert not waits


IMPORT_ALL = """
import importlib, pkgutil, sys
for absent in ("PySide6", "shiboken6", "qasync", "pyqtgraph", "folium", "qtawesome"):
    sys.modules[absent] = None
import console
def walk(package):
    for found in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        if found.name in ("console.ui", "console.bench") or found.name.endswith(".migrations.env"):
            continue  # the last is run by Alembic, within a migration, and by nobody else
        module = importlib.import_module(found.name)
        print(found.name)
        if found.ispkg:
            walk(module)
walk(console)
"""


def test_given_no_qt_when_everything_but_the_desk_is_imported_then_nothing_misses_it() -> None:
    outcome = subprocess.run([sys.executable, "-c", IMPORT_ALL], cwd=ROOT, capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stderr
    assert {"console.domain", "console.wire", "console.hub", "console.link"} <= set(outcome.stdout.split())
