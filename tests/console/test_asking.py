"""Consents and requests in the browser's way: asked, answered, taken back; nobody else knows."""

import re

import pytest

from comity.console import sessions
from comity.console.words import spellings
from comity.node import consents, requests
from comity.node.node import Node
from comity.vocabulary.names import PersonId
from tests.scenarios.test_onward import made, received
from tests.support.browser import Browser
from tests.support.pair import JPN, KOR, USA
from tests.support.programs import Program
from tests.support.three import Three, two_decide

DAY = "2026-12-01"


def signed_in(node: Node, person: str) -> Browser:
    client = Browser(node)
    assert client.get(f"/enter/{sessions.make_link(node, PersonId(person))}").status_code == 303
    return client


@pytest.fixture
def houses() -> Three:
    return made()


@pytest.fixture
def item(houses: Three) -> str:
    return received(houses).reference


def sole(client: Browser, page: str) -> str:
    """Return the address of the one question or request that a page lists."""
    (found,) = set(re.findall(rf'href="({page}/comity/[^"]+)"', client.get(page).text))
    return found


def asked(houses: Three, item: str, **terms: str) -> Browser:
    sato = signed_in(houses.nodes[JPN], "sato")
    form = {"item": item, "uses": "third-party", "party": "USA", "until": DAY, "times": "1"}
    told = sato.post(f"/consents/new?item={item}", form | terms)
    assert (told.status_code, told.headers.get("location")) == (303, "/consents"), told.text
    houses.carry()
    return sato


def states(houses: Three) -> list[str]:
    return [one.state for one in consents.listed(houses.nodes[KOR])]


def test_passing_on_is_refused_asked_for_approved_and_done(houses: Three, item: str) -> None:
    sato = signed_in(houses.nodes[JPN], "sato")
    onward = f"/onward/{item}?to=USA"
    assert onward.partition("?")[0] in sato.get(f"/register/{item}").text
    form = {"to": "USA", "offices": "USA/DIA", "purpose": "defence.missile-warning"}
    refused = sato.post(onward, form)
    assert refused.status_code == 403
    said = refused.text.split('role="alert"')[1].split("</div>")[0]
    assert "Article 6(a)" in said
    (way, *_) = re.findall(r'href="(/consents/new[^"]+)"', said)
    shown = sato.get(way.replace("&amp;", "&")).text
    assert '<option value="USA" selected>' in shown
    assert f'value="{item}"' in shown
    asked(houses, item)
    park = signed_in(houses.nodes[KOR], "park")
    question = sole(park, "/consents")
    assert park.post(f"{question}/grant", {"until": DAY, "times": "1"}).status_code == 303
    houses.carry()
    assert states(houses) == ["granted"]
    told = sato.post(onward, form)
    assert (told.status_code, told.headers.get("location")) == (303, "/release"), told.text


def test_a_consent_is_refused_without_a_reason(houses: Three, item: str) -> None:
    sato = asked(houses, item)
    park = signed_in(houses.nodes[KOR], "park")
    page = park.get(sole(park, "/consents")).text
    assert "Nobody owes a reason" in page
    assert "<textarea" not in page
    assert park.post(f"{sole(park, '/consents')}/refuse").status_code == 303
    houses.carry()
    assert states(houses) == ["refused"]
    assert "refused" in sato.get(sole(sato, "/consents")).text


def test_a_consent_is_taken_back_and_that_is_acknowledged(houses: Three, item: str) -> None:
    sato = asked(houses, item)
    park = signed_in(houses.nodes[KOR], "park")
    place = sole(park, "/consents")
    park.post(f"{place}/grant", {"until": DAY, "times": "2"})
    assert park.post(f"{place}/withdraw").status_code == 303
    houses.carry()
    assert states(houses) == ["withdrawn"]
    assert "Waits on us" in sato.get("/consents").text.split(place)[0]
    assert sato.post(f"{place}/acknowledge").status_code == 303
    houses.carry()
    assert consents.listed(houses.nodes[KOR])[0].acknowledged


def test_only_a_releasing_authority_of_the_originator_decides(houses: Three, item: str) -> None:
    sato = asked(houses, item)
    place = sole(sato, "/consents")
    tanaka = signed_in(houses.nodes[JPN], "tanaka")
    for client in (sato, tanaka, signed_in(houses.nodes[KOR], "kim")):
        for act in ("grant", "refuse", "withdraw", "acknowledge"):
            assert client.post(f"{place}/{act}").status_code in (403, 404)
    houses.carry()
    assert states(houses) == ["asked"]


