/*
 * protogen: writes what protobuf-c does not.
 *
 *	protogen OUT < descriptor-set
 *
 * protobuf-c drops options and comments; protoc keeps both in its descriptor
 * set. From it come, for every rpc: a constant struct rpc (who may call, which
 * route, how long), a prototype for its handler and a thunk for the
 * dispatcher; for every message: the bounds of its fields; and the OpenAPI
 * document (openapi.c). An rpc without a rule, two rpcs on one route or a
 * message that contains itself stop the build here.
 */
#include "protogen.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FILE *header, *table;

void
die(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	fputs("protogen: ", stderr);
	vfprintf(stderr, format, ap);
	fputc('\n', stderr);
	va_end(ap);
	exit(1);
}

const char *
snake(const char *name)
{
	static char ring[8][128];
	static int turn;
	char *out = ring[turn++ & 7], *p = out;

	for (const char *s = name; *s != '\0' && p < out + 126; s++) {
		if (isupper((unsigned char)*s) && s > name && !isupper((unsigned char)s[-1]))
			*p++ = '_';
		*p++ = (char)tolower((unsigned char)*s);
	}
	*p = '\0';
	return out;
}

const char *
camel(const char *name)
{
	static char ring[8][128];
	static int turn;
	char *out = ring[turn++ & 7], *p = out;

	for (const char *s = name; *s != '\0' && p < out + 126; s++)
		*p++ = (char)(*s == '_' && s[1] != '\0' ? toupper((unsigned char)*++s) : *s);
	*p = '\0';
	return out;
}

const char *
plain(const char *type)
{
	const char *dot = strrchr(type, '.');

	return dot == NULL ? type : dot + 1;
}

void *
option(const ProtobufCMessage *options, unsigned number, const ProtobufCMessageDescriptor *type)
{
	for (unsigned i = 0; options != NULL && i < options->n_unknown_fields; i++) {
		const ProtobufCMessageUnknownField *f = &options->unknown_fields[i];
		size_t skip = 0;

		if (f->tag != number)
			continue;
		while (f->data[skip++] & 0x80) /* the length in front */
			;
		return protobuf_c_message_unpack(type, NULL, f->len - skip, f->data + skip);
	}
	return NULL;
}

const char *
comment(const File *file, const int *path, size_t n)
{
	const Google__Protobuf__SourceCodeInfo *info = file->source_code_info;

	for (size_t i = 0; info != NULL && i < info->n_location; i++) {
		const Google__Protobuf__SourceCodeInfo__Location *l = info->location[i];

		if (l->n_path != n || memcmp(l->path, path, n * sizeof(int)) != 0)
			continue;
		if (l->leading_comments != NULL && l->leading_comments[0] != '\0')
			return l->leading_comments;
		return l->trailing_comments != NULL ? l->trailing_comments : "";
	}
	return "";
}

static const char *
string(const char *s)
{
	return s != NULL ? s : "";
}

static void
rpc(const File *file, const char *service, const Method *m, const char *stem, const char *text)
{
	static int index;
	Vouch__Rule *rule = option((ProtobufCMessage *)m->options, 50001, &vouch__rule__descriptor);
	const char *s = snake(service), *n = snake(m->name), *in = plain(m->input_type),
		   *out = plain(m->output_type);
	const char *path;
	char verb[8] = "";
	unsigned may = 0;

	if (rule == NULL || rule->n_may == 0)
		die("%s: %s.%s says nobody may call it", file->name, service, m->name);
	for (size_t i = 0; i < rule->n_may; i++)
		may |= 1u << rule->may[i];
	path = strchr(rule->http, ' ');
	if (path != NULL)
		snprintf(verb, sizeof(verb), "%.*s", (int)(path++ - rule->http), rule->http);
	else
		path = "";
	if (strcmp(verb, "GET") == 0 && rule->writes)
		die("%s: %s.%s: a GET must not write (RFC 9110, 9.2.1)", file->name, service, m->name);
	if (verb[0] != '\0')
		openapi_route(file, service, m, rule, verb, path, text);
	fprintf(header, "/* %s */\nextern const struct rpc rpc_%s_%s;\n", text, s, n);
	fprintf(header, "bool %s_%s(struct call *call, const Vouch__%s *req, Vouch__%s *rep);\n\n", s, n, in,
	    out);
	fprintf(table,
	    "const struct rpc rpc_%s_%s = {\n\t.service = \"%s\", .name = \"%s.%s\", .index = %d,\n"
	    "\t.in = &vouch__%s__descriptor, .out = &vouch__%s__descriptor,\n"
	    "\t.may = 0x%xu, .verb = \"%s\", .path = \"%s\", .issuer = \"%s\",\n"
	    "\t.writes = %d, .key = %d, .across = %d, .slow = %d, .upload = %d, .serves = %d, .root = %d,\n"
	    "\t.if_match = %d, .deadline_ms = %u, .success = %u,\n};\n",
	    s, n, stem, service, m->name, index++, snake(in), snake(out), may, verb, path,
	    string(rule->issuer), rule->writes, rule->key, rule->across, rule->slow, rule->upload,
	    rule->serves, rule->root, (int)rule->if_match, rule->deadline_ms ? rule->deadline_ms : 5000,
	    rule->success ? rule->success : 200);
}

