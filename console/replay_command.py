"""`heart-console replay`, put together: the recorded calls on one side, the link to a hub on the other."""

import argparse
import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from getpass import getpass
from pathlib import Path

from uuid_utils import uuid7

from console.domain.agency import Agency
from console.domain.commands import CommandOutcome, Order
from console.domain.ids import DeskId, UserId
from console.link.hub_client import HubClient
from console.link.problems import Refused, Unreachable, VersionSkew
from console.recorded import command
from console.recorded.replay import HubLost, Send

PASSWORD = "HEART_PASSWORD"
"""The environment variable that holds the password where nobody sits at a terminal."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `heart-console replay`."""
    command.add_arguments(parser)
    parser.add_argument("--hub", default="http://127.0.0.1:8911", metavar="URL", help="the hub (default: %(default)s)")
    parser.add_argument(
        "--user", default="feed", metavar="NAME",
        help=f"who feeds, a person of the role actor (default: %(default)s); the password is asked for or stands in {PASSWORD}",
    )  # fmt: skip
    parser.add_argument(
        "--config", type=Path, metavar="DIR",
        help="read the natures from this configuration instead of the hub's; with --check no hub is needed",
    )  # fmt: skip


def main(args: argparse.Namespace) -> int:
    """Exit code 0: every row went clean, 1: something was found and is listed, 2: nothing was fed."""
    try:
        return asyncio.run(_run(args))
    except KeyboardInterrupt:
        return command.FOUND


async def _run(args: argparse.Namespace) -> int:
    async with HubClient(args.hub) as client:
        try:
            if args.check and args.config:
                agency = _configuration(args.config)
            else:
                await client.sign_in(UserId(args.user), _password(args.user), DeskId(str(uuid7())))
                agency = _configuration(args.config) if args.config else (await client.snapshot()).state.agency
        except (Unreachable, Refused, VersionSkew, _Faulty) as error:
            print(f"heart-console replay: {error} Nothing was fed.", file=sys.stderr)
            return command.USAGE
        return await command.run(args, agency, lambda: _sending(client))


class _Faulty(Exception):
    """The configuration cannot be used."""


def _configuration(folder: Path) -> Agency:
    from console.hub.configuration import ConfigurationFaulty, load

    try:
        return load(folder)
    except ConfigurationFaulty as faulty:
        raise _Faulty(f"{faulty}\n") from faulty


def _password(user: str) -> str:
    return os.environ.get(PASSWORD) or getpass(f"Password for {user}: ")


@asynccontextmanager
async def _sending(client: HubClient) -> AsyncIterator[Send]:
    """The way to the hub, in the words of the replay: a rejection is an outcome, no answer is a lost hub."""

    async def send(order: Order) -> CommandOutcome:
        try:
            return await client.submit(order)
        except (Unreachable, VersionSkew) as error:
            raise HubLost(str(error)) from error
        except Refused as refused:
            if refused.signed_out:
                raise HubLost(str(refused)) from refused
            return refused.rejected()

    yield send
