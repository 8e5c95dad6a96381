"""The web of agreements as values: what would travel, what is in force together, hops, routes."""

from msgspec import Struct, structs

from comity.acts.judgements import Finding
from comity.agreement.text import Agreement
from comity.vocabulary.forms import Form
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import AgreementId, Article, Level, Party, Purpose, Subject


class Thing(Struct, frozen=True, kw_only=True):
    """What would travel: whose item, of which level, subject, form, for which purpose.

    Attributes:
        releasable: The parties named on the label; empty: the label names none.
    """

    originator: Party
    level: Level
    subject: Subject
    purpose: Purpose
    form: Form = Form.ELECTRONIC
    releasable: tuple[Party, ...] = ()


class Net(Struct, frozen=True, kw_only=True):
    """Agreements taken as in force together, at one instant."""

    agreements: tuple[Agreement, ...]
    at: Instant

    @property
    def parties(self) -> tuple[Party, ...]:
        """Everybody who is party to one of them."""
        return tuple(sorted({party for one in self.agreements for party in one.parties}))

    def joined_by(self, *more: Agreement) -> "Net":
        """Return the net as if these were in force too, instead of other versions of the same."""
        named = {one.id for one in more}
        kept = tuple(one for one in self.agreements if one.id not in named)
        return structs.replace(self, agreements=(*kept, *more))

    def without(self, *ended: AgreementId) -> "Net":
        """Return the net as if these had ended."""
        kept = tuple(one for one in self.agreements if one.id not in ended)
        return structs.replace(self, agreements=kept)


class Hop(Struct, frozen=True, kw_only=True):
    """One step of a route.

    Attributes:
        articles: The articles that speak of this step, in the order of the texts.
        called: The receiver's levels that correspond to the originator's own; several: a choice.
        consents: Whose approval is needed before this step.
        needs: Other conditions, which the parties can see to.
    """

    provider: Party
    receiver: Party
    agreement: AgreementId
    version: str
    articles: tuple[Article, ...]
    called: tuple[Level, ...]
    consents: tuple[Party, ...]
    needs: tuple[Finding, ...]


class Route(Struct, frozen=True, kw_only=True):
    """A chain of hops, each lawful once its consents are given."""

    hops: tuple[Hop, ...]

    @property
    def consents(self) -> tuple[tuple[Party, Party], ...]:
        """Whose approval is needed for whom to be given it, in order, each once."""
        found = ((asked, hop.receiver) for hop in self.hops for asked in hop.consents)
        return tuple(dict.fromkeys(found))

    @property
    def receiver(self) -> Party:
        """Where it ends."""
        return self.hops[-1].receiver
