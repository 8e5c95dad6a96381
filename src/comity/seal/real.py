"""The suite that every node runs with; there is no other, and nothing to negotiate."""

import secrets
from typing import Final

from comity.seal import contents, envelopes, signatures, wrapping
from comity.seal.suite import Suite


class _Real:
    """Ed25519 and ML-DSA-87; HPKE with MLKEM1024-P384; Cobblestone-256; AES-256-GCM."""

    signing_public_length = signatures.PUBLIC_LENGTH
    signature_length = signatures.SIGNATURE_LENGTH
    kem_public_length = envelopes.PUBLIC_LENGTH

    generate_signing = staticmethod(signatures.generate_signing)
    signing_public = staticmethod(signatures.signing_public)
    sign = staticmethod(signatures.sign)
    verify = staticmethod(signatures.verify)

    generate_kem = staticmethod(envelopes.generate_kem)
    kem_public = staticmethod(envelopes.kem_public)
    seal_to = staticmethod(envelopes.seal_to)
    open_from = staticmethod(envelopes.open_from)

    generate_key = staticmethod(contents.generate_key)
    encryptor = staticmethod(contents.encryptor)
    decryptor = staticmethod(contents.decryptor)
    encrypt = staticmethod(contents.encrypt)
    decrypt = staticmethod(contents.decrypt)

    wrap = staticmethod(wrapping.wrap)
    unwrap = staticmethod(wrapping.unwrap)

    @staticmethod
    def random(count: int) -> bytes:
        return secrets.token_bytes(count)

    @staticmethod
    def forget() -> None:
        signatures.forget()
        envelopes.forget()


REAL: Final[Suite] = _Real()
"""The one suite."""
