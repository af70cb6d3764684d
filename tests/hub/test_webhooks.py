"""What is signed is taken, and nothing else is."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest

from console.hub.webhooks import SIGNATURE, TIME, NotGenuine, secret, signed, verified

KEY = b"0123456789abcdef01234567"
NOW = datetime(2026, 5, 4, 18, 30, tzinfo=UTC)
BODY = b'{"type":"hand_off.bridged"}'


def test_given_the_specifications_own_example_then_the_same_signature() -> None:
    key = secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    at = datetime.fromtimestamp(1614265330, UTC)
    body = b'{"test": 2432232314}'
    headers = signed("msg_p5jXN8AQM9LWM0D4loKWxJek", at, body, key)
    assert headers[SIGNATURE] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_given_a_message_then_its_id_and_with_several_signatures_one_is_enough() -> None:
    headers = signed("m1", NOW, BODY, KEY)
    assert verified(headers, BODY, KEY, NOW) == "m1"
    assert verified(headers | {SIGNATURE: f"v1,bm90 {headers[SIGNATURE]}"}, BODY, KEY, NOW + timedelta(minutes=4)) == "m1"


@pytest.mark.parametrize(
    ("changed", "body", "key", "at"),
    [
        ({}, BODY + b" ", KEY, NOW),
        ({}, BODY, KEY + b"x", NOW),
        ({}, BODY, KEY, NOW + timedelta(minutes=6)),
        ({}, BODY, KEY, NOW - timedelta(minutes=6)),
        ({"webhook-id": "m2"}, BODY, KEY, NOW),
        ({"webhook-id": ""}, BODY, KEY, NOW),
        ({TIME: str(int(NOW.timestamp()) + 1)}, BODY, KEY, NOW),
        ({TIME: "soon"}, BODY, KEY, NOW),
        ({SIGNATURE: ""}, BODY, KEY, NOW),
        ({SIGNATURE: "v2,abc"}, BODY, KEY, NOW),
    ],
)
def test_given_anything_changed_then_it_is_not_genuine(
    changed: dict[str, str], body: bytes, key: bytes, at: datetime
) -> None:
    with pytest.raises(NotGenuine):
        verified(signed("m1", NOW, BODY, KEY) | changed, body, key, at)


def test_given_a_secret_as_it_is_written_then_its_key_and_else_what_is_wrong() -> None:
    assert secret(f" whsec_{b64encode(KEY).decode()}\n") == KEY == secret(b64encode(KEY).decode())
    with pytest.raises(ValueError, match="is not base64"):
        secret("whsec_not base64")
    with pytest.raises(ValueError, match="has 3 bytes"):
        secret(b64encode(b"abc").decode())
