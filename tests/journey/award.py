#!/usr/bin/env python3
"""The journey of one earner over HTTP, against the running processes.

    award.py BASE BIN STATE

An issuer is made, a micro-credential imported; an earner drafts three parts,
attaches evidence, submits and is promised a day; an assessor scores and awards;
the earner is told and holds a credential that verifies; the helpdesk answers.
Each refusal on the way is asked for too. Waits for conditions, never for time.
"""
import json
import sys
import urllib.error
import urllib.request
import uuid

from world import BASE, Person, await_that, check, finish, set_up


def find():
    anyone = Person()
    found = anyone.call("GET", "/micro-credentials?q=reading")
    check("found", [row["title"] for row in found["items"]], ["Reading Circles"])
    check("issuer facet", found["facets"]["issuer"][0]["count"], 1)
    anyone.call("GET", "/micro-credentials?colour=red", want=400)
    return found["items"][0]["id"]


def draft(earner, micro_credential):
    body = {"microCredentialId": micro_credential}
    s = await_that("the submission service knows the version", lambda: try_draft(earner, body))
    check("state", s["state"], "draft")
    second = earner.post("/submissions", body, want=409)
    check("the first is named", second["current"]["id"], s["id"])
    path = f"/submissions/{s['id']}"
    text = "My circle reads a chapter each week and the roles change."
    earner.call("PUT", f"{path}/parts/overview", {"text": text}, want=428)
    earner.call("PUT", f"{path}/parts/overview", {"text": text}, headers={"If-Match": '"1"'})
    stale = earner.call("PUT", f"{path}/parts/overview", {"text": "other"}, want=412, headers={"If-Match": '"1"'})
    check("the current text comes along", stale["current"]["text"], text)
    incomplete = earner.post(f"{path}/submit", want=422)
    check("every reason is told", len(incomplete["errors"]) >= 4, True)
    for key in ("work_examples", "reflection"):
        version = [p["version"] for p in earner.call("GET", path)["parts"] if p["key"] == key][0]
        earner.call("PUT", f"{path}/parts/{key}", {"text": text}, headers={"If-Match": f'"{version}"'})
    earner.call("PUT", f"{path}/declarations", {
        "collaboration": {"collaborative": False}, "ai": {"used": False},
        "personalInformation": {"reviewed": True}, "ownWork": {"confirmed": True}})
    boundary = "b" + uuid.uuid4().hex
    file = (f"--{boundary}\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nThe plan\r\n"
            f"--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"plan.txt\"\r\n"
            f"Content-Type: text/plain\r\n\r\n{'We read together every Monday. ' * 20}\r\n--{boundary}--\r\n")
    earner.call("POST", f"{path}/evidence", raw=file.encode(), want=201, content=f"multipart/form-data; boundary={boundary}")
    await_that("the file is checked", lambda: earner.call("GET", f"{path}/checks")["ready"])
    return s


def try_draft(earner, body):
    request = urllib.request.Request(BASE + "/api/v1/submissions", json.dumps(body).encode(), {
        "Content-Type": "application/json", "Origin": BASE, "Idempotency-Key": uuid.uuid4().hex}, method="POST")
    try:
        with earner.opener.open(request, timeout=20) as reply:
            return json.loads(reply.read())
    except urllib.error.HTTPError as error:
        if error.code == 404:
            return None
        sys.exit(f"POST /submissions: {error.code} {error.read()!r}")


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
    body = {"subject": "Where is it?", "body": f"My work {receipt['code'].lower().replace('-', ' ')} please"}
    earner.call("POST", "/tickets", body, want=428)
    # The helpdesk hears of a submission a moment after the earner has its receipt.
    ticket = await_that("the helpdesk knows the submission", lambda: (lambda t: t if "submission" in t else None)(
        earner.post("/tickets", body, want=201)))
    check("the submission is linked", ticket["submission"]["code"], receipt["code"])
    check("an answer is there", len(ticket["messages"]) >= 2, True)
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
