"""A counterpart that was kept on paper and joined, in a real browser; and whether all is walked."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.routing import compile_path

from comity.console.app import PAGES
from comity.node import treaty
from tests.browser import test_pages
from tests.browser.conftest import LISTS, Served, consoles, in_full
from tests.browser.test_pages import kept, looked_at, windows_of
from tests.console.test_paper import agreed, signed_in
from tests.scenarios.test_paper import MINISTER, MND, begin, join
from tests.support.fast_suite import FAST
from tests.support.pair import JPN, KOR, digest, gsomia, pair

WALKS = {
    (JPN, "minister-jpn"): ("/paper", "/attested/KOR"),
    (KOR, "choi"): ("/paper", "/paper/JPN"),
}

CALLED = {
    "ITEM": "/register/1",
    "HELD": "/register/1",
    "SHEET": "/release/1",
    "FILED": "/release/1",
    "DRAFT": "/approvals/1",
    **dict.fromkeys(LISTS, "/series/1"),
    "REQUEST": "/requests/1",
    "CONSENT": "/consents/1",
    "ASK": "/consents/new",
    "ONWARD": "/onward/1",
}
"""What the address of a page looks like that the walks know by a name."""


@pytest.fixture(scope="module")
def joined() -> Iterator[Served]:
    """Seoul kept a log for Tokyo; Tokyo joined, and disputes a day that was attested of it."""
    two = pair(suite=FAST)
    in_full(two.seoul, two.tokyo)
    text = gsomia()
    two.text = digest(text)
    begin(two)
    treaty.propose(two.seoul, text, to=JPN, by=MND, actor=MINISTER)
    treaty.sign(two.seoul, two.text, to=JPN, by=MND, actor=MINISTER)
    agreed(two)
    join(two)
    told = signed_in(two.tokyo, "minister-jpn").post(
        "/paper/KOR/1/dispute", data={"on": "2016-11-22"}
    )
    assert told.status_code == 303
    with consoles(two.seoul, two.tokyo) as at:
        yield Served(two, at, "", "")


@pytest.fixture(scope="module")
def windows(joined: Served, chromium: Any) -> Iterator[Callable[[str, str, str], Any]]:
    yield from windows_of(chromium, joined)


PLACES = [
    pytest.param(party, person, name, id=f"{person}-{name.strip('/')}")
    for (party, person), names in WALKS.items()
    for name in names
]


@pytest.mark.parametrize("lang", ["en", "ko", "ja"])
@pytest.mark.parametrize(("party", "person", "name"), PLACES)
def test_what_was_attested_is_well_set_and_accessible(  # noqa: PLR0913
    windows: Any, joined: Served, axe: str, party: str, person: str, name: str, lang: str
) -> None:
    page = windows(party, person, lang)
    looked_at(page, joined.at[party] + name, axe, lang)
    kept(page, party, person, f"joined-{name}", lang)


def test_every_page_of_the_console_is_walked() -> None:
    walks = [*test_pages.WALKS.values(), *WALKS.values()]
    walked = {CALLED.get(name, name).partition("?")[0] for each in walks for name in each}
    left = [
        one.path
        for one in PAGES.values()
        if not any(compile_path(one.path)[0].match(path) for path in walked)
    ]
    assert left == []
