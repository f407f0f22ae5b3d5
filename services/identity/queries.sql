-- identity. Sessions, links, limits and places compare with the database's
-- clock: who may come in must not hang on a test clock. What a person dated
-- (a token's or a grant's end) compares with business time.

-- ---- accounts ------------------------------------------------------------------

-- name: account_find
-- across: an address is one in the whole installation
SELECT id AS account_id, email, name, locale, confirmed_at IS NOT NULL AS confirmed
FROM accounts WHERE email_key = :email_key;

-- name: account_sign_in
-- across: an address is one in the whole installation. An unknown one gives a
-- row of the same shape, so that it does not answer sooner (A13).
SELECT coalesce(a.id, :nobody::uuid) AS account_id, coalesce(a.password, :password) AS password, a.id IS NOT NULL AS known,
       EXISTS (SELECT 1 FROM places p WHERE p.account_id = coalesce(a.id, :nobody::uuid) AND p.place = :place) AS known_place
FROM (SELECT 1) AS one LEFT JOIN accounts a ON a.email_key = :email_key;

-- name: account_add
INSERT INTO accounts (id, email, email_key, name, locale, time_zone, password, created_at, confirmed_at)
VALUES (:account_id, :email, :email_key, :name, coalesce(nullif(:locale, ''), 'en'), :time_zone, :password, :now,
        CASE WHEN :confirmed::boolean THEN :now::timestamptz END);

-- name: account_get
SELECT id, email, name, locale, time_zone, confirmed_at IS NOT NULL AS confirmed
FROM accounts WHERE id = :account_id;

-- name: account_update
-- What is left out stays.
UPDATE accounts
SET name = :name, locale = coalesce(nullif(:locale, ''), locale), time_zone = coalesce(nullif(:time_zone, ''), time_zone)
WHERE id = :account_id;

-- name: account_confirm
-- Changes a row only the first time.
UPDATE accounts SET confirmed_at = :now WHERE id = :account_id AND confirmed_at IS NULL
RETURNING id AS account_id;

-- name: account_password
UPDATE accounts SET password = :password WHERE id = :account_id;

-- name: account_bump
-- Before an account is told of: its row is locked, so that versions rise in the order of the commits.
UPDATE accounts SET version = version + 1 WHERE id = :account_id
RETURNING id AS account_id, version, email, name, locale, time_zone, confirmed_at IS NOT NULL AS confirmed;

-- ---- sessions ------------------------------------------------------------------

-- name: session_add
INSERT INTO sessions (account_id, id, hash, place, agent, expires_at)
VALUES (:account_id, :id, :hash, :place, left(:agent, 200), clock_timestamp() + :days * interval '1 day');

-- name: session_trim
-- The oldest sessions of an account that has too many.
DELETE FROM sessions WHERE account_id = :account_id AND id IN (
    SELECT id FROM sessions WHERE account_id = :account_id ORDER BY created_at DESC, id DESC OFFSET :most);

-- name: session_end
-- across: who has the token may end its session
DELETE FROM sessions WHERE hash = :hash;

-- name: session_end_other
DELETE FROM sessions WHERE account_id = :account_id AND id = :id RETURNING id AS account_id;

-- name: session_end_all
DELETE FROM sessions WHERE account_id = :account_id;

-- name: session_list
SELECT id, created_at, used_at, agent, hash = :hash AS current
FROM sessions WHERE account_id = :account_id AND expires_at > clock_timestamp()
ORDER BY used_at DESC, id DESC LIMIT 100;

-- name: session_holder
-- across: the token says whose it is
SELECT s.account_id, s.id, a.name, a.locale, a.time_zone FROM sessions s JOIN accounts a ON a.id = s.account_id
WHERE s.hash = :hash AND s.expires_at > clock_timestamp();

-- name: session_used
-- across: a list of sessions of many accounts. A time is written every ten minutes at most.
UPDATE sessions SET used_at = clock_timestamp()
WHERE id = ANY(:ids::uuid[]) AND account_id = ANY(:accounts::uuid[])
  AND used_at < clock_timestamp() - interval '10 min';

