"""Seoul works alone while Tokyo keeps paper; then Tokyo joins, and its own log takes over."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from msgspec import structs

from comity.acts import deeds
from comity.acts.canonical import decoder, digest, digest_of, encode
from comity.acts.entries import decode_entry
from comity.acts.parts import Paper, Position
from comity.agreement.ground import GROUND
from comity.agreement.profile import open_profile
from comity.agreement.text import Bundle, bundle_bytes
from comity.evidence.bundle import decode_evidence
from comity.evidence.verify import verify
from comity.ledger.approvals import approvals_of, sign_approval
from comity.ledger.checkpoints import cosign
from comity.ledger.notes import with_line
from comity.node import (
    deciding,
    handing,
    kept,
    paper,
    papers,
    people,
    reading,
    receiving,
    releases,
    replay,
    setup,
    treaty,
    views,
)
from comity.node.assess import assess, effect_of
from comity.node.chancery import Act, Entered, RefusedAct, _stamp, enter, judge_act
from comity.node.paper import Handed, Sheet
from comity.node.ports import Space
from comity.node.proving import evidence_for
from comity.node.sitting import sitting
from comity.register.rows import Assurance, Copy, DutyOf, Instrument, ItemOf, Number, position_of
from comity.seal.fingerprints import key_id
from comity.vocabulary.dates import Dated
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.logs import correspondence, standing_in
from comity.vocabulary.names import Article, Level, Office, PersonId, Purpose, Subject
from tests.support.fast_suite import FAST
from tests.support.pair import (
    ADMIN,
    JPN,
    KOR,
    LATER,
    USA,
    Pair,
    conclude,
    enrol,
    entitle,
    epochs,
    gsomia,
    pair,
    text_of,
    where,
)

KIM, PARK, CHOI, HAN = (PersonId(one) for one in ("kim", "park", "choi", "han"))
MINISTER = PersonId("minister-kor")
MND, DIH, MOD = Office("KOR/MND"), Office("JPN/DIH"), Office("JPN/MOD")
KEPT = standing_in(KOR, JPN)


def sheet(on: str = "2016-11-23", **numbers: str) -> Sheet:
    return Sheet(scan=b"%PDF- a scanned note", on=Dated(on), **numbers)  # type: ignore[arg-type]


def begin(two: Pair) -> None:
    paper.begin(
        two.seoul,
        JPN,
        profile=open_profile(text_of("profile-JPN.md")),
        sheet=sheet(),
        by=MOD,
        officer=CHOI,
        where=where(KOR),
        epochs=epochs(KOR, two.clock.now()),
    )


def entered(two: Pair, act: str, fields: Mapping[str, Any], **numbers: str) -> Entered:
    return paper.enter(two.seoul, JPN, act, fields, sheet=sheet(**numbers), officer=CHOI)


def agreed(two: Pair, bundle: bytes | None = None) -> None:
    """The pact is signed on paper by Tokyo and by Seoul's own node, and in force."""
    text = gsomia() if bundle is None else bundle
    two.text = digest(text)
    begin(two)
    treaty.propose(two.seoul, text, to=JPN, by=MND, actor=MINISTER)
    treaty.sign(two.seoul, two.text, to=JPN, by=MND, actor=MINISTER)
    entered(two, "treaty.sign", {"by": MOD, "text": two.text})
    treaty.notify(two.seoul, two.text, to=JPN, by=MND, actor=MINISTER)
    entered(two, "treaty.notify-requirements-met", {"by": MOD, "text": two.text})
    treaty.notify_authorities(two.seoul, to=JPN, by=MND, actor=MINISTER)


def word_of(office: Office, level: str, text: str) -> dict[str, Any]:
    return {
        "by": office,
        "article": Article("7(5)"),
        "agreement": text,
        "offices": (office,),
        "level": Level(level),
        "until": LATER,
        "cleared": True,
        "needed": True,
        "protected": True,
    }


def assured(two: Pair) -> None:
    entered(two, "people.assure", word_of(DIH, "JPN:gokuhi", two.text))
    people.assure(
        two.seoul,
        JPN,
        agreement=two.text,
        article=Article("7(5)"),
        offices=(Office("KOR/KDIA"),),
        level=Level("KOR:mil-2"),
        until=LATER,
        by=Office("KOR/KDIA"),
        actor=MINISTER,
    )


