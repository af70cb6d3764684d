"""The desk's copy of the shared state, which refuses to be wrong."""

from collections.abc import Iterable

from console.domain.events import LogEntry
from console.domain.evolve import evolve
from console.domain.ids import LogId, Seq, UnitId
from console.domain.state import Position, State
from console.link.problems import VersionSkew
from console.wire.codec import Digester
from console.wire.messages import FORMAT, Snapshot


class Gap(Exception):
    """An entry came that is not the next one; something between was missed."""


class Diverged(Exception):
    """The hub's digest and ours differ at the same number: one of the two is wrong, and it is not the hub."""


class Replica:
    """State, positions, and the number of the last entry applied.

    What it promises: the state is always the fold of every entry up to `seq` of the log `log_id`, none left out, none
    applied twice. A repeat is ignored, a gap raises, and only a snapshot moves it to another place or another log.
    It knows no listener; whoever feeds it tells whoever wants to know, afterwards.
    """

    def __init__(self) -> None:
        """Begin with an empty board of no log."""
        self.state = State()
        self.positions: dict[UnitId, Position] = {}
        """Changed in place, never another dictionary: whoever shows the board holds on to this one."""
        self.seq = Seq(0)
        self.log_id: LogId | None = None
        self.trusted = False
        """Whether `seq` is a place from which the stream may go on; false asks for a snapshot."""
        self._digester = Digester()

    def reset(self, snapshot: Snapshot) -> None:
        """Swap the whole board for the snapshot's, or raise `VersionSkew` and keep the old one."""
        if snapshot.format != FORMAT:
            older = "This desk is older than the hub" if snapshot.format > FORMAT else "The hub is older than this desk"
            raise VersionSkew(f"{older}: format {snapshot.format} there, {FORMAT} here.")
        self.state, self.seq, self.log_id = snapshot.state, snapshot.seq, snapshot.log_id
        self.positions.clear()
        self.place(snapshot.positions)
        self.trusted = True

    def apply(self, entry: LogEntry) -> bool:
        """Apply the next entry; return False for a repeat, raise `Gap` for anything but the next."""
        if entry.seq <= self.seq:
            return False
        if entry.seq != self.seq + 1:
            raise Gap(f"Entry {entry.seq} came after {self.seq}.")
        self.state, self.seq = evolve(self.state, entry.event, entry.by, entry.at), entry.seq
        return True

    def place(self, positions: Iterable[Position]) -> None:
        """Take a frame of positions: the last value of each unit in it."""
        self.positions.update((position.unit_id, position) for position in positions)

    def digest(self) -> str:
        """The fingerprint of the state, to be compared with the hub's at the same number."""
        return self._digester.digest(self.state)

    def distrust(self) -> None:
        """Keep showing the board, but go on only from a snapshot."""
        self.trusted = False