static int
by_number(const void *a, const void *b)
{
	return (*(Field *const *)a)->number - (*(Field *const *)b)->number;
}

/* The bounds of one message, in the order of protobuf-c's own fields[]. */
static void
bounds(const Type *type)
{
	Field *fields[128];

	if (type->n_field > 128)
		die("%s has more than 128 fields", type->name);
	memcpy(fields, type->field, type->n_field * sizeof(*fields));
	qsort(fields, type->n_field, sizeof(*fields), by_number);
	fprintf(table, "static const struct bound %s_bounds[] = {\n", snake(type->name));
	for (size_t i = 0; i < type->n_field; i++) {
		static const Vouch__Bound none = VOUCH__BOUND__INIT;
		const Vouch__Bound *b = option(
		    (ProtobufCMessage *)fields[i]->options, 50002, &vouch__bound__descriptor);

		if (b == NULL)
			b = &none;
		fprintf(table,
		    "\t{.json = \"%s\", .required = %d, .max = %u, .min = %u, .form = \"%s\", .absent = %d, "
		    ".inner = %d, .cookie = %d, .session = %d, .etag = %d, .raw = %d, .as = \"%s\", .suffix = \"%s\", "
		    ".source = \"%s\"},\n",
		    camel(fields[i]->name), b->required, b->max, b->min, string(b->form), b->absent, b->inner,
		    b->cookie, b->session, b->etag, b->raw, string(b->as), string(b->suffix),
		    string(b->source));
	}
	fprintf(table, "\t{0},\n};\n");
}

static FILE *
create(const char *dir, const char *name)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	if (f == NULL)
		die("cannot write %s", path);
	fprintf(f, "/* Written by protogen. */\n");
	return f;
}

static void
services(const char *dir, const File *file)
{
	char name[128], stem[64];
	FILE *serve;

	snprintf(stem, sizeof(stem), "%.*s", (int)(strlen(file->name) - 6), file->name);
	snprintf(name, sizeof(name), "%s.rpc.h", stem);
	header = create(dir, name);
	fprintf(header, "#ifndef %s_RPC_H\n#define %s_RPC_H\n#include \"call.h\"\n#include \"%s.pb-c.h\"\n\n",
	    stem, stem, stem);
	snprintf(name, sizeof(name), "%s.serve.c", stem);
	serve = create(dir, name);
	fprintf(serve, "#include \"%s.rpc.h\"\n\n", stem);
	for (size_t j = 0; j < file->n_service; j++) {
		const Google__Protobuf__ServiceDescriptorProto *s = file->service[j];

		for (size_t k = 0; k < s->n_method; k++) {
			const Method *m = s->method[k];

			rpc(file, s->name, m, stem, comment(file, (int[]){6, (int)j, 2, (int)k}, 4));
			fprintf(serve,
			    "static bool\nrun_%s_%s(struct call *call, const void *req, void *rep)\n"
			    "{\n\treturn %s_%s(call, req, rep);\n}\n\n",
			    snake(s->name), snake(m->name), snake(s->name), snake(m->name));
		}
	}
	fprintf(header, "extern const struct handler %s_handlers[];\t/* ends with {0} */\n#endif\n", stem);
	fprintf(serve, "const struct handler %s_handlers[] = {\n", stem);
	for (size_t j = 0; j < file->n_service; j++)
		for (size_t k = 0; k < file->service[j]->n_method; k++)
			fprintf(serve, "\t{&rpc_%s_%s, run_%s_%s},\n", snake(file->service[j]->name),
			    snake(file->service[j]->method[k]->name), snake(file->service[j]->name),
			    snake(file->service[j]->method[k]->name));
	fprintf(serve, "\t{0},\n};\n");
	fclose(header);
	fclose(serve);
}

