"""All feeds of a hub, under way as long as it runs; what befalls one is nothing to the others."""

import logging
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager

import httpx

from console.domain.ids import UnitId
from console.hub.app import Hub
from console.hub.beside import beside
from console.hub.feeds import lines, osmand_web
from console.hub.feeds.intake import Intake
from console.hub.feeds.polling import Polling
from console.hub.feeds.settings import FeedsFaulty, FeedsSettings, GtfsRealtimeFeed, OsmandFeed

_LOG = logging.getLogger("console.hub")


@asynccontextmanager
async def fed(hub: Hub, settings: FeedsSettings) -> AsyncIterator[None]:
    """While the block runs, the feeds bring positions; `FeedsFaulty` where a unit is not the agency's or a port is taken."""
    _known(settings, hub.ledger.state.units)
    intakes = [Intake(feed, hub.positions.take, hub.time.now, hub.positions.doubt) for feed in settings.feeds]
    async with beside() as tasks, AsyncExitStack() as stack:
        client = await stack.enter_async_context(httpx.AsyncClient(trust_env=False, timeout=None))
        asking = []
        for intake in intakes:
            feed = intake.feed
            if isinstance(feed, GtfsRealtimeFeed):
                asking.append(tasks.create_task(Polling(feed, intake, client).run()))
                continue
            listened = osmand_web.listened(feed, intake) if isinstance(feed, OsmandFeed) else lines.listened(feed, intake)
            try:
                await stack.enter_async_context(listened)
            except (OSError, UnicodeError) as error:
                what = f"cannot listen: {getattr(error, 'strerror', None) or error}; choose another port or address"
                raise FeedsFaulty(f"{settings.path}: feed {feed.name}: {what}") from None
        for intake in intakes:
            _LOG.info("feed %s: %s at %s", intake.feed.name, intake.feed.protocol, ", ".join(intake.listens))
        hub.feeds = lambda: tuple(intake.health() for intake in intakes)
        try:
            yield
        finally:
            for task in asking:
                task.cancel()


def _known(settings: FeedsSettings, units: Collection[UnitId]) -> None:
    found = [
        f"{settings.path}: feed {feed.name}: {unit} is no unit of the agency; its units are in units.csv"
        for feed in settings.feeds
        for unit in feed.bound()
        if unit not in units
    ]
    if found:
        raise FeedsFaulty("\n".join(found))
