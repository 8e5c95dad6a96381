"""The exchange and the courier, over real TLS on the loopback."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import pairwise

import httpcore
import msgspec
import pytest

from comity.exchange.replicas import REPLICA
from comity.seal.certificates import NodeCertificate, certificate_fingerprint
from comity.transport.addresses import PeerAddress
from comity.transport.client import HttpCourier
from comity.transport.limits import CONTENT, POUCH, Limits
from comity.transport.server import Content, ExchangeServer, Handle, running
from comity.transport.tls import _load_own, client_context
from comity.transport.wire import Patience, PinnedBackend
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid, Unavailable
from comity.vocabulary.names import Party
from tests.support.exchange import LOOPBACK, certificate, everything, raw_connection

SEOUL = certificate("Seoul")
TOKYO = certificate("Tokyo")
CANBERRA = certificate("Canberra")
KOR, JPN = Party("KOR"), Party("JPN")
GENERIC = (
    b"HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)
BIG = bytes(range(256)) * 4096
DIGEST = Digest("sha384:" + "0" * 96)


def reverse(_peer: Digest, _path: str, body: bytes) -> tuple[int, bytes]:
    return 200, body[::-1]


def big(_peer: Digest, _digest: Digest, start: int) -> Content:
    def pieces() -> Iterator[bytes]:
        for at in range(start, len(BIG), 1 << 16):
            yield BIG[at : at + (1 << 16)]

    return Content(len(BIG), pieces())


@contextmanager
def seoul(
    handle: Handle = reverse,
    *,
    own: NodeCertificate = SEOUL,
    trusted: Callable[[], list[bytes]] = lambda: [TOKYO.certificate_der],
    limits: Limits | None = None,
    handle_content: Callable[[Digest, Digest, int], Content] = big,
) -> Iterator[tuple[ExchangeServer, int]]:
    server = ExchangeServer(
        handle,
        certificates=lambda: [own],
        trusted=trusted,
        host=LOOPBACK,
        port=0,
        handle_content=handle_content,
        limits=limits,
    )
    with running(server) as port:
        yield server, port


@contextmanager
def courier(
    port: int,
    own: NodeCertificate = TOKYO,
    *,
    server: NodeCertificate = SEOUL,
    limits: Limits | None = None,
    local: bool = True,
) -> Iterator[HttpCourier]:
    made = HttpCourier(
        lambda _peer: PeerAddress(LOOPBACK, port, server.certificate_der),
        lambda _peer: own,
        local=local,
        limits=limits,
    )
    try:
        yield made
    finally:
        made.close()


def refused_to(port: int, own: NodeCertificate, *, server: NodeCertificate = SEOUL) -> None:
    with courier(port, own, server=server) as one, pytest.raises(Unavailable) as caught:
        one.send(KOR, POUCH, b"abc")
    assert caught.value.code == "unavailable.peer"


# --- who may speak -----------------------------------------------------------------------


def test_a_peer_is_heard_and_recognised_by_its_certificate() -> None:
    heard = []

    def handle(peer: Digest, path: str, body: bytes) -> tuple[int, bytes]:
        heard.append((peer, path, body))
        return 200, b"answer"

    with seoul(handle) as (_, port), courier(port) as tokyo:
        assert tokyo.send(KOR, POUCH, b"pouch") == b"answer"
        assert tokyo.send(KOR, REPLICA, b"") == b"answer"
    name = certificate_fingerprint(TOKYO.certificate_der)
    assert heard == [(name, POUCH, b"pouch"), (name, REPLICA, b"")]


def test_a_peer_that_is_not_enrolled_is_not_heard() -> None:
    def never(_peer: Digest, _path: str, _body: bytes) -> tuple[int, bytes]:
        raise AssertionError

    with seoul(never) as (_, port):
        refused_to(port, CANBERRA)


def test_another_certificate_of_the_same_name_is_not_believed() -> None:
    with seoul() as (_, port):
        refused_to(port, certificate("Tokyo"))


def test_without_a_certificate_nobody_is_heard() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.load_verify_locations(cadata=SEOUL.certificate_der)
    with (
        seoul() as (_, port),
        socket.create_connection((LOOPBACK, port), timeout=10) as plain,
        context.wrap_socket(plain) as connection,
    ):
        # In TLS 1.3 the client is done before the server has looked at what it showed; what
        # follows is no answer, not even the one for everything.
        with suppress(ConnectionError):
            connection.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        assert everything(connection) == b""


def test_tls_before_1_3_is_refused() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.load_verify_locations(cadata=SEOUL.certificate_der)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    _load_own(context, TOKYO)
    with (
        seoul() as (_, port),
        socket.create_connection((LOOPBACK, port), timeout=10) as plain,
        pytest.raises((ssl.SSLError, ConnectionError)),
    ):
        context.wrap_socket(plain)


@pytest.mark.parametrize(("since", "until"), [("2020", "2021"), ("2048", "2049")])
def test_a_client_certificate_out_of_its_dates_is_refused(since: str, until: str) -> None:
    old = certificate("Tokyo", since=since, until=until)
    with seoul(trusted=lambda: [old.certificate_der]) as (_, port):
        refused_to(port, old)


def test_an_expired_server_certificate_is_refused() -> None:
    old = certificate("Seoul", since="2020", until="2021")
    with seoul(own=old) as (_, port):
        refused_to(port, TOKYO, server=old)


def test_a_server_with_another_certificate_hears_nothing() -> None:
    heard = []

    def handle(_peer: Digest, _path: str, body: bytes) -> tuple[int, bytes]:
        heard.append(body)
        return 200, b""

    with seoul(handle, own=CANBERRA) as (_, port):
        refused_to(port, TOKYO)
    assert heard == []


def test_the_certificate_is_compared_even_where_the_library_believes_it() -> None:
    address = PeerAddress(LOOPBACK, 0, SEOUL.certificate_der)
    with seoul(own=CANBERRA) as (_, port):
        pool = httpcore.ConnectionPool(
            ssl_context=client_context(TOKYO, CANBERRA.certificate_der),
            network_backend=PinnedBackend(
                msgspec.structs.replace(address, port=port), local=True, patience=Patience()
            ),
        )
        with pool, pytest.raises(httpcore.ConnectError, match="another certificate"):
            pool.request("POST", f"https://{LOOPBACK}{POUCH}", content=b"abc")


def test_a_peer_is_heard_once_it_is_enrolled() -> None:
    enrolled: list[bytes] = []
    with seoul(trusted=lambda: enrolled) as (server, port):
        refused_to(port, TOKYO)
        enrolled.append(TOKYO.certificate_der)
        server.refresh()
        with courier(port) as tokyo:
            assert tokyo.send(KOR, POUCH, b"abc") == b"cba"


def test_a_removed_peer_is_refused_on_the_connection_that_it_has() -> None:
    enrolled = [TOKYO.certificate_der]
    with seoul(trusted=lambda: enrolled) as (server, port), courier(port) as tokyo:
        assert tokyo.send(KOR, POUCH, b"abc") == b"cba"
        enrolled.clear()
        server.refresh()
        with pytest.raises(Unavailable, match="status 400"):
            tokyo.send(KOR, POUCH, b"abc")
        refused_to(port, TOKYO)


def test_what_is_no_certificate_changes_nothing() -> None:
    enrolled = [TOKYO.certificate_der]
    with seoul(trusted=lambda: enrolled) as (server, port), courier(port) as tokyo:
        enrolled.append(b"no certificate")
        with pytest.raises(Invalid, match=r"^invalid\.certificate"):
            server.refresh()
        assert tokyo.send(KOR, POUCH, b"abc") == b"cba"


def test_the_greeting_does_not_tell_who_is_enrolled() -> None:
    # The names of believed issuers would stand in the server's request for a certificate; the
    # handshake is encrypted, so the client's own library is asked what it saw.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.load_verify_locations(cadata=SEOUL.certificate_der)
    seen: list[bytes] = []
    context._msg_callback = lambda *event: seen.append(event[-1])  # type: ignore[attr-defined]
    with (
        seoul() as (_, port),
        socket.create_connection((LOOPBACK, port), timeout=10) as plain,
        context.wrap_socket(plain),
    ):
        pass
    assert any(b"Seoul" in message for message in seen)
    assert not any(b"Tokyo" in message for message in seen)


# --- how much and how slowly -------------------------------------------------------------


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"POST /v1/pouch HTTP/1.1\r\nhost: x\r\ncontent-length: 1001\r\n\r\n",
        b"POST /v1/pouch HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999999\r\n\r\n",
        b"POST /v1/pouch HTTP/1.1\r\nhost: x\r\n\r\n",
        b"POST /v1/pouch HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n",
        (
            b"POST /v1/pouch HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n"
            b"transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
        ),
        b"POST /v1/pouch HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ncontent-length: 3\r\n\r\nabc",
        b"POST /v1/replica HTTP/1.1\r\nhost: x\r\ncontent-length: 101\r\n\r\n",
        b"POST /v1/checkpoint HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n",
        b"GET /v1/pouch HTTP/1.1\r\nhost: x\r\n\r\n",
        b"POST /v1/pouch/ HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n",
        b"POST /v2/pouch HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n",
        b"GET /v1/content/sha384:12 HTTP/1.1\r\nhost: x\r\n\r\n",
        b"GET /v1/content/%b HTTP/1.1\r\nhost: x\r\nrange: bytes=1-2\r\n\r\n" % DIGEST.encode(),
        b"GET /v1/content/%b HTTP/1.1\r\nhost: x\r\nrange: bytes=%d-\r\n\r\n"
        % (DIGEST.encode(), len(BIG)),
        b"GET /../../etc/passwd HTTP/1.1\r\nhost: x\r\n\r\n",
        b"not HTTP at all\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_whatever_fails_before_the_node_gets_one_and_the_same_answer(request_bytes: bytes) -> None:
    heard = []

    def handle(_peer: Digest, _path: str, body: bytes) -> tuple[int, bytes]:
        heard.append(body)
        return 200, b""

    with (
        seoul(handle, limits=Limits(pouch=1000, request=100)) as (_, port),
        raw_connection(port, TOKYO, SEOUL) as connection,
    ):
        connection.sendall(request_bytes)
        assert everything(connection) == GENERIC
    assert heard == []


def test_a_node_that_raises_gives_that_answer_too() -> None:
    def means_it(_peer: Digest, _path: str, _body: bytes) -> tuple[int, bytes]:
        raise Invalid("invalid.pouch", "a detail that nobody outside may see")

    def bug(_peer: Digest, _path: str, _body: bytes) -> tuple[int, bytes]:
        raise KeyError("a word that nobody outside may see")

    for handle in (means_it, bug):
        with seoul(handle) as (_, port), raw_connection(port, TOKYO, SEOUL) as connection:
            connection.sendall(b"POST /v1/pouch HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n")
            assert everything(connection) == GENERIC


def test_a_bug_is_logged_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    def bug(_peer: Digest, _path: str, _body: bytes) -> tuple[int, bytes]:
        raise KeyError("canary")

    with seoul(bug) as (_, port):
        refused_to(port, TOKYO)
    assert "KeyError in bug" in caplog.text
    assert "canary" not in caplog.text


def test_the_longest_pouch_arrives_and_one_byte_more_does_not() -> None:
    with seoul(limits=Limits(pouch=1 << 20)) as (_, port), courier(port) as tokyo:
        longest = BIG[: 1 << 20]
        assert tokyo.send(KOR, POUCH, longest) == longest[::-1]
        with pytest.raises(Unavailable):
            tokyo.send(KOR, POUCH, longest + b"x")


@pytest.mark.parametrize(
    "drip",
    [
        b"P",
        b"\r\n",
        b"POST /v1/pouch HTTP/1.1\r\nx: ",
        b"POST /v1/pouch HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nx",
    ],
    ids=["first byte", "empty lines", "head", "body"],
)
def test_who_is_too_slow_is_cut_off(drip: bytes) -> None:
    limits = Limits(head_seconds=0.5, patience=0.5, rate=1 << 20)
    with (
        seoul(limits=limits) as (_, port),
        raw_connection(port, TOKYO, SEOUL) as connection,
    ):
        began = time.monotonic()
        connection.sendall(drip)
        with pytest.raises((ConnectionError, ssl.SSLError)):
            # A byte now and then does not lengthen the time.
            while time.monotonic() - began < 5:
                time.sleep(0.1)
                connection.sendall(b"\r\n" if drip == b"\r\n" else b"x")
        assert 0.4 < time.monotonic() - began < 3


@pytest.mark.parametrize("drip", [b"x", b"\r\n"], ids=["head", "empty lines"])
def test_who_is_too_slow_with_a_second_request_is_cut_off(drip: bytes) -> None:
    with (
        seoul(limits=Limits(head_seconds=0.5)) as (_, port),
        raw_connection(port, TOKYO, SEOUL) as connection,
    ):
        connection.sendall(b"POST /v1/pouch HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\n\r\n1")
        assert connection.recv(1000).startswith(b"HTTP/1.1 200 OK")
        began = time.monotonic()
        connection.sendall(drip if drip == b"\r\n" else b"POST /")
        with pytest.raises((ConnectionError, ssl.SSLError)):
            while time.monotonic() - began < 5:
                time.sleep(0.1)
                connection.sendall(drip)
        assert 0.4 < time.monotonic() - began < 3


def test_who_says_nothing_after_the_greeting_is_cut_off() -> None:
    with (
        seoul(limits=Limits(head_seconds=0.3)) as (_, port),
        raw_connection(port, TOKYO, SEOUL) as connection,
    ):
        began = time.monotonic()
        assert everything(connection) == b""
        assert time.monotonic() - began < 3


def test_who_does_not_greet_is_cut_off() -> None:
    with (
        seoul(limits=Limits(handshake=0.3)) as (_, port),
        socket.create_connection((LOOPBACK, port), timeout=10) as plain,
    ):
        began = time.monotonic()
        with suppress(ConnectionError):
            assert plain.recv(100) == b""
        assert time.monotonic() - began < 3


def test_a_head_without_end_is_cut_off() -> None:
    with (
        seoul(limits=Limits(head=4096)) as (_, port),
        raw_connection(port, TOKYO, SEOUL) as connection,
    ):
        connection.sendall(b"POST /v1/pouch HTTP/1.1\r\nx: ")
        with pytest.raises((ConnectionError, ssl.SSLError)):
            for _ in range(1000):
                connection.sendall(b"x" * 1024)
                time.sleep(0.001)


def test_slow_peers_do_not_delay_another() -> None:
    limits = Limits(per_peer=12, at_once=2, workers=4)
    slow_head = b"POST /v1/pouch HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n1"
    trusted = [TOKYO.certificate_der, CANBERRA.certificate_der]
    with ExitStack() as open_ones:
        _, port = open_ones.enter_context(seoul(trusted=lambda: trusted, limits=limits))
        for _ in range(12):
            connection = open_ones.enter_context(raw_connection(port, CANBERRA, SEOUL))
            connection.sendall(slow_head)
        tokyo = open_ones.enter_context(courier(port))
        began = time.monotonic()
        for _ in range(20):
            assert tokyo.send(KOR, POUCH, b"abc") == b"cba"
        assert time.monotonic() - began < 2


def test_a_peer_whose_requests_are_long_to_handle_does_not_delay_another() -> None:
    go_on = threading.Event()
    name = certificate_fingerprint(CANBERRA.certificate_der)

    def handle(peer: Digest, _path: str, body: bytes) -> tuple[int, bytes]:
        if peer == name:
            go_on.wait(20)
        return 200, body

    trusted = [TOKYO.certificate_der, CANBERRA.certificate_der]
    limits = Limits(at_once=2, workers=4)
    with (
        seoul(handle, trusted=lambda: trusted, limits=limits) as (_, port),
        courier(port, CANBERRA) as canberra,
        courier(port) as tokyo,
    ):
        threads = [
            threading.Thread(target=canberra.send, args=(KOR, POUCH, b"abc")) for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        try:
            for _ in range(5):
                assert tokyo.send(KOR, POUCH, b"abc") == b"abc"
        finally:
            go_on.set()
            for thread in threads:
                thread.join()


def test_two_peers_are_heard_at_the_same_time() -> None:
    both = threading.Barrier(2, timeout=10)

    def handle(_peer: Digest, _path: str, body: bytes) -> tuple[int, bytes]:
        both.wait()
        return 200, body

    trusted = [TOKYO.certificate_der, CANBERRA.certificate_der]
    answers: list[bytes] = []
    with (
        seoul(handle, trusted=lambda: trusted) as (_, port),
        courier(port) as tokyo,
        courier(port, CANBERRA) as canberra,
    ):
        threads = [
            threading.Thread(target=lambda one=one: answers.append(one.send(KOR, POUCH, b"abc")))
            for one in (tokyo, canberra)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers == [b"abc", b"abc"]


def test_one_peer_has_few_requests_at_once() -> None:
    inside, most, lock = 0, 0, threading.Lock()

    def handle(_peer: Digest, _path: str, body: bytes) -> tuple[int, bytes]:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        time.sleep(0.02)
        with lock:
            inside -= 1
        return 200, body

    with seoul(handle, limits=Limits(at_once=2)) as (_, port), courier(port) as tokyo:
        threads = [threading.Thread(target=tokyo.send, args=(KOR, POUCH, b"abc")) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert most == 1


def test_a_peer_rests_as_long_as_it_cost_while_others_are_there() -> None:
    """The gaps between its requests are at least as long as their handling; alone they are not."""
    flooding = certificate_fingerprint(CANBERRA.certificate_der)
    spans: list[tuple[float, float]] = []

    def handle(peer: Digest, _path: str, body: bytes) -> tuple[int, bytes]:
        began = time.monotonic()
        if peer == flooding:
            time.sleep(0.05)
            spans.append((began, time.monotonic()))
        return 200, body

    def gaps() -> list[float]:
        return [after[0] - before[1] for before, after in pairwise(spans)]

    trusted = [TOKYO.certificate_der, CANBERRA.certificate_der]
    with (
        seoul(handle, trusted=lambda: trusted) as (_, port),
        courier(port) as tokyo,
        courier(port, CANBERRA) as canberra,
    ):
        for _ in range(10):
            canberra.send(KOR, POUCH, b"abc")
        alone = min(gaps())
        spans.clear()
        done = threading.Event()

        def keep_asking() -> None:
            while not done.is_set():
                tokyo.send(KOR, POUCH, b"abc")

        asking = threading.Thread(target=keep_asking)
        asking.start()
        try:
            tokyo.send(KOR, POUCH, b"abc")
            for _ in range(5):
                canberra.send(KOR, POUCH, b"abc")
        finally:
            done.set()
            asking.join()
    assert min(gaps()) >= 0.04 > alone  # a clock may be coarse


def test_one_peer_has_few_connections() -> None:
    with ExitStack() as open_ones:
        _, port = open_ones.enter_context(seoul(limits=Limits(per_peer=3)))
        for _ in range(3):
            open_ones.enter_context(raw_connection(port, TOKYO, SEOUL))
        with raw_connection(port, TOKYO, SEOUL) as one_too_many:
            with suppress(ConnectionError, ssl.SSLError):
                one_too_many.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
            assert everything(one_too_many) == b""


def test_a_connection_is_used_again() -> None:
    with seoul() as (server, port), courier(port) as tokyo:
        for _ in range(10):
            tokyo.send(KOR, POUCH, b"abc")
        assert len(server._state.connections) == 1
        assert server._state.total_requests == 10


def test_a_connection_that_the_server_ended_is_replaced() -> None:
    limits = Limits(idle=1)
    with seoul(limits=limits) as (_, port), courier(port) as tokyo:
        tokyo.send(KOR, POUCH, b"abc")
        time.sleep(1.5)
        assert tokyo.send(KOR, POUCH, b"abc") == b"cba"


# --- contents ----------------------------------------------------------------------------


@pytest.mark.parametrize("start", [0, 1, 65_535, len(BIG) - 1])
def test_a_content_comes_from_any_byte_on(start: int) -> None:
    with seoul() as (_, port), courier(port) as tokyo:
        assert b"".join(tokyo.fetch(KOR, CONTENT + DIGEST, start)) == BIG[start:]


def test_a_content_that_the_node_does_not_give_is_unavailable() -> None:
    def nothing(_peer: Digest, _digest: Digest, _start: int) -> Content:
        raise Unavailable("unavailable.content")

    with (
        seoul(handle_content=nothing) as (_, port),
        courier(port) as tokyo,
        pytest.raises(Unavailable, match=r"^unavailable\.peer"),
    ):
        next(tokyo.fetch(KOR, CONTENT + DIGEST, 0))


@pytest.mark.parametrize("how", ["ends", "raises", "is too long"])
def test_a_content_that_is_not_whole_is_never_taken_for_whole(how: str) -> None:
    def content(_peer: Digest, _digest: Digest, _start: int) -> Content:
        def pieces() -> Iterator[bytes]:
            yield BIG[:1000]
            if how == "raises":
                raise OSError
            if how == "is too long":
                yield BIG[:1001]

        return Content(2000, pieces())

    with seoul(handle_content=content) as (_, port), courier(port) as tokyo:
        taken = []
        with pytest.raises(Unavailable):
            taken.extend(tokyo.fetch(KOR, CONTENT + DIGEST, 0))
        assert b"".join(taken) in {b"", BIG[:1000]}


def test_who_leaves_a_content_closes_it() -> None:
    closed = threading.Event()

    def content(_peer: Digest, _digest: Digest, _start: int) -> Content:
        def pieces() -> Iterator[bytes]:
            try:
                while True:
                    yield bytes(1 << 16)
            finally:
                closed.set()

        return Content(1 << 40, pieces())

    with seoul(handle_content=content) as (_, port), courier(port) as tokyo:
        coming = tokyo.fetch(KOR, CONTENT + DIGEST, 0)
        next(coming)
        coming.close()  # type: ignore[attr-defined]
        assert closed.wait(5)


def test_a_server_that_ends_cuts_contents_off() -> None:
    def content(_peer: Digest, _digest: Digest, _start: int) -> Content:
        return Content(1 << 40, iter(lambda: bytes(1 << 16), b""))

    with ExitStack() as open_ones:
        with seoul(handle_content=content) as (_, port):
            tokyo = open_ones.enter_context(courier(port))
            coming = tokyo.fetch(KOR, CONTENT + DIGEST, 0)
            next(coming)
            began = time.monotonic()
            reading = threading.Thread(target=lambda: [None for _ in until_cut(coming)])
            reading.start()
        reading.join()
        assert time.monotonic() - began < 5


def until_cut(coming: Iterator[bytes]) -> Iterator[bytes]:
    with suppress(Unavailable):
        yield from coming


def test_contents_under_way_do_not_hold_up_a_pouch() -> None:
    with ExitStack() as open_ones:
        _, port = open_ones.enter_context(seoul(limits=Limits(at_once=1)))
        stuck = open_ones.enter_context(raw_connection(port, TOKYO, SEOUL))
        stuck.sendall(b"GET /v1/content/%b HTTP/1.1\r\nhost: x\r\n\r\n" % DIGEST.encode())
        tokyo = open_ones.enter_context(courier(port))
        assert tokyo.send(KOR, POUCH, b"abc") == b"cba"


# --- the courier and a bad server --------------------------------------------------------


@contextmanager
def bad_server(answer: bytes, *, then_drip: bytes = b"") -> Iterator[int]:
    """Answer the first request with these bytes, then with one of the others every 50 ms."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _load_own(context, SEOUL)
    end = threading.Event()
    with socket.create_server((LOOPBACK, 0)) as listening:
        listening.settimeout(10)

        def serve() -> None:
            try:
                plain, _ = listening.accept()
                with plain, context.wrap_socket(plain, server_side=True) as connection:
                    connection.recv(1 << 16)
                    connection.sendall(answer)
                    while then_drip and not end.wait(0.05):
                        connection.sendall(then_drip)
            except OSError:
                pass

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            end.set()
            thread.join()


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 302 Found\r\nlocation: https://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\ncontent-length: 1001\r\n\r\n" + bytes(1001),
        b"HTTP/1.1 200 OK\r\nx: " + bytes(1 << 18),
        b"SSH-2.0-OpenSSH\r\n",
        b"",
    ],
    ids=["redirect", "error", "cut", "too long", "long head", "no HTTP", "nothing"],
)
def test_what_is_no_answer_is_unavailable(answer: bytes) -> None:
    limits = Limits(answer=1000, patience=2)
    with (
        bad_server(answer) as port,
        courier(port, limits=limits) as tokyo,
        pytest.raises(Unavailable) as caught,
    ):
        tokyo.send(KOR, POUCH, b"abc")
    assert caught.value.code == "unavailable.peer"


