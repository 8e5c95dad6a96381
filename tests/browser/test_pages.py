"""Every page in a real browser: three languages, light and dark, wide and narrow, without fault.

With ``COMITY_PICTURES`` set to a folder the same run leaves its pictures there.
"""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from comity.acts.canonical import digest
from comity.console import words as console_words
from comity.console.pages import compare, item, judged, pact
from comity.node import outgoing, releases
from comity.vocabulary.names import PersonId
from comity.wording import Catalogue
from tests.browser.conftest import LISTS, Served, wish
from tests.support.pair import ADMIN, JPN, KOR, Hand

WORDLESS = (
    r"⟦[^⟦⟧]*⟧|OpenAPI|Article \d+(\([a-z0-9]\))?|\d{1,2} [A-Z][a-z]{2}\b"
    r"|\b[A-Z][A-Z0-9]+([-/:][A-Z0-9]+)*\b"
)
"""What is no word of the catalogue: bracketed words, citations, days of an axis, codes in capitals.

What people wrote or are called (names, titles, an agreement's own text) says so where it is shown:
``data-said``.
"""

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}

WALKS = {
    (KOR, "kim"): (
        "/",
        "/release",
        "SHEET",
        "FILED",
        "/register",
        "ITEM",
        "/pact",
        "/pact/KOR-JPN-GSOMIA?told=shipped&at=2019-09-01",
        "/pact/KOR-JPN-GSOMIA/articles",
        "/pact/KOR-JPN-GSOMIA/compare",
        "/network",
        "/requests",
        "REQUEST",
        "/series",
        "SENT",
        "WRONG",
        "READY",
    ),
    (KOR, "park"): (
        "/",
        "/passkeys",
        "/approvals",
        "DRAFT",
        "LIST",
        "/consents",
        "CONSENT",
    ),
    (KOR, "choi"): (
        "/register",
        "/paper",
        "/paper/begin",
        "/paper/USA",
        "/paper/USA/new?act=people.assure",
        "/paper/USA/new?act=delivery.receipt",
        "/paper/USA/item",
        "/paper/USA/register",
    ),
    (JPN, "sato"): ("/requests", "/requests/new?to=KOR", "/consents", "ASK", "ONWARD"),
    (JPN, "suzuki"): (
        "/",
        "/register",
        "ITEM",
        "/ledger",
        "/pact/KOR-JPN-GSOMIA",
        "/keeping",
        "/people",
        "/facilities",
        "/reports",
        "/api",
        "/nowhere",
    ),
    (JPN, ADMIN): ("/people", "/facilities"),
    (JPN, "ito"): ("HELD",),
    (JPN, "mori"): ("HELD",),
    (JPN, "abe"): ("/", "ITEM"),
}


def opened(chromium: Any, served: Served, party: str, person: str, **options: Any) -> Any:
    context = chromium.new_context(**options)
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.complaints = []
    page.on(
        "console", lambda said: page.complaints.append(said.text) if said.type == "error" else 0
    )
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(served.link(party, person))
    return page


def address(page: Any, served: Served, party: str, name: str) -> str:
    """Return where a page is; of a sheet or a draft, as the list before it says."""
    base = served.at[party]
    match name:
        case "ITEM":
            return f"{base}/register/{served.reference}"
        case "HELD":
            return f"{base}/register/{served.assigned}"
        case "SHEET":
            page.goto(f"{base}/release")
            return base + page.locator('main a[href^="/release/"]').first.get_attribute("href")
        case "FILED":
            page.goto(f"{base}/release")
            return base + page.locator('main th a[href^="/release/"]').last.get_attribute("href")
        case "DRAFT":
            page.goto(f"{base}/approvals")
            return base + page.locator('main a[href^="/approvals/"]').first.get_attribute("href")
        case "LIST" | "SENT" | "WRONG" | "READY":
            return f"{base}/series/{digest(LISTS[name])[7:23]}"
        case "REQUEST" | "CONSENT":
            page.goto(f"{base}/{name.lower()}s")
            listed = page.locator(f'main th a[href^="/{name.lower()}s/"]')
            return base + listed.first.get_attribute("href")
        case "ASK":
            return f"{base}/consents/new?item={served.assigned}&uses=third-party&for=USA"
        case "ONWARD":
            return f"{base}/onward/{served.assigned}?to=USA"
        case _:
            return base + name