@pytest.mark.parametrize(
    ("uses", "field", "value"),
    [
        ("purpose", "purpose", "defence.planning"),
        ("contractor", "contractor", "JPN-CONTRACTOR-1"),
        ("lowering", "level", "KOR:mil-3"),
    ],
)
def test_each_kind_of_consent_is_asked_for(
    houses: Three, item: str, uses: str, field: str, value: str
) -> None:
    sato = asked(houses, item, uses=uses, **{field: value})
    # A purpose stands by its name, its code beside it; what has no other name stands as it is.
    named = "defence planning <code" if uses == "purpose" else spellings().get(value, value)
    assert named in sato.get("/consents").text
    assert named in sato.get(f"/register/{item}").text
    (view,) = consents.listed(houses.nodes[KOR])
    assert view.ask is not None
    assert (view.ask.uses, getattr(view.ask, field)) == (uses, value)


@pytest.mark.parametrize("wrong", [{"party": ""}, {"uses": "none"}, {"times": "x"}, {"until": "x"}])
def test_a_form_that_names_nothing_is_shown_again(
    houses: Three, item: str, wrong: dict[str, str]
) -> None:
    sato = signed_in(houses.nodes[JPN], "sato")
    form = {"item": item, "uses": "third-party", "party": "USA", "until": DAY, "times": "1"}
    told = sato.post(f"/consents/new?item={item}", form | wrong)
    assert told.status_code == 422
    assert "What was typed is kept" in told.text
    assert states(houses) == []


def test_who_may_not_know_of_the_item_finds_no_consent(houses: Three, item: str) -> None:
    sato = asked(houses, item)
    place = sole(sato, "/consents")
    for party, person in ((JPN, "abe"), (JPN, "minister-jpn"), (USA, "adams"), (USA, "baker")):
        client = signed_in(houses.nodes[party], person)
        absent = client.get("/nowhere").content
        assert client.get(place).content == absent
        assert client.post(f"{place}/grant").content == absent
        assert client.get(f"/consents/new?item={item}").content == absent
        assert client.get(f"/onward/{item}?to=KOR").content == absent
        assert item not in client.get("/consents").text
        assert item not in client.get("/").text


WANTED = {
    "to": "KOR",
    "offices": "KOR/KDIA",
    "title": "Launch assessments",
    "subject": "dprk.missile.launch",
    "purpose": "defence.missile-warning",
    "due": DAY,
    "remarks": "The north-east site.",
}


def requested(houses: Three) -> Browser:
    sato = signed_in(houses.nodes[JPN], "sato")
    told = sato.post("/requests/new?to=KOR", WANTED)
    assert (told.status_code, told.headers.get("location")) == (303, "/requests"), told.text
    houses.carry()
    return sato


def standing(houses: Three) -> list[str]:
    return [one.state for one in requests.listed(houses.nodes[JPN])]


def test_a_request_is_answered_in_part_and_in_full(houses: Three, item: str) -> None:
    requested(houses)
    kim = signed_in(houses.nodes[KOR], "kim")
    place = sole(kim, "/requests")
    page = kim.get(place).text
    assert "The north-east site." in page
    assert f'name="release" value="{item}"' in page
    assert 'value="full" checked' in page
    for extent, state in (("part", "in-part"), ("full", "answered")):
        assert kim.post(f"{place}/answer", {"release": item, "extent": extent}).status_code == 303
        houses.carry()
        assert standing(houses) == [state]
        if state == "in-part":
            # What is linked is not offered again, nor is the rest taken to be all.
            page = kim.get(place).text
            assert f'name="release" value="{item}"' not in page
            assert 'value="part" checked' in page
    assert kim.post(f"{place}/answer", {"numbers": item}).status_code == 403


def test_a_request_begins_a_release_with_its_fields(houses: Three) -> None:
    requested(houses)
    kim = signed_in(houses.nodes[KOR], "kim")
    form = {
        "to": "JPN",
        "subject": WANTED["subject"],
        "purpose": WANTED["purpose"],
        "office": "JPN/DIH",
    }
    sheet = kim.get(kim.post("/release/new", form).headers["location"]).text
    assert 'value="dprk.missile.launch"' in sheet
    # What the agreement's clauses name is offered by name; the same codes by the API.
    (here,) = [
        one
        for one in Program(houses.nodes[KOR], "kim").get("/recipients").json()["items"]
        if one["party"] == "JPN"
    ]
    assert {"dprk", "regional", "defence"} <= set(here["subjects"])
    assert "defence" in here["purposes"]
    assert '<option value="dprk">North Korea</option>' in sheet
    offered = re.findall(r'<datalist id="(\w+)">(.*?)</datalist>', sheet)
    assert {kind: re.findall('value="([^"]+)"', one) for kind, one in offered} == {
        kind: here[kind] for kind in ("subjects", "purposes")
    }
    korean = kim.get(f"{sole(kim, '/requests')}?lang=ko").text
    assert '미사일 발사 <code class="small">dprk.missile.launch</code>' in korean
    assert 'value="JPN/DIH" checked' in sheet


