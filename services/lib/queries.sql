-- Statements that every service has; the tables are its own, by search_path.

-- name: tx_begin
BEGIN;

-- name: tx_commit
COMMIT;

-- name: tx_savepoint
SAVEPOINT one_call;

-- name: tx_release
RELEASE SAVEPOINT one_call;

-- name: scope_set
-- In which issuer the connection works: row level security compares it.
SELECT set_config('vouch.issuer', :scope, false) AS scope;

-- name: clock_read
-- across: the time belongs to nobody
SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS n;

-- name: done_claim
INSERT INTO done (issuer_id, rpc, account_id, key, digest)
VALUES (:issuer_id, :rpc, :account_id, :key, :digest)
ON CONFLICT DO NOTHING
RETURNING true AS first;

-- name: done_get
SELECT digest, reply FROM done
WHERE issuer_id = :issuer_id AND rpc = :rpc AND account_id = :account_id AND key = :key;

-- name: done_reply
UPDATE done SET reply = :reply
WHERE issuer_id = :issuer_id AND rpc = :rpc AND account_id = :account_id AND key = :key;

-- name: done_release
DELETE FROM done
WHERE issuer_id = :issuer_id AND rpc = :rpc AND account_id = :account_id AND key = :key;

-- name: done_purge
-- across: housekeeping. 30 days (P2), a thousand rows at a time.
DELETE FROM done WHERE ctid IN (
    SELECT ctid FROM done WHERE at < clock_timestamp() - interval '30 days' LIMIT 1000);

-- name: outbox_put
INSERT INTO outbox (issuer_id, account_id, rpc, subject, trace, payload)
VALUES (:issuer_id, :account_id, :rpc, :subject, :trace, :payload);

-- name: outbox_lease
-- across: the relay serves all issuers. Of one subject only the oldest row is
-- taken, so that a listener hears them in order.
UPDATE outbox SET tries = tries + 1, next_at = clock_timestamp() + interval '30 s'
WHERE id IN (
    SELECT id FROM outbox o
    WHERE next_at <= clock_timestamp() AND parked_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.rpc = o.rpc AND e.subject = o.subject
                      AND e.id < o.id AND e.parked_at IS NULL)
    ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED)
RETURNING id, issuer_id, account_id, rpc, trace, payload, tries, current_schema()::text || '/' || id::text AS key;

-- name: outbox_done
-- across: the relay serves all issuers
DELETE FROM outbox WHERE id = ANY(:ids);

-- name: outbox_later
-- across: the relay serves all issuers. 1 s, doubling to 5 min.
UPDATE outbox SET error = :error,
       next_at = clock_timestamp() + least(interval '1 s' * 2 ^ least(tries - 1, 9), interval '5 min')
WHERE id = :id;

-- name: outbox_park
-- across: the relay serves all issuers
UPDATE outbox SET parked_at = clock_timestamp(), error = :error WHERE id = :id;

-- name: outbox_unpark
-- across: an operator sends parked events again
UPDATE outbox SET parked_at = NULL, tries = 0, next_at = clock_timestamp() WHERE parked_at IS NOT NULL;

-- name: outbox_state
-- across: for health and metrics
SELECT count(*) FILTER (WHERE parked_at IS NULL) AS due,
       count(*) FILTER (WHERE parked_at IS NOT NULL) AS parked,
       coalesce((extract(epoch FROM clock_timestamp() - min(next_at) FILTER (WHERE parked_at IS NULL)) * 1000)::bigint, 0) AS oldest_ms
FROM outbox;