def released(two: Pair) -> ItemOf:
    wish = releases.Wish(
        to=JPN,
        offices=(DIH,),
        by=Office("KOR/KDIA"),
        level=Level("KOR:mil-2"),
        subject=Subject("dprk.missile.launch"),
        purpose=Purpose("defence.missile-warning"),
        content=b"handed over on paper",
        title="Launch assessment",
        pages=4,
    )
    laid = releases.lay_before(two.seoul, wish, drafter=KIM)
    one = deciding.approve(two.seoul, [laid.deed], authority=PARK)[0]
    reference = one.entry.deed.item.reference  # type: ignore[union-attr]
    with two.seoul.store.reading() as tx:
        return receiving.find_item(tx, KOR, reference)


def receipted(two: Pair, item: ItemOf) -> Entered:
    return entered(
        two,
        "delivery.receipt",
        {
            "by": DIH,
            "article": Article("12"),
            "agreement": two.text,
            "item": position_of(item.key),
            "stage": "document",
            "number": "JPN-P-0012",
            "copy": 1,
            "pages": 4,
            "annexes": 0,
            "reserve": (),
        },
        number="情受第12号",
    )


def handed(two: Pair, number: str = "情電第7号") -> ItemOf:
    one = handing.item(
        two.seoul,
        JPN,
        Handed(
            by=DIH,
            offices=(Office("KOR/KDIA"),),
            level=Level("JPN:gokuhi"),
            subject=Subject("dprk.missile.launch"),
            purpose=Purpose("defence.missile-warning"),
            title="Observation",
            content=b"%PDF- scanned",
            pages=2,
        ),
        sheet=sheet("2016-12-01", number=number),
        officer=CHOI,
    )
    with two.seoul.store.reading() as tx:
        found = receiving.find_item(tx, KOR, number)
    assert found.key == f"{one.position.log}#{one.position.index}"
    return found


@pytest.fixture
def two() -> Pair:
    return pair(suite=FAST)


def sound(two: Pair) -> None:
    for node in two.nodes.values():
        assert replay.rebuild(node).differences == ()


@pytest.mark.obligation("PAPER-1")
def test_alone_from_the_notes_to_the_receipt(two: Pair) -> None:
    agreed(two)
    with two.seoul.store.reading() as tx:
        assert treaty.between(two.seoul, tx, JPN) is not None
    assured(two)
    item = released(two)
    with two.seoul.store.reading() as tx:
        (duty,) = [one for one in tx.within(DutyOf, item.key) if one.what == "delivery.receipt"]
        assert duty.discharged == ""
    one = receipted(two, item)
    assert one.position.log == KEPT
    with two.seoul.store.reading() as tx:
        (duty,) = [one for one in tx.within(DutyOf, item.key) if one.what == "delivery.receipt"]
        assert duty.discharged == f"{KEPT}#{one.position.index}"
        (copy,) = tx.within(Copy, item.key)
        assert (copy.custodian, copy.state) == (DIH, "held")
        assert receiving.find_item(tx, KOR, "情受第12号").key == item.key
        leaf = decode_entry(tx.leaves(KEPT, one.position.index, one.position.index + 1)[0])
    assert isinstance(leaf.evidence, tuple)
    with two.seoul.store.reading() as tx:
        found = paper.scan_of(two.seoul, tx, leaf.evidence[0], digest_of(leaf.deed))
    assert found == b"%PDF- a scanned note"
    sound(two)


@pytest.mark.obligation("PAPER-1")
def test_an_item_on_paper_is_registered_read_and_receipted(two: Pair) -> None:
    agreed(two)
    assured(two)
    item = handed(two)
    assert (item.provider, item.receiver) == (JPN, KOR)
    seoul = two.seoul
    receiving.register(seoul, item, officer=CHOI)
    receiving.re_mark(seoul, item, level=Level("KOR:mil-2"), officer=CHOI)
    receiving.receipt(seoul, item, custodian=HAN)
    with seoul.store.reading() as tx:
        assert all(one.discharged for one in tx.within(DutyOf, item.key))
    entitle(seoul, "kim", level="KOR:mil-2", subject="dprk.missile")
    receiving.assign(seoul, item, person=KIM, officer=CHOI)
    assert reading.read(seoul, item, person=KIM).content == b"%PDF- scanned"
    sound(two)


def join(two: Pair) -> None:
    enrol(two)
    two.carry(rounds=80)


