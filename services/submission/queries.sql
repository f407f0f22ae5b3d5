-- Every statement of the submission service.

-- ---- copies of what others own -------------------------------------------------

-- name: issuer_heard
INSERT INTO issuers AS i (issuer_id, version, name, calendar)
VALUES (:issuer_id, :version, :name, :calendar)
ON CONFLICT (issuer_id) DO UPDATE
SET version = excluded.version, name = excluded.name, calendar = excluded.calendar
WHERE i.version < excluded.version;

-- name: version_heard
-- A version never changes: the first time that it is heard is the only one.
INSERT INTO versions (issuer_id, micro_credential_id, version, document)
VALUES (:issuer_id, :micro_credential_id, :version, :document)
ON CONFLICT DO NOTHING;

-- name: published_heard
-- Publishing does not lift a pause of intake: the state has its own event.
INSERT INTO micro_credentials AS m (issuer_id, id, version)
VALUES (:issuer_id, :micro_credential_id, :version)
ON CONFLICT (issuer_id, id) DO UPDATE SET version = excluded.version
WHERE m.version IS NULL OR m.version < excluded.version;

-- name: state_heard
-- It may come before the version: between two kinds of events there is no order.
INSERT INTO micro_credentials AS m (issuer_id, id, state, change)
VALUES (:issuer_id, :micro_credential_id, :state, :change)
ON CONFLICT (issuer_id, id) DO UPDATE SET state = excluded.state, change = excluded.change
WHERE m.change < excluded.change;

-- ---- reading ---------------------------------------------------------------------

-- name: submission_read
-- One submission of its earner; its parts and its evidence come with it, its
-- rules and the issuer's calendar are known by their versions (known.h).
SELECT s.id, s.code, s.state, s.version, s.attempt, s.previous_id, s.micro_credential_id,
       s.micro_credential_version, s.declarations, s.created_at, s.changed_at, s.submitted_at, s.due_at, s.due_date,
       s.time_zone, s.calendar_version, s.days, s.withdrawn_at, s.decided_at, s.decision, s.credential_id,
       m.state AS intake, i.name AS issuer_name, i.version AS issuer_version
FROM submissions s
LEFT JOIN micro_credentials m ON m.issuer_id = s.issuer_id AND m.id = s.micro_credential_id
LEFT JOIN issuers i ON i.issuer_id = s.issuer_id
WHERE s.issuer_id = :issuer_id AND s.id = :id AND s.earner_id = :account_id AND s.state <> 'discarded';

-- name: submission_parts
SELECT key, text, version, words FROM parts WHERE issuer_id = :issuer_id AND submission_id = :id;

-- name: submission_evidence
SELECT id, kind, title, state, problems, requirement_id, url, file_name, media_type, size, sha256, added_at, checked_at
FROM evidence WHERE issuer_id = :issuer_id AND submission_id = :id
ORDER BY place;

-- name: version_rules
-- What a submission is judged by, of the version that it is pinned to.
SELECT rules AS document FROM versions
WHERE issuer_id = :issuer_id AND micro_credential_id = :micro_credential_id AND version = :micro_credential_version;

-- name: calendar_read
SELECT calendar, version AS issuer_version FROM issuers WHERE issuer_id = :issuer_id;

-- name: submission_state
-- Why a change found nothing to change.
SELECT code, state, version, submitted_at, due_at, due_date, time_zone, attempt
FROM submissions
WHERE issuer_id = :issuer_id AND id = :id AND earner_id = :account_id AND state <> 'discarded';

-- name: submission_list
-- across: a person's submissions are with many issuers
SELECT s.issuer_id, s.id, s.code, s.state, s.version, s.attempt, s.changed_at, s.submitted_at, s.due_at, s.due_date,
       s.time_zone, s.decided_at, s.outcome,
       jsonb_build_object('id', s.issuer_id || '~' || s.micro_credential_id, 'title', v.rules ->> 'title',
           'version', v.version, 'issuer', jsonb_build_object('id', s.issuer_id, 'name', coalesce(i.name, ''))) AS micro_credential
