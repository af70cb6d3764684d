"""The field's interface: a unit's tablet asks for its own work and says what it does, by a token of its own."""

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from msgspec.structs import fields, replace
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.domain import commands as c
from console.domain.commands import Command, Order, Rejected
from console.domain.ids import DeskId, Seq, crew_user
from console.domain.state import Role
from console.hub import access, field_page
from console.hub.asking import body, json, who
from console.hub.field import backup_services
from console.hub.field_page import NO_STORE
from console.hub.field_views import FieldViews
from console.hub.positions import AHEAD, Fix
from console.hub.problems import Refusal
from console.hub.tablets import Tablets
from console.wire.field import (
    SAID_LATE_AT_MOST_H,
    WAIT_AT_MOST_S,
    FieldAnswer,
    FieldDescription,
    FieldFix,
    FieldRoute,
    TabletSeen,
)

if TYPE_CHECKING:  # which itself hangs the routes in
    from console.hub.app import Hub

COMMANDS: Final[tuple[type[Command], ...]] = (
    c.SetUnitStatus, c.CheckUnit, c.RequestBackup, c.ArriveBackup, c.ReportUnit, c.AddNarrative,
)  # fmt: skip
"""What a tablet may say; the table of rights says the same of its role."""
_LATE = timedelta(hours=SAID_LATE_AT_MOST_H)
_ID_AT_MOST = 64
_SOURCE = "tablet"

DESCRIPTION: Final = FieldDescription(
    about=(
        "For a unit's tablet. Authorization: Bearer TOKEN, made by `heart-console tablet add UNIT`; a token speaks for its "
        "unit alone. Bodies and answers are JSON, moments ISO 8601 with their zone, in the hub's time. What is refused is "
        "answered as application/problem+json (RFC 9457) with a sentence in `detail` and the place in `where`. The radio "
        "stays: a desk can set all of it with the time at which it happened."
    ),
    routes=(
        FieldRoute("GET", "/v1/field/", "This description; needs no token."),
        FieldRoute(
            "GET", "/v1/field/me?after=SEQ&wait=S",
            "The unit, its call and what may follow. With `after` (the `seq` of the last answer) it is answered when "
            f"something changed, or with 204 after `wait` seconds (0 to {WAIT_AT_MOST_S}) in which nothing did; its headers "
            "hub-time and hub-rate are those of the answer's `hub_time` and `rate`.",
        ),
        FieldRoute(
            "POST", "/v1/field/commands",
            "An order {command_id, command, occurred_at}: `command` is {type, ...}, its type one of `commands` and the rest "
            "what stands there, of which what ends in a question mark may be left out; `command_id` is any name of 1 to 64 "
            "characters that is used once; the same one again gets the answer it had. `occurred_at` is when it really "
            f"happened, at most {SAID_LATE_AT_MOST_H} h ago. RequestBackup without `service` asks the first armed one.",
        ),
        FieldRoute("POST", "/v1/field/position", "Where the tablet is: {latitude, longitude, fix_at, speed_km_h, course}."),
        FieldRoute("GET", "/v1/field/tablets", "Every tablet and when it was last heard of; for supervisors, by session."),
        FieldRoute("GET", "/field", "A page for the tablet's browser that does all of this; /field#TOKEN signs it in."),
    ),
    commands={
        kind.__name__: tuple(each.encode_name if each.required else f"{each.encode_name}?" for each in fields(kind))
        for kind in COMMANDS
    },
)  # fmt: skip


