/*
 * openapi.c: the OpenAPI 3.1 document, from the rules in proto/.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "protogen.h"

enum { MESSAGES_MAX = 400 };

static const Set *set;
static json_t *paths, *schemas;
static const Type *asked[MESSAGES_MAX]; /* what clients send, and all that is in it */
static size_t n_asked;

static const Vouch__Bound *
bound_of(const Field *f)
{
	static const Vouch__Bound none = VOUCH__BOUND__INIT;
	const Vouch__Bound *b = option((ProtobufCMessage *)f->options, 50002, &vouch__bound__descriptor);

	return b != NULL ? b : &none;
}

static bool
is_hidden(const Vouch__Bound *b)
{
	return b->inner || b->cookie || b->session || (b->source != NULL && b->source[0] != '\0');
}

static const Type *
type_of(const char *name)
{
	for (size_t i = 0; i < set->n_file; i++)
		for (size_t j = 0; j < set->file[i]->n_message_type; j++)
			if (strcmp(set->file[i]->message_type[j]->name, plain(name)) == 0)
				return set->file[i]->message_type[j];
	die("there is no message %s", name);
}

static const Google__Protobuf__EnumDescriptorProto *
enum_of(const char *name)
{
	for (size_t i = 0; i < set->n_file; i++) {
		const File *f = set->file[i];

		for (size_t k = 0; k < f->n_enum_type; k++)
			if (strcmp(f->enum_type[k]->name, plain(name)) == 0)
				return f->enum_type[k];
		for (size_t j = 0; j < f->n_message_type; j++)
			for (size_t k = 0; k < f->message_type[j]->n_enum_type; k++) {
				char full[256];

				snprintf(full, sizeof(full), ".vouch.%s.%s", f->message_type[j]->name,
				    f->message_type[j]->enum_type[k]->name);
				if (strcmp(full, name) == 0)
					return f->message_type[j]->enum_type[k];
			}
	}
	die("there is no enum %s", name);
}

static json_t *
words(const char *name)
{
	const Google__Protobuf__EnumDescriptorProto *e = enum_of(name);
	json_t *list = json_array();

	for (size_t k = 0; k < e->n_value; k++) {
		char word[64];
		size_t n = 0;

		for (const char *c = e->value[k]->name; *c != '\0' && n < 63; c++)
			word[n++] = (char)tolower((unsigned char)*c);
		json_array_append_new(list, json_stringn(word, n));
	}
	return json_pack("{s:s, s:o}", "type", "string", "enum", list);
}

static json_t *
text_schema(const Vouch__Bound *b)
{
	static const struct {
		const char *form, *key, *value;
	} forms[] = {
		{"uuid", "format", "uuid"},
		{"email", "format", "email"},
		{"url", "format", "uri"},
		{"date", "format", "date"},
		{"slug", "pattern", "^[a-z0-9][a-z0-9-]*$"},
	};
	json_t *p;

	if (b->raw)
		return json_object();
	p = json_pack("{s:s}", "type", "string");
	json_object_set_new(p, "maxLength", json_integer(b->max ? b->max : 65536));
	if (b->min > 0 || b->required)
		json_object_set_new(p, "minLength", json_integer(b->min ? b->min : 1));
	for (size_t i = 0; b->form != NULL && i < sizeof(forms) / sizeof(forms[0]); i++)
		if (strcmp(b->form, forms[i].form) == 0)
			json_object_set_new(p, forms[i].key, json_string(forms[i].value));
	return p;
}

static json_t *
number_schema(const Vouch__Bound *b)
{
	json_t *p = json_pack("{s:s}", "type", "integer");

	if (b->max > 0) {
		json_object_set_new(p, "minimum", json_integer(b->min));
		json_object_set_new(p, "maximum", json_integer(b->max));
	}
	return p;
}

static json_t *
value_schema(const Field *f, const Vouch__Bound *b)
{
	switch (f->type) {
	case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_STRING:
		return text_schema(b);
	case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_BOOL:
		return json_pack("{s:s}", "type", "boolean");
	case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_DOUBLE:
		return json_pack("{s:s}", "type", "number");
	case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_ENUM:
		return words(f->type_name);
	case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_MESSAGE:
		if (strcmp(plain(f->type_name), "Timestamp") == 0)
			return json_pack("{s:s, s:s}", "type", "string", "format", "date-time");
		return json_pack(
		    "{s:o}", "$ref", json_sprintf("#/components/schemas/%s", plain(f->type_name)));
	default:
		return number_schema(b);
	}
}

