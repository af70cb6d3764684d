"""What can go wrong between desk and hub, as the four exceptions that the rest of the link tells apart."""

from console.domain.commands import Rejected
from console.wire.messages import Problem


class Unreachable(Exception):
    """The hub gave no answer that counts; the same request may be made again.

    `maybe_taken` is true when the request had left the desk, so that the hub may have carried it out.
    """

    def __init__(self, what: str, *, maybe_taken: bool = False) -> None:
        """Say in one sentence what happened."""
        super().__init__(what)
        self.maybe_taken = maybe_taken


class HubFault(Unreachable):
    """The hub answered that it failed (500): it is there, but this request it could not work."""

    def __init__(self, what: str) -> None:
        """Say in one sentence what the hub answered."""
        super().__init__(what, maybe_taken=True)


class Gone(Exception):
    """410: the place in the log that was asked for is no good there; only a snapshot helps."""


class Refused(Exception):
    """The hub understood, and will not: a 4xx that no retry changes."""

    def __init__(self, problem: Problem) -> None:
        """Carry the hub's own words."""
        super().__init__(problem.detail or problem.title)
        self.problem = problem

    @property
    def signed_out(self) -> bool:
        """Whether the session is what the hub does not accept."""
        return self.problem.status == 401

    def rejected(self) -> Rejected:
        """The same, as the outcome of a command."""
        return self.problem.rejected()


class VersionSkew(Exception):
    """Hub and desk are of different versions; the desk shows what it has, and changes nothing."""
