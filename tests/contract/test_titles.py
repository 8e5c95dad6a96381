"""Words of titles on every store: found in three languages, by those who may read them."""

import re
from collections.abc import Callable, Iterator, Sized
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from comity.acts.canonical import digest, digest_of, encode
from comity.acts.deeds import Role
from comity.acts.documents import Particulars
from comity.marking.banner import search_fold
from comity.node import erased, finding, reading, titling
from comity.node.item_keys import ItemKeys, wrapped
from comity.node.node import Node
from comity.node.ports import Reading, Space, Store
from comity.node.reading import Deal, seer_of
from comity.node.searching import Search
from comity.register.rows import Assignment, ItemOf, PersonOf
from comity.store.memory import MemoryStore
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid, Refused, Unavailable
from comity.vocabulary.names import Office, Party, PersonId
from tests.support.fast_suite import FAST
from tests.support.pair import JPN, KOR, TurnedClock, house
from tests.support.stores import PLACES

KDIA, MND = Office("KOR/KDIA"), Office("KOR/MND")
PERSONS = {
    "keeper": (KDIA, Role.CUSTODIAN),
    "authority": (KDIA, Role.RELEASING),
    "registrar": (KDIA, Role.REGISTRY),
    "designator": (KDIA, Role.DESIGNATING),
    "official": (MND, Role.OFFICIAL),
}
WORDS = ("발사", "징후", "북한", "missile", "Launch", "新型", "ミサイル", "核", "site-7", "ⅡA")


