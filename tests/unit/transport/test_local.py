"""Commands at the socket of a running node."""

import socket
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from comity.transport import local
from comity.transport.local import Request, Response, call, serve_socket
from comity.vocabulary.errors import Unavailable


def echo(request: Request) -> Response:
    return Response(0, {"command": request.command, "arguments": request.arguments})


def code_of(error: pytest.ExceptionInfo[Unavailable]) -> str:
    return error.value.code


def test_a_command_is_answered(tmp_path: Path) -> None:
    asked = Request("register list", {"limit": 3, "text": "서울", "all": True, "none": None})
    with serve_socket(tmp_path / "node.sock", echo):
        answered = call(tmp_path / "node.sock", asked)
    assert answered == Response(0, {"command": asked.command, "arguments": asked.arguments})


def test_only_its_owner_may_open_the_socket(tmp_path: Path) -> None:
    with serve_socket(tmp_path / "node.sock", echo):
        mode = (tmp_path / "node.sock").stat().st_mode
    assert stat.S_ISSOCK(mode)
    assert stat.S_IMODE(mode) == 0o600


def test_the_socket_goes_with_the_server(tmp_path: Path) -> None:
    with serve_socket(tmp_path / "node.sock", echo):
        pass
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(Unavailable) as caught:
        call(tmp_path / "node.sock", Request("status", {}))
    assert code_of(caught) == "unavailable.node"


def test_what_a_crash_left_is_replaced(tmp_path: Path) -> None:
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(tmp_path / "node.sock"))
    left.close()
    with pytest.raises(Unavailable) as caught:
        call(tmp_path / "node.sock", Request("status", {}))
    assert code_of(caught) == "unavailable.node"
    with serve_socket(tmp_path / "node.sock", echo):
        assert call(tmp_path / "node.sock", Request("status", {})).status == 0


def test_a_file_in_its_place_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "node.sock").write_text("something of somebody's")
    with pytest.raises(Unavailable) as caught, serve_socket(tmp_path / "node.sock", echo):
        pass
    assert code_of(caught) == "unavailable.socket"
    assert (tmp_path / "node.sock").read_text() == "something of somebody's"


def test_a_long_path_is_no_obstacle(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 120)
    folder.mkdir()
    with serve_socket(folder / "node.sock", echo):
        assert call(folder / "node.sock", Request("status", {})).status == 0


def test_commands_run_at_the_same_time(tmp_path: Path) -> None:
    both = threading.Barrier(2, timeout=10)

    def handle(_request: Request) -> Response:
        both.wait()
        return Response(0, None)

    answers = []
    with serve_socket(tmp_path / "node.sock", handle):
        threads = [
            threading.Thread(
                target=lambda: answers.append(call(tmp_path / "node.sock", Request("x", {})))
            )
            for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers == [Response(0, None)] * 2


def test_a_bug_is_a_status_and_is_logged_without_its_words(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def handle(_request: Request) -> Response:
        raise KeyError("canary")

    with serve_socket(tmp_path / "node.sock", handle):
        answered = call(tmp_path / "node.sock", Request("x", {}))
    assert answered == Response(70, {"error": "KeyError"})
    assert "KeyError in handle" in caplog.text
    assert "canary" not in caplog.text


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\x00",
        b"\x00\x00\x00\x05abc",
        b"\xff\xff\xff\xff",
        b"\x00\x00\x00\x02{}",
        b'\x00\x00\x00\x1e{"command":1,"arguments":{}}   ',
        b"\x00\x00\x00\x04\xff\xff\xff\xff",
        b"\x00\x00\x27\x10" + b"[" * 10_000,
    ],
)
def test_what_is_no_request_is_not_answered(tmp_path: Path, raw: bytes) -> None:
    heard = []

    def handle(request: Request) -> Response:
        heard.append(request)
        return Response(0, None)

    with serve_socket(tmp_path / "node.sock", handle):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(tmp_path / "node.sock"))
            connection.settimeout(10)
            connection.sendall(raw)
            connection.shutdown(socket.SHUT_WR)
            with suppress(ConnectionError):
                assert connection.recv(100) == b""
        assert heard == []
        assert call(tmp_path / "node.sock", Request("still here", {})).status == 0


def test_a_request_that_is_too_long_is_not_sent(tmp_path: Path) -> None:
    with serve_socket(tmp_path / "node.sock", echo), pytest.raises(Unavailable):
        call(tmp_path / "node.sock", Request("x" * (local.LIMIT + 1), {}))


@contextmanager
def bad_node(path: Path, raw: bytes) -> Iterator[None]:
    """Answer one request with these bytes."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(1 << 16)
                connection.sendall(raw)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield
        finally:
            thread.join()


@pytest.mark.parametrize(
    "raw", [b"", b"\x00\x00", b"\xff\xff\xff\xff", b"\x00\x00\x00\x02{}", b"\x00\x00\x00\x05abc"]
)
def test_what_is_no_answer_is_unavailable(tmp_path: Path, raw: bytes) -> None:
    with bad_node(tmp_path / "node.sock", raw), pytest.raises(Unavailable) as caught:
        call(tmp_path / "node.sock", Request("x", {}))
    assert code_of(caught) == "unavailable.node-answer"


def test_waiting_ends_when_it_was_told_to(tmp_path: Path) -> None:
    def handle(_request: Request) -> Response:
        time.sleep(0.5)
        return Response(0, None)

    with serve_socket(tmp_path / "node.sock", handle), pytest.raises(Unavailable) as caught:
        call(tmp_path / "node.sock", Request("x", {}), seconds=0.1)
    assert code_of(caught) == "unavailable.node-answer"
