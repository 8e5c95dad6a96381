"""Public keys of passkeys: COSE_Key (RFC 9052, section 7) of ES256, EdDSA and RS256, strictly.

One key has one form: a canonical CBOR map (RFC 8949, 4.2.1) with the fields of its type and no
other. A key that could be written in two ways would have two identifiers, and count as two.
"""

from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from comity.vocabulary.errors import Invalid

CoseKey = ec.EllipticCurvePublicKey | Ed25519PublicKey | rsa.RSAPublicKey

_EC_FIELDS, _FIELDS = 5, 4
_COORDINATE: Final = 32
_RSA_BITS: Final = range(2048, 4097)
_LONGEST: Final = 1024
_ONE_BYTE, _TWO_BYTES, _INLINE = 24, 25, 24
_UNSIGNED, _NEGATIVE, _BYTES, _MAP = 0, 1, 2, 5

Value = int | bytes


@lru_cache(maxsize=256)
def cose_key(raw: bytes) -> CoseKey:
    """Return the public key of a passkey.

    Raises:
        Invalid: ``invalid.key``: another algorithm, another form, or no key at all.
    """
    try:
        fields = _fields(raw)
        if encode_cose(fields) == raw:
            return _key(fields)
    except (ValueError, IndexError, KeyError, TypeError) as error:
        raise Invalid("invalid.key", "not a passkey's public key") from error
    raise Invalid("invalid.key", "a passkey's public key in another form than the canonical one")


def _key(fields: dict[int, Value]) -> CoseKey:
    match fields:
        case {1: 2, 3: -7, -1: 1, -2: bytes(x), -3: bytes(y)} if len(fields) == _EC_FIELDS:
            if len(x) == len(y) == _COORDINATE:
                return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + x + y)
        case {1: 1, 3: -8, -1: 6, -2: bytes(x)} if len(fields) == _FIELDS:
            return Ed25519PublicKey.from_public_bytes(x)
        case {1: 3, 3: -257, -1: bytes(n), -2: bytes(e)} if len(fields) == _FIELDS:
            number, exponent = int.from_bytes(n, "big"), int.from_bytes(e, "big")
            if n[:1] != b"\0" and number.bit_length() in _RSA_BITS and e == b"\x01\x00\x01":
                return rsa.RSAPublicNumbers(exponent, number).public_key()
        case _:
            pass
    raise Invalid("invalid.key", "not a key of ES256, EdDSA or RS256")


def encode_cose(fields: dict[int, Value]) -> bytes:
    """Return a map of integers to integers or bytes as canonical CBOR (short keys first)."""
    written = {_integer(key): _value(value) for key, value in fields.items()}
    ordered = sorted(written.items())
    return _head(_MAP, len(ordered)) + b"".join(key + value for key, value in ordered)


def encode_bytes(value: bytes) -> bytes:
    """Return bytes (at most 65,535) as canonical CBOR."""
    return _head(_BYTES, len(value)) + value


def _value(value: Value) -> bytes:
    return encode_bytes(value) if isinstance(value, bytes) else _integer(value)


def _integer(number: int) -> bytes:
    return _head(_UNSIGNED, number) if number >= 0 else _head(_NEGATIVE, -1 - number)


def _head(major: int, count: int) -> bytes:
    if count < _INLINE:
        return bytes([major << 5 | count])
    if count < 1 << 8:
        return bytes([major << 5 | _ONE_BYTE, count])
    return bytes([major << 5 | _TWO_BYTES]) + count.to_bytes(2, "big")


def _fields(raw: bytes) -> dict[int, Value]:
    """Read a map; what is not canonical is found by writing it again."""
    if len(raw) > _LONGEST:
        raise ValueError
    major, count, at = _read(raw, 0)
    if major != _MAP:
        raise ValueError
    fields: dict[int, Value] = {}
    for _ in range(count):
        key, at = _item(raw, at)
        if isinstance(key, bytes) or key in fields:
            raise ValueError
        fields[key], at = _item(raw, at)
    if at != len(raw):
        raise ValueError
    return fields


def _item(raw: bytes, at: int) -> tuple[Value, int]:
    major, count, at = _read(raw, at)
    match major:
        case 0:
            return count, at
        case 1:
            return -1 - count, at
        case 2:
            if at + count > len(raw):
                raise ValueError
            return raw[at : at + count], at + count
        case _:
            raise ValueError


def _read(raw: bytes, at: int) -> tuple[int, int, int]:
    first = raw[at]
    major, count = first >> 5, first & 31
    if count < _INLINE:
        return major, count, at + 1
    width = {_ONE_BYTE: 1, _TWO_BYTES: 2}[count]
    if at + 1 + width > len(raw):
        raise ValueError
    return major, int.from_bytes(raw[at + 1 : at + 1 + width], "big"), at + 1 + width
