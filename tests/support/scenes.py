"""Given-when-then for the rules: a log that is told in commands, and what came of the last one."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from console.domain import commands as c
from console.domain.commands import Rejected
from console.domain.decide import decide
from console.domain.events import AnyEvent, LogEntry
from console.domain.evolve import evolve
from console.domain.ids import CallId, CommandId, DeskId, HandOffId, Seq, UnitId, UserId
from console.domain.state import Call, Place, Role, Source, State, Unit, UnitStatus
from tests.support.agency import AGENCY, CRISIS, PHONE

START = datetime(2026, 5, 4, 18, 30, tzinfo=UTC)
"""A Monday, 14:30 in Anytown."""

OKAFOR = UserId("okafor")
REYES = UserId("reyes")
LIN = UserId("lin")
NOVAK = UserId("novak")
"""A second telecommunicator, and below a supervisor, whom a test signs in where it wants them."""
LINDQVIST = UserId("lindqvist")
DISPATCHER = OKAFOR

CALL = CallId("call-1")
T1, T2, A1 = UnitId("T1"), UnitId("T2"), UnitId("A1")


@dataclass
class Scene:
    """A state and the clock beside it. `when` carries out a command and moves a second on; `given` insists on success."""

    state: State = field(default_factory=State)
    at: datetime = START
    log: list[LogEntry] = field(default_factory=list)

    def when(
        self, command: c.AnyCommand, by: UserId = DISPATCHER, occurred_at: datetime | None = None
    ) -> tuple[AnyEvent, ...] | Rejected:
        occurred = occurred_at or self.at
        verdict = decide(self.state, command, by, occurred)
        if not isinstance(verdict, Rejected):
            for event in verdict:
                self.state = evolve(self.state, event, by, occurred)
                seq = Seq(len(self.log) + 1)
                self.log.append(LogEntry(seq, event, by, occurred, self.at, CommandId(f"c{seq}"), None))
        self.at += timedelta(seconds=1)
        return verdict

    def given(self, *commands: c.AnyCommand, by: UserId = DISPATCHER) -> "Scene":
        for command in commands:
            verdict = self.when(command, by)
            assert not isinstance(verdict, Rejected), (command, verdict)
        return self

    def rejected(self, command: c.AnyCommand, by: UserId = DISPATCHER) -> str:
        """The code of the rejection that the command must get."""
        before = self.state
        verdict = self.when(command, by)
        assert isinstance(verdict, Rejected), verdict
        assert verdict.reason.strip()
        assert self.state is before
        return verdict.code

    def call(self, call_id: CallId = CALL) -> Call:
        return self.state.calls[call_id]

    def unit(self, unit_id: UnitId = T1) -> Unit:
        return self.state.units[unit_id]


def sign_in(user: UserId, role: Role = Role.CLINICIAN) -> c.SignIn:
    programme = PHONE if role is Role.CLINICIAN else ""
    return c.SignIn(user, user.title(), role, DeskId(f"desk-{user}"), programme=programme)  # type: ignore[arg-type]


def receive(call_id: CallId = CALL, nature: str = CRISIS, **fields: object) -> c.ReceiveCall:
    values: dict[str, object] = {"place": Place("100 Main St", 36.0, -78.9), **fields}
    return c.ReceiveCall(call_id, Source.CALL_911, nature, **values)  # type: ignore[arg-type]


def status(unit: UnitId, *steps: UnitStatus) -> tuple[c.SetUnitStatus, ...]:
    return tuple(c.SetUnitStatus(unit, step) for step in steps)


def floor() -> Scene:
    """A configured center: units on duty, a telecommunicator and two clinicians at work, no calls."""
    scene = Scene().given(c.ConfigureAgency(AGENCY))
    scene.given(*(c.SetUnitStatus(UnitId(u), UnitStatus.AVAILABLE) for u in ("T1", "T2", "A1")))
    return scene.given(sign_in(OKAFOR, Role.TELECOMMUNICATOR), sign_in(REYES), sign_in(LIN))


def offer(to: UserId = REYES, hand_off: str = "h1", call_id: CallId = CALL) -> c.OfferHandOff:
    return c.OfferHandOff(call_id, HandOffId(hand_off), to)


def accepted(scene: Scene, by: UserId = REYES, hand_off: str = "h1", call_id: CallId = CALL) -> Scene:
    """Offered by the telecommunicator and taken up by a clinician, who is not yet alone with the caller."""
    scene.given(offer(by, hand_off, call_id))
    return scene.given(c.AcceptHandOff(call_id, HandOffId(hand_off)), by=by)


def taken(scene: Scene, by: UserId = REYES, hand_off: str = "h1", call_id: CallId = CALL) -> Scene:
    """A hand-off carried through: offered, accepted, the caller told, both heard, and released into a clinician's care."""
    return released(accepted(scene, by, hand_off, call_id), hand_off, call_id)


def released(scene: Scene, hand_off: str = "h1", call_id: CallId = CALL, by: UserId = DISPATCHER) -> Scene:
    """An accepted hand-off carried to its end by whoever offered it."""
    one = HandOffId(hand_off)
    scene.given(c.TellCaller(call_id, one), c.VerifyConnection(call_id, one), by=by)
    return scene.given(c.ReleaseHandOff(call_id, one), by=by)
