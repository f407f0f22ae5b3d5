"""Search of a large catalog through HTTP, against the statements that it runs."""
import random
import urllib.parse

import seed
from statements import fill, pipeline, quoted, statements

ENTRIES = 30000
ISSUERS = 16
OWN = statements("catalog")
SYLLABLES = "ba be co da di fo ga hu ka la mi no pe ra so ta ve wi".split()
TOPICS = [f"Topic {n}" for n in range(40)]
AUDIENCES = ["Classroom teacher", "Coach", "School leader", "Librarian", "Special educator"]


def entries():
    """Rows of a made-up catalog: word N is in about one entry of N."""
    dice = random.Random(1)
    words = ["".join(dice.choice(SYLLABLES) for _ in range(3)) + str(n) for n in range(3000)]
    weights = [1 / (n + 1) for n in range(len(words))]
    for n in range(ENTRIES):
        title = " ".join(dice.choices(words, weights, k=4)).capitalize()
        yield n, title, "learning " + " ".join(dice.choices(words, weights, k=40)), dice.choice(AUDIENCES), dice.choice(TOPICS)


def fill_catalog(place):
    rows = "\n".join("\t".join(map(str, row)) for row in entries())
    place.psql(f"""
        CREATE TABLE public.bench_rows (n int, title text, body text, audience text, topic text);
        COPY public.bench_rows FROM STDIN;\n{rows}\n\\.
        SET search_path = catalog, public;
        CREATE TEMP TABLE made AS SELECT *, 'bench-' || n % {ISSUERS} AS issuer, {seed.uuid_sql(5, "n")} AS id,
               search_slug(audience) AS audience_code, search_slug(topic) AS topic_code FROM bench_rows;
        INSERT INTO micro_credentials (issuer_id, id, key, state, published_version)
        SELECT issuer, id, 'key-' || n, 'published', 1 FROM made;
        INSERT INTO entries (issuer_id, id, language, estimated_hours, published_at, sort_title, stack_values,
               audience_values, topic_values, evidence_types, key, title, summary, stacks, audiences, topics,
               collaboration_policy, ai_policy, words)
        SELECT issuer, id, 'en', n % 40, clock_timestamp(), left(search_fold(title), 100), '{{}}', ARRAY[audience_code],
               ARRAY[topic_code], '{{document}}', 'key-' || n, title, body, '[]',
               jsonb_build_array(jsonb_build_object('value', audience_code, 'label', audience)),
               jsonb_build_array(jsonb_build_object('value', topic_code, 'label', topic)), 'allowed', 'prohibited',
               setweight(search_vector('en', title), 'A') || setweight(search_vector('en', body), 'C')
        FROM made;
        INSERT INTO terms (issuer_id, id, facet, value, label)
        SELECT issuer, id, 'audience', audience_code, audience FROM made
        UNION ALL SELECT issuer, id, 'topic', topic_code, topic FROM made
        UNION ALL SELECT issuer, id, 'evidence_type', 'document', 'document' FROM made
        UNION ALL SELECT DISTINCT issuer, id, 'word', w, w FROM made, unnest(string_to_array(lower(title), ' ')) AS w;
        DROP TABLE public.bench_rows;
        ANALYZE entries, terms, micro_credentials""")


def prepare(place):
    seed.clone(place, "catalog", "issuers", "o.issuer_id = 'riverbend'", {"issuer_id": "'bench-' || n"},
               f"generate_series(0, {ISSUERS - 1}) AS n")
    fill_catalog(place)


def array(values):
    return "ARRAY[" + ", ".join(quoted(v) for v in values) + "]::text[]"


def baseline(place, q, audience, connections, seconds):
    empty = {name: "'{}'" for name in ("issuer", "stack", "audience", "topic", "evidence_type")}
    if audience:
        empty["audience"] = array([audience])
    found = place.psql(fill(OWN["search_words"], {"q": quoted(q)}), settings="-c search_path=catalog,public")
    values = {**empty, "q": quoted(q), "queries": array(row[0] for row in found),
              "weights": "ARRAY[" + ", ".join(row[1] for row in found) + "]::bigint[]", "everything": "false",
              "sort": "'relevance'", "after": "NULL", "after_issuer": "NULL", "after_id": "NULL", "limit": "26"}
    steps = ["search_words", "search_page", "search_facets"] + (["search_unknown"] if audience else [])
    script = pipeline(fill(OWN[step], values) for step in steps)
    return place.pgbench(script, connections, "vouch_catalog", seconds=seconds, settings="-c vouch.issuer=*")


def search(place, table, scale):
    """Search 30,000 entries."""
    prepare(place)
    word = place.psql("SELECT value FROM catalog.terms WHERE facet = 'word' GROUP BY 1 HAVING count(*) BETWEEN 100 AND 200 "
                      "ORDER BY count(*), value LIMIT 2")
    for what, q, audience in (("one common word", "learning", None), ("two words, a filter", f"{word[0][0]} {word[1][0]}", "coach")):
        path = "/api/v1/micro-credentials?" + urllib.parse.urlencode({"q": q, **({"audience": audience} if audience else {})})
        for clients in (1, 8):
            place.load("path", clients, 0.5, 4 * clients, [f"{path} {seed.token(0)}"], some=True)
            ours = place.load("path", clients, scale, 10 ** 9, [f"{path} {seed.token(0)}"], some=True)
            table.row(f"search, {what}", clients, ours, f"the SQL: {clients}",
                      baseline(place, q, audience, clients, scale))
