"""The map's page draws in a process of its own; on a workstation with few cores it must not keep the board waiting."""

import contextlib

import psutil

NICE = 10
"""Of POSIX's 20 steps below the ordinary priority."""


def give_way(pid: int) -> None:
    """Let a process have the processor after everything that answers a person; where that may not be, it stays as it is."""
    lower = getattr(psutil, "BELOW_NORMAL_PRIORITY_CLASS", NICE)  # the constant is there on Windows only
    with contextlib.suppress(psutil.Error):
        psutil.Process(pid).nice(lower)
