"""The hub's HTTP interface as a desk calls it: each route one method, each failure one of four exceptions."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import NoReturn, Self, TypeVar
from urllib.parse import quote, urlencode

from console.domain.agency import Point
from console.domain.commands import Accepted, CommandOutcome, Order
from console.domain.contacts import Contacts, NumbersBegun
from console.domain.ids import DeskId, LogId, NoteId, Seq, UnitId, UserId
from console.link.events_stream import Message, messages
from console.link.http_origin import HttpOrigin, Response
from console.link.problems import Gone, HubFault, Refused, Unreachable, VersionSkew
from console.wire.codec import Unreadable, decode, encode
from console.wire.feeds import FeedHealth
from console.wire.geography import Coverage, FoundPlace, Layer, RoadTimes, Track
from console.wire.messages import (
    DESK_TOKEN_HEADER,
    FORMAT,
    Exercise,
    ExerciseSpeed,
    Health,
    NoteOpened,
    NoteToSeal,
    NoteWanted,
    Problem,
    Session,
    SignInRequest,
    Snapshot,
    Typed,
)
from console.wire.tiles import TileSet

HEARTBEAT_S = 5.0
STREAM_SILENCE_S = 3 * HEARTBEAT_S
"""A stream that is silent for three heartbeats is a dead one, even if no packet says so."""
AGAIN = (408, 429)
"""The two 4xx that say "not now" instead of "no" (RFC 9110 15.5.9, RFC 6585 4)."""

NO_HEADERS: Mapping[str, str] = {}

T = TypeVar("T")


class HubClient:
    """One hub, seen from one desk. Holds the session token once signed in.

    The hub is asked directly, whatever proxy the environment names: it stands on the same floor or the same machine.
    """

    def __init__(self, url: str = "", desk_token: str | None = None) -> None:
        """Take the hub's address and, for an embedded hub, the token that only this desk knows."""
        self._http = HttpOrigin(url, {DESK_TOKEN_HEADER: desk_token} if desk_token else NO_HEADERS)
        self._layers: tuple[Layer, ...] = ()
        self._layers_tag = ""

    def move_to(self, url: str) -> None:
        """Ask there from now on: an embedded hub that was started again listens on another port."""
        self._http.move_to(url)

    async def __aenter__(self) -> Self:
        """Open nothing yet; connections are made when needed."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close every connection."""
        await self.close()

    async def close(self) -> None:
        """Close every connection."""
        await self._http.close()

    async def health(self) -> Health:
        """What the hub says of itself; needs no session."""
        return await self._get("/v1/health", Health)

    async def exercise(self) -> Exercise | None:
        """The hub's exercise, or None where there is none."""
        try:
            return await self._get("/v1/exercise", Exercise)
        except Refused as refused:
            if refused.problem.status == 404:
                return None
            raise

    async def set_speed(self, speed: float) -> None:
        """Let the exercise run `speed` times faster than real time."""
        await self._ask("PUT", "/v1/exercise/speed", ExerciseSpeed(speed))

    async def sign_in(self, user_id: UserId, password: str, desk_id: DeskId) -> Session:
        """Open a session and use it from now on."""
        session = _read(await self._ask("POST", "/v1/sign-in", SignInRequest(user_id, password, desk_id)), Session)
        self.use(session)
        return session

    def use(self, session: Session | None) -> None:
        """Send this session's token with every request, or none."""
        if session is None:
            self._http.headers.pop("authorization", None)
        else:
            self._http.headers["authorization"] = f"Bearer {session.token}"

    async def sign_out(self) -> None:
        """End the session at the hub, and forget it here even when the hub does not answer; not where it refuses."""
        try:
            await self._ask("POST", "/v1/sign-out")
        except Refused as refused:
            if not refused.signed_out:
                raise
        except Unreachable:
            self.use(None)
            raise
        self.use(None)

    async def end(self, session: Session) -> None:
        """End another session than the one in use: that of the person who sat here before."""
        await self._ask("POST", "/v1/sign-out", headers={"authorization": f"Bearer {session.token}"})

    async def here(self) -> None:
        """Tell the hub that this desk lives and hears it."""
        await self._ask("POST", "/v1/here")

    async def type_into(self, typed: Typed) -> None:
        """Tell what is being typed into a call."""
        await self._ask("POST", "/v1/typing", typed)

    async def submit(self, order: Order) -> CommandOutcome:
        """Have a command carried out; a rejection (409) is an outcome. The same id always gets the same one."""
        try:
            return _read(await self._ask("POST", "/v1/commands", order), Accepted)
        except Refused as refused:
            if refused.problem.status == 409:
                return refused.rejected()
            raise

    async def snapshot(self) -> Snapshot:
        """The whole state now; `VersionSkew` when it is written in another format."""
        body = await self._ask("GET", "/v1/snapshot")
        try:
            return decode(body, Snapshot)
        except Unreadable as error:
            raise VersionSkew(f"This desk cannot read the hub's board ({error}). {await self._versions()}") from error

    async def seal_note(self, note: NoteToSeal) -> CommandOutcome:
        """Have the hub seal words; a refusal by rule (409) is an outcome. The same ids always get the same one."""
        try:
            return _read(await self._ask("POST", "/v1/notes", note), Accepted)
        except Refused as refused:
            if refused.problem.status == 409:
                return refused.rejected()
            raise

    async def open_note(self, note_id: NoteId, reason: str = "") -> NoteOpened:
        """The words of a sealed note; the hub writes down who opened it and why. Raises `Refused` where it may not be."""
        path = f"/v1/notes/{quote(note_id, safe='')}/open"
        return _read(await self._ask("POST", path, NoteWanted(reason)), NoteOpened)

    async def contacts(self, callback: str, address: str) -> Contacts:
        """The closed calls of a callback number and of a place; one of the two may be ""."""
        named = {name: value for name, value in (("callback", callback), ("address", address)) if value}
        return await self._get(f"/v1/contacts?{urlencode(named)}", Contacts)

    async def numbers_begun(self, digits: str) -> NumbersBegun:
        """The numbers with these first digits (`DIGITS_ASKED` or more), and the contacts of each."""
        return await self._get(f"/v1/contacts/numbers?{urlencode({'begin': digits})}", NumbersBegun)

    async def feeds(self) -> tuple[FeedHealth, ...]:
        """How the feeds of unit positions stand; for supervisors."""
        return await self._get("/v1/feeds", tuple[FeedHealth, ...])

    async def track(self, unit_id: UnitId, since: datetime, until: datetime) -> Track:
        """Where a unit has been between two moments, the oldest point first."""
        named = urlencode({"from": since.isoformat(), "to": until.isoformat()})
        return await self._get(f"/v1/tracks/{quote(unit_id, safe='')}?{named}", Track)

    async def road_times(self, point: Point) -> RoadTimes | None:
        """How long each unit needs to a place by the roads; None where the hub has no streets to reckon on."""
        asked = urlencode({"latitude": point[0], "longitude": point[1]})
        try:
            return await self._get(f"/v1/travel?{asked}", RoadTimes)
        except Refused as refused:
            if refused.problem.status == 404:
                return None
            raise

    async def geocode(self, words: str, limit: int = 8) -> tuple[FoundPlace, ...]:
        """The places that words may mean, the surest first; at most 200 characters, none where nothing fits."""
        asked = urlencode({"q": words, "limit": limit})
        return await self._get(f"/v1/geocode?{asked}", tuple[FoundPlace, ...])

    async def coverage(self, minutes: Sequence[float]) -> Coverage:
        """Which ground the free units reach within each of these minutes."""
        asked = urlencode({"minutes": ",".join(f"{each:g}" for each in minutes)})
        return await self._get(f"/v1/coverage?{asked}", Coverage)

    async def tile_sets(self) -> tuple[TileSet, ...]:
        """The map tiles that the hub has, a set for each theme; none for a center without."""
        return await self._get("/v1/tiles", tuple[TileSet, ...])

    async def tile(self, tiles: TileSet, zoom: int, column: int, row: int) -> bytes:
        """One map tile, as a picture; b"" where there is none. Raises `Refused` (410) once other tiles are in force."""
        archive = quote(tiles.archive, safe="")
        return await self._ask("GET", f"/v1/tiles/{tiles.theme}/{zoom}/{column}/{row}?archive={archive}")

    async def layers(self) -> tuple[Layer, ...]:
        """The center's layers in force today, as they are drawn; asked again, only what changed travels."""
        headers = {"if-none-match": self._layers_tag} if self._layers_tag else NO_HEADERS
        response = await self._request("GET", "/v1/layers", headers=headers)
        if response.status != 304:
            self._layers = _read(response.content, tuple[Layer, ...])
            self._layers_tag = response.headers.get("etag", "")
        return self._layers

    async def stream(self, log_id: LogId, after: Seq) -> AsyncGenerator[Message, None]:
        """Yield everything after `after`, without end. To be closed (`aclosing`) by whoever stops reading."""
        where = urlencode({"log": log_id, "after": after})
        async with self._http.stream(f"/v1/stream?{where}", STREAM_SILENCE_S) as (response, pieces):
            if response.status != 200:
                response = response._replace(content=b"".join([piece async for piece in pieces]))
                if response.status == 410:
                    raise Gone(_problem(response).detail)
                _raise_for(response)
            if not response.headers.get("content-type", "").startswith("text/event-stream"):
                raise Unreachable("What answers at the hub's address does not answer like a hub (no text/event-stream).")
            async with aclosing(messages(pieces)) as stream:
                async for message in stream:
                    yield message

    async def _versions(self) -> str:
        try:
            health = await self.health()
        except Exception:
            return "The hub does not say which version it is."
        return f"The hub is {health.version}, format {health.format}; this desk reads format {FORMAT}."

    async def _get(self, path: str, kind: type[T]) -> T:
        return _read(await self._ask("GET", path), kind)

    async def _ask(
        self, method: str, path: str, body: object | None = None, headers: Mapping[str, str] = NO_HEADERS
    ) -> bytes:
        content = None if body is None else encode(body)
        headers = headers if content is None else {**headers, "content-type": "application/json"}
        return (await self._request(method, path, content, headers)).content

    async def _request(
        self, method: str, path: str, content: bytes | None = None, headers: Mapping[str, str] = NO_HEADERS
    ) -> Response:
        """The hub's answer, which is a success, or 304 where `headers` ask for what changed."""
        response = await self._http.request(method, path, content, headers)
        if not 200 <= response.status < 300 and not ("if-none-match" in headers and response.status == 304):
            _raise_for(response)
        return response


def _read(body: bytes, kind: type[T]) -> T:
    try:
        return decode(body, kind)
    except Unreadable as error:
        what = f"What answers at the hub's address does not answer like a hub ({error})."
        raise Unreachable(what, maybe_taken=True) from error


def _raise_for(response: Response) -> NoReturn:
    """Turn an answer that is no success into the exception it stands for."""
    status = response.status
    problem = _problem(response)
    if status in (500, 501):
        raise HubFault(f"The hub failed on this ({status}: {problem.detail}).")
    if status >= 500 or status in AGAIN or status < 400:
        raise Unreachable(f"The hub cannot answer now ({status}: {problem.detail}).", maybe_taken=True)
    raise Refused(problem)


def _problem(response: Response) -> Problem:
    """The RFC 9457 problem in an answer; made up from the status line where something else than a hub answered."""
    try:
        return decode(response.content, Problem)
    except Unreadable:
        title = response.reason or "Refused"
        return Problem(title, response.status, response.content.decode("utf-8", "replace").strip()[:200] or title)
