#!/usr/bin/env python3
"""Faults under load, against the running processes.

    faults.py BASE BIN STATE PID ROUNDS SEED [FAULTS]

PID is scripts/run's. Each round walks through all faults; after each the
system comes to rest and what the clients were told is compared with PostgreSQL
and the spool. The seed makes the choices: who is killed in which order, what
the proxy cuts, what the clients do. FAULTS are some of R1,R3,R4,R9,R13,R28; all
without.
"""
import random
import signal
import sys
import time

import client
import ledger
import poison
import procs
from proxy import Proxy
from world import BASE, BIN, STATE, Person, await_that, document, seed, set_up

PID, ROUNDS, SEED = int(sys.argv[4]), int(sys.argv[5]), sys.argv[6]
FAULTS = sys.argv[7].split(",") if len(sys.argv) > 7 else ["R1", "R3", "R4", "R9", "R13", "R28"]
MICRO_CREDENTIALS, EARNERS = 150, 6
ALERT_SECONDS = 60      # P9


def wait(seconds):
    """Load goes on for a while: this is how long it is, not a wait for something."""
    time.sleep(seconds)


class Round:
    def __init__(self, n, micro_credentials, proxy, claimed):
        self.seed = f"{SEED}.{n}"
        self.dice = random.Random(self.seed)
        self.proxy = proxy
        proxy.seed, proxy.sent, proxy.kept = self.seed, {}, {}
        self.journal = client.Journal(claimed)
        emails = [f"earner{k}.{n}@example.org" for k in range(EARNERS)]
        for email in emails:
            seed(email, "Earner", [])
        self.earners = [client.Earner(e, self.journal, proxy, self.seed, micro_credentials) for e in emails]
        self.assessors = [client.Assessor(f"{who}@example.org", self.journal, proxy, self.seed)
                          for who in ("assessor", "second")]
        for person in self.earners + self.assessors:
            person.sign_in()
        self.ledger = ledger.Ledger(self.journal, ledger.business_now().isoformat())
        self.procs = procs.Processes(PID, STATE)
        self.failed, self.begun = 0, time.monotonic()

    def load(self, earners=EARNERS, assessors=True):
        return client.Load(self.earners[:earners] + (self.assessors if assessors else []))

    def check(self, fault, back, notes="", want_parked=()):
        """Waits for rest, compares, and prints one line."""
        quiet = ledger.wait_quiet(self.journal)
        for name in self.procs.ended_unasked():
            self.journal.fault(f"{name} ended by itself")
        books = self.ledger
        found = {"submit": books.submits(), "decide": books.decisions(), "ticket": books.tickets(),
                 "award": books.awards(), "alert": books.alerts(), "parked": books.outbox(want_parked)}
        longest = self.journal.longest
        self.repeat_some()
        if not self.journal.counts.get("submits"):
            self.journal.fault("nobody could hand in anything meanwhile")
        counts, wrong, _ = self.journal.take()
        rows = " ".join(f"{name} {r['acknowledged']}/{r['found']}/{r['doubled']}" for name, r in found.items())
        back_text = f"back {min(back):.0f}..{max(back):.0f} ms, " if back else ""
        print(f"  {fault}: {rows} (told/found/doubled); {counts.get('unclear', 0) + counts.get('504', 0)} unclear, "
              f"{counts.get('resolved', 0)} resolved, {counts.get('503', 0)} x 503, {counts.get('compared', 0)} repeats "
              f"compared; {back_text}longest call {longest:.1f} s, at rest after {quiet:.1f} s{notes}; "
              f"{len(wrong)} wrong; {time.monotonic() - self.begun:.0f} s", flush=True)
        self.begun = time.monotonic()
        for text in wrong[:20]:
            print(f"    WRONG {text}", flush=True)
        self.failed += len(wrong)

    def repeat_some(self):
        """Whoever asks again under an old key is told the very bytes of the first time."""
        n = min(len(self.journal.replays), 12)
        for who, verb, path, body, key, text in self.dice.sample(self.journal.replays, n):
            try:
                status, again = who.definite(verb, path, body, key)
            except client.Failed:
                continue
            self.journal.add("compared")
            if again != text:
                self.journal.fault(f"{verb} {path} {key}: told again {status} {again[:200]!r}, first {text[:200]!r}")

    # ---- the faults ----

    def kill_each(self):
        """R1: kill -9 of each of the eight processes, while one that hears from it stands still, so that
        something is on its way; of every other pair both."""
        back = []
        with self.load():
            for n, name in enumerate(self.dice.sample(procs.NAMES, len(procs.NAMES))):
                hearer = self.dice.choice(procs.HEARERS[name])
                wait(self.dice.uniform(0.1, 0.4))
                with self.procs.paused(hearer):
                    wait(self.dice.uniform(0.1, 0.4))
                    self.procs.kill(name, signal.SIGKILL)
                    if n % 2 == 0:
                        self.procs.kill(hearer, signal.SIGKILL)
                back.append(self.procs.back(name))
                if n % 2 == 0:
                    back.append(self.procs.back(hearer))
        self.check("R1 kill -9 of each process", back)

    def kill_postgres(self):
        """R3: kill -9 of a server process during a COMMIT: the server recovers from its log."""
        back, recovered, in_commit, unclear = [], [], 0, self.procs.logged("db: tx_commit: ")
        with self.load():
            for _ in range(3):
                wait(self.dice.uniform(0.3, 0.8))
                server, services, committing = self.procs.crash_postgres(self.dice)
                recovered.append(server)
                back.append(services)
                in_commit += committing
        self.check("R3 crash of PostgreSQL", back,
                   f", the server itself after {min(recovered):.0f}..{max(recovered):.0f} ms, {in_commit} of {len(back)} in a COMMIT, "
                   f"{self.procs.logged('db: tx_commit: ') - unclear} commits unclear to the services")

    def cut_answers(self):
        """R4: answers are lost after the commit."""
        self.proxy.counts = {}
        self.proxy.rate = 0.5
        with self.load():
            wait(5)
        self.proxy.rate = 0.0
        cuts = ", ".join(f"{n} {mode}" for mode, n in sorted(self.proxy.counts.items()))
        if not self.proxy.counts.get("swallow"):
            self.journal.fault("no answer was cut")
        self.check("R4 answers cut", [], f", {cuts}")

    def lose_redis(self):
        """R9: Redis is emptied and killed while timers come due."""
        late = []
        with self.load(earners=2, assessors=False):
            wait(2.5)
            for days in (22, *(self.dice.randrange(1, 6) for _ in range(2))):
                fault = self.dice.choice(("flush", "kill"))
                first = self.dice.random() < 0.5
                if first:
                    self.procs.hurt_redis(fault)
                self.procs.advance(days)
                if not first:
                    self.procs.hurt_redis(fault)
                begun = time.monotonic()
                now = ledger.business_now()
                await_that("the overdue are told", lambda: "due" not in ledger.restless(now), ALERT_SECONDS)
                late.append((time.monotonic() - begun) * 1000)
        self.check("R9 Redis emptied and killed", [], f", told {min(late):.0f}..{max(late):.0f} ms after they were due")

    def poison_outbox(self):
        """R13: events that no listener can take."""
        with self.load():
            wait(1)
            begun = ledger.sql("SELECT clock_timestamp() AS t")[0]["t"]
            poisons = poison.insert(self.dice)
            wait(3)
            await_that("the poison is parked", lambda: poison.all_parked(poisons), 60)
            lag = poison.lag_since(begun)
        self.check("R13 poisoned outbox", [], f", {lag}", want_parked=poisons)
        poison.remove(poisons)

    def end_each(self):
        """R28: SIGTERM for each process: it finishes what it has."""
        back, drained = [], []
        with self.load():
            for name in self.dice.sample(procs.NAMES, len(procs.NAMES)):
                wait(self.dice.uniform(0.1, 0.4))
                drained.append(self.procs.kill(name, signal.SIGTERM))
                back.append(self.procs.back(name))
        self.check("R28 SIGTERM of each process", back, f", ended within {min(drained):.0f}..{max(drained):.0f} ms")


