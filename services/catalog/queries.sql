-- Every statement of the catalog.

-- ---- issuers -------------------------------------------------------------------

-- name: issuer_list
-- across: who issues is public
SELECT i.issuer_id AS id, i.name, i.summary, i.description, i.website, i.support_email, i.language, i.pen,
       i.blind_review, i.author_may_publish, c.time_zone, c.weekend, c.holidays, 14 AS review_business_days,
       i.calendar_version, i.version,
       (SELECT count(*) FROM entries e WHERE e.issuer_id = i.issuer_id) AS micro_credentials
FROM issuers i JOIN calendars c ON c.issuer_id = i.issuer_id AND c.version = i.calendar_version
WHERE :after_name::text IS NULL OR (i.name, i.issuer_id) > (:after_name, :after_id::text)
ORDER BY i.name, i.issuer_id
LIMIT :limit::int;

-- name: issuer_get
SELECT i.issuer_id AS id, i.name, i.summary, i.description, i.website, i.support_email, i.language, i.pen,
       i.blind_review, i.author_may_publish, c.time_zone, c.weekend, c.holidays, 14 AS review_business_days,
       i.calendar_version, i.version,
       (SELECT count(*) FROM entries e WHERE e.issuer_id = i.issuer_id) AS micro_credentials
FROM issuers i JOIN calendars c ON c.issuer_id = i.issuer_id AND c.version = i.calendar_version
WHERE i.issuer_id = :issuer_id;

-- name: issuer_create
INSERT INTO issuers (issuer_id, name, summary, description, website, support_email, language, pen, blind_review,
                     author_may_publish, words, changed_at)
VALUES (:issuer_id, :name, :summary, :description, :website, :support_email, :language, :pen, :blind_review,
        :author_may_publish, search_vector('', :name) || to_tsvector('simple', search_plain(:name)), :now)
ON CONFLICT DO NOTHING
RETURNING 1::bigint AS n;

-- name: issuer_update
UPDATE issuers
SET name = :name, summary = :summary, description = :description, website = :website, support_email = :support_email,
    language = :language, pen = :pen, blind_review = :blind_review, author_may_publish = :author_may_publish,
    words = search_vector('', :name) || to_tsvector('simple', search_plain(:name)), version = version + 1, changed_at = :now
WHERE issuer_id = :issuer_id AND version = :if_match
RETURNING version AS n;

-- name: calendar_same
-- The calendar that is in force says just this.
SELECT 1::bigint AS n
FROM issuers i JOIN calendars c ON c.issuer_id = i.issuer_id AND c.version = i.calendar_version
WHERE i.issuer_id = :issuer_id AND c.time_zone = :time_zone AND c.weekend = :weekend AND c.holidays = :holidays::jsonb;

-- name: calendar_next
UPDATE issuers SET calendar_version = calendar_version + 1, version = version + 1, changed_at = :now
WHERE issuer_id = :issuer_id
RETURNING calendar_version::bigint AS n;

-- name: calendar_put
INSERT INTO calendars (issuer_id, version, time_zone, weekend, holidays, author_id, created_at)
VALUES (:issuer_id, :calendar_version::int, :time_zone, :weekend, :holidays, :account_id, :now);

-- ---- the studio ------------------------------------------------------------------

-- name: studio_list
SELECT * FROM (
    SELECT m.issuer_id, m.id, m.key, v.document->>'title' AS title, v.version,
           CASE WHEN m.state IN ('retired', 'discarded') THEN m.state
                WHEN v.state = 'published' THEN m.state ELSE v.state END AS state,
           m.published_version, v.changed_at,
           CASE WHEN m.state IN ('published', 'suspended', 'retired') THEN m.state ELSE '' END AS live
    FROM micro_credentials m
    JOIN versions v ON v.issuer_id = m.issuer_id AND v.id = m.id AND v.version = m.newest_version
    WHERE m.issuer_id = :issuer_id) AS rows
WHERE (state = :state OR (:state = '' AND state <> 'discarded')) AND (:after::uuid IS NULL OR id < :after)
ORDER BY id DESC
LIMIT :limit::int;

-- name: studio_get
SELECT m.issuer_id, m.id, m.key, m.state AS live, m.newest_version, m.published_version, m.edit, m.change,
       v.state, v.author_id, v.note, v.document, v.changed_at, v.published_at, i.author_may_publish,
       (SELECT max(l.version) FROM versions l WHERE l.issuer_id = m.issuer_id AND l.id = m.id) AS last_version
