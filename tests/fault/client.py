"""People who never give up: each call is repeated, under the same key, until
its answer is definite; and what they were told is written down."""
import http.client
import json
import random
import threading
import time

from world import BASE, PASSWORD

HOST = BASE.removeprefix("http://")
THINK = 0.6             # seconds at most between two pieces of an earner's work
PATIENCE = 60           # seconds until a call without a definite answer has failed
TEXT = "My circle reads a chapter each week and the roles change."


class Journal:
    """What was told to clients, and what went wrong. Thread-safe. CLAIMED: reviews, of all rounds."""

    def __init__(self, claimed):
        self.lock = threading.Lock()
        self.submits, self.decisions, self.tickets, self.saves, self.claims = {}, {}, {}, {}, claimed
        self.replays = []               # (client, verb, path, body, key, answer's bytes) to be asked again
        self.wrong = []
        self.counts = {}
        self.longest = 0.0

    def add(self, what, n=1):
        with self.lock:
            self.counts[what] = self.counts.get(what, 0) + n

    def fault(self, text):
        with self.lock:
            self.wrong.append(text)

    def take(self):
        """The counts and wrongs since the last look."""
        with self.lock:
            counts, wrong, longest = self.counts, self.wrong, self.longest
            self.counts, self.wrong, self.longest = {}, [], 0.0
        return counts, wrong, longest


class Failed(Exception):
    """The story of one client cannot go on; the journal says why."""


