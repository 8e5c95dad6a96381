"""A judgement as a person reads it: article by article, with the way out of each objection."""

from typing import Any, Final

from msgspec import UnsetType

from comity.acts.judgements import Finding
from comity.agreement.assessment import Assessment
from comity.console.words import catalogue, spellings
from comity.node.node import Node
from comity.vocabulary.names import Party
from comity.wording import remedy_text, render

_FIELDS: Final = {
    "equivalence": "level",
    "scope": "subject",
    "purpose": "purpose",
    "authorities": "offices",
    "assurance": "offices",
    "third-party": "offices",
}
"""Which field of a release a clause speaks of: what the button beside its finding leads to."""

APPROVAL: Final = "release.approve"


def judged(node: Node, assessment: Assessment, lang: str) -> dict[str, Any]:
    """Return what the agreement says, the objections first.

    Attributes of the answer: ``word`` (``lawful``, ``missing``, ``unlawful``, ``decide``: only
    the decision of a releasing authority is missing), ``findings``.
    """
    findings = [told(node, one, lang) for one in assessment.findings]
    order = {"forbids": 0, "requires": 1, "permits": 2}
    findings.sort(key=lambda one: (one["act"] == APPROVAL, order.get(one["verdict"], 3)))
    against = {one["verdict"] for one in findings if one["act"] != APPROVAL}
    if "forbids" in against:
        word = "unlawful"
    elif "requires" in against:
        word = "missing"
    else:
        word = "decide" if any(one["act"] == APPROVAL for one in findings) else "lawful"
    return {"word": word, "findings": findings}


def told(node: Node, one: Finding, lang: str) -> dict[str, Any]:
    """Return one finding with its article, its reason and what would make the act lawful."""
    remedy, act = "", ""
    if not isinstance(one.remedy, UnsetType):
        act = one.remedy.act
        to = one.remedy.to
        remedy = remedy_text(
            catalogue(),
            act,
            lang,
            by=one.remedy.by,
            to=None if isinstance(to, UnsetType) else Party(to),
            names=spellings(),
        )
    return {
        "agreement": one.agreement,
        "article": one.article,
        "verdict": one.verdict.value,
        "reason": render(catalogue(), one.reason, lang, names=spellings()),
        "remedy": remedy,
        "act": act,
        "ours": _by(one) == node.party,
        "field": _FIELDS.get(one.clause, ""),
        "consent": _consent(node, one),
    }


def _consent(node: Node, one: Finding) -> dict[str, str] | None:
    """Return what to ask whom for, where the originator's approval would make it lawful."""
    if isinstance(one.remedy, UnsetType) or one.remedy.act != "consent.ask":
        return None
    if one.remedy.by != node.party or isinstance(one.remedy.to, UnsetType):
        return None
    given = one.reason.parameters
    what = given.get({"third-party": "party", "purpose": "purpose"}.get(one.clause, ""), "")
    return {"of": one.remedy.to, "uses": one.clause, "what": what}


def _by(one: Finding) -> str:
    return "" if isinstance(one.remedy, UnsetType) else one.remedy.by