FROM micro_credentials m
JOIN versions v ON v.issuer_id = m.issuer_id AND v.id = m.id AND v.version = m.newest_version
JOIN issuers i ON i.issuer_id = m.issuer_id
WHERE m.issuer_id = :issuer_id AND m.id = :id;

-- name: studio_lock
-- The same, and nobody else changes it before the commit.
SELECT m.issuer_id, m.id, m.key, m.state AS live, m.newest_version, m.published_version, m.edit, m.change,
       v.state, v.author_id, v.note, v.document, v.changed_at, v.published_at, i.author_may_publish,
       (SELECT max(l.version) FROM versions l WHERE l.issuer_id = m.issuer_id AND l.id = m.id) AS last_version
FROM micro_credentials m
JOIN versions v ON v.issuer_id = m.issuer_id AND v.id = m.id AND v.version = m.newest_version
JOIN issuers i ON i.issuer_id = m.issuer_id
WHERE m.issuer_id = :issuer_id AND m.id = :id
FOR UPDATE OF m;

-- name: studio_by_key
SELECT m.issuer_id, m.id, m.key, m.state AS live, m.newest_version, m.published_version, m.edit, m.change,
       v.state, v.author_id, v.note, v.changed_at, v.published_at, i.author_may_publish,
       (SELECT max(l.version) FROM versions l WHERE l.issuer_id = m.issuer_id AND l.id = m.id) AS last_version,
       coalesce(p.document = :document::jsonb, false) AS same
FROM micro_credentials m
JOIN versions v ON v.issuer_id = m.issuer_id AND v.id = m.id AND v.version = m.newest_version
JOIN issuers i ON i.issuer_id = m.issuer_id
LEFT JOIN versions p ON p.issuer_id = m.issuer_id AND p.id = m.id AND p.version = m.published_version
WHERE m.issuer_id = :issuer_id AND m.key = :key AND m.state <> 'discarded'
FOR UPDATE OF m;

-- name: studio_create
INSERT INTO micro_credentials (issuer_id, id, key)
SELECT :issuer_id, :id::uuid, :key WHERE EXISTS (SELECT 1 FROM issuers WHERE issuer_id = :issuer_id)
ON CONFLICT DO NOTHING
RETURNING 1::bigint AS n;

-- name: studio_save
-- Everything that a step may move; the row is locked.
UPDATE micro_credentials
SET state = :live, newest_version = :newest_version::int, published_version = :published_version::int,
    change = :change::bigint, edit = edit + 1
WHERE issuer_id = :issuer_id AND id = :id;

-- name: version_put
INSERT INTO versions (issuer_id, id, version, state, document, author_id, changed_at)
VALUES (:issuer_id, :id, :version::int, 'draft', :document, :account_id, :now);

-- name: version_write
UPDATE versions SET document = :document, author_id = :account_id, changed_at = :now
WHERE issuer_id = :issuer_id AND id = :id AND version = :version::int AND state = 'draft';

-- name: version_move
UPDATE versions
SET state = :state, note = coalesce(:note::text, note), changed_at = :now,
    published_at = CASE WHEN :state = 'published' THEN :now ELSE published_at END
WHERE issuer_id = :issuer_id AND id = :id AND version = :version::int;

-- name: version_before
-- The newest version that stays when the open one is given up; none: 0.
SELECT coalesce(max(version), 0)::bigint AS n FROM versions
WHERE issuer_id = :issuer_id AND id = :id AND state IN ('published', 'superseded');

-- ---- the catalog -------------------------------------------------------------------

-- name: published_get
SELECT m.issuer_id, m.id, v.version, m.state, jsonb_build_object('id', i.issuer_id, 'name', i.name) AS issuer,
       c.time_zone, v.document, v.published_at
FROM micro_credentials m
JOIN versions v ON v.issuer_id = m.issuer_id AND v.id = m.id AND v.version = m.published_version
JOIN issuers i ON i.issuer_id = m.issuer_id
JOIN calendars c ON c.issuer_id = i.issuer_id AND c.version = i.calendar_version
WHERE m.issuer_id = :issuer_id AND m.id = :id AND m.state IN ('published', 'suspended', 'retired');

-- name: entry_remove
DELETE FROM entries WHERE issuer_id = :issuer_id AND id = :id;

