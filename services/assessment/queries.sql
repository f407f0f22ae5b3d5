-- ---- copies of the catalog's facts ----

-- name: issuer_put
INSERT INTO issuers (issuer_id, version, name, blind_review, calendar)
VALUES (:issuer_id, :version, :name, :blind_review, :calendar)
ON CONFLICT (issuer_id) DO UPDATE
SET version = excluded.version, name = excluded.name, blind_review = excluded.blind_review, calendar = excluded.calendar
WHERE issuers.version < excluded.version;

-- name: person_put
-- across: an account belongs to no issuer
INSERT INTO people AS p (account_id, name, version) VALUES (:account_id, :name, :version)
ON CONFLICT (account_id) DO UPDATE SET name = excluded.name, version = excluded.version
WHERE p.version < excluded.version;

-- name: version_put
INSERT INTO versions (issuer_id, micro_credential_id, version, document)
VALUES (:issuer_id, :micro_credential_id, :version, :document)
ON CONFLICT DO NOTHING;

-- name: version_known
SELECT version FROM versions
WHERE issuer_id = :issuer_id AND micro_credential_id = :micro_credential_id AND version = :micro_credential_version;

-- name: issuer_get
SELECT issuer_id, name, blind_review, calendar FROM issuers WHERE issuer_id = :issuer_id;

-- name: issuers_of
-- The issuers of a page of rows.
SELECT issuer_id, name, blind_review, calendar FROM issuers WHERE issuer_id = ANY(:issuers::text[]);

-- ---- one review ----

-- name: review_add
INSERT INTO reviews (issuer_id, id, submission_id, code, earner_id, micro_credential_id, micro_credential_version,
    title, attempt, parts, evidence, declarations, days, submitted_at, due_at, due_date, time_zone, next_stage, next_at)
VALUES (:issuer_id, :id, :submission_id, :code, :earner_id, :micro_credential_id, :micro_credential_version,
    :title, greatest(:attempt, 1), :parts, :evidence, :declarations, :days, :submitted_at, :due_at, :due_date,
    :time_zone, :next_stage, :next_at)
ON CONFLICT (issuer_id, submission_id) DO NOTHING;

-- name: review_lock
-- Writers of one review take turns; what they read next is what they change.
SELECT id FROM reviews WHERE issuer_id = :issuer_id AND id = :id FOR UPDATE;

-- name: review_get
-- Never one's own work, nor what one stepped back from; of the others what
-- waits or is one's own, and with :any what others hold too.
SELECT r.issuer_id, r.id, r.submission_id, r.code, r.earner_id, r.micro_credential_id, r.micro_credential_version,
       r.title, r.attempt, r.state, r.assignee_id, r.version, r.parts, r.evidence, r.declarations, r.days,
       r.submitted_at, r.due_at, r.due_date, r.time_zone, r.scores, r.feedback, r.decision, r.escalated_at,
       r.ended_at, v.document, coalesce(p.name, '') AS earner_name
FROM reviews r
JOIN versions v ON v.issuer_id = r.issuer_id AND v.micro_credential_id = r.micro_credential_id
               AND v.version = r.micro_credential_version
LEFT JOIN people p ON p.account_id = r.earner_id
WHERE r.issuer_id = :issuer_id AND r.id = :id AND r.earner_id <> :account_id::uuid
  AND (:any::boolean OR r.state = 'queued' OR r.assignee_id = :account_id::uuid)
  AND NOT EXISTS (SELECT 1 FROM recusals c
                  WHERE c.issuer_id = r.issuer_id AND c.review_id = r.id AND c.account_id = :account_id::uuid);

-- name: review_of_submission
SELECT id, state, version, code, due_at, escalated_at FROM reviews
WHERE issuer_id = :issuer_id AND submission_id = :submission_id;

-- name: review_claim
UPDATE reviews SET state = 'in_review', assignee_id = :account_id, version = version + 1
WHERE issuer_id = :issuer_id AND id = :id AND state = 'queued'
RETURNING state, assignee_id, version;