def test_when_tokyo_joins_its_own_log_takes_over(two: Pair) -> None:
    agreed(two)
    assured(two)
    item = released(two)
    receipted(two, item)
    received = handed(two)
    two.clock.turn(86400.0)
    join(two)
    seoul, tokyo = two.seoul, two.tokyo
    with seoul.store.reading() as one, tokyo.store.reading() as other:
        for log in (KEPT, correspondence(KOR, JPN), correspondence(JPN, KOR)):
            assert one.frontier(log) == other.frontier(log)
        assert not kept.is_open(one, KOR, JPN)
        last = decode_entry(
            one.leaves(KEPT, one.frontier(KEPT).size - 1, one.frontier(KEPT).size)[0]
        )
        assert type(last.deed).__name__ == "PublishDirectory"
        for row in (item, received):
            assert other.get(ItemOf, row.key) == one.get(ItemOf, row.key)
        assert other.get(Number, "JPN:情受第12号") == one.get(Number, "JPN:情受第12号")
        assert treaty.between(tokyo, other, KOR) is not None
        assert {one.log for one in other.within(Instrument, two.text)} == {
            KEPT,
            str(correspondence(KOR, JPN)),
        }
    with pytest.raises(Refused, match="joined"):
        receipted(two, item)
    sound(two)
    again = released(two)
    two.carry()
    receiving.register(tokyo, again, officer=PersonId("suzuki"))
    receiving.re_mark(tokyo, again, level=Level("JPN:gokuhi"), officer=PersonId("suzuki"))
    receiving.receipt(tokyo, again, custodian=PersonId("ito"))
    two.carry()
    with seoul.store.reading() as tx:
        assert all(
            one.discharged for one in tx.within(DutyOf, again.key) if one.what == "delivery.receipt"
        )
    sound(two)


def test_what_left_on_paper_before_a_stricter_profile_is_told_to_who_joins_after_it(
    two: Pair,
) -> None:
    """Joining signs the last checkpoint anew; the first one shows since when its leaves stand."""
    profile = text_of("profile-KOR.md")
    setup.adopt_profile(two.seoul, profile, actor=ADMIN)
    agreed(two)
    assured(two)
    item = released(two)
    two.clock.turn(86400.0)
    stricter = profile.replace(b"approvals = 1", b"approvals = 2")
    setup.adopt_profile(two.seoul, stricter, actor=ADMIN)
    two.clock.turn(86400.0)
    join(two)
    with two.tokyo.store.reading() as tx:
        assert tx.get(ItemOf, item.key) is not None
    sound(two)


def receipts_by_key_only() -> bytes:
    """The pact, with a receipt that counts only if a key has signed it."""
    kept = decoder(Bundle, limit=1 << 24)(gsomia())
    source = kept.agreement
    changed = source.replace(b'type = "receipt"\n', b'type = "receipt"\non_paper = false\n')
    assert changed != source
    return bundle_bytes(changed, kept.cases, kept.translations)


@pytest.mark.obligation("PAPER-1")
def test_paper_discharges_nothing_where_the_clause_asks_for_a_key(two: Pair) -> None:
    agreed(two, receipts_by_key_only())
    assured(two)
    item = released(two)
    with pytest.raises(RefusedAct) as refusal:
        receipted(two, item)
    assert refusal.value.code == "refused.receipt.unsigned"
    with two.seoul.store.reading() as tx:
        assert not any(one.discharged for one in tx.within(DutyOf, item.key))
    sound(two)


def test_a_consent_on_paper_is_kept_and_permits_no_onward_release(two: Pair) -> None:
    agreed(two)
    assured(two)
    item = handed(two)
    terms = {
        "by": DIH,
        "article": Article("6(a)"),
        "agreement": two.text,
        "item": position_of(item.key),
        "uses": "third-party",
        "third_party": "USA",
        "until": LATER,
        "times": 1,
    }
    grant = entered(two, "consent.grant", terms)
    told = deeds.OnwardReleased(
        by=Office("KOR/KDIA"),
        to=JPN,
        article=Article("6(a)"),
        agreement=two.text,
        item=position_of(item.key),
        third_party=USA,
        purpose=Purpose("defence.missile-warning"),
        release=digest(b"a release"),
        consents=(grant.position,),
    )
    found = judge_act(two.seoul, Act(deed=told))
    assert [one.reason.code for one in found.objections] == ["third-party.consent-attested"]


