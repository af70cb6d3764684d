"""What the hub answers: every route on one screen, and nothing but the answering."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from hmac import compare_digest
from importlib.metadata import version
from uuid import uuid4

from msgspec import Struct, field
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console.domain.commands import AddNarrative, Order, Rejected
from console.domain.contacts import DIGITS_ASKED, Contacts, NumbersBegun
from console.domain.ids import EntryId, NoteId, UserId
from console.domain.queries import open_calls
from console.hub import access, field_web, geocode_web, history, layers_web, notes, tiles_web, tracks_web, travel_web
from console.hub.asking import body, body_bytes, json, who
from console.hub.center_key import SealingKey
from console.hub.desks import Desks
from console.hub.geography import Ground
from console.hub.hub_time import ExerciseTime, HubTime
from console.hub.ledger import Ledger, NotRecorded
from console.hub.map_tiles import MapTiles
from console.hub.positions import Fix, Positions
from console.hub.problems import Refusal, answer, problem, refused
from console.hub.sign_in import SignIns
from console.hub.store import Store
from console.hub.stream import Streams
from console.hub.telephony import Telephony
from console.hub.tracks import Tracks
from console.hub.trips import Trips
from console.hub.typing import Typings
from console.wire.feeds import FeedHealth
from console.wire.messages import (
    DESK_TOKEN_HEADER,
    FORMAT,
    Exercise,
    ExerciseSpeed,
    Health,
    NoteToSeal,
    NoteWanted,
    ReadyPerson,
    SignInRequest,
    Snapshot,
    Typed,
)

_LOG = logging.getLogger("console.hub")
_VERSION = version("heart-console")

AHEAD = timedelta(seconds=5)
"""How far ahead of the hub's clock a person's word about when something happened may be."""
_ID_AT_MOST = 64
_WORDS_AT_MOST = 500
"""Characters of a number or an address that are looked at."""
_DIGITS_AT_MOST = 15
"""The digits of the longest number (ITU-T E.164)."""


class Hub(Struct):
    """What the routes need of a running hub."""

    store: Store
    ledger: Ledger
    positions: Positions
    tracks: Tracks
    streams: Streams
    desks: Desks
    typings: Typings
    sign_ins: SignIns
    time: HubTime
    ready: asyncio.Event
    """Set once desks may come in: in an exercise, when the day so far is on the board."""
    desk_token: str | None = None
    people: tuple[ReadyPerson, ...] = ()
    seed: int = 0
    telephony: Telephony | None = None
    """The center's switch; without it people dial, listen and tick."""
    center_key: SealingKey | None = None
    """Under which clinical notes are sealed; without it the hub keeps none."""
    feeds: Callable[[], tuple[FeedHealth, ...]] = tuple
    """How the feeds of positions stand now; a hub without feeds tells of none."""
    ground: Ground = field(default_factory=Ground)
    """What the center imported of its streets, addresses, layers and map."""
    tiles: MapTiles = field(default_factory=MapTiles)
    """The tiles of the map that desks are given."""
    trips: Trips | None = None
    """What past drives took against what the streets say; None in a hub that is not running yet."""


