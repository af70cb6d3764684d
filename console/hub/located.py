"""The beat and the zones of a call, set by the center's layers before the ledger decides."""

import logging
from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from console.domain.agency import Agency
from console.domain.commands import AnyCommand, LocateCall, ReceiveCall
from console.domain.state import Place
from console.domain.times import local
from console.hub.geography import Ground

if TYPE_CHECKING:  # a hub without layers never loads what they take
    from console.geography.layers import Layers

_LOG = logging.getLogger("console.hub")

BEAT = "beat"
"""The kind of layer whose label is a call's beat; those of the others are its zones."""


def by_layers(ground: Ground) -> Callable[[AnyCommand, Agency, datetime], AnyCommand]:
    """What completes each command by the layers at hand, on the local day on which it occurred; without layers, nothing.

    The layers are read first, so that the first call of a start has its beat too: not on the hub's loop.
    """
    ground.layers  # noqa: B018

    def look(command: AnyCommand, agency: Agency, at: datetime) -> AnyCommand:
        if not isinstance(command, ReceiveCall | LocateCall) or command.place.point is None:
            return command
        layers = ground.layers_at_hand
        try:
            return command if layers is None else located(command, layers, local(agency, at).date())
        except Exception:  # a call for help is taken, whatever is wrong with a layer
            _LOG.exception("the layers did not answer; a call is taken without its beat")
            return command

    return look


def located(command: AnyCommand, layers: "Layers", day: date) -> AnyCommand:
    """The command with the beat and the zones of its place as on that day, where it places a call at a known point.

    A beat that was given stays: whoever gave it knew of it. Zones are the layers' to say, of the kinds that there are.
    A place outside every beat has none.
    """
    if not isinstance(command, ReceiveCall | LocateCall) or command.place.point is None:
        return command
    place = _placed(command.place, layers.at(command.place.point, day), layers.kinds(day))
    return command if place == command.place else replace(command, place=place)


def _placed(place: Place, found: dict[str, str], kinds: frozenset[str]) -> Place:
    others = {kind: label for kind, label in place.zones.items() if kind not in kinds}
    zones = others | {kind: label for kind, label in found.items() if kind != BEAT}
    return replace(place, beat=place.beat or found.get(BEAT, ""), zones=zones)
