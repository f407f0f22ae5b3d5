#!/usr/bin/env python3
"""The promise of 14 business days, walked day by day under the test clock.

    clock.py BASE BIN STATE

A year on, in New York: over weekends, a holiday and the night when clocks go
forward, past the promise, to a decision. Each stage alerts once and never early;
a question to the helpdesk escalates once; the decision ends it all. The clock
stays in that year: this story comes after those that live in the present.
"""
import datetime
import email
import email.policy
import glob
import os
import tempfile
import zoneinfo

import work
from world import STATE, Person, await_that, check, finish, newcomer, offer, seed, set_up, spoken_code, vouchctl

ISSUER, ZONE = "lakeside", zoneinfo.ZoneInfo("America/New_York")
HOLIDAY = (datetime.date(2027, 3, 17), "Founders' Day")
DAY = datetime.timedelta(days=1)
SUBMITTED = datetime.datetime(2027, 3, 5, 15, 30, tzinfo=ZONE)      # a Friday afternoon
DUE = datetime.date(2027, 3, 26)                                    # clocks go forward on the 14th


def is_business(day):
    return day.weekday() < 5 and day != HOLIDAY[0]


def after_due(n):
    """The first day after N more business days are over."""
    day = DUE
    while n:
        day += DAY
        n -= is_business(day)
    return day + DAY


# When each stage comes (its local midnight), and what its alert is called.
STAGES = [("Due in 5 business days", datetime.date(2027, 3, 19)), ("Due in 2 business days", datetime.date(2027, 3, 24)),
          ("Due today", DUE), ("Overdue by 1 business day", after_due(0)), ("Overdue by 2 business days", after_due(1)),
          ("Overdue by 3 business days", after_due(2)), ("Overdue by 5 business days", after_due(4)),
          ("Overdue by 10 business days", after_due(9))]
AFTERWARDS = after_due(14)