def app(hub: Hub) -> Starlette:
    """The hub as an ASGI application."""

    async def health(_request: Request) -> Response:
        ledger, now = hub.ledger, hub.time.now()
        exercise, desks = ledger.state.exercise, hub.streams.open
        return json(Health(
            True, _VERSION, FORMAT, ledger.log_id, ledger.head, now, exercise, desks,
            hub.telephony.trouble if hub.telephony else "", hub.ground.trouble,
        ))  # fmt: skip

    async def exercise(_request: Request) -> Response:
        return json(Exercise(hub.people, _exercise_time(hub).chosen, hub.seed, hub.desks.seated))

    async def set_speed(request: Request) -> Response:
        signed, wanted = who(hub, request), await body(request, ExerciseSpeed)
        time = _exercise_time(hub)
        played = signed.person.user_id in {person.user_id for person in hub.people}
        if signed.person.role not in access.MAY_SET_SPEED and not played:
            raise Refusal(403, "The speed of an exercise is for those who take part in it, or a supervisor.", "forbidden")
        try:
            time.chosen = wanted.speed
        except ValueError as error:
            raise Refusal(422, f"{error}.".capitalize(), "speed-outside", "$.speed") from None
        hub.streams.announce()
        return json(Exercise(hub.people, time.chosen, hub.seed, hub.desks.seated))

    async def sign_in(request: Request) -> Response:
        wanted = await body(request, SignInRequest)
        await hub.ready.wait()
        session = await hub.sign_ins.sign_in(wanted)
        hub.desks.heard(session.user_id, session.desk_id)
        return json(session)

    async def here(request: Request) -> Response:
        who(hub, request, uses=False)
        return Response(status_code=204)

    async def sign_out(request: Request) -> Response:
        await hub.sign_ins.sign_out(request.headers.get("authorization"))
        return Response(status_code=204)

    async def commands(request: Request) -> Response:
        signed, order = who(hub, request), await body(request, Order)
        _named(order.command_id, "$.command_id")
        if order.occurred_at is not None and order.occurred_at > hub.time.now() + AHEAD:
            late = (order.occurred_at - hub.time.now()).total_seconds()
            detail = f"The time it occurred is {late:.0f} s ahead of the hub's clock; {AHEAD.seconds} s is the most."
            raise Refusal(422, detail, "in-the-future", "$.occurred_at")
        person = signed.person
        why = access.refusal(hub.ledger.state, order.command, person.user_id, person.role)
        # Sent again because its answer was lost, it gets the answer it had: what it did may have ended the right to do it.
        before = await hub.ledger.outcome(order.command_id) if why is not None else None
        if why is not None and before is None:
            raise Refusal(403, why, "forbidden", "$.command")
        outcome = before or await hub.ledger.submit(order, person.user_id, signed.desk_id)
        if isinstance(outcome, Rejected):
            raise Refusal(409, outcome.reason, outcome.code, about=outcome.about)
        if isinstance(order.command, AddNarrative):
            hub.typings.end(order.command.call_id, person.user_id)
        return json(outcome)

    async def typing(request: Request) -> Response:
        signed, typed = who(hub, request), await body(request, Typed)
        why = access.refusal(
            hub.ledger.state, AddNarrative(typed.call_id, EntryId(""), ""), signed.person.user_id, signed.person.role
        )
        if why is not None:
            raise Refusal(403, why, "forbidden")
        hub.typings.take(typed, signed.person.user_id)
        return Response(status_code=204)

    async def snapshot(request: Request) -> Response:
        who(hub, request)
        ledger, positions, now = hub.ledger, hub.positions.all(), hub.time.now()
        return json(Snapshot(FORMAT, ledger.log_id, ledger.head, ledger.state, positions, now, hub.time.speed))

    async def stream(request: Request) -> Response:
        reader, query = who(hub, request).person.user_id, request.query_params
        return _Stream(hub.streams, reader, query.get("log", ""), query.get("after", ""))

    async def positions(request: Request) -> Response:
        if who(hub, request).person.role not in access.MAY_REPORT_POSITIONS:
            raise Refusal(403, "Positions come from a feed that has signed in as one.", "forbidden")
        return json(hub.positions.take(await body(request, list[Fix])))

    async def feeds(request: Request) -> Response:
        if who(hub, request).person.role not in access.MAY_SEE_FEEDS:
            raise Refusal(403, "How the feeds of positions stand is for supervisors.", "forbidden")
        return json(hub.feeds())

    async def contacts(request: Request) -> Response:
        _may_look(hub, request)
        callback, address = (request.query_params.get(name, "")[:_WORDS_AT_MOST] for name in ("callback", "address"))
        if not (callback or address):
            raise Refusal(400, "Name a callback number or an address to look for.", "nothing-asked", "callback, address")
        now = hub.time.now()
        found: Contacts = await hub.store.read(lambda c: history.contacts(c, now, callback=callback, address=address))
        return json(found)

    async def numbers(request: Request) -> Response:
        _may_look(hub, request)
        begun = request.query_params.get("begin", "")
        if not (begun.isascii() and begun.isdecimal() and DIGITS_ASKED <= len(begun) <= _DIGITS_AT_MOST):
            what = f"Name {DIGITS_ASKED} to {_DIGITS_AT_MOST} first digits of a number."
            raise Refusal(400, what, "too-few-digits", "begin")
        now, board = hub.time.now(), open_calls(hub.ledger.state)
        found: NumbersBegun = await hub.store.read(lambda c: history.numbers_begun(c, now, begun, board))
        return json(found)

    async def telephony_event(request: Request) -> Response:
        outcome = await _telephony(hub).heard(request.headers, await body_bytes(request))
        if isinstance(outcome, Rejected):
            raise Refusal(409, outcome.reason, outcome.code, about=outcome.about)
        return json(outcome)

    async def seal_note(request: Request) -> Response:
        signed, wanted = who(hub, request), await body(request, NoteToSeal)
        _named(wanted.command_id, "$.command_id")
        return json(await notes.seal(hub, signed, wanted))

    async def open_note(request: Request) -> Response:
        signed, wanted = who(hub, request), await body(request, NoteWanted)
        opened = json(await notes.opened(hub, signed, NoteId(request.path_params["note_id"]), wanted))
        opened.headers["cache-control"] = "no-store"
        return opened

    return Starlette(
        routes=[
            Route("/v1/commands", commands, methods=["POST"]),
            Route("/v1/health", health, methods=["GET"]),
            Route("/v1/exercise", exercise, methods=["GET"]),
            Route("/v1/exercise/speed", set_speed, methods=["PUT"]),
            Route("/v1/sign-in", sign_in, methods=["POST"]),
            Route("/v1/sign-out", sign_out, methods=["POST"]),
            Route("/v1/here", here, methods=["POST"]),
            Route("/v1/typing", typing, methods=["POST"]),
            Route("/v1/snapshot", snapshot, methods=["GET"]),
            Route("/v1/stream", stream, methods=["GET"]),
            Route("/v1/positions", positions, methods=["POST"]),
            Route("/v1/feeds", feeds, methods=["GET"]),
            *geocode_web.routes(hub),
            *tiles_web.routes(hub),
            *layers_web.routes(hub),
            *tracks_web.routes(hub),
            *field_web.routes(hub),
            *travel_web.routes(hub),
            Route("/v1/contacts", contacts, methods=["GET"]),
            Route("/v1/contacts/numbers", numbers, methods=["GET"]),
            Route("/v1/telephony/events", telephony_event, methods=["POST"]),
            Route("/v1/notes", seal_note, methods=["POST"]),
            Route("/v1/notes/{note_id}/open", open_note, methods=["POST"]),
        ],
        middleware=[Middleware(_Guard, desk_token=hub.desk_token)],
        exception_handlers={Refusal: refused, HTTPException: _http_refused},
    )


