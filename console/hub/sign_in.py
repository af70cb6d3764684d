"""Signing in: argon2id passwords, lock-out, and sessions that outlive a restart of the hub."""

import asyncio
import logging
import secrets
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import uuid4

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from msgspec import Struct
from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from console.domain.commands import Order, Rejected, SignIn, SignOff
from console.domain.ids import CommandId, DeskId, UserId, derived_id
from console.domain.state import PresenceStatus, Role
from console.hub import people
from console.hub.ledger import Ledger
from console.hub.people import Person
from console.hub.problems import Refusal
from console.hub.store import Store
from console.hub.tables import instant_text, session, sign_in_attempt
from console.wire.messages import ReadyPerson, Session, SignInRequest

_LOG = logging.getLogger("console.hub")

WRONG_AT_MOST = 5
WRONG_WITHIN = timedelta(minutes=15)
LOCKED_FOR = timedelta(minutes=10)
"""Five wrong attempts within 15 minutes lock a name for 10 (CJIS Security Policy)."""
UNSEEN_AT_MOST = timedelta(hours=12)
"""A session that nobody used for so long has ended: a shift is over."""
_KEEP_EVERY_S = 60.0


class Signed(Struct):
    """A session in use. `seen` is written to the store now and then, not with every request."""

    person: Person
    desk_id: DeskId
    seen: datetime
    fresh: bool = False


def _utc() -> datetime:
    return datetime.now(UTC)


def locked_until(attempts: Sequence[tuple[datetime, bool]], now: datetime) -> datetime | None:
    """When a lock ends that these attempts (in order of time; was it right?) have brought about, if it still stands."""
    wrong: list[datetime] = []
    for at, right in attempts:
        wrong = [] if right else [*wrong, at]
    if len(wrong) < WRONG_AT_MOST or wrong[-1] - wrong[-WRONG_AT_MOST] > WRONG_WITHIN:
        return None
    until = wrong[-1] + LOCKED_FOR
    return until if until > now else None


