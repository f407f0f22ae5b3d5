-- What every service's schema holds for the lib.

CREATE TABLE done (                 -- requests and events that have run, with their answers
    issuer_id  text        NOT NULL,
    rpc        text        NOT NULL,
    account_id text        NOT NULL,
    key        text        NOT NULL,
    digest     bytea       NOT NULL,
    reply      bytea,
    at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (issuer_id, rpc, account_id, key)
);
CREATE INDEX done_old ON done (at);                         -- done_purge

CREATE TABLE outbox (               -- events that others have yet to hear
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    issuer_id  text        NOT NULL,
    account_id text        NOT NULL,
    rpc        text        NOT NULL,
    subject    text        NOT NULL,
    trace      text        NOT NULL,
    payload    bytea       NOT NULL,
    tries      int         NOT NULL DEFAULT 0,
    next_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    parked_at  timestamptz,
    error      text        NOT NULL DEFAULT ''
);
CREATE INDEX outbox_due ON outbox (next_at, id) WHERE parked_at IS NULL;             -- outbox_lease
CREATE INDEX outbox_order ON outbox (rpc, subject, id) WHERE parked_at IS NULL;      -- outbox_lease: one subject in order
CREATE INDEX outbox_parked ON outbox (parked_at) WHERE parked_at IS NOT NULL;        -- outbox_state

-- The second fence: rows of other issuers do not exist for a call. The
-- connection says in which issuer it works; '*' is for calls across issuers.
CREATE FUNCTION issuer_fence(name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY issuer ON %I USING (issuer_id = current_setting(''vouch.issuer'', true)
                    OR current_setting(''vouch.issuer'', true) = ''*'')', name);
END $$;
