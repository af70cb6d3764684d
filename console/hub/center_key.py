"""The center's key, under which every call's key lies: from a key file or the system's keyring, never beside the data."""

import os
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEYRING = "keyring:"
"""What a key's place begins with where it is not a file: `keyring:NAME`."""
_PROGRAM = "heart-console"
_FORM = "heart-sealing-key-1 "
_KEY_BYTES, _NONCE_BYTES = 32, 12


class KeyUnusable(Exception):
    """A key cannot be had or made; the message is one line that says why and what to do."""


class SealingKey:
    """AES-256-GCM under one key (NIST SP 800-38D), with a random nonce before each ciphertext."""

    def __init__(self, key: bytes) -> None:
        """Take 32 random bytes."""
        self._cipher = AESGCM(key)
        self.id = sha256(b"heart sealing key " + key).hexdigest()[:16]
        """Tells keys apart, and nothing of the key."""

    def seal(self, plain: bytes, about: bytes) -> bytes:
        """Encrypt; `about` is bound to it, so that a record moved to another place does not open there."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, about)

    def open(self, sealed: bytes, about: bytes) -> bytes:
        """Decrypt; raises `InvalidTag` where the bytes, the key or `about` are not the ones of the sealing."""
        if len(sealed) < _NONCE_BYTES:
            raise InvalidTag
        return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], about)


def new_key_bytes() -> bytes:
    """A fresh random key."""
    return AESGCM.generate_key(bit_length=8 * _KEY_BYTES)


def load(place: str) -> SealingKey:
    """The key at a place, a file or `keyring:NAME`; `KeyUnusable` where there is none."""
    if place.startswith(KEYRING):
        words = _in_keyring(place)
        if words is None:
            raise KeyUnusable(f"{place}: the system's keyring holds no such key; make it with heart-console sealing new-key")
        return SealingKey(_read(words, place))
    try:
        words = Path(place).read_text(encoding="ascii")
    except FileNotFoundError:
        raise KeyUnusable(f"{place}: there is no such key file; make it with heart-console sealing new-key") from None
    except (OSError, UnicodeDecodeError) as error:
        raise KeyUnusable(f"{place}: the key file cannot be read ({error})") from None
    return SealingKey(_read(words, place))


def make(place: str) -> SealingKey:
    """Make a new key at a place; one that is there is never written over: what it sealed could not be opened any more."""
    key = new_key_bytes()
    words = f"{_FORM}{b64encode(key).decode('ascii')}"
    if place.startswith(KEYRING):
        if _in_keyring(place) is not None:
            raise KeyUnusable(f"{place}: there is a key of this name already; name another")
        _put_into_keyring(place, words)
        return SealingKey(key)
    try:
        opened = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "w", encoding="ascii") as file:
            file.write(words + "\n")
    except FileExistsError:
        raise KeyUnusable(f"{place}: this file exists; name another") from None
    except OSError as error:
        raise KeyUnusable(f"{place}: the key file cannot be written ({error})") from None
    return SealingKey(key)


def apart(place: str, store: Path) -> None:
    """Raise `KeyUnusable` if the key lies beside the data: whoever copies that folder would have both."""
    if not place.startswith(KEYRING) and Path(place).resolve().parent == store.resolve().parent:
        raise KeyUnusable(f"{place}: the key lies in the folder of the store; keep it in another, or in the keyring")


def _read(words: str, place: str) -> bytes:
    try:
        key = b64decode(words.strip().removeprefix(_FORM), validate=True)
    except NotBase64:
        key = b""
    if not words.startswith(_FORM) or len(key) != _KEY_BYTES:
        raise KeyUnusable(f"{place}: this is not a sealing key; make one with heart-console sealing new-key")
    return key


def _in_keyring(place: str) -> str | None:
    import keyring  # asks the system for its keyrings: only where one is named
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(_PROGRAM, place.removeprefix(KEYRING))
    except KeyringError as error:
        raise KeyUnusable(f"{place}: the system's keyring cannot be asked ({error}); use a key file") from None


def _put_into_keyring(place: str, words: str) -> None:
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(_PROGRAM, place.removeprefix(KEYRING), words)
    except KeyringError as error:
        raise KeyUnusable(f"{place}: the system's keyring does not take the key ({error}); use a key file") from None
