"""Events that no listener can take, put into outboxes by the superuser."""
import json
import statistics
import subprocess

import ledger
from world import BIN, STATE

# (schema, rpc, tries before, payload as SQL). One that a listener refuses is
# parked at once; one that is not even sent is tried twelve times (relay.h), of
# which eleven lie behind it here.
KINDS = [
    ("submission", "Reviews.OnSubmissionReceived", 0, "'\\xffffffffffffffff'::bytea"),
    ("submission", "Notifications.OnSubmissionReceived", 0, "'not protobuf at all'::bytea"),
    ("assessment", "Submissions.OnReviewDecided", 0, "decode(repeat('0a0568656c6c6f', 3) || '0a7f', 'hex')"),
    # 100,000 empty messages in a list: two bytes on the wire and ninety in memory for each
    ("submission", "Reviews.OnSubmissionReceived", 0, "decode(repeat('5200', 100000), 'hex')"),
    # an outcome that does not exist
    ("submission", "Credentials.OnSubmissionDecided", 0,
     "decode('0a24' || encode('00000000-0000-7000-8000-000000000000', 'hex') || '4863', 'hex')"),
    ("submission", "Notifications.OnNothingThatIsKnown", 11, "'\\x0a00'::bytea"),
    ("catalog", "Nobody.OnNothing", 11, "'\\x'::bytea"),
    ("submission", "Reviews.OnSubmissionReceived", 11, "decode(repeat('00', 1500000), 'hex')"),
    ("submission", "Notifications.OnSubmissionDecided", 11, "decode(repeat('00', 70000000), 'hex')"),
]


def insert(dice):
    """Inserts all kinds, some of them often; returns their (schema, id)."""
    mark, statements = f"poison-{dice.randrange(10**9)}", []
    for n, (schema, rpc, tries, payload) in enumerate(KINDS):
        often = dice.randrange(1, 12) if n < 7 else 1
        statements.append(f"""INSERT INTO {schema}.outbox (issuer_id, account_id, rpc, subject, trace, payload, tries)
            SELECT 'riverbend', '', '{rpc}', '{mark}-{n}-' || k, 'poison', {payload}, {tries}
            FROM generate_series(1, {often}) k;""")
    ledger.sql("".join(statements))
    return [(r["schema"], r["id"]) for r in ledger.outboxes(f"subject LIKE '{mark}-%'")]


def all_parked(poisons):
    parked = {(r["schema"], r["id"]) for r in ledger.outboxes("parked_at IS NOT NULL")}
    return set(poisons) <= parked


def remove(poisons):
    ledger.sql("".join(f"DELETE FROM {schema}.outbox WHERE id = {number};" for schema, number in poisons))


def lag_since(begun):
    """How long facts took that nothing was wrong with: from the receipt to the row of its mail."""
    shown = subprocess.run([f"{BIN}/vouchctl", "clock", "show", "--state", STATE, "--json"], check=True,
                           capture_output=True).stdout
    offset = json.loads(shown)["offsetSeconds"]
    rows = ledger.sql(f"""
        SELECT extract(epoch FROM m.queued_at - s.submitted_at) + {offset} AS lag
        FROM submission.submissions s JOIN notification.mails m ON m.event LIKE 'received/' || s.id || '/%'
        WHERE m.account_id = s.earner_id AND m.queued_at >= '{begun}'""")
    lags = sorted(r["lag"] for r in rows) or [0]
    return (f"{len(rows)} other facts took {statistics.median(lags) * 1000:.0f} ms, at most {lags[-1] * 1000:.0f} ms")
