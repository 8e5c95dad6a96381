"""What the rows say of visits, incidents and other acts that later ones refer to, on a cut."""

from msgspec import UNSET, UnsetType

from comity.acts import deeds
from comity.acts.parts import Position
from comity.agreement.case import MatterFacts, WordsFacts
from comity.agreement.cut import Cut
from comity.register.rows import ErasureOf, Instrument, ItemOf, Matter, RequestOf, Rows, key_of
from comity.vocabulary.digests import Digest
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import AgreementId, Party


def _fact(row: Matter) -> MatterFacts:
    return MatterFacts(
        act=row.kind,
        author=Party(row.author),
        at=Instant(row.at),
        level=row.level,
        until=row.until,
    )


def about_facts(rows: Rows, deed: deeds.Deed, cut: Cut) -> MatterFacts | UnsetType:
    """Return the earlier act that a deed refers to, if it is of this link and on the cut."""
    about = getattr(deed, "about", None)
    if not isinstance(about, Position) or about.log not in (*cut.mine_all, *cut.theirs_all):
        return UNSET
    row = rows.get(Matter, key_of(about))
    return _fact(row) if row is not None and cut.holds(row.log, row.index) else UNSET


def words_facts(rows: Rows, deed: deeds.Deed, cut: Cut) -> WordsFacts | UnsetType:
    """Return the entry whose words are to be erased, if it has words, of this link, on the cut."""
    if not isinstance(deed, deeds.EraseParticulars):
        return UNSET
    leaf, key = deed.leaf, key_of(deed.leaf)
    # What one of the two did on paper has no words that both hold.
    if leaf.log not in (cut.mine, cut.theirs) or not cut.holds(leaf.log, leaf.index):
        return UNSET
    if rows.get(ItemOf, key) is None and rows.get(RequestOf, key) is None:
        return UNSET
    said = {
        Party(one.author) for one in rows.within(ErasureOf, key) if cut.holds(one.log, one.index)
    }
    return WordsFacts(said=tuple(sorted(said)))


def _on_cut(rows: Rows, cut: Cut, heading: str) -> list[Matter]:
    return [
        row
        for log in (*cut.mine_all, *cut.theirs_all)
        for row in rows.within(Matter, f"{log}|{heading}")
        if cut.holds(row.log, row.index)
    ]


def reported(rows: Rows, cut: Cut) -> tuple[Matter, ...]:
    """Return the counterpart's reports of incidents on the cut, and what answers them."""
    found = _on_cut(rows, cut, "incident")
    reports = {
        row.key for row in found if row.kind == "incident.report" and row.log in cut.theirs_all
    }
    return tuple(
        row
        for row in found
        if row.key in reports
        or (row.kind in ("incident.results", "incident.close") and row.about in reports)
    )


def open_incidents(rows: Rows, cut: Cut) -> int:
    """Count the counterpart's reports of which no results are on the cut."""
    found = reported(rows, cut)
    answered = {row.about for row in found}
    return sum(row.kind == "incident.report" and row.key not in answered for row in found)


def proposed(rows: Rows, cut: Cut, pact: AgreementId) -> tuple[Digest, ...]:
    """Return the texts of a pact that either of the two has put before the other, on the cut."""
    found = [
        rows.get(Instrument, one.key)
        for one in _on_cut(rows, cut, "treaty")
        if one.kind == "treaty.propose"
    ]
    texts = (one.text for one in found if one is not None and one.pact == pact)
    return tuple(dict.fromkeys(Digest(one) for one in texts))


def visits(rows: Rows, cut: Cut) -> tuple[Matter, ...]:
    """Return the visits that the author of an act has made to the other side, on the cut."""
    return tuple(
        row
        for row in _on_cut(rows, cut, "visit")
        if row.kind == "visit.done" and row.log in cut.mine_all
    )


def last_visit(rows: Rows, cut: Cut) -> Instant | UnsetType:
    """Return when the author of an act last made a visit to the other side, if it did."""
    return max((Instant(row.at) for row in visits(rows, cut)), default=UNSET)


def shown_items(rows: Rows, deed: deeds.CloseVisit, cut: Cut) -> int:
    """Count the items of a closing list that were released between the two, on the cut."""
    named = () if isinstance(deed.items, UnsetType) else deed.items
    found = [rows.get(ItemOf, key_of(one)) for one in dict.fromkeys(named)]
    return sum(
        row is not None
        and row.log in (*cut.mine_all, *cut.theirs_all)
        and cut.holds(row.log, row.index)
        for row in found
    )