-- name: entry_put
-- The row that is searched, from the published document. Titles are kept
-- uncut too: who is still typing has not reached the stem's end.
INSERT INTO entries (issuer_id, id, language, estimated_hours, published_at, sort_title, stack_values, audience_values,
                     topic_values, evidence_types, key, title, summary, stacks, audiences, topics, collaboration_policy,
                     ai_policy, words)
SELECT m.issuer_id, m.id, lower(coalesce(d->>'language', '')), coalesce((d->>'estimatedHours')::float8, 0),
       v.published_at, left(search_fold(d->>'title'), 100),
       s.codes, a.codes, t.codes,
       ARRAY(SELECT DISTINCT r->>'evidenceType' FROM jsonb_array_elements(d->'evidenceRequirements') AS r ORDER BY 1),
       m.key, d->>'title', coalesce(d->>'summary', ''), s.terms, a.terms, t.terms,
       coalesce(d->>'collaborationPolicy', 'individual'), coalesce(d->>'aiPolicy', 'prohibited'),
       setweight(search_vector(d->>'language', d->>'title') || to_tsvector('simple', search_plain(d->>'title')), 'A') ||
       setweight(search_vector(d->>'language', concat_ws(' ', d->>'competency', t.labels, s.labels, a.labels)), 'B') ||
       setweight(search_vector(d->>'language', concat_ws(' ', d->>'summary', c.titles)), 'C') ||
       setweight(search_vector(d->>'language', left(c.texts, 40000)), 'D')
FROM micro_credentials m
JOIN versions v ON v.issuer_id = m.issuer_id AND v.id = m.id AND v.version = m.published_version
CROSS JOIN LATERAL (SELECT v.document AS d) AS document
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(code ORDER BY n), '{}') AS codes, string_agg(label, ' ') AS labels,
           coalesce(jsonb_agg(jsonb_build_object('value', code, 'label', label) ORDER BY n), '[]') AS terms
    FROM (SELECT DISTINCT ON (code) code, label, n
          FROM jsonb_array_elements(d->'stacks') WITH ORDINALITY AS x (x, n),
               LATERAL (SELECT coalesce(nullif(x->>'label', ''), x->>'value') AS label,
                               search_slug(coalesce(nullif(x->>'value', ''), x->>'label')) AS code) AS y
          WHERE code <> '' ORDER BY code, n) AS z) AS s
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(code ORDER BY n), '{}') AS codes, string_agg(label, ' ') AS labels,
           coalesce(jsonb_agg(jsonb_build_object('value', code, 'label', label) ORDER BY n), '[]') AS terms
    FROM (SELECT DISTINCT ON (code) code, label, n
          FROM jsonb_array_elements_text(d->'audiences') WITH ORDINALITY AS x (label, n),
               LATERAL (SELECT search_slug(label) AS code) AS y
          WHERE code <> '' ORDER BY code, n) AS z) AS a
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(code ORDER BY n), '{}') AS codes, string_agg(label, ' ') AS labels,
           coalesce(jsonb_agg(jsonb_build_object('value', code, 'label', label) ORDER BY n), '[]') AS terms
    FROM (SELECT DISTINCT ON (code) code, label, n
          FROM jsonb_array_elements_text(d->'topics') WITH ORDINALITY AS x (label, n),
               LATERAL (SELECT search_slug(label) AS code) AS y
          WHERE code <> '' ORDER BY code, n) AS z) AS t
CROSS JOIN LATERAL (
    SELECT string_agg(x->>'title', ' ') AS titles, string_agg(x->>'description', ' ') AS texts
    FROM jsonb_array_elements(d->'methodComponents') AS x) AS c
WHERE m.issuer_id = :issuer_id AND m.id = :id;

-- name: terms_put
INSERT INTO terms (issuer_id, id, facet, value, label)
SELECT e.issuer_id, e.id, x.facet, x.value, x.label
FROM entries e CROSS JOIN LATERAL (
    SELECT 'stack' AS facet, y->>'value' AS value, y->>'label' AS label FROM jsonb_array_elements(e.stacks) AS y
    UNION ALL SELECT 'audience', y->>'value', y->>'label' FROM jsonb_array_elements(e.audiences) AS y
    UNION ALL SELECT 'topic', y->>'value', y->>'label' FROM jsonb_array_elements(e.topics) AS y
    UNION ALL SELECT 'evidence_type', y, upper(left(y, 1)) || replace(substr(y, 2), '_', ' ') FROM unnest(e.evidence_types) AS y
    UNION ALL SELECT DISTINCT 'word', y, '' FROM jsonb_array_elements(e.topics || jsonb_build_object('label', e.title)) AS j,
        regexp_split_to_table(search_plain(j->>'label'), ' ') AS y WHERE length(y) BETWEEN 4 AND 40) AS x
