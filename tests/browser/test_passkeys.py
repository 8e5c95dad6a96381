"""Passkeys in a real browser with a virtual authenticator, over two houses: from invitation on."""

from typing import Any

import pytest

from comity.acts.documents import PasskeyApproval, decode_approval
from comity.acts.entries import decode_entry
from comity.console import sessions
from comity.node import outgoing, passkeys, receiving
from comity.node.ports import Space
from comity.register.rows import PasskeyOf, PersonOf
from comity.vocabulary.logs import correspondence, standing_in
from comity.vocabulary.names import PersonId
from tests.browser.conftest import Served, marked
from tests.browser.test_pages import WIDE, kept, well_set
from tests.support.pair import JPN, KOR, USA

OUT = correspondence(KOR, JPN)
LANGUAGES = ("en", "ko", "ja")


def device(chromium: Any, **options: Any) -> Any:
    """Return a page whose browser has an authenticator that verifies its person."""
    context = chromium.new_context(viewport=WIDE, **options)
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.complaints = []
    page.on(
        "console", lambda said: page.complaints.append(said.text) if said.type == "error" else 0
    )
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.keys = context.new_cdp_session(page)
    page.keys.send("WebAuthn.enable")
    made = page.keys.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    page.authenticator = made["authenticatorId"]
    return page


def looked_at(page: Any, axe: str, party: str, person: str, name: str) -> None:
    """See that a page is well set and accessible in each language, and leave its pictures."""
    here = page.url
    for lang in LANGUAGES:
        page.emulate_media(color_scheme="light")
        page.goto(f"{here.partition('?')[0]}?lang={lang}")
        well_set(page, axe, lang)
        kept(page, party, person, name, lang)
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")
    page.goto(f"{here.partition('?')[0]}?lang=en")


def entered_from_paper(page: Any, served: Served) -> None:
    """Enter what Washington did on paper: the file is part of what the passkey signs."""
    page.goto(served.at[KOR] + "/paper/USA/new?act=people.assure&lang=en")
    page.locator('input[name="offices"]').last.check()
    for box in ("cleared", "needed", "protected"):
        page.locator(f'input[name="{box}"]').check()
    page.locator("#by").select_option("USA/DIA")
    page.locator("#on").fill("2026-11-24")
    scan = {"name": "word.pdf", "mimeType": "application/pdf", "buffer": b"%PDF- a scanned word"}
    page.locator("#scan").set_input_files(scan)
    page.locator("main form button.main").click()
    page.wait_for_url(served.at[KOR] + "/paper/USA")
    with served.two.seoul.store.reading() as tx:
        log = standing_in(KOR, USA)
        entry = decode_entry(tx.leaves(log, tx.frontier(log).size - 1, tx.frontier(log).size)[0])
        document = tx.load(Space.DOCUMENT, entry.approvals[0].document)
    assert isinstance(decode_approval(document), PasskeyApproval)


