"""What PostgreSQL and the spool say, against what the clients were told."""
import collections
import datetime
import email
import email.policy
import json
import os
import re
import subprocess
import time
import zoneinfo

from world import BIN, STATE

SCHEMAS = ("catalog", "submission", "assessment", "notification", "helpdesk", "identity", "credential")
RUN = open(os.path.join(STATE, "run")).read().strip()
QUIET = 90              # seconds until all must have come to rest
ZONE = zoneinfo.ZoneInfo("America/New_York")
HOLIDAYS = {datetime.date(2026, 12, 25)}
LEVELS = [1, 2, 3, *range(5, 1001, 5)]


def sql(text):
    """Runs TEXT as the superuser; rows come as a list of dicts when it is a SELECT. Waits for the server."""
    select = text.lstrip().upper().startswith(("SELECT", "WITH"))
    command = f"SELECT coalesce(json_agg(one), '[]') FROM ({text}) one" if select else text
    until = time.monotonic() + 60
    while True:
        done = subprocess.run(["psql", "-qtAX", "-v", "ON_ERROR_STOP=1", "-h", RUN, "-U", "postgres", "-d", "vouch"],
                              input=command.encode(), capture_output=True)
        if done.returncode == 0:
            return json.loads(done.stdout) if select else None
        if done.returncode != 2 or time.monotonic() > until:      # 2: no connection
            raise RuntimeError(done.stderr.decode())
        time.sleep(0.1)


def outboxes(condition):
    parts = (f"SELECT '{s}' AS schema, id, rpc, tries, error, parked_at FROM {s}.outbox WHERE {condition}"
             for s in SCHEMAS)
    return sql(" UNION ALL ".join(parts))


def hurry():
    """Leases of what was killed end, and pauses: their time is moved, not waited for."""
    sql("".join(f"UPDATE {s}.outbox SET next_at = clock_timestamp() WHERE parked_at IS NULL;" for s in SCHEMAS) +
        "UPDATE notification.mails SET next_at = clock_timestamp() WHERE state = 'queued';")


def business_now():
    shown = subprocess.run([f"{BIN}/vouchctl", "clock", "show", "--state", STATE, "--json"], check=True,
                           capture_output=True).stdout
    return datetime.datetime.fromisoformat(json.loads(shown)["now"].replace("Z", "+00:00"))


def restless(now):
    """What is still on its way: in one look, for it goes from one place to the next."""
    waiting = " + ".join(f"(SELECT count(*) FROM {s}.outbox WHERE parked_at IS NULL)" for s in SCHEMAS)
    left = sql(f"""
        SELECT {waiting} AS outbox,
               (SELECT count(*) FROM notification.mails WHERE state = 'queued') AS mails,
               (SELECT count(*) FROM assessment.reviews WHERE armed <> (next_at IS NOT NULL)) AS unarmed,
               (SELECT count(*) FROM assessment.reviews WHERE next_at <= '{now.isoformat()}') AS due""")[0]
    return {name: n for name, n in left.items() if n > 0}


def wait_quiet(journal):
    """Waits until nothing is on its way; returns the seconds that took."""
    begun = time.monotonic()
    while True:
        left = restless(business_now())
        seconds = time.monotonic() - begun
        if not left:
            return seconds
        if seconds > QUIET:
            journal.fault(f"not quiet after {QUIET} s: {left}; {outboxes('parked_at IS NULL')[:5]}")
            return seconds
        if seconds > 3:
            hurry()
        time.sleep(0.2)


def at(text):
    return datetime.datetime.fromisoformat(text)


# ---- when an overdue review is to be told: counted here by other means than in the product ----

def works(day):
    return day.weekday() < 5 and day not in HOLIDAYS


def midnight_after(day):
    next_day = day + datetime.timedelta(days=1)
    return datetime.datetime(next_day.year, next_day.month, next_day.day, tzinfo=ZONE)


def stages_until(due_at, due_date, now):
    """The overdue stages that have come by NOW: {name: instant}."""
    stages, day, passed = {}, datetime.date.fromisoformat(due_date), 0
    for level in LEVELS:
        while passed < level - 1:
            day += datetime.timedelta(days=1)
            passed += works(day)
        instant = due_at if level == 1 else midnight_after(day)
        if instant > now:
            break
        stages[f"overdue_{level}"] = instant
    return stages


