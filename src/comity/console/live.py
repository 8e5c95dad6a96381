"""Today, live: a stream that says that there is something new for one person, and never what.

The browser then asks for the page itself, which is where it is decided who sees what. Without
script the page is as it was when it was asked for.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from comity.console.frame import HEADERS, Desk, person_of, told, visit_of
from comity.console.pages.today import state
from comity.vocabulary.errors import ComityError
from comity.vocabulary.logs import journal

LOOK: Final = 1.0
"""Seconds between two looks at whether anything was entered."""

ANYHOW: Final = 30
"""Looks after which it is seen to anyhow: a duty becomes overdue without anybody's act."""

LONGEST: Final = 600
"""Looks after which a stream ends; the browser begins another, which asks again who it is."""

MOST: Final = 100
"""Streams at a time; who comes later has a page that stands still."""

_open: Final[set[object]] = set()


async def events(desk: Desk, request: Request) -> Response:
    """Answer with the stream of the person who asks."""
    try:
        first = await run_in_threadpool(_size, desk, request)
    except ComityError as error:
        return await run_in_threadpool(told, desk, request, error)
    if len(_open) >= MOST:
        # No content: a browser that is told so does not ask again.
        return Response(status_code=204, headers=HEADERS)
    return StreamingResponse(
        _stream(desk, request, first), media_type="text/event-stream", headers=HEADERS
    )


async def _stream(desk: Desk, request: Request, size: int) -> AsyncIterator[str]:
    mine = object()
    _open.add(mine)
    try:
        yield "retry: 3000\n\n"
        said = ""
        for look in range(LONGEST):
            if await request.is_disconnected():
                return
            try:
                now = await run_in_threadpool(_size, desk, request)
                if now != size or look % ANYHOW == 0:
                    size = now
                    new = await run_in_threadpool(_state, desk, request)
                    if new != said:
                        said = new
                        yield f"event: today\ndata: {said}\n\n"
                elif look % 15 == 0:
                    yield ": still here\n\n"
            except ComityError:
                return  # signed out, or the store is closed: the next stream says which
            await asyncio.sleep(LOOK)
    finally:
        _open.discard(mine)


def _size(desk: Desk, request: Request) -> int:
    """Return how far this house's journal is, for somebody who is signed in."""
    person_of(desk, request)
    with desk.node.store.reading() as tx:
        return tx.frontier(journal(desk.node.party)).size


def _state(desk: Desk, request: Request) -> str:
    person = person_of(desk, request)
    with desk.node.store.reading() as tx:
        return state(visit_of(desk, request, tx, person))
