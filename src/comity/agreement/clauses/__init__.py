"""The kinds of clause: one file per heading, and one literal table from type to class."""

from typing import Final

from comity.agreement.clauses.access import Access
from comity.agreement.clauses.assurance import Assurance
from comity.agreement.clauses.authorities import Authorities
from comity.agreement.clauses.base import Clause, Voice
from comity.agreement.clauses.discretion import Discretion
from comity.agreement.clauses.equivalence import Equivalence
from comity.agreement.clauses.force import EntryIntoForce, Survival, Term
from comity.agreement.clauses.marking import Marking, MarkingAtHome
from comity.agreement.clauses.purpose import Purpose
from comity.agreement.clauses.receipt import Receipt
from comity.agreement.clauses.scope import Scope
from comity.agreement.clauses.third_party import ThirdParty
from comity.agreement.clauses.transmission import Transmission

CLAUSES: Final[dict[str, type[Clause]]] = {
    "scope": Scope,
    "discretion": Discretion,
    "authorities": Authorities,
    "equivalence": Equivalence,
    "marking": Marking,
    "marking-before-receipt": MarkingAtHome,
    "third-party": ThirdParty,
    "purpose": Purpose,
    "access": Access,
    "assurance": Assurance,
    "transmission": Transmission,
    "receipt": Receipt,
    "entry-into-force": EntryIntoForce,
    "term": Term,
    "survival": Survival,
}

__all__ = ["CLAUSES", "Clause", "Voice"]
