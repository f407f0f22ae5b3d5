-- Articles, tickets, and what the helpdesk knows of submissions.

-- ---- how text is searched ----------------------------------------------------

-- Lower case, without accents, compatibility forms resolved: what words are compared by.
CREATE FUNCTION search_fold(t text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT public.unaccent('public.unaccent', lower(normalize(coalesce(t, ''), NFKC) COLLATE "und-x-icu"))
$$;

-- The words of a text with one space between. Chinese, Japanese and Korean
-- writing is left out: it has no spaces, search_grams() reads it. Marks that
-- belong to a letter (Hebrew, Arabic, Indic scripts, Thai) stay with it.
CREATE FUNCTION search_plain(t text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT trim(regexp_replace(regexp_replace(search_fold(t),
        '[\u3005-\u3007\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+',
        ' ', 'g') COLLATE "und-x-icu",
        '[^[:alnum:]\u0591-\u05c7\u064b-\u065f\u0900-\u0963\u0966-\u0e4e]+', ' ', 'g'))
$$;

-- The runs of Chinese, Japanese and Korean writing in a text.
CREATE FUNCTION search_runs(t text) RETURNS SETOF text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (regexp_matches(search_fold(t),
        '[\u3005-\u3007\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+',
        'g'))[1]
$$;

-- Each character of such a run with the one behind it, so that any part of two or more is found; the last stands alone.
CREATE FUNCTION search_grams(t text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(string_agg('''' || gram || ''':' || least(n, 16383), ' '), '')::tsvector
    FROM (SELECT substr(run, i, 2) AS gram, row_number() OVER () AS n
          FROM search_runs(t) AS run, generate_series(1, length(run)) AS i LIMIT 20000) AS grams
$$;

-- Whose endings a language's words are cut by; words of languages that PostgreSQL does not know stay whole.
CREATE FUNCTION search_config(language text) RETURNS regconfig LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (CASE split_part(lower(language), '-', 1)
        WHEN '' THEN 'english' WHEN 'en' THEN 'english' WHEN 'de' THEN 'german' WHEN 'es' THEN 'spanish'
        WHEN 'fr' THEN 'french' WHEN 'it' THEN 'italian' WHEN 'pt' THEN 'portuguese' WHEN 'nl' THEN 'dutch'
        WHEN 'da' THEN 'danish' WHEN 'sv' THEN 'swedish' WHEN 'nb' THEN 'norwegian' WHEN 'nn' THEN 'norwegian'
        WHEN 'no' THEN 'norwegian' WHEN 'fi' THEN 'finnish' WHEN 'ru' THEN 'russian' WHEN 'ro' THEN 'romanian'
        WHEN 'hu' THEN 'hungarian' WHEN 'tr' THEN 'turkish' WHEN 'ar' THEN 'arabic' WHEN 'el' THEN 'greek'
        WHEN 'hi' THEN 'hindi' WHEN 'id' THEN 'indonesian' WHEN 'ga' THEN 'irish' WHEN 'lt' THEN 'lithuanian'
        WHEN 'ca' THEN 'catalan' WHEN 'eu' THEN 'basque' WHEN 'hy' THEN 'armenian' WHEN 'sr' THEN 'serbian'
        WHEN 'ta' THEN 'tamil' WHEN 'ne' THEN 'nepali' WHEN 'yi' THEN 'yiddish'
        ELSE 'simple' END)::regconfig
$$;

CREATE FUNCTION search_vector(language text, t text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_tsvector(search_config(language), search_plain(t)) || search_grams(t)
$$;

-- ---- articles (HLP-1) ------------------------------------------------------------

-- They belong to the platform, not to an issuer.
CREATE TABLE articles (
    slug       text        PRIMARY KEY,
    title      text        NOT NULL CHECK (title <> ''),
    summary    text        NOT NULL,
    body       text        NOT NULL,
    language   text        NOT NULL,
    keywords   text[]      NOT NULL,
    version    int         NOT NULL CHECK (version > 0),
    changed_at timestamptz NOT NULL,
    changed_by uuid        NOT NULL,
    words      tsvector    NOT NULL
);
CREATE INDEX articles_title ON articles (title, slug);                  -- article_list
CREATE INDEX articles_words ON articles USING gin (words);              -- article_words, article_search
CREATE INDEX articles_language ON articles (language);                  -- article_words: the languages that occur

-- The words that a mistyped one may have meant.
CREATE TABLE article_terms (
    slug text NOT NULL REFERENCES articles ON DELETE CASCADE,
    word text NOT NULL,
    PRIMARY KEY (slug, word)
);
CREATE INDEX article_terms_similar ON article_terms USING gin (word public.gin_trgm_ops);     -- article_words

-- ---- copies of neighbours' facts ----------------------------------------------------

CREATE TABLE issuers (
    issuer_id text   PRIMARY KEY,
    name      text   NOT NULL,
    calendar  jsonb  NOT NULL,                      -- by which days late are counted
    version   bigint NOT NULL
);
SELECT issuer_fence('issuers');

-- State and clock of each submission, never its content (HLP-5).
CREATE TABLE submissions (
    issuer_id    text        NOT NULL,
    id           uuid        NOT NULL,
    code         text        NOT NULL,
    earner_id    uuid        NOT NULL,
    state        text        NOT NULL CHECK (state IN ('submitted', 'in_review', 'awarded', 'denied', 'withdrawn')),
    title        text        NOT NULL,
    submitted_at timestamptz NOT NULL,
    due_at       timestamptz NOT NULL,
    due_date     text        NOT NULL,
    time_zone    text        NOT NULL,
    days         jsonb       NOT NULL,
    ended_at     timestamptz,                       -- decided or withdrawn
    version      bigint      NOT NULL,
    PRIMARY KEY (issuer_id, id),
    CHECK ((state IN ('submitted', 'in_review')) = (ended_at IS NULL))
);
CREATE UNIQUE INDEX submissions_code ON submissions (code);                     -- submission_of_earner
SELECT issuer_fence('submissions');

-- ---- tickets (3.7) ---------------------------------------------------------------------

CREATE TABLE tickets (
    issuer_id     text        NOT NULL,             -- 'platform': about no submission
    id            uuid        NOT NULL,
    code          text        NOT NULL,
    requester_id  uuid        NOT NULL,
    state         text        NOT NULL
                  CHECK (state IN ('new', 'open', 'waiting_person', 'waiting_review', 'resolved', 'closed')),
    subject       text        NOT NULL,
    submission_id uuid,
    created_at    timestamptz NOT NULL,
    changed_at    timestamptz NOT NULL,
    waiting_since timestamptz,                      -- for the person
    reminded_at   timestamptz,
    resolved_at   timestamptz,
    version       bigint      NOT NULL DEFAULT 1,
    PRIMARY KEY (issuer_id, id),
    FOREIGN KEY (issuer_id, submission_id) REFERENCES submissions,
    CHECK ((issuer_id = 'platform') = (submission_id IS NULL)),
    CHECK ((state IN ('resolved', 'closed')) = (resolved_at IS NOT NULL)),
    CHECK ((state = 'waiting_person') = (waiting_since IS NOT NULL))
);
CREATE UNIQUE INDEX tickets_code ON tickets (code);
CREATE INDEX tickets_mine ON tickets (requester_id, id DESC);                                    -- ticket_list_mine
CREATE INDEX tickets_desk ON tickets (id DESC);                                                  -- ticket_list_desk, all issuers
CREATE INDEX tickets_desk_issuer ON tickets (issuer_id, id DESC);                                -- ticket_list_desk
CREATE INDEX tickets_submission ON tickets (issuer_id, submission_id);                           -- ticket_of_submission
CREATE INDEX tickets_waiting ON tickets (waiting_since) WHERE state = 'waiting_person';          -- ticket_remind, ticket_give_up
CREATE INDEX tickets_resolved ON tickets (resolved_at) WHERE state = 'resolved';                 -- ticket_close
SELECT issuer_fence('tickets');

CREATE TABLE messages (
    issuer_id  text        NOT NULL,
    ticket_id  uuid        NOT NULL,
    n          int         NOT NULL CHECK (n > 0),  -- 1 is the question
    id         uuid        NOT NULL,
    author     text        NOT NULL CHECK (author IN ('requester', 'agent', 'system')),
    author_id  uuid,
    body       text        NOT NULL,
    internal   boolean     NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (issuer_id, ticket_id, n),                                                       -- message_list
    FOREIGN KEY (issuer_id, ticket_id) REFERENCES tickets,
    CHECK ((author = 'system') = (author_id IS NULL)),
    CHECK (NOT internal OR author = 'agent')
);
SELECT issuer_fence('messages');

-- A review is escalated once, however many ask (N-6).
CREATE TABLE escalations (
    issuer_id     text        NOT NULL,
    submission_id uuid        NOT NULL,
    ticket_id     uuid        NOT NULL,
    at            timestamptz NOT NULL,
    PRIMARY KEY (issuer_id, submission_id)
);
SELECT issuer_fence('escalations');
