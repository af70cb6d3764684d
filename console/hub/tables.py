"""The tables of a hub's store. Moments are ISO 8601 text in UTC, records the JSON of the wire, snapshots that under zlib."""

from datetime import UTC, datetime

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, LargeBinary, MetaData, String, Table, Text

SCHEMA = "0009"
"""The newest revision under `migrations/versions`; a store that names a revision unknown to us is newer than we are."""

metadata = MetaData()

_Number = BigInteger().with_variant(Integer, "sqlite")
"""A log number: BIGINT, and in SQLite, whose every INTEGER has 64 bits, the row's own key, which saves an index."""

meta = Table("meta", metadata, Column("name", String(64), primary_key=True), Column("value", Text, nullable=False))

log = Table(
    "log",
    metadata,
    # The key is the only lock (architecture, rule 1), so it is never handed out by the database.
    Column("seq", _Number, primary_key=True, autoincrement=False),
    Column("entry", Text, nullable=False),
    Column("recorded_at", String(32), nullable=False),
    Column("command_id", String(64), nullable=False),
)

command_outcome = Table(
    "command_outcome",
    metadata,
    Column("command_id", String(64), primary_key=True),
    Column("outcome", Text, nullable=False),
    Column("seq", _Number, nullable=False),
)

snapshot = Table(
    "snapshot",
    metadata,
    Column("seq", _Number, primary_key=True, autoincrement=False),
    Column("format", Integer, nullable=False),
    Column("state", LargeBinary, nullable=False),
)

call_history = Table(
    "call_history",
    metadata,
    Column("call_id", String(64), primary_key=True),
    Column("number", String(32), nullable=False),
    Column("nature", String(128), nullable=False),
    Column("callback", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("received_at", String(32), nullable=False),
    Column("closed_at", String(32), nullable=False),
    Column("outcome", String(64), nullable=False),
    Column("missed", String(64), nullable=False),
    Column("call", Text, nullable=False),
    # The normal forms of `domain.same_place`, by which contacts are found; a default, for rows are older than they.
    Column("number_key", Text, nullable=False, server_default=""),
    Column("place_key", Text, nullable=False, server_default=""),
    Index("call_history_number_key", "number_key", "received_at"),
    Index("call_history_place_key", "place_key", "received_at"),
    Index("call_history_closed_at", "closed_at"),
)

people = Table(
    "people",
    metadata,
    Column("user_id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", String(32), nullable=False),
    Column("title", Text, nullable=False),
    Column("position", Text, nullable=False),
    Column("programme", String(32), nullable=False),
    Column("languages", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("skills", Text, nullable=False, server_default=""),
    Column("extension", Text, nullable=False, server_default=""),
)

session = Table(
    "session",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("user_id", String(64), nullable=False),
    Column("desk_id", String(64), nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("seen_at", String(32), nullable=False),
)

sign_in_attempt = Table(
    "sign_in_attempt",
    metadata,
    # An audit record (CJIS Security Policy: log-on success and failure), and what a lock-out is computed from.
    Column("attempt_id", String(64), primary_key=True),
    Column("user_id", String(64), nullable=False),
    Column("desk_id", String(64), nullable=False),
    Column("at", String(32), nullable=False),
    Column("accepted", Boolean, nullable=False),
    Index("sign_in_attempt_user_at", "user_id", "at"),
)


subject_key = Table(
    "subject_key",
    metadata,
    # One random key a call, a known neighbor or a referral, under the center's; redaction destroys it, and with it what
    # any copy of the notes is worth.
    Column("key_id", String(64), primary_key=True),
    Column("subject", String(64), nullable=False),
    Column("center_key", String(32), nullable=False),
    Column("wrapped", LargeBinary, nullable=True),
    Column("made_at", String(32), nullable=False),
    Column("destroyed_at", String(32), nullable=False),
    Column("destroyed_by", String(64), nullable=False),
    Column("destroyed_because", Text, nullable=False),
    Index("subject_key_subject", "subject"),
)

sealed_note = Table(
    "sealed_note",
    metadata,
    Column("note_id", String(64), primary_key=True),
    Column("subject", String(64), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("key_id", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

sealed_access = Table(
    "sealed_access",
    metadata,
    # An audit record: who opened which sealed note when and why, and who tried to and was refused.
    Column("access_id", String(64), primary_key=True),
    Column("at", String(32), nullable=False),
    Column("user_id", String(64), nullable=False),
    Column("desk_id", String(64), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("note_id", String(64), nullable=False),
    Column("reason", Text, nullable=False),
    Column("opened", Boolean, nullable=False),
    Index("sealed_access_at", "at"),
)


telephony_cursor = Table(
    "telephony_cursor",
    metadata,
    # One row: up to which entry of the log the center's switch has been told of hand-offs.
    Column("delivered", BigInteger, primary_key=True),
)

track = Table(
    "track",
    metadata,
    # Where units were, a row a fix that was kept, in the order of their coming. There are millions, so moments are numbers:
    # microseconds since 1970, UTC. Written beside the log and never read by it.
    Column("track_id", _Number, primary_key=True),
    Column("unit_id", String(64), nullable=False),
    Column("fix_at", BigInteger, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("latitude", Float, nullable=False),
    Column("longitude", Float, nullable=False),
    Column("speed_km_h", Float, nullable=True),
    Column("course", Float, nullable=True),
    Column("source", Text, nullable=False),
    Column("jump", Boolean, nullable=False),
    Index("track_unit_fix_at", "unit_id", "fix_at"),
)

trip = Table(
    "trip",
    metadata,
    # One drive of a unit to a call: what the streets said when it set out, and what it took. No word of whom it was for.
    Column("call_id", String(64), primary_key=True),
    Column("unit_id", String(64), primary_key=True),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("begun_at", String(32), nullable=False),
    Column("estimated_minutes", Float, nullable=False),
    Column("minutes", Float, nullable=True),
    Index("trip_begun_at", "begun_at"),
)

tablet = Table(
    "tablet",
    metadata,
    # A device of a unit's crew. Its token is known by its digest only; "" stands for never.
    Column("tablet_id", String(64), primary_key=True),
    Column("unit_id", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("token_hash", String(64), nullable=False),
    Column("added_at", String(32), nullable=False),
    Column("heard_at", String(32), nullable=False),
    Column("revoked_at", String(32), nullable=False),
    Index("tablet_token_hash", "token_hash", unique=True),
)


def instant_text(at: datetime) -> str:
    """Write a moment so that text order is time order: UTC, always with microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
