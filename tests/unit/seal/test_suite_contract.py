"""What every suite promises, the real one and the fast one alike."""

from collections.abc import Iterator
from itertools import permutations

import pytest

from comity.seal import contents, wrapping
from comity.seal.real import REAL
from comity.seal.suite import SignatureType, Suite
from comity.vocabulary.errors import Invalid
from tests.support.fast_suite import FAST, seeded

MESSAGE = b"KOR-0007 leaves for Tokyo"
CONTEXT = b"core digest"
INFO = b"outer header digest"


@pytest.fixture(params=["real", "fast"])
def suite(request: pytest.FixtureRequest) -> Iterator[Suite]:
    chosen: Suite = {"real": REAL, "fast": FAST}[request.param]
    yield chosen
    chosen.forget()


def refused(code: str) -> "pytest.RaisesExc[Invalid]":
    return pytest.raises(Invalid, check=lambda error: error.code == code)


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


# Signatures


@pytest.mark.parametrize("message", [b"", MESSAGE, bytes(100_000)], ids=len)
def test_a_signature_verifies(suite: Suite, message: bytes) -> None:
    private = suite.generate_signing()
    public = suite.signing_public(private)
    for kind in SignatureType:
        signature = suite.sign(private, type=kind, message=message)
        assert len(signature) == suite.signature_length
        suite.verify(public, type=kind, message=message, signature=signature)
    assert len(public) == suite.signing_public_length


def test_no_signature_passes_as_another_type(suite: Suite) -> None:
    private = suite.generate_signing()
    public = suite.signing_public(private)
    made = {kind: suite.sign(private, type=kind, message=MESSAGE) for kind in SignatureType}
    pairs = list(permutations(SignatureType, 2))
    assert len(pairs) == len(SignatureType) * (len(SignatureType) - 1)
    for offered, expected in pairs:
        with refused("invalid.signature"):
            suite.verify(public, type=expected, message=MESSAGE, signature=made[offered])


def test_a_type_does_not_run_into_the_message(suite: Suite) -> None:
    private = suite.generate_signing()
    signature = suite.sign(private, type=SignatureType.APPROVAL, message=b"x\nrest")
    with refused("invalid.signature"):
        suite.verify(
            suite.signing_public(private),
            type=SignatureType.APPROVAL,
            message=b"rest",
            signature=signature,
        )


def test_another_message_or_key_is_refused(suite: Suite) -> None:
    private = suite.generate_signing()
    public = suite.signing_public(private)
    other = suite.signing_public(suite.generate_signing())
    signature = suite.sign(private, type=SignatureType.APPROVAL, message=MESSAGE)
    changed = [flipped(MESSAGE, at) for at in range(len(MESSAGE))]
    for message in [b"", MESSAGE[:-1], MESSAGE + b"\0", *changed]:
        with refused("invalid.signature"):
            suite.verify(public, type=SignatureType.APPROVAL, message=message, signature=signature)
    for key in [other, b"", public[:-1], public + b"\0", public * 2]:
        with refused("invalid.signature"):
            suite.verify(key, type=SignatureType.APPROVAL, message=MESSAGE, signature=signature)


def test_every_byte_of_a_signature_counts(suite: Suite) -> None:
    private = suite.generate_signing()
    public = suite.signing_public(private)
    signature = suite.sign(private, type=SignatureType.CHECKPOINT, message=MESSAGE)
    for at in range(len(signature)):
        with refused("invalid.signature"):
            suite.verify(
                public,
                type=SignatureType.CHECKPOINT,
                message=MESSAGE,
                signature=flipped(signature, at),
            )


@pytest.mark.parametrize("change", [b"", b"\0"])
def test_a_signature_has_one_length(suite: Suite, change: bytes) -> None:
    private = suite.generate_signing()
    signature = suite.sign(private, type=SignatureType.CHECKPOINT, message=MESSAGE)
    wrong = signature + change if change else signature[:-1]
    with refused("invalid.signature"):
        suite.verify(
            suite.signing_public(private),
            type=SignatureType.CHECKPOINT,
            message=MESSAGE,
            signature=wrong,
        )


def test_what_is_no_signing_key_is_said_to_be_none(suite: Suite) -> None:
    for private in (b"", bytes(31), suite.generate_signing() + b"\0"):
        with refused("invalid.key"):
            suite.signing_public(private)
        with refused("invalid.key"):
            suite.sign(private, type=SignatureType.CHECKPOINT, message=MESSAGE)


# Envelopes


@pytest.mark.parametrize("plaintext", [b"", b"slip", bytes(1_000_000)], ids=len)
def test_an_envelope_opens(suite: Suite, plaintext: bytes) -> None:
    private = suite.generate_kem()
    public = suite.kem_public(private)
    assert len(public) == suite.kem_public_length
    sealed = suite.seal_to(public, info=INFO, plaintext=plaintext)
    assert suite.open_from(private, info=INFO, sealed=sealed) == plaintext
    assert sealed != suite.seal_to(public, info=INFO, plaintext=plaintext)


