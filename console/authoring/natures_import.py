"""`heart-console import natures`: a center's own list of natures, looked at, and written into a configuration."""

import argparse
import csv
import io
import shutil
import sys
import tempfile
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from console.authoring.natures_mapping import NaturesMapping
from console.authoring.natures_taken import Fate, Result, Said, Taken, take
from console.domain.agency import Agency, Nature
from console.domain.programmes import Responds
from console.hub.configuration import ConfigurationFaulty, load
from console.hub.configuration.natures import BASES, MODIFIERS
from console.recorded.mapping import MappingError, read_mapping
from console.recorded.rows import RowFile
from console.shipped import default_configuration

FINE, FOUND, USAGE = 0, 1, 2
"""Exit codes."""
COLUMNS = ("code", "name", "priority", "programmes", "conditional", "apco", "protocol", "aliases", "base", "modifiers")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `heart-console import natures`."""
    parser.add_argument("file", type=Path, metavar="FILE.csv", help="the center's own list of natures")
    parser.add_argument("--map", type=Path, required=True, metavar="MAP.toml", help="how to read it, and what is like what")
    parser.add_argument("--config", type=Path, metavar="DIR", help="whose natures they are compared with (that of --into)")
    parser.add_argument("--into", type=Path, metavar="DIR", help="the configuration that gets them; without it: look only")
    aside = "put the files that are there aside, as *.before.csv; a list is always compared with what stood there at first"
    parser.add_argument("--replace", action="store_true", help=aside)


def main(args: argparse.Namespace) -> int:
    """Look and, if asked, write: 0 all rows were taken, 1 some were not (they are listed), 2 nothing could be done."""
    try:
        agency = _compared(args.config, args.into)
        mapping = read_mapping(args.map, NaturesMapping)
        with RowFile(args.file, mapping.file) as file:
            try:
                result = take(file, file.names, mapping, agency)
            except MappingError as error:
                raise MappingError(f"{args.map}: {error}") from error
        print("\n".join(report(agency, mapping.title, result)))
        if args.into is not None:
            print("\n".join(_write(args.into, agency, result, replace=args.replace)))
    except (ConfigurationFaulty, MappingError, OSError) as error:
        print(f"heart-console import natures: {error}\nNothing was written.", file=sys.stderr)
        return USAGE
    lost = [each for each in result.said if each.fate is Fate.NOT_TAKEN]
    for each in lost:
        print(f"{args.file}: {_about(each)}", file=sys.stderr)
    return FOUND if lost else FINE


def report(agency: Agency, title: str, result: Result) -> Iterator[str]:
    """What came of a list, for the person who knows it."""
    taken = result.taken
    again = sum(len(each.rows) - 1 for each in taken)
    said = {fate: [each for each in result.said if each.fate is fate] for fate in Fate}
    yield (
        f"{title}: {result.rows} rows; {_natures(taken)}, {again} rows that say one again, "
        f"{len(said[Fate.LEFT_OUT])} left out by the mapping, {len(said[Fate.NOT_TAKEN])} not taken"
    )
    for heading, fate in (
        ("Taken, with something to know", Fate.TAKEN),
        ("Left out by the mapping", Fate.LEFT_OUT),
        ("Not taken", Fate.NOT_TAKEN),
    ):
        if said[fate]:
            yield from _section(heading, map(_about, said[fate]))
    unmapped = [each for each in taken if each.like is None]
    heading = f"Like none of ours, open to no programme: {_natures(unmapped)}, {_calls(unmapped)}"
    yield from _section(heading, (_named(each) for each in unmapped))
    for programme in agency.programmes:
        if programme.responds is Responds.FOLLOW_UP:
            continue
        opened = [each for each in taken if programme.code in each.nature.programmes]
        admitted = [each for each in taken if programme.code in each.nature.conditional]
        heading = (
            f"{programme.code}, {programme.name}: {_natures(opened)} would become eligible, {_calls(opened)}; "
            f"{_natures(admitted)} only on calls whose answers give a reason (admit), {_calls(admitted)}"
        )
        lines = [*map(_named, opened), *(f"{_named(each)}, only where the answers give a reason" for each in admitted)]
        yield from _section(heading, lines)


def _section(heading: str, lines: Iterable[str]) -> Iterator[str]:
    lines = list(lines)
    yield f"\n{heading}{':' if lines else ''}"
    yield from (f"    {line}" for line in lines)


def _named(taken: Taken) -> str:
    like = f", like {taken.like.name}" if taken.like else ""
    rows = ", ".join(str(row) for row in taken.rows)
    return f"{taken.nature.name} ({taken.nature.code}){like}, {_calls([taken])}, row {rows}"


def _about(said: Said) -> str:
    return ": ".join(filter(None, (f"row {said.row}", said.words, said.what)))


def _natures(taken: Collection[Taken]) -> str:
    return f"{len(taken)} {'nature' if len(taken) == 1 else 'natures'}"


def _calls(taken: Iterable[Taken]) -> str:
    calls = sum(each.calls for each in taken)
    return f"{calls:,} {'call' if calls == 1 else 'calls'}"


# ---------------------------------------------------------------------------------------------- writing


def _compared(config: Path | None, into: Path | None) -> Agency:
    """The configuration whose natures and rules a list is compared with: of one that took a list before, as it was then."""
    if config is not None or into is None or not _is_whole(into):
        return load(config or default_configuration())
    if not _first_aside(into / BASES).exists():
        return load(into)
    with tempfile.TemporaryDirectory() as made:
        copy = Path(made) / into.resolve().name
        shutil.copytree(into, copy)
        for name in (BASES, MODIFIERS):
            (copy / name).unlink(missing_ok=True)
            if _first_aside(into / name).exists():
                shutil.copyfile(_first_aside(into / name), copy / name)
        return load(copy)


def _is_whole(folder: Path | None) -> bool:
    return folder is not None and (folder / "agency.toml").is_file()


def rows_of(agency: Agency, result: Result) -> list[Nature]:
    """The center's natures, and after them the base natures that rules and other files speak of."""
    own = [each.nature for each in result.taken]
    codes = {nature.code for nature in own}
    return [*own, *(nature for nature in agency.natures.values() if not nature.base and nature.code not in codes)]