WHERE e.issuer_id = :issuer_id AND e.id = :id;

-- ---- search ------------------------------------------------------------------------

-- name: search_words
-- across: what is published is public.
-- What the words of a question look for: their stems in each language that
-- occurs; the last one as a beginning too (CAT-2, as you type); a run of
-- Chinese, Japanese or Korean by its pairs. A word that occurs nowhere is taken
-- for the most similar ones of titles and topics, and left out when there are none.
WITH RECURSIVE languages AS (
    (SELECT language FROM entries ORDER BY language LIMIT 1)
    UNION ALL
    SELECT (SELECT e.language FROM entries e WHERE e.language > l.language ORDER BY e.language LIMIT 1)
    FROM languages l WHERE l.language IS NOT NULL),
configs AS (
    SELECT DISTINCT search_config(language) AS config FROM languages WHERE language IS NOT NULL),
typed AS (
    SELECT n, word, n = max(n) OVER () AND (length(word) > 2 OR count(*) OVER () = 1) AS is_begun
    FROM (SELECT n, left(word, 60) AS word FROM regexp_split_to_table(search_plain(:q), ' ') WITH ORDINALITY AS s (word, n)
          WHERE word <> '' ORDER BY n LIMIT 16) AS w),
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
    SELECT a.n, a.word, a.query, (SELECT count(*) FROM entries e WHERE e.words @@ a.query) +
           (SELECT count(*) FROM issuers i WHERE i.words @@ a.query) AS hits
    FROM asked a WHERE a.query IS NOT NULL),
