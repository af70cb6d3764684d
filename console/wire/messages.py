"""What travels between hub and desk, beside commands and log entries: snapshot, heartbeat, session, problem."""

from msgspec import Struct

from console.domain.commands import Rejected
from console.domain.ids import CallId, CommandId, DeskId, LogId, NoteId, ProgrammeCode, Seq, UserId
from console.domain.instant import Instant
from console.domain.state import Position, Role, SealedKind, State

FORMAT = 1
"""Version of everything in this folder. Hub and desk ship together: an exact match is asked for, nothing is guessed."""

DESK_TOKEN_HEADER = "x-heart-desk-token"
"""Carries the token that only the desk which started an embedded hub knows."""


class Snapshot(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole shared state as it stood at `seq` of the log `log_id`, and the last known positions."""

    format: int
    log_id: LogId
    seq: Seq
    state: State
    positions: tuple[Position, ...]
    hub_time: Instant
    rate: float = 1.0
    """Seconds of hub time in one real second: 1, or an exercise's speed. See `Heartbeat.rate`."""


class Heartbeat(Struct, frozen=True, forbid_unknown_fields=True):
    """Sent every 5 s of real time: the link lives, where the head is, and the digest of the state at `digest_at`.

    `digest` is `codec.digest` of the state as it stood when entry `digest_at` had been applied; a desk compares it with
    its own at that number, or not at all once it has gone past.
    """

    head: Seq
    hub_time: Instant
    digest_at: Seq
    digest: str
    rate: float = 1.0
    """Seconds of hub time in one real second: 1 at a center, an exercise's speed (1 to 600) in an exercise.

    A desk reckons the hub's time now as `hub_time + rate x real seconds since this arrived`. The hub therefore sends a
    heartbeat at once to every stream when the speed changes, beside the one every 5 s; 0 says that time stands still.
    """


class SignInRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """A name and a password, and the desk they are typed at."""

    user_id: UserId
    password: str
    desk_id: DeskId


class Session(Struct, frozen=True, forbid_unknown_fields=True):
    """Who is signed in, and the token that says so in `Authorization: Bearer`."""

    token: str
    user_id: UserId
    name: str
    role: Role
    desk_id: DeskId
    title: str = ""
    position: str = ""
    programme: ProgrammeCode = ProgrammeCode("")


class Health(Struct, frozen=True, forbid_unknown_fields=True):
    """What a hub says of itself to anybody who asks."""

    ok: bool
    version: str
    format: int
    log_id: LogId
    head: Seq
    hub_time: Instant
    exercise: bool
    desks: int
    """Streams that are open now."""
    telephony: str = ""
    """What is wrong between the hub and the telephone switch; "" while nothing is, or there is none."""
    ground: str = ""
    """What of the center's imported streets, addresses, layers or map cannot be used, and why; "" while all can."""


class ReadyPerson(Struct, frozen=True, forbid_unknown_fields=True):
    """One of an exercise's ready-made people. Their passwords are no secret: an exercise holds nothing real."""

    user_id: UserId
    password: str
    name: str
    role: Role
    title: str = ""
    position: str = ""
    programme: ProgrammeCode = ProgrammeCode("")
    languages: tuple[str, ...] = ("en",)
    skills: tuple[str, ...] = ()
    extension: str = ""


class Exercise(Struct, frozen=True, forbid_unknown_fields=True):
    """A hub's exercise: who may be played, how fast time runs, and the seed that makes it repeat.

    `seated` says who sits at a real desk that is heard of, and at which: nobody else plays them meanwhile.
    """

    people: tuple[ReadyPerson, ...]
    speed: float
    seed: int
    seated: dict[UserId, DeskId] = {}


class ExerciseSpeed(Struct, frozen=True, forbid_unknown_fields=True):
    """How many times faster than real time an exercise runs, 1 to 600."""

    speed: float


class NoteToSeal(Struct, frozen=True, forbid_unknown_fields=True):
    """Words on their way to be sealed: the one form in which they travel to the hub. The same id is sealed once.

    `subject` is what they are about, as `kind` says: a call's id, a known neighbor's (`PROFILE`), a referral's (`NEEDS`).
    Nothing of it is kept on a disk at the desk, and the log gets the note's id alone.
    """

    command_id: CommandId
    subject: str
    note_id: NoteId
    text: str
    kind: SealedKind = SealedKind.CLINICAL


class NoteWanted(Struct, frozen=True, forbid_unknown_fields=True):
    """Why a sealed note is to be opened; "" will do for a call in the reader's own care."""

    reason: str = ""


class NoteOpened(Struct, frozen=True, forbid_unknown_fields=True):
    """The words of a sealed note, for whoever opened it."""

    note_id: NoteId
    text: str


TYPED_AT_MOST = 2_000
"""Characters of unfinished words that travel: the last so many."""


class Typed(Struct, frozen=True, forbid_unknown_fields=True):
    """What stands half-written in a person's field for the narrative of a call; "" once nothing does.

    Never of a clinical note. It is shown to the others on the call while it is typed, and kept nowhere.
    """

    call_id: CallId
    text: str


class Typing(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody else's unfinished words, as of `at` (hub time)."""

    call_id: CallId
    user_id: UserId
    text: str
    at: Instant


class BeingTyped(Struct, frozen=True, forbid_unknown_fields=True):
    """All that others are typing now into the calls that the reader of the stream is on; it replaces what was said before.

    A stream begins with nothing being typed.
    """

    typings: tuple[Typing, ...]


class Problem(Struct, frozen=True, omit_defaults=True):
    """A refusal in the form of RFC 9457, `application/problem+json`; `where` is the place in what was sent."""

    title: str
    status: int
    detail: str
    code: str = ""
    where: str = ""
    about: dict[str, str] = {}
    type: str = "about:blank"

    def rejected(self) -> Rejected:
        """The same, as the outcome of a command."""
        return Rejected(self.code or f"http-{self.status}", self.detail, self.about)
