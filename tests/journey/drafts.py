#!/usr/bin/env python3
"""What may be taken back: evidence, a draft, work in the queue, a claimed review.

    drafts.py BASE BIN STATE
"""
import uuid

import work
from world import BASE, Person, await_that, check, fields_of, finish, newcomer, offer, set_up

OPTIONAL_LINK = {"id": "e2", "title": "A link", "description": "Anything online.", "evidenceType": "website", "min": 0, "max": 3, "accepts": []}


def evidence_of(earner, path, evidence_id):
    return [e for e in earner.get(path)["evidence"] if e["id"] == evidence_id][0]


def checked(earner, path, evidence_id):
    return await_that("the evidence is looked at", lambda: (lambda e: e if e["state"] != "checking" else None)(
        evidence_of(earner, path, evidence_id)))


def evidence(earner, other, path):
    """Files and links: in, looked at, read again, out."""
    text = b"We read together every Monday. " * 20
    made = earner.upload(f"{path}/evidence", "IMG_2041.txt", "text/plain", text, {"title": "The plan", "requirementId": "e1"})
    check("it is being looked at", (made["kind"], made["title"], made["state"] in ("checking", "ok")), ("file", "The plan", True))
    check("and is fine", checked(earner, path, made["id"])["state"], "ok")
    check("the file comes back as it was", earner.get(f"{path}/evidence/{made['id']}/file"), text)
    other.get(f"{path}/evidence/{made['id']}/file", want=404)
    damaged = earner.upload(f"{path}/evidence", "plan.pdf", "application/pdf", b"%PDF-1.7 and nothing more", {"title": "Broken"})
    broken = checked(earner, path, damaged["id"])
    check("a damaged file says why", (broken["state"], broken["problems"][0]["rule"] != "", broken["problems"][0]["message"] != ""),
          ("problem", True, True))
    # Nobody makes our server look at what is inside.
    inside = [earner.post(f"{path}/evidence", {"url": url, "title": "Inside"}, want=201)
              for url in (f"{BASE}/health/live", "http://localhost:1/", "http://169.254.169.254/latest/meta-data",
                          "http://[::1]:8080/", "http://10.0.0.1/", "http://2130706433/")]
    for piece in inside:
        seen = checked(earner, path, piece["id"])
        check(f"{seen['url']} is not looked at", (seen["kind"], seen["state"]), ("link", "problem"))
        earner.delete(f"{path}/evidence/{piece['id']}")
    for url in ("ftp://example.org/x", "javascript:alert(1)", "file:///etc/passwd", "example.org", ""):
        check("no link", "url" in fields_of(earner.post(f"{path}/evidence", {"url": url, "title": "t"}, want=422)) or url == "", True)
    closed = earner.post(f"{path}/evidence", {"url": f"{BASE}/health/live", "title": "Closed", "requirementId": "e2"}, want=201)
    checked(earner, path, closed["id"])
    earner.post(f"{path}/evidence/{closed['id']}/check")
    check("looked at again", checked(earner, path, closed["id"])["state"], "problem")
    items = earner.get(f"{path}/checks")["items"]
    links = [i for i in items if i["rule"] == "link_open"]
    check("a closed link that is not needed only warns", [(i["severity"], i["evidenceId"]) for i in links], [("warns", closed["id"])])
    check("a broken file blocks", [i["evidenceId"] for i in items if i["severity"] == "blocks" and i["rule"] == "evidence_readable"],
          [damaged["id"]])
    check("submit says the same", any(e["field"] == f"evidence.{damaged['id']}" for e in earner.post(f"{path}/submit", want=422)["errors"]), True)
    other.delete(f"{path}/evidence/{damaged['id']}", want=404)
    earner.delete(f"{path}/evidence/{damaged['id']}")
    earner.delete(f"{path}/evidence/{damaged['id']}", want=404)
    earner.delete(f"{path}/evidence/{uuid.uuid4()}", want=404)
    check("two pieces are left", sorted(e["title"] for e in earner.get(path)["evidence"]), ["Closed", "The plan"])
    return closed["id"]


def needed_link(earner):
    """A closed link in the place of required evidence blocks."""
    required = {**OPTIONAL_LINK, "id": "e1", "min": 1}
    path = f"/submissions/{work.start(earner, offer('link-needed', evidenceRequirements=[required]))['id']}"
    closed = earner.post(f"{path}/evidence", {"url": f"{BASE}/health/live", "title": "Closed"}, want=201)
    checked(earner, path, closed["id"])
    blocking = [i["rule"] for i in earner.get(f"{path}/checks")["items"] if i["severity"] == "blocks"]
    check("a closed link that is needed blocks", "link_open" in blocking, True)
    earner.delete(path)


