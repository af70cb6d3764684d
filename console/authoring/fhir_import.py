"""`heart-console protocol import`: a FHIR R4 Questionnaire becomes a protocol file, and what cannot is listed."""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import yaml

from console.authoring.fhir import reading
from console.authoring.fhir.remark import lines
from console.domain.ids import FactName
from console.domain.triage.protocol import Fact, Protocol
from console.hub.configuration import ConfigurationFaulty, load

ALL_CARRIED, SOMETHING_LEFT, USAGE = 0, 1, 2
"""Exit codes."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", type=Path, metavar="FILE.json", help="a FHIR R4 Questionnaire")
    parser.add_argument("--into", type=Path, required=True, metavar="FILE.yaml", help="the protocol file to write")
    parser.add_argument("--replace", action="store_true", help="write over the protocol file that is there")
    parser.add_argument(
        "--config", type=Path, metavar="DIR", help="the center's configuration: its languages, and the facts it has already"
    )


def main(args: argparse.Namespace) -> int:
    """Read and write: 0 all was carried, 1 something was not and is listed (the file is written), 2 nothing was written."""
    if args.into.exists() and not args.replace:
        return _nothing(f"{args.into}: is there already, perhaps with changes of yours; --replace writes over it")
    if not args.into.parent.is_dir():
        return _nothing(f"{args.into}: the folder {args.into.parent} does not exist; make it, or name another")
    try:
        raw = json.loads(args.file.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return _nothing(f"{args.file}: is not JSON in UTF-8: {error}")
    except OSError as error:
        return _nothing(str(error))
    try:
        agency = load(args.config) if args.config else None
        languages, facts = (agency.languages, agency.facts) if agency else ((), {})
        read = reading.protocol(raw, languages, facts, id_=args.file.stem)
        args.into.write_text(as_yaml(read.protocol, read.facts, args.file.name), encoding="utf-8")
    except reading.NotReadable as error:
        return _nothing(f"{args.file}: {error}")
    except (ConfigurationFaulty, OSError) as error:
        return _nothing(str(error))
    for line in lines(read.remarks):
        print(line, file=sys.stderr)
    made = read.protocol
    print(f"{args.into}: {made.id}, {len(made.questions)} questions in {', '.join(made.languages)}")
    if read.facts:
        print(f"{len(read.facts)} facts for eligibility.yaml stand at the head of the file")
    return SOMETHING_LEFT if any(each.lost for each in read.remarks) else ALL_CARRIED


def _nothing(why: str) -> int:
    print(f"heart-console protocol import: {why}\nNothing was written.", file=sys.stderr)
    return USAGE


def as_yaml(protocol: Protocol, facts: Mapping[FactName, Fact], source: str) -> str:
    """A protocol file as people edit it; facts that the center has still to take in stand at its head as comments."""
    plain: dict[str, Any] = msgspec.to_builtins(protocol)
    for question in plain["questions"]:
        if not question["ask_when"]:
            del question["ask_when"]
    head = f"# Made from {source}, a FHIR R4 Questionnaire.\n"
    if facts:
        told = _dumped({"facts": msgspec.to_builtins(dict(facts))})
        head += "# Facts to take into eligibility.yaml:\n" + "".join(f"#   {line}\n" for line in told.splitlines())
    return f"{head}\n{_dumped(plain)}"


def _dumped(plain: dict[str, Any]) -> str:
    return yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=125, default_flow_style=None)