meant AS (
    SELECT f.n, f.query, f.hits FROM found f WHERE f.hits > 0
    UNION ALL
    SELECT f.n, s.query, s.hits
    FROM found f CROSS JOIN LATERAL (
        SELECT string_agg(l.query, ' | ')::tsquery AS query, sum(l.hits) AS hits
        FROM (SELECT value, count(*) AS hits FROM terms
              WHERE facet = 'word' AND value % f.word AND similarity(value, f.word) >= 0.35
                AND abs(length(value) - length(f.word)) <= 2
              GROUP BY value ORDER BY similarity(value, f.word) DESC, value LIMIT 3) AS near,
             LATERAL (SELECT near.hits, string_agg(DISTINCT '''' || replace(lexeme, '''', '''''') || '''', ' | ') AS query
                      FROM configs, unnest(to_tsvector(config, near.value))) AS l) AS s
    WHERE f.hits = 0 AND length(f.word) >= 4 AND f.word !~ '^[0-9]+$' AND s.query IS NOT NULL)
SELECT query::text AS query,
       (1000 * ln(1 + (greatest(e.n - m.hits, 0) + 0.5) / (m.hits + 0.5)))::bigint + 1 AS weight
FROM meant m, (SELECT count(*) AS n FROM entries) AS e
ORDER BY m.n;

-- name: search_unknown
-- across: what is published is public.
-- Values of the filters that occur nowhere in the catalog (CAT-1).
SELECT 'issuer' AS field, v AS value FROM unnest(:issuer::text[]) AS v
WHERE NOT EXISTS (SELECT 1 FROM issuers i WHERE i.issuer_id = v)
UNION ALL
SELECT f.field, f.value
FROM (SELECT 'stack' AS field, 'stack' AS facet, v AS value, search_slug(v) AS code FROM unnest(:stack::text[]) AS v
      UNION ALL SELECT 'audience', 'audience', v, search_slug(v) FROM unnest(:audience::text[]) AS v
      UNION ALL SELECT 'topic', 'topic', v, search_slug(v) FROM unnest(:topic::text[]) AS v
      UNION ALL SELECT 'evidenceType', 'evidence_type', v, v FROM unnest(:evidence_type::text[]) AS v) AS f
WHERE NOT EXISTS (SELECT 1 FROM terms t WHERE t.facet = f.facet AND t.value = f.code);

-- name: search_page
-- across: what is published is public.
-- One page. "at" is a row's place in the chosen order, as text that sorts by its
-- bytes. Only what passes the filters is ranked, by the words that tell it from others.
WITH chosen AS MATERIALIZED (
    SELECT :issuer::text[] AS issuer, ARRAY(SELECT search_slug(v) FROM unnest(:stack::text[]) AS v) AS stack,
           ARRAY(SELECT search_slug(v) FROM unnest(:audience::text[]) AS v) AS audience,
           ARRAY(SELECT search_slug(v) FROM unnest(:topic::text[]) AS v) AS topic, :evidence_type::text[] AS evidence_type),
asked AS MATERIALIZED (
    SELECT query::tsquery AS query, weight, weight * 50 >= max(weight) OVER () AS tells
    FROM unnest(:queries::text[], :weights::bigint[]) AS a (query, weight)),
hits AS (
    SELECT e.issuer_id, e.id FROM asked a JOIN entries e ON e.words @@ a.query
    UNION
    SELECT e.issuer_id, e.id FROM asked a JOIN issuers i ON i.words @@ a.query JOIN entries e ON e.issuer_id = i.issuer_id
    UNION
    SELECT issuer_id, id FROM entries WHERE :everything::boolean),
rows AS (
    SELECT e.*, (CASE :sort::text
           WHEN 'relevance' THEN lpad((1000000000 - (1000 * (
               SELECT coalesce(sum(a.weight * (ts_rank('{0.1, 0.2, 0.4, 1}', e.words, a.query) +
                      CASE WHEN i.words @@ a.query THEN 0.2 ELSE 0 END)), 0)
               FROM asked a WHERE a.tells))::bigint)::text, 10, '0') || e.sort_title
           WHEN 'newest' THEN lpad((9000000000000000 - (extract(epoch FROM e.published_at) * 1000000)::bigint)::text, 16, '0')
           WHEN 'effort' THEN lpad((e.estimated_hours * 1000)::bigint::text, 12, '0') || e.sort_title
           ELSE e.sort_title END) COLLATE "C" AS at
    FROM hits h
    JOIN entries e ON e.issuer_id = h.issuer_id AND e.id = h.id
    JOIN issuers i ON i.issuer_id = e.issuer_id, chosen c
    WHERE (cardinality(c.issuer) = 0 OR e.issuer_id = ANY (c.issuer))
      AND (cardinality(c.stack) = 0 OR e.stack_values && c.stack)
      AND (cardinality(c.audience) = 0 OR e.audience_values && c.audience)
      AND (cardinality(c.topic) = 0 OR e.topic_values && c.topic)
      AND (cardinality(c.evidence_type) = 0 OR
           CASE WHEN :only_evidence::boolean THEN e.evidence_types <@ c.evidence_type ELSE e.evidence_types && c.evidence_type END))
SELECT r.issuer_id, r.id, r.key, r.title, r.summary, jsonb_build_object('id', r.issuer_id, 'name', i.name) AS issuer,
       r.stacks, r.audiences, r.topics, r.evidence_types, r.estimated_hours, r.language, r.collaboration_policy,
       r.ai_policy, r.at
FROM (SELECT * FROM rows
      WHERE :after::text IS NULL OR (at, issuer_id, id) > (:after COLLATE "C", :after_issuer::text, :after_id::uuid)
      ORDER BY at, issuer_id, id LIMIT :limit::int) AS r
JOIN issuers i ON i.issuer_id = r.issuer_id
ORDER BY r.at, r.issuer_id, r.id;

-- name: search_facets
-- across: what is published is public.
-- How many there are in all, and how many each value of a facet would leave: a
-- facet's own counts do not know of its own choice (CAT-1). Values without a hit
-- are told with 0. At most 300 values of a facet, the chosen ones first.
WITH RECURSIVE chosen AS MATERIALIZED (
    SELECT :issuer::text[] AS issuer, ARRAY(SELECT search_slug(v) FROM unnest(:stack::text[]) AS v) AS stack,
           ARRAY(SELECT search_slug(v) FROM unnest(:audience::text[]) AS v) AS audience,
           ARRAY(SELECT search_slug(v) FROM unnest(:topic::text[]) AS v) AS topic, :evidence_type::text[] AS evidence_type),
asked AS MATERIALIZED (
    SELECT query::tsquery AS query FROM unnest(:queries::text[]) AS a (query)),
hits AS (
    SELECT e.issuer_id, e.id FROM asked a JOIN entries e ON e.words @@ a.query
    UNION
    SELECT e.issuer_id, e.id FROM asked a JOIN issuers i ON i.words @@ a.query JOIN entries e ON e.issuer_id = i.issuer_id
    UNION
    SELECT issuer_id, id FROM entries WHERE :everything::boolean),
flagged AS MATERIALIZED (
    SELECT e.issuer_id, e.stack_values, e.audience_values, e.topic_values, e.evidence_types,
           cardinality(c.issuer) = 0 OR e.issuer_id = ANY (c.issuer) AS by_issuer,
           cardinality(c.stack) = 0 OR e.stack_values && c.stack AS by_stack,
           cardinality(c.audience) = 0 OR e.audience_values && c.audience AS by_audience,
           cardinality(c.topic) = 0 OR e.topic_values && c.topic AS by_topic,
           cardinality(c.evidence_type) = 0 OR
               CASE WHEN :only_evidence::boolean THEN e.evidence_types <@ c.evidence_type
                    ELSE e.evidence_types && c.evidence_type END AS by_evidence
    FROM hits h JOIN entries e ON e.issuer_id = h.issuer_id AND e.id = h.id, chosen c),
counts AS (
    SELECT 'issuer' AS facet, issuer_id AS value, count(*) AS n FROM flagged
    WHERE by_stack AND by_audience AND by_topic AND by_evidence GROUP BY 2
    UNION ALL
    SELECT 'stack', v, count(*) FROM flagged, unnest(stack_values) AS v
    WHERE by_issuer AND by_audience AND by_topic AND by_evidence GROUP BY 2
    UNION ALL
    SELECT 'audience', v, count(*) FROM flagged, unnest(audience_values) AS v
    WHERE by_issuer AND by_stack AND by_topic AND by_evidence GROUP BY 2
    UNION ALL
    SELECT 'topic', v, count(*) FROM flagged, unnest(topic_values) AS v
    WHERE by_issuer AND by_stack AND by_audience AND by_evidence GROUP BY 2
    UNION ALL
    SELECT 'evidence_type', v, count(*) FROM flagged, unnest(evidence_types) AS v
    WHERE by_issuer AND by_stack AND by_audience AND by_topic GROUP BY 2),
known AS (
    (SELECT facet, value, label FROM terms WHERE facet < 'word' ORDER BY facet, value, label LIMIT 1)
    UNION ALL
    SELECT t.facet, t.value, t.label
    FROM known k CROSS JOIN LATERAL (
        SELECT facet, value, label FROM terms
        WHERE (facet, value) > (k.facet, k.value) AND facet < 'word'
        ORDER BY facet, value, label LIMIT 1) AS t),
ranked AS (
    SELECT k.facet, k.value, k.label, coalesce(n.n, 0) AS n,
           row_number() OVER (PARTITION BY k.facet ORDER BY k.value = ANY (CASE k.facet
               WHEN 'issuer' THEN c.issuer WHEN 'stack' THEN c.stack WHEN 'audience' THEN c.audience
               WHEN 'topic' THEN c.topic ELSE c.evidence_type END) DESC, coalesce(n.n, 0) DESC, k.label, k.value) AS place
    FROM (SELECT facet, value, label FROM known
          UNION ALL
          SELECT 'issuer', i.issuer_id, i.name FROM issuers i
          WHERE EXISTS (SELECT 1 FROM entries e WHERE e.issuer_id = i.issuer_id)) AS k
    CROSS JOIN chosen c
    LEFT JOIN counts n ON n.facet = k.facet AND n.value = k.value),
lists AS (
    SELECT facet, jsonb_agg(jsonb_build_object('value', value, 'label', label, 'count', n) ORDER BY n DESC, label, value) AS list
    FROM ranked WHERE place <= 300 GROUP BY facet)
SELECT (SELECT count(*) FROM flagged WHERE by_issuer AND by_stack AND by_audience AND by_topic AND by_evidence) AS total,
       jsonb_build_object(
           'issuer', coalesce((SELECT list FROM lists WHERE facet = 'issuer'), '[]'),
           'stack', coalesce((SELECT list FROM lists WHERE facet = 'stack'), '[]'),
           'audience', coalesce((SELECT list FROM lists WHERE facet = 'audience'), '[]'),
           'topic', coalesce((SELECT list FROM lists WHERE facet = 'topic'), '[]'),
           'evidenceType', coalesce((SELECT list FROM lists WHERE facet = 'evidence_type'), '[]')) AS facets;