-- name: place_seen
INSERT INTO places (account_id, place) SELECT :account_id, :place::text WHERE :place::text <> ''
ON CONFLICT (account_id, place) DO UPDATE SET seen_at = clock_timestamp();

-- ---- API tokens ----------------------------------------------------------------

-- name: token_count
SELECT count(*) AS n FROM tokens WHERE account_id = :account_id;

-- name: token_add
INSERT INTO tokens (account_id, id, hash, name, scopes, created_at, expires_at)
VALUES (:account_id, :id, :hash, :name, :scopes, :now, coalesce(:expires_at, :now::timestamptz + :days * interval '1 day'))
RETURNING id, name, scopes, created_at, expires_at;

-- name: token_list
SELECT id, name, scopes, created_at, expires_at, used_at
FROM tokens WHERE account_id = :account_id ORDER BY created_at DESC, id DESC LIMIT 100;

-- name: token_revoke
DELETE FROM tokens WHERE account_id = :account_id AND id = :id RETURNING id AS account_id;

-- name: token_revoke_all
DELETE FROM tokens WHERE account_id = :account_id;

-- name: token_holder
-- across: the token says whose it is
SELECT t.account_id, t.id, t.scopes, a.name, a.locale, a.time_zone FROM tokens t JOIN accounts a ON a.id = t.account_id
WHERE t.hash = :hash AND t.expires_at > :now;

-- name: token_used
-- across: a list of tokens of many accounts
UPDATE tokens SET used_at = :now
WHERE id = ANY(:ids::uuid[]) AND account_id = ANY(:accounts::uuid[])
  AND (used_at IS NULL OR used_at < :now::timestamptz - interval '10 min');

-- ---- links in mails ------------------------------------------------------------

-- name: ask_put
-- across: an address, known or not
INSERT INTO asks (email_key, kind) VALUES (:email_key, :kind) ON CONFLICT DO NOTHING;

-- name: asks_take
-- across: the job serves all. Taken with the effect, in one transaction.
DELETE FROM asks WHERE (email_key, kind) IN (
    SELECT email_key, kind FROM asks ORDER BY asked_at LIMIT 20 FOR UPDATE SKIP LOCKED)
RETURNING email_key, kind;

-- name: link_add
INSERT INTO links (account_id, hash, kind, expires_at)
VALUES (:account_id, :hash, :kind, clock_timestamp() + :hours * interval '1 hour')
RETURNING expires_at;

-- name: link_use
-- across: the token says whose it is. All links of the kind go with the one that is used.
WITH used AS (
    SELECT account_id, kind FROM links WHERE hash = :hash AND kind = :kind AND expires_at > clock_timestamp() FOR UPDATE)
DELETE FROM links l USING used u WHERE l.account_id = u.account_id AND l.kind = u.kind
RETURNING l.account_id;

-- ---- limits --------------------------------------------------------------------

-- name: attempts_get
-- across: an address or a network, known or not
SELECT n, ceil(extract(epoch FROM since + interval '1 hour' - clock_timestamp()) * 1000)::int AS retry_ms
FROM attempts WHERE kind = :kind AND who = :who AND since > clock_timestamp() - interval '1 hour';

-- name: attempts_add
-- across: an address or a network, known or not
INSERT INTO attempts AS a (kind, who, n) VALUES (:kind, :who, 1)
ON CONFLICT (kind, who) DO UPDATE SET
    n = CASE WHEN a.since <= clock_timestamp() - interval '1 hour' THEN 1 ELSE a.n + 1 END,
    since = CASE WHEN a.since <= clock_timestamp() - interval '1 hour' THEN clock_timestamp() ELSE a.since END
RETURNING n, ceil(extract(epoch FROM since + interval '1 hour' - clock_timestamp()) * 1000)::int AS retry_ms;

-- name: attempts_clear
-- across: an address, known or not
DELETE FROM attempts WHERE kind = :kind AND who = :who;

-- ---- roles ---------------------------------------------------------------------