PLACES = [
    pytest.param(party, person, name, id=f"{person}-{name.strip('/').partition('?')[0] or 'today'}")
    for (party, person), names in WALKS.items()
    for name in names
]


OVERFLOW = """() => {
  const wide = document.documentElement.scrollWidth > window.innerWidth;
  const out = [...document.querySelectorAll('main *')].filter((one) => {
    if (one.closest('.wide, .content, dialog') || one.matches('option, datalist')) return false;
    const box = one.getBoundingClientRect();
    return box.width > 0 && (box.right > window.innerWidth + 1 || box.left < -1);
  }).map((one) => one.outerHTML.slice(0, 120));
  const clipped = [...document.querySelectorAll('main button, main a, main th, h1, h2, nav a')]
    .filter((one) => !one.closest('.wide') && one.scrollWidth > one.clientWidth + 2
      && getComputedStyle(one).display !== 'inline')
    .map((one) => one.outerHTML.slice(0, 120));
  return [...(wide ? ['the page'] : []), ...out, ...clipped];
}"""


EVERY = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""What axe is asked for: all that it knows of WCAG 2.2 at AA, and its best practices."""


@pytest.fixture(scope="module")
def windows(chromium: Any, served: Served) -> Iterator[Callable[[str, str, str], Any]]:
    yield from windows_of(chromium, served)


def windows_of(chromium: Any, served: Served) -> Iterator[Callable[[str, str, str], Any]]:
    """Give who returns the window of a person in a language, signed in once and kept open."""
    kept_open: dict[tuple[str, str, str], Any] = {}

    def window(party: str, person: str, lang: str) -> Any:
        key = (party, person, lang)
        if key not in kept_open:
            kept_open[key] = opened(chromium, served, party, person, viewport=WIDE, locale=lang)
        return kept_open[key]

    yield window
    for page in kept_open.values():
        page.context.close()


@pytest.mark.parametrize("lang", ["en", "ko", "ja"])
@pytest.mark.parametrize(("party", "person", "name"), PLACES)
def test_a_page_is_well_set_and_accessible(  # noqa: PLR0913
    windows: Any, served: Served, axe: str, party: str, person: str, name: str, lang: str
) -> None:
    page = windows(party, person, lang)
    looked_at(page, address(page, served, party, name), axe, lang, absent=name == "/nowhere")
    kept(page, party, person, name, lang)


def looked_at(page: Any, place: str, axe: str, lang: str, *, absent: bool = False) -> None:
    """See that a page is well set, in its language, and complains of nothing as it loads."""
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(WIDE)
    page.complaints.clear()
    page.goto(place)
    if absent:
        page.complaints.clear()  # the browser says of itself that there is no such page
    assert page.locator("html").get_attribute("lang") == lang
    well_set(page, axe, lang)
    assert page.complaints == []


def well_set(page: Any, axe: str, lang: str) -> None:
    """See that nothing is clipped or out of place, wide and narrow, and axe finds no fault.

    Axe looks at all of it in each language: in Japanese as it stands in the dark, in the others
    in the light. What it looks at does not change with the words again where the page is narrow
    or dark, so that it is asked there in English alone, of the dark for the contrast.
    """
    assert page.evaluate(OVERFLOW) == [], WIDE
    page.evaluate(axe)
    if lang == "ja":
        page.emulate_media(color_scheme="dark")
    assert faults(page, EVERY) == [], WIDE
    if lang == "en":
        page.emulate_media(color_scheme="dark")
        assert faults(page, ["color-contrast"], kind="rule") == [], "dark"
    page.set_viewport_size(NARROW)
    assert page.evaluate(OVERFLOW) == [], NARROW
    if lang == "en":
        assert faults(page, EVERY) == [], NARROW


def faults(page: Any, what: list[str], kind: str = "tag") -> list[tuple[str, list[str]]]:
    """Return what axe finds wrong, by tags or by rules."""
    found = page.evaluate(
        "([type, values]) => axe.run(document, "
        "{runOnly: {type, values}, resultTypes: ['violations']})",
        [kind, what],
    )
    return [
        (one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found["violations"]
    ]


def kept(page: Any, party: str, person: str, name: str, lang: str) -> None:
    """Leave pictures, light and dark, wide and narrow, where pictures are asked for."""
    folder = os.environ.get("COMITY_PICTURES")
    if not folder:
        return
    named = name.replace("?act=", "/").partition("?")[0]
    called = re.sub(r"\W+", "-", named.strip("/").lower()) or "today"
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for size, suffix in ((WIDE, ""), (NARROW, "-narrow")):
            page.set_viewport_size(size)
            page.screenshot(
                path=Path(folder) / f"{called}-{party}-{person}-{lang}-{scheme}{suffix}.png",
                full_page=True,
            )


def test_no_string_is_left_untranslated(
    chromium: Any, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a made-up language every word of the catalogue is bracketed: what is bare is not in it."""
    real = console_words.catalogue()
    bracketed = Catalogue(
        {
            tongue: {code: f"⟦{text}⟧" for code, text in entries.items()}
            for tongue, entries in real.templates.items()
        }
    )
    for room in (console_words, judged, pact, item, compare):
        monkeypatch.setattr(room, "catalogue", lambda: bracketed)
    texts = """() => {
      const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const out = [];
      while (walk.nextNode()) {
        const one = walk.currentNode, held = one.parentElement;
        if (held.closest('code, kbd, time, pre, textarea, [lang]:not(html), [data-said]'))
          continue;
        const said = one.textContent.trim();
        if (said) out.push([said, held.outerHTML.slice(0, 110)]);
      }
      for (const one of document.querySelectorAll('[aria-label], [title], [placeholder]'))
        for (const name of ['aria-label', 'placeholder'])
          if (one.hasAttribute(name)) out.push([one.getAttribute(name), name]);
      return out;
    }"""
    bare = set()
    for (party, person), names in WALKS.items():
        page = opened(chromium, served, party, person, viewport=WIDE, locale="en")
        for name in names:
            page.goto(address(page, served, party, name))
            for text, where in page.evaluate(texts):
                rest, more = text, 1
                while more:  # from within outwards: words stand in words
                    rest, more = re.subn(WORDLESS, "", rest)
                if re.search(r"[A-Za-z]{3,}", rest):
                    bare.add((name, rest[:80], where))
        page.context.close()
    assert bare == set()


