"""Refusals as RFC 9457 problems: every answer that is not the one asked for says what, where and why."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from console.wire import codec
from console.wire.messages import Problem


class Refusal(Exception):
    """A request that is not carried out, with the problem that says why."""

    def __init__(
        self, status: int, detail: str, code: str = "", where: str = "", about: dict[str, str] | None = None
    ) -> None:
        """Refuse with an HTTP status and a sentence for a person."""
        super().__init__(detail)
        self.problem = problem(status, detail, code, where, about)


def problem(status: int, detail: str, code: str = "", where: str = "", about: dict[str, str] | None = None) -> Problem:
    """A problem with the status's own name as its title."""
    return Problem(HTTPStatus(status).phrase, status, detail, code or f"http-{status}", where, about or {})


def answer(refused: Problem) -> Response:
    """The problem as a response."""
    headers = {"connection": "close"} if refused.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE else None
    return Response(codec.encode(refused), refused.status, headers, "application/problem+json")


async def refused(_request: Request, error: Exception) -> Response:
    """Starlette's hook for `Refusal`."""
    if not isinstance(error, Refusal):
        raise error
    return answer(error.problem)
