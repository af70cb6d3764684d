"""`heart-console bench`: runs the named figures (all without a name) and says which keep their limits."""

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from console.bench.figure import Figure, shortly, table

BENCHES = {
    "start": "console.bench.start",
    "two-desks": "console.bench.two_desks",
    "ring": "console.bench.ring",
    "event-loop": "console.bench.event_loop",
    "board": "console.bench.board",
    "map": "console.bench.map_cost",
    "pan": "console.bench.pan",
    "nature-picker": "console.bench.nature_picker",
    "hub-rate": "console.bench.hub_rate",
    "hub-memory": "console.bench.hub_memory",
    "protocol-check": "console.bench.protocol_check",
    "policy-compare": "console.bench.policy_compare",
    "avl": "console.bench.avl",
    "tracks": "console.bench.tracks",
    "contact-lookup": "console.bench.contact_lookup",
    "beat-lookup": "console.bench.beat_lookup",
    "geocode": "console.bench.geocode",
    "recommend": "console.bench.recommend",
}
"""By name: the module whose `measure()` gives its figures."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `heart-console bench`."""
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which figures: {', '.join(BENCHES)} (all)")
    parser.add_argument("--json", action="store_true", help="one JSON object a line instead of a table")


def main(args: argparse.Namespace) -> int:
    """Measure and print: 0 every limit was kept, 1 one was not (said on stderr), 2 a name that is no figure."""
    unknown = [name for name in args.names if name not in BENCHES]
    if unknown:
        print(f"There is no figure {', '.join(unknown)}; there are {', '.join(BENCHES)}.", file=sys.stderr)
        return 2
    figures: list[Figure] = []
    for name in args.names or BENCHES:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        measure: Callable[[], list[Figure]] = import_module(BENCHES[name]).measure
        fresh = measure()
        figures += fresh
        if args.json:
            for figure in fresh:
                print(figure.as_line(), flush=True)
    if not args.json:
        print(table(figures))
        print("\n".join(_told(figures)))
    for figure in figures:
        if not figure.ok:
            print(f"{figure.name} does not keep its limit: {shortly(figure)}", file=sys.stderr)
    return 0 if all(figure.ok for figure in figures) else 1


def _told(figures: Sequence[Figure]) -> list[str]:
    """How each was measured, said once for those that were measured together."""
    return [
        f"{'; '.join(figure.name for figure in figures if figure.how == how)}: {how}"
        for how in dict.fromkeys(figure.how for figure in figures)
    ]