@pytest.mark.parametrize("status", [204, 404, 409, 429])
def test_another_status_than_200_is_no_answer(status: int) -> None:
    def handle(_peer: Digest, _path: str, _body: bytes) -> tuple[int, bytes]:
        return status, b"" if status == 204 else b"answer"

    with (
        seoul(handle) as (_, port),
        courier(port) as tokyo,
        pytest.raises(Unavailable) as caught,
    ):
        tokyo.send(KOR, POUCH, b"abc")
    assert caught.value.code == "unavailable.peer"


@pytest.mark.parametrize(
    "answer",
    [b"", b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n"],
    ids=["head", "body"],
)
def test_a_server_that_drips_does_not_hold_the_courier(answer: bytes) -> None:
    limits = Limits(patience=0.5)
    with bad_server(answer, then_drip=b"H") as port, courier(port, limits=limits) as tokyo:
        began = time.monotonic()
        with pytest.raises(Unavailable):
            tokyo.send(KOR, POUCH, b"abc")
        assert time.monotonic() - began < 3


def test_nobody_at_home_is_unavailable() -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
    refused_to(port, TOKYO)


def test_a_peer_inside_the_house_is_not_reached_unless_allowed() -> None:
    with (
        seoul() as (_, port),
        courier(port, local=False) as tokyo,
        pytest.raises(Unavailable, match=r"^unavailable\.peer"),
    ):
        tokyo.send(KOR, POUCH, b"abc")


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with seoul() as (_, port), courier(port) as tokyo:
        assert tokyo.send(KOR, POUCH, b"abc") == b"cba"


def test_a_peer_that_moved_is_reached_where_it_is_now() -> None:
    where: list[PeerAddress] = []
    with seoul() as (_, first), seoul(own=CANBERRA) as (_, second):
        where.append(PeerAddress(LOOPBACK, first, SEOUL.certificate_der))
        tokyo = HttpCourier(lambda _peer: where[-1], lambda _peer: TOKYO, local=True)
        try:
            assert tokyo.send(KOR, POUCH, b"abc") == b"cba"
            where.append(PeerAddress(LOOPBACK, second, CANBERRA.certificate_der))
            assert tokyo.send(KOR, POUCH, b"abc") == b"cba"
            # The certificate is pinned for the new place, too.
            where.append(PeerAddress(LOOPBACK, first, CANBERRA.certificate_der))
            with pytest.raises(Unavailable):
                tokyo.send(KOR, POUCH, b"abc")
        finally:
            tokyo.close()


def test_while_a_certificate_is_replaced_each_peer_is_shown_the_one_that_it_expects() -> None:
    own = [SEOUL]
    server = ExchangeServer(
        reverse,
        certificates=lambda: own,
        trusted=lambda: [TOKYO.certificate_der],
        host=LOOPBACK,
        port=0,
    )
    with running(server) as port:
        own.insert(0, CANBERRA)
        server.refresh()
        for shown in (SEOUL, CANBERRA, SEOUL):
            with courier(port, server=shown) as tokyo:
                assert tokyo.send(KOR, POUCH, b"abc") == b"cba"
        refused_to(port, TOKYO, server=TOKYO)


def test_a_port_that_is_taken_is_unavailable() -> None:
    with seoul() as (_, port):
        again = ExchangeServer(
            reverse, certificates=lambda: [SEOUL], trusted=list, host=LOOPBACK, port=port
        )
        with pytest.raises(Unavailable, match=r"^unavailable\.port"), running(again):
            pass


def test_a_server_that_ends_answers_what_it_began() -> None:
    entered, answers = threading.Event(), []

    def handle(_peer: Digest, _path: str, body: bytes) -> tuple[int, bytes]:
        entered.set()
        time.sleep(0.3)
        return 200, body

    with courier_thread(handle, entered, answers):
        pass
    assert answers == [b"abc"]


@contextmanager
def courier_thread(
    handle: Handle, entered: threading.Event, answers: list[bytes]
) -> Iterator[None]:
    with ExitStack() as open_ones:
        with seoul(handle) as (_, port):
            tokyo = open_ones.enter_context(courier(port))
            thread = threading.Thread(target=lambda: answers.append(tokyo.send(KOR, POUCH, b"abc")))
            thread.start()
            assert entered.wait(5)
        thread.join()
        yield
