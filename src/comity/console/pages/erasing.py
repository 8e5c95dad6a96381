"""Words that are to be erased: asked for, agreed to; what waits for the other party, or for us."""

from typing import Any, Final

from comity.console.pages import visit as visits
from comity.node import erasing, passkeys
from comity.register.rows import ErasureOf
from comity.vocabulary.logs import LogName, is_attested
from comity.vocabulary.names import Office, party_of

_MAY: Final = frozenset(one.value for one in erasing.MAY)


def offered(visit: visits.Visit, entry: str) -> dict[str, Any]:
    """Return what this person may say of an entry's words now; nothing: there is nothing to say."""
    said = visit.tx.within(ErasureOf, entry)
    told = any(one.author == visit.node.party for one in said)
    known = _MAY & visits.roles(visit.tx, visit.person)
    if told or not known or is_attested(LogName(entry.partition("#")[0])):
        return {}
    return {"agrees": bool(said), "custodied": not passkeys.living(visit.tx, visit.person)}


def waiting(visit: visits.Visit) -> list[dict[str, Any]]:
    """Return the words that one party wants erased and the other has not agreed to."""
    if not _MAY & visits.roles(visit.tx, visit.person):
        return []
    return [
        {
            "entry": one.entry,
            "reference": one.reference,
            "by": one.said.by,
            "at": one.said.at,
            "leaf": one.said.key,
            "ours": party_of(Office(one.said.by)) == visit.node.party,
        }
        for one in erasing.waiting(visit.tx)
    ]
