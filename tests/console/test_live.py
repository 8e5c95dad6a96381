"""The stream of Today: it says that there is something new, for one person, and never what."""

import asyncio

import pytest
from starlette.requests import Request

from comity.console import live, sessions
from comity.console.ceremonies import place_of
from comity.console.frame import Desk, cookie_name
from comity.node import releases
from comity.node.node import Node
from comity.vocabulary.names import PersonId
from tests.browser.conftest import wish
from tests.console.test_deciding import signed_in
from tests.support.pair import Pair, under_the_pact


@pytest.fixture
def two() -> Pair:
    return under_the_pact()


def asked(node: Node, secret: str) -> Request:
    async def receive() -> dict[str, str]:
        await asyncio.sleep(3600)
        return {"type": "http.disconnect"}

    cookie = f"{cookie_name(node)}={secret}".encode()
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/events",
        "query_string": b"",
        "headers": [(b"cookie", cookie), (b"host", b"127.0.0.1")],
    }
    return Request(scope, receive)


def desk_of(node: Node) -> Desk:
    return Desk(node, demonstration=True, place=place_of("http://127.0.0.1"))


def lay(two: Pair) -> None:
    series = wish("Launch assessment", "dprk.missile.launch", "KOR:mil-2", 4)
    releases.lay_before(two.seoul, series, drafter=PersonId("kim"))


async def _heard(two: Pair, person: str, looks: int) -> list[str]:
    """Listen for some looks; after the second a release is laid before the authority."""
    node = two.seoul
    secret = sessions.enter(node, sessions.make_link(node, PersonId(person)))
    answer = await live.events(desk_of(node), asked(node, secret))
    heard: list[str] = []
    async for part in answer.body_iterator:  # type: ignore[attr-defined]
        heard.append(part)
        if len(heard) == 2:
            await asyncio.to_thread(lay, two)
        if len(heard) >= looks:
            break
    await answer.body_iterator.aclose()  # type: ignore[attr-defined]
    return heard


def test_what_concerns_a_person_is_told_to_that_person(
    two: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "LOOK", 0.01)
    heard = asyncio.run(_heard(two, "park", 3))
    told = [part for part in heard if part.startswith("event: today")]
    assert len(set(told)) == 2
    page = signed_in(two.seoul, "park").get("/").text
    assert told[-1].strip().rpartition(" ")[2] in page
    # Nothing of what it is about is in the stream.
    assert "Launch" not in "".join(heard)
    assert not live._open


def test_what_does_not_concern_a_person_tells_nothing(
    two: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "LOOK", 0.005)
    monkeypatch.setattr(live, "ANYHOW", 10)
    heard = asyncio.run(_heard(two, "minister-kor", 4))
    assert len([part for part in heard if part.startswith("event: today")]) == 1
    assert heard[2:] == [": still here\n\n"] * 2


def test_nobody_hears_nothing(two: Pair) -> None:
    node = two.seoul
    told = asyncio.run(live.events(desk_of(node), asked(node, "never made")))
    assert told.status_code == 401


def test_a_stream_ends_with_its_session(two: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "LOOK", 0.01)
    node = two.seoul
    secret = sessions.enter(node, sessions.make_link(node, PersonId("park")))

    async def listen() -> list[str]:
        answer = await live.events(desk_of(node), asked(node, secret))
        heard = []
        async for part in answer.body_iterator:  # type: ignore[attr-defined]
            heard.append(part)
            if len(heard) == 2:
                sessions.leave(node, secret)
        return heard

    assert len(asyncio.run(listen())) == 2
