"""What the rows say of consents and requests on a cut: facts for the clauses and ground rules."""

from typing import Final

from msgspec import UNSET, UnsetType

from comity.acts import deeds
from comity.acts.entries import Entry
from comity.agreement.case import ConsentFact, NamedFacts
from comity.agreement.clauses.base import OWN_USE
from comity.agreement.cut import Cut
from comity.register.consents import cited, named
from comity.register.rows import (
    AskOf,
    ConsentAcknowledged,
    ConsentOf,
    ConsentRefused,
    ConsentUse,
    ItemOf,
    RequestEnd,
    RequestOf,
    Rows,
    key_of,
)
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import LogName, author, is_attested
from comity.vocabulary.names import Level, Party, Purpose, Reference

_RESTING: Final = (
    deeds.OnwardReleased,
    deeds.HandToContractor,
    deeds.Regrade,
    deeds.Extract,
    deeds.Translate,
    deeds.Derive,
    deeds.Reproduce,
    deeds.Destroy,
    deeds.Assign,
)
"""What may rest on an originator's consent."""


def consent_facts(rows: Rows, entry: Entry, cut: Cut) -> tuple[ConsentFact, ...]:
    """Return the consents that an act could rest on: the one it cites, and others of the item.

    Those it does not cite permit nothing; they say why the one asked for is missing, and what
    the holder may do with the item itself. They come in the order of their leaves.
    """
    deed = entry.deed
    if not isinstance(deed, (*_RESTING, *OWN_USE)):
        return ()
    item = key_of(deed.item)
    found: dict[tuple[str, int], ConsentFact] = {}
    for position in cited(deed):
        row = rows.get(ConsentOf, key_of(position)) if position.log in cut.theirs_all else None
        if row is not None and cut.holds(row.log, row.index):
            same = row.scope == item
            found[row.log, row.index] = _granted(rows, row, cut, cited=True, same_item=same)
    for row in rows.within(ConsentOf, item):
        place = (row.log, row.index)
        if row.log in cut.theirs_all and cut.holds(*place) and place not in found:
            found[place] = _granted(rows, row, cut, cited=False, same_item=True)
    for ask in rows.within(AskOf, item):
        if ask.log in cut.mine_all and any(
            cut.holds(one.log, one.index) for one in rows.within(ConsentRefused, ask.key)
        ):
            found[ask.log, ask.index] = _fact(ask, author(cut.theirs_all[0]), state="refused")
    return tuple(found[place] for place in sorted(found))


def _granted(rows: Rows, row: ConsentOf, cut: Cut, *, cited: bool, same_item: bool) -> ConsentFact:
    uses = [one for one in rows.within(ConsentUse, row.key) if cut.holds(one.log, one.index)]
    return _fact(
        row,
        author(LogName(row.log)),
        cited=cited,
        same_item=same_item,
        withdrawn=row.ended >= 0 and cut.holds(row.log, row.ended),
        used=len(uses),
        attested=is_attested(row.log),
    )


def _fact(row: AskOf | ConsentOf, originator: Party, **more: object) -> ConsentFact:
    return ConsentFact(
        originator=originator,
        uses=row.uses,
        third_party=Party(row.third_party) if row.third_party else UNSET,
        purpose=Purpose(row.purpose) if row.purpose else UNSET,
        contractor=Reference(row.contractor) if row.contractor else UNSET,
        level=Level(row.level) if row.level else UNSET,
        until=Instant(row.until),
        times=row.times,
        mode=row.mode,  # type: ignore[arg-type]  # one of Mode, or empty
        **{"cited": False, **more},  # type: ignore[arg-type]
    )


def named_facts(rows: Rows, entry: Entry, cut: Cut) -> NamedFacts | UnsetType:
    """Return what is known of the earlier act that a consent act or an answer speaks of."""
    deed, position = entry.deed, named(entry.deed)
    if position is None or position.log not in (*cut.mine_all, *cut.theirs_all):
        return UNSET
    if isinstance(deed, deeds.OnwardReleased) or not cut.holds(position.log, position.index):
        return UNSET
    key = key_of(position)
    match deed:
        case deeds.Grant() | deeds.Refuse():
            return _ask_facts(rows, deed, key, cut)
        case deeds.Withdraw() | deeds.AcknowledgeWithdrawal():
            return _consent_facts(rows, deed, key, cut)
        case _:
            return _request_facts(rows, deed, key, cut)


def _ask_facts(
    rows: Rows, deed: deeds.Grant | deeds.Refuse, key: str, cut: Cut
) -> NamedFacts | UnsetType:
    ask = rows.get(AskOf, key)
    if ask is None:
        return UNSET
    item = key_of(deed.item)
    answered = any(
        one.ask == key and cut.holds(one.log, one.index) for one in rows.within(ConsentOf, item)
    ) or any(cut.holds(one.log, one.index) for one in rows.within(ConsentRefused, key))
    return NamedFacts(
        act="consent.ask",
        author=author(LogName(ask.log)),
        same_item=ask.scope == item,
        same_terms=isinstance(deed, deeds.Refuse)
        or (ask.uses, ask.third_party, ask.purpose, ask.contractor, ask.level)
        == (
            deed.uses.value,
            *(
                "" if one is UNSET else str(one)
                for one in (deed.third_party, deed.purpose, deed.contractor, deed.level)
            ),
        ),
        closed=answered,
    )


def _consent_facts(
    rows: Rows, deed: deeds.Withdraw | deeds.AcknowledgeWithdrawal, key: str, cut: Cut
) -> NamedFacts | UnsetType:
    consent = rows.get(ConsentOf, key)
    if consent is None:
        return UNSET
    withdrawn = consent.ended >= 0 and cut.holds(consent.log, consent.ended)
    said = any(cut.holds(one.log, one.index) for one in rows.within(ConsentAcknowledged, key))
    return NamedFacts(
        act="consent.grant",
        author=author(LogName(consent.log)),
        same_item=consent.scope == key_of(deed.item),
        closed=withdrawn if isinstance(deed, deeds.Withdraw) else said,
        withdrawn=withdrawn,
    )


def _request_facts(rows: Rows, deed: deeds.Deed, key: str, cut: Cut) -> NamedFacts | UnsetType:
    request = rows.get(RequestOf, key)
    if request is None:
        return UNSET
    ends = [one for one in rows.within(RequestEnd, key) if cut.holds(one.log, one.index)]
    releases = True
    if isinstance(deed, deeds.Answer):
        kept = [rows.get(ItemOf, key_of(one)) for one in deed.releases]
        releases = len(set(deed.releases)) == len(deed.releases) and all(
            one is not None and one.log in cut.mine_all and cut.holds(one.log, one.index)
            for one in kept
        )
    return NamedFacts(
        act="request.request",
        author=author(LogName(request.log)),
        closed=any(one.extent != "part" for one in ends),
        releases=releases,
    )
