-- notification.

-- ---- copies --------------------------------------------------------------------

-- name: person_put
-- An older version changes nothing.
INSERT INTO people AS p (account_id, version, email, name, locale, time_zone, confirmed, roles)
VALUES (:account_id, :version, :email, :name, :locale, :time_zone, :confirmed, :roles)
ON CONFLICT (account_id) DO UPDATE SET version = excluded.version, email = excluded.email, name = excluded.name,
    locale = excluded.locale, time_zone = excluded.time_zone, confirmed = excluded.confirmed, roles = excluded.roles
WHERE p.version < excluded.version;

-- name: issuer_put
-- An older version changes nothing.
INSERT INTO issuers AS i (issuer_id, version, name) VALUES (:issuer_id, :version, :name)
ON CONFLICT (issuer_id) DO UPDATE SET version = excluded.version, name = excluded.name
WHERE i.version < excluded.version;

-- name: issuer_name
SELECT name FROM issuers WHERE issuer_id = :issuer_id;

-- ---- who hears, and where --------------------------------------------------------

-- name: reader_get
-- Also somebody whose account is not known here yet: the mail waits for the address.
SELECT :account_id::uuid AS account_id, coalesce(p.time_zone, '') AS time_zone,
       :required::boolean OR (coalesce(f.mail, :mail::boolean) AND coalesce(p.confirmed, true)) AS mail,
       :required::boolean OR coalesce(f.inbox, :inbox::boolean) AS inbox
FROM (SELECT 1) AS one
LEFT JOIN people p ON p.account_id = :account_id
LEFT JOIN preferences f ON f.account_id = :account_id AND f.kind = :kind;

-- name: readers_with_role
-- Who holds a role in the issuer or in all of them, but for two: the next page of them.
SELECT p.account_id, p.time_zone,
       :required::boolean OR (coalesce(f.mail, :mail::boolean) AND p.confirmed) AS mail,
       :required::boolean OR coalesce(f.inbox, :inbox::boolean) AS inbox
FROM people p LEFT JOIN preferences f ON f.account_id = p.account_id AND f.kind = :kind
WHERE (p.roles @> jsonb_build_array(jsonb_build_object('issuerId', :issuer_id::text, 'role', :role::text))
       OR p.roles @> jsonb_build_array(jsonb_build_object('issuerId', '*', 'role', :role::text)))
  AND p.account_id IS DISTINCT FROM :earner::uuid AND p.account_id IS DISTINCT FROM :assessor::uuid
  AND (:after::uuid IS NULL OR p.account_id > :after::uuid)
ORDER BY p.account_id LIMIT 500;

-- name: inbox_put
-- The number is taken only if this was not told before.
WITH box AS (
    INSERT INTO boxes AS b (account_id, last)
    SELECT :account_id, 1 WHERE NOT EXISTS (SELECT FROM inbox WHERE account_id = :account_id AND event = :event)
    ON CONFLICT (account_id) DO UPDATE SET last = b.last + 1
    RETURNING last)
INSERT INTO inbox (account_id, number, id, event, kind, title, body, link, issuer_id, submission_id, submission_code, created_at)
SELECT :account_id, box.last, :id, :event, :kind, :title, :body, :link, :issuer_id, :submission_id, :submission_code, :now
FROM box;

-- name: mail_put
INSERT INTO mails (account_id, id, event, kind, issuer_id, address, name, title, body, action, link, urgent, created_at, expires_at)
VALUES (:account_id, :id, :event, :kind, :issuer_id, :address, :name, :title, :body, :action, :link, :urgent, :now, :expires_at)
ON CONFLICT (account_id, event) DO NOTHING;

-- ---- the inbox -------------------------------------------------------------------

-- name: inbox_list
SELECT i.id, i.kind, i.title, i.body, i.link, i.issuer_id, i.submission_id, i.submission_code, i.created_at,
       coalesce(i.read_at, CASE WHEN i.number <= b.read_to THEN b.read_to_at END) AS read_at
FROM inbox i JOIN boxes b ON b.account_id = i.account_id
WHERE i.account_id = :account_id
  AND (:before::uuid IS NULL OR i.number < (SELECT number FROM inbox WHERE account_id = :account_id AND id = :before::uuid))
  AND (NOT :unread::boolean OR (i.read_at IS NULL AND i.number > b.read_to))
ORDER BY i.number DESC LIMIT :limit::int;

