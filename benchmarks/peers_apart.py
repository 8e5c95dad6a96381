"""Other engines' judgement of the requests that ``benchmarks.peers`` makes: a process of its own.

Runs in the peers' own virtual environment, knows nothing of comity, and speaks lines of JSON:
the requests come in once, the verdicts of every engine go back, and then one engine at a time is
asked to go through them for so many seconds. Every engine's rules are parsed once, beforehand;
what it takes per request is the same record.
"""

import json
import sys
import time
from collections.abc import Callable
from itertools import cycle
from typing import Any, Final

import casbin
import cedarpy
import cel
import regopy

Judge = Callable[[dict[str, Any]], bool]

# --- Cedar ---------------------------------------------------------------------------------

CEDAR: Final = """
permit (principal, action == Action::"release", resource);
forbid (principal, action, resource) unless { // 2, scope: subjects
  context.subject == "dprk" || context.subject like "dprk.*" ||
  context.subject == "regional" || context.subject like "regional.*" ||
  context.subject == "defence" || context.subject like "defence.*" };
forbid (principal, action, resource) unless { // 2, scope: forms
  ["oral", "visual", "electronic", "magnetic", "documentary", "equipment", "technology"]
    .contains(context.form) };
forbid (principal, action, resource) unless { // 2, what is spoken or shown has a record
  !["oral", "visual"].contains(context.form) ||
  (context.recorded && context.shown_at <= context.at && context.level_said &&
   context.attendees > 0 && context.attending_cleared && context.attending_needed) };
forbid (principal, action, resource) unless { // 2, authorities
  context.by_notified && context.office_notified };
forbid (principal, action, resource) unless { // 4, the table of levels
  ["KOR:mil-2", "KOR:mil-3", "JPN:gokuhi", "JPN:hi"].contains(context.level) ||
  (context.level == "JPN:tokutei-himitsu" && context.at >= 1418137200) };
forbid (principal, action, resource) unless { // 1, discretion
  context.releasing &&
  ((context.acting == "KOR" && context.approved_office like "KOR/*") ||
   (context.acting == "JPN" && context.approved_office like "JPN/*")) };
forbid (principal, action, resource) unless { // 6(a), third parties
  context.originator == context.acting || context.originator == context.receiver ||
  (context.consent && context.at < context.consent_until) };
forbid (principal, action, resource) unless { // releasable
  context.releasable.isEmpty() || context.releasable.contains(context.receiver) };
forbid (principal, action, resource) unless { // 6(c), purpose
  context.purpose == "defence" || context.purpose like "defence.*" };
forbid (principal, action, resource) unless { // 7(5), assurance
  context.assured_office == context.office && context.at < context.assured_until &&
  context.cleared && context.needed && context.protected &&
  ((context.level == "KOR:mil-2" &&
      ["JPN:gokuhi", "JPN:tokutei-himitsu"].contains(context.assured_level)) ||
   (context.level == "KOR:mil-3" &&
      ["JPN:hi", "JPN:gokuhi", "JPN:tokutei-himitsu"].contains(context.assured_level)) ||
   (["JPN:gokuhi", "JPN:tokutei-himitsu"].contains(context.level) &&
      context.assured_level == "KOR:mil-2") ||
   (context.level == "JPN:hi" && ["KOR:mil-3", "KOR:mil-2"].contains(context.assured_level))) };
forbid (principal, action, resource) unless { // 12, transmission: the way
  if ["electronic", "documentary"].contains(context.form) then context.sealed
  else !context.sealed };
forbid (principal, action, resource) unless { // 12, transmission: the addressee
  (context.receiver == "KOR" && context.office like "KOR/*") ||
  (context.receiver == "JPN" && context.office like "JPN/*") };
forbid (principal, action, resource) unless { // 21, in force in both views
  context.acting_view == "in-force" && context.receiver_view == "in-force" };
forbid (principal, action, resource) unless { // the ground rules: freshness
  context.directory && context.age <= 86400 };
"""


def _cedar() -> Judge:
    policies = cedarpy.PolicySet.from_str(CEDAR)
    entities = cedarpy.Entities.from_json_str("[]")
    asked = {
        "principal": {"type": "Party", "id": "author"},
        "action": {"type": "Action", "id": "release"},
        "resource": {"type": "Item", "id": "item"},
    }

    def judge(request: dict[str, Any]) -> bool:
        made = cedarpy.is_authorized({**asked, "context": request}, policies, entities)
        return bool(made.allowed)

    return judge


