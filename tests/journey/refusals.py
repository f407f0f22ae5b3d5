#!/usr/bin/env python3
"""What the API refuses, and that a refusal changes nothing.

    refusals.py BASE BIN STATE

Conventions first (form, headers, sizes, keys, pages), then the journey's own. The
form of every refusal itself is held by world.py.
"""
import base64
import glob
import json
import threading
import uuid

import work
from world import BASE, STATE, Person, await_that, check, count, fields_of, finish, newcomer, offer, set_up

LISTS = (("/issuers", "nobody"), ("/micro-credentials", "nobody"), ("/articles", "nobody"), ("/submissions", "earner"),
         ("/reviews", "lead"), ("/reviews?queue=mine", "lead"), ("/reviews?queue=all", "lead"), ("/ops/overdue", "lead"),
         ("/notifications", "earner"), ("/credentials", "earner"), ("/tickets", "earner"), ("/tickets?queue=desk", "agent"),
         ("/studio/micro-credentials?issuerId=riverbend", "author"), ("/studio/roles?issuerId=riverbend", "author"))


def bodies(earner):
    """400 malformed, 413, 415, 422: what is wrong with a body or a query."""
    for text in (b"{", b"[]", b'"text"', b'{"a": 1} {"b": 2}', b'{"microCredentialId": "a", "microCredentialId": "b"}', b"\xff\xfe"):
        earner.call("POST", "/submissions", raw=text, want=400)
    wrong = earner.post("/submissions", {"microCredentialId": "riverbend~x", "colour": "red"}, want=400)
    check("the unknown field is named", "colour" in fields_of(wrong), True)
    check("a PROTO name is no JSON name", fields_of(earner.post("/submissions", {"micro_credential_id": "x"}, want=400)),
          ["micro_credential_id"])
    wrong = earner.post("/submissions", {"microCredentialId": 5}, want=(400, 422))
    check("the wrong type is named", fields_of(wrong), ["microCredentialId"])
    check("what is missing is named", fields_of(earner.post("/submissions", {}, want=422)), ["microCredentialId"])
    all_at_once = Person().post("/accounts", {"email": "nobody", "name": "", "password": "short", "timeZone": "Mars/Olympus"}, want=422)
    check("every fault at once", fields_of(all_at_once), ["email", "name", "password", "timeZone"])
    earner.call("POST", "/submissions", raw=b"microCredentialId=1", content="application/x-www-form-urlencoded", want=415)
    earner.call("POST", "/submissions", raw=b"{}", content="text/plain", want=415)
    earner.call("POST", "/tickets", raw=b'{"subject": "s", "body": "' + b"x" * (3 << 20) + b'"}', want=413,
                headers={"Idempotency-Key": "large"})
    long = earner.post("/tickets", {"subject": "s" * 301, "body": "b"}, want=422)
    check("the bound is named", [(e["field"], e["rule"]) for e in long["errors"]], [("subject", "max")])
    for state in ("lost", "DRAFT", "discarded"):
        check("the state is named", fields_of(earner.get(f"/submissions?state={state}", want=400)), ["state"])
    anyone = Person()
    for query, field in (("colour=red", "colour"), ("limit=0", "limit"), ("limit=101", "limit"), ("limit=many", "limit"),
                         ("limit=1&limit=2", "limit"), ("sort=luck", "sort"), ("stack=no-such", "stack"), ("issuer=nobody", "issuer"), ("topic=none", "topic")):
        wrong = anyone.get(f"/micro-credentials?{query}", want=422 if query in ("limit=0", "limit=101") else 400)
        check(f"{query} is named", fields_of(wrong), [field])