FROM submissions s
JOIN versions v ON v.issuer_id = s.issuer_id AND v.micro_credential_id = s.micro_credential_id
     AND v.version = s.micro_credential_version
LEFT JOIN issuers i ON i.issuer_id = s.issuer_id
WHERE s.earner_id = :account_id AND s.state <> 'discarded'
  AND (cardinality(:state::text[]) = 0 OR s.state = ANY(:state))
  AND (:before::timestamptz IS NULL OR (s.changed_at, s.id) < (:before, :last::uuid))
ORDER BY s.changed_at DESC, s.id DESC
LIMIT :limit::int;

-- name: part_history
-- Newest first; older than :before unless that is 0.
SELECT version, text, words, saved_at FROM part_history
WHERE issuer_id = :issuer_id AND submission_id = :id AND key = :key AND (:before::bigint = 0 OR version < :before)
ORDER BY version DESC
LIMIT :limit::int;

-- name: part_read
SELECT key, text, version, words FROM parts WHERE issuer_id = :issuer_id AND submission_id = :id AND key = :key;

-- name: evidence_file
SELECT e.sha256, e.size, e.file_name AS name, e.media_type
FROM evidence e JOIN submissions s ON s.issuer_id = e.issuer_id AND s.id = e.submission_id
WHERE e.issuer_id = :issuer_id AND e.submission_id = :id AND e.id = :evidence_id AND e.kind = 'file'
  AND s.earner_id = :account_id AND s.state <> 'discarded';

-- ---- drafts ----------------------------------------------------------------------

-- name: draft_open
-- Nothing when the micro-credential takes no work, an attempt stands in the way, or the code is taken.
INSERT INTO submissions (issuer_id, id, code, earner_id, micro_credential_id, micro_credential_version, created_at, changed_at)
SELECT m.issuer_id, :id::uuid, :code, :account_id::uuid, m.id, m.version, :now, :now
FROM micro_credentials m
WHERE m.issuer_id = :issuer_id AND m.id = :micro_credential_id AND m.state = 'published' AND m.version IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM submissions s WHERE s.issuer_id = m.issuer_id AND s.earner_id = :account_id
                  AND s.micro_credential_id = m.id AND s.state IN ('awarded', 'denied'))
ON CONFLICT DO NOTHING
RETURNING id;

-- name: draft_in_the_way
-- The micro-credential's state, and the newest attempt at it that a new draft has to respect.
SELECT m.state AS intake, s.id, s.code, s.state
FROM micro_credentials m
LEFT JOIN LATERAL (
    SELECT id, code, state FROM submissions
    WHERE issuer_id = m.issuer_id AND earner_id = :account_id AND micro_credential_id = m.id
      AND state NOT IN ('withdrawn', 'discarded')
    ORDER BY attempt DESC, created_at DESC LIMIT 1) s ON true
WHERE m.issuer_id = :issuer_id AND m.id = :micro_credential_id AND m.version IS NOT NULL;

-- name: draft_parts
-- The parts of the pinned version, with the texts of :previous where there is one.
INSERT INTO parts (issuer_id, submission_id, key, text, words)
SELECT s.issuer_id, s.id, p ->> 'key', coalesce(o.text, ''), coalesce(o.words, 0)
FROM submissions s
JOIN versions v ON v.issuer_id = s.issuer_id AND v.micro_credential_id = s.micro_credential_id
     AND v.version = s.micro_credential_version
CROSS JOIN LATERAL jsonb_array_elements(v.rules -> 'parts') p
LEFT JOIN parts o ON o.issuer_id = s.issuer_id AND o.submission_id = :previous::uuid AND o.key = p ->> 'key'
WHERE s.issuer_id = :issuer_id AND s.id = :id
ON CONFLICT DO NOTHING;

