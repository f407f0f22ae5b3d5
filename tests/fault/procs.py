"""The processes of one installation, found as children of its scripts/run and
ended by their numbers alone."""
import contextlib
import http.client
import os
import signal
import socket
import subprocess
import time

from world import BASE, BIN

NAMES = ("catalog", "submission", "assessment", "notification", "helpdesk", "identity", "credential", "gateway")
# Who hears from whom, or is asked by it.
HEARERS = {"catalog": ("submission", "credential"), "submission": ("assessment", "notification", "helpdesk"),
           "assessment": ("submission", "notification"), "notification": ("submission", "assessment"),
           "helpdesk": ("notification",), "identity": ("notification", "credential"),
           "credential": ("submission", "notification"), "gateway": ("submission", "assessment")}
BACK = 30               # seconds until a process must be there again
DRAIN = 15              # and until it must have ended when it was asked to


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(n) for n in file.read().split()]


def command(pid):
    """The words of PID's command line; none when it is gone."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read().decode("utf-8", "replace").rstrip("\0").split("\0")
    except OSError:
        return [""]


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def until(what, condition, seconds):
    """Milliseconds until CONDITION holds."""
    begun = time.monotonic()
    while not condition():
        if time.monotonic() - begun > seconds:
            raise RuntimeError(f"{what}: not within {seconds} s")
        time.sleep(0.01)
    return (time.monotonic() - begun) * 1000


class Processes:
    def __init__(self, pid, state):
        self.pid, self.state = pid, state
        with open(os.path.join(state, "run")) as file:
            self.run = file.read().strip()
        self.known = self.find()

    def find(self):
        """name -> pid of what runs now."""
        found = {}
        for pid in children(self.pid):
            name = os.path.basename(command(pid)[0]).removeprefix("vouch-")
            if name in NAMES:
                found[name] = pid
        return found

    def ended_unasked(self):
        """Which ended though nobody asked them to."""
        now = self.find()
        ended = [name for name in NAMES if now.get(name) != self.known.get(name)]
        self.known = now
        return ended

    def logged(self, words):
        """How many lines of the services' logs hold WORDS."""
        folder, n = os.path.join(self.state, "log"), 0
        for name in os.listdir(folder):
            with open(os.path.join(folder, name), errors="replace") as file:
                n += sum(words in line for line in file)
        return n

    def is_ready(self, name):
        try:
            if name == "gateway":
                connection = http.client.HTTPConnection(BASE.removeprefix("http://"), timeout=5)
                connection.request("GET", "/health/ready")
            else:
                connection = http.client.HTTPConnection("health", timeout=5)
                connection.sock = socket.socket(socket.AF_UNIX)
                connection.sock.settimeout(5)
                connection.sock.connect(f"{self.run}/{name}.1.health")
                connection.request("GET", "/readyz")
            ready = connection.getresponse().status == 200
            connection.close()
            return ready
        except (OSError, http.client.HTTPException):
            return False

    def kill(self, name, how):
        """Sends HOW to NAME; milliseconds until it had ended."""
        pid = self.known[name]
        self.begun = time.monotonic()
        os.kill(pid, how)
        return until(f"{name} ends", lambda: not is_alive(pid), DRAIN)

    def back(self, name):
        """Milliseconds from the last kill(), that of NAME, until another one was ready."""
        old = self.known[name]
        until(f"{name} is back", lambda: self.find().get(name, old) != old and self.is_ready(name), BACK)
        self.known[name] = self.find()[name]
        return (time.monotonic() - self.begun) * 1000

    @contextlib.contextmanager
    def paused(self, name):
        """NAME stands still meanwhile: what is sent to it stays on its way."""
        os.kill(self.known[name], signal.SIGSTOP)
        try:
            yield
        finally:
            if is_alive(self.known[name]):
                os.kill(self.known[name], signal.SIGCONT)

    # ---- PostgreSQL ----

    def postmaster(self):
        with open(os.path.join(self.state, "pg", "postmaster.pid")) as file:
            return int(file.readline())

    def answers(self):
        return subprocess.run(["psql", "-qtAX", "-h", self.run, "-U", "postgres", "-c", "SELECT 1", "vouch"],
                              capture_output=True).returncode == 0

    def crash_postgres(self, dice):
        """Kills a server process, in a COMMIT if one can be caught in it. (ms until it answers, until all services do, caught?)"""
        postmaster, begun, victim = self.postmaster(), time.monotonic(), None
        while victim is None:
            working = [(pid, command(pid)[0]) for pid in children(postmaster)]
            working = [(pid, title) for pid, title in working if title.startswith("postgres: vouch_")]
            victim = next((pid for pid, title in working if title.endswith("COMMIT")), None)
            caught, waited = victim is not None, time.monotonic() - begun
            if not caught and waited > 0.5 and working:
                victim = dice.choice(working)[0]
            if waited > BACK:
                raise RuntimeError("no service is connected to PostgreSQL")
        os.kill(victim, signal.SIGKILL)
        until("the server process ends", lambda: not is_alive(victim), 10)
        back = until("PostgreSQL is back", self.answers, BACK)
        ready = until("the gateway is ready", lambda: self.is_ready("gateway"), BACK)
        return back, back + ready, caught

    # ---- Redis and the clock ----

    def redis(self):
        with open(f"{self.run}/redis.pid") as file:
            return int(file.read() or 0)

    def hurt_redis(self, fault):
        if fault == "flush":
            # An earlier fault may have left Redis on its way back.
            until("Redis is emptied", lambda: subprocess.run(
                ["redis-cli", "-s", f"{self.run}/redis.sock", "FLUSHALL"], capture_output=True).stdout == b"OK\n", BACK)
            return
        until("Redis runs", lambda: is_alive(self.redis()), BACK)
        pid = self.redis()
        os.kill(pid, signal.SIGKILL)
        until("Redis ends", lambda: not is_alive(pid), 10)

    def advance(self, days):
        subprocess.run([f"{BIN}/vouchctl", "clock", "advance", f"{days}d", "--state", self.state], check=True,
                       stdout=subprocess.DEVNULL)
