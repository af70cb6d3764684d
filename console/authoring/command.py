"""`heart-console protocol ...` and `heart-console import ...`: one module for each, loaded when it is asked for."""

import argparse
import importlib
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

_USAGE = 2
_LOCK = ".import.lock"

PROTOCOL: dict[str, tuple[str, str]] = {
    "check": ("console.authoring.check", "prove the protocols of a configuration, for every path"),
    "walk": ("console.authoring.walk", "go through a protocol in the terminal, or replay a file of answers"),
    "import": ("console.authoring.fhir_import", "read a FHIR R4 Questionnaire into a protocol file"),
    "export": ("console.authoring.fhir_export", "write a protocol as a FHIR R4 Questionnaire, or answers as a response"),
    "compare": ("console.authoring.compare", "run recorded calls through two configurations and show what moves"),
}
IMPORT: dict[str, tuple[str, str]] = {
    "natures": ("console.authoring.natures_import", "take a center's own list of natures"),
    "addresses": ("console.authoring.addresses_import", "take a center's list of addresses, for finding them"),
    "places": ("console.authoring.places_import", "take drop-off centers, hospitals, shelters ... into places.csv"),
    "streets": ("console.authoring.streets_import", "take a center's streets, for ways and coverage by road"),
    "layers": ("console.authoring.layers_import", "take beats, districts and other outlines, or a programme's service area"),
    "basemap": ("console.basemap_command", "take a center's own map tiles, or draw its streets into tiles"),
}


def add_arguments(parser: argparse.ArgumentParser, modules: dict[str, tuple[str, str]]) -> None:
    """One word for each module; its own arguments are read when it is known."""
    widest = max(map(len, modules))
    words = "\n".join(f"  {name:{widest}}  {what}" for name, (_, what) in modules.items())
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = f"{parser.description}:\n\n{words}"
    parser.add_argument("what", choices=modules, metavar="WHAT", help=f"one of these; {parser.prog} WHAT --help says more")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="...", help="its own arguments")


def main(args: argparse.Namespace, program: str, modules: dict[str, tuple[str, str]]) -> int:
    """Run one of them: each has `add_arguments` and `main`, like every command.

    What writes into a configuration (an import) writes there alone, and is answered with 2 where
    another is at it; a person who breaks it off is told that nothing was changed.
    """
    name, about = modules[args.what]
    module = importlib.import_module(name)
    parser = argparse.ArgumentParser(prog=f"heart-console {program} {args.what}", description=about)
    module.add_arguments(parser)
    run: Callable[[argparse.Namespace], int] = module.main
    given = parser.parse_args(args.arguments)
    folder: Path | None = getattr(given, "into" if args.what == "natures" else "config", None)
    if modules is not IMPORT or folder is None or not (folder / "agency.toml").is_file():
        return run(given)  # which writes nothing, or says that it is no configuration
    try:
        with _alone(folder):
            return run(given)
    except _NotHeld as error:
        print(f"{parser.prog}: {error}\nNothing was changed.", file=sys.stderr)
        return _USAGE
    except KeyboardInterrupt:  # each writes aside, and puts in place what is whole
        print("\nBroken off. Nothing was changed; what was in force stays so.", file=sys.stderr)
        return _USAGE


class _NotHeld(Exception):
    """The configuration cannot be had for this import alone; the message says why and what to do."""


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold a configuration while an import writes into it: two at once would take each other's half-written files.

    The lock is SQLite's own on a file in the folder, which the system lifts however the import ends.
    """
    try:
        held = sqlite3.connect(folder / _LOCK, timeout=0, isolation_level=None)
    except sqlite3.OperationalError as error:
        raise _NotHeld(f"{folder}: it cannot be written to ({error})") from None
    with closing(held):
        try:
            held.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise _NotHeld(f"{folder}: it cannot be written to ({error})") from None
            raise _NotHeld(f"{folder}: another import writes into it; wait for its end, then try again") from None
        yield


def entry(
    program: str, modules: dict[str, tuple[str, str]]
) -> tuple[Callable[[argparse.ArgumentParser], None], Callable[[argparse.Namespace], int]]:
    """What the entry point wants of a command."""
    return partial(add_arguments, modules=modules), partial(main, program=program, modules=modules)
