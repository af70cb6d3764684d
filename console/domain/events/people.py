"""What happened to the agency and to the people at work."""

from console.domain.agency import Agency
from console.domain.events.event import Event
from console.domain.ids import DeskId, ProgrammeCode, UserId
from console.domain.state import PresenceStatus, Role


class AgencyConfigured(Event, frozen=True, tag=True):
    agency: Agency
    exercise: bool


class SignedIn(Event, frozen=True, tag=True):
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


class SignedOff(Event, frozen=True, tag=True):
    user_id: UserId


class PresenceChanged(Event, frozen=True, tag=True):
    user_id: UserId
    status: PresenceStatus
    reason: str = ""


class DeskLost(Event, frozen=True, tag=True):
    """Nothing is heard any more of the desk a person is at. They are never ready until it is heard of again."""

    user_id: UserId
    desk_id: DeskId


class DeskFound(Event, frozen=True, tag=True):
    """The desk of a person is heard of again; they are what they were."""

    user_id: UserId
    desk_id: DeskId