@pytest.mark.obligation("PAPER-1")
@pytest.mark.parametrize("wrong", ["unsigned", "no-scan", "no-date", "no-word", "desk"])
def test_nothing_is_attested_without_paper_date_word_and_signature(two: Pair, wrong: str) -> None:
    agreed(two)
    deed = deeds.Assure(to=KOR, **word_of(DIH, "JPN:gokuhi", two.text))
    act = paper.attested(two.seoul, deed, sheet(), officer=CHOI)
    name = digest_of(deed)
    signed = sign_approval(FAST, two.seoul.vault.person("kim"), [name])
    by_desk = {digest_of(signed): encode(signed)}
    changes = {
        "unsigned": {"approvals": ()},
        "no-scan": {"evidence": ()},
        "no-date": {"paper": Paper()},
        "no-word": {"attested": ()},
        "desk": {
            "approvals": tuple(approvals_of(signed, [name])),
            "keep": {Space.DOCUMENT: by_desk},
        },
    }
    with pytest.raises(RefusedAct) as refusal:
        enter(two.seoul, [replace(act, **changes[wrong])])
    code = "unsigned" if wrong in ("unsigned", "desk") else "no-evidence"
    assert refusal.value.code == f"refused.ground.paper.{code}"
    with two.seoul.store.reading() as tx:
        assert not tx.within(Assurance, KEPT)


def test_what_is_not_done_on_paper_is_not_entered_for_it(two: Pair) -> None:
    agreed(two)
    for deed in (
        deeds.Muster(
            by=DIH,
            to=KOR,
            article=Article("8"),
            agreement=two.text,
            item=Position(log=correspondence(KOR, JPN), index=0),
            found=(1,),
            missing=(),
            persons=2,
        ),
        deeds.Diverge(
            by=DIH,
            to=KOR,
            article=Article("4"),
            agreement=GROUND.digest,
            leaf=Position(log=correspondence(KOR, JPN), index=0),
            claimed=two.text,
            computed=two.text,
        ),
    ):
        with pytest.raises(RefusedAct) as refusal:
            enter(two.seoul, [paper.attested(two.seoul, deed, sheet(), officer=CHOI)])
        assert refusal.value.code == "refused.ground.paper.not-on-paper"
    with pytest.raises(Refused, match="JPN: USA/DOD"):
        entered(two, "treaty.sign", {"by": Office("USA/DOD"), "text": two.text})


@pytest.mark.obligation("PAPER-1")
def test_it_is_shown_as_attested_and_as_what_tokyo_disputes(two: Pair) -> None:
    agreed(two)
    assured(two)
    item = released(two)
    one = receipted(two, item)
    two.clock.turn(86400.0)
    join(two)
    papers.dispute(two.tokyo, one.position, on=Dated("2016-11-24"), actor=PersonId("suzuki"))
    two.carry()
    for node in two.nodes.values():
        with node.store.reading() as tx:
            life = views.item_life(tx, item, house=node.party, now=node.clock.now())
        lines = {line["kind"]: line for line in life["timeline"]}
        assert lines["release.release"]["attested"] == ""
        assert lines["delivery.receipt"]["attested"] == KOR
        assert [each["on"] for each in lines["delivery.receipt"]["disputed"]] == ["2016-11-24"]
    with two.seoul.store.reading() as tx:
        shown = papers.entries(tx, KEPT)
    assert shown[one.position.index]["number"] == "情受第12号"
    assert shown[one.position.index]["on"] == "2016-11-23"
    sound(two)


def test_a_keeper_cannot_go_on_attesting_after_the_other_joined(two: Pair) -> None:
    """What a changed node of Seoul would enter in the log that is closed has no effect at Tokyo."""
    agreed(two)
    assured(two)
    two.clock.turn(86400.0)
    join(two)
    deed = deeds.Assure(to=KOR, **word_of(DIH, "JPN:tokutei-himitsu", two.text))
    act = paper.attested(two.seoul, deed, sheet(), officer=CHOI)
    with sitting(two.seoul) as session:
        asked, log = _stamp(session, act)
        found = assess(session.books, session.rows, asked, journal_size=session.journal_size)
        assert [one.reason.code for one in found.objections] == ["ground.paper.joined"]
        entry = structs.replace(asked.entry, judgement=found.common_digest)
        session.tx.save(Space.DOCUMENT, act.keep[Space.DOCUMENT])
        session.append(log, encode(entry), entry, effect=effect_of(found), assessment=found)
        session.roots.sign(log, at=session.now)
    two.carry()
    with two.tokyo.store.reading() as tx:
        assert tx.frontier(KEPT).size == asked.index + 1
        assert not [one for one in tx.within(Assurance, KEPT) if one.index == asked.index]
    sound(two)


