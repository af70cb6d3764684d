"""What can go wrong while setting up, in words: what happened, what is kept, what to do."""

from __future__ import annotations

import errno
from dataclasses import dataclass

KEPT = "Everything done so far; the same command goes on from there."


@dataclass(eq=False)
class Trouble(Exception):
    """A failure told to a person: what happened, what was kept, what to do about it."""

    happened: str
    to_do: str
    kept: str = KEPT

    def __str__(self) -> str:
        """Give the three lines that a person reads."""
        return f"Stopped: {self.happened}\n  Kept:  {self.kept}\n  To do: {self.to_do}"


DISK_FULL = Trouble(
    "the disk is full.",
    "Make room (a complete set-up takes about 1.5 GB with what pip keeps for later) and start again.",
)
NO_VENV = Trouble(
    "this Python cannot make a virtual environment: its venv or ensurepip module is missing.",
    "On Debian and Ubuntu install the package python3-venv (as root: apt-get install python3-venv); "
    "elsewhere install Python from its own installer. Then start again.",
)
NO_INDEX = Trouble(
    "pip cannot reach a package index.",
    "Check the network. Behind a proxy set HTTPS_PROXY; with an index of your own set PIP_INDEX_URL; "
    "then start again. Once set up, run and test need no network.",
)
WRONG_HASH = Trouble(
    "a package that the index delivered is not the one in packaging/requirements.lock (its hash differs).",
    "Do not install it by hand. Try once more; if it stays, the index or something on the way to it changes packages.",
)

# What pip and the operating system say, and what it means. The first match wins: a full disk also looks like a broken
# download, and an index that cannot be reached also looks like one that has no such version.
SIGNS: tuple[tuple[Trouble, tuple[str, ...]], ...] = (
    (DISK_FULL, ("No space left on device", "[Errno 28]", "WinError 112", "Disk quota exceeded")),
    (
        NO_VENV,
        ("ensurepip is not available", "No module named ensurepip", "No module named venv", "No module named pip"),
    ),
    (WRONG_HASH, ("DO NOT MATCH THE HASHES",)),
    (
        NO_INDEX,
        (
            "Failed to establish a new connection",
            "Temporary failure in name resolution",
            "Name or service not known",
            "getaddrinfo failed",
            "nodename nor servname",
            "Network is unreachable",
            "No route to host",
            "Connection refused",
            "Max retries exceeded",
            "ReadTimeoutError",
            "ConnectTimeoutError",
            "ProxyError",
            "SSLError",
            "Could not fetch URL",
        ),
    ),
)


def explain(output: str, doing: str, log: str) -> Trouble:
    """Turn what a failed program said into words.

    ``doing`` names the work ("installing the locked packages"), ``log`` the file with the whole output.
    """
    for trouble, signs in SIGNS:
        if any(sign in output for sign in signs):
            return Trouble(trouble.happened, f"{trouble.to_do} (What it said: {log})", trouble.kept)
    if "No matching distribution found" in output:
        wanted = output.rsplit("No matching distribution found for", 1)[-1].strip().splitlines()[0].split(" (")[0]
        return Trouble(
            f"the package index has no build of {wanted} for this Python on this kind of machine.",
            f"Use Python 3.11 to 3.14, 64 bit, on Linux, Windows or macOS. (What it said: {log})",
        )
    said = [line.strip() for line in output.splitlines() if line.strip()]
    return Trouble(
        f"{doing} failed: {said[-1] if said else 'it said nothing'}",
        f"Read the whole of it in {log}, then start again.",
    )


def explain_os(error: OSError) -> Trouble:
    """Turn an error of the operating system into words."""
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)) or getattr(error, "winerror", None) == 112:
        return DISK_FULL
    place = f" ({error.filename})" if error.filename else ""
    if isinstance(error, PermissionError):
        return Trouble(
            f"this user may not write here{place}.",
            "Start it as the user who owns the folder, or copy the folder to a place of your own.",
        )
    return Trouble(f"{error.strerror or error}{place}.", "Mend that and start again.")