-- name: review_release
-- The scores stay with the review.
UPDATE reviews SET state = 'queued', assignee_id = NULL, version = version + 1
WHERE issuer_id = :issuer_id AND id = :id AND state = 'in_review'
RETURNING state, version;

-- name: recusal_add
INSERT INTO recusals (issuer_id, review_id, account_id, reason, at)
VALUES (:issuer_id, :id, :who, :reason, :now)
ON CONFLICT DO NOTHING;

-- name: review_score
UPDATE reviews SET scores = :scores, feedback = :feedback, version = version + 1
WHERE issuer_id = :issuer_id AND id = :id AND state = 'in_review' AND assignee_id = :account_id
RETURNING version;

-- name: review_decide
UPDATE reviews SET state = 'decided', decision = :decision, ended_at = :now, next_stage = NULL, next_at = NULL,
       version = version + 1
WHERE issuer_id = :issuer_id AND id = :id AND state = 'in_review' AND assignee_id = :account_id
RETURNING state, version;

-- name: review_cancel
-- What is decided stays decided.
UPDATE reviews SET state = 'cancelled', ended_at = :now, next_stage = NULL, next_at = NULL, version = version + 1
WHERE issuer_id = :issuer_id AND submission_id = :submission_id AND state IN ('queued', 'in_review')
RETURNING id, submission_id, state, version, code;

-- name: review_escalate
-- Once, and only what is open and late.
UPDATE reviews SET escalated_at = :now
WHERE issuer_id = :issuer_id AND submission_id = :submission_id AND state IN ('queued', 'in_review')
  AND due_at <= :now AND escalated_at IS NULL
RETURNING id, submission_id, code, title, assignee_id;

-- ---- lists ----

-- name: reviews_pool
-- What nobody has: asked-about ones first, then by due date.
SELECT r.issuer_id, r.id, r.code, r.micro_credential_id, r.micro_credential_version, r.title, r.attempt, r.state,
       r.version, r.submitted_at, r.due_at, r.due_date, r.time_zone, r.escalated_at, jsonb_build_object('collaborationPolicy', v.document->'collaborationPolicy', 'aiPolicy', v.document->'aiPolicy') AS document
FROM reviews r
JOIN versions v ON v.issuer_id = r.issuer_id AND v.micro_credential_id = r.micro_credential_id
               AND v.version = r.micro_credential_version
WHERE ('*' = ANY(:issuers::text[]) OR r.issuer_id = ANY(:issuers::text[])) AND r.state = 'queued'
  AND (cardinality(:state::text[]) = 0 OR r.state = ANY(:state::text[]))
  AND r.earner_id <> :account_id::uuid
  AND NOT EXISTS (SELECT 1 FROM recusals c
                  WHERE c.issuer_id = r.issuer_id AND c.review_id = r.id AND c.account_id = :account_id::uuid)
  AND (:first::boolean OR ((r.escalated_at IS NULL), r.due_at, r.id) > (:after_calm::boolean, :after_due::timestamptz, :after_id::uuid))
ORDER BY (r.escalated_at IS NULL), r.due_at, r.id LIMIT :limit::int;

-- name: reviews_mine
SELECT r.issuer_id, r.id, r.code, r.micro_credential_id, r.micro_credential_version, r.title, r.attempt, r.state,
       r.assignee_id, r.version, r.submitted_at, r.due_at, r.due_date, r.time_zone, r.escalated_at, jsonb_build_object('collaborationPolicy', v.document->'collaborationPolicy', 'aiPolicy', v.document->'aiPolicy') AS document
FROM reviews r
JOIN versions v ON v.issuer_id = r.issuer_id AND v.micro_credential_id = r.micro_credential_id
               AND v.version = r.micro_credential_version