def roots(two: Pair, *parties: Any) -> dict[Any, Any]:
    return {party: key_id(FAST.signing_public(two.nodes[party].vault.root())) for party in parties}


@pytest.mark.obligation("PAPER-1")
def test_evidence_says_attested_by_seoul_and_not_signed_by_tokyo(two: Pair) -> None:
    agreed(two)
    assured(two)
    item = released(two)
    receipted(two, item)
    raw = evidence_for(two.seoul, item)
    verified = verify(FAST, raw, roots=roots(two, KOR))
    assert verified.confirmed
    assert verified.on_paper == (JPN,)
    said = {one.kind: one.attested for one in verified.statements if one.by.startswith("JPN")}
    assert set(said.values()) == {KOR}
    assert {"delivery.receipt", "treaty.sign", "people.assure"} <= set(said)
    (release,) = [one for one in verified.statements if one.kind == "release.release"]
    assert release.attested is None
    with pytest.raises(Invalid):
        verify(FAST, raw, roots={KOR: roots(two, JPN)[JPN]})
    assert not verify(FAST, raw, roots={}).confirmed


@pytest.mark.obligation("PAPER-1")
def test_evidence_after_joining_still_tells_paper_from_signature(two: Pair) -> None:
    agreed(two)
    assured(two)
    before = released(two)
    receipted(two, before)
    on_paper = handed(two)
    two.clock.turn(86400.0)
    join(two)
    again = released(two)
    two.carry()
    for node in two.nodes.values():
        for item in (before, on_paper, again):
            verified = verify(FAST, evidence_for(node, item), roots=roots(two, KOR, JPN))
            assert verified.confirmed
            assert verified.on_paper == ()
            for one in verified.statements:
                assert one.attested == (KOR if one.log == KEPT else None)


def test_evidence_without_a_signature_or_with_another_line_is_refused(two: Pair) -> None:
    agreed(two)
    assured(two)
    item = released(two)
    evidence = decode_evidence(evidence_for(two.seoul, item))
    nobody = structs.replace(evidence, first_directories=(b"", b""))
    with pytest.raises(Invalid) as failure:
        verify(FAST, encode(nobody), roots={})
    assert failure.value.code == "invalid.evidence.parties"
    private = two.tokyo.vault.ledger()
    line = cosign(
        FAST,
        private,
        FAST.signing_public(private),
        evidence.logs[0].checkpoint,
        name=JPN,
        time=two.clock.now(),
    )
    note = with_line(evidence.logs[0].checkpoint, line)
    doubled = structs.replace(
        evidence, logs=(structs.replace(evidence.logs[0], checkpoint=note), evidence.logs[1])
    )
    with pytest.raises(Invalid) as failure:
        verify(FAST, encode(doubled), roots=roots(two, KOR))
    assert failure.value.code == "invalid.evidence.note"


def test_of_a_party_with_a_node_nothing_can_be_attested(two: Pair) -> None:
    """A changed node of Seoul puts words into Tokyo's mouth, long after Tokyo has its own."""
    enrol(two)
    two.carry()
    conclude(two)
    deed = deeds.Assure(to=KOR, **word_of(DIH, "JPN:gokuhi", two.text))
    act = paper.attested(two.seoul, deed, sheet(), officer=CHOI)
    with pytest.raises(RefusedAct) as refusal:
        enter(two.seoul, [act])
    assert refusal.value.code == "refused.ground.paper.joined"
    with sitting(two.seoul) as session:
        asked, log = _stamp(session, act)
        found = assess(session.books, session.rows, asked, journal_size=session.journal_size)
        entry = structs.replace(asked.entry, judgement=found.common_digest)
        session.tx.save(Space.DOCUMENT, act.keep[Space.DOCUMENT])
        session.append(log, encode(entry), entry, effect=effect_of(found), assessment=found)
        session.roots.sign(log, at=session.now)
    two.carry()
    with two.tokyo.store.reading() as tx:
        assert tx.frontier(KEPT).size == 1
        assert not tx.within(Assurance, KEPT)
    sound(two)
