"""`heart-console hub`: puts a hub together, starts it in order, and ends it in under a second."""

import argparse
import asyncio
import gc
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from argon2 import PasswordHasher
from msgspec.structs import replace

from console.domain.commands import ConfigureAgency, Order, Rejected
from console.domain.ids import HUB, CommandId, derived_id
from console.hub import clock, sealed, telephony_settings
from console.hub.answering import answering
from console.hub.app import Hub
from console.hub.beside import beside
from console.hub.center_key import KeyUnusable, SealingKey, apart, new_key_bytes
from console.hub.center_key import load as load_key
from console.hub.configuration import Configuration, ConfigurationFaulty, read
from console.hub.configuration.proof import proved
from console.hub.desks import UNHEARD_S, Desks
from console.hub.feeds import settings as feed_settings
from console.hub.feeds.settings import FeedsFaulty, FeedsSettings
from console.hub.geography import Ground
from console.hub.hub_time import FASTEST, SLOWEST, ExerciseTime, HubTime, RealTime
from console.hub.ledger import Ledger, NotRecorded
from console.hub.located import by_layers
from console.hub.map_tiles import MapTiles
from console.hub.positions import Positions
from console.hub.sign_in import SignIns
from console.hub.store import Store, StoreUnusable, path_of
from console.hub.stream import HEARTBEAT_S, Streams
from console.hub.telephony_settings import TelephonyFaulty, TelephonySettings
from console.hub.tracks import Tracks
from console.hub.trips import Trips
from console.hub.typing import Typings

if TYPE_CHECKING:  # a center's own hub never loads it
    from console.hub.exercise import Exercise

_LOG = logging.getLogger("console.hub")

_STORE_RETRY_S = 2.0


class CannotStart(Exception):
    """The hub does not start; the message is what the person reads, one line a finding."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `heart-console hub`."""
    parser.add_argument("--store", required=True, metavar="URL", help="where the log is kept: sqlite:///FILE")
    parser.add_argument(
        "--listen", default="127.0.0.1:8911", metavar="HOST:PORT",
        help="where desks reach it; port 0 takes a free one. Beyond this machine, put TLS in front of it",
    )  # fmt: skip
    parser.add_argument("--config", type=Path, metavar="DIR", help="the agency's configuration")
    parser.add_argument(
        "--sealing-key", default="", metavar="KEY",
        help="under which clinical notes are sealed: a key file, kept apart from the store, or keyring:NAME",
    )  # fmt: skip
    parser.add_argument(
        "--telephony", type=Path, metavar="FILE",
        help="how the center's telephone switch is reached (TOML); without it people dial and tick",
    )  # fmt: skip
    parser.add_argument(
        "--feeds", type=Path, metavar="FILE", help="what brings the positions of units, and whose each device is (TOML)"
    )
    parser.add_argument("--exercise", action="store_true", help="play a simulated center; never with a real log")
    parser.add_argument("--speed", type=_speed, default=1.0, metavar="N", help="exercise: times real time, 1 to 600")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="exercise: the same seed plays the same day")
    parser.add_argument("--at", type=_time_of_day, metavar="HH:MM", help="exercise: the local time at which it begins")
    parser.add_argument("--embedded", action="store_true", help="child of a desk: token on stdin, address on stdout")


