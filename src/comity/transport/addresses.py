"""Where a peer is: host and port as its directory states them, and where we agree to connect.

The address is the peer's own word. Without a check it could name a machine inside our house;
so a name is resolved once, the number is judged, and the connection goes to that number. Even
then nothing but a TLS greeting is sent before the peer has shown its certificate.
"""

import re
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

from msgspec import Struct

from comity.vocabulary.errors import Invalid, Unavailable

_written = re.compile(
    r"(\[(?P<six>[0-9A-Fa-f:.]{2,45})\]|(?P<host>[A-Za-z0-9.-]{1,253})):(?P<port>[0-9]{1,5})\Z"
).match
_PORTS: Final = 1 << 16


class PeerAddress(Struct, frozen=True):
    """Host and port of a peer's exchange, and the certificate (DER) that it must show there."""

    host: str
    port: int
    certificate: bytes


def parse_address(text: str, certificate: bytes) -> PeerAddress:
    """Return the address that a directory states: ``host:port``, ``[2001:db8::1]:port``.

    Raises:
        Invalid: ``invalid.address``.
    """
    found = _written(text)
    if found is None or not 0 < int(found["port"]) < _PORTS:
        raise Invalid("invalid.address", f"{text[:80]!r}: host:port, or [IPv6]:port")
    return PeerAddress(
        host=found["six"] or found["host"], port=int(found["port"]), certificate=certificate
    )


def resolve(address: PeerAddress, *, local: bool) -> str:
    """Return the one IP address, as text, to connect to.

    Args:
        address: Where the peer says it is. ``localhost`` and names below it are the loopback
            (RFC 6761, 6.3), which not every resolver knows.
        local: Whether peers on the loopback and in private networks are allowed.

    Raises:
        Unavailable: ``unavailable.peer``: the name is not known, or leads where we do not go.
    """
    if address.host == "localhost" or address.host.endswith(".localhost"):
        numbers = ["127.0.0.1"]
    else:
        try:
            found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise Unavailable("unavailable.peer", "the name of the peer is not known") from error
        numbers = [str(one[4][0]) for one in found]
    for number in numbers:
        # A zone (``fe80::1%eth0``) is of link-local addresses only, which are refused anyhow.
        if may_connect(ip_address(number.partition("%")[0]), local=local):
            return number
    raise Unavailable("unavailable.peer", "the address of the peer is not one to connect to")


def may_connect(number: IPv4Address | IPv6Address, *, local: bool) -> bool:
    """Tell whether we connect there: never to link-local, multicast or unassigned addresses.

    Link-local is never a peer: the address of a cloud's instance data is one.
    """
    mapped = number.ipv4_mapped if isinstance(number, IPv6Address) else None
    plain = number if mapped is None else mapped
    if plain.is_link_local or plain.is_multicast or plain.is_unspecified:
        return False
    if plain.is_loopback or plain.is_private:
        return local
    return plain.is_global and not plain.is_reserved
