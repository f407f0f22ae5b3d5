#!/usr/bin/env python3
"""Authors and issuers: from a first draft to publication, and what earners see of it.

    studio.py BASE BIN STATE
"""
import uuid

import work
from world import ISSUER, Person, await_that, check, document, fields_of, finish, newcomer, seed, set_up

ICS = ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\nBEGIN:VEVENT\r\nUID:1@x\r\nDTSTAMP:20260101T000000Z\r\n"
       "DTSTART;VALUE=DATE:20261126\r\nSUMMARY:Thanksgiving\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")


def authoring(writer, approver):
    """draft -> in review -> back -> published; each wrong move is a conflict."""
    key = "studio-" + uuid.uuid4().hex[:6]
    made = {**document(), "key": key, "title": "Studio Work", "parts": document()["parts"][:2]}
    draft = writer.post("/studio/micro-credentials", {"issuerId": ISSUER, "document": made}, want=201)
    path = f"/studio/micro-credentials/{draft['id']}"
    check("a draft", (draft["state"], draft["version"]), ("draft", 1))
    writer.post("/studio/micro-credentials", {"issuerId": ISSUER, "document": made}, want=409)
    Person().get(f"/micro-credentials/{draft['id']}", want=404)
    writer.call("PUT", path, {"document": made}, want=428)
    written = writer.put(path, {"document": made}, draft["edit"])
    stale = writer.put(path, {"document": made}, draft["edit"], want=412)
    check("the current one comes along", stale["current"]["edit"], written["edit"])
    found = writer.get(f"{path}/checks")
    check("what stands in the way", (found["ready"], [i["field"] for i in found["items"]]), (False, ["parts"]))
    refused = writer.post(f"{path}/proposal", want=422)
    check("each is named", len(refused["errors"]), len(found["items"]))
    whole = {**document(), "key": key, "title": "Studio Work"}
    edit = writer.put(path, {"document": whole}, written["edit"])["edit"]
    check("nothing stands in the way", writer.get(f"{path}/checks")["ready"], True)
    approver.post(f"{path}/publication", want=409)
    check("proposed", writer.post(f"{path}/proposal")["state"], "in_review")
    writer.post(f"{path}/publication", want=403)
    writer.put(path, {"document": whole}, edit, want=(409, 412))
    back = approver.post(f"{path}/return", {"note": "Say more about the roles."})
    check("given back with a note", (back["state"], back["note"]), ("draft", "Say more about the roles."))
    writer.post(f"{path}/proposal")
    live = approver.post(f"{path}/publication")
    check("published", (live["state"], live["live"]), ("published", "published"))
    check("the list says so", [(r["state"], r["publishedVersion"]) for r in
                               writer.get(f"/studio/micro-credentials?issuerId={ISSUER}&limit=100")["items"] if r["key"] == key], [("published", 1)])
    shown = Person().get(f"/micro-credentials/{draft['id']}")
    check("anyone sees it", (shown["title"], [p["key"] for p in shown["parts"]]), ("Studio Work", list(work.PARTS)))
    for name in ("methodComponents", "evidenceRequirements", "collaborationPolicy", "aiPolicy", "resubmissionPolicy", "version"):
        check(f"{name} is there", name in shown, True)
    check("the rubric as assessors see it", [level["passing"] for level in shown["parts"][0]["rubric"]["criteria"][0]["levels"]], [True, False])
    return path, draft["id"], whole


def versions(writer, approver, owner, path, mc, whole):
    """A draft keeps its version; intake pauses; what is retired is gone."""
    earner = newcomer("Pinned")
    s = work.start(earner, mc)
    check("of the first version", s["microCredential"]["version"], 1)
    second = writer.put(path, {"document": {**whole, "title": "Studio Work, Again"}}, writer.get(path)["edit"])
    check("a new draft version", (second["version"], second["state"]), (2, "draft"))
    check("given up", approver and writer.call("DELETE", f"{path}/draft")["state"], "published")
    writer.put(path, {"document": {**whole, "title": "Studio Work, Again"}}, writer.get(path)["edit"])
    writer.post(f"{path}/proposal")
    approver.post(f"{path}/publication")
    await_that("the new title", lambda: Person().get(f"/micro-credentials/{mc}")["title"] == "Studio Work, Again")
    now = earner.get(f"/submissions/{s['id']}")["microCredential"]
    check("the draft stays as it is", (now["version"], now["title"]), (1, "Studio Work"))
    writer.post(f"{path}/suspension", want=403)
    check("suspended", owner.post(f"{path}/suspension")["live"], "suspended")
    other = newcomer("Late")
    await_that("no new drafts", lambda: other.post("/submissions", {"microCredentialId": mc}, want=(201, 409)) and other.status == 409 or
               other.delete("/submissions/" + other.get("/submissions?state=draft")["items"][0]["id"]) and False)
    check("open again", owner.call("DELETE", f"{path}/suspension")["live"], "published")
    check("retired", owner.post(f"{path}/retirement")["live"], "retired")
    await_that("not in the catalog", lambda: mc not in [r["id"] for r in Person().get("/micro-credentials?q=studio&limit=100")["items"]])
    owner.post(f"{path}/retirement", want=409)


