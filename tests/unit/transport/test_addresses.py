"""Where a peer says it is, and where we go."""

import socket
from ipaddress import ip_address

import pytest

from comity.transport.addresses import PeerAddress, may_connect, parse_address, resolve
from comity.vocabulary.errors import Invalid, Unavailable


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("seoul.example:8443", "seoul.example", 8443),
        ("192.0.2.1:1", "192.0.2.1", 1),
        ("[2001:db8::1]:65535", "2001:db8::1", 65535),
    ],
)
def test_an_address_reads(text: str, host: str, port: int) -> None:
    assert parse_address(text, b"der") == PeerAddress(host, port, b"der")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "seoul.example",
        "seoul.example:",
        ":8443",
        "seoul.example:0",
        "seoul.example:65536",
        "seoul.example:8443\n",
        "seoul.example:8443/path",
        "user@seoul.example:8443",
        "https://seoul.example:8443",
        "2001:db8::1:8443",
        "[seoul.example]:8443",
        "[2001:db8::1]",
        "seoul_example:8443",
        "서울.example:8443",
        "seoul.example:٨",
        "a" * 254 + ":1",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_address(text, b"der")
    assert caught.value.code == "invalid.address"


NEVER = [
    "169.254.169.254",
    "fe80::1",
    "::ffff:169.254.169.254",
    "0.0.0.0",  # noqa: S104 - an address in a list
    "::",
    "224.0.0.1",
    "ff02::1",
    "::ffff:0.0.0.0",
]
LOCAL = [
    "127.0.0.1",
    "127.9.9.9",
    "::1",
    "::ffff:127.0.0.1",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "::ffff:10.0.0.1",
    "fd00::1",
]
WORLD = ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8"]


@pytest.mark.parametrize("local", [True, False])
@pytest.mark.parametrize("number", NEVER)
def test_nobody_is_ever_there(number: str, *, local: bool) -> None:
    assert not may_connect(ip_address(number), local=local)


@pytest.mark.parametrize("number", LOCAL)
def test_inside_the_house_only_where_allowed(number: str) -> None:
    assert may_connect(ip_address(number), local=True)
    assert not may_connect(ip_address(number), local=False)


@pytest.mark.parametrize("local", [True, False])
@pytest.mark.parametrize("number", WORLD)
def test_the_world_is_open(number: str, *, local: bool) -> None:
    assert may_connect(ip_address(number), local=local)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost", "a.localhost"],
)
def test_no_spelling_of_the_loopback_gets_through(host: str) -> None:
    with pytest.raises(Unavailable, match=r"^unavailable\.peer"):
        resolve(PeerAddress(host, 443, b""), local=False)


def test_names_below_localhost_are_the_loopback() -> None:
    assert resolve(PeerAddress("seoul.localhost", 443, b""), local=True) == "127.0.0.1"


def test_a_number_is_itself() -> None:
    assert resolve(PeerAddress("8.8.8.8", 443, b""), local=False) == "8.8.8.8"


@pytest.mark.parametrize("host", ["no-such-name.invalid", "." * 10, "a" * 70 + ".example"])
def test_a_name_that_is_not_known_is_unavailable(host: str) -> None:
    with pytest.raises(Unavailable, match=r"^unavailable\.peer"):
        resolve(PeerAddress(host, 443, b""), local=True)


def test_of_several_addresses_the_first_that_is_allowed_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def found(*_given: object, **_named: object) -> list[object]:
        numbers = ["169.254.169.254", "10.0.0.1", "8.8.8.8"]
        return [(0, 0, 0, "", (number, 443)) for number in numbers]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    assert resolve(PeerAddress("two.example", 443, b""), local=False) == "8.8.8.8"
    assert resolve(PeerAddress("two.example", 443, b""), local=True) == "10.0.0.1"
