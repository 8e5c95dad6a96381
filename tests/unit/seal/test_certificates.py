"""Certificates: a real TLS 1.3 handshake in memory, and what is refused."""

import hashlib
import ssl
from contextlib import suppress
from pathlib import Path

import pytest

from comity.seal.certificates import (
    NodeCertificate,
    certificate_fingerprint,
    certificate_pem,
    certificate_validity,
    make_certificate,
)
from comity.vocabulary.errors import Invalid
from comity.vocabulary.instants import Instant

FROM = Instant("2020-01-01T00:00:00.000Z")
UNTIL = Instant("2120-01-01T00:00:00.000Z")
SEOUL = make_certificate(
    "KOR", hosts=["seoul.example", "127.0.0.1"], not_before=FROM, not_after=UNTIL
)
TOKYO = make_certificate("JPN", hosts=["localhost", "::1"], not_before=FROM, not_after=UNTIL)


def context(side: int, own: NodeCertificate, peer: NodeCertificate, folder: Path) -> ssl.SSLContext:
    made = ssl.SSLContext(side)
    made.minimum_version = ssl.TLSVersion.TLSv1_3
    made.verify_mode = ssl.CERT_REQUIRED
    made.verify_flags |= ssl.VERIFY_X509_STRICT
    chain = folder / "chain.pem"
    chain.write_bytes(own.key_pem + own.certificate_pem)
    made.load_cert_chain(chain)
    made.load_verify_locations(cadata=peer.certificate_der)
    return made


def handshake(client: ssl.SSLContext, server: ssl.SSLContext, host: str) -> ssl.SSLObject:
    """Return the server's end after a handshake, one message carried and read."""
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    from_client, from_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    near = client.wrap_bio(to_client, from_client, server_hostname=host)
    far = server.wrap_bio(to_server, from_server, server_side=True)
    for _ in range(4):
        for end in (near, far):
            with suppress(ssl.SSLWantReadError):
                end.do_handshake()
            to_server.write(from_client.read())
            to_client.write(from_server.read())
    near.write(b"pouch")
    to_server.write(from_client.read())
    assert far.read() == b"pouch"
    return far


@pytest.mark.parametrize("host", ["seoul.example", "127.0.0.1"])
def test_two_nodes_speak_tls_with_each_other(tmp_path: Path, host: str) -> None:
    client = context(ssl.PROTOCOL_TLS_CLIENT, TOKYO, SEOUL, tmp_path)
    server = context(ssl.PROTOCOL_TLS_SERVER, SEOUL, TOKYO, tmp_path)
    far = handshake(client, server, host)
    assert far.version() == "TLSv1.3"
    seen = far.getpeercert(binary_form=True)
    assert seen is not None
    assert certificate_fingerprint(seen) == certificate_fingerprint(TOKYO.certificate_der)


def test_another_host_or_another_certificate_fails(tmp_path: Path) -> None:
    server = context(ssl.PROTOCOL_TLS_SERVER, SEOUL, TOKYO, tmp_path)
    client = context(ssl.PROTOCOL_TLS_CLIENT, TOKYO, SEOUL, tmp_path)
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(client, server, "elsewhere.example")
    stranger = context(ssl.PROTOCOL_TLS_CLIENT, SEOUL, SEOUL, tmp_path)
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(stranger, server, "seoul.example")


def test_a_fingerprint_is_sha_384_of_the_der_bytes() -> None:
    der = SEOUL.certificate_der
    assert certificate_fingerprint(der) == "sha384:" + hashlib.sha384(der).hexdigest()
    assert certificate_pem(der) == SEOUL.certificate_pem
    assert certificate_validity(der) == (FROM, UNTIL)


def test_the_key_does_not_show() -> None:
    assert "PRIVATE" in SEOUL.key_pem.decode()
    shown = f"{SEOUL!r} {SEOUL} {[SEOUL]}"
    assert "PRIVATE" not in shown
    assert certificate_fingerprint(SEOUL.certificate_der) in shown


@pytest.mark.parametrize("name", ["", "x" * 65])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(Invalid, match=r"^invalid\.certificate"):
        make_certificate(name, hosts=["localhost"], not_before=FROM, not_after=UNTIL)


@pytest.mark.parametrize(
    "hosts",
    [
        [],
        [""],
        ["localhost", ""],
        ["a b"],
        ["*.example"],
        ["\uc11c\uc6b8"],
        ["-a"],
        ["a..b"],
        ["a." * 127 + "a"],
    ],
    ids=str,
)
def test_a_host_that_is_none_is_refused(hosts: list[str]) -> None:
    with pytest.raises(Invalid, match=r"^invalid\.certificate"):
        make_certificate("KOR", hosts=hosts, not_before=FROM, not_after=UNTIL)


@pytest.mark.parametrize(
    "until", ["2020-01-01T00:00:00.000Z", "2020-01-01T00:00:00.999Z", "2019-12-31T23:59:59.999Z"]
)
def test_an_end_not_after_the_beginning_is_refused(until: str) -> None:
    with pytest.raises(Invalid, match=r"^invalid\.certificate"):
        make_certificate("KOR", hosts=["localhost"], not_before=FROM, not_after=Instant(until))


@pytest.mark.parametrize(
    "der", [b"", b"\x30\x00", SEOUL.certificate_der + b"\0", SEOUL.certificate_pem]
)
def test_what_is_no_certificate_is_refused(der: bytes) -> None:
    with pytest.raises(Invalid, match=r"^invalid\.certificate"):
        certificate_pem(der)
    with pytest.raises(Invalid, match=r"^invalid\.certificate"):
        certificate_validity(der)