static json_t *
field_schema(const Field *f, const Vouch__Bound *b)
{
	json_t *p;

	if (f->label != GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__LABEL__LABEL_REPEATED)
		return value_schema(f, b);
	Vouch__Bound item = *b;
	item.max = item.min = 0;
	item.required = false;
	p = json_pack("{s:s, s:o, s:i}", "type", "array", "items", value_schema(f, &item), "maxItems",
	    b->max ? b->max : 1000);
	if (b->min > 0)
		json_object_set_new(p, "minItems", json_integer(b->min));
	return p;
}

static char *
trimmed(const char *text)
{
	static char out[4096];
	size_t n = 0;

	while (*text == ' ')
		text++;
	for (; *text != '\0' && n + 1 < sizeof(out); text++)
		if (*text == '\n')
			out[n++] = ' ';
		else
			out[n++] = *text;
	while (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
	return out;
}

static bool
is_asked(const Type *type)
{
	for (size_t i = 0; i < n_asked; i++)
		if (asked[i] == type)
			return true;
	return false;
}

/* Notes TYPE and what stands in it as part of what clients send. */
static void
ask(const Type *type) /* NOLINT(misc-no-recursion): protogen refuses messages deeper than 16 */
{
	if (is_asked(type))
		return;
	if (n_asked == MESSAGES_MAX)
		die("more than %d messages", MESSAGES_MAX);
	asked[n_asked++] = type;
	for (size_t i = 0; i < type->n_field; i++)
		if (type->field[i]->type == GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_MESSAGE &&
		    strcmp(plain(type->field[i]->type_name), "Timestamp") != 0 &&
		    !is_hidden(bound_of(type->field[i])))
			ask(type_of(type->field[i]->type_name));
}

void
openapi_open(const Set *all)
{
	set = all;
	paths = json_object();
	schemas = json_object();
	for (size_t i = 0; i < all->n_file; i++)
		for (size_t j = 0; j < all->file[i]->n_service; j++)
			for (size_t k = 0; k < all->file[i]->service[j]->n_method; k++) {
				const Method *m = all->file[i]->service[j]->method[k];
				const Vouch__Rule *rule = option(
				    (ProtobufCMessage *)m->options, 50001, &vouch__rule__descriptor);

				if (rule != NULL && rule->http != NULL && rule->http[0] != '\0')
					ask(type_of(m->input_type));
			}
}

static bool
in_path(const char *path, const char *field)
{
	char mark[140];

	snprintf(mark, sizeof(mark), "{%s}", field);
	return strstr(path, mark) != NULL;
}

/* "/submissions/{evidence_id}" -> "/submissions/{evidenceId}" */
static void
camel_path(char *out, size_t size, const char *path)
{
	size_t n = 0;

	for (; *path != '\0' && n + 2 < size; path++)
		out[n++] = (char)(*path == '_' ? toupper((unsigned char)*++path) : *path);
	out[n] = '\0';
}

static json_t *
header_parameter(const char *name, bool required, const char *text)
{
	return json_pack("{s:s, s:s, s:b, s:s, s:{s:s}}", "name", name, "in", "header", "required", required,
	    "description", text, "schema", "type", "string");
}

static json_t *
parameters(const Method *m, const Vouch__Rule *rule, const char *verb, const char *path)
{
	const Type *in = type_of(m->input_type);
	bool no_body = strcmp(verb, "GET") == 0 || strcmp(verb, "DELETE") == 0;
	json_t *list = json_array();

	for (size_t i = 0; i < in->n_field; i++) {
		const Field *f = in->field[i];
		const Vouch__Bound *b = bound_of(f);
		bool inside = in_path(path, f->name);

		if (!inside && (!no_body || is_hidden(b)))
			continue;
		json_t *schema = field_schema(f, b);
		if (strcmp(f->name, "limit") == 0) { /* rows of a page */
			json_object_set_new(schema, "minimum", json_integer(1));
			json_object_set_new(schema, "default", json_integer(25));
		}
		json_array_append_new(list,
		    json_pack("{s:s, s:s, s:b, s:o}", "name", camel(f->name), "in", inside ? "path" : "query",
			"required", inside || b->required, "schema", schema));
	}
	if (rule->if_match != VOUCH__MATCH__MATCH_NONE)
		json_array_append_new(list,
		    header_parameter("If-Match", rule->if_match == VOUCH__MATCH__MATCH_REQUIRED,
			"the version that the change starts from"));
	if (rule->writes && strcmp(verb, "POST") == 0)
		json_array_append_new(list,
		    header_parameter("Idempotency-Key", rule->key,
			"any string of up to 64 bytes; the same key with the same body gives the first answer again"));
	return list;
}

/* What a yes can be sent as: JSON, and each field that is a representation of its own. */
static json_t *
representations(const Type *out)
{
	json_t *all = json_object();
	bool has_others = false;

	for (size_t i = 0; i < out->n_field; i++) {
		const Vouch__Bound *b = bound_of(out->field[i]);

		if (b->as == NULL || b->as[0] == '\0')
			has_others |= !is_hidden(b);
		else
			json_object_set_new(all, b->as,
			    json_pack("{s:o}", "schema",
				b->raw ? json_pack("{s:s}", "type", "object") :
					 json_pack("{s:s}", "type", "string")));
	}
	if (has_others || json_object_size(all) == 0)
		json_object_set_new(all, "application/json",
		    json_pack(
			"{s:{s:o}}", "schema", "$ref", json_sprintf("#/components/schemas/%s", out->name)));
	return all;
}

static json_t *
responses(const Method *m, const Vouch__Rule *rule)
{
	char status[12];
	json_t *all = json_object(), *yes = json_pack("{s:s}", "description", "done");

	snprintf(status, sizeof(status), "%u", rule->success ? rule->success : 200);
	if (rule->serves)
		json_object_set_new(yes, "content",
		    json_pack("{s:{s:{s:s, s:s}}}", "application/octet-stream", "schema", "type", "string",
			"contentMediaType", "application/octet-stream"));
	else if (rule->success != 204)
		json_object_set_new(yes, "content", representations(type_of(m->output_type)));
	json_object_set_new(all, status, yes);
	json_object_set_new(all, "default", json_pack("{s:s}", "$ref", "#/components/responses/Problem"));
	return all;
}

void
openapi_route(const File *file, const char *service, const Method *m, const Vouch__Rule *rule,
    const char *verb, const char *path, const char *text)
{
	char key[256], small[8] = "", id[128];
	json_t *at, *op;
	bool open = false;

	camel_path(key, sizeof(key), path);
	for (size_t i = 0; verb[i] != '\0' && i < 7; i++)
		small[i] = (char)tolower((unsigned char)verb[i]);
	at = json_object_get(paths, key);
	if (at == NULL)
		json_object_set_new(paths, key, at = json_object());
	if (json_object_get(at, small) != NULL)
		die("%s: %s.%s: %s is taken", file->name, service, m->name, rule->http);
	for (size_t i = 0; i < rule->n_may; i++)
		open |= rule->may[i] == VOUCH__ROLE__ANYONE;
	snprintf(id, sizeof(id), "%s%s", service, m->name);
	op = json_pack("{s:s, s:s, s:[s], s:o, s:o}", "operationId", id, "summary", trimmed(text), "tags",
	    service, "parameters", parameters(m, rule, verb, path), "responses", responses(m, rule));
	if (strcmp(verb, "POST") == 0 || strcmp(verb, "PUT") == 0) {
		json_t *content = json_pack("{s:{s:{s:o}}}", "application/json", "schema", "$ref",
		    json_sprintf("#/components/schemas/%s", plain(m->input_type)));

		if (rule->upload)
			json_object_set_new(content, "multipart/form-data",
			    json_pack("{s:{s:s, s:{s:{s:s, s:s}, s:{s:s}}}}", "schema", "type", "object",
				"properties", "file", "type", "string", "contentMediaType",
				"application/octet-stream", "title", "type", "string"));
		json_object_set_new(op, "requestBody", json_pack("{s:o}", "content", content));
	}
	if (open)
		json_object_set_new(op, "security", json_pack("[{}]"));
	if (rule->root)
		json_object_set_new(op, "servers", json_pack("[{s:s}]", "url", "/"));
	json_object_set_new(at, small, op);
}

/* Does an answer always have it? Records that are not there are left out, and so is what is marked "absent". */
static bool
is_always_there(const Field *f, const Vouch__Bound *b)
{
	return !b->absent && !b->raw &&
	    (f->label == GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__LABEL__LABEL_REPEATED ||
		f->type != GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_MESSAGE);
}

void
openapi_schema(const File *file, size_t message)
{
	const Type *type = file->message_type[message];
	json_t *properties = json_object(), *required = json_array(), *schema;

	for (size_t i = 0; i < type->n_field; i++) {
		const Vouch__Bound *b = bound_of(type->field[i]);
		const char *text = comment(file, (int[]){4, (int)message, 2, (int)i}, 4);
		json_t *p;

		if (is_hidden(b))
			continue;
		p = field_schema(type->field[i], b);
		if (text[0] != '\0')
			json_object_set_new(p, "description", json_string(trimmed(text)));
		json_object_set_new(properties, camel(type->field[i]->name), p);
		if (b->required || (!is_asked(type) && is_always_there(type->field[i], b)))
			json_array_append_new(required, json_string(camel(type->field[i]->name)));
	}
	schema = json_pack("{s:s, s:o}", "type", "object", "properties", properties);
	if (json_array_size(required) > 0)
		json_object_set_new(schema, "required", required);
	if (comment(file, (int[]){4, (int)message}, 2)[0] != '\0')
		json_object_set_new(
		    schema, "description", json_string(trimmed(comment(file, (int[]){4, (int)message}, 2))));
	json_object_set_new(schemas, type->name, schema);
}

/* A line for each member of what they make. */
/* clang-format off */

static json_t *
problem_schema(void)
{
	return json_pack("{s:s, s:[s,s,s,s], s:{s:{s:s}, s:{s:s}, s:{s:s}, s:{s:s}, s:{s:s},"
	    " s:{s:s, s:{s:s, s:[s,s,s], s:{s:{s:s}, s:{s:s}, s:{s:s}}}}, s:{s:s}}}",
	    "type", "object",
	    "required", "type", "title", "status", "detail",
	    "properties", "type", "type", "string",
	    "title", "type", "string",
	    "status", "type", "integer",
	    "detail", "type", "string",
	    "trace", "type", "string",
	    "errors", "type", "array", "items", "type", "object", "required", "field", "rule", "message",
	    "properties", "field", "type", "string", "rule", "type", "string", "message", "type", "string",
	    "current", "description", "the record as it is, when another state or version stood in the way");
}

/* What the gateway answers by itself: it is no rpc. */
static json_t *
events_operation(void)
{
	return json_pack("{s:s, s:s, s:[s], s:[o], s:{s:{s:s, s:{s:{s:{s:s}}}}, s:{s:s}}}",
	    "operationId", "Events",
	    "summary", "Live changes as server-sent events, each with an id.",
	    "tags", "Notifications",
	    "parameters", header_parameter("Last-Event-ID", false,
	    "the id of the last event that was heard: those since come first"),
	    "responses", "200", "description", "a stream that stays open",
	    "content", "text/event-stream", "schema", "type", "string",
	    "default", "$ref", "#/components/responses/Problem");
}

static json_t *
document_of(json_t *all_paths, json_t *all_schemas)
{
	return json_pack("{s:s, s:{s:s, s:s, s:s, s:{s:s, s:s}}, s:[{s:s}], s:[{s:[]}, {s:[]}], s:o, s:{s:o, s:o, s:o}}",
	    "openapi", "3.1.0",
	    "info", "title", "Vouch", "version", "1", "description", "Micro-credentials: find, prove, review, award.",
	    "license", "name", "Apache-2.0", "identifier", "Apache-2.0",
	    "servers", "url", "/api/v1",
	    "security", "session", "token",
	    "paths", all_paths,
	    "components", "schemas", all_schemas,
	    "responses", json_pack("{s:{s:s, s:{s:{s:{s:s}}}}}", "Problem", "description", "refused (RFC 9457)",
	    "content", "application/problem+json", "schema", "$ref", "#/components/schemas/ProblemDetails"),
	    "securitySchemes", json_pack("{s:{s:s, s:s, s:s}, s:{s:s, s:s}}",
	    "session", "type", "apiKey", "in", "cookie", "name", "vouch_session",
	    "token", "type", "http", "scheme", "bearer"));
}

/* clang-format on */

void
openapi_close(const char *dir)
{
	char name[512];
	json_t *document;

	json_object_set_new(schemas, "ProblemDetails", problem_schema());
	json_object_set_new(paths, "/events", json_pack("{s:o}", "get", events_operation()));
	document = document_of(paths, schemas);
	if (document == NULL)
		die("the OpenAPI document is malformed");
	snprintf(name, sizeof(name), "%s/openapi.json", dir);
	if (json_dump_file(document, name, JSON_INDENT(1)) != 0)
		die("cannot write %s", name);
}