def issuer(owner):
    """Profile and calendar; promises that run stay as they are (CLK-5)."""
    earner = newcomer("Promised")
    mc = owner.post("/studio/imports", {"issuerId": "hillside", "document": {**document(), "key": "hill-work", "title": "Hill Work"}})["id"]
    path, receipt = work.hand_in(earner, mc)
    shown = Person().get("/issuers/hillside")
    check("profile, branding, time zone, policies", (shown["name"], shown["pen"], shown["timeZone"], shown["blindReview"], shown["reviewBusinessDays"]),
          ("Hillside", "#335577", "Europe/Berlin", True, 14))
    profile = {"name": "Hillside College", "blindReview": False, "website": "https://hillside.example", "supportEmail": "help@hillside.example"}
    owner.call("PUT", "/studio/issuers/hillside", {"profile": profile}, want=428)
    changed = owner.put("/studio/issuers/hillside", {"profile": profile}, shown["version"])
    check("changed", (changed["name"], changed["version"] > shown["version"]), ("Hillside College", True))
    stale = owner.put("/studio/issuers/hillside", {"profile": profile}, shown["version"], want=412)
    check("the current one comes along", stale["current"]["name"], "Hillside College")
    wrong = owner.call("PUT", "/studio/issuers/hillside/calendar", {"timeZone": "Mars/Olympus", "weekend": ["sat"]}, want=422)
    check("the zone is named", fields_of(wrong), ["timeZone"])
    check("every day free", owner.call("PUT", "/studio/issuers/hillside/calendar", {
        "timeZone": "Europe/Berlin", "weekend": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}, want=422)["status"], 422)
    calendar = owner.call("PUT", "/studio/issuers/hillside/calendar", {"timeZone": "Asia/Tokyo", "weekend": ["fri", "sat"], "ics": ICS})
    check("a new version", (calendar["calendarVersion"], calendar["timeZone"], calendar["holidays"]),
          (shown["calendarVersion"] + 1, "Asia/Tokyo", [{"date": "2026-11-26", "name": "Thanksgiving"}]))
    now = earner.get(path)
    check("the promise stays", (now["dueAt"], now["dueDate"], now["timeZone"]), (receipt["dueAt"], receipt["dueDate"], receipt["timeZone"]))
    check("in the list", "hillside" in [i["id"] for i in Person().get("/issuers?limit=100")["items"]], True)


def search():
    """Facets: OR inside, AND between; counts ignore their own choice."""
    anyone = Person()

    def ask(query):
        found = anyone.get(f"/micro-credentials?{query}&limit=100")
        return found, {v["value"]: v["count"] for v in found["facets"]["issuer"]}
    whole, counts = ask("sort=newest")
    check("the counts add up", sum(counts.values()), whole["total"])
    one, counts = ask(f"issuer={ISSUER}")
    check("one issuer", (one["total"], {r["issuer"]["id"] for r in one["items"]}), (counts[ISSUER], {ISSUER}))
    check("its own choice does not narrow it", counts["hillside"], 1)
    both, counts = ask(f"issuer={ISSUER}&issuer=hillside")
    check("several are OR", both["total"], counts[ISSUER] + counts["hillside"])
    check("facets are AND", (ask("issuer=hillside&topic=literacy&evidenceType=document")[0]["total"],
                             ask("issuer=hillside&topic=literacy&evidenceType=website")[0]["total"]), (1, 0))
    titles = [r["title"] for r in anyone.get("/micro-credentials?sort=title&limit=100")["items"]]
    check("by title", titles, sorted(titles))


def main():
    set_up()
    seed("writer", "Writer", [{"issuerId": ISSUER, "role": "issuer_author"}])
    seed("approver", "Approver", [{"issuerId": ISSUER, "role": "issuer_approver"}])
    seed("hill", "Hill", [{"issuerId": "hillside", "role": "issuer_owner"}])
    admin = Person("admin")
    made = {"id": "hillside", "profile": {"name": "Hillside", "blindReview": True, "pen": "#335577"},
            "calendar": {"timeZone": "Europe/Berlin", "weekend": ["sat", "sun"]}}
    admin.post("/studio/issuers", made, want=201)
    admin.post("/studio/issuers", made, want=409)
    writer, approver = Person("writer"), Person("approver")
    path, mc, whole = authoring(writer, approver)
    versions(writer, approver, Person("author"), path, mc, whole)
    issuer(Person("hill"))
    search()
    finish()


main()