class _Stream(Response):
    """A stream as a response: 410 and its like are said before it begins."""

    def __init__(self, streams: Streams, reader: UserId, log_id: str, after: str) -> None:
        self._streams, self._reader, self._cursor = streams, reader, streams.start(log_id, after)
        self.background = None

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        await self._streams.serve(self._cursor, self._reader, receive, send)


class _Guard:
    """The outermost layer: asks for an embedded hub's desk token, and lets no fault of ours out as a traceback."""

    def __init__(self, app: ASGIApp, desk_token: str | None) -> None:
        self._app, self._token = app, desk_token.encode() if desk_token else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._token and not compare_digest(Headers(scope=scope).get(DESK_TOKEN_HEADER, "").encode(), self._token):
            detail = "This hub belongs to the desk that started it, and answers no other."
            await answer(problem(403, detail, "not-this-desk"))(scope, receive, send)
            return
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except (NotRecorded, SQLAlchemyError) as error:
            _LOG.error("not recorded: %s", error)
            detail = f"The hub could not write this down ({error}). Nothing of it was kept; send it again."
            failed = problem(503, detail if isinstance(error, NotRecorded) else _STORE_FAILED, "not-recorded")
        except Exception:
            reference = uuid4().hex[:8]
            _LOG.exception("fault %s in %s %s", reference, scope["method"], scope["path"])
            detail = f"A fault in the hub, not in what you sent. It was logged under {reference}; the hub goes on."
            failed = problem(500, detail, "fault", about={"reference": reference})
        else:
            return
        if not begun:
            await answer(failed)(scope, receive, send)


_STORE_FAILED = "The hub's store did not answer. Nothing was kept; send it again."


def _named(name: str, where: str) -> None:
    if not 0 < len(name) <= _ID_AT_MOST:
        raise Refusal(400, f"A command's id has 1 to {_ID_AT_MOST} characters.", "id-length", where)


def _may_look(hub: Hub, request: Request) -> None:
    if who(hub, request).person.role not in access.MAY_LOOK_AT_CONTACTS:
        raise Refusal(403, "The history of calls is for people on the floor.", "forbidden")


def _exercise_time(hub: Hub) -> ExerciseTime:
    if not isinstance(hub.time, ExerciseTime):
        raise Refusal(404, "This hub runs no exercise; its calls are real.", "no-exercise")
    return hub.time


def _telephony(hub: Hub) -> Telephony:
    if hub.telephony is None:
        raise Refusal(404, "This hub knows no telephone switch: it was started without --telephony.", "no-telephony")
    return hub.telephony


async def _http_refused(request: Request, error: Exception) -> Response:
    """Starlette's own refusals: no such path, or not by this method."""
    if not isinstance(error, HTTPException):
        raise error
    known = {404: "The hub has nothing at this path.", 405: f"{request.method} is not for this path."}
    return answer(problem(error.status_code, known.get(error.status_code, f"{error.detail}.")))