-- name: grants_of
SELECT scope AS issuer_id, role FROM grants
WHERE account_id = :account_id AND ended_at IS NULL AND (expires_at IS NULL OR expires_at > :now)
ORDER BY scope, role LIMIT 100;

-- name: grant_count
SELECT count(*) AS n FROM grants WHERE account_id = :account_id AND ended_at IS NULL;

-- name: grant_add
-- No row: the person holds the role already.
INSERT INTO grants (account_id, id, scope, role, granted_by, granted_at, expires_at)
VALUES (:account_id, :id, :scope, :role, :granted_by, :now, :expires_at)
ON CONFLICT (account_id, scope, role) WHERE ended_at IS NULL DO NOTHING
RETURNING account_id;

-- name: grant_renew
-- Granted again: the new end and the new grantor count.
UPDATE grants SET expires_at = :expires_at, granted_by = :granted_by, granted_at = :now
WHERE account_id = :account_id AND scope = :scope AND role = :role AND ended_at IS NULL;

-- name: grant_get
SELECT g.id, g.scope AS issuer_id, g.account_id, a.name, a.email, g.role, b.name AS granted_by, g.granted_at, g.expires_at
FROM grants g JOIN accounts a ON a.id = g.account_id LEFT JOIN accounts b ON b.id = g.granted_by
WHERE g.account_id = :account_id AND g.scope = :issuer_id AND g.role = :role AND g.ended_at IS NULL;

-- name: grant_list
SELECT g.id, g.scope AS issuer_id, g.account_id, a.name, a.email, g.role, b.name AS granted_by, g.granted_at, g.expires_at
FROM grants g JOIN accounts a ON a.id = g.account_id LEFT JOIN accounts b ON b.id = g.granted_by
WHERE g.scope = :issuer_id AND g.ended_at IS NULL
  AND (:before_at::timestamptz IS NULL OR (g.granted_at, g.id) < (:before_at::timestamptz, :before_id::uuid))
ORDER BY g.granted_at DESC, g.id DESC LIMIT :limit::int;

-- name: admins_lock
-- Who administers the installation, locked: two cannot take each other's role away at once.
-- across: administrators stand above the issuers
SELECT account_id FROM grants
WHERE scope = '*' AND role = 'platform_admin' AND ended_at IS NULL AND (expires_at IS NULL OR expires_at > :now)
ORDER BY account_id, id FOR UPDATE;

-- name: grant_end
UPDATE grants SET ended_at = :now, ended_by = :account_id
WHERE scope = :issuer_id AND id = :id AND ended_at IS NULL
RETURNING account_id, role;

-- ---- housekeeping --------------------------------------------------------------

-- name: grants_expire
-- across: the job serves all
UPDATE grants SET ended_at = :now WHERE (account_id, id) IN (
    SELECT account_id, id FROM grants WHERE ended_at IS NULL AND expires_at <= :now
    ORDER BY expires_at LIMIT 50 FOR UPDATE SKIP LOCKED)
RETURNING account_id;

-- name: sessions_purge
-- across: housekeeping
DELETE FROM sessions WHERE ctid IN (SELECT ctid FROM sessions WHERE expires_at < clock_timestamp() LIMIT 1000);

-- name: tokens_purge
-- across: housekeeping. A token that is over stays in its owner's list for a month.
DELETE FROM tokens WHERE ctid IN (SELECT ctid FROM tokens WHERE expires_at < :now::timestamptz - interval '30 days' LIMIT 1000);

-- name: links_purge
-- across: housekeeping
DELETE FROM links WHERE ctid IN (SELECT ctid FROM links WHERE expires_at < clock_timestamp() LIMIT 1000);

-- name: attempts_purge
-- across: housekeeping
DELETE FROM attempts WHERE ctid IN (SELECT ctid FROM attempts WHERE since < clock_timestamp() - interval '1 hour' LIMIT 1000);

-- name: places_purge
-- across: housekeeping. A network counts as known for 90 days.
DELETE FROM places WHERE ctid IN (SELECT ctid FROM places WHERE seen_at < clock_timestamp() - interval '90 days' LIMIT 1000);
