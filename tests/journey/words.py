#!/usr/bin/env python3
"""Every word of the command line: JSON, standard input, exit 0, 1 for a finding, 2 for bad use.

    words.py BASE BIN STATE
"""
import json
import os
import tempfile

import work
from world import BASE, PASSWORD, STATE, Person, await_that, check, document, finish, newcomer, offer, seed, set_up, vouchctl


def as_person(name):
    return {"VOUCH_EMAIL": f"{name}@example.org", "VOUCH_PASSWORD": PASSWORD}


def help_and_bad_use():
    for word in ("articles", "calendar", "catalog", "check", "clock", "credential", "demo", "sla", "status"):
        check(f"{word} tells more", f"vouchctl {word}" in vouchctl(word, "--help", as_json=False), True)
    check("all of them", "credential" in vouchctl("--help", as_json=False), True)
    for words in ((), ("nothing",), ("check",), ("check", "sounds", "x"), ("calendar",), ("catalog", "search"), ("catalog", "import"),
                  ("articles", "search"), ("articles", "import"), ("credential", "verify"), ("sla",), ("status", "x"), ("clock",),
                  ("calendar", "due", "--time-zone", "Mars/Olympus", "--weekend", "sat", "--submitted", "2026-11-24T17:00:00Z"),
                  ("calendar", "due", "--time-zone", "Etc/UTC", "--weekend", "sat", "--submitted", "tomorrow"),
                  ("check", "text", "/nonexistent"), ("check", "evidence", "/nonexistent"), ("credential", "verify", "/nonexistent"),
                  ("catalog", "import", "/nonexistent", "--issuer", "riverbend"), ("articles", "import", "/nonexistent"),
                  ("check", "text", "-", "--colour", "red"), ("status", "--colour")):
        check(f"{words}: the reason stands on standard error", bool(vouchctl(*words, want=2)), True)
    check("similar does not exist yet", "yet" in vouchctl("check", "similar", "a.txt", "--against", "b", want=2), True)
    check("forecast does not exist yet", "yet" in vouchctl("forecast", "cases.txt", "--at", "2026-11-24T17:00:00Z", want=2), True)


def calendar():
    words = ("calendar", "due", "--time-zone", "America/New_York", "--weekend", "sat,sun", "--submitted", "2026-11-24T17:00:00Z")
    lines = "2026-11-26 Thanksgiving Day\n2026-11-27 Day after\n"
    due = vouchctl(*words, "--holidays", "-", text=lines)
    check("due", (due["dueDate"], due["dueAt"], sorted(due)), ("2026-12-16", "2026-12-17T05:00:00Z", ["days", "dueAt", "dueDate"]))
    check("each day says why", {tuple(sorted(day)) for day in due["days"]}, {("counts", "date", "reason")})
    check("the holiday", due["days"][1], {"date": "2026-11-26", "counts": False, "reason": "Thanksgiving Day"})
    ics = ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\nBEGIN:VEVENT\r\nUID:1@x\r\nDTSTAMP:20260101T000000Z\r\n"
           "DTSTART;VALUE=DATE:20261126\r\nDTEND;VALUE=DATE:20261128\r\nSUMMARY:Thanksgiving\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
    check("iCalendar says the same", vouchctl(*words, "--holidays", "-", text=ics)["dueAt"], due["dueAt"])
    check("three days", vouchctl(*words, "--holidays", "-", "--days", "3", text="2026-11-26 Thanksgiving Day\n")["dueDate"], "2026-11-30")
    check("a line that is none is a finding", vouchctl(*words, "--holidays", "-", text="someday Feast\n", want=1)["dueDate"], "2026-12-14")
    check("in words", "2026-12-16" in vouchctl(*words, "--holidays", "-", text=lines, as_json=False), True)


def checks(place):
    text = "Zoë, write to ann.smith@example.org or call +1 415 555 0132 from 192.0.2.7."
    found = vouchctl("check", "text", "-", text=text, want=1)["findings"]
    check("each finding", {tuple(sorted(f)) for f in found}, {("end", "excerpt", "message", "rule", "start", "type")})
    check("offsets in code points", all(text[f["start"]:f["end"]] == f["excerpt"] for f in found), True)
    check("types", {"email", "phone", "ip_address"} <= {f["type"] for f in found}, True)
    check("nothing to find", vouchctl("check", "text", "-", text="We read a chapter each week.")["findings"], [])
    good, bad, program = (os.path.join(place, name) for name in ("good.txt", "bad.pdf", "tool.exe"))
    for name, data in ((good, b"We read together every Monday. " * 20), (bad, b"%PDF-1.7 and nothing more"), (program, b"MZ" + bytes(600))):
        with open(name, "wb") as file:
            file.write(data)
    files = vouchctl("check", "evidence", good, bad, program, want=1)["files"]
    check("each file", {tuple(sorted(f)) for f in files}, {("file", "problems", "type", "verdict")})
    check("in their order", [f["file"] for f in files], [good, bad, program])
    check("what becomes of them", (files[0]["verdict"], {f["verdict"] for f in files[1:]} <= {"reject", "policy"}), ("accept", True))
    check("one that is fine", [f["verdict"] for f in vouchctl("check", "evidence", good)["files"]], ["accept"])