# --- CEL, in Rust --------------------------------------------------------------------------

CEL: Final = """
["dprk", "regional", "defence"].exists(s, r.subject == s || r.subject.startsWith(s + ".")) &&
r.form in ["oral", "visual", "electronic", "magnetic", "documentary", "equipment",
  "technology"] &&
(!(r.form in ["oral", "visual"]) || (r.recorded && r.shown_at <= r.at && r.level_said &&
  r.attendees > 0 && r.attending_cleared && r.attending_needed)) &&
r.by_notified && r.office_notified &&
(r.level in ["KOR:mil-2", "KOR:mil-3", "JPN:gokuhi", "JPN:hi"] ||
  (r.level == "JPN:tokutei-himitsu" && r.at >= 1418137200)) &&
r.releasing && r.approved_office.startsWith(r.acting + "/") &&
(r.originator == r.acting || r.originator == r.receiver ||
  (r.consent && r.at < r.consent_until)) &&
(size(r.releasable) == 0 || r.receiver in r.releasable) &&
(r.purpose == "defence" || r.purpose.startsWith("defence.")) &&
r.assured_office == r.office && r.at < r.assured_until &&
r.cleared && r.needed && r.protected &&
((r.level == "KOR:mil-2" && r.assured_level in ["JPN:gokuhi", "JPN:tokutei-himitsu"]) ||
 (r.level == "KOR:mil-3" &&
   r.assured_level in ["JPN:hi", "JPN:gokuhi", "JPN:tokutei-himitsu"]) ||
 (r.level in ["JPN:gokuhi", "JPN:tokutei-himitsu"] && r.assured_level == "KOR:mil-2") ||
 (r.level == "JPN:hi" && r.assured_level in ["KOR:mil-3", "KOR:mil-2"])) &&
(r.form in ["electronic", "documentary"] ? r.sealed : !r.sealed) &&
r.office.startsWith(r.receiver + "/") &&
r.acting_view == "in-force" && r.receiver_view == "in-force" &&
r.directory && r.age <= 86400
"""


def _cel() -> Judge:
    program = cel.compile(CEL)
    return lambda request: bool(program.execute({"r": request}))


# --- Rego ----------------------------------------------------------------------------------

REGO: Final = """
package pact

default allow := false

subjects := {"dprk", "regional", "defence"}
forms := {"oral", "visual", "electronic", "magnetic", "documentary", "equipment", "technology"}
levels := {"KOR:mil-2": 0, "KOR:mil-3": 0, "JPN:gokuhi": 0, "JPN:hi": 0,
  "JPN:tokutei-himitsu": 1418137200}
covers := {
  "KOR:mil-2": {"JPN:gokuhi", "JPN:tokutei-himitsu"},
  "KOR:mil-3": {"JPN:hi", "JPN:gokuhi", "JPN:tokutei-himitsu"},
  "JPN:gokuhi": {"KOR:mil-2"},
  "JPN:tokutei-himitsu": {"KOR:mil-2"},
  "JPN:hi": {"KOR:mil-3", "KOR:mil-2"}}

within(word, above) if { word == above }
within(word, above) if { startswith(word, concat("", [above, "."])) }

of_party(office, party) if { startswith(office, concat("", [party, "/"])) }

scope if { some subject in subjects; within(input.subject, subject); forms[input.form] }

third_party if { input.originator == input.acting }
third_party if { input.originator == input.receiver }
third_party if { input.consent; input.at < input.consent_until }

releasable if { count(input.releasable) == 0 }
releasable if { input.receiver in input.releasable }

assurance if {
  input.assured_office == input.office
  input.at < input.assured_until
  input.cleared
  input.needed
  input.protected
  covers[input.level][input.assured_level]
}

way if { input.form in {"electronic", "documentary"}; input.sealed }
way if { not input.form in {"electronic", "documentary"}; not input.sealed }

record if { not input.form in {"oral", "visual"} }
record if {
  input.recorded
  input.shown_at <= input.at
  input.level_said
  input.attendees > 0
  input.attending_cleared
  input.attending_needed
}

allow if {
  scope
  record
  input.by_notified
  input.office_notified
  levels[input.level] <= input.at
  input.releasing
  of_party(input.approved_office, input.acting)
  third_party
  releasable
  within(input.purpose, "defence")
  assurance
  way
  of_party(input.office, input.receiver)
  input.acting_view == "in-force"
  input.receiver_view == "in-force"
  input.directory
  input.age <= 86400
}
"""


