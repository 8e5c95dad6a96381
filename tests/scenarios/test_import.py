"""An existing register is read from CSV with its numbers; twice is once, a kill costs nothing."""

import pytest

from comity.acts.deeds import Role
from comity.formats import register_csv
from comity.node import brought, importing, people, receiving, replay, series
from comity.node.importing import Signers
from comity.register.rows import DutyOf, ItemOf, Number
from comity.store.memory import MemoryStore
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.logs import correspondence, standing_in
from comity.vocabulary.names import Office, PersonId
from tests.scenarios.test_paper import CHOI, HAN, KEPT, KIM, PARK, agreed, assured, handed
from tests.support.fast_suite import FAST
from tests.support.pair import ADMIN, JPN, KOR, Pair, pair

MAP = """
party = "JPN"
[columns]
direction = "구분"
number = "관리번호"
their-number = "상대번호"
date = "일자"
title = "제목"
level = "등급"
our-office = "우리 기관"
their-office = "상대 기관"
pages = "쪽수"
receipt-date = "접수일"
receipt-number = "접수번호"
[always]
subject = "dprk.missile"
purpose = "defence.missile-warning"
marked = ""
[values.direction]
"수신" = "in"
"발신" = "out"
[values.level]
"극비" = "JPN:gokuhi"
"군사Ⅱ급비밀" = "KOR:mil-2"
[values.our-office]
"국방정보본부" = "KOR/KDIA"
[values.their-office]
"정보본부" = "JPN/DIH"
""".encode()
HEAD = "구분,관리번호,상대번호,일자,제목,등급,우리 기관,상대 기관,쪽수,접수일,접수번호"
IN = "수신,정보-2026-{n:04d},情電第{n}号,2026-03-02,관측 보고,극비,국방정보본부,정보본부,3,,"
OUT = (
    "발신,정보-2026-{n:04d},,2026-04-01,발사 평가,군사Ⅱ급비밀,국방정보본부,정보본부,4,"
    "2026-04-05,情受第{n}号"
)
SIGNERS = Signers(officer=CHOI, drafter=KIM, authority=PARK, custodian=HAN)


def register(count: int) -> bytes:
    rows = [(IN if n % 3 else OUT).format(n=n) for n in range(1, count + 1)]
    return "\n".join([HEAD, *rows, ""]).encode()


@pytest.fixture
def two() -> Pair:
    houses = pair(suite=FAST)
    agreed(houses)
    assured(houses)
    return houses


def read(raw: bytes, terms: bytes = MAP) -> register_csv.Read:
    return register_csv.parse_register(raw, register_csv.parse_map(terms), house=KOR)


def entered(two: Pair, found: register_csv.Read) -> tuple[int, int]:
    done = [
        importing.enter_batch(two.seoul, found, SIGNERS, first=n) for n in importing.batches(found)
    ]
    return sum(one.entered for one in done), sum(one.passed for one in done)


@pytest.mark.obligation("PAPER-1")
def test_numbers_are_kept_and_twice_is_once(two: Pair) -> None:
    found = read(register(70))
    assert found.bad == ()
    assert len(found.lines) == 70
    assert entered(two, found) == (70, 0)
    seoul = two.seoul
    with seoul.store.reading() as tx:
        sizes = {log: tx.frontier(log) for log in tx.logs()}
        item = receiving.find_item(tx, KOR, "정보-2026-0001")
        assert (item.provider, item.receiver, item.pages) == (JPN, KOR, 3)
        assert receiving.find_item(tx, KOR, "情電第1号").key == item.key
        out = receiving.find_item(tx, KOR, "정보-2026-0003")
        assert (out.provider, out.receiver) == (KOR, JPN)
        assert receiving.find_item(tx, KOR, "情受第3号").key == out.key
        assert all(one.discharged for one in tx.within(DutyOf, out.key))
    assert entered(two, found) == (0, 70)
    with seoul.store.reading() as tx:
        assert {log: tx.frontier(log) for log in tx.logs()} == sizes
    assert replay.rebuild(seoul).differences == ()


@pytest.mark.obligation("PAPER-1")
def test_the_series_goes_on_after_the_highest(two: Pair) -> None:
    entered(two, read(register(17)))
    for number in ("정보-2026-0018", "정보-2026-0019"):
        item = handed(two, f"別{number[-2:]}")
        receiving.register(two.seoul, item, officer=CHOI)
        with two.seoul.store.reading() as tx:
            assert receiving.find_item(tx, KOR, number).key == item.key
    two.clock.turn(86400 * 60)  # a new year begins anew
    with two.seoul.store.reading() as tx:
        assert series.following(tx, KOR, two.clock.now()[:4]) == "정보-2027-0001"


def test_every_bad_line_is_named_with_what_would_be_right(two: Pair) -> None:
    lines = [
        IN.format(n=1),
        IN.format(n=2).replace("2026-03-02", "2026-02-30"),
        IN.format(n=3).replace("극비", "비밀"),
        IN.format(n=4).replace("수신", "접수"),
        IN.format(n=5).replace("정보본부,3", "정보본부,three"),
        IN.format(n=1),
        IN.format(n=7).replace("정보-2026-0007", ""),
        IN.format(n=8) + ",x",
        IN.format(n=9).replace("국방정보본부", "JPN/DIH"),
        IN.format(n=10).replace("관측 보고", "a\u202eb"),
    ]
    found = read("\n".join([HEAD, *lines]).encode())
    assert [(one.line, one.column) for one in found.bad] == [
        (3, "일자"),
        (4, "등급"),
        (5, "구분"),
        (6, "쪽수"),
        (7, "관리번호"),
        (8, "관리번호"),
        (9, ""),
        (10, "우리 기관"),
        (11, "제목"),
    ]
    assert found.bad[4].right == "another number: this one is on line 2 already"
    with pytest.raises(Invalid, match="9 bad lines"):
        importing.enter_batch(two.seoul, found, SIGNERS, first=0)
    with two.seoul.store.reading() as tx:
        assert not tx.within(ItemOf, KEPT)


