"""`heart-console protocol ...` and `heart-console import ...`: one module for each, loaded when it is asked for."""

import argparse
import importlib
from collections.abc import Callable
from functools import partial

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
    words = "; ".join(f"{name}: {what}" for name, (_, what) in modules.items())
    parser.add_argument("what", choices=modules, help=words)
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="see `... WHAT --help`")


def main(args: argparse.Namespace, program: str, modules: dict[str, tuple[str, str]]) -> int:
    """Run one of them: each has `add_arguments` and `main`, like every command."""
    name, about = modules[args.what]
    module = importlib.import_module(name)
    parser = argparse.ArgumentParser(prog=f"heart-console {program} {args.what}", description=about)
    module.add_arguments(parser)
    run: Callable[[argparse.Namespace], int] = module.main
    return run(parser.parse_args(args.arguments))


def entry(
    program: str, modules: dict[str, tuple[str, str]]
) -> tuple[Callable[[argparse.ArgumentParser], None], Callable[[argparse.Namespace], int]]:
    """What the entry point wants of a command."""
    return partial(add_arguments, modules=modules), partial(main, program=program, modules=modules)
