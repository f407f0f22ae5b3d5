"""The OpenAPI document as a promise: every answer that a story gets is held against it.

An operation of the document, a status that it names, every property known and of
its type, nothing missing that is always there. Which operations were answered is
noted in STATE/operations, so that the last story can say which were never asked.
"""
import json
import os
import re
import sys
import urllib.request

BASE, STATE = sys.argv[1], sys.argv[3]
NOTED = os.path.join(STATE, "operations")
FORMATS = {
    "date-time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z",
    "date": r"\d{4}-\d\d-\d\d",
    "uuid": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "email": r"[^@\s]+@[^@\s]+",
    "uri": r"https?://\S+",
}
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float)}
KNOWN = {"$ref", "type", "properties", "required", "items", "enum", "format", "pattern", "minLength", "maxLength",
         "minItems", "maxItems", "minimum", "maximum", "description", "contentMediaType"}
_document = None
_noted = set()


def document():
    """The document as it is served, once for each story."""
    global _document
    if _document is None:
        with urllib.request.urlopen(BASE + "/api/v1/openapi.json", timeout=20) as reply:
            _document = json.load(reply)
    return _document


def operations():
    """Yields (verb, path with {variables}, operation)."""
    for path, verbs in document()["paths"].items():
        for verb, operation in verbs.items():
            yield verb.upper(), path, operation


def find(verb, path):
    """The operation that answers PATH (without its query); fixed segments win over variables."""
    parts = path.split("/")
    best = None
    for each, template, operation in operations():
        segments = template.split("/")
        if each != verb or len(segments) != len(parts):
            continue
        fits = all(s == p or (s.startswith("{") and p) for s, p in zip(segments, parts))
        fixed = sum(not s.startswith("{") for s in segments)
        if fits and (best is None or fixed > best[0]):
            best = (fixed, operation)
    return best[1] if best else None


def resolve(schema):
    while "$ref" in schema:
        at = document()
        for step in schema["$ref"].removeprefix("#/").split("/"):
            at = at[step]
        schema = at
    return schema


def _text(value, schema, at):
    if len(value.encode()) > schema.get("maxLength", 1 << 30):
        yield f"{at}: longer than {schema['maxLength']}"
    if "format" in schema and value and not re.fullmatch(FORMATS[schema["format"]], value):
        yield f"{at}: {value!r} is no {schema['format']}"
    if "pattern" in schema and value and not re.search(schema["pattern"], value):
        yield f"{at}: {value!r} does not match {schema['pattern']}"


def _object(value, schema, at):
    for name in schema.get("required", ()):
        if name not in value:
            yield f"{at}: {name} is missing"
    if "properties" not in schema:
        return
    for name, inner in value.items():
        if name not in schema["properties"]:
            yield f"{at}: {name} is not documented"
        else:
            yield from differences(inner, schema["properties"][name], f"{at}.{name}")


def differences(value, schema, at="answer"):
    """Everything in which VALUE differs from SCHEMA, in words."""
    schema = resolve(schema)
    unknown = set(schema) - KNOWN
    if unknown:
        yield f"{at}: the document uses {sorted(unknown)}, which nothing holds"
    kind = schema.get("type")
    if kind and (not isinstance(value, TYPES[kind]) or (isinstance(value, bool) and kind != "boolean")):
        yield f"{at}: {value!r} is no {kind}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: {value!r} is none of {schema['enum']}"
    if isinstance(value, str):
        yield from _text(value, schema, at)
    elif isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", 1 << 30):
            yield f"{at}: {len(value)} items"
        for i, item in enumerate(value):
            yield from differences(item, schema.get("items", {}), f"{at}[{i}]")
    elif isinstance(value, dict):
        yield from _object(value, schema, at)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        if not schema.get("minimum", value) <= value <= schema.get("maximum", value):
            yield f"{at}: {value} is out of its range"


def _content(operation, status):
    answers = operation["responses"]
    if str(status) in answers:
        return resolve(answers[str(status)]).get("content")
    if status >= 400 and "default" in answers:
        return resolve(answers["default"])["content"]
    return None


def note(operation, status):
    line = f"{operation['operationId']} {status}\n"
    if line not in _noted:
        _noted.add(line)
        with open(NOTED, "a") as file:
            file.write(line)


def hold(verb, path, status, media_type, body):
    """Ends the story when the answer is not as the document says. PATH is below /api/v1, or at the root."""
    path = path.split("?")[0]
    operation = find(verb, path) or find(verb, re.sub(r"\.[a-z]+$", "", path))
    where = f"{verb} {path}: {status}"
    if operation is None:
        if status not in (404, 405):
            sys.exit(f"{where}: the OpenAPI document has no such operation")
        return
    if status == 303:        # a browser that asks for HTML is sent to the page
        return
    content = _content(operation, status)
    if status in (204, 304) or (content is None and not body and str(status) in operation["responses"]):
        if body or (status != 304 and str(status) not in operation["responses"]):
            sys.exit(f"{where}: the OpenAPI document names no such answer")
        note(operation, status)
        return
    media_type = (media_type or "").split(";")[0]
    served = content is not None and "application/octet-stream" in content
    if content is None or (media_type not in content and not served):
        sys.exit(f"{where} {media_type}: the OpenAPI document has only {sorted(content or operation['responses'])}")
    if not served or media_type == "application/problem+json":
        value = json.loads(body) if media_type.endswith("json") else body.decode("latin-1")  # bytes are a string to the document
        wrong = list(differences(value, content[media_type].get("schema", {})))
        if wrong:
            sys.exit(f"{where} is not as documented: " + "; ".join(wrong[:8]))
    note(operation, status)