def test_a_person_is_invited_registers_signs_out_and_in_again(
    chromium: Any, served: Served, axe: str
) -> None:
    page = device(chromium)
    link = served.invitation(KOR, "choi")
    page.goto(link)
    looked_at(page, axe, KOR, "choi", "/invited")
    page.get_by_role("button", name="Register a passkey").click()
    page.wait_for_url(served.at[KOR] + "/")
    page.goto(served.at[KOR] + "/passkeys")
    assert page.locator("tbody tr").count() == 1
    assert page.get_by_text("the house keeps no key file", exact=False).count() == 1
    looked_at(page, axe, KOR, "choi", "/passkeys")
    page.get_by_role("button", name="Sign out").click()
    page.goto(served.at[KOR] + "/register")
    assert page.get_by_role("button", name="Sign in with a passkey").count() == 1
    page.complaints.clear()
    looked_at(page, axe, KOR, "choi", "/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(served.at[KOR] + "/")
    assert page.get_by_role("link", name="Register").count() == 1
    entered_from_paper(page, served)
    # The link worked once.
    page.goto(link)
    assert page.get_by_role("button", name="Register a passkey").count() == 0
    with served.two.seoul.store.reading() as tx:
        row = tx.get(PersonOf, "choi")
        mine = passkeys.living(tx, PersonId("choi"))
    assert row is not None
    assert row.approval_key == b""
    assert [one.relying_party for one in mine] == ["seoul.localhost"]
    page.context.close()


def test_a_release_is_approved_and_its_receipt_signed_by_passkeys(
    chromium: Any, served: Served, axe: str
) -> None:
    two = served.two
    page = device(chromium)
    page.goto(served.invitation(KOR, "park"))
    page.get_by_role("button", name="Register a passkey").click()
    page.wait_for_url(served.at[KOR] + "/")
    two.carry()
    page.goto(served.at[KOR] + "/approvals?lang=en")
    page.locator('main a[href^="/approvals/"]').first.click()
    assert page.get_by_text("Your passkey signs.").count() == 1
    looked_at(page, axe, KOR, "park", "/approval-passkey")
    for box in page.locator(".questions input").all():
        box.check()
    page.get_by_role("button", name="Approve and release").click()
    page.get_by_text("signed by passkey").wait_for()
    reference = page.url.rpartition("/")[2].partition("?")[0]
    assert page.complaints == []
    two.carry()
    with two.seoul.store.reading() as tx:
        size = tx.frontier(OUT).size
        assert outgoing.acknowledged(tx, KOR, JPN) == size
        entry = decode_entry(tx.leaves(OUT, size - 1, size)[0])
    assert isinstance(entry.approvals, tuple)
    with two.tokyo.store.reading() as tx:
        papers = [tx.load(sessions.Space.DOCUMENT, one.document) for one in entry.approvals]
        item = receiving.find_item(tx, JPN, reference)
    assert [b'"scheme":"passkey"' in (raw or b"") for raw in papers] == [True]
    marked(two, item)
    page.context.close()

    there = device(chromium)
    there.goto(served.invitation(JPN, "ito"))
    there.get_by_role("button", name="Register a passkey").click()
    there.wait_for_url(served.at[JPN] + "/")
    there.goto(f"{served.at[JPN]}/register/{reference}?lang=en")
    looked_at(there, axe, JPN, "ito", "/receipt-passkey")
    there.get_by_role("button", name="Sign the receipt").click()
    there.get_by_text("signed by passkey").nth(1).wait_for()
    assert there.get_by_role("button", name="Sign the receipt").count() == 0
    looked_at(there, axe, JPN, "ito", "/item-passkey")
    assert there.complaints == []
    two.carry()
    with two.tokyo.store.reading() as tx:
        back = correspondence(JPN, KOR)
        assert outgoing.acknowledged(tx, JPN, KOR) == tx.frontier(back).size
    there.context.close()


def test_who_signed_in_by_a_link_registers_one_and_revokes_it(
    chromium: Any, served: Served
) -> None:
    page = device(chromium)
    page.goto(served.link(KOR, "kim"))
    page.goto(served.at[KOR] + "/passkeys?lang=en")
    page.get_by_role("button", name="Register a passkey").click()
    page.wait_for_selector("tbody tr")
    served.two.clock.turn(sessions.PROOF_SECONDS)
    page.get_by_role("button", name="Revoke").click()
    page.get_by_text("revoked", exact=False).first.wait_for()
    with served.two.seoul.store.reading() as tx:
        assert [bool(one.revoked) for one in tx.within(PasskeyOf, "kim")] == [True]
    assert page.complaints == []
    page.context.close()


@pytest.mark.parametrize("fault", ["nobody is verified", "no passkey is there"])
def test_without_an_answer_nothing_is_sent_and_that_is_said(
    chromium: Any, served: Served, fault: str
) -> None:
    page = device(chromium)
    page.goto(served.at[KOR] + "/sign-in?lang=en")
    if fault == "nobody is verified":
        page.keys.send(
            "WebAuthn.setUserVerified",
            {"authenticatorId": page.authenticator, "isUserVerified": False},
        )
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.locator("#passkey-failed").wait_for(state="visible", timeout=20_000)
    assert page.url.startswith(served.at[KOR] + "/sign-in")
    page.context.close()
