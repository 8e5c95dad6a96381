"""Assertions of passkeys, verified strictly (W3C Web Authentication Level 3, section 7.2).

What a person signs with a passkey is checked by peers and by verifiers of evidence who never
saw the browser, so everything they may rely on is here: what was signed, where, by a present
and verified person, and the signature itself. The sign counter is not: it is in the order of
use of one authenticator, which is the order of no log.
"""

import hashlib
import json
import re
from base64 import urlsafe_b64encode
from typing import Any, Final, NamedTuple, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from comity.seal.cose import CoseKey, cose_key
from comity.vocabulary.errors import Invalid

_HASH: Final = 32
# No user, no path, no capitals: an origin as browsers write it, and nothing that looks like one.
_ORIGIN: Final = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]{1,253})(:[0-9]{1,5})?", re.ASCII
)
_FIXED: Final = _HASH + 1 + 4
PRESENT, VERIFIED, ATTESTED = 1, 4, 64
"""Flags of authenticator data (section 6.1): of the person, and that a key is in it."""

_ELIGIBLE, _BACKED_UP, _EXTENDED = 8, 16, 128


class Answer(NamedTuple):
    """What an authenticator answers a challenge with, as its browser brings it.

    Attributes:
        credential: By what the authenticator calls the key.
        client_data: ``clientDataJSON``.
        authenticator: ``authenticatorData``.
        signature: Over the latter and the digest of the former.
    """

    credential: bytes
    client_data: bytes
    authenticator: bytes
    signature: bytes


class Assertion(NamedTuple):
    """What a verified assertion says beside its signature.

    Attributes:
        counter: The authenticator's sign counter; 0 where it keeps none.
        backed_up: Whether copies of the key exist beyond one device.
    """

    counter: int
    backed_up: bool


def verify_assertion(  # noqa: PLR0913 - what an assertion is made of, by name
    public: bytes,
    *,
    relying_party: str,
    challenge: bytes,
    client_data: bytes,
    authenticator: bytes,
    signature: bytes,
) -> Assertion:
    """Return if the holder of a passkey, present and verified, signed this challenge.

    Args:
        public: The key as COSE (see :func:`comity.seal.cose.cose_key`).
        relying_party: The domain that the passkey belongs to.
        challenge: The exact bytes that were to be signed.
        client_data: ``clientDataJSON``, as the browser made it.
        authenticator: ``authenticatorData``.
        signature: Over ``authenticator`` and the SHA-256 of ``client_data``.

    Raises:
        Invalid: ``invalid.passkey``, ``invalid.key``, ``invalid.signature``.
    """
    _client_data(client_data, relying_party, challenge)
    said = _authenticator(authenticator, relying_party)
    _verify(cose_key(public), authenticator + hashlib.sha256(client_data).digest(), signature)
    return said


def _wrong(detail: str) -> NoReturn:
    raise Invalid("invalid.passkey", detail)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        # Two readers could otherwise take two challenges from one signature.
        _wrong("a name stands twice in the client data")
    return found


def _client_data(raw: bytes, relying_party: str, challenge: bytes) -> None:
    try:
        said = json.loads(raw.decode("utf-8"), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise Invalid("invalid.passkey", "the client data is no JSON") from error
    if not isinstance(said, dict) or said.get("type") != "webauthn.get":
        _wrong("not an assertion")
    if said.get("challenge") != urlsafe_b64encode(challenge).rstrip(b"=").decode():
        _wrong("another challenge was signed")
    if said.get("crossOrigin", False) is not False or "topOrigin" in said:
        _wrong("signed within another site's page")
    origin = said.get("origin")
    if not isinstance(origin, str) or not _belongs(origin, relying_party):
        _wrong("signed at another origin")


def _belongs(origin: str, relying_party: str) -> bool:
    """Tell whether an origin is the relying party's: its domain or one below, over TLS.

    ``localhost`` and names below it may do without TLS, as browsers have it: they are this
    machine, whatever a name server says (RFC 6761, section 6.3).
    """
    found = _ORIGIN.fullmatch(origin)
    if found is None:
        return False
    secure = found["scheme"] == "https" or f".{relying_party}".endswith(".localhost")
    return secure and f".{found['host']}".endswith(f".{relying_party}")


def _authenticator(raw: bytes, relying_party: str) -> Assertion:
    if len(raw) < _FIXED:
        _wrong("the authenticator data is cut short")
    if raw[:_HASH] != hashlib.sha256(relying_party.encode()).digest():
        _wrong("made for another relying party")
    flags = raw[_HASH]
    if not flags & PRESENT or not flags & VERIFIED:
        _wrong("the person was not present and verified")
    if flags & ATTESTED or (len(raw) > _FIXED) != bool(flags & _EXTENDED):
        _wrong("the authenticator data has another length than its flags say")
    if flags & _BACKED_UP and not flags & _ELIGIBLE:
        _wrong("backed up, and not eligible for it")
    counter = int.from_bytes(raw[_HASH + 1 : _FIXED], "big")
    return Assertion(counter, backed_up=bool(flags & _BACKED_UP))


def _verify(public: CoseKey, message: bytes, signature: bytes) -> None:
    try:
        match public:
            case ec.EllipticCurvePublicKey():
                public.verify(signature, message, ec.ECDSA(SHA256()))
            case Ed25519PublicKey():
                public.verify(signature, message)
            case rsa.RSAPublicKey():
                public.verify(signature, message, padding.PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError) as error:
        raise Invalid("invalid.signature", "not a signature of this passkey") from error
