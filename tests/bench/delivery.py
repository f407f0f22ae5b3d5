"""Events from the outbox to the effects of their listeners, against the outbox's SQL alone."""
import time

import seed
import submissions
from statements import fill, quoted, statements

LIB = statements("lib")
LEASE = {"busy": "'{}'", "most": "100", "bytes": "16777216", "largest": "983040"}
SUBMITS = 1200
DRAFTS = 2 * SUBMITS


def fill_outbox(place, drafts):
    """As many rows as SUBMITS make, none of them due."""
    submissions.hold_events(place, True)
    submissions.http_submit(place, drafts, 64, SUBMITS)
    return int(place.psql("SELECT count(*) FROM submission.outbox")[0][0])


def end_to_end(place, drafts):
    total = fill_outbox(place, drafts)
    submissions.hold_events(place, False)
    before = place.cpu()
    place.psql("UPDATE submission.outbox SET next_at = clock_timestamp()")
    began, left = None, total
    while left > 0:
        time.sleep(0.02)
        left = int(place.psql("SELECT count(*) FROM submission.outbox WHERE parked_at IS NULL")[0][0])
        if began is None and left < total:
            began, first = time.monotonic(), left
    took, spent = time.monotonic() - began, place.cpu() - before
    if place.psql("SELECT count(*) FROM submission.outbox")[0][0] != "0":
        raise SystemExit("events were parked")
    return first / took, spent / total


def baseline(place, drafts):
    """Lease, claim, reply and removal of 100 rows, three commits; the listeners' own effects are left out."""
    total = fill_outbox(place, drafts)
    place.psql(f"""CREATE SCHEMA bench;
        CREATE TABLE bench.outbox (LIKE submission.outbox INCLUDING ALL);
        CREATE TABLE bench.done (LIKE submission.done INCLUDING ALL);
        INSERT INTO bench.outbox OVERRIDING SYSTEM VALUE
        SELECT id, issuer_id, account_id, rpc, subject, trace, payload, 0, clock_timestamp() FROM submission.outbox
        ORDER BY id LIMIT {total // 100 * 100};
        ANALYZE bench.outbox""")
    submissions.clear_events(place)
    submissions.hold_events(place, False)
    lines = ["BEGIN;", fill(LIB["outbox_lease"], LEASE), "COMMIT;", "BEGIN;"]
    for k in range(100):
        done = {"issuer_id": quoted(f"bench-{k % seed.ISSUERS}"), "rpc": "'Bench.On'", "account_id": quoted(seed.uuid(1, k)),
                "key": f"'submission/' || (:i * 100 + {k})::text", "digest": f"'\\x{'ab' * 32}'::bytea",
                "reply": f"'\\x{'cd' * 40}'::bytea"}
        lines += [fill(LIB["done_claim"], done), fill(LIB["done_reply"], done)]
    lines += ["COMMIT;", "BEGIN;", fill(LIB["outbox_done"], {"ids": "ARRAY(SELECT id FROM outbox WHERE tries > 0)"}),
              "COMMIT;"]
    script = "\\startpipeline\n" + "\n".join(lines) + "\n\\endpipeline\n\\set i :i + 1\n"
    result = place.pgbench(script, 1, "postgres", transactions=total // 100, each=100,
                           settings="-c search_path=bench,public")
    left = place.psql("SELECT count(*) FROM bench.outbox")[0][0]
    place.psql("DROP SCHEMA bench CASCADE")
    assert left == "0", "pgbench has not done the same work"
    return result


def outbox(place, drafts, table, _):
    """Deliver events."""
    base = baseline(place, drafts)
    table.row("outbox, end to end", "", end_to_end(place, drafts), "its SQL alone, 100 a commit", base)
