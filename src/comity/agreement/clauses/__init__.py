"""The kinds of clause: by subject, one file each, and one literal table from type to class."""

from typing import Final

from comity.agreement.clauses.access import Access
from comity.agreement.clauses.assurance import Assurance
from comity.agreement.clauses.authorities import Authorities
from comity.agreement.clauses.base import Clause, Voice
from comity.agreement.clauses.copies import (
    Disposition,
    Extract,
    Regrading,
    Reproduction,
    Translation,
)
from comity.agreement.clauses.disclosure import Disclosure
from comity.agreement.clauses.discretion import Discretion
from comity.agreement.clauses.equivalence import Equivalence
from comity.agreement.clauses.force import EntryIntoForce, Survival, Term
from comity.agreement.clauses.forms import (
    Amendment,
    Expenses,
    IntellectualProperty,
    JointInformation,
    Relation,
    Supplementary,
    Termination,
)
from comity.agreement.clauses.incidents import (
    CompelledDisclosure,
    Contractor,
    Dispute,
    Incident,
)
from comity.agreement.clauses.laws import LawChange
from comity.agreement.clauses.marking import Marking, MarkingAtHome
from comity.agreement.clauses.network import (
    DependsOn,
    Exercise,
    Hub,
    Logistics,
    Request,
)
from comity.agreement.clauses.places import Custody, Facility, Muster, Roster, Storage
from comity.agreement.clauses.purpose import Purpose
from comity.agreement.clauses.receipt import Receipt
from comity.agreement.clauses.scope import Scope
from comity.agreement.clauses.standing import StandingRelease
from comity.agreement.clauses.third_party import ThirdParty
from comity.agreement.clauses.transmission import Transmission
from comity.agreement.clauses.visit import Visit

CLAUSES: Final[dict[str, type[Clause]]] = {
    "scope": Scope,
    "discretion": Discretion,
    "disclosure": Disclosure,
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
    "disposition": Disposition,
    "extract": Extract,
    "regrading": Regrading,
    "reproduction": Reproduction,
    "translation": Translation,
    "amendment": Amendment,
    "expenses": Expenses,
    "intellectual-property": IntellectualProperty,
    "joint-information": JointInformation,
    "relation": Relation,
    "supplementary": Supplementary,
    "termination": Termination,
    "compelled-disclosure": CompelledDisclosure,
    "contractor": Contractor,
    "dispute": Dispute,
    "incident": Incident,
    "law-change": LawChange,
    "depends-on": DependsOn,
    "exercise": Exercise,
    "hub": Hub,
    "logistics": Logistics,
    "request": Request,
    "standing-release": StandingRelease,
    "custody": Custody,
    "facility": Facility,
    "muster": Muster,
    "roster": Roster,
    "storage": Storage,
    "visit": Visit,
}

__all__ = ["CLAUSES", "Clause", "Voice"]
