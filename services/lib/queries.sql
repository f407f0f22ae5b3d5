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
-- across: it says in which issuer the connection works; row level security compares it
SELECT set_config('vouch.issuer', :scope, false) AS scope;

-- name: clock_read
-- across: the time belongs to nobody
SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS n;

-- name: done_claim
INSERT INTO done (issuer_id, rpc, account_id, key, digest)
VALUES (:issuer_id, :rpc, :account_id, :key, :digest)
ON CONFLICT DO NOTHING
RETURNING true AS first;

-- name: done_claim_all
-- The keys of a batch: how many of them are new. In one order, so that two
-- instances never wait for each other.
WITH claimed AS (
    INSERT INTO done (issuer_id, rpc, account_id, key, digest)
    SELECT issuer_id, rpc, account_id, key, digest
    FROM unnest(:issuers::text[], :rpcs::text[], :accounts::text[], :keys::text[], :digests::bytea[])
         AS t (issuer_id, rpc, account_id, key, digest)
    ORDER BY issuer_id, rpc, account_id, key
    ON CONFLICT DO NOTHING
    RETURNING 1)
SELECT count(*) AS n FROM claimed;

-- name: done_get
SELECT digest, reply FROM done
WHERE issuer_id = :issuer_id AND rpc = :rpc AND account_id = :account_id AND key = :key;

-- name: done_reply
UPDATE done SET reply = :reply
WHERE issuer_id = :issuer_id AND rpc = :rpc AND account_id = :account_id AND key = :key;

-- name: done_reply_all
-- The answers of a batch. Each row is there: a conflict is how it is found by its key, whatever the plan.
INSERT INTO done (issuer_id, rpc, account_id, key, digest, reply)
SELECT issuer_id, rpc, account_id, key, '', reply
FROM unnest(:issuers::text[], :rpcs::text[], :accounts::text[], :keys::text[], :replies::bytea[])
     AS t (issuer_id, rpc, account_id, key, reply)
ON CONFLICT (issuer_id, rpc, account_id, key) DO UPDATE SET reply = excluded.reply;

-- name: done_release
DELETE FROM done
WHERE issuer_id = :issuer_id AND rpc = :rpc AND account_id = :account_id AND key = :key;

-- name: done_purge
-- across: housekeeping. 30 days (P2), a thousand rows at a time.
DELETE FROM done WHERE ctid IN (
    SELECT ctid FROM done WHERE at < (SELECT clock_timestamp()) - interval '30 days' LIMIT 1000);

-- name: outbox_put
-- A row for each who hears of an event: rpcs are their names with spaces between. In the order of the events.
INSERT INTO outbox (issuer_id, account_id, rpc, subject, trace, payload)
SELECT e.issuer_id, e.account_id, rpc, e.subject, e.trace, e.payload
FROM unnest(:issuers::text[], :accounts::text[], :rpcs::text[], :subjects::text[], :traces::text[], :payloads::bytea[])
     AS e (issuer_id, account_id, rpcs, subject, trace, payload),
     unnest(string_to_array(e.rpcs, ' ')) AS rpc;

-- name: outbox_lease
-- across: the relay serves all issuers. Of one subject only the oldest row is
-- taken, so that a listener hears them in order. The time is a subquery, for
-- an index takes no volatile function; payloads are bounded together, and one
-- that is too large to be sent is not even read. The lease is longer than a row
-- is awaited, and as short as may be: so long do rows wait that a process had
-- on their way when it was killed (P9).
WITH due AS MATERIALIZED (
    SELECT id, least(octet_length(payload), :largest::int) AS size FROM outbox o
    WHERE next_at <= (SELECT clock_timestamp()) AND parked_at IS NULL AND rpc <> ALL (:busy::text[])
      AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.rpc = o.rpc AND e.subject = o.subject
                      AND e.id < o.id AND e.parked_at IS NULL)
    ORDER BY next_at, id LIMIT :most::int FOR UPDATE SKIP LOCKED),
fitting AS (
    SELECT id FROM (SELECT id, size, sum(size) OVER (ORDER BY id) AS total FROM due) AS sums
    WHERE total - size < :bytes::int)
UPDATE outbox o SET tries = tries + 1, next_at = clock_timestamp() + interval '15 s'
FROM fitting WHERE o.id = fitting.id
RETURNING o.id, o.issuer_id, o.account_id, o.rpc, o.trace, o.tries, current_schema()::text || '/' || o.id::text AS key,
    octet_length(o.payload) > :largest::int AS too_large,
    CASE WHEN octet_length(o.payload) <= :largest::int THEN o.payload ELSE ''::bytea END AS payload;

-- name: outbox_done
-- across: the relay serves all issuers. Delivered is delivered, whoever leased it meanwhile.
DELETE FROM outbox WHERE id = ANY(:ids);

-- name: outbox_later
-- across: the relay serves all issuers. 1 s, doubling to 5 min.
UPDATE outbox o SET error = 'no answer',
       next_at = clock_timestamp() + least(interval '1 s' * 2 ^ least(tries - 1, 9), interval '5 min')
FROM unnest(:ids::bigint[], :tried::bigint[]) AS t (id, tried) WHERE o.id = t.id AND o.tries = t.tried;

-- name: outbox_park
-- across: the relay serves all issuers
UPDATE outbox o SET parked_at = clock_timestamp(), error = 'refused'
FROM unnest(:ids::bigint[], :tried::bigint[]) AS t (id, tried) WHERE o.id = t.id AND o.tries = t.tried;

-- name: outbox_unpark
-- across: an operator sends parked events again
WITH again AS (
    UPDATE outbox SET parked_at = NULL, tries = 0, error = '', next_at = clock_timestamp()
    WHERE parked_at IS NOT NULL RETURNING id)
SELECT count(*) AS n FROM again;

-- name: outbox_state
-- across: for health and metrics
SELECT count(*) FILTER (WHERE parked_at IS NULL) AS due,
       count(*) FILTER (WHERE parked_at IS NOT NULL) AS parked,
       coalesce((extract(epoch FROM clock_timestamp() - min(next_at) FILTER (WHERE parked_at IS NULL)) * 1000)::bigint, 0) AS oldest_ms
FROM outbox;