def _rego() -> Judge:
    rego = regopy.Interpreter()
    rego.add_module("pact", REGO)
    # Built once: each query afterwards runs the compiled module.
    bundle = rego.build("allowed := data.pact.allow", [])

    def judge(request: dict[str, Any]) -> bool:
        rego.set_input(request)
        made = json.loads(str(rego.query_bundle(bundle)))
        return bool(made["bindings"]["allowed"])

    return judge


# --- Casbin --------------------------------------------------------------------------------

CASBIN: Final = """
[request_definition]
r = q

[policy_definition]
p = level, since, assured

[policy_effect]
e = some(where (p.eft == allow))

[matchers]
m = r.q.level == p.level && r.q.at >= number(p.since) && r.q.assured_level == p.assured && \
(within(r.q.subject, "dprk") || within(r.q.subject, "regional") || \
within(r.q.subject, "defence")) && \
r.q.form in ("oral", "visual", "electronic", "magnetic", "documentary", "equipment", \
"technology") && \
(r.q.form not in ("oral", "visual") or (r.q.recorded and r.q.shown_at <= r.q.at and \
r.q.level_said and r.q.attendees > 0 and r.q.attending_cleared and r.q.attending_needed)) && \
r.q.by_notified && r.q.office_notified && \
r.q.releasing && of_party(r.q.approved_office, r.q.acting) && \
(r.q.originator == r.q.acting || r.q.originator == r.q.receiver || \
(r.q.consent && r.q.at < r.q.consent_until)) && \
(not r.q.releasable || r.q.receiver in r.q.releasable) && \
within(r.q.purpose, "defence") && \
r.q.assured_office == r.q.office && r.q.at < r.q.assured_until && \
r.q.cleared && r.q.needed && r.q.protected && \
(r.q.sealed if r.q.form in ("electronic", "documentary") else not r.q.sealed) && \
of_party(r.q.office, r.q.receiver) && \
r.q.acting_view == "in-force" && r.q.receiver_view == "in-force" && \
r.q.directory && r.q.age <= 86400
"""
TABLE: Final = (
    ("KOR:mil-2", "0", "JPN:gokuhi"),
    ("KOR:mil-2", "0", "JPN:tokutei-himitsu"),
    ("KOR:mil-3", "0", "JPN:hi"),
    ("KOR:mil-3", "0", "JPN:gokuhi"),
    ("KOR:mil-3", "0", "JPN:tokutei-himitsu"),
    ("JPN:gokuhi", "0", "KOR:mil-2"),
    ("JPN:tokutei-himitsu", "1418137200", "KOR:mil-2"),
    ("JPN:hi", "0", "KOR:mil-3"),
    ("JPN:hi", "0", "KOR:mil-2"),
)


class _Asked:
    """A request whose fields are attributes, as Casbin's matchers read them."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.__dict__.update(request)


def _casbin() -> Judge:
    model = casbin.Model()
    model.load_model_from_text(CASBIN)
    enforcer = casbin.Enforcer(model)
    enforcer.add_function(
        "within", lambda word, above: word == above or word.startswith(f"{above}.")
    )
    enforcer.add_function("of_party", lambda office, party: office.startswith(f"{party}/"))
    enforcer.add_function("number", int)
    for row in TABLE:
        enforcer.add_policy(*row)
    return lambda request: bool(enforcer.enforce(_Asked(request)))


ENGINES: Final[dict[str, Callable[[], Judge]]] = {
    "cedarpy": _cedar,
    "CEL in Rust": _cel,
    "regopy": _rego,
    "casbin": _casbin,
}


def _measured(judge: Judge, requests: list[dict[str, Any]], seconds: float) -> dict[str, float]:
    again = cycle(requests)
    count, spent = 0, time.process_time()
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        for _ in range(50):
            judge(next(again))
        count += 50
    spent = time.process_time() - spent
    took = []
    for _ in range(1000):
        request = next(again)
        start = time.perf_counter()
        judge(request)
        took.append((time.perf_counter() - start) * 1e6)
    return {"rate": count / spent, "p99": sorted(took)[990]}


def main() -> None:
    """Answer line by line until there is nothing more to answer."""
    judges = {name: make() for name, make in ENGINES.items()}
    requests: list[dict[str, Any]] = []
    for line in sys.stdin:
        asked = json.loads(line)
        if "requests" in asked:
            requests = asked["requests"]
            said: Any = {name: [one(each) for each in requests] for name, one in judges.items()}
        else:
            said = _measured(judges[asked["engine"]], requests, asked["seconds"])
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
