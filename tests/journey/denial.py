#!/usr/bin/env python3
"""Denied, and awarded the second time.

    denial.py BASE BIN STATE

The earner reads feedback of every kind, starts again from the denied work, changes
what was asked for, and another decision awards it.
"""
import html

import work
from world import BASE, Person, await_that, check, finish, newcomer, offer, set_up

FEEDBACK = [
    {"kind": "praise", "part": "overview", "text": "The roles are clear."},
    {"kind": "challenge", "part": "reflection", "text": "Say what you would do differently; a page of your journal would show it."},
    {"kind": "resource", "part": "reflection", "text": "A guide to reflective writing.", "url": "https://example.org/reflection"},
    {"kind": "personal", "text": "I enjoyed reading about your circle."},
]


def page(earner, path):
    """What the earner's browser shows at PATH, without scripts."""
    text = earner.opener.open(BASE + path, timeout=20).read().decode()
    check(f"{path} is a page", text.startswith("<!doctype html>"), True)
    return html.unescape(text)


def denied(earner, path, receipt):
    work.decide(Person("assessor"), receipt["code"], "denied", failing=("reflection",), feedback=FEEDBACK)
    s = work.state_comes(earner, path, "denied")
    decision = s["decision"]
    check("the outcome", (decision["outcome"], decision["reason"]), ("denied", "not_met"))
    check("feedback of every kind", sorted(f["kind"] for f in decision["feedback"]), ["challenge", "personal", "praise", "resource"])
    for given in FEEDBACK:
        check(f"the {given['kind']} as it was written", [f for f in decision["feedback"] if f["kind"] == given["kind"]], [given])
    check("level by level", {(x["criterionId"], x["levelId"]) for x in decision["scores"]},
          {("c-overview", "l1"), ("c-work_examples", "l1"), ("c-reflection", "l2")})
    check("the clock is met", (s["reviewClock"]["state"], s["reviewClock"]["overdue"]), ("met", False))
    told = await_that("the earner is told", lambda: [n for n in earner.get("/notifications")["items"]
                                                     if n.get("submissionCode") == receipt["code"] and n["kind"] == "decision"])
    check("told once", len(told), 1)
    check("without the feedback", any(f["text"] in told[0]["body"] for f in FEEDBACK), False)
    shown = page(earner, f"{path}/result")
    check("the page counts what to strengthen", "Not awarded yet. One part to strengthen." in shown, True)
    check("and shows all feedback", [f["text"] for f in FEEDBACK if f["text"] not in shown], [])
    check("no credential comes of it", earner.get("/credentials")["items"], [])
    return s


def again(earner, path, before, micro_credential):
    other = Person("other")
    other.post(f"{path}/resubmission", want=404)
    draft = earner.post(f"{path}/resubmission", want=201, key="again")
    check("once under one key", earner.post(f"{path}/resubmission", want=201, key="again")["id"], draft["id"])
    check("a second open one names the first", earner.post(f"{path}/resubmission", want=409)["current"]["id"], draft["id"])
    check("nor a fresh one", earner.post("/submissions", {"microCredentialId": micro_credential}, want=409)["current"]["id"], draft["id"])
    check("a new attempt of the same", (draft["attempt"], draft["previousId"], draft["state"]), (2, before["id"], "draft"))
    check("it has an ID of its own", draft["code"] != before["code"], True)
    check("it starts from the denied one", [(p["key"], p["text"]) for p in draft["parts"]], [(p["key"], p["text"]) for p in before["parts"]])
    check("with its evidence", [e["title"] for e in draft["evidence"]], [e["title"] for e in before["evidence"]])
    path = f"/submissions/{draft['id']}"
    for name in ("ownWork", "personalInformation"):
        if not any(draft["declarations"].get(name, {}).values()):
            earner.put(f"{path}/declarations", work.DECLARED)
    work.write(earner, path, "reflection", work.TEXT + " Next year I would let the pupils choose the roles.")
    await_that("nothing blocks", lambda: earner.get(f"{path}/checks")["ready"])
    receipt = earner.post(f"{path}/submit")
    check("the second attempt", receipt["attempt"], 2)
    check("the denied one stays denied", earner.get(f"/submissions/{before['id']}")["state"], "denied")
    return path, receipt


def awarded(earner, path, receipt):
    second = Person("second")
    review = work.decide(second, receipt["code"], "awarded")
    check("another decision", (review["attempt"], review["decision"]["outcome"]), (2, "awarded"))
    s = work.state_comes(earner, path, "awarded")
    check("its own clock", s["submittedAt"] == receipt["submittedAt"], True)
    # The submission hears of the credential after it was signed.
    credential = await_that("the submission has its credential", lambda: earner.get(path).get("credentialId"))
    check("the page leads to the credential", f'href="/c/{credential}"' in page(earner, f"{path}/result"), True)
    check("it is in, by the day that was promised", "You’ll hear by <b>" in page(earner, f"{path}/sent"), True)
    states = {row["code"]: row["state"] for row in earner.get("/submissions?state=awarded&state=denied")["items"]}
    check("both stand in the list", sorted(states.values()), ["awarded", "denied"])
    earner.post(f"{path}/resubmission", want=409)


def main():
    set_up()
    micro_credential = offer("denied-work")
    earner = newcomer("Denied")
    path, receipt = work.hand_in(earner, micro_credential)
    before = denied(earner, path, receipt)
    path, receipt = again(earner, path, before, micro_credential)
    awarded(earner, path, receipt)
    finish()


main()
