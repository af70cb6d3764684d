"""Coroutines as tests: each in a loop of its own, with nothing left behind in it."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import ParamSpec

P = ParamSpec("P")

BOUND_S = 60.0
"""Not a limit on speed: a test that waits for what never comes ends here instead of never."""


def runs(test: Callable[P, Coroutine[None, None, None]]) -> Callable[P, None]:
    """Run an `async def` test to its end; a task it left running is a failure."""

    @wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        async def bounded() -> None:
            async with asyncio.timeout(BOUND_S):
                await test(*args, **kwargs)
            left = [task.get_name() for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            assert not left, f"still running: {left}"

        asyncio.run(bounded())

    return run