-- name: inbox_unread
-- Ten thousand and more are told as ten thousand.
SELECT count(*) AS n FROM (
    SELECT FROM inbox i JOIN boxes b ON b.account_id = i.account_id
    WHERE i.account_id = :account_id AND i.read_at IS NULL AND i.number > b.read_to LIMIT 10000) AS unread;

-- name: inbox_read
UPDATE inbox SET read_at = coalesce(read_at, :now) WHERE account_id = :account_id AND id = :id
RETURNING id, kind, title, body, link, issuer_id, submission_id, submission_code, created_at, read_at;

-- name: inbox_read_all
UPDATE boxes SET read_to = last, read_to_at = :now WHERE account_id = :account_id AND read_to < last;

-- name: live_list
-- across: a list of accounts, each with the number that its reader has seen
SELECT c.account_id, i.number, i.kind, jsonb_build_object(
           'id', i.id, 'kind', i.kind, 'title', i.title, 'body', i.body, 'link', i.link, 'issuerId', i.issuer_id,
           'submissionId', i.submission_id, 'submissionCode', i.submission_code,
           'createdAt', to_char(i.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) AS notification
FROM unnest(:accounts::uuid[], :afters::bigint[]) WITH ORDINALITY AS c (account_id, after, place)
CROSS JOIN LATERAL (
    SELECT * FROM inbox WHERE account_id = c.account_id AND number > c.after ORDER BY number LIMIT 50) AS i
ORDER BY c.place, i.number LIMIT 500;

-- name: live_ends
-- across: a list of accounts
SELECT c.account_id, coalesce(b.last, 0) AS number
FROM unnest(:accounts::uuid[]) AS c (account_id) LEFT JOIN boxes b ON b.account_id = c.account_id;

-- name: preference_list
SELECT kind, mail, inbox FROM preferences WHERE account_id = :account_id ORDER BY kind LIMIT 100;

-- name: preference_put
INSERT INTO preferences (account_id, kind, mail, inbox) VALUES (:account_id, :kind, :mail, :inbox)
ON CONFLICT (account_id, kind) DO UPDATE SET mail = excluded.mail, inbox = excluded.inbox;

-- ---- sending ---------------------------------------------------------------------

-- name: mails_take
-- across: the job sends for all. Whoever takes a mail has it for the lease. The
-- time is a subquery: an index takes no volatile function.
UPDATE mails m SET tries = tries + 1, next_at = clock_timestamp() + :lease_ms * interval '1 ms'
WHERE (account_id, id) IN (
    SELECT account_id, id FROM mails WHERE state = 'queued' AND next_at <= (SELECT clock_timestamp())
    ORDER BY urgent DESC, next_at LIMIT :most::int FOR UPDATE SKIP LOCKED)
RETURNING m.account_id, m.id, m.kind, m.title, m.body, m.action, m.link, m.created_at, m.tries,
    coalesce(nullif(m.address, ''), (SELECT email FROM people p WHERE p.account_id = m.account_id), '') AS address,
    coalesce(nullif(m.name, ''), (SELECT name FROM people p WHERE p.account_id = m.account_id), '') AS name,
    clock_timestamp() > least(m.queued_at + interval '5 days', m.expires_at) AS over;

-- name: mail_sent
UPDATE mails SET state = 'sent', done_at = clock_timestamp(), error = '', link = CASE WHEN expires_at IS NULL THEN link ELSE '' END
WHERE account_id = :account_id AND id = :id AND state = 'queued';

-- name: mail_failed
UPDATE mails SET state = 'failed', done_at = clock_timestamp(), error = :error, link = CASE WHEN expires_at IS NULL THEN link ELSE '' END
WHERE account_id = :account_id AND id = :id AND state = 'queued';

-- name: mail_later
UPDATE mails SET next_at = clock_timestamp() + :delay_ms * interval '1 ms', error = :error
WHERE account_id = :account_id AND id = :id AND state = 'queued';

-- name: mail_untaken
-- What was taken and not tried.
UPDATE mails SET tries = tries - 1, next_at = clock_timestamp()
WHERE account_id = :account_id AND id = :id AND state = 'queued';

-- name: mails_purge
-- across: housekeeping. For 90 days it can be told that a mail was sent.
DELETE FROM mails WHERE ctid IN (
    SELECT ctid FROM mails WHERE state <> 'queued' AND done_at < (SELECT clock_timestamp()) - interval '90 days' LIMIT 1000);