class SignIns:
    """Who may come in, and who is in."""

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        ready: Iterable[ReadyPerson] = (),
        now: Callable[[], datetime] = _utc,
        hasher: PasswordHasher | None = None,
    ) -> None:
        """Load the sessions that were open. `now` is real time: a lock-out does not run faster in an exercise."""
        self._store, self._ledger, self._now = store, ledger, now
        self._ready = {person.user_id: person for person in ready}
        self._hasher = hasher or PasswordHasher()
        self._turn = asyncio.Lock()
        # One thread: many names tried at once wait for each other, not the loop for them; each takes 64 MiB.
        self._thread = ThreadPoolExecutor(1, "password")
        self._signed = store.read_now(self._open_sessions)

    def who(self, authorization: str | None, *, uses: bool = True) -> Signed:
        """The session that an `Authorization` header names, or a 401; `uses` is False for what keeps no session open."""
        scheme, _, token = (authorization or "").partition(" ")
        signed = self._signed.get(_hash(token)) if scheme.lower() == "bearer" else None
        now = self._now()
        if signed is None or now - signed.seen > UNSEEN_AT_MOST:
            raise Refusal(401, "You are not signed in, or your session has ended. Sign in again.", "not-signed-in")
        if uses:
            signed.seen, signed.fresh = now, True
        return signed

    async def sign_in(self, request: SignInRequest) -> Session:
        """Let somebody in. The refusal does not say whether the name or the password was wrong."""
        if len(request.user_id) > people.LONGEST_NAME or not 0 < len(request.desk_id) <= people.LONGEST_NAME:
            raise Refusal(400, f"A name has 1 to {people.LONGEST_NAME} characters.", "name-too-long", "$.user_id")
        async with self._turn:
            await self._not_locked(request.user_id)
            person = await self._verified(request)
            await self._store.write(lambda connection: self._note_attempt(connection, request, person is not None))
        if person is None:
            _LOG.warning("a sign-in was refused: %r at desk %r", request.user_id, request.desk_id)
            raise Refusal(401, "This name and password do not belong together.", "sign-in-wrong")
        token = secrets.token_urlsafe(32)
        if person.role is not Role.ACTOR:
            command = SignIn(
                person.user_id, person.name, person.role, request.desk_id, person.title, person.position,
                person.programme, person.languages, person.skills, person.extension,
            )  # fmt: skip
            await self._submit(command, person.user_id, request.desk_id, _hash(token))
        await self._store.write(lambda connection: self._keep_session(connection, token, person, request.desk_id))
        self._signed[_hash(token)] = Signed(person, request.desk_id, self._now())
        return Session(
            token, person.user_id, person.name, person.role, request.desk_id, person.title, person.position,
            person.programme,
        )  # fmt: skip

    async def sign_out(self, authorization: str | None) -> None:
        """End a session; whoever has no other is off work, unless a caller is in their care."""
        signed = self.who(authorization)
        token_hash = _hash((authorization or "").partition(" ")[2])
        presence = self._ledger.state.people.get(signed.person.user_id)
        if presence and presence.desk_id == signed.desk_id and presence.status is not PresenceStatus.SIGNED_OFF:
            await self._submit(SignOff(signed.person.user_id), signed.person.user_id, signed.desk_id, token_hash)
        await self._store.write(
            lambda connection: connection.execute(delete(session).where(session.c.token_hash == token_hash))
        )
        self._signed.pop(token_hash, None)

    async def keep(self) -> None:
        """Now and then write down when sessions were last used, and drop those that have ended; until cancelled."""
        while True:
            await asyncio.sleep(_KEEP_EVERY_S)
            try:
                await self._write_seen()
            except (SQLAlchemyError, OSError) as error:  # tried again next time; nobody is signed out by it
                _LOG.warning("the use of sessions could not be written down: %s", error)

    def close(self) -> None:
        """Let the thread go."""
        self._thread.shutdown()

    async def _submit(self, command: SignIn | SignOff, by: UserId, desk_id: DeskId, token_hash: str) -> None:
        order = Order(CommandId(derived_id(type(command).__name__, token_hash, str(uuid4()))), command)
        outcome = await self._ledger.submit(order, by, desk_id)
        if isinstance(outcome, Rejected):
            raise Refusal(409, outcome.reason, outcome.code, about=outcome.about)

    async def _not_locked(self, user_id: str) -> None:
        attempts = await self._store.read(lambda connection: self._attempts(connection, user_id))
        until = locked_until(attempts, self._now())
        if until is not None:
            minutes = max(1, round((until - self._now()).total_seconds() / 60))
            raise Refusal(
                423,
                f"Too many wrong attempts: this name is locked for another {minutes} min. A supervisor can tell you more.",
                "locked",
                about={"until": until.isoformat()},
            )

    async def _verified(self, request: SignInRequest) -> Person | None:
        ready = self._ready.get(request.user_id)
        if ready is not None:
            right = secrets.compare_digest(ready.password.encode(), request.password.encode())
            return people.ready(ready) if right else None
        person = await self._store.read(lambda connection: people.find(request.user_id, connection))
        loop = asyncio.get_running_loop()
        right = await loop.run_in_executor(self._thread, self._matches, person, request.password)
        return person if right else None

    def _matches(self, person: Person | None, password: str) -> bool:
        if person is None:
            self._hasher.hash(password)  # a name that nobody has takes as long as one that somebody has
            return False
        try:
            return self._hasher.verify(person.password_hash, password)
        except (VerificationError, InvalidHashError):
            return False

    def _attempts(self, connection: Connection, user_id: str) -> list[tuple[datetime, bool]]:
        since = instant_text(self._now() - WRONG_WITHIN - LOCKED_FOR)
        rows = connection.execute(
            select(sign_in_attempt.c.at, sign_in_attempt.c.accepted)
            .where(sign_in_attempt.c.user_id == user_id, sign_in_attempt.c.at > since)
            .order_by(sign_in_attempt.c.at)
        )
        return [(datetime.fromisoformat(row.at), row.accepted) for row in rows]

    def _note_attempt(self, connection: Connection, request: SignInRequest, accepted: bool) -> None:
        connection.execute(
            insert(sign_in_attempt).values(
                attempt_id=str(uuid4()), user_id=request.user_id, desk_id=request.desk_id,
                at=instant_text(self._now()), accepted=accepted,
            )
        )  # fmt: skip

    def _keep_session(self, connection: Connection, token: str, person: Person, desk_id: DeskId) -> None:
        at = instant_text(self._now())
        connection.execute(
            insert(session).values(
                token_hash=_hash(token), user_id=person.user_id, desk_id=desk_id, created_at=at, seen_at=at
            )
        )

    def _open_sessions(self, connection: Connection) -> dict[str, Signed]:
        found: dict[str, Signed] = {}
        since = instant_text(self._now() - UNSEEN_AT_MOST)
        for row in connection.execute(select(session).where(session.c.seen_at > since)):
            ready = self._ready.get(row.user_id)
            person = people.ready(ready) if ready else people.find(row.user_id, connection)
            if person is not None:
                found[row.token_hash] = Signed(person, DeskId(row.desk_id), datetime.fromisoformat(row.seen_at))
        return found

    async def _write_seen(self) -> None:
        ended_before = self._now() - UNSEEN_AT_MOST
        self._signed = {token: signed for token, signed in self._signed.items() if signed.seen > ended_before}
        seen = {token: instant_text(signed.seen) for token, signed in self._signed.items() if signed.fresh}
        for signed in self._signed.values():
            signed.fresh = False

        def write(connection: Connection) -> None:
            for token, at in seen.items():
                connection.execute(update(session).where(session.c.token_hash == token).values(seen_at=at))
            connection.execute(delete(session).where(session.c.seen_at <= instant_text(ended_before)))

        await self._store.write(write)


def _hash(token: str) -> str:
    """A token is long and random, so a plain digest keeps it as well as a slow one would."""
    return sha256(token.encode()).hexdigest()
