"""`heart-console replay` put together: the reading of recorded calls, and a hub to feed them to."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from getpass import getpass
from pathlib import Path

from console.domain.commands import CommandOutcome, Order
from console.domain.ids import DeskId, UserId
from console.domain.state import Role
from console.hub.configuration import ConfigurationFaulty, load
from console.link.hub_client import HubClient
from console.link.problems import Refused, Unreachable, VersionSkew
from console.recorded import command
from console.recorded.replay import HubLost, Send
from console.shipped import default_configuration

PASSWORD_VARIABLE = "HEART_PASSWORD"
_DESK = DeskId("replay")
_MAY_FEED = (Role.ACTOR, Role.TELECOMMUNICATOR, Role.SUPERVISOR)


class NotLetIn(Exception):
    """The hub was not reached, or does not take this person; the words say which."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `replay` takes: the file and its mapping, and where the calls go."""
    command.add_arguments(parser)
    parser.add_argument("--hub", default="http://127.0.0.1:8911", metavar="URL", help="the hub (default: on this machine)")
    parser.add_argument(
        "--user", default="", metavar="NAME",
        help=f"who feeds the calls; the password is asked for, or read from {PASSWORD_VARIABLE}. "
        "An exercise is fed as one of its ready-made people",
    )  # fmt: skip
    parser.add_argument(
        "--config", type=Path, metavar="DIR",
        help="with --check: whose natures the calls are read for (otherwise the hub says)",
    )  # fmt: skip


def main(args: argparse.Namespace) -> int:
    """Read and feed: 0 all well, 1 something was found and is listed, 2 nothing was fed."""
    try:
        return asyncio.run(run(args))
    except KeyboardInterrupt:
        return 130


async def run(args: argparse.Namespace) -> int:
    """Read for the natures of the hub that is fed, or with --check for those of a configuration, and feed."""
    try:
        if args.check:
            return await command.run(args, load(args.config or default_configuration()), _nobody)
        if not args.hub.lower().startswith(("http://", "https://")):
            raise NotLetIn(f"--hub {args.hub}: a hub's address begins with http:// or https://.")
        async with _signed_in(args.hub, args.user) as client:
            board = await client.snapshot()
            return await command.run(args, board.state.agency, lambda: _sending(client), board.seq)
    except (ConfigurationFaulty, NotLetIn, Unreachable, VersionSkew, OSError) as error:
        print(f"heart-console replay: {error}\nNothing was fed.", file=sys.stderr)
        return command.USAGE


@asynccontextmanager
async def _signed_in(url: str, user: str) -> AsyncIterator[HubClient]:
    """Somebody who may feed, signed in; signed out at the end, however it ends, so that nobody seems to be at work."""
    async with HubClient(url) as client:
        try:
            name, password = await _who(client, user)
            session = await client.sign_in(UserId(name), password, _DESK)
        except Refused as refused:
            raise NotLetIn(f"{url}: {refused.problem.detail}") from None
        except Unreachable as error:
            raise NotLetIn(f"{url}: {error}") from None
        try:
            if session.role not in _MAY_FEED:
                raise NotLetIn(_may_not(name, session.role))
            yield client
        finally:
            with suppress(Refused, Unreachable):
                await client.sign_out()


def _may_not(name: str, role: Role) -> str:
    return f"{name} is a {role.value}; calls are fed by one of these: {', '.join(_MAY_FEED)} (see person add --role)."


@asynccontextmanager
async def _sending(client: HubClient) -> AsyncIterator[Send]:
    """The way to the hub in the words of the replay; what the hub does not answer is `HubLost`, which is tried again."""

    async def send(order: Order) -> CommandOutcome:
        try:
            return await client.submit(order)
        except Unreachable as error:
            raise HubLost(str(error)) from error
        except Refused as refused:
            if refused.signed_out:
                raise HubLost(str(refused)) from refused
            return refused.rejected()

    yield send


@asynccontextmanager
async def _nobody() -> AsyncIterator[Send]:
    raise NotLetIn("a check feeds nobody")
    yield


async def _who(client: HubClient, user: str) -> tuple[str, str]:
    """Name and password: the person asked for, or in an exercise the first who may take calls."""
    exercise = await client.exercise()
    people = [p for p in exercise.people if p.user_id == user or (not user and p.role in _MAY_FEED)] if exercise else []
    if people and people[0].role not in _MAY_FEED:
        raise NotLetIn(_may_not(user, people[0].role))
    if people:
        return people[0].user_id, people[0].password
    if not user:
        raise NotLetIn("this hub is no exercise: name who feeds the calls with --user.")
    given = os.environ.get(PASSWORD_VARIABLE, "")
    try:
        return user, given or await asyncio.to_thread(getpass, f"Password for {user}: ")
    except EOFError:
        raise NotLetIn(f"no password was typed; where nobody sits, give it in {PASSWORD_VARIABLE}.") from None
