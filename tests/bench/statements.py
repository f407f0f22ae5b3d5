"""Scripts for pgbench out of the services' own statements.

A statement is taken from queries.sql by its name; each :parameter becomes the
SQL that VALUES says, so that the baseline runs what the product runs.
"""
import os
import re

from place import TOP


def statements(service):
    text = open(os.path.join(TOP, "services", service, "queries.sql")).read()
    found = {}
    for piece in re.split(r"^-- name: ", text, flags=re.M)[1:]:
        name, body = piece.split("\n", 1)
        found[name.strip()] = re.sub(r"^\s*--.*$", "", body, flags=re.M).strip().rstrip(";")
    return found


def quoted(value):
    return "NULL" if value is None else "'" + str(value).replace("'", "''") + "'"


def fill(statement, values):
    """The statement with SQL for its parameters, on one line as pgbench wants it."""
    text = re.sub(r"(?<!:):([a-z_]+)\b", lambda m: values[m.group(1)], statement)
    return re.sub(r"\s*\n\s*", " ", text) + ";"


def pipeline(lines):
    """All in one round trip, as the services send them."""
    return "\\startpipeline\n" + "\n".join(lines) + "\n\\endpipeline\n"
