"""Switches for the whole suite: nothing is logged unexpectedly, nothing leaves this machine, nothing needs a screen."""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Generator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

if sys.platform.startswith("linux"):
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")

# No wall-clock limits; on the machine that decides what lands, the same examples every time.
settings.register_profile(
    "house",
    deadline=None,
    derandomize="CI" in os.environ,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("house")

# structlog speaks through logging, so that one ear hears everything.
structlog.configure(
    processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer(key_order=["event"])],
    wrapper_class=structlog.stdlib.BoundLogger,
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=False,
)


# ------------------------------------------------------------------------------------------------- nothing said aside


class Ear(logging.Handler):
    """Keeps what is logged at WARNING or above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one record."""
        self.heard.append(record)


def _quiet(item: pytest.Item) -> Generator[None, Any, Any]:
    """Fail the phase of a test in which something was logged that the test did not expect."""
    ear = Ear()
    logging.getLogger().addHandler(ear)
    try:
        outcome = yield
    finally:
        logging.getLogger().removeHandler(ear)
    if unexpected := [record for record in ear.heard if not _expected(item, record)]:
        said = "\n".join(f"  {record.levelname} {record.name}: {record.getMessage()}" for record in unexpected)
        pytest.fail(f"Logged, and the test did not expect it:\n{said}", pytrace=False)
    return outcome


def _expected(item: pytest.Item, record: logging.LogRecord) -> bool:
    if "caplog" in getattr(item, "fixturenames", ()):
        return True
    marker = item.get_closest_marker("expects_log")
    return marker is not None and any(re.search(pattern, record.getMessage()) for pattern in marker.args)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, Any, Any]:
    """Listen while fixtures are made."""
    return (yield from _quiet(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Listen while the test runs."""
    return (yield from _quiet(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, Any, Any]:
    """Listen while fixtures are taken down."""
    return (yield from _quiet(item))


# ------------------------------------------------------------------------------------------------- loopback only


def is_loopback(host: object) -> bool:
    """Tell whether a host, as given to connect or getaddrinfo, stays on this machine."""
    if host in (None, "", b"", "localhost", b"localhost"):
        return True
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    try:
        return ip_address(text.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _loopback_only(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" or event == "socket.sendto":
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # a path or a socket pair stays here
    elif event == "socket.getaddrinfo":
        host = arguments[0]
        # Looking up an address is no traffic; a name asks a name server.
        if isinstance(host, str) and re.fullmatch(r"[\d.]+|[\da-fA-F:]+", host):
            return
    else:
        return
    if not is_loopback(host):
        raise PermissionError(f"A test reached for {host!r}. Tests stay on loopback.")


sys.addaudithook(_loopback_only)


# ------------------------------------------------------------------------------------------------- recorded real data


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Give the folder of real recorded data that HEART_REAL_DATA names; without it the test is skipped."""
    named = os.environ.get("HEART_REAL_DATA")
    if not named:
        pytest.skip("HEART_REAL_DATA is not set: this test reads real recorded data that is not part of the repository")
    folder = Path(named)
    if not folder.is_dir():
        pytest.fail(f"HEART_REAL_DATA names {folder}, which is no folder")
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that takes the real_data fixture, so that ``-m real_data`` finds it."""
    for item in items:
        if "real_data" in getattr(item, "fixturenames", ()):
            item.add_marker("real_data")


# ------------------------------------------------------------------------------------------------- several processes


class KeptTogether(LoadScopeScheduling):
    """Hands each of several processes (``-n``) a file's tests whole, so that what they share is made once.

    All of tests/together goes to one: real desks of two floors at a time would wait for each other on a small machine.
    Not by the marker ``xdist_group``, which pytest-xdist 3.8 writes where pytest 9.2 no longer reads it.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "tests/together" if file.startswith("tests/together/") else file


@pytest.hookimpl(optionalhook=True)  # there is none with "-p no:xdist"
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> KeptTogether:
    """Distribute the tests as above, whatever ``--dist`` says."""
    return KeptTogether(config, log)