def main(args: argparse.Namespace) -> int:
    """Run a hub until it is told to stop: 0 ended as asked, 1 could not start, with one line a finding on stderr."""
    logging.basicConfig(stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    # The writing thread wants its turn back after every commit; the default of 5 ms would be most of a command's time.
    sys.setswitchinterval(0.0005)
    # The board is long-lived and has no cycles; the default would walk all of it again and again.
    gc.set_threshold(50_000, 20, 100)
    try:
        asyncio.run(serve(args))
    except (CannotStart, StoreUnusable, ConfigurationFaulty, KeyUnusable, TelephonyFaulty, FeedsFaulty) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


async def serve(args: argparse.Namespace) -> None:
    """Serve until a signal comes or, embedded, until the desk that started us is gone."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    desk_token = _first_line() if args.embedded else None
    feeds = _feed_settings(args)
    configuration = read(args.config) if args.config else None
    exercise = _exercise(args, configuration) if args.exercise else None
    center_key = _center_key(args)
    telephony = _telephony(args)
    listening = listen(args.listen)
    try:
        with _signals(lambda: loop.call_soon_threadsafe(stop.set)):
            async with running(
                args.store, configuration, listening, exercise=exercise, at=args.at, speed=args.speed,
                desk_token=desk_token, center_key=center_key, telephony=telephony, feeds=feeds,
            ) as hub:  # fmt: skip
                url = url_of(listening)
                if args.embedded:
                    _watch_desk(lambda: loop.call_soon_threadsafe(stop.set))
                    print(msgspec.json.encode({"url": url, "log_id": hub.ledger.log_id}).decode(), flush=True)
                else:
                    _LOG.info("listening on %s, log %s at %d", url, hub.ledger.log_id, hub.ledger.head)
                    _LOG.info("configuration: %s", args.config or "none: that of the log, without its ground (--config DIR)")
                    _LOG.info("clinical notes: %s", "sealed" if center_key else "none are kept without --sealing-key")
                    _LOG.info("telephone switch: %s", telephony.url if telephony else "none, people dial and tick")
                await stop.wait()
    finally:
        listening.close()


@asynccontextmanager
async def running(
    store_url: str,
    configuration: Configuration | None,
    listening: socket.socket,
    *,
    exercise: "Exercise | None" = None,
    at: time | None = None,
    speed: float = 1.0,
    desk_token: str | None = None,
    center_key: SealingKey | None = None,
    telephony: TelephonySettings | None = None,
    feeds: FeedsSettings | None = None,
    hasher: PasswordHasher | None = None,
    prove: bool = True,
    heartbeat_s: float = HEARTBEAT_S,
    unheard_s: float = UNHEARD_S,
) -> AsyncIterator[Hub]:
    """A hub that answers on `listening` while the block runs. Without `prove` it takes an agency's protocols unproved.

    An exercise with an empty log begins at the local time of day `at`, else at the one its script names; with a log that
    holds something it goes on where that stopped.
    """
    store = Store(store_url)
    try:
        ledger = Ledger(store, RealTime().now)
        _one_kind(ledger, exercise is not None, store_url)
        _same_center(store, center_key, exercise is not None)
        hub_time: HubTime = RealTime(not_before=ledger.latest_at)
        if exercise is not None:
            hub_time = ExerciseTime(ledger.latest_at or exercise.begins(hub_time.now(), at), speed)
        ledger.keep_time(hub_time.now)
        tracks = Tracks(store, hub_time.now, lambda: ledger.state.agency.keep_tracks_days)
        positions = Positions(lambda: ledger.state, hub_time.now, ledger.bell, tracks.take)
        typings = Typings(lambda: ledger.state, hub_time.now, ledger.bell)
        streams = Streams(ledger, positions, typings, hub_time.now, lambda: hub_time.speed, heartbeat_s)
        desks = Desks(ledger, unheard_s=unheard_s) if exercise is None else _real_desks(ledger, unheard_s)
        people, seed = (exercise.people, exercise.seed) if exercise else ((), 0)
        sign_ins = SignIns(store, ledger, people, hasher=hasher)
        ready = asyncio.Event()
        if exercise is None:
            ready.set()
        hub = Hub(
            store, ledger, positions, tracks, streams, desks, typings, sign_ins, hub_time, ready, desk_token, people, seed,
            None, center_key,
        )  # fmt: skip
        hub.ground = Ground(configuration.folder if configuration is not None else None)
        ledger.know_ground(await asyncio.to_thread(by_layers, hub.ground))
        hub.tiles = MapTiles(
            hub.ground.basemap, lambda: ledger.state.agency.tile_server, store.path.with_name(f"{store.path.name}.tiles")
        )
        hub.trips = trips = Trips(store, ledger, positions, hub.ground, hub_time.now)
        try:
            async with beside() as tasks:
                writing = tasks.create_task(ledger.run())
                try:
                    await _configure(ledger, configuration, telephony, exercise is not None, prove)
                    async with (
                        tracks.kept(), trips.kept(), _switch(hub, telephony), _feeds(hub, feeds), _background(hub, exercise),
                        answering(hub, listening),
                    ):  # fmt: skip
                        yield hub
                finally:
                    ledger.stop()
                    await writing
        finally:
            await hub.tiles.close()
            positions.close()
            typings.close()
            sign_ins.close()
    finally:
        store.close()


@asynccontextmanager
async def _background(hub: Hub, exercise: "Exercise | None") -> AsyncIterator[None]:
    """The clock, the heartbeat, the watch over desks and layers, the keeping of sessions and, if asked for, the exercise."""
    async with beside() as tasks:
        always = (hub.streams.beat(), hub.desks.run(), hub.sign_ins.keep(), hub.ground.watch())
        running = [tasks.create_task(each) for each in always]
        if exercise is not None:  # it looks at the clock itself, after those whom it plays have acted
            running += [tasks.create_task(_play(hub, exercise)), tasks.create_task(_hold(hub))]
        else:
            running.append(tasks.create_task(clock.run(hub.ledger, hub.time.now, hub.time.sleep, lambda: hub.time.speed)))
        try:
            yield
        finally:
            for task in running:
                task.cancel()


def _real_desks(ledger: Ledger, unheard_s: float) -> Desks:
    """In an exercise those whom it plays have no desk that could be heard."""
    from console.hub.exercise.world import at_real_desk

    return Desks(ledger, unheard_s=unheard_s, is_real=at_real_desk)


async def _play(hub: Hub, exercise: "Exercise") -> None:
    """Play the exercise; where the store fails it, go on from what the log holds."""
    from console.hub.exercise import play

    while True:
        try:
            await play(exercise, hub.ledger, hub.positions.take, hub.time, ready=hub.ready)
        except NotRecorded as error:
            _LOG.error("the exercise waits for the store: %s", error)
            await asyncio.sleep(_STORE_RETRY_S)


async def _hold(hub: Hub) -> None:
    """Once the day so far is on the board: no exercise runs faster than real while a hand-off rings at a real desk."""
    from console.hub.exercise.ringing import hold

    assert isinstance(hub.time, ExerciseTime)
    await hub.ready.wait()
    await hold(hub.ledger, hub.time, hub.streams.announce)


async def _configure(
    ledger: Ledger, configuration: Configuration | None, telephony: TelephonySettings | None, exercise: bool, prove: bool
) -> None:
    """Put the agency's rules into the log, if they differ from the rules that stand there and are proved."""
    agency = configuration.agency if configuration is not None else ledger.state.agency
    if configuration is not None and prove:
        agency = proved(configuration, ledger.state.agency)
        for refused in agency.refused:
            version = f", version {refused.version}" if refused.version else ""
            what = f"protocol {refused.protocol}{version}" if refused.protocol else "the rules of eligibility"
            where = configuration.folder or "DIR"
            _LOG.warning("refused: %s, %s; `heart-console protocol check %s`", what, refused.because, where)
    agency = replace(agency, switch=telephony.name if telephony is not None else "")
    if ledger.state.agency == agency and (configuration is None or ledger.state.exercise == exercise):
        return
    order = Order(CommandId(derived_id("configured", ledger.log_id, str(ledger.head))), ConfigureAgency(agency, exercise))
    try:
        outcome = await ledger.submit(order, HUB)
    except NotRecorded as error:
        raise CannotStart(f"the configuration could not be written to the log: {error}") from None
    if isinstance(outcome, Rejected):
        raise CannotStart(f"the log does not take this configuration: {outcome.reason}")


def _one_kind(ledger: Ledger, exercise: bool, store_url: str) -> None:
    """A real log never becomes an exercise, nor an exercise real."""
    if ledger.head and ledger.state.exercise != exercise:
        holds, flag = ("an exercise", "with --exercise") if ledger.state.exercise else ("real calls", "without --exercise")
        raise CannotStart(f"{store_url}: this log holds {holds}; start it {flag}, or name another store")


def _switch(hub: Hub, settings: TelephonySettings | None) -> AbstractAsyncContextManager[None]:
    """The center's switch, told of hand-offs while the block runs; a hub without one never loads what it takes."""
    if settings is None:
        return nullcontext()
    from console.hub.webhook_switch import told

    return told(hub, settings)


def _feeds(hub: Hub, settings: FeedsSettings | None) -> AbstractAsyncContextManager[None]:
    """The feeds of positions, which come in while the block runs; a hub without them never loads what they take."""
    if settings is None:
        return nullcontext()
    from console.hub.feeds.running import fed

    return fed(hub, settings)


def _feed_settings(args: argparse.Namespace) -> FeedsSettings | None:
    """An exercise drives its units itself."""
    if args.feeds is not None and args.exercise:
        raise CannotStart("--feeds: an exercise drives its units itself, and no real one may move among them; leave it out")
    return feed_settings.read(args.feeds) if args.feeds is not None else None


def _telephony(args: argparse.Namespace) -> TelephonySettings | None:
    """An exercise rings no real switch."""
    if args.telephony is not None and args.exercise:
        raise CannotStart("--telephony: an exercise's callers are nobody's; leave it out")
    return telephony_settings.read(args.telephony) if args.telephony is not None else None


def _center_key(args: argparse.Namespace) -> SealingKey | None:
    """The key that is named; an exercise without one makes its own, which ends with it: it holds nothing real."""
    if not args.sealing_key:
        return SealingKey(new_key_bytes()) if args.exercise else None
    apart(args.sealing_key, path_of(args.store))
    return load_key(args.sealing_key)


def _same_center(store: Store, center_key: SealingKey | None, exercise: bool) -> None:
    """Notes that the key given could not open are found out at the start, not when somebody needs one."""
    if center_key is None or exercise:
        return
    count = store.read_now(lambda connection: sealed.foreign(center_key, connection))
    if count:
        what = f"the notes of {count} calls are sealed under another key than the one given"
        raise CannotStart(f"{store.path}: {what}; name that one, or rotate the store to this one (heart-console sealing)")


def _exercise(args: argparse.Namespace, configuration: Configuration | None) -> "Exercise":
    if configuration is None:
        raise CannotStart("--exercise plays the script of a configuration; name its folder with --config")
    from console.hub.exercise import ScriptError, prepare

    try:
        return prepare(args.config, configuration.agency, args.seed)
    except ScriptError as error:
        raise CannotStart(str(error)) from None


def listen(address: str) -> socket.socket:
    """A socket on `HOST:PORT` (IPv6 hosts in brackets; port 0 is any that is free), or `CannotStart`."""
    host, _, port = address.rpartition(":")
    host = host.strip("[]")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise CannotStart(f"--listen {address}: write HOST:PORT, for example 127.0.0.1:8911")
    # asyncio turns off Nagle's delay (40 ms an answer) only on sockets that say they are TCP; `create_server`'s do not.
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name != "nt":  # where it is Windows, this option would let two hubs share a port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, int(port)))
        listening.listen(256)
    except OSError as error:
        listening.close()
        raise CannotStart(f"--listen {address}: {error.strerror or error}; choose another port or address") from None
    return listening


def url_of(listening: socket.socket) -> str:
    """The address under which a listening socket is reached."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not SLOWEST <= speed <= FASTEST:
        raise argparse.ArgumentTypeError(f"{text}: write a number; an exercise runs 1 to 600 times real time")
    return speed


def _time_of_day(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text}: write a time of day as in 14:30") from None


@contextmanager
def _signals(stop: Callable[[], object]) -> Iterator[None]:
    """End well on the signals by which systems ask a program to end, on every system."""
    names = [name for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)]
    before = {name: signal.signal(getattr(signal, name), lambda *_: stop()) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)


def _first_line() -> str:
    """The desk's token, the first line of stdin. Read byte by byte: what follows belongs to `_watch_desk`."""
    line = b""
    while (byte := os.read(0, 1)) not in (b"", b"\n"):
        line += byte
    if not line.strip():
        raise CannotStart("an embedded hub is started by a desk, which writes its token on the first line of stdin")
    return line.strip().decode("ascii", "replace")


def _watch_desk(gone: Callable[[], object]) -> None:
    """Call `gone` when stdin ends: the desk that held its other end has ended, however it did."""

    def watch() -> None:
        # os.read, not sys.stdin: a daemon thread inside the buffered reader would stall the interpreter's end.
        while os.read(0, 4096):
            pass
        gone()

    threading.Thread(target=watch, name="desk-watch", daemon=True).start()
