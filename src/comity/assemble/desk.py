"""The console while a node is served: in a thread of its own; and the links to it.

A link that invites a person to register a passkey is made by any node. Links that sign in are
made for demonstration nodes only: whoever may ask at the node's socket could otherwise sign in
as anybody, and leave no trace of it. A passkey that is registered stands in the journal.
"""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import uvicorn
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from comity.assemble.house import House
from comity.console.app import make_app
from comity.console.ceremonies import place_of, require_domain
from comity.console.sessions import LINK_SECONDS, make_link
from comity.vocabulary.errors import Refused, Unavailable
from comity.vocabulary.names import parse_person

_STOP_SECONDS: Final = 5


def console_link(house: House, person: str) -> dict[str, Any]:
    """Return the address of a link that signs a person in, once.

    Raises:
        Refused: ``refused.console.not-a-demonstration``, ``refused.person.unknown``.
    """
    if not house.config.demonstration:
        raise Refused(
            "refused.console.not-a-demonstration",
            "sign-in links are made on nodes that init --quick made",
        )
    secret = make_link(house.node, parse_person(person))
    return {
        "link": f"{house.config.seen_at()}/enter/{secret}",
        "person": person,
        "seconds": LINK_SECONDS,
    }


def invitation(house: House, person: str) -> dict[str, Any]:
    """Return the address at which a person registers a passkey, once: of any node.

    Raises:
        Refused: ``refused.passkey.domain``, ``refused.person.unknown``.
    """
    require_domain(place_of(house.config.seen_at()))
    secret = make_link(house.node, parse_person(person), kind="invitation")
    return {
        "link": f"{house.config.seen_at()}/invited/{secret}",
        "person": person,
        "seconds": LINK_SECONDS,
    }


@contextmanager
def console_running(house: House, *, acted: Callable[[], None]) -> Iterator[None]:
    """Serve the console for the block.

    Args:
        house: Whose.
        acted: Called after each request that may have entered something.

    Raises:
        Unavailable: ``unavailable.port``.
    """
    listening = _listen(house.config.console)
    server = uvicorn.Server(
        uvicorn.Config(
            _telling(
                make_app(
                    house.node,
                    demonstration=house.config.demonstration,
                    origin=house.config.seen_at(),
                ),
                acted,
            ),
            lifespan="off",
            # Addresses hold the secrets of links: they are written nowhere.
            access_log=False,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=_STOP_SECONDS,
        )
    )
    # Off the main thread uvicorn leaves signals alone: the node itself is told to stop.
    thread = threading.Thread(
        target=server.run, kwargs={"sockets": [listening]}, name="console", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(2 * _STOP_SECONDS)
        listening.close()


def _telling(app: ASGIApp, acted: Callable[[], None]) -> ASGIApp:
    async def run(scope: Scope, receive: Receive, send: Send) -> None:
        await app(scope, receive, send)
        if scope["type"] == "http" and scope["method"] not in ("GET", "HEAD"):
            await run_in_threadpool(acted)

    return run


def _listen(address: str) -> socket.socket:
    host, _, port = address.rpartition(":")
    # Names below localhost are this machine (RFC 6761); not every resolver knows that.
    local = f".{host}".endswith(".localhost")
    try:
        return socket.create_server(
            ("127.0.0.1" if local else host.strip("[]"), int(port)), backlog=64
        )
    except (OSError, ValueError, OverflowError) as error:
        raise Unavailable("unavailable.port", f"the console cannot listen at {address}") from error