def catalog(place):
    name = os.path.join(place, "catalog.jsonl")
    first, broken = ({**document(), "key": key, "title": f"Imported {key}"} for key in ("by-word", "broken-word"))
    broken["parts"] = [{**broken["parts"][0], "minWords": -1}]
    foreign = {"id": "ext.42", "title": "Zirconium Gardening", "description": "Keeps a garden.", "audience": ["Teacher"], "topics": ["Garden"]}
    with open(name, "w") as file:
        file.write("\n".join(json.dumps(line) for line in (first, foreign)) + "\n")
    author = as_person("author")
    done = vouchctl("catalog", "import", name, "--issuer", "riverbend", environment=author)
    check("both are in", (done["lines"], done["imported"], done["refused"]), (2, 2, []))
    again = vouchctl("catalog", "import", name, "--issuer", "riverbend", environment=author)
    check("again changes nothing", again["changed"], 0)
    refused = vouchctl("catalog", "import", "-", "--issuer", "riverbend", environment=author, want=1,
                       text=json.dumps(broken) + "\n" + json.dumps(first) + "\n")
    check("a refused line is a finding, the others are in", (refused["imported"], [r["line"] for r in refused["refused"]]), (1, [1]))
    vouchctl("catalog", "import", name, "--issuer", "riverbend", environment=as_person("earner"), want=1)
    found = await_that("it can be found", lambda: vouchctl("catalog", "search", "zirconium gardn")["items"])
    check("by its words", found[0]["title"], "Zirconium Gardening")
    check("nothing is no finding", vouchctl("catalog", "search", "qqqqxyzzy")["items"], [])


def articles(place):
    name = os.path.join(place, "articles.jsonl")
    seed("desk", "Desk", [{"issuerId": "*", "role": "helpdesk_lead"}])
    article = {"slug": "how-long-does-it-take", "title": "How long does a review take?", "summary": "14 business days.",
               "body": "A review takes 14 business days.", "language": "en", "keywords": ["review", "overdue"]}
    with open(name, "w") as file:
        file.write(json.dumps(article) + "\n")
    desk = as_person("desk")
    Person("desk").call("PUT", "/studio/articles/by-hand", {"title": "By hand", "body": "Written by hand."})
    Person("agent").call("PUT", "/studio/articles/by-hand", {"title": "By hand", "body": "Written by hand."}, want=403)
    check("it is in", vouchctl("articles", "import", name, environment=desk)["imported"], 1)
    check("again changes nothing", vouchctl("articles", "import", name, environment=desk)["changed"], 0)
    check("it is found", vouchctl("articles", "search", "how long review")["items"][0]["slug"], article["slug"])
    anyone = Person()
    check("and read by anyone", anyone.get(f"/articles/{article['slug']}")["body"], article["body"])
    vouchctl("articles", "import", "-", environment=desk, text=json.dumps({**article, "slug": "No Slug"}) + "\n", want=1)


def credential(place):
    earner = newcomer("Holder")
    path, receipt = work.hand_in(earner, offer("verified-work"))
    work.decide(Person("assessor"), receipt["code"], "awarded")
    work.state_comes(earner, path, "awarded")
    row = await_that("the credential is signed", lambda: earner.get("/credentials")["items"])[0]
    anyone = Person()
    token = anyone.get(f"/credentials/{row['id']}.jwt").decode()
    shown = anyone.get(f"/credentials/{row['id']}")
    name, keys = os.path.join(place, "credential.jwt"), os.path.join(place, "jwks.json")
    with open(name, "w") as file:
        file.write(token)
    good = vouchctl("credential", "verify", name)
    check("it is true", good["valid"], True)
    check("from standard input, as JSON", vouchctl("credential", "verify", "-", text=json.dumps(shown))["valid"], True)
    with open(keys, "w") as file:
        json.dump(anyone.get("/.well-known/jwks.json", root=True), file)
    check("with keys at hand", vouchctl("credential", "verify", name, "--jwks", keys, environment={"VOUCH_STATE": place})["valid"], True)
    head, body, signature = token.split(".")
    for tampered in (f"{head}.{body[:-2]}{'A' if body[-2] != 'A' else 'B'}{body[-1]}.{signature}",
                     f"{head}.{body}.{signature[:-4]}AAAA", f"{head}.{body}.", "not a credential"):
        check("it is not true", vouchctl("credential", "verify", "-", text=tampered, want=1)["valid"], False)
    with open(keys, "w") as file:
        file.write('{"keys": []}')
    check("a key that nobody has", vouchctl("credential", "verify", name, "--jwks", keys, want=1)["valid"], False)


def status():
    now = vouchctl("status")
    check("all are ready", (now["ready"], {s["ready"] for s in now["services"]}), (True, {True}))
    check("each by its name", {"installation", "submission", "helpdesk"} <= {s["name"] for s in now["services"]}, True)
    check("nobody answers there", vouchctl("status", want=1, environment={"VOUCH_URL": "http://127.0.0.1:9"})["ready"], False)


def sla():
    done = vouchctl("sla", "rebuild", environment=as_person("ops"))
    check("the timers", sorted(done), sorted(Person("ops").post("/ops/sla/rebuild")))
    vouchctl("sla", "rebuild", environment=as_person("earner"), want=2)
    token = Person("ops").post("/tokens", {"name": "timers", "scopes": ["assessment:write"]}, want=201)["token"]
    check("with a token", "armed" in vouchctl("sla", "rebuild", environment={"VOUCH_TOKEN": token}), True)
    vouchctl("sla", "rebuild", environment={"VOUCH_TOKEN": "made-up"}, want=2)


def main():
    set_up()
    with tempfile.TemporaryDirectory() as place:
        help_and_bad_use()
        calendar()
        checks(place)
        catalog(place)
        articles(place)
        credential(place)
    status()
    sla()
    check("of this installation", os.path.exists(f"{STATE}/url") and BASE.startswith("http"), True)
    finish()


main()