def rights(earner, other):
    """401, 403, 404, 405: who may not, and who may not even know."""
    anyone = Person()
    for verb, path in (("GET", "/me"), ("GET", "/submissions"), ("POST", "/submissions"), ("GET", "/reviews"), ("GET", "/tickets"),
                       ("GET", "/notifications"), ("GET", "/credentials"), ("GET", "/ops/queues"), ("GET", "/events"),
                       ("POST", "/studio/imports"), ("GET", "/tokens")):
        anyone.call(verb, path, {} if verb == "POST" else None, want=401)
    check("how to sign in is told", anyone.headers["WWW-Authenticate"].startswith("Bearer"), True)
    Person(token="made-up").get("/me", want=401)
    for path in ("/reviews", "/ops/queues", "/ops/overdue"):
        earner.get(path, want=403)
    earner.post("/studio/issuers", {"id": "mine", "profile": {"name": "Mine"}, "calendar": {"timeZone": "Etc/UTC"}}, want=403)
    earner.post("/studio/imports", {"issuerId": "riverbend", "document": {"key": "k", "title": "T"}}, want=403)
    Person("author").post("/studio/imports", {"issuerId": "elsewhere", "document": {"key": "k", "title": "T"}}, want=(403, 404))
    Person("assessor").get("/reviews?queue=all", want=403)
    # A request with a cookie must come from here.
    for headers, origin in (({}, "https://evil.example"), ({}, "null"), ({"Sec-Fetch-Site": "cross-site"}, None),
                            ({"Sec-Fetch-Site": "same-site"}, None), ({}, None)):
        earner.call("POST", "/tickets", {"subject": "s", "body": "b"}, 403, {"Idempotency-Key": "k", **headers}, origin=origin)
    earner.call("PUT", "/me", {"name": "Evil"}, want=403, origin="https://evil.example")
    check("and nothing was changed", earner.get("/me")["account"]["name"] != "Evil", True)
    earner.call("PUT", "/me", {"name": "Refused Earner"}, origin=None, headers={"Sec-Fetch-Site": "same-origin"})
    for path in ("/nothing", "/submissions/x", "/submissions/riverbend~x", f"/submissions/riverbend~{uuid.uuid4()}",
                 f"/micro-credentials/riverbend~{uuid.uuid4()}", "/issuers/nobody", "/articles/no-such", f"/tickets/platform~{uuid.uuid4()}",
                 f"/credentials/riverbend~{uuid.uuid4()}"):
        other.get(path, want=404)
    other.call("DELETE", "/micro-credentials", want=405)
    check("what it takes is told", "GET" in other.headers["Allow"], True)


