"""How the hub reaches a center's switch: one small TOML file beside the store, never part of the agency's configuration."""

from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from console.hub import webhooks

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class TelephonyFaulty(Exception):
    """The file cannot be used; the message is one line a finding, with its place."""


class TelephonySettings(Struct, frozen=True, kw_only=True):
    """Where the switch is, the key both sign with, and for how long it is tried to tell it something."""

    name: str
    url: str
    key: bytes
    timeout_s: float = 5.0
    give_up_s: float = 60.0


class _File(Struct, forbid_unknown_fields=True):
    name: str
    url: str
    secret_file: str
    timeout_s: float = 5.0
    give_up_s: float = 60.0
    plain_http: bool = False


def read(path: Path) -> TelephonySettings:
    """Read and check the file, or raise `TelephonyFaulty` with everything that is wrong.

    Keys: `name` (as desks say it), `url`, `secret_file` (of a Standard Webhooks secret, beside this file unless its path is
    absolute), `timeout_s`, `give_up_s`, `plain_http` (true says that the way there is protected otherwise).
    """
    try:
        file = msgspec.toml.decode(path.read_bytes(), type=_File)
    except OSError as error:
        raise TelephonyFaulty(f"{path}: cannot be read: {error.strerror}") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise TelephonyFaulty(f"{path}: {error}") from None
    found = [f"{path}: {place}: {what}" for place, what in _faults(file)]
    key = b""
    secret_path = path.parent / file.secret_file
    try:
        key = webhooks.secret(secret_path.read_text(encoding="ascii"))
    except OSError as error:
        found.append(f"{path}: secret_file: {secret_path} cannot be read: {error.strerror}")
    except UnicodeDecodeError:
        found.append(f"{path}: secret_file: {secret_path} is not base64")
    except ValueError as error:
        found.append(f"{path}: secret_file: {secret_path} {error}")
    if found:
        raise TelephonyFaulty("\n".join(found))
    return TelephonySettings(name=file.name, url=file.url, key=key, timeout_s=file.timeout_s, give_up_s=file.give_up_s)


def _faults(file: _File) -> list[tuple[str, str]]:
    found = []
    try:
        where = urlsplit(file.url)
        host, scheme = where.hostname or "", where.scheme
    except ValueError:
        host = scheme = ""
    if scheme not in ("http", "https") or not host:
        found.append(("url", f"{file.url!r} is not an address; write https://HOST/PATH"))
    elif scheme == "http" and host not in _LOOPBACK and not file.plain_http:
        found.append(("url", "is plain http, and callers' numbers go there; write https, or plain_http = true"))
    if not file.name.strip():
        found.append(("name", "is empty; say what desks are to call the switch"))
    found += [
        (place, f"{seconds:g} is not a number of seconds above 0")
        for place, seconds in (("timeout_s", file.timeout_s), ("give_up_s", file.give_up_s))
        if not seconds > 0
    ]
    return found
