"""Under which article of an agreement an act is done: where the text speaks of such acts.

No article has a number of its own here: another agreement speaks of receipts elsewhere.
"""

from typing import Final

from comity.agreement.text import Agreement
from comity.node.node import Node
from comity.vocabulary.digests import Digest
from comity.vocabulary.names import Article

_CLAUSES: Final[dict[str, tuple[str, ...]]] = {
    "delivery.certificate": ("disposition",),
    "delivery.hand-over": ("transmission",),
    "delivery.receipt": ("receipt",),
    "delivery.return": ("disposition",),
    "evaluate.item": ("request", "purpose"),
    "people.accredit": ("facility", "storage"),
    "people.appoint-officer": ("facility", "storage"),
    "people.assure": ("assurance",),
    "register.access": ("access",),
    "register.acknowledge-regrading": ("regrading",),
    "register.assign": ("access",),
    "register.derive": ("extract",),
    "register.designate": ("equivalence",),
    "register.destroy": ("disposition",),
    "register.extract": ("extract",),
    "register.give-back": ("custody",),
    "register.loan": ("custody",),
    "register.muster": ("muster",),
    "register.re-mark": ("marking", "equivalence"),
    "register.regrade": ("regrading",),
    "register.register": ("custody",),
    "register.relieve": ("custody",),
    "register.reproduce": ("reproduction",),
    "register.store": ("storage",),
    "register.translate": ("translation",),
    "release.observations": ("standing-release",),
    "release.onward-released": ("third-party",),
    "release.recall": ("disposition",),
    "release.release": ("discretion", "standing-release", "scope"),
    "release.standing-directive": ("standing-release",),
}
"""The clauses under which an act is done, the nearest first, where its heading is not one."""


def article_of(agreement: Agreement | None, act: str) -> Article:
    """Return where an agreement speaks of an act; of what it is silent on, the survival clause.

    Where there is no agreement, or one that says neither, it is the first article.
    """
    if agreement is not None:
        for name in (*_CLAUSES.get(act, (act.partition(".")[0],)), "survival"):
            clause = agreement.clause(name)
            if clause is not None:
                return clause.article
    return Article("1")


def under(node: Node, agreement: str, act: str) -> Article:
    """Return the same for the agreement of this digest, as far as it is kept here."""
    with node.store.reading() as tx:
        return article_of(node.agreement(tx, Digest(agreement)), act)