def test_a_changed_envelope_is_refused(suite: Suite) -> None:
    private = suite.generate_kem()
    sealed = suite.seal_to(suite.kem_public(private), info=INFO, plaintext=b"slip")
    step = max(1, len(sealed) // 100)
    wrong = [flipped(sealed, at) for at in [*range(0, len(sealed), step), len(sealed) - 1]]
    for bad in [b"", sealed[:10], sealed[:-1], sealed + b"\0", sealed * 2, *wrong]:
        with refused("invalid.sealed"):
            suite.open_from(private, info=INFO, sealed=bad)


def test_an_envelope_for_another_key_or_purpose_is_refused(suite: Suite) -> None:
    private = suite.generate_kem()
    sealed = suite.seal_to(suite.kem_public(private), info=INFO, plaintext=b"slip")
    for info in (b"", INFO[:-1], INFO + b"\0"):
        with refused("invalid.sealed"):
            suite.open_from(private, info=info, sealed=sealed)
    with refused("invalid.sealed"):
        suite.open_from(suite.generate_kem(), info=INFO, sealed=sealed)


def test_what_is_no_sealing_key_is_said_to_be_none(suite: Suite) -> None:
    private = suite.generate_kem()
    public = suite.kem_public(private)
    for wrong in (b"", private[:-1], private + b"\0"):
        with refused("invalid.key"):
            suite.kem_public(wrong)
        with refused("invalid.key"):
            suite.open_from(wrong, info=INFO, sealed=b"")
    for wrong in (b"", public[:-1], public + b"\0"):
        with refused("invalid.key"):
            suite.seal_to(wrong, info=INFO, plaintext=b"slip")


# Contents


@pytest.mark.parametrize("size", [0, 1, contents.CHUNK - 1, contents.CHUNK, 3 * contents.CHUNK + 5])
def test_a_content_opens_whole_and_in_pieces(suite: Suite, size: int) -> None:
    key, plaintext = suite.generate_key(), suite.random(size)
    sealed = suite.encrypt(key, CONTEXT, plaintext)
    assert len(sealed) == contents.sealed_length(size)
    assert suite.decrypt(key, CONTEXT, sealed) == plaintext
    stream = suite.decryptor(key, CONTEXT)
    pieces = [stream.update(sealed[at : at + 1000]) for at in range(0, len(sealed), 1000)]
    assert b"".join([*pieces, stream.finalize()]) == plaintext
    stream = suite.encryptor(key, CONTEXT)
    pieces = [stream.update(plaintext[at : at + 777]) for at in range(0, size, 777)]
    assert suite.decrypt(key, CONTEXT, b"".join([*pieces, stream.finalize()])) == plaintext


def test_a_wrong_key_or_context_shows_no_plaintext(suite: Suite) -> None:
    key = suite.generate_key()
    sealed = suite.encrypt(key, CONTEXT, bytes(50_000))
    for other_key, context in ((suite.generate_key(), CONTEXT), (key, b""), (key, CONTEXT + b"x")):
        with refused("invalid.content"):
            # The commitment alone refuses: before the first chunk is there.
            suite.decryptor(other_key, context).update(sealed[:100])


def test_a_content_has_a_key_of_32_bytes(suite: Suite) -> None:
    for key in (b"", bytes(31), bytes(33)):
        with refused("invalid.key"):
            suite.encryptor(key, CONTEXT)
        with refused("invalid.key"):
            suite.decryptor(key, CONTEXT)


# Wrapped keys


def test_a_wrapped_key_is_unwrapped(suite: Suite) -> None:
    kek, key = suite.generate_key(), suite.generate_key()
    wrapped = suite.wrap(kek, key=key, aad=b"item 7")
    assert suite.unwrap(kek, wrapped=wrapped, aad=b"item 7") == key
    assert wrapped != suite.wrap(kek, key=key, aad=b"item 7")


def test_a_wrapped_key_has_a_domain_of_its_own(suite: Suite) -> None:
    kek = suite.generate_key()
    wrapped = suite.wrap(kek, key=b"secret", aad=b"item 7")
    opened = wrapping.aead_open(
        kek, nonce=wrapped[:12], sealed=wrapped[12:], aad=b"comity/v1 wrap\nitem 7"
    )
    assert opened == b"secret"


def test_a_changed_wrapped_key_is_refused(suite: Suite) -> None:
    kek = suite.generate_key()
    wrapped = suite.wrap(kek, key=suite.generate_key(), aad=b"item 7")
    changed = [flipped(wrapped, at) for at in range(len(wrapped))]
    for bad in [b"", wrapped[:12], wrapped[:-1], wrapped + b"\0", *changed]:
        with refused("invalid.wrapped"):
            suite.unwrap(kek, wrapped=bad, aad=b"item 7")
    with refused("invalid.wrapped"):
        suite.unwrap(kek, wrapped=wrapped, aad=b"item 8")
    with refused("invalid.wrapped"):
        suite.unwrap(suite.generate_key(), wrapped=wrapped, aad=b"item 7")
    for no_key in (b"", bytes(16), bytes(33)):
        with refused("invalid.key"):
            suite.wrap(no_key, key=b"secret", aad=b"")
        with refused("invalid.key"):
            suite.unwrap(no_key, wrapped=wrapped, aad=b"item 7")


# Randomness


def test_keys_and_random_bytes_differ(suite: Suite) -> None:
    assert len(suite.random(17)) == 17
    assert suite.random(0) == b""
    for make in (suite.generate_signing, suite.generate_kem, suite.generate_key):
        assert len({make() for _ in range(20)}) == 20


def test_a_seed_gives_the_same_keys_again() -> None:
    def keys(seed: bytes) -> list[bytes]:
        suite = seeded(seed)
        signing, kem = suite.generate_signing(), suite.generate_kem()
        public = [suite.signing_public(signing), suite.kem_public(kem)]
        return [signing, kem, *public, suite.generate_key(), suite.random(100)]

    assert keys(b"1") == keys(b"1")
    assert not set(keys(b"1")) & set(keys(b"2"))