WHERE ('*' = ANY(:issuers::text[]) OR r.issuer_id = ANY(:issuers::text[])) AND r.assignee_id = :account_id::uuid
  AND (CASE WHEN cardinality(:state::text[]) = 0 THEN r.state = 'in_review' ELSE r.state = ANY(:state::text[]) END)
  AND (:first::boolean OR ((r.escalated_at IS NULL), r.due_at, r.id) > (:after_calm::boolean, :after_due::timestamptz, :after_id::uuid))
ORDER BY (r.escalated_at IS NULL), r.due_at, r.id LIMIT :limit::int;

-- name: reviews_all
-- For leads: who has what.
SELECT r.issuer_id, r.id, r.code, r.micro_credential_id, r.micro_credential_version, r.title, r.attempt, r.state,
       r.assignee_id, r.version, r.submitted_at, r.due_at, r.due_date, r.time_zone, r.escalated_at, jsonb_build_object('collaborationPolicy', v.document->'collaborationPolicy', 'aiPolicy', v.document->'aiPolicy') AS document
FROM reviews r
JOIN versions v ON v.issuer_id = r.issuer_id AND v.micro_credential_id = r.micro_credential_id
               AND v.version = r.micro_credential_version
WHERE ('*' = ANY(:issuers::text[]) OR r.issuer_id = ANY(:issuers::text[]))
  AND (CASE WHEN cardinality(:state::text[]) = 0 THEN r.state IN ('queued', 'in_review') ELSE r.state = ANY(:state::text[]) END)
  AND r.earner_id <> :account_id::uuid
  AND NOT EXISTS (SELECT 1 FROM recusals c
                  WHERE c.issuer_id = r.issuer_id AND c.review_id = r.id AND c.account_id = :account_id::uuid)
  AND (:first::boolean OR ((r.escalated_at IS NULL), r.due_at, r.id) > (:after_calm::boolean, :after_due::timestamptz, :after_id::uuid))
ORDER BY (r.escalated_at IS NULL), r.due_at, r.id LIMIT :limit::int;

-- ---- what leads and operators see ----

-- name: queues_list
SELECT i.issuer_id, i.name, i.calendar, q.waiting, q.in_review, q.due_today, q.overdue,
       q.oldest_submitted_at
FROM issuers i
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE r.state = 'queued') AS waiting,
           count(*) FILTER (WHERE r.state = 'in_review') AS in_review,
           count(*) FILTER (WHERE r.due_at > :now::timestamptz
               AND r.due_date = to_char(:now::timestamptz AT TIME ZONE r.time_zone, 'YYYY-MM-DD')) AS due_today,
           count(*) FILTER (WHERE r.due_at <= :now::timestamptz) AS overdue,
           min(r.submitted_at) AS oldest_submitted_at
    FROM reviews r WHERE r.issuer_id = i.issuer_id AND r.state IN ('queued', 'in_review')) q
WHERE '*' = ANY(:issuers::text[]) OR i.issuer_id = ANY(:issuers::text[])
ORDER BY i.issuer_id LIMIT 1000;

-- name: overdue_list
-- The latest of all first.
SELECT r.issuer_id, r.id, r.code, r.micro_credential_id, r.micro_credential_version, r.title, r.state, r.assignee_id,
       r.due_at, r.due_date, r.time_zone, r.escalated_at, r.last_stage, jsonb_build_object('collaborationPolicy', v.document->'collaborationPolicy', 'aiPolicy', v.document->'aiPolicy') AS document
FROM reviews r
JOIN versions v ON v.issuer_id = r.issuer_id AND v.micro_credential_id = r.micro_credential_id
               AND v.version = r.micro_credential_version
WHERE ('*' = ANY(:issuers::text[]) OR r.issuer_id = ANY(:issuers::text[]))
  AND (:issuer::text = '' OR r.issuer_id = :issuer)
  AND r.state IN ('queued', 'in_review') AND r.due_at <= :now::timestamptz
  AND (:first::boolean OR (r.due_at, r.id) > (:after_due::timestamptz, :after_id::uuid))
ORDER BY r.due_at, r.id LIMIT :limit::int;

