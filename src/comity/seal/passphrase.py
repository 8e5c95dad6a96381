"""Secrets under a passphrase: Argon2id (RFC 9106) or scrypt (RFC 7914), then AES-256-GCM.

The sealed bytes are one line of canonical JSON that names derivation, parameters and salt, a
line feed, and the ciphertext. The header is bound to the ciphertext. What is read back must lie
within bounds (a ceiling, so that a file from elsewhere cannot exhaust the memory; a floor, below
which a derivation is a mistake), and must be exactly what we would have written.
"""

import unicodedata
from secrets import token_bytes
from typing import Annotated, Final, Literal

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id as Argon2idDerivation
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt as ScryptDerivation
from msgspec import Meta, Struct

from comity.seal.wrapping import NONCE_LENGTH, aead_open, aead_seal
from comity.vocabulary.errors import Invalid, Refused

LIMIT: Final = 1 << 20
"""The longest secret, in bytes."""

_HEADER_LIMIT: Final = 512
_KEY_LENGTH: Final = 32
_SALT_LENGTH: Final = 16


class Argon2id(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kdf", tag="argon2id"):
    """Memory in KiB, passes over it, lanes. The default is RFC 9106's second choice."""

    memory: Annotated[int, Meta(ge=8 * 1024, le=1024 * 1024)] = 64 * 1024
    passes: Annotated[int, Meta(ge=1, le=16)] = 3
    lanes: Annotated[int, Meta(ge=1, le=8)] = 4


class Scrypt(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kdf", tag="scrypt"):
    """For a library without Argon2id: N is 2 to the ``log2_n``, r is 8, p is 1."""

    log2_n: Annotated[int, Meta(ge=13, le=20)] = 17


Cost = Argon2id | Scrypt
"""How dear one guess is."""


class _Header(Struct, frozen=True, forbid_unknown_fields=True):
    cost: Cost
    form: Literal["comity-passphrase"]
    salt: Annotated[bytes, Meta(min_length=_SALT_LENGTH, max_length=_SALT_LENGTH)]
    version: Literal[1]


_decoder: Final = msgspec.json.Decoder(_Header)
_encoder: Final = msgspec.json.Encoder(order="sorted")


def best_cost() -> Cost:
    """Return the default cost: Argon2id, or scrypt where the library was built without it."""
    try:
        Argon2idDerivation(
            salt=bytes(_SALT_LENGTH), length=_KEY_LENGTH, iterations=1, lanes=1, memory_cost=8
        )
    except UnsupportedAlgorithm:
        return Scrypt()
    return Argon2id()


def seal_with_passphrase(passphrase: str, secret: bytes, *, cost: Cost | None = None) -> bytes:
    """Seal a secret of at most 1 MiB; ``cost`` is ``best_cost()`` unless a caller knows better.

    Raises:
        Refused: ``refused.passphrase``: the passphrase is empty.
        Invalid: ``invalid.sealed-secret``: the secret is too long, or the cost is out of bounds.
    """
    if len(secret) > LIMIT:
        raise Invalid("invalid.sealed-secret", "more than 1 MiB")
    header = _encoder.encode(
        _Header(
            cost=best_cost() if cost is None else cost,
            form="comity-passphrase",
            salt=token_bytes(_SALT_LENGTH),
            version=1,
        )
    )
    # A cost that we could not read back must not be written either.
    key = _derive(passphrase, _read_header(header))
    nonce = token_bytes(NONCE_LENGTH)
    return header + b"\n" + nonce + aead_seal(key, nonce=nonce, plaintext=secret, aad=header)


def open_with_passphrase(passphrase: str, sealed: bytes) -> bytes:
    """Return the secret.

    Raises:
        Invalid: ``invalid.sealed-secret``: not such a file, or its parameters are out of
            bounds; no guess was made. ``invalid.passphrase``: another passphrase, or changed.
        Refused: ``refused.passphrase``: the passphrase is empty.
    """
    # The limit comes before everything: nothing long is searched or parsed.
    if len(sealed) > _HEADER_LIMIT + LIMIT:
        raise Invalid("invalid.sealed-secret", "too long")
    header, separator, rest = sealed.partition(b"\n")
    if not separator:
        raise Invalid("invalid.sealed-secret", "no header line")
    key = _derive(passphrase, _read_header(header))
    try:
        return aead_open(key, nonce=rest[:NONCE_LENGTH], sealed=rest[NONCE_LENGTH:], aad=header)
    except Invalid as error:
        raise Invalid("invalid.passphrase", "another passphrase, or the file changed") from error


def _read_header(header: bytes) -> _Header:
    if len(header) > _HEADER_LIMIT:
        raise Invalid("invalid.sealed-secret", "the header is too long")
    try:
        read = _decoder.decode(header)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid("invalid.sealed-secret", "the header does not read") from error
    if _encoder.encode(read) != header:
        raise Invalid("invalid.sealed-secret", "the header is not canonical")
    return read


def _derive(passphrase: str, header: _Header) -> bytes:
    # NFC, so that one phrase typed on two keyboards gives one key.
    phrase = unicodedata.normalize("NFC", passphrase).encode()
    if not phrase:
        raise Refused("refused.passphrase", "the passphrase is empty")
    match header.cost:
        case Argon2id(memory=memory, passes=passes, lanes=lanes):
            return Argon2idDerivation(
                salt=header.salt,
                length=_KEY_LENGTH,
                iterations=passes,
                lanes=lanes,
                memory_cost=memory,
            ).derive(phrase)
        case Scrypt(log2_n=log2_n):
            return ScryptDerivation(
                salt=header.salt, length=_KEY_LENGTH, n=1 << log2_n, r=8, p=1
            ).derive(phrase)
