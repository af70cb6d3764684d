"""What somebody wants of the agency and of the people at work."""

from console.domain.agency import Agency
from console.domain.commands.command import Command
from console.domain.ids import DeskId, ProgrammeCode, UserId
from console.domain.instant import Instant
from console.domain.state import PresenceStatus, Role


class ConfigureAgency(Command, frozen=True, tag=True):
    agency: Agency
    exercise: bool = False


class SignIn(Command, frozen=True, tag=True):
    """Made by the hub once a name and password were right; a desk never sends it."""

    user_id: UserId
    name: str
    role: Role
    desk_id: DeskId
    title: str = ""
    position: str = ""
    programme: ProgrammeCode = ProgrammeCode("")
    languages: tuple[str, ...] = ("en",)
    skills: tuple[str, ...] = ()
    extension: str = ""


class SignOff(Command, frozen=True, tag=True):
    user_id: UserId


class SetPresence(Command, frozen=True, tag=True):
    """What the person who sends it is doing."""

    status: PresenceStatus
    reason: str = ""


class EndWrapUp(Command, frozen=True, tag=True):
    """Sent by the hub's clock when a clinician has been in wrap-up for the agency's `wrap_up_s`: they are ready again.

    `since` names the wrap-up that ended; one that began later goes on.
    """

    user_id: UserId
    since: Instant


class LoseDesk(Command, frozen=True, tag=True):
    """Sent by the hub when nothing has been heard of a person's desk for a while."""

    user_id: UserId
    desk_id: DeskId


class FindDesk(Command, frozen=True, tag=True):
    """Sent by the hub when a desk that was lost is heard of again."""

    user_id: UserId
    desk_id: DeskId