def test_keys_lead_to_the_search_to_pages_to_a_new_release_and_to_their_list(
    windows: Any, served: Served
) -> None:
    page, base = windows(KOR, "kim", "en"), served.at[KOR]
    page.goto(f"{base}/pact")
    page.keyboard.press("?")
    listed = page.locator("dialog#keys")
    assert listed.is_visible()
    assert "this list" in listed.inner_text()
    page.keyboard.press("Escape")
    assert not listed.is_visible()
    page.keyboard.press("g")
    page.keyboard.press("w")
    page.wait_for_url(f"{base}/network")
    page.keyboard.press("n")
    page.wait_for_url(f"{base}/release")
    page.keyboard.press("/")
    page.wait_for_url(f"{base}/register#q")
    page.wait_for_function("() => document.activeElement.id === 'q'")
    # What is typed into a field is text and no key; Escape leaves the field.
    page.keyboard.type("g/n?")
    assert page.locator("#q").input_value() == "g/n?"
    assert page.url == f"{base}/register#q"
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("t")
    page.wait_for_url(f"{base}/")


def test_today_is_live_and_keeps_where_one_stands(chromium: Any, served: Served) -> None:
    """What is entered elsewhere appears without asking; nothing else of the page moves."""
    page = opened(chromium, served, KOR, "park", viewport=WIDE, locale="en")
    try:
        page.goto(f"{served.at[KOR]}/")
        page.complaints.clear()
        drafts = page.locator('main a[href^="/approvals/"]')
        before = drafts.count()
        page.locator('main a[href="/pact"]').first.focus()
        series = wish("Fourth launch", "dprk.missile.launch", "KOR:mil-2", 2)
        for node, peer in served.two.links():
            outgoing.exchange(node, peer, Hand(served.two.nodes, node.party), heartbeat=True)
        releases.lay_before(served.two.seoul, series, drafter=PersonId("kim"))
        expect = (
            f"() => document.querySelectorAll('main a[href^=\"/approvals/\"]').length > {before}"
        )
        page.wait_for_function(expect, timeout=15000)
        assert page.evaluate("document.activeElement.getAttribute('href')") == "/pact"
        assert page.complaints == []
    finally:
        page.context.close()
