-- Every statement of the helpdesk.

-- ---- articles (HLP-1) -----------------------------------------------------------

-- name: article_list
-- across: articles belong to the platform
SELECT slug, title, summary, language, title AS at FROM articles
WHERE :after::text IS NULL OR (title, slug) > (:after, :after_slug::text)
ORDER BY title, slug
LIMIT :limit::int;

-- name: article_count
-- across: articles belong to the platform
SELECT count(*) AS total FROM articles;

-- name: article_words
-- across: articles belong to the platform.
-- What the words of a question look for: their stems in each language that
-- occurs; the last one as a beginning too (as you type); a run of Chinese,
-- Japanese or Korean by its pairs. A word that occurs nowhere is taken for the
-- most similar ones, and left out when there are none. A rare word weighs more
-- than a common one, as in BM25.
WITH RECURSIVE languages AS (
    (SELECT language FROM articles ORDER BY language LIMIT 1)
    UNION ALL
    SELECT (SELECT e.language FROM articles e WHERE e.language > l.language ORDER BY e.language LIMIT 1)
    FROM languages l WHERE l.language IS NOT NULL),
configs AS (
    SELECT DISTINCT search_config(language) AS config FROM languages WHERE language IS NOT NULL),
typed AS (
    SELECT n, word, n = max(n) OVER () AND (length(word) > 2 OR count(*) OVER () = 1) AS is_begun
    FROM (SELECT n, left(word, 60) AS word FROM regexp_split_to_table(search_plain(:q), ' ') WITH ORDINALITY AS s (word, n)
          WHERE word <> '' ORDER BY n LIMIT 24) AS w),