static const Type *
find_type(const Set *set, const char *name)
{
	for (size_t i = 0; i < set->n_file; i++)
		for (size_t j = 0; j < set->file[i]->n_message_type; j++)
			if (strcmp(set->file[i]->message_type[j]->name, plain(name)) == 0)
				return set->file[i]->message_type[j];
	return NULL;
}

/* protobuf-c unpacks without a limit of depth: no message may contain itself. */
static void
refuse_recursion(const Set *set, const Type *type, int depth) /* NOLINT(misc-no-recursion): 16 deep at most */
{
	if (depth > 16)
		die("%s is recursive, or deeper than 16", type->name);
	for (size_t i = 0; i < type->n_field; i++) {
		const Type *inner = type->field[i]->type_name != NULL ?
		    find_type(set, type->field[i]->type_name) :
		    NULL;

		if (inner != NULL &&
		    type->field[i]->type == GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_MESSAGE)
			refuse_recursion(set, inner, depth + 1);
	}
}

static bool
is_ours(const File *file)
{
	return file->package != NULL && strcmp(file->package, "vouch") == 0;
}

static void
tables(const Set *set)
{
	for (size_t i = 0; i < set->n_file; i++)
		for (size_t j = 0; is_ours(set->file[i]) && j < set->file[i]->n_message_type; j++) {
			refuse_recursion(set, set->file[i]->message_type[j], 0);
			bounds(set->file[i]->message_type[j]);
			openapi_schema(set->file[i], j);
		}
	fprintf(table, "const struct rpc *const rpcs[] = {\n");
	for (size_t i = 0; i < set->n_file; i++)
		for (size_t j = 0; j < set->file[i]->n_service; j++)
			for (size_t k = 0; k < set->file[i]->service[j]->n_method; k++)
				fprintf(table, "\t&rpc_%s_%s,\n", snake(set->file[i]->service[j]->name),
				    snake(set->file[i]->service[j]->method[k]->name));
	fprintf(table, "\tNULL,\n};\nconst struct message_bounds message_bounds[] = {\n");
	for (size_t i = 0; i < set->n_file; i++)
		for (size_t j = 0; is_ours(set->file[i]) && j < set->file[i]->n_message_type; j++)
			fprintf(table, "\t{&vouch__%s__descriptor, %s_bounds},\n",
			    snake(set->file[i]->message_type[j]->name),
			    snake(set->file[i]->message_type[j]->name));
	fprintf(table, "\t{0},\n};\n");
}

int
main(int argc, char **argv)
{
	static uint8_t data[8 << 20];
	size_t n = fread(data, 1, sizeof(data), stdin);
	Set *set = google__protobuf__file_descriptor_set__unpack(NULL, n, data);

	if (argc != 2 || set == NULL)
		die("usage: protogen OUT < descriptor-set");
	openapi_open(set);
	table = create(argv[1], "rpcs.c");
	fprintf(table, "#include \"rpc.h\"\n");
	for (size_t i = 0; i < set->n_file; i++)
		if (is_ours(set->file[i]))
			fprintf(table, "#include \"%.*s.pb-c.h\"\n", (int)(strlen(set->file[i]->name) - 6),
			    set->file[i]->name);
	for (size_t i = 0; i < set->n_file; i++)
		if (is_ours(set->file[i]) && set->file[i]->n_service > 0)
			services(argv[1], set->file[i]);
	tables(set);
	openapi_close(argv[1]);
	return fclose(table) != 0;
}
