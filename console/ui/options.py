"""How a desk was asked to start."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct


class Options(Struct, frozen=True):
    """What the command line says; `hub` is the address of a center's hub, "" for the desk's own."""

    hub: str = ""
    workspace: str = ""
    """The workspace that was asked for; "": that of whoever signs in, in an exercise dispatch."""
    configuration: Path | None = None
    exercise: bool = False
    speed: float = 1.0
    seed: int = 1
    user: str = ""
    say_when_ready: bool = False
    """Write a line of JSON on standard output when the board is live and painted, and one when its map is drawn."""
