"""heart-console: the one entry point, which knows every command and loads only the one that is asked for."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

Configure = Callable[[argparse.ArgumentParser], None]
Main = Callable[[argparse.Namespace], int]

BROKEN_OFF = 130
"""The exit code of a command that somebody ended with Ctrl+C, as shells have it."""

COMMANDS: dict[str, str] = {
    "desk": "the desk (what starts when no command is named)",
    "hub": "the hub that a center's desks share",
    "replay": "feed recorded calls for service to a hub",
    "person": "add a person to a hub, give them another password, or list everybody",
    "tablet": "give a unit's tablet its token, list the tablets, take a token back",
    "sealing": "make, change and destroy the keys of sealed notes, and read who opened them",
    "protocol": "prove, walk, compare, import and export triage protocols",
    "import": "take a center's own lists into its configuration",
    "export": "write what a hub's store holds into files for other programs",
    "bench": "measure, each figure beside its raw baseline",
    "shoot": "draw a desk off screen into a picture",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Exit code 0: fine, 1: it found something wrong, 2: it was called wrongly, 130: Ctrl+C."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    wants_overview = any(word in ("-h", "--help") for word in given[:1])
    if not wants_overview and (not given or given[0].startswith("-")):
        given.insert(0, "desk")
    name = given[0]
    if name not in COMMANDS:
        overview = argparse.ArgumentParser(
            prog="heart-console", description=listed(COMMANDS), epilog="heart-console COMMAND --help says more of one.",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )  # fmt: skip
        overview.add_argument("command", choices=COMMANDS, metavar="COMMAND", help="one of these")
        name = overview.parse_args(given[:1]).command
    try:
        add_arguments, run = _command(name)
        parser = argparse.ArgumentParser(prog=f"heart-console {name}", description=COMMANDS[name])
        add_arguments(parser)
        return run(parser.parse_args(given[1:]))
    except KeyboardInterrupt:
        print(f"\nheart-console {name}: broken off.", file=sys.stderr)
        return BROKEN_OFF


def listed(commands: Mapping[str, str]) -> str:
    """A line for each command, with what it does."""
    widest = max(map(len, commands))
    return "\n".join(f"  {name:{widest}}  {what}" for name, what in commands.items())


def _command(name: str) -> tuple[Configure, Main]:
    """The arguments and the entry of a command. Its modules are loaded here and nowhere else: starting up counts."""
    match name:
        case "desk":
            return _desk_arguments, _desk
        case "hub":
            from console.hub import serve

            return serve.add_arguments, serve.main
        case "person":
            from console.hub import people_command

            return people_command.add_arguments, people_command.main
        case "tablet":
            from console.hub import tablet_command

            return tablet_command.add_arguments, tablet_command.main
        case "sealing":
            from console.hub import sealing_command

            return sealing_command.add_arguments, sealing_command.main
        case "replay":
            from console import replay_command

            return replay_command.add_arguments, replay_command.main
        case "protocol" | "import":
            from console.authoring import command as authoring

            return authoring.entry(name, authoring.PROTOCOL if name == "protocol" else authoring.IMPORT)
        case "export":
            from console.hub import export_command

            return export_command.add_arguments, export_command.main
        case "bench":
            from console.bench import command

            return command.add_arguments, command.main
        case _:
            from console import shoot

            return shoot.add_arguments, shoot.main


def _desk_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--hub", default="", metavar="URL", help="the center's hub; without it the desk starts its own")
    parser.add_argument(
        "--workspace", default="", choices=("dispatch", "clinician", "supervisor"),
        help="without it that of whoever signs in; in an exercise dispatch",
    )  # fmt: skip
    parser.add_argument("--config", type=Path, metavar="DIR", help="the agency's configuration for the desk's own hub")
    parser.add_argument("--exercise", action="store_true", help="go straight into the exercise, without asking")
    parser.add_argument("--speed", type=_speed, default=1.0, metavar="N", help="exercise: times real time, 1 to 600")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="exercise: the same seed plays the same day")
    parser.add_argument("--user", default="", metavar="NAME", help="exercise: which of the ready-made people to be")
    parser.add_argument(
        "--say-when-ready", action="store_true", help="a line of JSON once the board is live, and one with its map"
    )


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 1 <= speed <= 600:
        raise argparse.ArgumentTypeError(f"{text}: write a number; an exercise runs 1 to 600 times real time")
    return speed


def _desk(args: argparse.Namespace) -> int:
    gc.disable()  # until the board is there: hardly anything that a start makes is garbage, and looking takes 30 ms
    from console.ui import program
    from console.ui.options import Options

    if args.hub and (args.exercise or args.config):
        print("heart-console desk: --hub names a hub that has its own configuration and exercise", file=sys.stderr)
        return 2
    if args.hub and not args.hub.lower().startswith(("http://", "https://")):
        print(f"heart-console desk: --hub {args.hub}: a hub's address begins with http:// or https://", file=sys.stderr)
        return 2
    return program.run(
        Options(args.hub, args.workspace, args.config, args.exercise, args.speed, args.seed, args.user, args.say_when_ready)
    )


if __name__ == "__main__":
    sys.exit(main())
