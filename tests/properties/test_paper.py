"""What a clause asks a key for, no paper gives: whatever the paper says and whoever attests it."""

from hypothesis import given
from hypothesis import strategies as st

from comity.acts import deeds
from comity.acts.deeds import Reserve, Role, Stage
from comity.acts.entries import Entry
from comity.acts.judgements import Verdict
from comity.acts.parts import Item, Label, Position
from comity.agreement.case import ApprovalFact, AttestedFacts, Case, ConsentFact, ItemFacts
from comity.agreement.clauses.consents import weigh
from comity.agreement.clauses.discretion import Discretion
from comity.agreement.clauses.receipt import Receipt
from comity.vocabulary.digests import Digest
from comity.vocabulary.forms import Form
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import Article, Level, Office, Party, Purpose, Reference, Subject

KOR, JPN, USA = Party("KOR"), Party("JPN"), Party("USA")
DIH = Office("JPN/DIH")
AT = Instant("2026-11-24T00:00:00.000Z")
ANY = Digest("sha384:" + 96 * "0")
ITEM = Item(
    reference=Reference("JPN-P-1"),
    originator=JPN,
    providing=JPN,
    label=Label(level=Level("JPN:gokuhi"), releasable=(), caveats=()),
    subject=Subject("dprk.missile"),
    form=Form.DOCUMENTARY,
    pages=1,
    annexes=0,
    plaintext=ANY,
    sources=(),
)

signers = st.lists(
    st.builds(
        ApprovalFact,
        person=st.sampled_from(["a", "b"]),
        office=st.sampled_from([DIH, Office("KOR/REGISTRY")]),
        roles=st.lists(st.sampled_from(list(Role)), max_size=3).map(tuple),
    ),
    max_size=3,
).map(tuple)
attested = st.builds(
    AttestedFacts,
    keeper=st.just(KOR),
    signed=st.booleans(),
    shown=st.booleans(),
    stated=st.booleans(),
)
items = st.builds(
    ItemFacts,
    originator=st.just(KOR),
    provider=st.just(KOR),
    receiver=st.just(JPN),
    level=st.just(Level("KOR:mil-2")),
    subject=st.just(Subject("dprk.missile")),
    form=st.just(Form.DOCUMENTARY),
    purpose=st.just(Purpose("defence")),
    offices=st.just((DIH,)),
    pages=st.integers(0, 9),
    annexes=st.integers(0, 3),
)


def case(found: AttestedFacts, item: ItemFacts, approvals: tuple[ApprovalFact, ...]) -> Case:
    return Case(acting=JPN, counterpart=KOR, at=AT, item=item, attested=found, approvals=approvals)


@given(
    found=attested,
    item=items,
    approvals=signers,
    pages=st.integers(0, 9),
    annexes=st.integers(0, 3),
    copy=st.integers(0, 3),
    reserve=st.lists(st.sampled_from(list(Reserve)), max_size=2).map(tuple),
)
def test_no_receipt_on_paper_is_one_where_a_key_is_asked_for(  # noqa: PLR0913 - drawn
    found: AttestedFacts,
    item: ItemFacts,
    approvals: tuple[ApprovalFact, ...],
    pages: int,
    annexes: int,
    copy: int,
    reserve: tuple[Reserve, ...],
) -> None:
    deed = deeds.Receipt(
        by=DIH,
        to=KOR,
        article=Article("12"),
        agreement=ANY,
        item=Position(log=correspondence(KOR, JPN), index=0),
        stage=Stage.DOCUMENT,
        number=Reference("JPN-P-1"),
        copy=copy,
        pages=pages,
        annexes=annexes,
        reserve=reserve,
    )
    entry = Entry(deed=deed, at=AT, salt=bytes(16))
    clause = Receipt(article=Article("12"), days=14, on_paper=False)
    finding = clause.judge(entry, case(found, item, approvals))
    assert finding is not None
    if Reserve.MISDIRECTED in reserve:
        # It says that nothing was received: what errs goes back, whoever writes the word.
        assert finding.verdict is Verdict.PERMITS
        return
    # Where nothing else stands in its way, the signature does.
    counted = bool(reserve) or ((pages, annexes) == (item.pages, item.annexes) and copy == 1)
    assert finding.verdict is (Verdict.REQUIRES if counted else Verdict.FORBIDS)


@given(found=attested, item=items)
def test_no_release_on_paper_is_decided_where_a_key_is_asked_for(
    found: AttestedFacts, item: ItemFacts
) -> None:
    deed = deeds.Release(
        by=DIH,
        to=KOR,
        article=Article("1"),
        agreement=ANY,
        offices=(Office("KOR/KDIA"),),
        item=ITEM,
        purpose=Purpose("defence"),
        particulars=ANY,
    )
    clause = Discretion(article=Article("1"), on_paper=False)
    finding = clause.judge(Entry(deed=deed, at=AT, salt=bytes(16)), case(found, item, ()))
    assert finding is not None
    assert finding.verdict is Verdict.REQUIRES


@given(
    cited=st.booleans(),
    used=st.integers(0, 2),
    times=st.integers(1, 3),
    until=st.sampled_from([AT, Instant("2030-01-01T00:00:00.000Z")]),
    withdrawn=st.booleans(),
)
def test_no_approval_on_paper_lets_an_item_go_on(
    *, cited: bool, used: int, times: int, until: Instant, withdrawn: bool
) -> None:
    fact = ConsentFact(
        originator=JPN,
        uses="third-party",
        third_party=USA,
        until=until,
        cited=cited,
        withdrawn=withdrawn,
        used=used,
        times=times,
        attested=True,
    )
    asked = Case(acting=KOR, counterpart=JPN, at=AT, consents=(fact,))
    assert weigh(asked, JPN, "third-party", lambda one: one.third_party == USA) is not None