class Ledger:
    """Compares; each method returns (what was found, what was doubled) and tells the journal what is wrong."""

    spool = {}          # file -> the id that it links to, or ""; of all rounds

    def __init__(self, journal, since):
        self.journal, self.since = journal, since
        self.parked_before = {(r["schema"], r["id"]) for r in outboxes("parked_at IS NOT NULL")}

    def compare(self, what, told, rows):
        """TOLD: ids; ROWS: [{id, n}]. Returns the row of the report."""
        n = collections.Counter({r["id"]: r["n"] for r in rows})
        missing = [i for i in told if n[i] == 0]
        doubled = [i for i in told if n[i] > 1]
        for words, ids in (("missing", missing), ("doubled", doubled)):
            if ids:
                self.journal.fault(f"{what}: {len(ids)} {words}, such as {ids[0]}")
        return {"acknowledged": len(told), "found": len(told) - len(missing), "doubled": len(doubled)}

    def submits(self):
        told = self.journal.submits
        rows = sql(f"""
            SELECT s.issuer_id || '~' || s.id AS id, s.code, s.submitted_at, s.due_at, s.earner_id,
                   (SELECT count(*) FROM assessment.reviews r WHERE r.submission_id = s.id) AS reviews,
                   (SELECT count(*) FROM helpdesk.submissions h WHERE h.id = s.id) AS copies,
                   (SELECT count(*) FROM notification.mails m WHERE m.account_id = s.earner_id AND m.state = 'sent'
                       AND m.event LIKE 'received/' || s.id || '/%') AS mails,
                   (SELECT sum(p.saves) FROM submission.parts p WHERE p.submission_id = s.id) AS saves
            FROM submission.submissions s WHERE s.state <> 'draft' AND s.created_at >= '{self.since}'""")
        for row in rows:
            receipt = told.get(row["id"])
            if receipt is None:
                self.journal.fault(f"{row['code']} was handed in and nobody was told")
                continue
            if (row["code"], at(row["submitted_at"]), at(row["due_at"])) != (
                    receipt["code"], at(receipt["submittedAt"].replace("Z", "+00:00")),
                    at(receipt["dueAt"].replace("Z", "+00:00"))):
                self.journal.fault(f"{row['code']}: stored is {row}, told was {receipt}")
            for name, want in (("reviews", 1), ("copies", 1), ("mails", 1), ("saves", self.journal.saves[row["id"]])):
                if row[name] != want:
                    self.journal.fault(f"{row['code']}: {row[name]} {name}, want {want}")
        return self.compare("submits", told, [{"id": r["id"], "n": r["reviews"]} for r in rows])

    def decisions(self):
        rows = sql(f"""
            SELECT r.issuer_id || '~' || r.id AS id, r.state, r.decision->>'outcome' AS outcome, s.state AS told, r.code
            FROM assessment.reviews r JOIN submission.submissions s ON s.id = r.submission_id
            WHERE r.state = 'in_review' OR r.ended_at >= '{self.since}'""")
        for row in rows:
            if row["id"] not in self.journal.claims:
                self.journal.fault(f"review {row['code']} was taken and its assessor not told")
            if row["state"] == "decided" and row["id"] not in self.journal.decisions:
                self.journal.fault(f"review {row['code']} was decided and its assessor not told")
        found = [r for r in rows if r["state"] == "decided" and r["outcome"] == r["told"] and
                 r["outcome"] == self.journal.decisions.get(r["id"])]
        counts = collections.Counter(r["id"] for r in found)
        return self.compare("decisions", self.journal.decisions, [{"id": i, "n": n} for i, n in counts.items()])

    def tickets(self):
        rows = sql(f"""SELECT subject AS id, count(*) AS n FROM helpdesk.tickets
                       WHERE created_at >= '{self.since}' GROUP BY subject""")
        return self.compare("tickets", self.journal.tickets, rows)

    def read_spool(self):
        """How many files of the spool link to what."""
        folder = os.path.join(STATE, "mail")
        for name in os.listdir(folder):
            if name in self.spool or not name.endswith(".eml"):
                continue
            with open(os.path.join(folder, name), "rb") as file:
                message = email.message_from_binary_file(file, policy=email.policy.default)
            body = message.get_body(("plain",))
            link = re.search(r"([a-z0-9-]+~[0-9a-f-]{36})", body.get_content() if body else "")
            self.spool[name] = link.group(1) if link else ""
        return collections.Counter(self.spool.values())

    def awards(self):
        rows = sql(f"""
            SELECT s.issuer_id || '~' || s.id AS id, s.code, s.credential_id,
                   (SELECT array_agg(c.issuer_id || '~' || c.id) FROM credential.credentials c
                    WHERE c.submission_id = s.id) AS credentials,
                   (SELECT count(*) FROM notification.mails m WHERE m.kind = 'credential_issued' AND m.state = 'sent'
                    AND m.account_id = s.earner_id AND m.event IN (SELECT 'issued/' || c.id || '/1'
                        FROM credential.credentials c WHERE c.submission_id = s.id)) AS mails
            FROM submission.submissions s WHERE s.state = 'awarded' AND s.decided_at >= '{self.since}'""")
        spool = self.read_spool()
        counts = []
        for row in rows:
            made = row["credentials"] or []
            files = sum(spool[c] for c in made)
            if len(made) != 1 or row["mails"] != 1 or files != 1:
                self.journal.fault(f"award {row['code']}: {len(made)} credentials, {row['mails']} mails sent, "
                                   f"{files} files in the spool")
            counts.append({"id": row["id"], "n": len(made)})
        for row in sql(f"""SELECT c.id FROM credential.credentials c JOIN submission.submissions s
                           ON s.id = c.submission_id AND s.state <> 'awarded' LIMIT 5"""):
            self.journal.fault(f"credential {row['id']} was issued and nothing awarded")
        return self.compare("awards", [r["id"] for r in rows], counts)

    def alerts(self):
        """Every overdue review, each stage once, never early, and each told to the lead once."""
        before = business_now()
        stages = sql("SELECT submission_id AS id, stage, due, at FROM assessment.clock_stages WHERE stage LIKE 'overdue%'")
        reviews = sql("SELECT submission_id AS id, code, state, due_at, due_date, ended_at FROM assessment.reviews")
        told = sql("""
            SELECT i.event, count(*) AS n, (SELECT count(*) FROM notification.mails m
                   WHERE m.account_id = i.account_id AND m.event = i.event AND m.state = 'sent') AS mails
            FROM notification.inbox i JOIN notification.people p USING (account_id)
            WHERE i.kind = 'review_overdue' AND p.email = 'lead@example.org' GROUP BY i.account_id, i.event""")
        heard = {r["event"]: r for r in told}
        of = collections.defaultdict(dict)
        for s in stages:
            of[s["id"]][s["stage"]] = s
            event = heard.get(f"clock/{s['id']}/{s['stage']}")
            if event is None or event["n"] != 1 or event["mails"] != 1:
                self.journal.fault(f"{s['stage']} of {s['id']}: the lead was told {event}")
        found = expected = 0
        for review in reviews:
            is_open = review["state"] in ("queued", "in_review")
            until = before if is_open else at(review["ended_at"])
            want, got = stages_until(at(review["due_at"]), review["due_date"], until), of[review["id"]]
            for name, s in got.items():
                if name not in want or at(s["due"]) != want[name] or at(s["at"]) < want[name]:
                    self.journal.fault(f"{review['code']}: {name} was told at {s['at']}, is due {want.get(name)}")
            if is_open:
                expected += len(want)
                found += len(want.keys() & got.keys())
                for name in want.keys() - got.keys():
                    self.journal.fault(f"{review['code']}: {name} of {want[name]} was not told")
        if len(told) != len(stages):
            self.journal.fault(f"the lead was told {len(told)} stages of {len(stages)}")
        return {"acknowledged": expected, "found": found, "doubled": len(heard) and sum(r["n"] - 1 for r in told)}

    def outbox(self, want_parked=()):
        """Nothing is due; what is parked is WANT_PARKED [(schema, id)]."""
        parked = {(r["schema"], r["id"]) for r in outboxes("parked_at IS NOT NULL")} - self.parked_before
        if parked != set(want_parked):
            self.journal.fault(f"parked: {sorted(parked ^ set(want_parked))[:5]} (not as wanted)")
        return {"acknowledged": len(want_parked), "found": len(parked), "doubled": 0}
