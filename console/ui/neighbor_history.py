"""The contacts of the chosen call's neighbor: asked once a call, and again when its number or place changes."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Signal

from console.domain.acquaintance import neighbor_of
from console.domain.changes import Changes
from console.domain.contacts import Contacts, Known, ago, counts_words, known, latest_words, over
from console.domain.ids import CallId
from console.domain.outreach import caller_remembered
from console.domain.same_place import number_key, place_key
from console.domain.state import Call
from console.ui.known_neighbor import floor_words
from console.ui.question import Question
from console.ui.selection import Selection
from console.ui.store import Store

OLD_S: Final = 60
"""An answer of so long ago says when it was asked."""

Asked = tuple[CallId, str, str]


class NeighborHistory(QObject):
    """What the hub's history answered of one call, for every pane that shows that call."""

    changed = Signal()
    """There is an answer, or none any more."""

    def __init__(self, store: Store, selection: Selection) -> None:
        super().__init__()
        self._store, self._selection = store, selection
        self._asked: Asked | None = None
        self._question: Question[Contacts] = Question(store, self._hear)
        self.past: Contacts | None = None
        self._minute = 0
        self.why_not = ""
        """Why there is no newer answer; "" for none."""
        store.changed.connect(self._follow)
        store.link_changed.connect(self._link)
        store.me_changed.connect(self._begin_anew)
        selection.call_changed.connect(self._choose)

    def _look(self) -> bool:
        """Ask, if the chosen call has another number or place than was asked for, or is another; tells whether it is."""
        asked = _question(self._chosen())
        if asked == self._asked:
            return False
        self._asked, self.past, self.why_not = asked, None, ""
        self._question.cancel()
        if asked is not None:
            self._ask()
        return True

    def known(self, call: Call) -> Known:
        """The other calls of this neighbor: of the board as it is now, and of the history where it has answered."""
        mine = self._asked is not None and self._asked[0] == call.call_id
        return known(self._store.state, call, self.past if mine else None, self._store.now())

    def reach(self) -> str:
        """What stands in the way of believing the counts: no answer yet, an old one, or none; "" for nothing."""
        if self.past is None:
            if self.why_not:
                return self.why_not
            return "asking the history" if self._question.waits else ""
        now = self._store.now()
        old = (now - self.past.asked_at).total_seconds() >= OLD_S
        return " · ".join(filter(None, (self.why_not, f"asked {ago(self.past.asked_at, now)}" if old else "")))

    def tick(self) -> None:
        """A second has gone by: once a minute the age of an old answer is another."""
        if self.past is not None:
            minute = int((self._store.now() - self.past.asked_at).total_seconds()) // OLD_S
            if minute != self._minute:
                self._minute = minute
                self.changed.emit()

    def words(self, call: Call) -> str:
        """The heading's line: how often, the latest, and how far that can be believed; "" where nothing can be asked."""
        if _question(call) is None:
            return ""
        found, agency = self.known(call), self._store.state.agency
        parts = []
        if found.listed:
            here = "" if self.past else " on the board"
            number = f" ({found.by_number} from this number)" if 0 < found.by_number < found.counts[-1] else ""
            latest = latest_words(agency, found.listed[0], self._store.now())
            parts.append(f"↻ {counts_words(found.counts)}{here}{number}; {latest}")
        elif self.past is not None:
            parts.append(f"no other contact {over(self.past)}")
        return " · ".join(filter(None, (*parts, self.reach())))

    def acquainted(self, call: Call) -> str:
        """What the floor knows of a known neighbor, for whoever takes the call; "" for somebody whom nobody knows."""
        state = self._store.state
        neighbor = neighbor_of(state, call)
        return floor_words(state, neighbor, self._store.now()) if neighbor is not None else ""

    def coverage(self, found: Known) -> str:
        """What a list of these contacts covers, plainly, in whole sentences."""
        reach = self.reach()
        reach = f"{reach[:1].upper()}{reach[1:]}." if reach else ""
        if self.past is None:
            hours = self._store.state.agency.keep_closed_h
            board = f"Only the live board is shown: open calls and those closed in the last {hours} hours."
            return f"{reach} {board}".strip()
        number = f"; {found.by_number} of them from this number" if found.listed else ""
        fewer = f" The latest {len(found.listed)} are listed." if found.counts[-1] > len(found.listed) else ""
        return f"From the same number or place {over(self.past)}{number}.{fewer} {reach}".strip()

    def _chosen(self) -> Call | None:
        call_id = self._selection.call_id
        state = self._store.state
        return (state.calls.get(call_id) or caller_remembered(state, call_id)) if call_id else None

    def _ask(self) -> None:
        call = self._chosen()
        if call is not None:
            callback, address = call.callback, call.place.address
            self._question.ask(lambda history: history.contacts(callback, address))

    def _hear(self, answer: Contacts | None, why: str) -> None:
        self.past, self.why_not, self._minute = answer or self.past, why, 0
        self.changed.emit()

    def _follow(self, different: Changes) -> None:
        """A call that left the board is in the history alone: what was answered before may lack it."""
        if self._look() or different.neighbors:
            self.changed.emit()
        elif self.past and any(call_id not in self._store.state.calls for call_id in different.calls):
            self._ask()

    def _link(self) -> None:
        """The hub is there again: what could not be asked is asked now."""
        if self.why_not and self._store.link is not None and self._store.link.connected:
            self._ask()

    def _begin_anew(self) -> None:
        """Another person, another right to look; nobody has none."""
        self._question.cancel()
        self._asked, self.past, self.why_not = None, None, ""
        if self._store.me is not None:
            self._look()
        self.changed.emit()

    def _choose(self) -> None:
        """Another call is chosen: the panes that show it look by themselves, after this."""
        self._look()


def _question(call: Call | None) -> Asked | None:
    """What is asked of a call; None where neither its number nor its place says anything."""
    keys = (number_key(call.callback), place_key(call.place.address)) if call else ("", "")
    return (call.call_id, *keys) if call and any(keys) else None
