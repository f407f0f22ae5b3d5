-- Who people are, for issuers that do not review blind. An account belongs to no issuer.
CREATE TABLE people (
    account_id uuid   PRIMARY KEY,                      -- review_get
    name       text   NOT NULL,
    version    bigint NOT NULL
);
