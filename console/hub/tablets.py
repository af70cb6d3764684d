"""Tablets: one token a device, kept as its digest, bound to one unit, revocable; and when each was last heard of."""

import logging
import secrets
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256

from sqlalchemy import Connection, RowMapping, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from console.domain.ids import UnitId
from console.hub.problems import Refusal
from console.hub.sign_in import WRONG_WITHIN, locked_until
from console.hub.store import Store
from console.hub.tables import instant_text, tablet
from console.wire.field import TabletSeen

_LOG = logging.getLogger("console.hub")

LONGEST_NAME = 64
WRITTEN_EVERY = timedelta(minutes=1)
"""A tablet's use is written to the store at most so often; in memory it is known at once."""
_ADDRESSES_AT_MOST = 1_000


def _utc() -> datetime:
    return datetime.now(UTC)


class WrongTokens:
    """Wrong tokens by the address they came from: five within 15 minutes, and for 10 more are answered without a look.

    A right token is let in all the same. A token has 256 random bits, so that guessing is not what the bound is against;
    but a crew must not lose its line because somebody else behind the same address types nonsense.
    """

    def __init__(self) -> None:
        """Know of none."""
        self._wrong: dict[str, deque[datetime]] = {}

    def locked_until(self, address: str, now: datetime) -> datetime | None:
        """Until when no further wrong token of this address is listened to; None where it may try."""
        return locked_until([(at, False) for at in self._wrong.get(address, ())], now)

    def note(self, address: str, now: datetime) -> None:
        """One more; addresses that were quiet the longest are forgotten first."""
        tries = self._wrong.pop(address, None) or deque(maxlen=16)
        while tries and now - tries[0] > 2 * WRONG_WITHIN:
            tries.popleft()
        tries.append(now)
        self._wrong[address] = tries
        while len(self._wrong) > _ADDRESSES_AT_MOST:
            del self._wrong[next(iter(self._wrong))]


class Tablets:
    """Whose token it is, and when it was last used. The store is asked each time, so that revoking works at once."""

    def __init__(self, store: Store, now: Callable[[], datetime] = _utc) -> None:
        """`now` is real time: what is told here is told of devices, not of the exercise they may take part in."""
        self._store, self._now = store, now
        self._heard: dict[str, datetime] = {}
        self._written: dict[str, datetime] = {}
        self._wrong = WrongTokens()

    async def who(self, authorization: str | None, address: str) -> TabletSeen:
        """The tablet that an `Authorization` header names, which thereby was heard of; else a 401, or a 429 after many."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Refusal(401, "This tablet has not said who it is. Give it its token.", "no-token")
        found = await self._store.read(partial(find, token))
        now = self._now()
        if found is None or found.revoked_at is not None:
            raise self._refused(address, now, revoked=found is not None)
        await self._hear(found.tablet_id, now)
        return found

    async def all(self) -> list[TabletSeen]:
        """Every tablet there ever was, with when it was last heard of."""
        return [self._as_heard(one) for one in await self._store.read(listed)]

    def _as_heard(self, seen: TabletSeen) -> TabletSeen:
        heard = self._heard.get(seen.tablet_id, seen.heard_at)
        return TabletSeen(seen.tablet_id, seen.unit_id, seen.name, seen.added_at, heard, seen.revoked_at)

    def _refused(self, address: str, now: datetime, *, revoked: bool) -> Refusal:
        until = self._wrong.locked_until(address, now)
        if until is not None:
            minutes = max(1, round((until - now).total_seconds() / 60))
            words = f"Too many wrong tokens came from here: none is looked at for another {minutes} min. Use the radio."
            return Refusal(429, words, "locked", about={"until": until.isoformat()})
        self._wrong.note(address, now)
        _LOG.warning("a tablet's token was refused (%s), from %s", "revoked" if revoked else "unknown", address)
        if revoked:
            return Refusal(401, "This tablet's token was taken back. Use the radio, and ask for a new one.", "token-revoked")
        return Refusal(401, "The hub does not know this token. Use the radio, and ask for a new one.", "token-unknown")

    async def _hear(self, tablet_id: str, now: datetime) -> None:
        self._heard[tablet_id] = now
        written = self._written.get(tablet_id)
        if written is not None and now - written < WRITTEN_EVERY:
            return
        self._written[tablet_id] = now
        try:
            await self._store.write(partial(_write_heard, tablet_id, now))
        except (SQLAlchemyError, OSError) as error:  # in memory it is known; the crew's own line does not hang on it
            _LOG.warning("when a tablet was heard could not be written down: %s", error)


def add(unit_id: UnitId, name: str, now: datetime, connection: Connection) -> tuple[str, str]:
    """A new tablet of a unit: its id, and the token that nobody can read again afterwards."""
    tablet_id, token = secrets.token_hex(4), secrets.token_urlsafe(32)
    connection.execute(
        insert(tablet).values(
            tablet_id=tablet_id, unit_id=unit_id, name=name, token_hash=_hash(token), added_at=instant_text(now),
            heard_at="", revoked_at="",
        )
    )  # fmt: skip
    return tablet_id, token


def revoke(tablet_id: str, now: datetime, connection: Connection) -> TabletSeen | None:
    """Take a token back; None where no tablet has this id. One that was taken back before keeps when."""
    row = connection.execute(select(tablet).where(tablet.c.tablet_id == tablet_id)).mappings().first()
    if row is None:
        return None
    if not row["revoked_at"]:
        connection.execute(update(tablet).where(tablet.c.tablet_id == tablet_id).values(revoked_at=instant_text(now)))
    return _seen(row)


def find(token: str, connection: Connection) -> TabletSeen | None:
    """The tablet that has this token."""
    row = connection.execute(select(tablet).where(tablet.c.token_hash == _hash(token))).mappings().first()
    return _seen(row) if row is not None else None


def listed(connection: Connection) -> list[TabletSeen]:
    """Every tablet in the store, by unit and then in the order in which they came."""
    rows = connection.execute(select(tablet).order_by(tablet.c.unit_id, tablet.c.added_at, tablet.c.tablet_id)).mappings()
    return [_seen(row) for row in rows]


def _seen(row: RowMapping) -> TabletSeen:
    moments = (datetime.fromisoformat(row[name]) if row[name] else None for name in ("heard_at", "revoked_at"))
    added = datetime.fromisoformat(row["added_at"])
    return TabletSeen(row["tablet_id"], UnitId(row["unit_id"]), row["name"], added, *moments)


def _write_heard(tablet_id: str, at: datetime, connection: Connection) -> None:
    connection.execute(update(tablet).where(tablet.c.tablet_id == tablet_id).values(heard_at=instant_text(at)))


def _hash(token: str) -> str:
    """A token is long and random, so a plain digest keeps it as well as a slow one would."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
