"""What every story over HTTP stands on: people, conditions, and a first issuer.

A story is run with BASE BIN STATE: the installation's address, its programs and
its folder. Waits for conditions, never for time. Every answer is held against
the OpenAPI document (contract.py), and every refusal against the form of api.md.
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

import contract

BASE, BIN, STATE = sys.argv[1:4]
PASSWORD = "correct horse battery"
ISSUER = "riverbend"
checked = 0


def count():
    """One more thing held."""
    global checked
    checked += 1


def check(what, got, want):
    count()
    if got != want:
        sys.exit(f"{what}: got {got!r}, want {want!r}")


def check_problem(where, status, media_type, text):
    """A refusal says type, title, status, detail; and of each broken rule field, rule, message."""
    if media_type != "application/problem+json":
        sys.exit(f"{where}: {status} as {media_type!r}")
    problem = json.loads(text)
    if problem["status"] != status or not all(problem.get(name) for name in ("type", "title", "detail")):
        sys.exit(f"{where}: the problem is incomplete: {text!r}")
    for error in problem.get("errors", ()):
        if sorted(error) != ["field", "message", "rule"] or not all(error.values()):
            sys.exit(f"{where}: the error is incomplete: {error!r}")


class Stay(urllib.request.HTTPRedirectHandler):
    """Shows where it is sent instead of going there."""

    def redirect_request(self, *_):
        return None


class Person:
    """One signed-in browser: a cookie jar and the origin it comes from; or a program with a TOKEN."""

    def __init__(self, email=None, token=None):
        self.token = token
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(Stay(), urllib.request.HTTPCookieProcessor(self.jar))
        if email:
            email = email if "@" in email else email + "@example.org"
            self.account = self.call("POST", "/sessions", {"email": email, "password": PASSWORD}, want=201)["account"]

    def call(self, verb, path, body=None, want=200, headers=None, raw=None, content=None, origin=BASE, root=False):
        """The answer, which must have the status WANT (or one of them); its status and headers stay in self."""
        data = raw if raw is not None else json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(BASE + ("" if root else "/api/v1") + path, data, method=verb)
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        elif origin:
            request.add_header("Origin", origin)
        if data is not None:
            request.add_header("Content-Type", content or "application/json")
        for name, value in (headers or {}).items():
            request.add_header(name, value)
        try:
            with self.opener.open(request, timeout=20) as reply:
                status, text, self.headers = reply.status, reply.read(), reply.headers
        except urllib.error.HTTPError as error:
            status, text, self.headers = error.code, error.read(), error.headers
        self.status = status
        wanted = want if isinstance(want, tuple) else (want,)
        if status not in wanted:
            sys.exit(f"{verb} {path}: {status}, want {want}: {text[:800]!r}")
        count()
        media_type = self.headers.get("Content-Type", "")
        if not self.headers.get("X-Request-Id"):
            sys.exit(f"{verb} {path}: {status} without X-Request-Id")
        if status >= 400:
            check_problem(f"{verb} {path}", status, media_type, text)
        contract.hold(verb, path, status, media_type, text)
        return json.loads(text) if text and "json" in media_type else text

    def get(self, path, want=200, **more):
        return self.call("GET", path, want=want, **more)

    def post(self, path, body=None, want=200, key=True, headers=None):
        own = {"Idempotency-Key": uuid.uuid4().hex} if key is True else {"Idempotency-Key": key} if key else {}
        return self.call("POST", path, body, want, {**own, **(headers or {})})

    def put(self, path, body, version=None, want=200):
        return self.call("PUT", path, body, want, {"If-Match": f'"{version}"'} if version is not None else {})

    def delete(self, path, want=204):
        return self.call("DELETE", path, want=want)

    def upload(self, path, name, media_type, data, fields=None, want=201):
        """A file as a browser's form sends it."""
        boundary = "b" + uuid.uuid4().hex
        form = b"".join(f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{text}\r\n'.encode()
                        for key, text in (fields or {}).items())
        form += (f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
                 f"Content-Type: {media_type}\r\n\r\n").encode() + data + f"\r\n--{boundary}--\r\n".encode()
        return self.call("POST", path, raw=form, want=want, content=f"multipart/form-data; boundary={boundary}",
                         headers={"Idempotency-Key": uuid.uuid4().hex})


