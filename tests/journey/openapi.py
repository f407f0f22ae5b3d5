#!/usr/bin/env python3
"""The OpenAPI document against what it was seen to be: the last story.

    openapi.py BASE BIN STATE

Each answer of the stories before was held against the document as it came
(contract.py); here: every operation was answered with a yes, and the document
itself holds together.
"""
import re
import sys

import contract
from world import check, count, finish


def references(node):
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for inner in node.values():
            yield from references(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from references(inner)


def itself():
    document = contract.document()
    check("the version", document["openapi"], "3.1.0")
    for reference in set(references(document)):
        contract.resolve({"$ref": reference})        # a KeyError names what is missing
        count()
    names = [operation["operationId"] for _, _, operation in contract.operations()]
    check("names are unique", len(names), len(set(names)))
    for verb, path, operation in contract.operations():
        variables = sorted(re.findall(r"{([a-zA-Z]+)}", path))
        declared = sorted(p["name"] for p in operation["parameters"] if p["in"] == "path")
        check(f"{verb} {path} names its variables", declared, variables)
        check(f"{verb} {path} has a summary and a refusal", bool(operation["summary"]) and "default" in operation["responses"], True)


def what_differs_is_told():
    """The comparison itself: each kind of difference is found."""
    receipt = {"$ref": "#/components/schemas/Receipt"}
    good = {"id": "riverbend~x", "code": "V-7K3M-92QX-5", "state": "submitted", "submittedAt": "2026-11-24T17:00:00Z",
            "dueAt": "2026-12-16T05:00:00.5Z", "dueDate": "2026-12-15", "timeZone": "Etc/UTC", "attempt": 1}
    check("as documented", list(contract.differences(good, receipt)), [])
    for change in ({"state": "lost"}, {"attempt": "1"}, {"attempt": True}, {"submittedAt": "yesterday"}, {"colour": "red"}, {"code": None}):
        check(f"{change} is told", len(list(contract.differences({**good, **change}, receipt))), 1)
    for name in ("id", "code", "state", "attempt"):
        check(f"{name} is missed", len(list(contract.differences({k: v for k, v in good.items() if k != name}, receipt))), 1)


def everything_was_asked():
    with open(contract.NOTED) as file:
        noted = {tuple(line.split()) for line in file}
    unasked = [operation["operationId"] for _, _, operation in contract.operations()
               if not any((operation["operationId"], status) in noted for status in operation["responses"])]
    if unasked:
        sys.exit(f"no story was answered with a yes by {unasked}")
    for _ in noted:
        count()


def main():
    itself()
    what_differs_is_told()
    everything_was_asked()
    finish()


main()
