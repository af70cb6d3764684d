"""What every pane is given, and all it is given: so a pane can be opened, and tested, by itself."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from console.domain.ids import UserId
from console.domain.outreach import caller_remembered
from console.domain.state import Call
from console.ui.actions import Keys
from console.ui.drafts import Drafts
from console.ui.map.map_tiles import MapTiles
from console.ui.neighbor_history import NeighborHistory
from console.ui.notices import Notices
from console.ui.opening import Opening
from console.ui.road_times import RoadMinutes
from console.ui.sealing import Sealing
from console.ui.selection import Selection
from console.ui.store import Store
from console.ui.theme import Look, look
from console.ui.ticking import Ticker


class Typing(QObject):
    """Where a pane asks for the command line: the signal carries what stands on it already, for the person to go on."""

    begun = Signal(str)


class Context:
    """The live store, what is chosen, the one ticker, where notices go, the keys, where typing begins,
    what is half typed, whether the desk is still opening, and the way by which sealed words travel.

    For a test: `Context(Store(state=..., now=..., submit=fake))`; everything else makes itself.
    """

    def __init__(self, store: Store, *, drafts: Drafts | None = None, opening: Opening | None = None) -> None:
        self.store = store
        self.selection = Selection()
        self.ticker = Ticker()
        self.notices = Notices()
        self.actions = Keys()
        self.typing = Typing()
        self.drafts = drafts or Drafts()
        self.opening = opening or Opening()
        self.sealing = Sealing()
        self.theme: Look = look
        self.tiles = MapTiles(store)
        """The center's map tiles, fetched once for whatever draws a map."""
        self.neighbor = NeighborHistory(store, self.selection)
        """The contacts of the chosen call's neighbor, asked once for all panes."""
        self.roads = RoadMinutes(store)
        """How far the units are from the chosen call by road, asked while somebody shows it."""
        self.ticker.second.connect(self.neighbor.tick)

    @property
    def me(self) -> UserId:
        """The sign-in name of the person at this desk; "" for nobody."""
        return self.store.me.user_id if self.store.me else UserId("")

    @property
    def chosen_caller(self) -> Call | None:
        """The chosen call, or once it has left the board what its follow-up remembers of who called; None for neither."""
        call_id = self.selection.call_id
        return self.chosen_call or (caller_remembered(self.store.state, call_id) if call_id else None)

    @property
    def chosen_call(self) -> Call | None:
        """The chosen call as it is now; None where none is chosen, or it has left the board."""
        call_id = self.selection.call_id
        return self.store.state.calls.get(call_id) if call_id else None