asked AS MATERIALIZED (
    SELECT n, word, nullif(concat_ws(' | ', (
               SELECT string_agg(DISTINCT '''' || replace(replace(lexeme, '\', '\\'), '''', '''''') || '''', ' | ')
               FROM configs, unnest(to_tsvector(config, word))),
               CASE WHEN is_begun THEN '''' || translate(word, '''\', '') || ''':*' END), '')::tsquery AS query
    FROM typed
    UNION ALL
    SELECT 100 + n, NULL, (CASE WHEN length(run) = 1 THEN '''' || run || ''':*' ELSE (
               SELECT string_agg('''' || substr(run, i, 2) || '''', ' & ') FROM generate_series(1, length(run) - 1) AS i)
               END)::tsquery
    FROM search_runs(left(:q, 200)) WITH ORDINALITY AS r (run, n) WHERE n <= 8),
found AS (
    SELECT a.n, a.word, a.query, (SELECT count(*) FROM articles e WHERE e.words @@ a.query) AS hits
    FROM asked a WHERE a.query IS NOT NULL),
meant AS (
    SELECT f.n, f.query, f.hits FROM found f WHERE f.hits > 0
    UNION ALL
    SELECT f.n, s.query, s.hits
    FROM found f CROSS JOIN LATERAL (
        SELECT string_agg(l.query, ' | ')::tsquery AS query, sum(l.hits) AS hits
        FROM (SELECT word, count(*) AS hits FROM article_terms t
              WHERE t.word % f.word AND similarity(t.word, f.word) >= 0.35 AND abs(length(t.word) - length(f.word)) <= 2
              GROUP BY word ORDER BY similarity(word, f.word) DESC, word LIMIT 3) AS near,
             LATERAL (SELECT near.hits, string_agg(DISTINCT '''' || replace(lexeme, '''', '''''') || '''', ' | ') AS query
                      FROM configs, unnest(to_tsvector(config, near.word))) AS l) AS s
    WHERE f.hits = 0 AND length(f.word) >= 4 AND f.word !~ '^[0-9]+$' AND s.query IS NOT NULL)
SELECT query::text AS query,
       (1000 * ln(1 + (greatest(e.n - m.hits, 0) + 0.5) / (m.hits + 0.5)))::bigint + 1 AS weight
FROM meant m, (SELECT count(*) AS n FROM articles) AS e
ORDER BY m.n;

-- name: article_search
-- across: articles belong to the platform.
-- "at" is a row's place in the order, as text that sorts by its bytes.
WITH asked AS MATERIALIZED (
    SELECT query::tsquery AS query, weight FROM unnest(:queries::text[], :weights::bigint[]) AS a (query, weight)),
hits AS (
    SELECT DISTINCT e.slug FROM asked a JOIN articles e ON e.words @@ a.query),
rows AS (
    SELECT e.slug, e.title, e.summary, e.language, lpad((1000000000 - (1000 * (
               SELECT sum(a.weight * ts_rank('{0.1, 0.2, 0.6, 1}', e.words, a.query, 1)) FROM asked a))::bigint)::text,
           10, '0') COLLATE "C" AS at
    FROM hits h JOIN articles e ON e.slug = h.slug)
SELECT slug, title, summary, language, at FROM rows
WHERE :after::text IS NULL OR (at, slug) > (:after COLLATE "C", :after_slug::text)
ORDER BY at, slug
LIMIT :limit::int;

-- name: article_search_count
-- across: articles belong to the platform
SELECT count(DISTINCT e.slug) AS total FROM unnest(:queries::text[]) AS a (query) JOIN articles e ON e.words @@ a.query::tsquery;

-- name: article_get
-- across: articles belong to the platform
SELECT slug, title, summary, body, language, keywords, version, changed_at FROM articles WHERE slug = :slug;

-- name: article_put
-- across: articles belong to the platform.
-- The same text again changes nothing. Titles are kept uncut too: who is still
-- typing has not reached the stem's end.
INSERT INTO articles AS a (slug, title, summary, body, language, keywords, version, changed_at, changed_by, words)
VALUES (:slug, :title, :summary, :body, :language, :keywords, 1, :now, :account_id,
        setweight(search_vector(:language, :title) || to_tsvector('simple', search_plain(:title)), 'A') ||
        setweight(search_vector(:language, array_to_string(:keywords::text[], ' ')), 'B') ||
        setweight(search_vector(:language, :summary), 'C') ||
        setweight(search_vector(:language, :body), 'D'))
ON CONFLICT (slug) DO UPDATE
SET title = excluded.title, summary = excluded.summary, body = excluded.body, language = excluded.language,
    keywords = excluded.keywords, version = a.version + 1, changed_at = excluded.changed_at,
    changed_by = excluded.changed_by, words = excluded.words
WHERE (a.title, a.summary, a.body, a.language, a.keywords) IS DISTINCT FROM
      (excluded.title, excluded.summary, excluded.body, excluded.language, excluded.keywords)
RETURNING version::bigint AS n;

-- name: article_terms_remove
-- across: articles belong to the platform
DELETE FROM article_terms WHERE slug = :slug;

-- name: article_terms_put
-- across: articles belong to the platform
INSERT INTO article_terms (slug, word)
SELECT DISTINCT a.slug, w FROM articles a,
    regexp_split_to_table(search_plain(concat_ws(' ', a.title, a.summary, array_to_string(a.keywords, ' '), left(a.body, 20000))), ' ') AS w
WHERE a.slug = :slug AND length(w) BETWEEN 4 AND 40;

-- ---- copies of neighbours' facts ---------------------------------------------------

-- name: issuer_put
INSERT INTO issuers AS i (issuer_id, name, calendar, version) VALUES (:issuer_id, :name, :calendar, :version)
ON CONFLICT (issuer_id) DO UPDATE SET name = excluded.name, calendar = excluded.calendar, version = excluded.version
WHERE i.version < excluded.version;

-- name: person_put
-- across: an account belongs to no issuer
INSERT INTO people AS p (account_id, name, version) VALUES (:account_id, :name, :version)
ON CONFLICT (account_id) DO UPDATE SET name = excluded.name, version = excluded.version
WHERE p.version < excluded.version;

-- name: earner_lock
-- across: a person's questions and what is heard of their work take turns, so that neither misses the other
SELECT pg_advisory_xact_lock(hashtextextended('earner ' || :earner_id::text, 0));

-- name: submission_put
-- Handed in; or again, after it was taken back.
INSERT INTO submissions AS s (issuer_id, id, code, earner_id, state, title, submitted_at, due_at, due_date, time_zone, days, version)
VALUES (:issuer_id, :submission_id, :code, :earner_id, 'submitted', :title, :submitted_at, :due_at, :due_date, :time_zone,
        :days, :version)
ON CONFLICT (issuer_id, id) DO UPDATE
SET state = 'submitted', title = excluded.title, submitted_at = excluded.submitted_at, due_at = excluded.due_at,
    due_date = excluded.due_date, time_zone = excluded.time_zone, days = excluded.days, ended_at = NULL,
    version = excluded.version
WHERE s.version < excluded.version;

-- name: submission_move
UPDATE submissions SET state = :state, ended_at = :ended_at::timestamptz, version = :version
WHERE issuer_id = :issuer_id AND id = :submission_id AND version < :version;

-- name: submission_get
SELECT s.issuer_id, s.id, s.code, s.state, s.title, s.submitted_at, s.due_at, s.due_date, s.time_zone, s.days, s.ended_at,
       EXISTS (SELECT 1 FROM escalations e WHERE e.issuer_id = s.issuer_id AND e.submission_id = s.id) AS escalated,
       i.calendar
FROM submissions s LEFT JOIN issuers i ON i.issuer_id = s.issuer_id
WHERE s.issuer_id = :issuer_id AND s.id = :submission_id;

-- name: submission_of_earner
-- across: what a person handed in, to whichever issuer; the first of the codes that is theirs
SELECT s.issuer_id, s.id, s.code, s.state, s.title, s.submitted_at, s.due_at, s.due_date, s.time_zone, s.days, s.ended_at,
       EXISTS (SELECT 1 FROM escalations e WHERE e.issuer_id = s.issuer_id AND e.submission_id = s.id) AS escalated,
       i.calendar
FROM submissions s LEFT JOIN issuers i ON i.issuer_id = s.issuer_id
WHERE s.earner_id = :account_id AND s.code = ANY (:codes::text[])
ORDER BY array_position(:codes::text[], s.code)
LIMIT 1;

-- ---- tickets (3.7) --------------------------------------------------------------------

-- name: ticket_create
INSERT INTO tickets (issuer_id, id, code, requester_id, state, subject, submission_id, codes, created_at, changed_at)
VALUES (:issuer_id, :id, :code, :account_id, :state, :subject, :submission_id, :codes, :now, :now)
ON CONFLICT (code) DO NOTHING
RETURNING 1::bigint AS n;

-- name: ticket_get
-- For the person who asked, and for agents of the issuer or of all. What was
-- the platform's may have gone to an issuer since (ticket_link).
SELECT t.issuer_id, t.id, t.id AS row_id, t.code, t.state, t.subject, t.requester_id, t.submission_id, t.created_at,
       t.changed_at, t.resolved_at, t.version,
       jsonb_build_object('id', t.issuer_id, 'name', coalesce(i.name, CASE t.issuer_id WHEN 'platform' THEN 'Vouch' END, t.issuer_id)) AS issuer
FROM tickets t LEFT JOIN issuers i ON i.issuer_id = t.issuer_id
WHERE (t.issuer_id = :issuer_id OR :issuer_id = 'platform') AND t.id = :id
  AND (t.requester_id = :account_id OR t.issuer_id = ANY (:issuers::text[]) OR '*' = ANY (:issuers::text[]));

-- name: ticket_lock
-- The same, and nobody else changes it before the commit.
SELECT t.issuer_id, t.id, t.id AS row_id, t.code, t.state, t.subject, t.requester_id, t.submission_id, t.created_at,
       t.changed_at, t.resolved_at, t.version
FROM tickets t
WHERE (t.issuer_id = :issuer_id OR :issuer_id = 'platform') AND t.id = :id
  AND (t.requester_id = :account_id OR t.issuer_id = ANY (:issuers::text[]) OR '*' = ANY (:issuers::text[]))
FOR UPDATE OF t;

-- name: ticket_of_submission
-- What waits to hear of a submission.
SELECT t.issuer_id, t.id, t.id AS row_id, t.code, t.state, t.subject, t.requester_id, t.submission_id, t.created_at,
       t.changed_at, t.resolved_at, t.version
FROM tickets t
WHERE t.issuer_id = :issuer_id AND t.submission_id = :submission_id AND t.state NOT IN ('resolved', 'closed')
ORDER BY t.id
LIMIT 100
FOR UPDATE OF t;

-- name: ticket_link
-- across: those of the earner that named the submission before it was heard of were the platform's
UPDATE tickets SET issuer_id = :issuer_id, submission_id = :submission_id, codes = '{}', version = version + 1, changed_at = :now
WHERE id IN (SELECT id FROM tickets
             WHERE requester_id = :earner_id AND codes <> '{}' AND :code = ANY (codes) AND state <> 'closed'
             ORDER BY id LIMIT 100 FOR UPDATE)
RETURNING issuer_id, id, id AS row_id, code, state, subject, requester_id, submission_id, created_at, changed_at, resolved_at, version;

-- name: ticket_move
UPDATE tickets
SET state = :state, changed_at = :now, version = version + 1,
    waiting_since = CASE WHEN :state <> 'waiting_person' THEN NULL WHEN :again::boolean THEN :now ELSE coalesce(waiting_since, :now) END,
    reminded_at = CASE WHEN :state = 'waiting_person' AND NOT :again THEN reminded_at END,
    resolved_at = CASE WHEN :state IN ('resolved', 'closed') THEN coalesce(resolved_at, :now) END
WHERE issuer_id = :issuer_id AND id = :id
RETURNING version AS n;

-- name: ticket_size
SELECT count(*) AS messages, coalesce(sum(octet_length(body)), 0)::bigint AS bytes
FROM messages WHERE issuer_id = :issuer_id AND ticket_id = :id;

-- name: ticket_list_mine
-- across: one's own tickets, about whichever issuer
SELECT t.issuer_id, t.id, t.code, t.state, t.subject, coalesce(s.code, '') AS submission_code, t.created_at, t.changed_at
FROM tickets t LEFT JOIN submissions s ON s.issuer_id = t.issuer_id AND s.id = t.submission_id
WHERE t.requester_id = :account_id AND (cardinality(:states::text[]) = 0 OR t.state = ANY (:states))
  AND (:after::uuid IS NULL OR t.id < :after)
ORDER BY t.id DESC
LIMIT :limit::int;

-- name: ticket_list_desk
-- across: the issuers that the agent works for
SELECT t.issuer_id, t.id, t.code, t.state, t.subject, coalesce(s.code, '') AS submission_code, t.created_at, t.changed_at
FROM tickets t LEFT JOIN submissions s ON s.issuer_id = t.issuer_id AND s.id = t.submission_id
WHERE (t.issuer_id = ANY (:issuers::text[]) OR '*' = ANY (:issuers))
  AND (cardinality(:states::text[]) = 0 OR t.state = ANY (:states))
  AND (:after::uuid IS NULL OR t.id < :after)
ORDER BY t.id DESC
LIMIT :limit::int;

-- name: message_put
INSERT INTO messages (issuer_id, ticket_id, n, id, author, author_id, body, internal, created_at)
SELECT :issuer_id, :ticket_id::uuid, coalesce(max(n), 0) + 1, :message_id::uuid, :author, :author_id::uuid, :body,
       :internal::boolean, :now
FROM messages WHERE issuer_id = :issuer_id AND ticket_id = :ticket_id::uuid;

-- name: message_list
SELECT m.id, m.author, coalesce(p.name, '') AS author_name, m.body, m.internal, m.created_at
FROM messages m LEFT JOIN people p ON p.account_id = m.author_id
WHERE m.issuer_id = :issuer_id AND m.ticket_id = :id AND (NOT m.internal OR :sees_notes::boolean)
ORDER BY m.n;

-- name: escalation_put
INSERT INTO escalations (issuer_id, submission_id, ticket_id, at) VALUES (:issuer_id, :submission_id, :ticket_id, :now)
ON CONFLICT DO NOTHING
RETURNING 1::bigint AS n;

-- ---- what happens by itself ---------------------------------------------------------------

-- name: ticket_remind
-- across: the desk of every issuer.
-- Those whose person has not answered for a while, once.
UPDATE tickets SET reminded_at = :now, version = version + 1, changed_at = :now
WHERE (issuer_id, id) IN (
    SELECT issuer_id, id FROM tickets
    WHERE state = 'waiting_person' AND reminded_at IS NULL AND waiting_since <= :now::timestamptz - :days::int * interval '1 day'
    ORDER BY waiting_since LIMIT 50 FOR UPDATE SKIP LOCKED)
RETURNING issuer_id, id, id AS row_id, code, state, subject, requester_id, version;

-- name: ticket_give_up
-- across: the desk of every issuer.
-- Those that were reminded, and still no answer.
UPDATE tickets SET state = 'resolved', waiting_since = NULL, reminded_at = NULL, resolved_at = :now, version = version + 1,
       changed_at = :now
WHERE (issuer_id, id) IN (
    SELECT issuer_id, id FROM tickets
    WHERE state = 'waiting_person' AND reminded_at <= :now::timestamptz - :days::int * interval '1 day'
    ORDER BY waiting_since LIMIT 50 FOR UPDATE SKIP LOCKED)
RETURNING issuer_id, id, id AS row_id, code, state, subject, requester_id, version;

-- name: ticket_close
-- across: the desk of every issuer.
-- Solved, and the time to come back to it is over.
UPDATE tickets SET state = 'closed', version = version + 1, changed_at = :now
WHERE (issuer_id, id) IN (
    SELECT issuer_id, id FROM tickets
    WHERE state = 'resolved' AND resolved_at < :now::timestamptz - :days::int * interval '1 day'
    ORDER BY resolved_at LIMIT 50 FOR UPDATE SKIP LOCKED)
RETURNING issuer_id, id, id AS row_id, code, state, subject, requester_id, version;
