"""What every story over HTTP stands on: people, conditions, and a first issuer.

A story is run with BASE BIN STATE: the installation's address, its programs and
its folder. Waits for conditions, never for time.
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


def count():
    """One more thing held."""
    global checked
    checked += 1


def check(what, got, want):
    count()
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
        count()
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


def finish():
    print(f"{checked} passed, 0 failed")
