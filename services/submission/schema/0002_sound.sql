-- The rules of a row as one function. PostgreSQL reads the text of every CHECK anew with each
-- UPDATE, and a submission's were the dearest part of a save; a function is read once a session.

DO $$
DECLARE
    c record;
BEGIN
    FOR c IN SELECT conrelid::regclass AS owner, conname FROM pg_constraint
             WHERE contype = 'c' AND conrelid IN ('submissions'::regclass, 'parts'::regclass, 'part_history'::regclass)
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.owner, c.conname);
    END LOOP;
END $$;

CREATE FUNCTION is_sound(s submissions) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN s.code ~ '^V-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z*~$=]$'                     -- SUB-2
       AND s.state IN ('draft', 'submitted', 'in_review', 'awarded', 'denied', 'withdrawn', 'discarded')
       AND s.version >= 1 AND s.declared_version <= s.version
       AND s.attempt >= 1 AND (s.previous_id IS NULL) = (s.attempt = 1)
       AND (s.state IN ('draft', 'discarded')) = (s.submitted_at IS NULL)
       AND num_nulls(s.submitted_at, s.due_at, s.due_date, s.time_zone, s.calendar_version, s.days) IN (0, 6)
       AND coalesce(s.due_at > s.submitted_at AND s.due_date ~ '^\d{4}-\d\d-\d\d$', true)
       AND (s.state = 'withdrawn') = (s.withdrawn_at IS NOT NULL)
       AND (s.state IN ('awarded', 'denied')) = (s.decided_at IS NOT NULL)
       AND num_nulls(s.decided_at, s.outcome, s.decision) IN (0, 3)
       AND coalesce(s.outcome = s.state, true)
       AND (s.credential_id IS NULL OR s.state = 'awarded');
END $$;
ALTER TABLE submissions ADD CONSTRAINT submissions_sound CHECK (is_sound(submissions));

ALTER TABLE parts ADD CONSTRAINT parts_sound
    CHECK (key IN ('overview', 'work_examples', 'reflection') AND octet_length(text) <= 200000 AND words >= 0);
