"""An installation of its own for a measurement: its processes, its database, and what they cost.

CPU is user and system time of processes out of /proc. A backend of PostgreSQL
that has ended counts through its parent, so that the sum over the server is whole.
"""
import json
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# What the services set when they connect (db_connection.c), so that pgbench has it too.
SESSION = "-c default_toast_compression=lz4"
TICK_US = 1e6 / os.sysconf("SC_CLK_TCK")


def stat(pid):
    """Fields of /proc/PID/stat behind the name, from the state on; None when the process is gone."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def children(pid):
    rows = ((int(p), stat(p)) for p in os.listdir("/proc") if p.isdigit())
    return [p for p, row in rows if row and int(row[1]) == pid]


def own_cpu(pid, ended=False):
    row = stat(pid)
    return 0.0 if row is None else sum(int(n) for n in row[11:15 if ended else 13]) * TICK_US


def services_of(runner):
    """The services that RUNNER has started, by their names."""
    found = {}
    for pid in children(runner):
        try:
            name = os.path.basename(os.readlink(f"/proc/{pid}/exe"))
        except FileNotFoundError:
            continue                                # it has ended
        if name.startswith("vouch-"):
            found[name[6:]] = pid
    return found


class Place:
    """One running installation; everything of it goes when it is closed."""

    def __init__(self, bin_dir):
        self.bin = os.path.abspath(bin_dir)
        self.programs = os.path.join(os.path.dirname(self.bin), "bench")
        self.state = tempfile.mkdtemp(prefix="vouch-bench.", dir="/tmp")
        self.port = random.randrange(20000, 32000)
        self.base = f"http://127.0.0.1:{self.port}"
        with open(self.file("out"), "w") as out:
            self.runner = subprocess.Popen(
                [f"{TOP}/scripts/run", "--state", self.state, "--port", str(self.port), "--bin", self.bin,
                 "--no-build", "--no-demo"], stdout=out, stderr=subprocess.STDOUT)
        try:
            self.await_ready()
        except BaseException:
            self.close()
            raise

    def file(self, name):
        return os.path.join(self.state, name)

    def await_ready(self):
        while "\nready " not in "\n" + open(self.file("out")).read():
            if self.runner.poll() is not None:
                raise SystemExit(open(self.file("out")).read())
            time.sleep(0.05)
        self.run = open(self.file("run")).read().strip()
        self.postmaster = int(open(self.file("pg/postmaster.pid")).readline())
        self.redis = int(open(f"{self.run}/redis.pid").read())
        self.services = services_of(self.runner.pid)

    def close(self):
        if self.runner.poll() is None:
            self.runner.send_signal(signal.SIGTERM)
            self.runner.wait(60)
        shutil.rmtree(getattr(self, "run", self.state), ignore_errors=True)
        shutil.rmtree(self.state, ignore_errors=True)

    # ---- the database

    def psql(self, sql, database="vouch", settings=""):
        """Runs SQL as the superuser; the rows, each a list of texts."""
        done = subprocess.run(
            ["psql", "-qtA", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-h", self.run, "-U", "postgres", database],
            input=sql, text=True, capture_output=True, env={**os.environ, "PGOPTIONS": settings})
        if done.returncode != 0:
            raise SystemExit(f"psql: {done.stderr}\n{sql[:300]}")
        return [line.split("\t") for line in done.stdout.splitlines()]

    def settle(self, seconds=60):
        """Waits until every event has been heard."""
        names = [s for s in self.services if s != "gateway"]
        count = "SELECT " + " + ".join(f"(SELECT count(*) FROM {s}.outbox)" for s in names)
        until = time.monotonic() + seconds
        while self.psql(count)[0][0] != "0":
            if time.monotonic() > until:
                raise SystemExit("events are not delivered")
            time.sleep(0.05)

    # ---- what it costs

    def postgres_cpu(self):
        while True:
            ended = own_cpu(self.postmaster, ended=True)
            spent = ended + sum(own_cpu(pid) for pid in children(self.postmaster))
            if own_cpu(self.postmaster, ended=True) == ended:   # else one went over to its parent while we looked
                return spent

    def cpu(self):
        """Microseconds of all services, the gateway, PostgreSQL and Redis so far."""
        return self.postgres_cpu() + own_cpu(self.redis) + sum(own_cpu(pid) for pid in self.services.values())

    def load(self, kind, clients, seconds, count, lines, text=None, some=False):
        """Runs the HTTP client over LINES; (rate, CPU of an operation in us, p50 and p99 in ms).

        A refusal ends the measurement, unless SOME may be refused: then only good answers are counted.
        """
        with open(self.file("drafts"), "w") as file:
            file.write("\n".join(lines) + "\n")
        more = []
        if text is not None:
            more = [self.file("text")]
            with open(more[0], "w") as file:
                file.write(text)
        self.psql("CHECKPOINT")
        before = self.cpu()
        done = subprocess.run([f"{self.programs}/load", str(self.port), kind, str(clients), str(seconds), str(count),
                               self.file("drafts"), *more], check=True, capture_output=True, text=True)
        spent = self.cpu() - before
        told = json.loads(done.stdout)
        good = told["ops"] - told["errors"]
        if told["errors"] > 0 and not some:
            raise SystemExit(f"{kind}: {told['errors']} of {told['ops']} were refused: {told['error']}")
        return good / told["seconds"], spent / max(1, good), told["p50_us"] / 1000, told["p99_us"] / 1000

    def pgbench(self, script, clients, role, transactions=None, seconds=None, each=1, settings="", database="vouch"):
        """Runs SCRIPT; (rate, CPU of an operation in us) where a transaction is EACH operations."""
        with open(self.file("script.sql"), "w") as file:
            file.write(script)
        amount = ["-t", str(transactions)] if transactions else ["-T", str(max(1, round(seconds)))]
        self.psql("CHECKPOINT")
        before = self.postgres_cpu()
        done = subprocess.run(
            ["pgbench", "-n", "-M", "prepared", "-h", self.run, "-U", role, "-c", str(clients), "-j", "1", *amount,
             "-D", "i=0", "-f", self.file("script.sql"), database],
            capture_output=True, text=True, env={**os.environ, "PGOPTIONS": f"{SESSION} {settings}"})
        while self.psql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pgbench'")[0][0] != "0":
            time.sleep(0.01)
        spent = self.postgres_cpu() - before
        words = done.stdout.split()
        if done.returncode != 0 or "number of failed transactions: 0" not in done.stdout:
            raise SystemExit(f"pgbench: {done.stderr[-2000:]}{done.stdout}")
        ran = int(done.stdout.split("actually processed: ")[1].split("/")[0].split()[0]) * each
        return float(words[words.index("tps") + 2]) * each, spent / ran

    # ---- processes

    def pss_mib(self, name):
        with open(f"/proc/{self.services[name]}/smaps_rollup") as file:
            for line in file:
                if line.startswith("Pss:"):
                    return int(line.split()[1]) / 1024

    def start_again_ms(self):
        """Ends all services and starts them again while the database runs; milliseconds until /health/ready says yes."""
        os.kill(self.runner.pid, signal.SIGSTOP)    # it would start them itself
        commands = []
        for pid in self.services.values():
            with open(f"/proc/{pid}/cmdline") as line, open(f"/proc/{pid}/environ") as names:
                commands.append((line.read().split("\0")[:-1],
                                 dict(n.split("=", 1) for n in names.read().split("\0")[:-1])))
            os.kill(pid, signal.SIGTERM)
        for pid in self.services.values():
            while (stat(pid) or "Z")[0] != "Z":
                time.sleep(0.01)
        log = open(self.file("log/again"), "a")
        began = time.monotonic()
        started = [subprocess.Popen(c, env=e, stderr=log) for c, e in commands]
        while not self.is_ready():
            time.sleep(0.005)
        took = (time.monotonic() - began) * 1000
        for process in started:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
        os.kill(self.runner.pid, signal.SIGCONT)
        self.find_again()
        return took

    def is_ready(self):
        try:
            return urllib.request.urlopen(f"{self.base}/health/ready", timeout=5).status == 200
        except OSError:
            return False

    def find_again(self):
        """Waits until scripts/run has started everything that had ended."""
        names, until = set(self.services), time.monotonic() + 60
        while time.monotonic() < until:
            time.sleep(0.1)
            self.services = services_of(self.runner.pid)
            if set(self.services) == names and self.is_ready():
                return
        raise SystemExit("the services did not come back")
