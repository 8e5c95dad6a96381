"""TLS contexts."""

import ssl

import pytest

from comity.transport.tls import believe, client_context, server_context
from comity.vocabulary.errors import Invalid
from tests.support.exchange import certificate

SEOUL, TOKYO = certificate("Seoul"), certificate("Tokyo")


@pytest.mark.parametrize("server", [True, False])
def test_both_ends_show_a_certificate_in_tls_1_3(*, server: bool) -> None:
    context = server_context(SEOUL) if server else client_context(SEOUL, TOKYO.certificate_der)
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.minimum_version is ssl.TLSVersion.TLSv1_3


def test_a_session_is_never_resumed() -> None:
    assert server_context(SEOUL).num_tickets == 0


def test_nobody_is_believed_before_being_named() -> None:
    context = server_context(SEOUL)
    assert context.cert_store_stats()["x509"] == 0
    believe(context, [TOKYO.certificate_der])
    believe(context, [TOKYO.certificate_der])
    assert context.cert_store_stats()["x509"] == 1


@pytest.mark.parametrize("der", [b"", b"no certificate", TOKYO.certificate_der[:-1]])
def test_what_is_no_certificate_is_refused(der: bytes) -> None:
    with pytest.raises(Invalid, match=r"^invalid\.certificate"):
        client_context(SEOUL, der)


def test_a_key_of_another_certificate_is_refused() -> None:
    mixed = type(SEOUL)(
        key_pem=TOKYO.key_pem,
        certificate_pem=SEOUL.certificate_pem,
        certificate_der=SEOUL.certificate_der,
    )
    with pytest.raises(Invalid, match=r"^invalid\.certificate"):
        server_context(mixed)