def fields_of(problem):
    """The fields that a refusal names, sorted."""
    return sorted({error["field"] for error in problem.get("errors", ())})


def await_that(what, condition, seconds=20):
    until = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > until:
            sys.exit(f"{what}: not within {seconds} s")
        time.sleep(0.05)


def spoken_code(code):
    """A submission's code as people write it: small, with gaps; as it is when that would read like words (no digit from 2 on)."""
    return code.lower().replace("-", " ") if any(c in "23456789" for c in code) else code


def vouchctl(*words, want=0, text=None, as_json=True, environment=None):
    """Runs a word of the command line; its output, as JSON unless told otherwise. TEXT (or bytes) is its standard input."""
    done = subprocess.run([f"{BIN}/vouchctl", *words, *(["--json"] if as_json else [])], input=text if isinstance(text, bytes) else (text or "").encode(),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, check=False,
                          env={**os.environ, "VOUCH_STATE": STATE, **(environment or {})})
    if done.returncode not in (want if isinstance(want, tuple) else (want,)):
        sys.exit(f"vouchctl {' '.join(words)}: exit {done.returncode}, want {want}: {done.stdout!r} {done.stderr!r}")
    count()
    if want == 2:
        return done.stderr.decode()
    return json.loads(done.stdout) if as_json else done.stdout.decode()


def seed(email, name, roles):
    email = email if "@" in email else email + "@example.org"
    run = open(os.path.join(STATE, "run")).read().strip()
    subprocess.run(
        [f"{BIN}/vouch-identity", "--config", f"{STATE}/vouch.conf", "--call", "Accounts.Seed"], check=True,
        input=json.dumps({"email": email, "name": name, "password": PASSWORD, "roles": roles}).encode(),
        stdout=subprocess.DEVNULL,
        env={**os.environ, "VOUCH_DATABASE": f"host={run} user=vouch_identity dbname=vouch"})


def newcomer(name):
    """A person without roles, of this story and this run alone, as one signs up."""
    email = f"{name.lower()}-{uuid.uuid4().hex[:8]}@example.org"
    Person().post("/accounts", {"email": email, "name": name, "password": PASSWORD}, want=201)
    return Person(email)


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


def offer(key, issuer=ISSUER, **changes):
    """Publishes a micro-credential of the story's own; its id. Other issuers than the first have an author-ISSUER."""
    made = {**document(), "key": key, "title": key.replace("-", " ").title(), **changes}
    author = Person("author" if issuer == ISSUER else f"author-{issuer}")
    return author.post("/studio/imports", {"issuerId": issuer, "document": made})["id"]


def set_up():
    """People with roles, an issuer and a first micro-credential; made by the first story that asks."""
    mark = os.path.join(STATE, "world")
    if os.path.exists(mark):
        return
    everywhere = "*"
    seed("admin", "Admin", [{"issuerId": everywhere, "role": "platform_admin"}])
    for who, role in (("author", "issuer_owner"), ("assessor", "assessor"), ("second", "assessor"),
                      ("lead", "pool_lead"), ("ops", "ops"), ("agent", "helpdesk_agent")):
        seed(who, who.title(), [{"issuerId": ISSUER, "role": role}])
    for who in ("earner", "other"):
        seed(who, who.title(), [])
    admin = Person("admin")
    admin.post("/studio/issuers", {
        "id": ISSUER, "profile": {"name": "Riverbend", "blindReview": True},
        "calendar": {"timeZone": "America/New_York", "weekend": ["sat", "sun"],
                     "holidays": [{"date": "2026-11-26", "name": "Thanksgiving Day"},
                                  {"date": "2026-12-25", "name": "Christmas Day"}]}}, want=201)
    author = Person("author")
    check("import", author.post("/studio/imports", {"issuerId": ISSUER, "document": document()})["changed"], True)
    check("import again", author.post("/studio/imports", {"issuerId": ISSUER, "document": document()})["changed"], False)
    open(mark, "w").close()


def finish():
    print(f"{checked} passed, 0 failed")
