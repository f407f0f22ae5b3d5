"""What a measurement needs to be there: issuers, accounts with sessions, drafts that are ready to be handed in.

The first issuer and micro-credential are made through the API; the others are
copies of what the services then hold of them. Draft N belongs to earner
N % EARNERS and to issuer N % ISSUERS, and all of its ids come from N, so that a
script for pgbench can name it too.
"""
import sys

from place import TOP

EARNERS, ISSUERS = 512, 16
WORDS = ("pupils read a chapter each week and the roles in their circle change while we listen to what they have "
         "understood of the text and of each other then they write down questions for the next time ").split()


def text_of(n_words):
    return " ".join(WORDS[i % len(WORDS)] for i in range(n_words))


def uuid(kind, n):
    return f"00000000-0000-7000-{8000 + kind}-{n:012d}"


def uuid_sql(kind, n):
    """The same for SQL: N is an expression."""
    return f"('00000000-0000-7000-{8000 + kind}-' || lpad(({n})::text, 12, '0'))::uuid"


def clone(place, service, table, key, new_key, rows, more=""):
    """Copies the row of TABLE that KEY names; NEW_KEY gives the columns that differ, over ROWS of SQL."""
    columns = [r[0] for r in place.psql(
        f"SELECT column_name FROM information_schema.columns WHERE table_schema = '{service}' AND table_name = '{table}' "
        "AND is_generated = 'NEVER' AND is_identity = 'NO' ORDER BY ordinal_position")]
    values = ", ".join(new_key.get(c, f"o.{c}") for c in columns)
    place.psql(f"INSERT INTO {service}.{table} ({', '.join(columns)}) SELECT {values} "
               f"FROM {service}.{table} o, {rows} WHERE {key} {more}")


def first_issuer(place):
    sys.argv = ["bench", place.base, place.bin, place.state]
    sys.path.insert(0, f"{TOP}/tests/journey")
    import world                                    # it reads where the installation is when it is loaded
    world.set_up()
    place.settle()


def issuers(place):
    numbers = f"generate_series(0, {ISSUERS - 1}) AS n"
    for service in ("submission", "assessment", "helpdesk", "notification", "credential"):
        clone(place, service, "issuers", "o.issuer_id = 'riverbend'", {"issuer_id": "'bench-' || n"}, numbers)


def micro_credentials(place, n_each):
    rows = f"generate_series(0, {ISSUERS - 1}) AS n, generate_series(0, {n_each - 1}) AS m"
    new = {"issuer_id": "'bench-' || n", "micro_credential_id": uuid_sql(2, "m"), "id": uuid_sql(2, "m")}
    for service in ("submission", "assessment", "credential"):
        clone(place, service, "versions", "o.issuer_id = 'riverbend'", new, rows)
    clone(place, "submission", "micro_credentials", "o.issuer_id = 'riverbend'", new, rows)


def earners(place):
    place.psql(f"""
        INSERT INTO identity.accounts (id, email, email_key, name, locale, time_zone, password, created_at)
        SELECT {uuid_sql(1, "n")}, 'earner' || n || '@example.org', 'earner' || n || '@example.org', 'Earner ' || n,
               'en', 'UTC', '$argon2id$none', clock_timestamp()
        FROM generate_series(0, {EARNERS - 1}) AS n;
        INSERT INTO identity.sessions (account_id, id, hash, place, agent, expires_at)
        SELECT {uuid_sql(1, "n")}, {uuid_sql(3, "n")}, sha256(convert_to('vs_' || lpad(n::text, 43, '0'), 'UTF8')), '', '',
               clock_timestamp() + interval '1 day'
        FROM generate_series(0, {EARNERS - 1}) AS n;
        INSERT INTO notification.people (account_id, version, email, name, locale, time_zone, confirmed, roles)
        SELECT {uuid_sql(1, "n")}, 1, 'earner' || n || '@example.org', 'Earner ' || n, 'en', 'UTC', false, '[]'
        FROM generate_series(0, {EARNERS - 1}) AS n""")


def token(n):
    return f"vs_{n % EARNERS:043d}"


def line(n):
    """Of draft N, for the HTTP client."""
    return f"bench-{n % ISSUERS}~{uuid(0, n)} {token(n)}"


def drafts(place, first, count):
    """Drafts FIRST ... that pass every check: three parts of 190 words, a file, all declarations."""
    numbers = f"generate_series({first}, {first + count - 1}) AS n"
    part = text_of(190)
    place.psql(f"""
        INSERT INTO submission.submissions (issuer_id, id, code, earner_id, micro_credential_id, micro_credential_version,
               declarations, created_at, changed_at)
        SELECT 'bench-' || n % {ISSUERS}, {uuid_sql(0, "n")},
               'V-' || substr(lpad(n::text, 8, '0'), 1, 4) || '-' || substr(lpad(n::text, 8, '0'), 5) || '-0',
               {uuid_sql(1, f"n % {EARNERS}")}, {uuid_sql(2, f"n / {EARNERS}")}, 1,
               '{{"collaboration": {{"collaborative": false}}, "ai": {{"used": false, "answered": true}},
                 "personalInformation": {{"reviewed": true}}, "ownWork": {{"confirmed": true}}}}',
               clock_timestamp(), clock_timestamp()
        FROM {numbers};
        INSERT INTO submission.parts (issuer_id, submission_id, key, text, words)
        SELECT 'bench-' || n % {ISSUERS}, {uuid_sql(0, "n")}, k, '{part}', 190
        FROM {numbers}, unnest('{{overview,work_examples,reflection}}'::text[]) AS k;
        INSERT INTO submission.evidence (issuer_id, submission_id, id, place, kind, title, requirement_id, file_name,
               media_type, size, sha256, state, added_at, checked_at)
        SELECT 'bench-' || n % {ISSUERS}, {uuid_sql(0, "n")}, {uuid_sql(4, "n")}, 1, 'file', 'The plan of the circle',
               'e1', 'plan.txt', 'text/plain', 640, repeat('ab', 32), 'ok', clock_timestamp(), clock_timestamp()
        FROM {numbers};
        ANALYZE submission.submissions, submission.parts, submission.evidence""")