def import_more():
    """Micro-credentials enough for every earner of a round."""
    author = Person("author@example.org")
    for n in range(MICRO_CREDENTIALS):
        copy = document()
        copy.update(key=f"circle-{n}", title=f"Circle {n}")
        copy["evidenceRequirements"][0]["min"] = 0
        author.post("/studio/imports", {"issuerId": "riverbend", "document": copy})
    found, cursor = [], ""
    while True:
        page = Person().call("GET", f"/micro-credentials?limit=100{cursor}")
        found += [row["id"] for row in page["items"] if row["title"].startswith("Circle")]
        if "next" not in page:
            break
        cursor = "&cursor=" + page["next"]
    await_that("the submission service knows them", lambda: ledger.sql(
        "SELECT count(*) AS n FROM submission.micro_credentials WHERE version IS NOT NULL")[0]["n"] >= len(found))
    return sorted(found)


def main():
    print(f"seed {SEED}", flush=True)
    set_up()
    micro_credentials = import_more()
    proxy = Proxy(("127.0.0.1", int(BASE.rsplit(":", 1)[1])), SEED)
    failed, claimed = 0, set()
    for n in range(1, ROUNDS + 1):
        begun = time.monotonic()
        print(f"round {n}", flush=True)
        r = Round(n, micro_credentials, proxy, claimed)
        every = {"R1": r.kill_each, "R3": r.kill_postgres, "R4": r.cut_answers, "R9": r.lose_redis,
                 "R13": r.poison_outbox, "R28": r.end_each}
        for fault in FAULTS:
            every[fault]()
        failed += r.failed
        print(f"  {len(r.journal.submits)} submits, {len(r.journal.decisions)} decisions in "
              f"{time.monotonic() - begun:.0f} s, {r.failed} wrong", flush=True)
    print(f"{ROUNDS} rounds, {failed} wrong; again by: tests/fault/run BIN {ROUNDS} {SEED}", flush=True)
    sys.exit(1 if failed else 0)


main()
