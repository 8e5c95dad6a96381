"""A pact's history in a real browser: the slider by keyboard, the date beside it, on paper."""

import io
import os
import re
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from tests.browser.conftest import Served
from tests.browser.test_pages import WIDE, opened
from tests.support.pair import JPN, KOR

PACT = "/pact/KOR-JPN-GSOMIA"


def test_the_slider_moves_the_state_by_the_keyboard_and_the_date_follows(
    chromium: Any, served: Served
) -> None:
    page = opened(chromium, served, KOR, "kim", viewport=WIDE, locale="en")
    try:
        page.goto(f"{served.at[KOR]}{PACT}?told=shipped&at=2019-08-24&view=JPN")
        page.complaints.clear()
        said = page.locator("#then .verdict")
        assert "notice of termination given" in said.inner_text()
        slide = page.locator("#slide")
        slide.focus()
        assert slide.get_attribute("aria-valuetext") == "2019-08-24"
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        page.wait_for_function(
            "() => document.querySelector('#then .verdict').innerText.includes('22 Aug 2019')"
        )
        assert said.inner_text().endswith("in force")
        assert page.locator("#at").input_value() == "2019-08-22"
        assert slide.get_attribute("aria-valuetext") == "2019-08-22"
        assert "at=2019-08-22" in page.url
        assert page.evaluate("document.activeElement.id") == "slide"
        # The address says what is shown: who opens it again sees the same.
        page.reload()
        assert "22 Aug 2019" in said.inner_text()
        assert page.locator("#view").input_value() == "JPN"
        page.locator("#at").fill("2019-11-22")
        page.locator("#at").press("Enter")
        page.wait_for_url("**at=2019-11-22**")
        assert "suspended" in said.inner_text()
        page.get_by_role("link", name="Next record").click()
        page.wait_for_url("**at=2023-03-16**")
        assert page.complaints == []
    finally:
        page.context.close()


def test_without_script_the_slider_and_the_date_are_a_form(chromium: Any, served: Served) -> None:
    page = opened(
        chromium, served, KOR, "kim", viewport=WIDE, locale="en", java_script_enabled=False
    )
    try:
        page.goto(f"{served.at[KOR]}{PACT}?told=shipped&at=2019-08-24")
        page.locator("#slide").focus()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        page.get_by_role("button", name="Show").click()
        assert "22 Aug 2019" in page.locator("#then .verdict").inner_text()
    finally:
        page.context.close()


def test_the_history_is_printed_with_its_marking_and_without_its_form(
    chromium: Any, served: Served
) -> None:
    page = opened(chromium, served, KOR, "kim", viewport=WIDE, locale="en")
    try:
        page.goto(f"{served.at[KOR]}{PACT}?told=shipped&at=2019-08-24")
        page.emulate_media(media="print")
        assert not page.locator("#ask").is_visible()
        assert page.locator(".course svg").is_visible()
        sheets_marked_at_head_and_foot(page)
        folder = os.environ.get("COMITY_PICTURES")
        if folder:
            page.set_viewport_size({"width": 794, "height": 1123})
            page.screenshot(path=Path(folder) / "pact-printed.png", full_page=True)
    finally:
        page.context.close()


def test_every_printed_sheet_has_its_marking_at_head_and_foot(
    chromium: Any, served: Served
) -> None:
    page = opened(chromium, served, JPN, "abe", viewport=WIDE, locale="en")
    try:
        base, number = served.at[JPN], served.reference
        for place in (f"/register/{number}", f"{PACT}/articles"):
            page.goto(base + place)
            sheets_marked_at_head_and_foot(page)
        page.goto(f"{base}/register/{number}")
        page.locator("form[action^='/read/'] button.main").click()
        content = page.locator("pre.content")
        assert "lofted" in content.inner_text()
        content.evaluate("(one) => { one.textContent = (one.textContent + '\\n').repeat(20); }")
        sheets_marked_at_head_and_foot(page)
    finally:
        page.context.close()


def sheets_marked_at_head_and_foot(page: Any) -> None:
    """See that each of several A4 sheets begins and ends with the page's marking."""
    marking = page.locator(".banner").first.inner_text()
    last = re.findall(r"[A-Z]+", marking)[-1]
    sheets = PdfReader(io.BytesIO(page.pdf(format="A4"))).pages
    assert len(sheets) > 1, page.url
    counted = [sheet.extract_text().count(last) for sheet in sheets]
    assert counted == [2] * len(sheets), (page.url, marking)
