"""Feeds that are asked: GTFS-realtime over HTTP, no oftener than it changes, and ever less often while it fails."""

import asyncio
import logging
from functools import partial

import httpx

from console.hub.feeds import gtfs_realtime
from console.hub.feeds.fix import NoFix, Reason
from console.hub.feeds.intake import Intake
from console.hub.feeds.settings import GtfsRealtimeFeed

_LOG = logging.getLogger("console.hub")

BODY_AT_MOST = 16 << 20
LONGEST_WAIT_S = 300.0
_UNCHANGED = {"etag": "if-none-match", "last-modified": "if-modified-since"}


class NotAnswered(Exception):
    """The feed gave nothing that can be read; the message says what it did."""


def wait_s(every_s: float, failures: int) -> float:
    """Seconds until it is asked again, after so many failures in a row: twice as long each time, to a limit."""
    return max(every_s, min(every_s * 2.0 ** min(failures, 30), LONGEST_WAIT_S))


class Polling:
    """Asks one feed again and again."""

    def __init__(self, feed: GtfsRealtimeFeed, intake: Intake, client: httpx.AsyncClient) -> None:
        """`client` follows no redirects: positions come from the address that the center named, and from no other."""
        self._feed, self._intake, self._client = feed, intake, client
        self._unchanged: dict[str, str] = {}
        intake.listens.append(feed.url)

    async def run(self) -> None:
        """Ask until cancelled."""
        failures = 0
        while True:
            try:
                async with asyncio.timeout(self._feed.timeout_s):
                    await self.ask()
            except TimeoutError:
                failures, why = failures + 1, f"no whole answer within {self._feed.timeout_s:g} s"
            except (httpx.HTTPError, NotAnswered) as error:
                failures, why = failures + 1, str(error) or type(error).__name__
            except Exception:  # of ours or of a library: this feed goes on, and so do all others
                _LOG.exception("feed %s: a fault in asking", self._feed.name)
                failures, why = failures + 1, "a fault of the hub, which is in its log"
            else:
                failures, why = 0, ""
            if why:
                self._unchanged = {}
            wait = wait_s(self._feed.every_s, failures)
            self._intake.trouble = f"{why}; asked again every {wait:g} s" if why else ""
            await asyncio.sleep(wait)

    async def ask(self) -> None:
        """Ask once; raises `NotAnswered` or httpx's errors where nothing can be read."""
        async with self._client.stream("GET", self._feed.url, headers=self._unchanged) as answer:
            if answer.status_code == httpx.codes.NOT_MODIFIED:
                self._intake.alive()
                return
            if answer.status_code != httpx.codes.OK:
                raise NotAnswered(f"it answered {answer.status_code}")
            body = bytearray()
            async for chunk in answer.aiter_bytes():
                body += chunk
                if len(body) > BODY_AT_MOST:
                    raise NotAnswered(f"its answer is larger than {BODY_AT_MOST} bytes")
        heard = self._intake.hear(partial(gtfs_realtime.read, bytes(body)))
        if len(heard) == 1 and isinstance(heard[0], NoFix) and heard[0].reason in (Reason.UNREADABLE, Reason.FAULT):
            raise NotAnswered(heard[0].what)
        said = ((ours, answer.headers.get(theirs)) for theirs, ours in _UNCHANGED.items())
        self._unchanged = {ours: value for ours, value in said if value}
