"""The one suite of algorithms, as a value that is handed to whoever needs it.

There is no negotiation: ``real.REAL`` is the only suite that a node runs with. The tests have
a fast and seeded one behind the same interface, and one contract suite runs on both.

Keys are raw bytes with fixed lengths, which the suite states. Every signature has a type; a
signature of one type is never valid as another.
"""

from enum import Enum
from typing import Protocol


class SignatureType(Enum):
    """What a signature is for: a closed set, bound into what is signed.

    The value is ASCII and is never changed once a signature of its type exists.
    """

    CHECKPOINT = "checkpoint"
    COSIGNATURE = "cosignature"
    DIRECTORY = "directory"
    APPROVAL = "approval"
    AGREEMENT = "agreement"
    REFUSAL = "refusal"
    STATEMENT = "statement"
    ENROLMENT = "enrolment"
    REVOCATION = "revocation"


class Stream(Protocol):
    """One content on its way through a cipher, in memory that does not grow with it."""

    def update(self, data: bytes) -> bytes:
        """Take the next bytes, return those that are ready (there may be none).

        Raises:
            Invalid: ``invalid.content``, when opening, as soon as a chunk is not authentic.
        """
        ...

    def finalize(self) -> bytes:
        """End the content and return the last bytes; the stream cannot be used again.

        When opening, nothing that ``update`` returned may be used before this has returned:
        until then the content may have been cut short.

        Raises:
            Invalid: ``invalid.content``, when opening, if the end is missing or not authentic.
        """
        ...


class Suite(Protocol):
    """Signing, sealing to a key, sealing content, wrapping keys, and randomness."""

    @property
    def signing_public_length(self) -> int:
        """Bytes of a public signing key."""
        ...

    @property
    def signature_length(self) -> int:
        """Bytes of a signature."""
        ...

    @property
    def kem_public_length(self) -> int:
        """Bytes of a public sealing key."""
        ...

    def generate_signing(self) -> bytes:
        """Return a new private signing key."""
        ...

    def signing_public(self, private: bytes) -> bytes:
        """Return the public key of a private signing key.

        Raises:
            Invalid: ``invalid.key``.
        """
        ...

    def sign(
        self,
        private: bytes,
        *,
        type: SignatureType,  # noqa: A002 -- the protocol's own word
        message: bytes,
    ) -> bytes:
        """Sign a message as one type of signature; two calls may give two signatures.

        Raises:
            Invalid: ``invalid.key``.
        """
        ...

    def verify(
        self,
        public: bytes,
        *,
        type: SignatureType,  # noqa: A002 -- the protocol's own word
        message: bytes,
        signature: bytes,
    ) -> None:
        """Return if every half of the signature is valid for this type and this message.

        Raises:
            Invalid: ``invalid.signature`` for whatever reason, an unusable key included.
        """
        ...

    def generate_kem(self) -> bytes:
        """Return a new private sealing key."""
        ...

    def kem_public(self, private: bytes) -> bytes:
        """Return the public key of a private sealing key.

        Raises:
            Invalid: ``invalid.key``.
        """
        ...

    def seal_to(self, public: bytes, *, info: bytes, plaintext: bytes) -> bytes:
        """Seal to the holder of a private key; ``info`` is bound, not carried.

        The sender is not authenticated by this: that is the work of signatures.

        Raises:
            Invalid: ``invalid.key``.
        """
        ...

    def open_from(self, private: bytes, *, info: bytes, sealed: bytes) -> bytes:
        """Open what was sealed to this key with this ``info``.

        Raises:
            Invalid: ``invalid.sealed`` for whatever reason; ``invalid.key`` if the private
                key itself is none.
        """
        ...

    def generate_key(self) -> bytes:
        """Return 32 new random bytes: the key of one content."""
        ...

    def encryptor(self, key: bytes, context: bytes) -> Stream:
        """Begin to seal one content; the key serves one content, ``context`` is bound to it.

        Raises:
            Invalid: ``invalid.key``.
        """
        ...

    def decryptor(self, key: bytes, context: bytes) -> Stream:
        """Begin to open one content.

        Raises:
            Invalid: ``invalid.key``.
        """
        ...

    def encrypt(self, key: bytes, context: bytes, plaintext: bytes) -> bytes:
        """Seal a content that is whole in memory.

        Raises:
            Invalid: ``invalid.key``.
        """
        ...

    def decrypt(self, key: bytes, context: bytes, ciphertext: bytes) -> bytes:
        """Open a content that is whole in memory.

        Raises:
            Invalid: ``invalid.content``; ``invalid.key`` if the key has not 32 bytes.
        """
        ...

    def wrap(self, kek: bytes, *, key: bytes, aad: bytes) -> bytes:
        """Seal a short secret under a storage key of 32 bytes; ``aad`` is bound, not carried.

        Raises:
            Invalid: ``invalid.key``.
        """
        ...

    def unwrap(self, kek: bytes, *, wrapped: bytes, aad: bytes) -> bytes:
        """Return the secret that ``wrap`` sealed under this key with this ``aad``.

        Raises:
            Invalid: ``invalid.wrapped``; ``invalid.key`` if the storage key has not 32 bytes.
        """
        ...

    def random(self, count: int) -> bytes:
        """Return that many random bytes."""
        ...

    def forget(self) -> None:
        """Drop every parsed key that the suite keeps for speed, private ones included.

        Called when a key is destroyed: its bytes and its parsed form must both go.
        """
        ...