def as_csv(natures: Iterable[Nature]) -> str:
    """The text of a natures.csv."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for nature in natures:
        cells = (getattr(nature, column) for column in COLUMNS)
        writer.writerow(
            [(";" if column == "aliases" else " ").join(cell) if isinstance(cell, tuple) else cell
             for column, cell in zip(COLUMNS, cells, strict=True)]
        )  # fmt: skip
    return text.getvalue()


def _write(folder: Path, agency: Agency, result: Result, *, replace: bool) -> Iterator[str]:
    """Write natures.csv into a folder, if the configuration there can be read with it; what was there is put aside."""
    there = [folder / name for name in (BASES, MODIFIERS) if (folder / name).exists()]
    if there and not replace:
        raise MappingError(f"{there[0]}: is there already; --replace puts it aside as {_aside(there[0]).name}")
    text = as_csv(rows_of(agency, result))
    if _is_whole(folder):
        _try(folder, text)
    folder.mkdir(parents=True, exist_ok=True)
    yield ""
    for path in there:
        aside = _aside(path)
        path.replace(aside)
        yield f"{path} was put aside as {aside.name}"
    (folder / BASES).write_text(text, encoding="utf-8")
    yield f"{folder / BASES}: {len(result.taken)} natures of this list, and the base natures that rules speak of"


def _first_aside(path: Path) -> Path:
    return path.with_suffix(".before.csv")


def _aside(path: Path) -> Path:
    """Where a file is put aside: what was put aside before stays."""
    found, number = _first_aside(path), 2
    while found.exists():
        found, number = path.with_suffix(f".before-{number}.csv"), number + 1
    return found


def _try(folder: Path, text: str) -> None:
    """Read a copy of the configuration with the new natures, or raise what is wrong with it."""
    with tempfile.TemporaryDirectory() as made:
        copy = Path(made) / folder.resolve().name
        shutil.copytree(folder, copy)
        (copy / MODIFIERS).unlink(missing_ok=True)
        (copy / BASES).write_text(text, encoding="utf-8")
        load(copy)
