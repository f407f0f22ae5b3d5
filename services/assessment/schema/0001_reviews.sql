-- Reviews, and what assessment keeps of its neighbours' facts: issuers and rubrics.

CREATE TABLE issuers (              -- a copy of the catalog's
    issuer_id    text    PRIMARY KEY,
    version      bigint  NOT NULL,
    name         text    NOT NULL,
    blind_review boolean NOT NULL,
    calendar     jsonb   NOT NULL
);
SELECT issuer_fence('issuers');

CREATE TABLE versions (             -- a copy of the catalog's; a published version never changes (CAT-6)
    issuer_id           text  NOT NULL,
    micro_credential_id uuid  NOT NULL,
    version             int   NOT NULL CHECK (version > 0),
    document            jsonb NOT NULL,     -- title, policies, parts with their criteria
    PRIMARY KEY (issuer_id, micro_credential_id, version)
);
SELECT issuer_fence('versions');

CREATE TABLE reviews (
    issuer_id                text        NOT NULL,
    id                       uuid        NOT NULL,
    submission_id            uuid        NOT NULL,
    code                     text        NOT NULL,
    earner_id                uuid        NOT NULL,
    micro_credential_id      uuid        NOT NULL,
    micro_credential_version int         NOT NULL,
    title                    text        NOT NULL,
    attempt                  int         NOT NULL CHECK (attempt >= 1),
    state                    text        NOT NULL DEFAULT 'queued'
                                         CHECK (state IN ('queued', 'in_review', 'decided', 'cancelled')),
    assignee_id              uuid,
    version                  bigint      NOT NULL DEFAULT 1,
    -- What was handed in and promised: frozen.
    parts                    jsonb       NOT NULL,
    evidence                 jsonb       NOT NULL,
    declarations             jsonb,
    days                     jsonb       NOT NULL,
    submitted_at             timestamptz NOT NULL,
    due_at                   timestamptz NOT NULL,
    due_date                 text        NOT NULL CHECK (due_date ~ '^\d{4}-\d\d-\d\d$'),
    time_zone                text        NOT NULL,
    -- What the assessor says.
    scores                   jsonb       NOT NULL DEFAULT '[]',
    feedback                 jsonb       NOT NULL DEFAULT '[]',
    decision                 jsonb,
    ended_at                 timestamptz,
    escalated_at             timestamptz,
    -- The clock: the stage that comes next, and whether Redis has been told.
    last_stage               text        NOT NULL DEFAULT '',
    next_stage               text,
    next_at                  timestamptz,
    armed                    boolean     NOT NULL DEFAULT false,
    PRIMARY KEY (issuer_id, id),
    UNIQUE (issuer_id, submission_id),                      -- one review of one submission
    FOREIGN KEY (issuer_id, micro_credential_id, micro_credential_version) REFERENCES versions,
    CHECK (due_at > submitted_at),
    CHECK (state <> 'queued' OR assignee_id IS NULL),
    CHECK (state NOT IN ('in_review', 'decided') OR assignee_id IS NOT NULL),
    CHECK (assignee_id <> earner_id),                       -- nobody judges their own work (ASM-8)
    CHECK ((state = 'decided') = (decision IS NOT NULL)),
    CHECK ((state IN ('decided', 'cancelled')) = (ended_at IS NOT NULL)),
    CHECK (ended_at IS NULL OR next_at IS NULL),            -- a clock that has stopped has no next stage
    CHECK ((next_at IS NULL) = (next_stage IS NULL))
);
CREATE INDEX reviews_by_pool ON reviews ((escalated_at IS NULL), due_at, id) WHERE state = 'queued';      -- reviews_pool
CREATE INDEX reviews_by_assignee ON reviews (assignee_id, (escalated_at IS NULL), due_at, id);            -- reviews_mine
CREATE INDEX reviews_by_due ON reviews (issuer_id, due_at);                                               -- reviews_all
CREATE INDEX reviews_open ON reviews (due_at, id) WHERE state IN ('queued', 'in_review');                 -- overdue_list, overdue_total
CREATE INDEX reviews_open_issuer ON reviews (issuer_id) WHERE state IN ('queued', 'in_review');           -- queues_list
CREATE INDEX reviews_next ON reviews (next_at, issuer_id, id) WHERE next_at IS NOT NULL;                  -- reviews_due, timers_page
CREATE INDEX reviews_armed ON reviews (armed) WHERE armed AND next_at IS NOT NULL;                        -- timers_stored
CREATE INDEX reviews_unarmed ON reviews (next_at) WHERE armed <> (next_at IS NOT NULL);                   -- timers_unarmed
SELECT issuer_fence('reviews');

CREATE TABLE recusals (             -- who never gets a review again (ASM-8)
    issuer_id  text        NOT NULL,
    review_id  uuid        NOT NULL,
    account_id uuid        NOT NULL,
    reason     text        NOT NULL,
    at         timestamptz NOT NULL,
    PRIMARY KEY (issuer_id, review_id, account_id),
    FOREIGN KEY (issuer_id, review_id) REFERENCES reviews
);
SELECT issuer_fence('recusals');

CREATE TABLE clock_stages (         -- what was told: a stage comes once, whatever Redis remembers (P9)
    issuer_id     text        NOT NULL,
    submission_id uuid        NOT NULL,
    stage         text        NOT NULL,
    due           timestamptz NOT NULL,     -- when it should have come
    at            timestamptz NOT NULL,     -- when it did
    PRIMARY KEY (issuer_id, submission_id, stage),
    CHECK (at >= due)                       -- never early
);
SELECT issuer_fence('clock_stages');
