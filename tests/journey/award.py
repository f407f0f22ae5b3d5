#!/usr/bin/env python3
"""The journey of one earner over HTTP, against the running processes.

    award.py BASE BIN STATE

An issuer is made, a micro-credential imported; an earner drafts three parts,
attaches evidence, submits and is promised a day; an assessor scores and awards;
the earner is told and holds a credential that verifies; the helpdesk answers.
Each refusal on the way is asked for too. Waits for conditions, never for time.
"""
import http.cookiejar
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid

BASE, BIN, STATE = sys.argv[1:4]
PASSWORD = "correct horse battery"
checked = 0


def check(what, got, want):
    global checked
    checked += 1
    if got != want:
        sys.exit(f"{what}: got {got!r}, want {want!r}")


class Person:
    """One signed-in browser: a cookie jar and the origin it comes from."""

    def __init__(self, email=None):
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        if email:
            self.call("POST", "/sessions", {"email": email, "password": PASSWORD}, want=201)

    def call(self, verb, path, body=None, want=200, headers=None, raw=None, content=None):
        data = raw if raw is not None else json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(BASE + "/api/v1" + path, data, method=verb)
        request.add_header("Origin", BASE)
        if data is not None:
            request.add_header("Content-Type", content or "application/json")
        for name, value in (headers or {}).items():
            request.add_header(name, value)
        try:
            with self.opener.open(request, timeout=20) as reply:
                status, text, self.headers = reply.status, reply.read(), reply.headers
        except urllib.error.HTTPError as error:
            status, text, self.headers = error.code, error.read(), error.headers
        if status != want:
            sys.exit(f"{verb} {path}: {status}, want {want}: {text[:800]!r}")
        global checked
        checked += 1
        return json.loads(text) if text and b"json" in self.headers.get("Content-Type", "").encode() else text

    def post(self, path, body=None, want=200, key=True):
        headers = {"Idempotency-Key": uuid.uuid4().hex} if key is True else {"Idempotency-Key": key} if key else {}
        return self.call("POST", path, body, want, headers)


def await_that(what, condition, seconds=20):
    until = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > until:
            sys.exit(f"{what}: not within {seconds} s")
        time.sleep(0.05)


def seed(email, name, roles):
    run = open(os.path.join(STATE, "run")).read().strip()
    subprocess.run(
        [f"{BIN}/vouch-identity", "--config", f"{STATE}/vouch.conf", "--call", "Accounts.Seed"], check=True,
        input=json.dumps({"email": email, "name": name, "password": PASSWORD, "roles": roles}).encode(),
        stdout=subprocess.DEVNULL,
        env={**os.environ, "VOUCH_DATABASE": f"host={run} user=vouch_identity dbname=vouch"})


def document():
    def rubric(part, levels=("Passing", "Not yet")):
        return {"criteria": [{"id": f"c-{part}", "title": f"Shows {part}", "required": True, "components": ["m1"],
                              "levels": [{"id": "l1", "title": levels[0], "description": "There.", "passing": True},
                                         {"id": "l2", "title": levels[1], "description": "Missing.", "passing": False}]}]}

    def part(key, title):
        return {"key": key, "title": title, "introduction": "", "minWords": 5, "maxWords": 200, "rubric": rubric(key),
                "prompts": [{"id": f"p-{key}", "text": "Tell.", "components": ["m1"]}]}

    return {"key": "reading-circles", "title": "Reading Circles", "summary": "Leads reading circles.", "language": "en",
            "competency": "Leads reading circles that all pupils take part in.", "keyMethod": "Roles that change.",
            "methodComponents": [{"id": "m1", "title": "Roles", "description": "Roles change each week."}],
            "research": "Reading together helps.", "resources": [], "audiences": ["Classroom teacher"],
            "topics": ["Literacy"], "estimatedHours": 8, "fee": {"amount": "0", "currency": "USD", "note": "none"},
            "needsLearners": True, "collaborationPolicy": "allowed", "collaborationNote": "Welcome.",
            "sharedArtifacts": [], "aiPolicy": "disclosed_assist", "aiNote": "Say how.", "exclusivelyAiIsDenied": True,
            "resubmissionPolicy": "unlimited", "resubmissionLimit": 0, "resubmissionNote": "Any time.", "stacks": [],
            "guidelines": "Three parts.", "parts": [part("overview", "Part 1: Overview"),
                                                    part("work_examples", "Part 2: Work Examples"),
                                                    part("reflection", "Part 3: Reflection")],
            "evidenceRequirements": [{"id": "e1", "title": "A plan", "description": "Your plan.", "evidenceType": "document",
                                      "min": 1, "max": 2, "accepts": ["txt", "pdf"]}]}


def set_up():
    everywhere = "*"
    seed("admin@example.org", "Admin", [{"issuerId": everywhere, "role": "platform_admin"}])
    for who, role in (("author", "issuer_owner"), ("assessor", "assessor"), ("second", "assessor"), ("lead", "pool_lead")):
        seed(f"{who}@example.org", who.title(), [{"issuerId": "riverbend", "role": role}])
    for who in ("earner", "other"):
        seed(f"{who}@example.org", who.title(), [])
    admin = Person("admin@example.org")
    admin.post("/studio/issuers", {
        "id": "riverbend", "profile": {"name": "Riverbend", "blindReview": True},
        "calendar": {"timeZone": "America/New_York", "weekend": ["sat", "sun"],
                     "holidays": [{"date": "2026-12-25", "name": "Christmas Day"}]}}, want=201)
    author = Person("author@example.org")
    check("import", author.post("/studio/imports", {"issuerId": "riverbend", "document": document()})["changed"], True)
    check("import again", author.post("/studio/imports", {"issuerId": "riverbend", "document": document()})["changed"], False)


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
    print(f"{checked} passed, 0 failed")


main()
