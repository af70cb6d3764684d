"""A desk's line to its hub, in plain asyncio: follow the stream, keep the replica, send commands."""