-- name: draft_touch
-- Counts a change of the draft and holds it, so that changes of one draft come one after the other.
UPDATE submissions SET version = version + 1, changed_at = :now
WHERE issuer_id = :issuer_id AND id = :id AND earner_id = :account_id AND state = 'draft'
RETURNING version;

-- name: draft_discard
UPDATE submissions SET state = 'discarded', version = version + 1, changed_at = :now
WHERE issuer_id = :issuer_id AND id = :id AND earner_id = :account_id AND state = 'draft'
RETURNING version;

-- name: part_write
-- :if_match is the part's version or any later one of the submission (DRF-2).
-- The comparison with the part stands at its update: of two that waited for each
-- other, the second sees what the first has written.
WITH s AS (
    UPDATE submissions SET version = version + 1, changed_at = :now
    WHERE issuer_id = :issuer_id AND id = :id AND earner_id = :account_id AND state = 'draft' AND version >= :if_match
    RETURNING issuer_id, id, version
), w AS (
    UPDATE parts p SET text = :text, words = :words, version = s.version, saves = p.saves + 1
    FROM s
    WHERE p.issuer_id = s.issuer_id AND p.submission_id = s.id AND p.key = :key AND p.version <= :if_match
    RETURNING p.issuer_id, p.submission_id, p.key, p.text, p.words, p.version, p.saves
), h AS (
    INSERT INTO part_history (issuer_id, submission_id, key, slot, version, text, words, saved_at)
    SELECT issuer_id, submission_id, key, saves % 500, version, text, words, :now FROM w
    ON CONFLICT (issuer_id, submission_id, key, slot) DO UPDATE
    SET version = excluded.version, text = excluded.text, words = excluded.words, saved_at = excluded.saved_at
)
SELECT key, version, words FROM w;

-- name: draft_declare
-- The groups that are given replace those that were (POL-2, POL-6, POL-8).
UPDATE submissions
SET declarations = declarations || jsonb_strip_nulls(jsonb_build_object('collaboration', :collaboration::jsonb,
        'ai', :ai::jsonb, 'personalInformation', :personal_information::jsonb, 'ownWork', :own_work::jsonb)),
    version = version + 1, declared_version = version + 1, changed_at = :now
WHERE issuer_id = :issuer_id AND id = :id AND earner_id = :account_id AND state = 'draft'
  AND (:if_match::bigint = 0 OR :if_match BETWEEN declared_version AND version)
RETURNING version;

-- ---- evidence --------------------------------------------------------------------

-- name: evidence_add
INSERT INTO evidence (issuer_id, submission_id, id, place, kind, title, requirement_id, url, file_name, media_type,
       size, sha256, added_at, next_check_at)
VALUES (:issuer_id, :id, :evidence_id::uuid,
       (SELECT coalesce(max(place), 0) + 1 FROM evidence WHERE issuer_id = :issuer_id AND submission_id = :id), :kind, :title, :requirement_id, :url, :name, :media_type, :size,
       :sha256, :now, clock_timestamp())
RETURNING id, kind, title, state, requirement_id, url, file_name, media_type, size, sha256, added_at;

-- name: evidence_remove
-- The row alone: other rows may name the same bytes.
DELETE FROM evidence WHERE issuer_id = :issuer_id AND submission_id = :id AND id = :evidence_id;

-- name: evidence_again
-- A new lease: what an earlier look saw does not count any more.
UPDATE evidence SET state = 'checking', next_check_at = clock_timestamp(), lease = lease + 1, tries = 0
WHERE issuer_id = :issuer_id AND submission_id = :id AND id = :evidence_id
RETURNING id, kind, title, state, problems, requirement_id, url, file_name, media_type, size, sha256, added_at, checked_at;

-- name: evidence_copy
-- Into a new attempt. A link may have changed since, a file cannot have.
INSERT INTO evidence (issuer_id, submission_id, id, place, kind, title, requirement_id, url, file_name, media_type,
       size, sha256, state, problems, added_at, checked_at, next_check_at)
