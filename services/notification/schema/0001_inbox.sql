-- What notification owns. The inbox belongs to a person: keys begin with the account.

CREATE TABLE people (                       -- copies of identity's accounts
    account_id uuid        PRIMARY KEY,
    version    bigint      NOT NULL,
    email      text        NOT NULL,
    name       text        NOT NULL,
    locale     text        NOT NULL,
    time_zone  text        NOT NULL,                    -- '': not known
    confirmed  boolean     NOT NULL,
    roles      jsonb       NOT NULL                     -- [{"issuerId": "riverbend", "role": "ops"}]
);
CREATE INDEX people_roles ON people USING gin (roles jsonb_path_ops);       -- readers_with_role

CREATE TABLE issuers (                      -- copies of the catalog's
    issuer_id text   PRIMARY KEY,
    version   bigint NOT NULL,
    name      text   NOT NULL
);
SELECT issuer_fence('issuers');

CREATE TABLE preferences (                  -- what differs from the defaults (kinds.c)
    account_id uuid    NOT NULL,
    kind       text    NOT NULL,
    mail       boolean NOT NULL,
    inbox      boolean NOT NULL,
    PRIMARY KEY (account_id, kind)
);

-- One row for each inbox. Its lock gives out the numbers, so that they rise in
-- the order of the commits: whoever has seen number n has seen all before it.
CREATE TABLE boxes (
    account_id uuid        PRIMARY KEY,
    last       bigint      NOT NULL,
    read_to    bigint      NOT NULL DEFAULT 0,          -- up to here all was read at once
    read_to_at timestamptz
);

CREATE TABLE inbox (
    account_id      uuid        NOT NULL,
    number          bigint      NOT NULL CHECK (number > 0),
    id              uuid        NOT NULL,
    event           text        NOT NULL,               -- what happened: told once
    kind            text        NOT NULL,
    title           text        NOT NULL,
    body            text        NOT NULL,
    link            text        NOT NULL CHECK (link LIKE '/%'),
    issuer_id       text        NOT NULL,               -- '': of no issuer
    submission_id   text        NOT NULL,               -- as the API calls it; '': about none
    submission_code text        NOT NULL,
    created_at      timestamptz NOT NULL,
    read_at         timestamptz,
    PRIMARY KEY (account_id, number),                                       -- inbox_list, live_list
    UNIQUE (account_id, id),                                                -- inbox_read
    UNIQUE (account_id, event)                                              -- inbox_put
);
CREATE INDEX inbox_unread ON inbox (account_id, number DESC) WHERE read_at IS NULL;     -- inbox_list, inbox_unread
SELECT issuer_fence('inbox');

CREATE TABLE mails (                        -- queued -> sent | failed (3.9)
    account_id uuid        NOT NULL,
    id         uuid        NOT NULL,                    -- its Message-ID is made of it
    event      text        NOT NULL,
    kind       text        NOT NULL,
    issuer_id  text        NOT NULL,
    address    text        NOT NULL,                    -- '': the person's own, as it is when the mail goes
    name       text        NOT NULL,
    title      text        NOT NULL,
    body       text        NOT NULL,
    action     text        NOT NULL,                    -- the words of the link
    link       text        NOT NULL,
    urgent     boolean     NOT NULL,                    -- somebody sits and waits for it
    created_at timestamptz NOT NULL,
    state      text        NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sent', 'failed')),
    tries      int         NOT NULL DEFAULT 0,
    queued_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    next_at    timestamptz NOT NULL DEFAULT clock_timestamp(),      -- while it is being sent: the end of the lease
    expires_at timestamptz,                             -- its link is secret and good until then
    done_at    timestamptz,
    error      text        NOT NULL DEFAULT '',
    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, event),                                             -- mail_put
    CHECK ((state = 'queued') = (done_at IS NULL)),
    CHECK (state = 'queued' OR expires_at IS NULL OR link = '')             -- a secret stays no longer than it must
);
CREATE INDEX mails_due ON mails (urgent DESC, next_at) WHERE state = 'queued';          -- mails_take
CREATE INDEX mails_old ON mails (done_at) WHERE state <> 'queued';                      -- mails_purge
SELECT issuer_fence('mails');