def test_a_request_is_declined_or_withdrawn(houses: Three) -> None:
    sato = requested(houses)
    kim = signed_in(houses.nodes[KOR], "kim")
    place = sole(kim, "/requests")
    assert kim.post(f"{place}/answer", {}).status_code == 422
    assert kim.post(f"{place}/answer", {"numbers": "KOR-2026-NONE"}).status_code == 403
    assert kim.post(f"{place}/decline").status_code == 303
    houses.carry()
    assert standing(houses) == ["declined"]
    assert sato.post(f"{place}/withdraw").status_code == 403
    requested(houses)
    again = [one.request.key for one in requests.listed(houses.nodes[JPN]) if one.state == "open"]
    assert sato.post(f"/requests/{again[0].replace('#', '%23')}/withdraw").status_code == 303
    houses.carry()
    assert sorted(standing(houses)) == ["declined", "withdrawn"]


def test_a_request_is_overdue_after_its_day(houses: Three) -> None:
    requested(houses)
    houses.clock.turn(9 * 86400)
    client = signed_in(houses.nodes[JPN], "sato")
    assert "answer overdue" in client.get("/requests").text
    assert "answer overdue" in client.get("/").text


def test_requests_of_other_offices_are_absent(houses: Three) -> None:
    sato = requested(houses)
    place = sole(sato, "/requests")
    for party, person in (
        (JPN, "minister-jpn"),
        (JPN, "abe"),
        (KOR, "minister-kor"),
        (USA, "adams"),
    ):
        client = signed_in(houses.nodes[party], person)
        absent = client.get("/nowhere").content
        assert client.get(place).content == absent
        assert client.post(f"{place}/decline").content == absent
        assert "Launch assessments" not in client.get("/").text + client.get("/requests").text


def test_where_two_decide_the_second_approves_what_the_first_did(houses: Three, item: str) -> None:
    two_decide(houses.nodes[KOR])
    asked(houses, item)
    park, lee = (signed_in(houses.nodes[KOR], one) for one in ("park", "lee"))
    place = sole(park, "/consents")
    told = park.post(f"{place}/grant", {"until": DAY, "times": "3"})
    assert (told.status_code, told.headers["location"]) == (303, place)
    assert states(houses) == ["asked"]
    page = lee.get(place).text
    assert "Approved so far by" in page
    assert "until <time" in page
    assert 'name="until"' not in page
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', page)
    # The first signs other terms while the second looks: what is pressed names those shown.
    park.post(f"{place}/grant", {"until": DAY, "times": "999999"})
    for form in ({"seen": seen}, {}):
        told = lee.post(f"{place}/grant", form)
        assert told.status_code == 403
        assert "approve what is shown" in told.text
    assert states(houses) == ["asked"]
    park.post(f"{place}/grant", {"until": DAY, "times": "3"})
    assert lee.post(f"{place}/grant", {"seen": seen}).headers["location"] == "/consents"
    assert states(houses) == ["granted"]
    assert [one.consent.times for one in consents.listed(houses.nodes[KOR]) if one.consent] == [3]


def test_a_program_is_told_the_terms_that_wait_and_names_them(houses: Three, item: str) -> None:
    two_decide(houses.nodes[KOR])
    asked(houses, item)
    park, lee = (Program(houses.nodes[KOR], one) for one in ("park", "lee"))
    (one,) = park.get("/consents").json()["items"]
    place = f"/consents/{one['place']}"
    assert one["waiting"] == []
    assert park.post(f"{place}/grant", {"times": 3}).status_code == 200
    (waits,) = lee.get(place).json()["waiting"]
    assert (waits["person"], waits["times"]) == ("park", 3)
    assert park.post(f"{place}/grant", {"times": 999_999}).status_code == 200
    for body in ({"seen": waits["seen"]}, {}):
        told = lee.post(f"{place}/grant", body)
        assert (told.status_code, told.json()["code"]) == (403, "refused.consent.changed")
    (waits,) = lee.get(place).json()["waiting"]
    told = lee.post(f"{place}/grant", {"seen": waits["seen"]})
    assert told.json()["granted"], told.text
    assert states(houses) == ["granted"]