SELECT o.issuer_id, :id::uuid, n.id, n.place, o.kind, o.title, o.requirement_id, o.url, o.file_name, o.media_type, o.size, o.sha256,
       CASE o.kind WHEN 'link' THEN 'checking' ELSE o.state END, o.problems, :now, o.checked_at,
       CASE o.kind WHEN 'link' THEN clock_timestamp() END
FROM (SELECT *, row_number() OVER (ORDER BY place) AS rank FROM evidence
      WHERE issuer_id = :issuer_id AND submission_id = :previous::uuid) o
JOIN unnest(:ids::uuid[]) WITH ORDINALITY AS n (id, place) ON n.place = o.rank;

-- name: evidence_due
-- across: the job serves all issuers. Looked for before it is taken: a look needs no transaction.
-- The clock is read once, in a SELECT of its own, as else it could not be searched for in the index.
SELECT count(*) AS n FROM (
    SELECT 1 FROM evidence WHERE kind = :kind AND next_check_at <= (SELECT clock_timestamp())
    ORDER BY next_check_at LIMIT 1) due;

-- name: evidence_take
-- across: the job serves all issuers. What is not of a draft any more is left as it is.
UPDATE evidence e
SET lease = e.lease + 1, tries = e.tries + 1,
    next_check_at = CASE s.state WHEN 'draft' THEN clock_timestamp() + interval '120 s' END
FROM submissions s
JOIN versions v ON v.issuer_id = s.issuer_id AND v.micro_credential_id = s.micro_credential_id
     AND v.version = s.micro_credential_version
WHERE (e.issuer_id, e.submission_id, e.id) = (
    SELECT d.issuer_id, d.submission_id, d.id FROM evidence d
    WHERE d.kind = :kind AND d.next_check_at <= (SELECT clock_timestamp())
    ORDER BY d.next_check_at LIMIT 1 FOR UPDATE SKIP LOCKED)
  AND s.issuer_id = e.issuer_id AND s.id = e.submission_id
RETURNING e.issuer_id, e.submission_id, e.id, e.kind, e.url, e.sha256, e.file_name, e.lease, e.tries, s.state,
    (SELECT r -> 'accepts' FROM jsonb_array_elements(v.rules -> 'evidenceRequirements') r
     WHERE r ->> 'id' = e.requirement_id LIMIT 1) AS accepts;

-- name: evidence_counts
-- A result changes the draft that it is about, and only a draft.
UPDATE submissions s SET version = version + 1
WHERE s.issuer_id = :issuer_id AND s.id = :submission_id AND s.state = 'draft'
  AND EXISTS (SELECT 1 FROM evidence e WHERE e.issuer_id = s.issuer_id AND e.submission_id = s.id
              AND e.id = :id AND e.lease = :lease)
RETURNING version;

-- name: evidence_result
-- A link is looked at again each day while its draft is worked on.
UPDATE evidence e
SET state = :state, problems = :problems, checked_at = :now, tries = 0,
    next_check_at = CASE WHEN e.kind = 'link' AND s.changed_at > :now::timestamptz - interval '30 days'
                    THEN clock_timestamp() + interval '1 day' END
FROM submissions s
WHERE e.issuer_id = :issuer_id AND e.submission_id = :submission_id AND e.id = :id AND e.lease = :lease
  AND s.issuer_id = e.issuer_id AND s.id = e.submission_id;

-- name: evidence_later
-- The inspector could not look: 2, 4, 8 ... seconds.
UPDATE evidence SET next_check_at = clock_timestamp() + interval '1 s' * 2 ^ tries
WHERE issuer_id = :issuer_id AND submission_id = :submission_id AND id = :id AND lease = :lease;

-- ---- handing in, and what comes of it --------------------------------------------

-- name: submission_submit
-- Only the version that the checks have read is frozen (SUB-1).
UPDATE submissions
SET state = 'submitted', version = version + 1, changed_at = :now, submitted_at = :now, due_at = :due_at,
    due_date = :due_date, time_zone = :time_zone, calendar_version = :calendar_version, days = :days