def keys(earner):
    """Idempotency-Key: the first answer again, another body 422, bounds, two at once."""
    body = {"subject": "Once", "body": "Is this asked once?"}
    first = earner.post("/tickets", body, want=201, key="the-key")
    check("the first answer again", earner.post("/tickets", body, want=201, key="the-key"), first)
    earner.post("/tickets", {**body, "body": "Something else"}, want=422, key="the-key")
    check("asked once", len([t for t in earner.get("/tickets")["items"] if t["subject"] == "Once"]), 1)
    earner.post("/tickets", body, want=428, key=None)
    earner.post("/tickets", body, want=400, key="k" * 65)
    earner.post("/tickets", {**body, "subject": "64 bytes"}, want=201, key="k" * 64)
    answers = []

    def again():
        person = Person()
        person.jar, person.opener = earner.jar, earner.opener
        answers.append((person.post("/tickets", {**body, "subject": "At once"}, want=(201, 409), key="at-once"), person.status))
    threads = [threading.Thread(target=again) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    check("six at once are all answered", len(answers), 6)
    made = {answer["id"] for answer, status in answers if status == 201}
    check("and make one", (len(made), len([t for t in earner.get("/tickets?limit=100")["items"] if t["subject"] == "At once"])), (1, 1))
    path = f"/tickets/{first['id']}"
    check("solved", earner.put(f"{path}/state", {"state": "resolved"})["state"], "resolved")
    earner.put(f"{path}/state", {"state": "waiting_review"}, want=422)
    Person("other").put(f"{path}/state", {"state": "open"}, want=404)
    check("open again by a message", earner.post(f"{path}/messages", {"body": "Not yet"}, want=201)["state"], "open")
    earner.post(f"{path}/messages", {"body": "A note", "internal": True}, want=422)
    Person("other").post(f"{path}/messages", {"body": "Mine"}, want=404)
    # Another person's key is another key.
    stranger = Person("other").post("/tickets", body, want=201, key="the-key")
    check("keys belong to people", stranger["id"] != first["id"], True)


def pages(people):
    """limit and next, and what a made-up cursor is answered."""
    made_up = ["x", "AAAA", "!", base64.urlsafe_b64encode(b"[]").decode()]
    values = ("x", "", "-1", "99999999999999999999", "9223372036854775807", "2026-11-24T00:00:00Z", "x~y", "\u0000", "1")
    for n in (1, 2, 3, 4):
        for value in values:
            made_up.append(base64.urlsafe_b64encode(json.dumps([value] * n).encode()).decode().rstrip("="))
    for path, who in LISTS:
        person = people[who]
        join = "&" if "?" in path else "?"
        answer = person.get(f"{path}{join}limit=100")
        check(f"{path} is one page", (answer.get("next"), len(answer["items"]) <= 100), (None, True))
        for cursor in made_up:
            refused = person.get(f"{path}{join}cursor={cursor}", want=(200, 400, 422))
            if person.status != 200:
                check(f"{path}: {cursor} is named", fields_of(refused), ["cursor"])
        for limit in ("0", "101", "-1", "x"):
            refused = person.get(f"{path}{join}limit={limit}", want=400 if limit == "x" else 422)
            check("the limit is named", (fields_of(refused), "1 to 100" in refused["detail"] or limit == "x"), (["limit"], True))
    earner = people["earner"]
    whole = [row["id"] for row in earner.get("/tickets?limit=100")["items"]]
    check("newest first", len(whole) >= 3, True)
    seen, query = [], "/tickets?limit=1"
    while query and len(seen) <= len(whole):
        page = earner.get(query)
        check("one a page", len(page["items"]), 1)
        seen += [row["id"] for row in page["items"]]
        query = f"/tickets?limit=1&cursor={page['next']}" if "next" in page else None
    check("page by page is the whole", seen, whole)


def tags(earner, micro_credential):
    """ETag and If-None-Match; the request's id in the logs of all who worked on it."""
    anyone = Person()
    anyone.get(f"/micro-credentials/{micro_credential}")
    tag = anyone.headers["ETag"]
    anyone.get(f"/micro-credentials/{micro_credential}", want=304, headers={"If-None-Match": tag})
    s = work.start(earner, micro_credential)
    trace = earner.headers["X-Request-Id"]

    def logged(name):
        return [path for path in glob.glob(f"{STATE}/log/{name}.*.log") if trace in open(path).read()]
    for name in ("gateway", "submission"):
        await_that(f"{trace} stands in the log of {name}", lambda name=name: logged(name))
    count()
    path = f"/submissions/{s['id']}"
    for version in ("x", "*", '"1", "2"', '"1'):
        earner.call("PUT", f"{path}/parts/overview", {"text": "t"}, want=(400, 428), headers={"If-Match": version})
    earner.call("PUT", f"{path}/parts/overview", {"text": "t"}, want=428)
    earner.put(f"{path}/parts/overview", {"text": "First."}, 1)
    check("the new tag", earner.headers["ETag"] not in (None, '"1"'), True)
    stale = earner.put(f"{path}/parts/overview", {"text": "Second."}, 1, want=412)
    check("the body has the current version", stale["current"]["text"], "First.")
    check("nothing is overwritten", earner.get(path)["parts"][0]["text"], "First.")
    earner.put(f"{path}/parts/summary", {"text": "t"}, 1, want=(404, 422))
    return s, path


def journey(earner, other, micro_credential, s, path):
    """The refusals on the way from draft to decision."""
    second = earner.post("/submissions", {"microCredentialId": micro_credential}, want=409)
    check("the first is named", second["current"]["id"], s["id"])
    incomplete = earner.post(f"{path}/submit", want=422)
    named = {error["rule"] for error in incomplete["errors"]}
    blocking = {item["rule"] for item in earner.get(f"{path}/checks")["items"] if item["severity"] == "blocks"}
    check("submit names every check that blocks", named, blocking)
    check("there are several", len(blocking) >= 4, True)
    check("the draft is as it was", earner.get(path)["state"], "draft")
    earner.post(f"{path}/submit", want=428, key=None)
    for verb, rest, body in (("GET", "", None), ("DELETE", "", None), ("GET", "/checks", None), ("PUT", "/declarations", work.DECLARED),
                             ("POST", "/submit", None), ("POST", "/withdraw", {}), ("POST", "/resubmission", None),
                             ("POST", "/evidence", {"url": "https://example.org/", "title": "t"}), ("GET", "/parts/overview/history", None)):
        other.call(verb, path + rest, body, want=404, headers={"Idempotency-Key": uuid.uuid4().hex})
    other.put(f"{path}/parts/overview", {"text": "mine"}, 2, want=404)
    earner.post(f"{path}/withdraw", {}, want=409)
    earner.post(f"{path}/resubmission", want=409)
    work.fill(earner, path)
    receipt = earner.post(f"{path}/submit", key="in")
    check("handed in once", earner.post(f"{path}/submit", key="in"), receipt)
    earner.post(f"{path}/submit", want=409)
    earner.put(f"{path}/parts/overview", {"text": "late"}, 9, want=(409, 412))
    earner.call("PUT", f"{path}/declarations", work.DECLARED, want=409)
    earner.post(f"{path}/evidence", {"url": "https://example.org/", "title": "t"}, want=409)
    earner.delete(path, want=409)
    return receipt


def assessment(receipt, earner):
    assessor, second = Person("assessor"), Person("second")
    path = f"/reviews/{work.review_of(assessor, receipt['code'])['id']}"
    earner.get(path, want=(403, 404))
    second.post(f"{path}/decision", {"outcome": "awarded"}, want=409)
    review = assessor.post(f"{path}/claim")
    second.post(f"{path}/claim", want=(404, 409))
    check("another holds it", second.status, 409)
    second.call("PUT", f"{path}/scores", work.scores(review), want=(404, 409), headers={"If-Match": f'"{review["version"]}"'})
    assessor.post(f"{path}/decision", {"outcome": "awarded"}, want=428, key=None)
    unscored = assessor.post(f"{path}/decision", {"outcome": "awarded"}, want=422)
    check("every criterion without a level", len([f for f in fields_of(unscored) if f.startswith("scores.")]), 3)
    assessor.call("PUT", f"{path}/scores", work.scores(review), want=428)
    for scores in ([{"criterionId": "c-nothing", "levelId": "l1"}], [{"criterionId": "c-overview", "levelId": "l9"}],
                   [{"criterionId": "c-overview", "levelId": "l1"}] * 2, [{"criterionId": "c-overview"}]):
        assessor.put(f"{path}/scores", {"scores": scores}, review["version"], want=422)
    assessor.put(f"{path}/scores", {"feedback": [{"kind": "scorn", "text": "t"}]}, review["version"], want=(400, 422))
    failed = assessor.put(f"{path}/scores", work.scores(review, failing=("reflection",)), review["version"])
    stale = assessor.put(f"{path}/scores", work.scores(review), review["version"], want=412)
    check("the current review comes along", stale["current"]["version"], failed["version"])
    against = assessor.post(f"{path}/decision", {"outcome": "awarded"}, want=422)
    check("an award against the rubric", fields_of(against), ["outcome"])
    denied = assessor.post(f"{path}/decision", {"outcome": "denied"}, want=422)
    check("a denial without feedback on the part that failed", fields_of(denied), ["feedback.reflection"])
    for outcome in ("outcome_none", "maybe"):
        assessor.post(f"{path}/decision", {"outcome": outcome}, want=(400, 422))
    check("nothing is decided", assessor.get(path)["state"], "in_review")
    earner.post(f"/submissions/{receipt['id']}/withdraw", {}, want=409)
    all_met = assessor.put(f"{path}/scores", work.scores(review), failed["version"])
    against = assessor.post(f"{path}/decision", {"outcome": "denied"}, want=422)
    check("a denial against the rubric", fields_of(against), ["outcome"])
    assessor.post(f"{path}/decision", {"outcome": "awarded"}, key="decided")
    assessor.post(f"{path}/decision", {"outcome": "awarded"}, key="decided")
    assessor.post(f"{path}/decision", {"outcome": "awarded"}, want=409)
    assessor.put(f"{path}/scores", work.scores(review), all_met["version"], want=409)
    assessor.post(f"{path}/release", want=409)


def main():
    set_up()
    micro_credential = offer("refused-work")
    earner, other = newcomer("Refused"), Person("other")
    bodies(earner)
    rights(earner, other)
    keys(earner)
    pages({"nobody": Person(), "earner": earner, "lead": Person("lead"), "agent": Person("agent"), "author": Person("author")})
    s, path = tags(earner, micro_credential)
    receipt = journey(earner, other, micro_credential, s, path)
    assessment(receipt, earner)
    check("the address stays the same", BASE.startswith("http://127.0.0.1"), True)
    finish()


main()
