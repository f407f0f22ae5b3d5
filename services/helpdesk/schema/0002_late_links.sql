-- A ticket may name a submission before the helpdesk has heard of it, and is linked when it has.

ALTER TABLE tickets ADD codes text[] NOT NULL DEFAULT '{}' CHECK (cardinality(codes) <= 8),     -- named, and not matched so far
    ADD CHECK (codes = '{}' OR submission_id IS NULL);
CREATE INDEX tickets_unmatched ON tickets (requester_id) WHERE codes <> '{}';                   -- ticket_link

-- Then it goes to the submission's issuer, with all that was said in it.
ALTER TABLE messages DROP CONSTRAINT messages_issuer_id_ticket_id_fkey,
    ADD FOREIGN KEY (issuer_id, ticket_id) REFERENCES tickets ON UPDATE CASCADE;

-- Who people are, as they stand beside their messages. An account belongs to no issuer.
CREATE TABLE people (
    account_id uuid   PRIMARY KEY,
    name       text   NOT NULL,
    version    bigint NOT NULL
);
