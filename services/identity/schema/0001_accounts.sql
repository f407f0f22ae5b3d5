-- What identity owns. Everything belongs to a person: keys begin with the account.

CREATE TABLE accounts (
    id           uuid        PRIMARY KEY,
    version      bigint      NOT NULL DEFAULT 1,        -- rises with every change that others hear of
    email        text        NOT NULL,                  -- as the person wrote it: mail goes there
    email_key    text        NOT NULL UNIQUE,           -- what makes two spellings one address (email.h)
    name         text        NOT NULL CHECK (name <> ''),
    locale       text        NOT NULL,
    time_zone    text        NOT NULL,                  -- '': the person has not said
    password     text        NOT NULL CHECK (password LIKE '$argon2id$%'),
    created_at   timestamptz NOT NULL,
    confirmed_at timestamptz                            -- the address was proved to be theirs
);

-- Sessions live by the database's own clock: a test clock neither ends nor prolongs one.
CREATE TABLE sessions (
    account_id uuid        NOT NULL REFERENCES accounts,
    id         uuid        NOT NULL,
    hash       bytea       NOT NULL CHECK (length(hash) = 32),      -- SHA-256 of the token, never the token
    place      text        NOT NULL,                                -- network it was opened from (place.h); '' untold
    agent      text        NOT NULL CHECK (length(agent) <= 200),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    used_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX sessions_hash ON sessions (hash);               -- session_holder, session_end, session_list
CREATE INDEX sessions_old ON sessions (expires_at);                 -- sessions_purge

CREATE TABLE tokens (                       -- of programs; their expiry is a date that a person chose
    account_id uuid        NOT NULL REFERENCES accounts,
    id         uuid        NOT NULL,
    hash       bytea       NOT NULL CHECK (length(hash) = 32),
    name       text        NOT NULL,
    scopes     text[]      NOT NULL CHECK (cardinality(scopes) BETWEEN 1 AND 20),
    created_at timestamptz NOT NULL,
    used_at    timestamptz,
    expires_at timestamptz NOT NULL CHECK (expires_at > created_at),
    PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX tokens_hash ON tokens (hash);                   -- token_holder
CREATE INDEX tokens_old ON tokens (expires_at);                     -- tokens_purge

CREATE TABLE links (                        -- what a mail lets its reader do, once
    account_id uuid        NOT NULL REFERENCES accounts,
    hash       bytea       NOT NULL CHECK (length(hash) = 32),
    kind       text        NOT NULL CHECK (kind IN ('confirmation', 'password')),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, hash)
);
CREATE UNIQUE INDEX links_hash ON links (hash);                     -- link_use
CREATE INDEX links_old ON links (expires_at);                       -- links_purge

-- Who asked for such a mail. Known and unknown addresses wait here alike, so
-- that neither the answer nor its time tells them apart.
CREATE TABLE asks (
    email_key text        NOT NULL,
    kind      text        NOT NULL CHECK (kind IN ('confirmation', 'password')),
    asked_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (email_key, kind)
);
CREATE INDEX asks_order ON asks (asked_at);                         -- asks_take

-- How often something was tried; a window begins with its first try and lasts an hour.
CREATE TABLE attempts (
    kind  text        NOT NULL CHECK (kind IN ('account', 'place', 'sign_up', 'ask', 'mail')),
    who   bytea       NOT NULL CHECK (length(who) = 32),            -- SHA-256: whoever reads the table learns no address
    n     int         NOT NULL CHECK (n > 0),
    since timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (kind, who)
);
CREATE INDEX attempts_old ON attempts (since);                      -- attempts_purge

-- Networks from which an account has signed in: others' failures do not lock its owner out there.
CREATE TABLE places (
    account_id uuid        NOT NULL REFERENCES accounts,
    place      text        NOT NULL CHECK (place <> ''),
    seen_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (account_id, place)
);
CREATE INDEX places_old ON places (seen_at);                        -- places_purge

-- Roles. A scope is an issuer, or '*': all of them. What was taken back or ran
-- out stays on record with its end.
CREATE TABLE grants (
    account_id uuid        NOT NULL REFERENCES accounts,
    id         uuid        NOT NULL,
    scope      text        NOT NULL CHECK (scope <> ''),
    role       text        NOT NULL CHECK (role IN ('assessor', 'assessor_trainee', 'pool_lead', 'issuer_author',
                   'issuer_approver', 'issuer_owner', 'issuer_analyst', 'helpdesk_agent', 'helpdesk_lead', 'ops',
                   'auditor', 'platform_admin')),
    granted_by uuid,                                                -- NULL: who runs the installation
    granted_at timestamptz NOT NULL,
    expires_at timestamptz CHECK (expires_at > granted_at),
    ended_at   timestamptz,
    ended_by   uuid,                                                -- NULL: it ran out
    PRIMARY KEY (account_id, id),
    CHECK (role <> 'platform_admin' OR scope = '*'),
    CHECK (ended_by IS NULL OR ended_at IS NOT NULL)
);
CREATE UNIQUE INDEX grants_once ON grants (account_id, scope, role) WHERE ended_at IS NULL;    -- grant_add, grants_of
CREATE INDEX grants_scope ON grants (scope, granted_at DESC, id DESC) WHERE ended_at IS NULL;  -- grant_list, grant_end, admins_lock
CREATE INDEX grants_over ON grants (expires_at) WHERE ended_at IS NULL;                        -- grants_expire
