#!/usr/bin/env python3
"""The journey of one earner over HTTP, against the running processes.

    award.py BASE BIN STATE

An issuer is made, a micro-credential imported; an earner drafts three parts,
attaches evidence, submits and is promised a day; an assessor scores and awards;
the earner is told and holds a credential that verifies; the helpdesk answers.
Each refusal on the way is asked for too. Waits for conditions, never for time.
"""
import json

import work
from world import Person, await_that, check, finish, set_up, spoken_code


def find():
    anyone = Person()
    found = anyone.call("GET", "/micro-credentials?q=reading")
    check("found", [row["title"] for row in found["items"]], ["Reading Circles"])
    check("issuer facet", found["facets"]["issuer"][0]["count"], 1)
    anyone.call("GET", "/micro-credentials?colour=red", want=400)
    return found["items"][0]["id"]


def draft(earner, micro_credential):
    s = work.start(earner, micro_credential)
    check("state", s["state"], "draft")
    second = earner.post("/submissions", {"microCredentialId": micro_credential}, want=409)
    check("the first is named", second["current"]["id"], s["id"])
    path = f"/submissions/{s['id']}"
    earner.call("PUT", f"{path}/parts/overview", {"text": work.TEXT}, want=428)
    earner.put(f"{path}/parts/overview", {"text": work.TEXT}, 1)
    stale = earner.put(f"{path}/parts/overview", {"text": "other"}, 1, want=412)
    check("the current text comes along", stale["current"]["text"], work.TEXT)
    incomplete = earner.post(f"{path}/submit", want=422)
    check("every reason is told", len(incomplete["errors"]) >= 4, True)
    work.fill(earner, path)
    return s


def submit(earner, other, s):
    path = f"/submissions/{s['id']}"
    earner.post(f"{path}/submit", want=428, key=None)
    other.call("GET", path, want=404)
    other.post(f"{path}/submit", want=404)
    receipt = earner.post(f"{path}/submit", key="once")
    check("submitted", receipt["state"], "submitted")
    check("the same answer again", earner.post(f"{path}/submit", key="once"), receipt)
    check("the zone goes with the date", receipt["timeZone"], "America/New_York")
    clock = earner.call("GET", path)["reviewClock"]
    check("fourteen days count", sum(day["counts"] for day in clock["days"]), 14)
    return receipt


def review(receipt):
    assessor, second = Person("assessor@example.org"), Person("second@example.org")
    row = await_that("the review is queued", lambda: assessor.call("GET", "/reviews?queue=pool")["items"])[0]
    check("the code", row["submissionCode"], receipt["code"])
    path = f"/reviews/{row['id']}"
    assessor.post(f"{path}/claim")
    second.post(f"{path}/claim", want=409)
    shown = assessor.call("GET", path)
    check("blind", "Earner" in json.dumps(shown), False)
    assessor.post(f"{path}/decision", {"outcome": "awarded"}, want=422)
    scores = {"scores": [{"criterionId": c["id"], "levelId": "l1", "comment": "Seen."}
                         for part in shown["rubric"]["parts"] for c in part["criteria"]],
              "feedback": [{"kind": "praise", "part": "overview", "text": "The roles are clear."}]}
    assessor.call("PUT", f"{path}/scores", scores, want=428)
    assessor.call("PUT", f"{path}/scores", scores, headers={"If-Match": f'"{shown["version"]}"'})
    assessor.call("PUT", f"{path}/scores", scores, want=412, headers={"If-Match": f'"{shown["version"]}"'})
    assessor.post(f"{path}/decision", {"outcome": "denied"}, want=422)
    assessor.post(f"{path}/decision", {"outcome": "awarded"}, want=428, key=None)
    assessor.post(f"{path}/decision", {"outcome": "awarded"})


def result(earner, s):
    done = await_that("the earner sees the award", lambda: (lambda x: x if x["state"] == "awarded" else None)(
        earner.call("GET", f"/submissions/{s['id']}")))
    check("outcome", done["decision"]["outcome"], "awarded")
    row = await_that("the credential is signed", lambda: earner.call("GET", "/credentials")["items"])[0]
    jwt = Person().call("GET", f"/credentials/{row['id']}", headers={"Accept": "application/vc+jwt"})
    check("a JWT", jwt.count(b"."), 2)
    await_that("the earner is told", lambda: [n for n in earner.call("GET", "/notifications")["items"] if "decision" in n["kind"] or "award" in n["kind"]])


def help_desk(earner, other, receipt):
    body = {"subject": "Where is it?", "body": f"My work {spoken_code(receipt['code'])} please"}
    earner.call("POST", "/tickets", body, want=428)
    asked = earner.post("/tickets", body, want=201)
    # The helpdesk may hear of the submission a moment after the question about it: the answer follows then.
    ticket = await_that("the submission is linked", lambda: (lambda t: t if "submission" in t else None)(
        earner.get(f"/tickets/{asked['id']}")))
    check("the right one", ticket["submission"]["code"], receipt["code"])
    check("its date is told, once", sum("Result by" in m["body"] for m in ticket["messages"]), 1)
    foreign = other.post("/tickets", body, want=201)
    check("somebody else's tells nothing", foreign.get("submission"), None)


def main():
    set_up()
    micro_credential = find()
    earner, other = Person("earner@example.org"), Person("other@example.org")
    s = draft(earner, micro_credential)
    receipt = submit(earner, other, s)
    help_desk(earner, other, receipt)
    review(receipt)
    result(earner, s)
    finish()


main()
