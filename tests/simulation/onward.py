"""V4, from the leaves alone: nothing went on without consent, agreement and approval on its cut.

Written apart from the judgement: it reads no row, no finding, and asks no clause.
"""

from collections.abc import Mapping, Sequence

from comity.acts import deeds
from comity.acts.entries import Entry, decode_entry
from comity.node.ports import Reading
from comity.vocabulary.logs import LogName, correspondence
from comity.vocabulary.names import Party
from tests.simulation.history import require
from tests.support.pair import JPN, KOR, USA


def entries_of(tx: Reading, log: LogName) -> list[Entry]:
    """Return a log as it was entered."""
    return [decode_entry(leaf) for leaf in tx.leaves(log, 0, tx.frontier(log).size)]


def check_in_force(
    mine: Sequence[Entry], theirs: Sequence[Entry], at: Entry, index: int, text: object
) -> None:
    """Both signed and both notified, on the cut of an entry."""
    assert at.seen is not None
    for cut in (mine[:index], theirs[: at.seen.size]):  # type: ignore[union-attr]
        for kind in (deeds.Sign, deeds.NotifyRequirementsMet):
            require(
                any(isinstance(one.deed, kind) and one.deed.text == text for one in cut),
                "V4",
                "something left before the agreement was in force",
            )


def check_onward(logs: Mapping[LogName, Sequence[Entry]]) -> int:
    """Check every release that went on from Tokyo to Washington; return how many there are."""
    out, back = logs[correspondence(JPN, USA)], logs[correspondence(USA, JPN)]
    told, origin = logs[correspondence(JPN, KOR)], logs[correspondence(KOR, JPN)]
    uses: dict[int, int] = {}
    found = 0
    for index, entry in enumerate(out):
        deed = entry.deed
        if not isinstance(deed, deeds.Release):
            continue
        require(bool(entry.approvals), "V4", "a release without an approval")
        check_in_force(out, back, entry, index, deed.agreement)
        if (deed.origin is None) or not hasattr(deed.origin, "index"):
            continue
        found += 1
        given = origin[deed.origin.index].deed
        assert isinstance(given, deeds.Release)
        require(given.item.label == deed.item.label, "V4", "another level than the originator's")
        require(given.item.plaintext == deed.item.plaintext, "V4", "another content")
        name = deeds.deed_digest(deed)
        words = [
            (place, one)
            for place, one in enumerate(told)
            if isinstance(one.deed, deeds.OnwardReleased) and one.deed.release == name
        ]
        require(len(words) == 1, "V4", f"the originator was told {len(words)} times")
        place, word = words[0]
        check_in_force(told, origin, word, place, word.deed.agreement)  # type: ignore[union-attr]
        _consented(origin, word, deed.to, uses)
    return found


def _consented(origin: Sequence[Entry], word: Entry, to: Party, uses: dict[int, int]) -> None:
    deed = word.deed
    assert isinstance(deed, deeds.OnwardReleased)
    seen = word.seen.size  # type: ignore[union-attr]
    held = []
    for position in deed.consents:
        grant = origin[position.index].deed
        assert isinstance(grant, deeds.Grant)
        require(position.index < seen, "V4", "a consent that was not seen")
        require(grant.item == deed.item, "V4", "a consent for another item")
        require(word.at < grant.until, "V4", "a consent that had ended")
        require(
            not any(
                isinstance(one.deed, deeds.Withdraw) and one.deed.consent == position
                for one in origin[:seen]
            ),
            "V4",
            "a consent that was seen to be withdrawn",
        )
        uses[position.index] = uses.get(position.index, 0) + 1
        require(uses[position.index] <= grant.times, "V4", "a consent used too often")
        held.append(grant.third_party)
    require(to in held, "V4", "no consent for this party")
