"""What an article is at the moment: in force, on notice, ended but going on, or words alone."""

from enum import Enum

from comity.agreement.case import Standing
from comity.agreement.clauses import Clause
from comity.agreement.life import State
from comity.agreement.text import Agreement


class Bearing(Enum):
    """What an article is.

    WORDS: no terms that a node executes. TEXT: a text that nobody put before anybody here.
    ON_NOTICE: in force, and a notice runs. NOTICE_SUSPENDED: in force, the notice's effect
    suspended. GOES_ON: the agreement has ended; for what was provided it goes on (Korea-Japan
    2016, Article 21(4)). AT_REST: the agreement has ended, and the article spoke of providing.
    """

    WORDS = "words"
    TEXT = "text"
    PROPOSED = "proposed"
    SIGNED = "signed"
    IN_FORCE = "in-force"
    ON_NOTICE = "on-notice"
    NOTICE_SUSPENDED = "notice-suspended"
    GOES_ON = "goes-on"
    AT_REST = "at-rest"


_BEFORE = {
    Standing.UNKNOWN: Bearing.TEXT,
    Standing.PROPOSED: Bearing.PROPOSED,
    Standing.SIGNED: Bearing.SIGNED,
}
_NOTICES = {
    State.NOTICE_GIVEN: Bearing.ON_NOTICE,
    State.NOTICE_SUSPENDED: Bearing.NOTICE_SUSPENDED,
}


def clauses_of(agreement: Agreement, article: str) -> tuple[Clause, ...]:
    """Return the clauses of an article and its paragraphs, by its number."""
    return tuple(one for one in agreement.clauses if one.article.partition("(")[0] == article)


def bearing(agreement: Agreement, article: str, standing: Standing, state: State) -> Bearing:
    """Return what an article is.

    Args:
        agreement: Its text.
        article: Its number.
        standing: What the text is: the weakest of the views, since providing needs every one.
        state: What the pact's history says, for the notices that stand.
    """
    terms = [one for one in clauses_of(agreement, article) if not one.informative]
    if not terms:
        return Bearing.WORDS
    if standing in _BEFORE:
        return _BEFORE[standing]
    if standing is Standing.IN_FORCE:
        return _NOTICES.get(state, Bearing.IN_FORCE)
    # After the end no notice is given any more, and nothing is provided.
    rests = all(one.of_providing or one.of_instruments for one in terms)
    return Bearing.AT_REST if rests else Bearing.GOES_ON