WRONG = {
    "nothing": ({"uses": ""}, "what the approval is for"),
    "never": ({"times": "0"}, "a whole number, 1 or more"),
    "words": ({"times": "twice"}, "a whole number, 1 or more"),
    "contractor": ({"uses": "contractor", "contractor": "kes trel"}, "code of a contractor"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_field_that_does_not_hold_is_named(houses: Three, item: str, name: str) -> None:
    wrong, said = WRONG[name]
    sato = signed_in(houses.nodes[JPN], "sato")
    form = {"item": item, "uses": "third-party", "party": "USA", "until": DAY, "times": "1"}
    told = sato.post(f"/consents/new?item={item}&lang=en", form | wrong)
    assert told.status_code == 422
    assert said in told.text
    assert consents.listed(houses.nodes[JPN]) == ()


def test_a_request_that_cannot_be_read_or_answered_is_said_and_not_sent(houses: Three) -> None:
    sato = signed_in(houses.nodes[JPN], "sato")
    form = {
        "to": "KOR",
        "offices": "KOR/KDIA",
        "title": "Launches",
        "subject": "dprk.missile",
        "purpose": "defence.missile-warning",
        "due": "2027-12-14",
    }
    wrong = (
        ({"title": ""}, "no short title"),
        ({"remarks": "word " * 100}, "a line of the remarks at most 400"),
        ({"due": "2020-01-01"}, "hoped for is over"),
        ({"offices": "USA/DIA"}, "not of the party that is asked"),
    )
    for one, said in wrong:
        told = sato.post("/requests/new?to=KOR&lang=en", form | one)
        assert (told.status_code, said in told.text) == (422, True), (one, told.text)
    none = {key: value for key, value in form.items() if key != "offices"}
    assert "Tick at least one" in sato.post("/requests/new?to=KOR&lang=en", none).text
    assert requests.listed(houses.nodes[JPN]) == ()
    # The HTTP API says so before anything is done.
    wanted = form | {"offices": ["KOR/KDIA"], "due": "2027-12-14T00:00:00Z", "title": "x" * 201}
    assert Program(houses.nodes[JPN], "sato").post("/requests", wanted).status_code == 422


def test_each_side_of_a_request_does_its_own_part(houses: Three) -> None:
    sato, kim = signed_in(houses.nodes[JPN], "sato"), signed_in(houses.nodes[KOR], "kim")
    form = {
        "to": "KOR",
        "offices": "KOR/KDIA",
        "title": "Launches",
        "subject": "dprk.missile",
        "purpose": "defence.missile-warning",
    }
    assert sato.post("/requests/new?to=KOR", form).status_code == 303
    houses.carry()
    asked_at = sole(sato, "/requests")
    for client, act in ((sato, "decline"), (kim, "withdraw")):
        told = client.post(f"{asked_at}/{act}?lang=en", {})
        assert told.status_code == 403
        assert "for the other party to do" in told.text


def test_from_a_consent_one_goes_on_to_its_use_and_afterwards_to_the_next(
    houses: Three, item: str
) -> None:
    sato = asked(houses, item)
    park = signed_in(houses.nodes[KOR], "park")
    question = sole(park, "/consents")
    assert park.post(f"{question}/grant", {"until": DAY, "times": "1"}).status_code == 303
    houses.carry()
    assert f'href="/onward/{item}?to=USA"' in sato.get(question).text
    assert park.post(f"{question}/withdraw", {}).status_code == 303
    houses.carry()
    page = sato.get(question).text
    (way,) = re.findall(r'href="(/consents/new[^"]+)"', page)
    assert '<option value="USA" selected>' in sato.get(way.replace("&amp;", "&")).text
    assert "/consents/new" not in park.get(question).text, "nobody asks oneself"


def test_an_approval_that_ended_unused_is_asked_for_anew(houses: Three, item: str) -> None:
    asked(houses, item)
    park = signed_in(houses.nodes[KOR], "park")
    question = sole(park, "/consents")
    assert park.post(f"{question}/grant", {"until": DAY, "times": "1"}).status_code == 303
    houses.carry()
    houses.clock.turn(30 * 86400)
    sato = signed_in(houses.nodes[JPN], "sato")
    assert states(houses) == ["expired"]
    assert f'href="/consents/new?item={item}&amp;uses=third-party&amp;for=USA"' in (
        sato.get(question).text
    )


def test_a_lower_level_is_lower(houses: Three, item: str) -> None:
    sato = signed_in(houses.nodes[JPN], "sato")
    page = sato.get(f"/consents/new?item={item}").text
    offered = page.partition('id="level"')[2].partition("</select>")[0]
    assert re.findall(r'value="([^"]+)"', offered) == ["KOR:mil-3", "KOR:daeoebi"]
