-- Awards, and copies of what goes into them.

CREATE TABLE people (               -- the name on credentials; fed by AccountChanged
    account_id uuid   PRIMARY KEY,
    version    bigint NOT NULL,
    name       text   NOT NULL
);

CREATE TABLE issuers (              -- fed by IssuerChanged
    issuer_id text   PRIMARY KEY,
    version   bigint NOT NULL,
    name      text   NOT NULL,
    website   text   NOT NULL DEFAULT ''
);
SELECT issuer_fence('issuers');

CREATE TABLE versions (             -- what was to be shown; fed by MicroCredentialPublished
    issuer_id           text  NOT NULL,
    micro_credential_id uuid  NOT NULL,
    version             int   NOT NULL,
    document            jsonb NOT NULL,
    PRIMARY KEY (issuer_id, micro_credential_id, version)
);
SELECT issuer_fence('versions');

CREATE TABLE credentials (
    issuer_id      text        NOT NULL,
    id             uuid        NOT NULL,
    submission_id  uuid        NOT NULL,
    earner_id      uuid        NOT NULL,
    title          text        NOT NULL,
    recipient_name text        NOT NULL,
    competency     text        NOT NULL,
    method_components text[]   NOT NULL,
    criteria       text        NOT NULL,
    state          text        NOT NULL DEFAULT 'issued' CHECK (state IN ('issued', 'suspended', 'revoked', 'expired')),
    issued_at      timestamptz NOT NULL,
    key_id         text        NOT NULL,
    url            text        NOT NULL,
    jwt            text        NOT NULL,
    document       text        NOT NULL,
    PRIMARY KEY (issuer_id, id)
);
SELECT issuer_fence('credentials');
-- An award becomes one credential, whatever is repeated (P3): credential_put.
CREATE UNIQUE INDEX credentials_one ON credentials (issuer_id, submission_id);
CREATE INDEX credentials_of ON credentials (earner_id, issued_at DESC, id DESC);   -- credential_list
