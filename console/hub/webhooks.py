"""Signed messages between two systems, by the Standard Webhooks specification (standardwebhooks.com), symmetric `v1`.

A message has an id, a time in whole Unix seconds and a body; what is signed is `id.time.body` by HMAC-SHA256, written in
base64 behind `v1,`. Several signatures, a space between two, let the secret be changed without a gap.
"""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from hmac import new as hmac

ID, TIME, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
TOLERANCE = timedelta(minutes=5)
"""How far a message's time may be from the receiver's clock: later it is taken for a replay."""
SECRET_BYTES = range(24, 65)
_PREFIX, _VERSION = "whsec_", "v1,"


class NotGenuine(Exception):
    """A message that is not what it says, or comes at another time than it says; the message says which."""


def secret(text: str) -> bytes:
    """The key in a secret as it is written: base64, with or without its prefix. Raises `ValueError` with what is wrong."""
    try:
        key = b64decode(text.strip().removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("is not base64") from None
    if len(key) not in SECRET_BYTES:
        raise ValueError(f"has {len(key)} bytes; {SECRET_BYTES.start} to {SECRET_BYTES.stop - 1} are wanted")
    return key


def signed(message_id: str, at: datetime, body: bytes, key: bytes) -> dict[str, str]:
    """The three headers of a message."""
    moment = str(int(at.timestamp()))
    return {ID: message_id, TIME: moment, SIGNATURE: _signature(message_id, moment, body, key)}


def verified(headers: Mapping[str, str], body: bytes, key: bytes, now: datetime) -> str:
    """The id of a message that was signed under the key, lately; else raises `NotGenuine`."""
    message_id, moment, given = (headers.get(name, "") for name in (ID, TIME, SIGNATURE))
    if not (message_id and given and moment.isascii() and moment.isdecimal()):
        raise NotGenuine(f"It wants the headers {ID}, {TIME} (whole Unix seconds) and {SIGNATURE}.")
    right = _signature(message_id, moment, body, key).encode()
    if not any([compare_digest(right, one.encode()) for one in given.split()]):
        raise NotGenuine("Its signature is not the one of this id, time and body under the secret.")
    if abs(int(moment) - now.timestamp()) > TOLERANCE.total_seconds():
        raise NotGenuine(
            f"Its time is more than {TOLERANCE.seconds // 60} min from this clock: a replay, or a clock is wrong."
        )
    return message_id


def _signature(message_id: str, moment: str, body: bytes, key: bytes) -> str:
    content = f"{message_id}.{moment}.".encode() + body
    return _VERSION + b64encode(hmac(key, content, sha256).digest()).decode()
