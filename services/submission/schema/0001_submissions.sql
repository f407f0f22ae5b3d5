-- What earners work on, and the service's own copies of what it must know of others.

-- ---- copies, fed by events -----------------------------------------------------

CREATE TABLE issuers (
    issuer_id text   NOT NULL PRIMARY KEY,              -- submission_read
    version   bigint NOT NULL,
    name      text   NOT NULL,
    calendar  jsonb  NOT NULL CHECK (calendar ? 'timeZone')
);
SELECT issuer_fence('issuers');

CREATE TABLE micro_credentials (
    issuer_id text   NOT NULL,
    id        uuid   NOT NULL,
    version   int    CHECK (version >= 1),              -- the published one; NULL until the first is known
    state     text   NOT NULL DEFAULT 'published' CHECK (state IN ('published', 'suspended', 'retired')),
    change    bigint NOT NULL DEFAULT 0,                -- of the state
    PRIMARY KEY (issuer_id, id)                         -- draft_open, submission_read
);
SELECT issuer_fence('micro_credentials');

-- A published version never changes, so a submission that is pinned to one needs no copy of its own.
CREATE TABLE versions (
    issuer_id           text  NOT NULL,
    micro_credential_id uuid  NOT NULL,
    version             int   NOT NULL CHECK (version >= 1),
    document            jsonb NOT NULL CHECK (jsonb_typeof(document -> 'parts') = 'array'),
    -- What the rules of a submission look at: a tenth of the document, read with every submission.
    rules               jsonb NOT NULL GENERATED ALWAYS AS (document
        - '{summary,competency,keyMethod,methodComponents,research,resources,audiences,topics,fee,stacks,guidelines}'::text[]
        #- '{parts,0,prompts}' #- '{parts,0,rubric}' #- '{parts,0,introduction}'
        #- '{parts,1,prompts}' #- '{parts,1,rubric}' #- '{parts,1,introduction}'
        #- '{parts,2,prompts}' #- '{parts,2,rubric}' #- '{parts,2,introduction}') STORED,
    PRIMARY KEY (issuer_id, micro_credential_id, version)       -- submission_read
);
SELECT issuer_fence('versions');

-- ---- submissions -----------------------------------------------------------------

CREATE TABLE submissions (
    issuer_id                text        NOT NULL,
    id                       uuid        NOT NULL,
    code                     text        NOT NULL CHECK (code ~ '^V-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z*~$=]$'),   -- SUB-2
    earner_id                uuid        NOT NULL,
    micro_credential_id      uuid        NOT NULL,
    micro_credential_version int         NOT NULL,
    state                    text        NOT NULL DEFAULT 'draft'
        CHECK (state IN ('draft', 'submitted', 'in_review', 'awarded', 'denied', 'withdrawn', 'discarded')),
    version                  bigint      NOT NULL DEFAULT 1 CHECK (version >= 1),   -- counts every change
    declared_version         bigint      NOT NULL DEFAULT 1 CHECK (declared_version <= version),
    attempt                  int         NOT NULL DEFAULT 1 CHECK (attempt >= 1),
    previous_id              uuid,
    declarations             jsonb       NOT NULL DEFAULT '{}',
    created_at               timestamptz NOT NULL,
    changed_at               timestamptz NOT NULL,
    -- The promise, made once (CLK-1): from here on nothing of the work changes.
    submitted_at             timestamptz,
    due_at                   timestamptz CHECK (due_at > submitted_at),
    due_date                 text        CHECK (due_date ~ '^\d{4}-\d\d-\d\d$'),
    time_zone                text,
    calendar_version         int,
    days                     jsonb,
    withdrawn_at             timestamptz,
    withdrawn_because        text        NOT NULL DEFAULT '',
    review_version           bigint      NOT NULL DEFAULT 0,
    decided_at               timestamptz,
    outcome                  text        CHECK (outcome = state),
    decision                 jsonb,
    credential_id            text        CHECK (credential_id IS NULL OR state = 'awarded'),
    PRIMARY KEY (issuer_id, id),                                -- submission_read and all changes
    UNIQUE (code),                                              -- draft_open: people name a submission by nothing else
    CHECK ((previous_id IS NULL) = (attempt = 1)),
    CHECK ((state IN ('draft', 'discarded')) = (submitted_at IS NULL)),
    CHECK (num_nulls(submitted_at, due_at, due_date, time_zone, calendar_version, days) IN (0, 6)),
    CHECK ((state = 'withdrawn') = (withdrawn_at IS NOT NULL)),
    CHECK ((state IN ('awarded', 'denied')) = (decided_at IS NOT NULL)),
    CHECK (num_nulls(decided_at, outcome, decision) IN (0, 3))
) WITH (fillfactor = 80);                                       -- a save of a part changes the row in its page
-- draft_open, resubmission_open: one open submission for each earner and micro-credential
CREATE UNIQUE INDEX submissions_one_open ON submissions (issuer_id, earner_id, micro_credential_id)
    WHERE state IN ('draft', 'submitted', 'in_review');
-- draft_in_the_way, resubmission_open: the attempts of an earner at one micro-credential
CREATE INDEX submissions_attempts ON submissions (issuer_id, earner_id, micro_credential_id);
-- submission_list: an earner has dozens, so the order is made when they are read, and a save changes no index
CREATE INDEX submissions_earner ON submissions (earner_id);
SELECT issuer_fence('submissions');

CREATE TABLE parts (
    issuer_id     text   NOT NULL,
    submission_id uuid   NOT NULL,
    key           text   NOT NULL CHECK (key IN ('overview', 'work_examples', 'reflection')),
    text          text   NOT NULL DEFAULT '' CHECK (octet_length(text) <= 200000),
    words         int    NOT NULL DEFAULT 0 CHECK (words >= 0),
    version       bigint NOT NULL DEFAULT 1,                    -- the submission's at its last save
    saves         bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (issuer_id, submission_id, key),                -- part_write, submission_read
    FOREIGN KEY (issuer_id, submission_id) REFERENCES submissions (issuer_id, id)
) WITH (fillfactor = 60);
SELECT issuer_fence('parts');

-- Every save of a part, the newest 500: a ring, so that nothing has to be counted or purged (DRF-2).
CREATE TABLE part_history (
    issuer_id     text        NOT NULL,
    submission_id uuid        NOT NULL,
    key           text        NOT NULL,
    slot          int         NOT NULL CHECK (slot BETWEEN 0 AND 499),
    version       bigint      NOT NULL,
    text          text        NOT NULL,
    words         int         NOT NULL,
    saved_at      timestamptz NOT NULL,
    PRIMARY KEY (issuer_id, submission_id, key, slot)           -- part_write, part_history
);
SELECT issuer_fence('part_history');

CREATE TABLE evidence (
    issuer_id      text        NOT NULL,
    submission_id  uuid        NOT NULL,
    id             uuid        NOT NULL,
    place          int         NOT NULL,                        -- in the order that they were added
    kind           text        NOT NULL CHECK (kind IN ('file', 'link')),
    title          text        NOT NULL CHECK (title <> ''),
    requirement_id text        NOT NULL DEFAULT '',
    url            text        NOT NULL DEFAULT '',
    file_name      text        NOT NULL DEFAULT '',
    media_type     text        NOT NULL DEFAULT '',
    size           bigint      NOT NULL DEFAULT 0 CHECK (size >= 0),
    sha256         text        NOT NULL DEFAULT '',
    state          text        NOT NULL DEFAULT 'checking' CHECK (state IN ('checking', 'ok', 'problem')),
    problems       jsonb       NOT NULL DEFAULT '[]',
    added_at       timestamptz NOT NULL,
    checked_at     timestamptz,
    next_check_at  timestamptz,                                 -- by the database's clock; NULL: no more
    lease          bigint      NOT NULL DEFAULT 0,              -- who took it last; only that one may tell what it saw
    tries          int         NOT NULL DEFAULT 0,
    PRIMARY KEY (issuer_id, submission_id, id),                 -- submission_read, evidence_remove, evidence_result
    FOREIGN KEY (issuer_id, submission_id) REFERENCES submissions (issuer_id, id),
    CHECK (CASE kind WHEN 'file' THEN sha256 ~ '^[0-9a-f]{64}$' AND url = '' ELSE url <> '' AND sha256 = '' END),
    CHECK (state <> 'checking' OR next_check_at IS NOT NULL)
);
-- evidence_due, evidence_take: what a job has to look at
CREATE INDEX evidence_due ON evidence (kind, next_check_at) WHERE next_check_at IS NOT NULL;
SELECT issuer_fence('evidence');
