"""What processes cost before they do anything, the bus between them, and the timers."""
import json
import os
import subprocess
import time

from place import own_cpu


def idle(place, table, scale):
    """Memory of an idle process."""
    table.line("idle process", "PSS MiB: " + ", ".join(f"{name} {place.pss_mib(name):.1f}" for name in sorted(place.services)))
    before = {name: own_cpu(pid) for name, pid in place.services.items()}
    time.sleep(scale)
    table.line("idle process", "CPU %: " + ", ".join(
        f"{name} {(own_cpu(pid) - before[name]) / scale / 1e4:.2f}" for name, pid in sorted(place.services.items())))


def start(place, table, _):
    """Start with the database up."""
    took = sorted(place.start_again_ms() for _ in range(3))
    table.line("start", f"all {len(place.services)} processes to /health/ready: {took[1]:.0f} ms "
               f"({took[0]:.0f} to {took[2]:.0f})")


def bus(place, table, scale):
    """Round trip of 1 KB."""
    with open(place.file("bus.log"), "w") as log:
        done = subprocess.run([f"{place.programs}/bus", str(scale)], check=True, stdout=subprocess.PIPE, stderr=log, text=True)
    rows = {(r["way"], r["under_way"]): (r["rate"], r["cpu_us"]) for r in map(json.loads, done.stdout.splitlines())}
    for n in sorted({n for _, n in rows}):
        table.row("bus round trip, 1 KB", n, rows["bus", n], "bare DEALER and ROUTER, the same protobuf", rows["bare", n])


# ---- timers -------------------------------------------------------------------------


class Redis:
    """A server of its own: the installation's holds the timers of its reviews."""

    def __init__(self, place):
        self.path, self.log = f"{place.run}/bench-redis.sock", place.file("log/bench-redis.log")
        self.process = subprocess.Popen(["redis-server", "--port", "0", "--unixsocket", self.path, "--save", "",
                                         "--appendonly", "no", "--dir", place.run, "--logfile", self.log])
        while not os.path.exists(self.path):
            time.sleep(0.01)

    def close(self):
        self.process.terminate()
        self.process.wait(30)


def fill_reviews(place, count):
    subprocess.run([f"{place.bin}/vouch-assessment", "--migrate"], check=True,
                   env={**os.environ, "VOUCH_ADMIN_DATABASE": f"host={place.run} user=postgres dbname=vouch_timers"})
    # Indexes that no timer needs cost only the time to make the rows.
    place.psql(f"""SET search_path = assessment, public;
        DROP INDEX reviews_by_pool, reviews_by_assignee, reviews_by_due, reviews_open, reviews_open_issuer;
        INSERT INTO versions SELECT 'bench-' || n, gen_random_uuid(), 1, '{{}}' FROM generate_series(0, 15) AS n;
        INSERT INTO reviews (issuer_id, id, submission_id, code, earner_id, micro_credential_id, micro_credential_version,
               title, attempt, parts, evidence, days, submitted_at, due_at, due_date, time_zone, next_stage, next_at)
        SELECT v.issuer_id, gen_random_uuid(), gen_random_uuid(), 'V', gen_random_uuid(), v.micro_credential_id, 1, 'T', 1,
               '[]', '[]', '[]', now(), now() + interval '20 days', '2026-12-24', 'UTC', 'due_soon',
               now() + random() * interval '20 days'
        FROM generate_series(1, {count}) AS n JOIN versions v ON v.issuer_id = 'bench-' || n % 16;
        ANALYZE reviews""", database="vouch_timers")


def run_timers(place, redis, what, count):
    conninfo = f"host={place.run} user=postgres dbname=vouch_timers options='-c search_path=assessment,public'"
    before = own_cpu(redis.process.pid) + place.postgres_cpu()
    done = subprocess.run([f"{place.programs}/timers", what, f"unix:{redis.path}", conninfo, str(count)], check=True,
                          stdout=subprocess.PIPE, text=True)
    told = json.loads(done.stdout)
    assert told["n"] == count, f"{what}: {told['n']} of {count} timers"
    spent = own_cpu(redis.process.pid) + place.postgres_cpu() - before + told["cpu_us"]
    return count / told["seconds"], spent / count


def timers(place, table, count):
    """Arm, fire and make anew."""
    place.psql("CREATE DATABASE vouch_timers", database="postgres")
    fill_reviews(place, count)
    redis = Redis(place)
    try:
        for what, name in (("arm", "ZADD of 100"), ("fire", "a lease of 100 by a script"),
                           ("rebuild", "COPY out and ZADD of 100")):
            base = run_timers(place, redis, f"bare-{what}", count)
            table.row(f"timers: {what} {count:,}", "", run_timers(place, redis, what, count), name, base)
    finally:
        redis.close()
    place.psql("DROP DATABASE vouch_timers", database="postgres")