@pytest.fixture(params=PLACES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with PLACES[request.param](tmp_path) as place:
        opened = place()
        yield opened
        opened.close()


def node_on(store: Store) -> Node:
    node = house(KOR, suite=FAST, clock=TurnedClock(), store=store)
    with store.transaction() as tx:
        tx.put(
            PersonOf(
                key=name,
                scope="persons",
                office=office,
                roles=(role.value,),
                card="",
                approval_key=b"",
                relying_party="",
                nationalities=(),
                index=0,
            )
            for name, (office, role) in PERSONS.items()
        )
    return node


def give(  # noqa: PLR0913 - an item, by name
    node: Node,
    number: int,
    title: str,
    *,
    out: bool = False,
    office: Office = KDIA,
    subject: str = "dprk.missile",
    assigned: str = "",
    key: bool = True,
) -> ItemOf:
    """Put an item with a sealed title, as a release or an arrival does."""
    provider, receiver = (KOR, JPN) if out else (JPN, KOR)
    log = f"comity/{provider}/to/{receiver}"
    words = Particulars(
        salt=bytes(16),
        title=title,
        lines=(),
        file_name="",
        media_type="text/plain",
        demonstration=True,
    )
    item = ItemOf(
        key=f"{log}#{number}",
        scope=log,
        log=log,
        index=number,
        at=f"2026-11-24T00:{number // 60:02d}:{number % 60:02d}.000Z",
        reference=f"X-{number}",
        originator=provider,
        provider=provider,
        receiver=receiver,
        level="JPN:hi",
        regime="",
        releasable=(),
        caveats=(),
        subject=subject,
        form="electronic",
        purpose="defence",
        offices=(office,),
        pages=1,
        annexes=0,
        plaintext="",
        ciphertext="",
        particulars=digest_of(words),
        agreement="",
    )
    with node.store.transaction() as tx:
        tx.put([item])
        if assigned:
            of = f"{item.key}|{assigned}"
            tx.put([Assignment(key=of, scope=item.key, person=assigned, office=MND, at=item.at)])
    if key:
        slip(node, item, words)
    return item


def slip(node: Node, item: ItemOf, words: Particulars) -> None:
    """Keep the key of an item's title, and the sealed title."""
    secret = node.suite.generate_key()
    sealed = node.suite.encrypt(secret, item.particulars.encode(), encode(words))
    keys = ItemKeys(content=secret, particulars=secret, sealed=digest(sealed))
    holder: Office | Party = KOR if item.provider == KOR else Office(item.offices[0])
    with node.store.transaction() as tx:
        tx.save(
            Space.KEY,
            {f"{item.key}|{holder}": wrapped(node, keys, item=item.key, holder=holder)},
        )
        tx.save(Space.WORDS, {keys.sealed: sealed})


def found(
    node: Node, text: str, person: str = "keeper", *, limit: int = 50, **like: object
) -> list[str]:
    """Return the references of all that a person finds, page by page."""
    names: list[str] = []
    after = None
    for _ in range(400):
        with node.store.reading() as tx:
            seer = seer_of(tx, PersonId(person), house=KOR)
            search = Search(seer=seer, before=after, limit=limit, **like)  # type: ignore[arg-type]
            words = search_fold(text).split()
            answer = finding.find(node, tx, search, words)
        names += [hit.item.reference for hit in answer.found]
        after = answer.after
        if after is None:
            return names
    raise AssertionError("the pages have no end")


def catch_up(node: Node) -> None:
    while titling.catch_up(node):
        pass


def no_opening(*_: object, **__: object) -> str:
    raise AssertionError("opened a title that has not the word")


@pytest.mark.parametrize(
    ("title", "word"),
    [
        ("북한 미사일 발사 징후", "징후"),
        ("북한 미사일 발사징후 보고", "발사"),
        ("Ⅱ급 자료", "II급"),
        ("北朝鮮の新型ミサイル", "ミサイル"),
        ("北朝鮮の核施設", "核"),
        ("\uff2e\uff2b Launch preparations", "nk launch"),  # full width
        ("Launch preparations", "prep"),
    ],
)
def test_words_of_three_languages_are_found(store: Store, title: str, word: str) -> None:
    node = node_on(store)
    give(node, 1, title)
    give(node, 2, "Something else 다른 문서 別件")
    assert found(node, word) == ["X-1"]
    catch_up(node)
    assert found(node, word) == ["X-1"]
    assert found(node, f"{word} nowhere") == []


def test_the_index_spares_opening_what_has_not_the_word(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = node_on(store)
    for number in range(30):
        give(node, number, "미사일 보고")
    catch_up(node)
    monkeypatch.setattr(titling, "title_in", no_opening)
    assert found(node, "징후") == []
    assert found(node, "징후", "authority") == []


def test_what_is_found_is_what_opening_every_title_finds(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(titling, "BLOCK", 16)
    monkeypatch.setattr(finding, "_FIRST", 3)
    monkeypatch.setattr(finding, "_NUMBERS", 17)
    draw = Random(5)
    node = node_on(store)
    items: list[tuple[ItemOf, str]] = []
    for number in range(60):
        title = " ".join(draw.sample(WORDS, 3))
        office = draw.choice((KDIA, MND))
        item = give(
            node,
            number,
            title,
            out=draw.random() < 0.4,
            office=office,
            subject=draw.choice(("dprk.missile", "dprk.site")),
            assigned=draw.choice(("registrar" if office == KDIA else "official", "")),
        )
        items.append((item, title))
    titling.catch_up(node, most=40)
    for person in PERSONS:
        for text in ("발사", "missile 징후", "核", "site", "x-1 ミサイル", "iia", "s", "nowhere"):
            with store.reading() as tx:
                expected = {
                    item.reference
                    for item, title in items
                    if fits(tx, item, title, text, PersonId(person))
                }
            names = found(node, text, person, limit=7)
            assert len(names) == len(set(names))
            assert set(names) == expected, (person, text)
        out = found(node, "missile", person, direction="out")
        assert out == [one for one in found(node, "missile", person) if one in out]


def fits(tx: object, item: ItemOf, title: str, text: str, person: PersonId) -> bool:
    """Say what one item's own rule says: title for who may read, the rest for who may know."""
    known = ""
    for deal, words in ((Deal.SEE, titling.public_text(item)), (Deal.READ, title)):
        try:
            reading.authorise(tx, person, deal, item, house=KOR)  # type: ignore[arg-type]
        except Refused:
            break
        known += " " + words
    return bool(known) and all(word in search_fold(known) for word in search_fold(text).split())


def test_the_latest_are_found_first(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(titling, "BLOCK", 8)
    node = node_on(store)
    for number in range(30):
        give(node, number, f"미사일 {number}")
    titling.catch_up(node, most=25)
    latest = [f"X-{number}" for number in reversed(range(30))]
    assert found(node, "미사일") == latest
    assert found(node, "미사일", limit=7) == latest


def test_who_may_not_read_a_title_has_nothing_opened_and_no_number_looked_up(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = node_on(store)
    for number in range(20):
        give(node, number, "미사일 징후")
    catch_up(node)
    monkeypatch.setattr(titling, "title_in", no_opening)
    for person in ("registrar", "designator", "official", "authority"):
        assert found(node, "징후", person) == []


def test_titles_that_may_not_be_read_make_no_answer_go_on(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a next page, with nothing on this one, would say that there are such titles."""
    monkeypatch.setattr(finding, "_NUMBERS", 5)
    monkeypatch.setattr(finding, "_FIRST", 2)
    node = node_on(store)
    give(node, 0, "징후", assigned="registrar")
    for number in range(1, 20):
        give(node, number, "미사일 징후")
    catch_up(node)
    looked: list[int] = []
    hits = finding._Asked.hits

    def counted(asked: finding._Asked, items: list[ItemOf], seer: object) -> object:
        looked.append(len(items))
        return hits(asked, items, seer)  # type: ignore[arg-type]

    monkeypatch.setattr(finding._Asked, "hits", counted)
    for person, word, expected in (
        ("registrar", "징후", ["X-0"]),
        ("registrar", "미사일", []),
        ("designator", "징후", []),
        ("designator", "미사일", []),
    ):
        looked.clear()
        with store.reading() as tx:
            ask = Search(seer=seer_of(tx, PersonId(person), house=KOR), limit=3)
            answer = finding.find(node, tx, ask, [word])
        assert [hit.item.reference for hit in answer.found] == expected
        assert answer.after is None
        # Of one's own every title is opened, and of others' none.
        assert sum(looked) == (1 if person == "registrar" else 0)


class Watched:
    """A store that is read, and how much it was asked and gave: what an answer's time is of."""

    def __init__(self, tx: Reading) -> None:
        self._tx = tx
        self.work: list[tuple[str, int, int]] = []

    def __getattr__(self, name: str) -> Callable[..., object]:
        inner = getattr(self._tx, name)

        def asked(*given: object, **named: object) -> object:
            found = inner(*given, **named)
            size = len(found) if isinstance(found, Sized) else 0
            if isinstance(found, dict):
                size += sum(len(one) for one in found.values() if isinstance(one, bytes))
            about = sum(len(one.titles or ()) for one in given if isinstance(one, Search))
            self.work.append((name, about, size))
            return found

        return asked


OTHERS: dict[str, dict[str, object]] = {
    "keeper": {"office": MND},
    "authority": {},
    "designator": {"out": True, "subject": "dprk.site"},
    "official": {},
    "registrar": {},
}
"""What a person of each kind may not read; of the last but one, or more, not even know."""


@pytest.mark.parametrize("person", OTHERS)
def test_the_work_of_a_search_says_nothing_of_titles_that_may_not_be_read(
    person: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Of two registers that differ in these alone, each question costs the very same."""
    monkeypatch.setattr(titling, "BLOCK", 64)
    opened: list[str] = []
    plain = titling.title_in

    def counted(node: Node, item: ItemOf, keys: ItemKeys, sealed: bytes) -> str:
        opened.append(item.reference)
        return plain(node, item, keys, sealed)

    monkeypatch.setattr(titling, "title_in", counted)
    seen: list[object] = []
    for name, other in (("plain", "보고"), ("other", "징후 예비")):
        with PLACES["sqlite"](tmp_path / name) as place, closing(place()) as store:
            node = node_on(store)
            give(node, 0, "미사일 징후", out=person == "authority", assigned=person)
            for number in range(1, 40):
                give(node, number, other, **OTHERS[person])  # type: ignore[arg-type]
            for number in range(40, 70):
                give(
                    node, number, "미사일", out=number % 2 == 0, office=(KDIA, MND)[number % 3 % 2]
                )
            catch_up(node)
            opened.clear()
            work: list[object] = []
            for text in ("징후", "예비", "미사일 징후", "보고"):
                with store.reading() as tx:
                    watched = Watched(tx)
                    ask = Search(seer=seer_of(tx, PersonId(person), house=KOR), limit=50)
                    answer = finding.find(node, watched, ask, text.split())  # type: ignore[arg-type]
                found = [hit.item.reference for hit in answer.found]
                assert found == (["X-0"] if "징후" in text else []), text
                work.append((watched.work, tuple(opened), answer.after))
            seen.append(work)
    assert seen[0] == seen[1]


def test_a_title_whose_key_comes_late_is_read_in_when_it_is_there(store: Store) -> None:
    node = node_on(store)
    words = Particulars(
        salt=bytes(16),
        title="늦은 징후",
        lines=(),
        file_name="",
        media_type="text/plain",
        demonstration=True,
    )
    item = give(node, 1, words.title, key=False)
    catch_up(node)
    assert found(node, "징후") == []
    slip(node, item, words)
    with store.transaction() as tx:
        tx.number_titles({item.key: 0})
    assert found(node, "징후") == ["X-1"]
    catch_up(node)
    assert found(node, "징후") == ["X-1"]
    with store.reading() as tx:
        assert tx.untitled(1) == ()


def test_a_damaged_list_hides_no_title(store: Store) -> None:
    node = node_on(store)
    give(node, 1, "미사일 징후")
    give(node, 2, "미사일 보고")
    catch_up(node)
    with store.transaction() as tx:
        names = tx.keys(Space.TITLE)
        kept = tx.load_many(Space.TITLE, names)
        # Every list stands in the place of another.
        tx.save(Space.TITLE, dict(zip(names, (kept[one] for one in names[1:]), strict=False)))
        tx.save(Space.TITLE, {names[-1]: b"x"})
    assert found(node, "징후") == ["X-1"]
    give(node, 3, "새 징후")
    catch_up(node)
    assert found(node, "징후") == ["X-3", "X-1"]


def test_the_database_names_no_part_of_a_title_and_no_two_blocks_alike(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(titling, "BLOCK", 4)
    node = node_on(store)
    for number in range(8):
        give(node, number, "canary 징후")
    catch_up(node)
    with store.reading() as tx:
        lists = tx.load_many(Space.TITLE, tx.keys(Space.TITLE))
    blocks: dict[str, set[str]] = {}
    for name, raw in lists.items():
        assert re.fullmatch(r"[0-9a-f]{6}\.[0-9a-f]{30}", name)
        block, _, code = name.partition(".")
        blocks.setdefault(block, set()).add(code)
        assert b"canary" not in raw
        assert "징후".encode() not in raw
    assert len(blocks) == 3
    assert not set.intersection(*blocks.values())
    # The same titles in every list of a block, and no list that looks like another.
    assert len({raw[-16:] for raw in lists.values()}) == len(lists)


def test_a_place_in_the_index_is_closed(store: Store) -> None:
    node = node_on(store)
    for number in range(9):
        give(node, number, "미사일")
    catch_up(node)
    with store.reading() as tx:
        seer = seer_of(tx, PersonId("keeper"), house=KOR)
        ask = Search(seer=seer, limit=3)
        places = {finding.find(node, tx, ask, ["미사일"]).after for _ in range(2)}
        assert len(places) == 2  # the same place, sealed anew: it says no number
        for forged in ("AAAA", "", "7", "é"):
            with pytest.raises(Invalid):
                finding.find(
                    node,
                    tx,
                    Search(seer=seer, before=("index", forged)),
                    ["미사일"],
                )


def test_the_index_is_emptied_and_made_anew(store: Store) -> None:
    node = node_on(store)
    for number in range(5):
        give(node, number, "미사일 징후")
    catch_up(node)
    with store.transaction() as tx:
        tx.save(Space.TITLE, dict.fromkeys(tx.keys(Space.TITLE), b"x"))
    assert titling.begin_anew(node) == 5
    with store.reading() as tx:
        assert len(tx.untitled(9)) == 5
        assert tx.keys(Space.TITLE) == ()
    assert len(found(node, "징후")) == 5
    catch_up(node)
    assert found(node, "징후") == [f"X-{number}" for number in reversed(range(5))]


# --- what a store keeps of it ------------------------------------------------------------------


def test_a_new_item_waits_and_the_earliest_is_first(store: Store) -> None:
    node = node_on(store)
    items = [give(node, number, "미사일") for number in (3, 11, 2)]
    with store.transaction() as tx:
        assert tx.last_title() == 0
        assert tx.untitled(2) == (items[2].key, items[0].key)
        tx.number_titles({items[2].key: 1, items[1].key: 2})
        assert tx.untitled(9) == (items[0].key,)
        assert tx.title_numbers([one.key for one in items] + ["none"]) == {
            items[2].key: 1,
            items[1].key: 2,
        }
        # Put again, as the fold may do, a title stays where it is.
        tx.put(items)
    with store.reading() as tx:
        assert tx.last_title() == 2
        assert tx.untitled(9) == (items[0].key,)
    with pytest.raises(Unavailable) as caught, store.transaction() as tx:
        tx.number_titles({items[0].key: 2})
    assert caught.value.code == "unavailable.conflict"


def test_what_was_read_in_when_the_process_dies_waits_still(store: Store) -> None:
    node = node_on(store)
    item = give(node, 1, "미사일 징후")
    with pytest.raises(KeyError), store.transaction() as tx:
        tx.save(Space.TITLE, {"x": b"lost"})
        tx.number_titles({item.key: 1})
        raise KeyError
    with store.reading() as tx:
        assert tx.untitled(9) == (item.key,)
        assert tx.keys(Space.TITLE) == ()
    assert titling.catch_up(node) == 1


def test_two_that_read_in_at_once_keep_one_reading() -> None:
    store = MemoryStore()
    node = node_on(store)
    give(node, 1, "미사일 징후")
    inner: list[int] = []
    plain = store.transaction

    def meanwhile() -> object:
        store.transaction = plain  # type: ignore[method-assign]
        inner.append(titling.catch_up(node))
        return plain()

    store.transaction = meanwhile  # type: ignore[assignment,method-assign]
    assert titling.catch_up(node) == 0
    assert inner == [1]
    assert found(node, "징후") == ["X-1"]


def test_a_digest_is_no_title() -> None:
    """The title must be that of the skeleton: other words under the right key are none."""
    node = node_on(MemoryStore())
    item = give(node, 1, "미사일", key=False)
    other = Particulars(
        salt=bytes(16), title="징후", lines=(), file_name="", media_type="", demonstration=True
    )
    slip(node, item, other)
    catch_up(node)
    assert Digest(item.particulars) != digest_of(other)
    assert found(node, "징후") == []


def test_erased_words_are_neither_kept_nor_found(store: Store) -> None:
    node = node_on(store)
    gone, kept = give(node, 1, "북한 미사일 발사 징후"), give(node, 2, "북한 미사일 보고")
    catch_up(node)
    with store.reading() as tx:
        before = tx.load_many(Space.TITLE, tx.keys(Space.TITLE))
    with store.transaction() as tx:
        erased.erase(node, tx, tx, gone.key)
    assert found(node, "징후") == []
    assert found(node, "미사일") == ["X-2"]
    with store.reading() as tx:
        assert len(tx.keys(Space.WORDS)) == 1
        assert set(titling.titles_of(node, tx, [gone, kept])) == {kept.key}
        # Nothing new is in the index, and what was made of the title is made anew without it.
        after = tx.load_many(Space.TITLE, tx.keys(Space.TITLE))
    assert after.keys() == before.keys()
    assert sum(after[name] != before[name] for name in after) > 4