def history(earner, path):
    for text in ("One.", "Two.", "Three."):
        work.write(earner, path, "overview", text)
    page = earner.get(f"{path}/parts/overview/history?limit=2")
    check("newest first", [v["text"] for v in page["items"]], ["Three.", "Two."])
    rest = earner.get(f"{path}/parts/overview/history?cursor={page['next']}")
    check("and the older ones", "One." in [v["text"] for v in rest["items"]], True)


def limits(earner, path):
    """Over the limit is saved, and blocks only the submission (DRF-1)."""
    long = "word " * 201
    work.write(earner, path, "overview", long)
    check("every word is saved", earner.get(path)["parts"][0]["text"], long)
    blocking = [(i["rule"], i.get("part")) for i in earner.get(f"{path}/checks")["items"] if i["severity"] == "blocks"]
    check("and it blocks", ("word_limit", "overview") in blocking, True)


def discard(earner, other, micro_credential):
    path = f"/submissions/{work.start(earner, micro_credential)['id']}"
    other.delete(path, want=404)
    earner.delete(path)
    earner.get(path, want=404)
    earner.delete(path, want=404)
    again = work.start(earner, micro_credential)
    check("a new one may be started", (again["state"], f"/submissions/{again['id']}" != path), ("draft", True))
    return f"/submissions/{again['id']}"


def take_back(earner, path, receipt):
    """Withdrawn before a review begins; the review is gone."""
    assessor = Person("assessor")
    row = work.review_of(assessor, receipt["code"])
    done = earner.post(f"{path}/withdraw", {"reason": "I found a mistake."}, key="back")
    check("withdrawn", (done["state"], done["reviewClock"]["state"]), ("withdrawn", "cancelled"))
    check("the same answer again", earner.post(f"{path}/withdraw", {"reason": "I found a mistake."}, key="back")["state"], "withdrawn")
    await_that("the review is gone from the pool", lambda: not [
        r for r in assessor.get("/reviews?limit=100")["items"] if r["id"] == row["id"]])
    await_that("the review is cancelled", lambda: assessor.post(f"/reviews/{row['id']}/claim", want=(200, 404, 409)) and
               assessor.status in (404, 409))


def give_back(earner, path, receipt):
    """A claimed review: released, taken by another, recused."""
    assessor, second, lead = Person("assessor"), Person("second"), Person("lead")
    review = f"/reviews/{work.review_of(assessor, receipt['code'])['id']}"
    check("free", "assignee" in assessor.get(review), False)
    held = assessor.post(f"{review}/claim")
    check("mine", (held["assignee"], held["state"]), ("me", "in_review"))
    check("the list says so too", [r["id"] for r in assessor.get("/reviews?queue=mine&limit=100")["items"] if r["id"] == held["id"]], [held["id"]])
    work.state_comes(earner, path, "in_review")
    file = held["evidence"][0]
    check("blind", (file.get("fileName"), file["title"]), (None, "The plan"))
    assessor.get(f"{review}/evidence/{file['id']}/file")
    check("under a name that says nothing", "plan.txt" in assessor.headers.get("Content-Disposition", ""), False)
    second.post(f"{review}/release", want=(404, 409))
    kept = assessor.put(f"{review}/scores", work.scores(held), held["version"])
    check("released", assessor.post(f"{review}/release")["state"], "queued")
    work.state_comes(earner, path, "submitted")
    taken = second.post(f"{review}/claim")
    check("the scores stay with it", len(taken["scores"]), len(kept["scores"]))
    second.post(f"{review}/recuse", {"reason": "We share a household."})
    check("never again", second.post(f"{review}/claim", want=404)["status"], 404)
    check("the lead sees it", [r["state"] for r in lead.get("/reviews?queue=all&limit=100")["items"] if r["id"] == held["id"]], ["queued"])
    mine = assessor.post(f"{review}/claim")
    assessor.put(f"{review}/scores", work.scores(mine), mine["version"])
    assessor.post(f"{review}/decision", {"outcome": "awarded"})
    work.state_comes(earner, path, "awarded")


def main():
    set_up()
    micro_credential = offer("taken-back", evidenceRequirements=[
        {"id": "e1", "title": "A plan", "description": "Your plan.", "evidenceType": "document", "min": 1, "max": 2, "accepts": ["txt", "pdf"]},
        OPTIONAL_LINK])
    earner, other = newcomer("Hesitant"), Person("other")
    path = discard(earner, other, micro_credential)
    closed = evidence(earner, other, path)
    history(earner, path)
    limits(earner, path)
    earner.delete(f"{path}/evidence/{closed}")
    for key in work.PARTS:
        work.write(earner, path, key, work.TEXT)
    earner.call("PUT", f"{path}/declarations", work.DECLARED)
    await_that("nothing blocks", lambda: earner.get(f"{path}/checks")["ready"])
    take_back(earner, path, earner.post(f"{path}/submit"))
    needed_link(earner)
    path, receipt = work.hand_in(earner, micro_credential)
    give_back(earner, path, receipt)
    finish()


main()