class Client:
    def __init__(self, email, journal, proxy, seed):
        self.email, self.journal, self.proxy = email, journal, proxy
        self.name = email.split("@")[0]
        self.seed, self.dice = seed, random.Random(f"{seed}/{email}")
        self.cookie = self.connection = None
        self.n = 0

    def key(self, what):
        self.n += 1
        return f"{self.seed}-{self.name}-{self.n}-{what}"[:64]

    def once(self, verb, path, data, headers):
        """One try: (status, body). OSError or HTTPException: nobody knows."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.proxy.port, timeout=20)
        try:
            self.connection.request(verb, "/api/v1" + path, data, headers)
            reply = self.connection.getresponse()
            body = reply.read()
        except BaseException:
            self.connection.close()
            self.connection = None
            raise
        cookie = reply.headers.get("Set-Cookie")
        if cookie and path == "/sessions":
            self.cookie = cookie.split(";")[0]
        return reply.status, body

    def headers(self, key, if_match):
        headers = {"Host": HOST, "Origin": BASE, "Content-Type": "application/json"}
        if self.cookie:
            headers["Cookie"] = self.cookie
        if key:
            headers["Idempotency-Key"] = key
        if if_match:
            headers["If-Match"] = f'"{if_match}"'
        return headers

    def sign_in(self):
        self.cookie = None
        status, body = self.definite("POST", "/sessions", {"email": self.email, "password": PASSWORD}, self.key("in"))
        if status != 201:
            self.journal.fault(f"{self.name} cannot sign in: {status} {body[:200]!r}")
            raise Failed

    def definite(self, verb, path, body=None, key=None, if_match=None):
        """Asks until the answer is definite. Returns (status, body)."""
        data = json.dumps(body).encode() if body is not None else None
        begun, unclear = time.monotonic(), False
        for n in range(1000):
            if n > 0:
                time.sleep(self.dice.uniform(0.02, min(0.5, 0.05 * 2 ** n)))
            if time.monotonic() - begun > PATIENCE:
                break
            try:
                status, text = self.once(verb, path, data, self.headers(key, if_match))
            except (OSError, http.client.HTTPException, ValueError):
                unclear = True
                self.journal.add("unclear")
                continue
            if status == 503:
                self.journal.add("503")
            elif status == 504:
                unclear = True
                self.journal.add("504")
            elif status == 409 and b"still running" in text:
                self.journal.add("running")
            elif status == 401 and path != "/sessions":
                self.journal.add("signed in again")
                self.sign_in()
            else:
                self.settle(verb, path, key, status, text, unclear, time.monotonic() - begun)
                return status, text
        self.journal.fault(f"{verb} {path} {key}: no definite answer in {PATIENCE} s")
        raise Failed

    def settle(self, verb, path, key, status, text, unclear, seconds):
        self.journal.add("calls")
        if unclear:
            self.journal.add("resolved")
        with self.journal.lock:
            self.journal.longest = max(self.journal.longest, seconds)
        if status >= 500:
            self.journal.fault(f"{verb} {path} {key}: {status} {text[:200]!r}")
        for old_status, old in self.proxy.kept.pop(key, ()) if key else ():
            if old_status < 300:
                self.journal.add("compared")
                if (old_status, old) != (status, text):
                    self.journal.fault(f"{verb} {path} {key}: the repeat was answered {status} {text[:200]!r}, "
                                       f"first {old_status} {old[:200]!r}")

    def ask(self, verb, path, body=None, key=None, if_match=None, want=(200, 201)):
        status, text = self.definite(verb, path, body, key, if_match)
        if status not in want:
            self.journal.fault(f"{verb} {path} {key}: {status} {text[:300]!r}, want {want}")
            raise Failed
        return status, text


class Earner(Client):
    """Drafts and hands in one micro-credential after another."""

    def __init__(self, email, journal, proxy, seed, micro_credentials):
        super().__init__(email, journal, proxy, seed)
        self.left = list(micro_credentials)
        self.dice.shuffle(self.left)

    def step(self):
        """One submission, from its draft to the receipt. False: there are none left."""
        if not self.left:
            return False
        time.sleep(self.dice.uniform(0, THINK))
        body = {"microCredentialId": self.left.pop()}
        draft = json.loads(self.ask("POST", "/submissions", body, self.key("draft"))[1])
        path = f"/submissions/{draft['id']}"
        for part in draft["parts"]:
            self.ask("PUT", f"{path}/parts/{part['key']}", {"text": TEXT}, self.key(part["key"]), part["version"])
        self.journal.saves[draft["id"]] = len(draft["parts"])
        self.ask("PUT", f"{path}/declarations", {
            "collaboration": {"collaborative": False}, "ai": {"used": False},
            "personalInformation": {"reviewed": True}, "ownWork": {"confirmed": True}}, self.key("declare"))
        key = self.key("submit")
        text = self.ask("POST", f"{path}/submit", {}, key)[1]
        self.journal.submits[draft["id"]] = json.loads(text)
        self.journal.replays.append((self, "POST", f"{path}/submit", {}, key, text))
        self.journal.add("submits")
        if self.dice.random() < 0.3:
            self.ticket()
        return True

    def ticket(self):
        key = self.key("ticket")
        body = {"subject": f"Question {key} of {self.email}", "body": "When is it due?"}
        text = self.ask("POST", "/tickets", body, key)[1]
        self.journal.tickets[body["subject"]] = json.loads(text)["id"]
        self.journal.replays.append((self, "POST", "/tickets", body, key, text))
        self.journal.add("tickets")


class Assessor(Client):
    """Claims, scores and decides what waits."""

    def step(self):
        rows = json.loads(self.ask("GET", "/reviews?queue=pool&limit=20")[1])["items"]
        if not rows:
            time.sleep(0.05)
            return True
        row = self.dice.choice(rows)
        path = f"/reviews/{row['id']}"
        if self.ask("POST", f"{path}/claim", {}, self.key("claim"), want=(200, 404, 409))[0] != 200:
            self.journal.add("claimed by another")
            return True
        self.journal.claims.add(row["id"])
        shown = json.loads(self.ask("GET", path)[1])
        # By the code, so that it does not hang on who comes first.
        awarded = random.Random(row["submissionCode"]).random() < 0.8
        criteria = [c["id"] for part in shown["rubric"]["parts"] for c in part["criteria"]]
        scores = {"scores": [{"criterionId": c, "levelId": "l1" if awarded or c != "c-overview" else "l2",
                              "comment": "Seen."} for c in criteria],
                  "feedback": [{"kind": "praise" if awarded else "challenge", "part": "overview",
                                "text": "The roles should be told more clearly."}]}
        self.ask("PUT", f"{path}/scores", scores, self.key("score"), shown["version"])
        key, body = self.key("decide"), {"outcome": "awarded" if awarded else "denied"}
        text = self.ask("POST", f"{path}/decision", body, key)[1]
        self.journal.decisions[row["id"]] = body["outcome"]
        self.journal.replays.append((self, "POST", f"{path}/decision", body, key, text))
        self.journal.add("decisions")
        return True


class Load:
    """Clients at work, each in a thread of its own, until the end of the block."""

    def __init__(self, clients):
        self.clients, self.stopping = clients, threading.Event()
        self.threads = [threading.Thread(target=self.work, args=(c,), daemon=True) for c in clients]

    def work(self, client):
        while not self.stopping.is_set():
            try:
                if not client.step():
                    return
            except Failed:
                continue
            except Exception as error:      # a defect of this test must not look like silence
                client.journal.fault(f"{client.name}: {error!r}")
                return

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        for thread in self.threads:
            thread.join(PATIENCE + 30)
        for client, thread in zip(self.clients, self.threads):
            if thread.is_alive():
                client.journal.fault(f"{client.name} is still busy")