def routes(hub: "Hub") -> list[Route]:
    """What the hub answers to tablets, and to supervisors about them."""
    tablets = Tablets(hub.store)
    views = FieldViews(hub.ledger, hub.streams, hub.time)

    async def tablet_of(request: Request) -> TabletSeen:
        address = request.client.host if request.client is not None else ""
        seen = await tablets.who(request.headers.get("authorization"), address)
        if seen.unit_id not in hub.ledger.state.units:
            words = f"The center's roster has no unit {seen.unit_id} any more. Use the radio, and ask for a new token."
            raise Refusal(409, words, "unit-unknown", about={"unit": seen.unit_id})
        return seen

    async def description(_request: Request) -> Response:
        return json(DESCRIPTION)

    async def me(request: Request) -> Response:
        unit_id = (await tablet_of(request)).unit_id
        after, wait_s = _number(request, "after", -1, (1 << 63) - 1), _number(request, "wait", 0, WAIT_AT_MOST_S)
        found = await views.news(unit_id, Seq(after), wait_s) if wait_s and after >= 0 else views.look(unit_id)
        await tablet_of(request)  # it may have been taken back, or its unit, while the question waited
        if found is None:
            clock = {"hub-time": hub.time.now().isoformat(), "hub-rate": str(hub.time.speed)}
            return Response(status_code=204, headers={**NO_STORE, **clock})
        seq, unit = found
        position_at = next((p.fix_at for p in hub.positions.all() if p.unit_id == unit_id), None)
        time, exercise = hub.time, hub.ledger.state.exercise
        return _private(FieldAnswer(seq, time.now(), time.speed, exercise, position_at, unit))

    async def commands(request: Request) -> Response:
        seen = await tablet_of(request)
        order = _checked(hub, await body(request, Order))
        user = crew_user(seen.unit_id)
        why = access.refusal(hub.ledger.state, order.command, user, Role.CREW)
        # Sent again because its answer was lost, it gets the answer it had: what it did may have ended the right to do it.
        before = await hub.ledger.outcome(order.command_id) if why is not None else None
        if why is not None and before is None:
            raise Refusal(403, why, "forbidden", "$.command")
        outcome = before or await hub.ledger.submit(order, user, DeskId(f"tablet:{seen.tablet_id}"))
        if isinstance(outcome, Rejected):
            raise Refusal(409, outcome.reason, outcome.code, about=outcome.about)
        return _private(outcome)

    async def position(request: Request) -> Response:
        seen, f = await tablet_of(request), await body(request, FieldFix)
        fix = Fix(seen.unit_id, f.latitude, f.longitude, f.fix_at, f.speed_km_h, f.course, f"{_SOURCE} {seen.tablet_id}")
        return _private(hub.positions.take([fix]))

    async def all_tablets(request: Request) -> Response:
        if who(hub, request).person.role not in access.MAY_SEE_TABLETS:
            raise Refusal(403, "How tablets stand is for supervisors.", "forbidden")
        return _private(await tablets.all())

    return [
        Route("/v1/field/", description, methods=["GET"]),
        Route("/v1/field/me", me, methods=["GET"]),
        Route("/v1/field/commands", commands, methods=["POST"]),
        Route("/v1/field/position", position, methods=["POST"]),
        Route("/v1/field/tablets", all_tablets, methods=["GET"]),
        *field_page.routes(),
    ]


def _checked(hub: "Hub", order: Order) -> Order:
    """The order with whom its backup is asked of, or why its id or its time will not do."""
    if not 0 < len(order.command_id) <= _ID_AT_MOST:
        raise Refusal(400, f"A command's id has 1 to {_ID_AT_MOST} characters.", "id-length", "$.command_id")
    at, now = order.occurred_at, hub.time.now()
    if at is not None and at > now + AHEAD:
        words = (
            f"The time it occurred is {(at - now).total_seconds():.0f} s ahead of the hub's clock; set the tablet's clock."
        )
        raise Refusal(422, words, "in-the-future", "$.occurred_at")
    if at is not None and at < now - _LATE:
        words = f"It occurred more than {SAID_LATE_AT_MOST_H} h ago. Tell dispatch by radio, who can still write it down."
        raise Refusal(422, words, "too-long-ago", "$.occurred_at")
    if isinstance(order.command, c.RequestBackup) and not order.command.service:
        services = backup_services(hub.ledger.state.agency)
        if services:
            return replace(order, command=replace(order.command, service=services[0].code))
    return order


def _number(request: Request, name: str, otherwise: int, most: int) -> int:
    """A whole number that the query names."""
    text = request.query_params.get(name)
    if text is None:
        return otherwise
    if text.isascii() and text.isdecimal() and len(text) <= 19 and int(text) <= most:
        return int(text)
    raise Refusal(400, f"{name}: {text[:32]!r} is no whole number from 0 to {most}.", "no-number", name)


def _private(record: object) -> Response:
    answer = json(record)
    answer.headers.update(NO_STORE)
    return answer