@pytest.mark.parametrize("moment", range(1, 5))
def test_a_run_that_is_killed_goes_on(two: Pair, moment: int) -> None:
    class Killed(BaseException):
        pass

    found = read(register(130))
    store = two.seoul.store
    assert isinstance(store, MemoryStore)
    count = 0

    def kill(when: str) -> None:
        nonlocal count
        count += 1
        if count == moment:
            raise Killed(when)

    store.on_commit = kill
    with pytest.raises(Killed):
        entered(two, found)
    store.on_commit = lambda _: None
    first, again = entered(two, found)
    assert first + again == 130
    with two.seoul.store.reading() as tx:
        items = [*tx.within(ItemOf, KEPT), *tx.within(ItemOf, correspondence(KOR, JPN))]
        assert len(items) == 130
        assert len({one.reference for one in items}) == 130
        assert tx.get(Number, "KOR:정보-2026-0130") is not None
    assert replay.rebuild(two.seoul).differences == ()


def test_a_line_that_the_agreement_refuses_stops_its_batch(two: Pair) -> None:
    lines = [IN.format(n=1), IN.format(n=2).replace("극비", "JPN:kimitsu")]
    found = read("\n".join([HEAD, *lines]).encode())
    with pytest.raises(Refused, match="line 3, 정보-2026-0002") as refusal:
        entered(two, found)
    assert refusal.value.code == "refused.import.line"
    with two.seoul.store.reading() as tx:
        assert tx.get(Number, "KOR:정보-2026-0001") is None
    with pytest.raises(Refused, match="signed for"):
        importing.enter_batch(
            two.seoul, read(f"{HEAD}\n{OUT.format(n=3)}".encode()), Signers(CHOI), first=0
        )


@pytest.mark.parametrize(
    "line",
    [
        IN.format(n=3).replace("3,,", "3,2026-03-05,"),  # 3 went out
        OUT.format(n=1),  # 1 came in
        IN.format(n=1).replace("2026-03-02", "2025-03-02"),  # of a book that counts by the year
        IN.format(n=1).replace("정보본부,3", "정보본부,5"),
    ],
)
def test_a_number_of_another_item_in_the_book_is_told(two: Pair, line: str) -> None:
    entered(two, read(register(3)))
    found = read(f"{HEAD}\n{line}\n".encode())
    terms = register_csv.parse_map(MAP)
    with two.seoul.store.reading() as tx:
        (bad,) = importing.taken(two.seoul, tx, found, terms)
        assert importing.taken(two.seoul, tx, read(register(3)), terms) == ()
        sizes = {log: tx.frontier(log) for log in tx.logs()}
    assert (bad.line, bad.column, bad.value) == (2, "관리번호", found.lines[0].number)
    with pytest.raises(Refused) as error:
        entered(two, found)
    assert error.value.code == "refused.import.number"
    assert brought.bring(two.seoul, JPN, f"{HEAD}\n{line}\n".encode(), MAP, officer=CHOI).bad
    with two.seoul.store.reading() as tx:
        assert {log: tx.frontier(log) for log in tx.logs()} == sizes
        assert brought.waits(tx) == ()


def test_who_laid_the_own_releases_does_not_release_them() -> None:
    two, both = pair(suite=FAST), PersonId("lim")
    people.add_person(
        two.seoul,
        both,
        name="lim",
        office=Office("KOR/KDIA"),
        roles=(Role.DESK, Role.RELEASING),
        key=two.seoul.suite.signing_public(two.seoul.vault.person(both)),
        actor=ADMIN,
    )
    agreed(two)
    assured(two)
    found = read(f"{HEAD}\n{OUT.format(n=3)}\n".encode())
    alone = SIGNERS._replace(drafter=both, authority=both)
    with pytest.raises(Refused) as error:
        importing.enter_batch(two.seoul, found, alone, first=0)
    assert error.value.code == "refused.release.second-person"
    assert importing.enter_batch(two.seoul, found, alone._replace(drafter=KIM), first=0).entered


def test_a_column_that_is_there_twice_is_refused() -> None:
    with pytest.raises(Invalid, match="more than one column is called 제목"):
        read(f"{HEAD},제목\n{IN.format(n=1)},another\n".encode())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("number =", "numero ="), "a field is one of"),
        (('number = "관리번호"', ""), "no column and no value for number"),
        (('party = "JPN"', 'party = "jpn"'), "party"),
        (("[columns]", "[columns"), "Expected"),
    ],
)
def test_a_map_that_is_not_right_is_refused(change: tuple[str, str], said: str) -> None:
    with pytest.raises(Invalid, match=said):
        register_csv.parse_map(MAP.decode().replace(*change, 1).encode())


def test_other_files_are_refused() -> None:
    for raw in ("구분".encode("euc-kr"), b"a,b\n1,2\n", f'{HEAD}\n"open'.encode()):
        with pytest.raises(Invalid) as refusal:
            read(raw)
        assert refusal.value.code == "invalid.import.file"


def test_the_form_of_most_numbers_is_the_series() -> None:
    assert series.series_of(["A/2016/7", "정보-2016-0417", "정보-2017-0001"]) == ("정보-", "-", 4)
    assert series.series_of(["17", "B-3"]) is None
    assert standing_in(KOR, JPN) == KEPT
    assert PersonId("choi") == CHOI
