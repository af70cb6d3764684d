"""The switches of the suite do what they say."""

from __future__ import annotations

import logging
import socket

import pytest
import structlog
from xdist.remote import Producer

from tests.conftest import KeptTogether, is_loopback

pytest_plugins = ["pytester"]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost", b"localhost", None, ""])
def test_loopback_is_told_from_its_names_and_numbers(host: object) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["192.0.2.1", "10.0.0.1", "0.0.0.0", "example.org", "2001:db8::1", b"example.org"])
def test_everything_else_is_elsewhere(host: object) -> None:
    assert not is_loopback(host)


def test_given_an_address_elsewhere_when_connecting_then_it_is_refused_before_anything_is_sent() -> None:
    with socket.socket() as outward, pytest.raises(PermissionError, match="stay on loopback"):
        outward.connect(("192.0.2.1", 80))


def test_given_a_name_elsewhere_when_looking_it_up_then_it_is_refused() -> None:
    with pytest.raises(PermissionError, match="stay on loopback"):
        socket.getaddrinfo("example.org", 80)


def test_given_a_listener_on_loopback_when_connecting_then_it_is_let_through() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(listener.getsockname()) as line:
        assert line.getpeername() == listener.getsockname()


def test_given_two_processes_then_one_has_all_of_a_file_and_one_has_all_the_real_desks(pytester: pytest.Pytester) -> None:
    scope = KeptTogether(pytester.parseconfig("--tx", "2*popen"), Producer("any"))._split_scope
    assert scope("tests/hub/test_a.py::test_1[x::y]") == scope("tests/hub/test_a.py::TestOf::test_2")
    assert scope("tests/hub/test_a.py::test_1") != scope("tests/hub/test_b.py::test_1")
    assert scope("tests/together/test_a.py::test_1") == scope("tests/together/test_b.py::test_1")


@pytest.mark.expects_log("the hub is slow", "event='slow disk'")
def test_given_a_marker_when_what_it_names_is_logged_then_the_test_passes() -> None:
    logging.getLogger("any").warning("the hub is slow: %d ms", 900)
    structlog.get_logger("any").warning("slow disk", milliseconds=7)


@pytest.mark.expects_log("aside")  # the suite inside runs in this process, so both ears hear it
@pytest.mark.parametrize(
    ("body", "passed"),
    [
        ("logging.getLogger('x').warning('aside')", 0),
        ("structlog.get_logger().error('aside')", 0),
        ("logging.getLogger('x').info('aside')", 1),
    ],
)
def test_given_an_unexpected_warning_then_the_test_that_logged_it_fails(
    pytester: pytest.Pytester, request: pytest.FixtureRequest, body: str, passed: int
) -> None:
    pytester.makepyfile(f"import logging, structlog\ndef test_one():\n    {body}\n")
    conftest = next(plugin for plugin in request.config.pluginmanager.get_plugins() if hasattr(plugin, "is_loopback"))

    outcome = pytester.inline_run("-p", "no:randomly", "-q", plugins=[conftest])

    assert (len(outcome.listoutcomes()[0]), len(outcome.listoutcomes()[2])) == (passed, 1 - passed)