def utc(at):
    return at.astimezone(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z").replace(".000Z", "Z")


def midnight(day):
    return datetime.datetime(day.year, day.month, day.day, tzinfo=ZONE)


def set_clock(at):
    now = vouchctl("clock", "set", utc(at))["now"]
    check("the clock is set", now >= utc(at)[:19], True)


def people():
    for who, role in (("assessor", "assessor"), ("lead", "pool_lead"), ("ops", "ops"), ("agent", "helpdesk_agent")):
        seed(f"{who}-{ISSUER}", f"{who.title()} Lakeside", [{"issuerId": ISSUER, "role": role}])
    seed(f"author-{ISSUER}", "Author Lakeside", [{"issuerId": ISSUER, "role": "issuer_owner"}])
    Person("admin").post("/studio/issuers", {
        "id": ISSUER, "profile": {"name": "Lakeside", "blindReview": False},
        "calendar": {"timeZone": ZONE.key, "weekend": ["sat", "sun"],
                     "holidays": [{"date": str(HOLIDAY[0]), "name": HOLIDAY[1]}]}}, want=201)
    return offer("overdue-work", ISSUER)


def promise(path, receipt, earner):
    """The promise is the same on the receipt, on the page and from the command line."""
    check("the promise", (receipt["dueDate"], receipt["dueAt"], receipt["timeZone"]),
          (str(DUE), utc(midnight(DUE + DAY)), ZONE.key))
    clock = earner.get(path)["reviewClock"]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as holidays:
        holidays.write(f"{HOLIDAY[0]} {HOLIDAY[1]}\n")
        holidays.flush()
        due = vouchctl("calendar", "due", "--time-zone", ZONE.key, "--weekend", "sat,sun", "--holidays", holidays.name,
                       "--submitted", receipt["submittedAt"])
    check("as the command line says", (due["dueAt"], due["dueDate"]), (receipt["dueAt"], receipt["dueDate"]))
    check("day by day", [(d["date"], d["counts"], d["reason"]) for d in clock["days"]],
          [(d["date"], d["counts"], d["reason"]) for d in due["days"]])
    foretold = Person().get(f"/issuers/{ISSUER}/promise")
    check("as it was foretold to anybody", (foretold["dueAt"], foretold["dueDate"], foretold["days"]),
          (receipt["dueAt"], receipt["dueDate"], clock["days"]))
    check("14 count", sum(d["counts"] for d in clock["days"]), 14)
    check("the holiday says its name", [d["reason"] for d in clock["days"] if d["date"] == str(HOLIDAY[0])], [HOLIDAY[1]])


def look(path, earner, day):
    """What the earner sees at noon of DAY."""
    clock = earner.get(path)["reviewClock"]
    gone = sum(is_business(SUBMITTED.date() + DAY * i) for i in range(1, (day - SUBMITTED.date()).days + 1))
    over = day > DUE
    check(f"{day}: the day of the clock", clock["businessDay"], 14 if over else gone)
    check(f"{day}: what is left", clock["businessDaysLeft"], 0 if over else 14 - gone)
    late = sum(is_business(DUE + DAY * i) for i in range(1, (day - DUE).days + 1)) if over else 0
    check(f"{day}: is it late", (clock["overdue"], clock.get("businessDaysLate", 0)), (over, late))
    check(f"{day}: days that count", sum(d["counts"] for d in clock["days"]), 14)


def alerts(person, codes):
    """What PERSON was told of the clocks of CODES: {(code, title): created at}, each once."""
    found = {}
    for n in person.get("/notifications?limit=100")["items"]:
        if n["kind"] in ("review_due", "review_overdue") and n.get("submissionCode") in codes:
            key = (n["submissionCode"], n["title"].rpartition(": ")[0])
            check(f"{key} is told once", key in found, False)
            found[key] = n["createdAt"]
    return found


def mails(address, code, title):
    """How many mails of this kind lie in the spool for ADDRESS."""
    n = 0
    for name in glob.glob(f"{STATE}/mail/*.eml"):
        with open(name) as file:
            mail = email.message_from_file(file, policy=email.policy.default)
        n += address in mail["To"] and mail["Subject"].startswith(title + ":") and code in mail.get_body(("plain",)).get_content()
    return n


def last_days(day, codes, lead):
    """The day before and the due day, as leads and assessors see them."""
    queue = [q for q in lead.get("/ops/queues")["items"] if q["issuer"]["id"] == ISSUER][0]
    check(f"{day}: due today", (queue["dueToday"], queue["overdue"]), (len(codes) if day == DUE else 0, 0))
    rows = [r for r in lead.get("/reviews?queue=all&limit=100")["items"] if r["submissionCode"] in codes]
    check(f"{day}: left for the reviews", [(r["businessDaysLeft"], r["overdue"]) for r in rows],
          [((DUE - day).days, False)] * len(codes))


def walk(paths, codes, earner, readers):
    """Every noon a look; every stage is lived through."""
    day = SUBMITTED.date()
    told = 0
    while day <= STAGES[-1][1]:
        if told < len(STAGES) and STAGES[told][1] == day:
            title = STAGES[told][0]
            if title == "Due in 2 business days":        # Redis forgets; what was told stays told
                check("two clocks at least are armed anew", vouchctl("sla", "rebuild", environment=AS_OPS)["armed"] >= 2, True)
            # Half a second before: it comes by itself. What came early would bear an earlier time (never_early).
            set_clock(midnight(day) - datetime.timedelta(milliseconds=500))
            for who, person in readers.items():
                for code in heard_by(who, title, codes):
                    await_that(f"{who} hears: {title}, {code}", lambda person=person, code=code, title=title:
                               (code, title) in alerts(person, codes))
            told += 1
        set_clock(midnight(day) + datetime.timedelta(hours=12 if day != SUBMITTED.date() else 16))
        look(paths[0], earner, day)
        if day in (DUE - DAY, DUE):
            last_days(day, codes, readers["lead"])
        day += DAY
    check("every stage came", told, len(STAGES))


def heard_by(who, title, codes):
    """Whose clocks WHO is told of: nobody has the first, the assessor has the second."""
    if who == "assessor":
        return codes[1:]
    if title.startswith("Overdue"):
        return codes
    # While nobody has it, the lead is told that it is due.
    return codes[:1] if who == "lead" else []


def never_early(readers, codes):
    """Everything that was told, when; and by mail as often."""
    at = {title: utc(midnight(day)) for title, day in STAGES}
    for who, person in readers.items():
        found = alerts(person, codes)
        wanted = {(code, title) for title, _ in STAGES for code in heard_by(who, title, codes)}
        check(f"what {who} was told", set(found), wanted)
        for (code, title), created in found.items():
            check(f"{who}, {title}: not early", created[:19] >= at[title][:19], True)
            check(f"{who}, {title}: by mail", await_that("the mail is sent", lambda who=who, code=code, title=title:
                                                         mails(f"{who}-{ISSUER}@example.org", code, title)), 1)


def overdue(codes, lead, ops):
    rows = {row["submissionCode"]: row for row in ops.get("/ops/overdue?limit=100")["items"]}
    for code in codes:
        check("its business days late", (rows[code]["businessDaysLate"], rows[code]["lastStage"]), (10, "overdue_10"))
    check("latest first", [c for c in rows if c in codes], sorted(codes, key=lambda c: rows[c]["dueAt"] + rows[c]["reviewId"]))
    queue = [q for q in lead.get("/ops/queues")["items"] if q["issuer"]["id"] == ISSUER][0]
    check("the queue", (queue["waiting"], queue["inReview"], queue["overdue"], queue["dueToday"]), (1, 1, 2, 0))
    check("other issuers are not theirs", {q["issuer"]["id"] for q in lead.get("/ops/queues")["items"]}, {ISSUER})


def ask(earner, other, agent, lead, codes, assessor):
    """Two questions about one review, and one about somebody else's."""
    told = lambda who: [n for n in who.get("/notifications?limit=100")["items"] if n["kind"] == "review_escalated"]
    spoken = spoken_code(codes[1])
    first = earner.post("/tickets", {"subject": "Where is it?", "body": f"I wait for {spoken} since March."}, want=201)
    check("the answer is there", (first["state"], first["submission"]["escalated"], len(first["messages"])), ("waiting_review", True, 2))
    check("it says that we are late", "We are late" in first["messages"][1]["body"], True)
    check("the clock is live", first["submission"]["reviewClock"]["businessDaysLate"], 10)
    check("who asks has a name", first["messages"][0]["authorName"], earner.account["name"])
    second = earner.post("/tickets", {"subject": "Again", "body": "Please", "submissionCode": codes[1]}, want=201)
    check("the second waits too", second["state"], "waiting_review")
    for who, person in (("the lead", lead), ("the assessor", assessor)):
        await_that(f"{who} hears of it", lambda person=person: told(person))
        check("once", len(told(person)), 1)
    row = await_that("the review stands in front", lambda: [r for r in lead.get("/reviews?queue=all&limit=100")["items"]
                                                            if r["submissionCode"] == codes[1] and r["escalated"]])
    check("once in the list", len(row), 1)
    strange = other.post("/tickets", {"subject": "s", "body": f"Where is {codes[1]}?"}, want=201)
    unknown = other.post("/tickets", {"subject": "s", "body": "Where is V-7K3M-92QX-5?"}, want=201)
    check("somebody else's ID tells nothing", ("submission" in strange, strange["messages"][1]["body"], strange["issuer"]),
          (False, unknown["messages"][1]["body"], unknown["issuer"]))
    other.get(f"/tickets/{first['id']}", want=404)
    check("the agent sees it", agent.get(f"/tickets/{first['id']}")["submission"]["code"], codes[1])
    said = agent.post(f"/tickets/{first['id']}/messages", {"body": "We are on it."}, want=201)
    check("an agent has a name", said["messages"][-1]["authorName"], agent.account["name"])
    return [first, second]


def decided(paths, codes, earner, assessor, tickets, readers):
    before = {who: alerts(person, codes) for who, person in readers.items()}
    review = assessor.get(f"/reviews/{work.review_of(assessor, codes[1], 'mine')['id']}")
    check("an open issuer shows the name", review["earnerName"], earner.account["name"])
    assessor.put(f"/reviews/{review['id']}/scores", work.scores(review), review["version"])
    assessor.post(f"/reviews/{review['id']}/decision", {"outcome": "awarded"})
    work.decide(assessor, codes[0], "awarded")
    for path in paths:
        clock = work.state_comes(earner, path, "awarded")["reviewClock"]
        check("met, and late", (clock["state"], clock["overdue"]), ("met_late", False))
    for ticket in tickets:
        now = await_that("the ticket follows", lambda ticket=ticket: (lambda t: t if t["state"] == "resolved" else None)(
            earner.get(f"/tickets/{ticket['id']}")))
        check("it tells of the result", "The result and the feedback" in now["messages"][-1]["body"], True)
    # The next level passes: nobody is told.
    set_clock(midnight(AFTERWARDS) + datetime.timedelta(minutes=1))
    vouchctl("sla", "rebuild", environment=AS_OPS)
    check("nothing is overdue", [r for r in readers["ops"].get("/ops/overdue?limit=100")["items"] if r["submissionCode"] in codes], [])
    check("a decision ends the alerts", {who: alerts(person, codes) for who, person in readers.items()}, before)


def without_a_test_clock():
    with tempfile.TemporaryDirectory() as place:
        with open(f"{STATE}/vouch.conf") as file, open(f"{place}/vouch.conf", "w") as copy:
            copy.write("".join(line for line in file if not line.startswith("test_clock")))
        for words in (("set", "2026-11-24T17:00:00Z"), ("advance", "1h"), ("show",)):
            why = vouchctl("clock", *words, "--state", place, want=2)
            check("it says why", "no test clock" in why, True)
        check("no clock was made", os.listdir(place), ["vouch.conf"])
    for words in (("set", "tomorrow"), ("advance", "3 weeks"), ("advance",)):
        vouchctl("clock", *words, want=2)


AS_OPS = {"VOUCH_EMAIL": f"ops-{ISSUER}@example.org", "VOUCH_PASSWORD": "correct horse battery"}


def main():
    set_up()
    without_a_test_clock()
    micro_credential = people()
    set_clock(SUBMITTED)
    earner, other = newcomer("Patience"), newcomer("Stranger")
    readers = {who: Person(f"{who}-{ISSUER}") for who in ("assessor", "lead", "ops")}
    handed_in = [work.hand_in(person, micro_credential) for person in (earner,)]
    second = offer("overdue-work-too", ISSUER)
    handed_in.append(work.hand_in(earner, second))
    paths, codes = [path for path, _ in handed_in], [receipt["code"] for _, receipt in handed_in]
    for path, receipt in handed_in:
        promise(path, receipt, earner)
    readers["assessor"].post(f"/reviews/{work.review_of(readers['assessor'], codes[1])['id']}/claim")
    walk(paths, codes, earner, readers)
    never_early(readers, codes)
    late = [n for n in earner.get("/notifications?limit=100")["items"] if n["kind"] == "result_late"]
    check("the earner is told unasked, once for each", sorted(n["submissionCode"] for n in late), sorted(codes))
    overdue(codes, readers["lead"], readers["ops"])
    tickets = ask(earner, other, Person(f"agent-{ISSUER}"), readers["lead"], codes, readers["assessor"])
    decided(paths, codes, earner, readers["assessor"], tickets, readers)
    before = vouchctl("clock", "show")["offsetSeconds"]
    check("an hour on", round(vouchctl("clock", "advance", "1h")["offsetSeconds"] - before), 3600)
    finish()


main()
