"""The people a hub knows by name and password, in its store or in its exercise, and the rules their passwords keep."""

from argon2 import PasswordHasher
from msgspec import Struct
from sqlalchemy import Connection, delete, insert, select

from console.domain.ids import ProgrammeCode, UserId
from console.domain.state import Role
from console.hub.tables import people
from console.wire.messages import ReadyPerson

SHORTEST_PASSWORD = 8
LONGEST_NAME = 64


class Person(Struct, frozen=True):
    """Somebody who may sign in. `password_hash` is argon2id's own text, with its parameters."""

    user_id: UserId
    name: str
    role: Role
    password_hash: str = ""
    title: str = ""
    position: str = ""
    programme: ProgrammeCode = ProgrammeCode("")
    languages: tuple[str, ...] = ("en",)
    skills: tuple[str, ...] = ()
    extension: str = ""


def ready(person: ReadyPerson) -> Person:
    """One of an exercise's people; their password is no secret, so it is not hashed either."""
    return Person(
        person.user_id, person.name, person.role, title=person.title, position=person.position,
        programme=person.programme, languages=person.languages, skills=person.skills, extension=person.extension,
    )  # fmt: skip


def weakness(user_id: str, password: str) -> str | None:
    """Why a password will not do (CJIS Security Policy, basic password rules), or None."""
    if len(password) < SHORTEST_PASSWORD:
        return f"the password is shorter than {SHORTEST_PASSWORD} characters"
    if password.casefold() == user_id.casefold():
        return "the password is the sign-in name"
    return None


def hashed(password: str, hasher: PasswordHasher | None = None) -> str:
    """The argon2id hash of a password."""
    return (hasher or PasswordHasher()).hash(password)


def find(user_id: str, connection: Connection) -> Person | None:
    """The person of that sign-in name in the store."""
    row = connection.execute(select(people).where(people.c.user_id == user_id)).mappings().first()
    if row is None:
        return None
    lists = {name: tuple(row[name].split()) for name in ("languages", "skills")}
    return Person(**{**row, **lists, "role": Role(row["role"])})


def everybody(connection: Connection) -> list[Person]:
    """Everybody in the store, by sign-in name."""
    names = connection.execute(select(people.c.user_id).order_by(people.c.user_id)).scalars().all()
    return [person for name in names if (person := find(name, connection)) is not None]


def keep(person: Person, connection: Connection) -> None:
    """Write a person, in place of whoever had that sign-in name."""
    connection.execute(delete(people).where(people.c.user_id == person.user_id))
    connection.execute(
        insert(people).values(
            user_id=person.user_id, name=person.name, role=person.role.value, title=person.title,
            position=person.position, programme=person.programme, languages=" ".join(person.languages),
            password_hash=person.password_hash, skills=" ".join(person.skills), extension=person.extension,
        )
    )  # fmt: skip
