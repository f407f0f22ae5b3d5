"""Handing in, saving and reading through HTTP, against pgbench with the service's own statements.

Delivery of the events is put off while this is measured (their rows come with a
later due time): what the listeners do with them is measured apart (delivery.py).
"""
import seed
from statements import fill, pipeline, quoted, statements

ROLE = "vouch_submission"
AUTOSAVE_WORDS = 740            # 4 KB
OWN_DRAFTS = 4                  # of a client that saves
LIB = statements("lib")
OWN = statements("submission")


def hold_events(place, hold):
    later = " + interval '1 day'" if hold else ""
    place.psql(f"ALTER TABLE submission.outbox ALTER next_at SET DEFAULT clock_timestamp(){later}")


def clear_events(place):
    place.psql("TRUNCATE submission.outbox")


class Drafts:
    """Gives out drafts that nobody has used."""

    def __init__(self, place, count):
        seed.first_issuer(place)
        seed.issuers(place)
        seed.micro_credentials(place, count // seed.EARNERS + 1)
        seed.earners(place)
        seed.drafts(place, 0, count)
        self.left, self.next = count, 0

    def take(self, count):
        self.next, self.left = self.next + count, self.left - count
        assert self.left >= 0, "too few drafts were prepared"
        return self.next - count


def names(draft="n"):
    """The parameters that every statement about draft :n has."""
    earner = f"({seed.uuid_sql(1, f':{draft} % {seed.EARNERS}')})"
    issuer = f"('bench-' || (:{draft} % {seed.ISSUERS})::text)"
    return {"issuer_id": issuer, "account_id": earner, "id": seed.uuid_sql(0, f":{draft}"), "scope": issuer,
            "now": "'2026-11-24 12:00:00+00'::timestamptz"}


def claimed(rpc, key, digest, reply, inside, values):
    """The statements of one writing call around those INSIDE it."""
    done = {**values, "rpc": quoted(rpc), "account_id": values["account_id"] + "::text", "key": f"repeat(md5({key}), 2)",
            "digest": f"'\\x{digest}'::bytea", "reply": f"'\\x{reply}'::bytea"}
    return [fill(LIB["scope_set"], values), fill(LIB["done_claim"], done), *inside, fill(LIB["done_reply"], done)]


def look(values):
    """What the service reads of a submission; rules and calendars it has known for long (known.h)."""
    return [fill(OWN[name], values) for name in ("submission_read", "submission_parts", "submission_evidence")]


class Submit:
    """The statements of one submit, with the values of one that the product has done."""

    def __init__(self, place, drafts):
        n = drafts.take(1)
        clear_events(place)
        place.load("submit", 1, 10, 1, [seed.line(n)])
        self.receipt = dict(zip(("due_at", "due_date", "time_zone", "calendar_version", "days"), place.psql(
            "SELECT due_at, due_date, time_zone, calendar_version, days FROM submission.submissions "
            f"WHERE id = '{seed.uuid(0, n)}'")[0]))
        self.events = place.psql("SELECT rpc, trace, encode(payload, 'hex') FROM submission.outbox ORDER BY id")
        self.digest, self.reply = place.psql(
            "SELECT encode(digest, 'hex'), encode(reply, 'hex') FROM submission.done "
            "WHERE rpc = 'Submissions.Submit' ORDER BY at DESC LIMIT 1")[0]
        assert self.events, "nobody hears of a submission"

    def call(self):
        values = names()
        receipt = {**values, **{name: quoted(value) for name, value in self.receipt.items()},
                   "due_at": quoted(self.receipt["due_at"]) + "::timestamptz", "version": "1"}
        inside = [*look(values), fill(OWN["submission_submit"], receipt)]
        rows = ", ".join(f"({values['issuer_id']}, {values['account_id']}::text, {quoted(rpc)}, {values['id']}::text, "
                         f"{quoted(trace)}, '\\x{payload}'::bytea)" for rpc, trace, payload in self.events)
        inside.append(f"INSERT INTO outbox (issuer_id, account_id, rpc, subject, trace, payload) VALUES {rows};")
        return claimed("Submissions.Submit", "(:n)::text", self.digest, self.reply, inside, values)

    def script(self, first, each_client, each_commit):
        lines = ["\\startpipeline", "BEGIN;"]
        for k in range(each_commit):
            lines += [f"\\set n {first} + :client_id * {each_client} + :i * {each_commit} + {k}", *self.call()]
        return "\n".join([*lines, "COMMIT;", "\\endpipeline", "\\set i :i + 1", ""])


def baseline_submit(place, drafts, submit, connections, count, each_commit=1):
    each_client = count // connections // each_commit * each_commit
    script = submit.script(drafts.take(each_client * connections), each_client, each_commit)
    clear_events(place)
    result = place.pgbench(script, connections, ROLE, transactions=each_client // each_commit, each=each_commit)
    done = place.psql("SELECT count(*) FROM submission.outbox")[0][0]
    assert int(done) == each_client * connections * len(submit.events), "pgbench has not done the same work"
    return result


def http_submit(place, drafts, clients, count):
    first = drafts.take(count)
    clear_events(place)
    return place.load("submit", clients, 60, count, [seed.line(n) for n in range(first, first + count)])


def mean(a, b):
    return tuple((x + y) / 2 for x, y in zip(a, b))


def submit(place, drafts, table, scale):
    """Hand drafts in."""
    counts = {64: int(1000 * scale), 8: int(800 * scale), 1: int(200 * scale)}
    hold_events(place, True)
    one = Submit(place, drafts)
    http_submit(place, drafts, 64, 300)
    first = http_submit(place, drafts, 64, counts[64])
    alone = {c: baseline_submit(place, drafts, one, c, counts[64]) for c in (8, 16, 32)}
    shared = baseline_submit(place, drafts, one, 2, 2 * counts[64], 32)
    ours = mean(first, http_submit(place, drafts, 64, counts[64]))
    best = max(alone, key=lambda c: alone[c][0])
    table.row("submit", 64, ours, f"pgbench alone, best of 8, 16, 32: {best}", alone[best])
    table.row("submit", 64, ours, "pgbench, 32 a commit", shared)
    table.row("submit", 8, http_submit(place, drafts, 8, counts[8]), "pgbench alone: 8", alone[8])
    table.row("submit", 1, http_submit(place, drafts, 1, counts[1]), "pgbench alone: 1",
              baseline_submit(place, drafts, one, 1, counts[1]))
    clear_events(place)
    hold_events(place, False)


SUBMIT_DRAFTS = 8200            # at scale 1, and what does not grow with it
SUBMIT_DRAFTS_FIXED = 600


# ---- saving -------------------------------------------------------------------------


def save_script(first, tag, text):
    values = names()
    inside = [fill(OWN["part_write"], {**values, "key": "'overview'", "text": quoted(text), "words": str(AUTOSAVE_WORDS),
                                       "if_match": f"(1 + :i / {OWN_DRAFTS})"})]
    return (f"\\set n {first} + :client_id * {OWN_DRAFTS} + :i % {OWN_DRAFTS}\n\\startpipeline\nBEGIN;\n" + "\n".join(
        claimed("Submissions.WritePart", f"'{tag}-' || (:client_id)::text || '-' || (:i)::text", "ab" * 32, "cd" * 80,
                inside, values)) + "\nCOMMIT;\n\\endpipeline\n\\set i :i + 1\n")


def baseline_save(place, drafts, connections, seconds, text):
    count = connections * OWN_DRAFTS
    first = drafts.take(count)
    result = place.pgbench(save_script(first, f"save-{first}", text), connections, ROLE, seconds=seconds)
    wrong = place.psql("SELECT count(*) FROM submission.submissions s JOIN submission.parts p ON p.submission_id = s.id "
                       f"WHERE s.id BETWEEN '{seed.uuid(0, first)}' AND '{seed.uuid(0, first + count - 1)}' "
                       "AND p.key = 'overview' AND (p.version <> s.version OR p.saves < 2)")[0][0]
    assert wrong == "0", "pgbench has not done the same work"
    return result


def http_save(place, drafts, clients, seconds, text):
    first = drafts.take(clients * OWN_DRAFTS)
    return place.load("autosave", clients, seconds, 10 ** 9, [seed.line(n) for n in range(first, first + clients * OWN_DRAFTS)],
                      text)


def autosave(place, drafts, table, scale):
    """Save a part of 4 KB."""
    text = seed.text_of(AUTOSAVE_WORDS)
    http_save(place, drafts, 64, 0.5, text)
    first = http_save(place, drafts, 64, scale, text)
    alone = {c: baseline_save(place, drafts, c, scale, text) for c in (8, 16, 32)}
    ours = mean(first, http_save(place, drafts, 64, scale, text))
    best = max(alone, key=lambda c: alone[c][0])
    table.row("autosave", 64, ours, f"pgbench alone, best of 8, 16, 32: {best}", alone[best])
    table.row("autosave", 8, http_save(place, drafts, 8, scale, text), "pgbench alone: 8", alone[8])
    table.row("autosave", 1, http_save(place, drafts, 1, scale / 2, text), "pgbench alone: 1",
              baseline_save(place, drafts, 1, scale / 2, text))


AUTOSAVE_DRAFTS = OWN_DRAFTS * (3 * 64 + 2 * 8 + 16 + 32 + 2)


# ---- reading ------------------------------------------------------------------------

READ_DRAFTS = 2000


def baseline_read(place, first, connections, seconds):
    values = names()
    script = f"\\set n {first} + random(0, {READ_DRAFTS - 1})\n" + pipeline(
        [fill(LIB["scope_set"], values), *look(values)])
    return place.pgbench(script, connections, ROLE, seconds=seconds)


def http_read(place, first, clients, seconds):
    return place.load("read", clients, seconds, 10 ** 9, [seed.line(n) for n in range(first, first + READ_DRAFTS)])


def read(place, drafts, table, scale):
    """Read a submission."""
    first = drafts.take(READ_DRAFTS)
    http_read(place, first, 64, 0.5)
    before = http_read(place, first, 64, scale)
    alone = {c: baseline_read(place, first, c, scale) for c in (8, 16, 32)}
    ours = mean(before, http_read(place, first, 64, scale))
    best = max(alone, key=lambda c: alone[c][0])
    table.row("read", 64, ours, f"pgbench, best of 8, 16, 32: {best}", alone[best])
    table.row("read", 8, http_read(place, first, 8, scale), "pgbench: 8", alone[8])
    table.row("read", 1, http_read(place, first, 1, scale / 2), "pgbench: 1", baseline_read(place, first, 1, scale / 2))