-- name: overdue_total
SELECT count(*) AS n FROM reviews
WHERE ('*' = ANY(:issuers::text[]) OR issuer_id = ANY(:issuers::text[])) AND (:issuer::text = '' OR issuer_id = :issuer)
  AND state IN ('queued', 'in_review') AND due_at <= :now::timestamptz;

-- ---- the clock ----

-- name: reviews_due
-- across: the clock runs for all issuers
SELECT issuer_id, id, submission_id, code, earner_id, title, state, assignee_id, due_at, due_date, time_zone,
       next_stage, next_at
FROM reviews WHERE next_at <= :now ORDER BY next_at, issuer_id, id LIMIT :limit::int;

-- name: reviews_named
-- across: the clock runs for all issuers. Of the timers that Redis gave, those that are due here.
SELECT r.issuer_id, r.id, r.submission_id, r.code, r.earner_id, r.title, r.state, r.assignee_id, r.due_at, r.due_date,
       r.time_zone, r.next_stage, r.next_at
FROM unnest(:issuers::text[], :ids::uuid[]) AS t(issuer_id, id)
JOIN reviews r ON r.issuer_id = t.issuer_id AND r.id = t.id
WHERE r.next_at <= :now ORDER BY r.next_at, r.issuer_id, r.id;

-- name: timers_named
-- across: the clock runs for all issuers. When those timers should come that were not due.
SELECT r.issuer_id, r.id, r.next_at
FROM unnest(:issuers::text[], :ids::uuid[]) AS t(issuer_id, id)
JOIN reviews r ON r.issuer_id = t.issuer_id AND r.id = t.id
WHERE r.next_at IS NOT NULL;

-- name: stage_pass
-- To the stage after :stage, if nobody has gone there yet. A clock that ends
-- stays marked as armed until Redis has forgotten it.
UPDATE reviews
SET last_stage = :stage, next_stage = :next_stage, next_at = :next_at,
    armed = armed AND :next_at::timestamptz IS NULL
WHERE issuer_id = :issuer_id AND id = :id AND next_stage = :stage AND next_at <= :now
  AND state IN ('queued', 'in_review');

-- name: stage_record
INSERT INTO clock_stages (issuer_id, submission_id, stage, due, at)
VALUES (:issuer_id, :submission_id, :stage, :due, :now)
ON CONFLICT DO NOTHING
RETURNING submission_id;

-- name: timers_unarmed
-- across: the clock runs for all issuers. New and moved timers, and ended ones that Redis still has.
SELECT issuer_id, id, next_at FROM reviews WHERE armed <> (next_at IS NOT NULL) ORDER BY next_at LIMIT 1000;

-- name: timers_mark
-- across: the clock runs for all issuers. Unless a timer was moved meanwhile.
UPDATE reviews r SET armed = true
FROM unnest(:issuers::text[], :ids::uuid[], :ats::bigint[]) AS t(issuer_id, id, at)
WHERE r.issuer_id = t.issuer_id AND r.id = t.id AND NOT r.armed
  AND r.next_at = timestamptz 'epoch' + t.at * interval '1 microsecond';

-- name: timers_unmark
-- across: the clock runs for all issuers
UPDATE reviews r SET armed = false
FROM unnest(:issuers::text[], :ids::uuid[]) AS t(issuer_id, id)
WHERE r.issuer_id = t.issuer_id AND r.id = t.id AND r.next_at IS NULL;

-- name: timers_page
-- across: the clock runs for all issuers. A page of all timers, soonest first.
SELECT issuer_id, id, next_at FROM reviews
WHERE next_at IS NOT NULL AND (next_at, issuer_id, id) > (:after_at::timestamptz, :after_issuer::text, :after_id::uuid)
ORDER BY next_at, issuer_id, id LIMIT 1000;

-- name: timers_stored
-- across: the clock runs for all issuers. How many timers Redis should have, at least.
SELECT count(*) AS n FROM reviews WHERE armed AND next_at IS NOT NULL;
