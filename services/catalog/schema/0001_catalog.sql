-- Issuers, what they offer, and the index that finds it.

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

-- The value that stands for a label in a URL: "Special educator" is special-educator.
-- C, C++ and C# are not the same topic.
CREATE FUNCTION search_slug(label text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT left(trim('-' FROM regexp_replace(
        replace(replace(search_fold(label), '+', '-plus'), '#', '-sharp') COLLATE "und-x-icu",
        '[^[:alnum:]\u0591-\u05c7\u064b-\u065f\u0900-\u0963\u0966-\u0e4e]+', '-', 'g')), 60)
$$;

-- ---- issuers -------------------------------------------------------------------

CREATE TABLE issuers (
    issuer_id          text        PRIMARY KEY,
    name               text        NOT NULL CHECK (name <> ''),
    summary            text        NOT NULL,
    description        text        NOT NULL,
    website            text        NOT NULL,
    support_email      text        NOT NULL,
    language           text        NOT NULL,
    pen                text        NOT NULL,
    blind_review       boolean     NOT NULL,
    author_may_publish boolean     NOT NULL,
    calendar_version   int         NOT NULL DEFAULT 1 CHECK (calendar_version > 0),
    version            bigint      NOT NULL DEFAULT 1 CHECK (version > 0),
    words              tsvector    NOT NULL,
    changed_at         timestamptz NOT NULL,
    -- The helpdesk keeps tickets about no issuer under this name.
    CHECK (issuer_id <> 'platform')
);
CREATE INDEX issuers_name ON issuers (name, issuer_id);                 -- issuer_list
SELECT issuer_fence('issuers');

-- Every version of a calendar stays: promises name the one they were computed by (CLK-5).
CREATE TABLE calendars (
    issuer_id  text        NOT NULL REFERENCES issuers,
    version    int         NOT NULL CHECK (version > 0),
    time_zone  text        NOT NULL,
    weekend    text[]      NOT NULL CHECK (weekend <@ '{sun,mon,tue,wed,thu,fri,sat}' AND cardinality(weekend) <= 6),
    holidays   jsonb       NOT NULL,
    author_id  uuid        NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (issuer_id, version)
);
SELECT issuer_fence('calendars');

-- ---- micro-credentials (3.3) -----------------------------------------------------

CREATE TABLE micro_credentials (
    issuer_id         text   NOT NULL REFERENCES issuers,
    id                uuid   NOT NULL,
    key               text   NOT NULL,
    state             text   NOT NULL DEFAULT 'unpublished'
                      CHECK (state IN ('unpublished', 'published', 'suspended', 'retired', 'discarded')),
    newest_version    int    NOT NULL DEFAULT 1 CHECK (newest_version > 0),
    published_version int    NOT NULL DEFAULT 0 CHECK (published_version BETWEEN 0 AND newest_version),
    edit              bigint NOT NULL DEFAULT 1,    -- counts every write: the ETag of its authors
    change            bigint NOT NULL DEFAULT 0,    -- counts what was announced
    PRIMARY KEY (issuer_id, id),
    -- Earners know exactly what has been published once.
    CHECK ((state IN ('published', 'suspended', 'retired')) = (published_version > 0))
);
CREATE UNIQUE INDEX micro_credentials_key ON micro_credentials (issuer_id, key) WHERE state <> 'discarded';    -- studio_by_key
SELECT issuer_fence('micro_credentials');

CREATE TABLE versions (
    issuer_id    text        NOT NULL,
    id           uuid        NOT NULL,
    version      int         NOT NULL CHECK (version > 0),
    state        text        NOT NULL CHECK (state IN ('draft', 'in_review', 'published', 'superseded', 'discarded')),
    document     jsonb       NOT NULL,
    author_id    uuid        NOT NULL,              -- who wrote it last
    note         text        NOT NULL DEFAULT '',   -- of the approver who gave it back
    changed_at   timestamptz NOT NULL,
    published_at timestamptz,
    PRIMARY KEY (issuer_id, id, version),
    FOREIGN KEY (issuer_id, id) REFERENCES micro_credentials,
    CHECK ((state IN ('published', 'superseded')) = (published_at IS NOT NULL))
);
-- One is published, and one is being written.
CREATE UNIQUE INDEX versions_published ON versions (issuer_id, id) WHERE state = 'published';
CREATE UNIQUE INDEX versions_open ON versions (issuer_id, id) WHERE state IN ('draft', 'in_review');
SELECT issuer_fence('versions');

-- A published version is immutable: only its state moves on.
CREATE FUNCTION version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF old.published_at IS NOT NULL AND (new.document <> old.document OR new.published_at <> old.published_at) THEN
        RAISE EXCEPTION 'a published version does not change';
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER version_stays BEFORE UPDATE ON versions FOR EACH ROW EXECUTE FUNCTION version_stays();

-- ---- what the catalog shows ---------------------------------------------------------

-- One narrow row for each published micro-credential: facets are counted over
-- all of them, so that what only a page of results needs lies out of line.
CREATE TABLE entries (
    issuer_id       text             NOT NULL REFERENCES issuers,
    id              uuid             NOT NULL,
    language        text             NOT NULL,
    estimated_hours double precision NOT NULL,
    published_at    timestamptz      NOT NULL,
    sort_title      text             NOT NULL,
    stack_values    text[]           NOT NULL,
    audience_values text[]           NOT NULL,
    topic_values    text[]           NOT NULL,
    evidence_types  text[]           NOT NULL,
    key             text             NOT NULL,
    title           text             NOT NULL,
    summary         text             NOT NULL,
    stacks          jsonb            NOT NULL,
    audiences       jsonb            NOT NULL,
    topics          jsonb            NOT NULL,
    collaboration_policy text        NOT NULL,
    ai_policy       text             NOT NULL,
    words           tsvector         NOT NULL,
    PRIMARY KEY (issuer_id, id),
    FOREIGN KEY (issuer_id, id) REFERENCES micro_credentials
) WITH (toast_tuple_target = 512);
ALTER TABLE entries ALTER stack_values SET STORAGE MAIN, ALTER audience_values SET STORAGE MAIN,
    ALTER topic_values SET STORAGE MAIN, ALTER evidence_types SET STORAGE MAIN, ALTER sort_title SET STORAGE MAIN;
CREATE INDEX entries_words ON entries USING gin (words);                -- search_words, search_page, search_facets
CREATE INDEX entries_language ON entries (language);                    -- search_words: the languages that occur

-- The values of the facets, and the words that a mistyped one may have meant.
CREATE TABLE terms (
    issuer_id text NOT NULL,
    id        uuid NOT NULL,
    facet     text NOT NULL CHECK (facet IN ('stack', 'audience', 'topic', 'evidence_type', 'word')),
    value     text NOT NULL,
    label     text NOT NULL,
    PRIMARY KEY (issuer_id, id, facet, value),
    FOREIGN KEY (issuer_id, id) REFERENCES entries ON DELETE CASCADE
);
CREATE INDEX terms_values ON terms (facet, value, label);               -- search_facets, search_unknown
CREATE INDEX terms_similar ON terms USING gin (value public.gin_trgm_ops) WHERE facet = 'word';    -- search_words

SELECT issuer_fence('entries');
SELECT issuer_fence('terms');
-- What is published is public. Without these PostgreSQL would have to compare
-- the issuer of every row before it may look a word up in an index (@@ and %
-- are not leakproof). Writing stays fenced.
CREATE POLICY public ON issuers FOR SELECT USING (true);
CREATE POLICY public ON entries FOR SELECT USING (true);
CREATE POLICY public ON terms FOR SELECT USING (true);