WHERE issuer_id = :issuer_id AND id = :id AND earner_id = :account_id AND state = 'draft' AND version = :version
RETURNING issuer_id, id, code, state, submitted_at, due_at, due_date, time_zone, attempt;

-- name: submission_withdraw
UPDATE submissions s
SET state = 'withdrawn', version = s.version + 1, changed_at = :now, withdrawn_at = :now, withdrawn_because = :reason
FROM versions v
WHERE s.issuer_id = :issuer_id AND s.id = :id AND s.earner_id = :account_id AND s.state = 'submitted'
  AND v.issuer_id = s.issuer_id AND v.micro_credential_id = s.micro_credential_id AND v.version = s.micro_credential_version
RETURNING s.id, s.code, s.version, s.withdrawn_at, v.rules ->> 'title' AS title;

-- name: resubmission_open
-- The next attempt after a denied one, on the version that is published now. Own
-- work and care for personal information are declared anew: the work will be another.
INSERT INTO submissions (issuer_id, id, code, earner_id, micro_credential_id, micro_credential_version, attempt,
       previous_id, declarations, created_at, changed_at)
SELECT s.issuer_id, :new_id::uuid, :code, s.earner_id, s.micro_credential_id, m.version, s.attempt + 1, s.id,
       s.declarations - 'ownWork' - 'personalInformation', :now, :now
FROM submissions s JOIN micro_credentials m ON m.issuer_id = s.issuer_id AND m.id = s.micro_credential_id
WHERE s.issuer_id = :issuer_id AND s.id = :id AND s.earner_id = :account_id AND s.state = 'denied'
  AND m.state = 'published'
  AND NOT EXISTS (SELECT 1 FROM submissions n WHERE n.issuer_id = s.issuer_id AND n.earner_id = s.earner_id
                  AND n.micro_credential_id = s.micro_credential_id AND n.attempt > s.attempt
                  AND n.state NOT IN ('withdrawn', 'discarded'))
ON CONFLICT DO NOTHING
RETURNING id;

-- name: review_heard
-- Begun, or given back; nothing for what is withdrawn or decided, and nothing twice.
UPDATE submissions s
SET state = CASE WHEN :state = 'in_review' THEN 'in_review' WHEN :state = 'queued' THEN 'submitted' ELSE s.state END,
    version = s.version + 1, changed_at = :now, review_version = :version
FROM versions v
WHERE s.issuer_id = :issuer_id AND s.id = :submission_id::uuid AND s.state IN ('submitted', 'in_review')
  AND s.review_version < :version
  AND v.issuer_id = s.issuer_id AND v.micro_credential_id = s.micro_credential_id AND v.version = s.micro_credential_version
RETURNING s.id, s.code, s.state, s.version, s.earner_id, v.rules ->> 'title' AS title;

-- name: decision_heard
-- The first decision on work that was not taken back before.
UPDATE submissions s
SET state = :outcome, outcome = :outcome, version = s.version + 1, changed_at = :now, review_version = :version,
    decided_at = :decided_at, decision = :decision
FROM versions v
WHERE s.issuer_id = :issuer_id AND s.id = :submission_id::uuid AND s.state IN ('submitted', 'in_review')
  AND v.issuer_id = s.issuer_id AND v.micro_credential_id = s.micro_credential_id AND v.version = s.micro_credential_version
RETURNING s.id, s.code, s.version, s.earner_id, s.micro_credential_id, s.micro_credential_version, s.attempt,
    s.outcome, s.decided_at, s.submitted_at, s.decided_at >= s.due_at AS late, v.rules ->> 'title' AS title;

-- name: credential_heard
UPDATE submissions
SET credential_id = :credential_id, version = version + 1, changed_at = :now
WHERE issuer_id = :issuer_id AND id = :submission_id::uuid AND state = 'awarded' AND credential_id IS NULL;

-- name: submission_known
-- Whatever its state: an event about it may be late, but never about nothing.
SELECT state FROM submissions WHERE issuer_id = :issuer_id AND id = :submission_id::uuid;
