/*
 * handlers_catalog.c: what everybody may see: search (CAT-1, CAT-2) and the
 * page of one micro-credential (CAT-4).
 */
#include <string.h>

#include "catalog.rpc.h"
#include "cursor.h"
#include "db.h"
#include "id.h"

enum { REVIEW_BUSINESS_DAYS = 14 };

/* ---- search -------------------------------------------------------------------- */

/* What a search is made of, before it is asked. */
struct search {
	const Vouch__SearchMicroCredentials *req;
	const char *sort;
	const char *after[4]; /* sort, place, issuer and id of the row before; NULL: from the start */
	char **queries;       /* one for each word that was understood */
	int64_t *weights;
	size_t n;
	bool everything; /* nothing was asked for in words */
};

static bool
is_sort(const char *sort)
{
	static const char *const sorts[] = {"relevance", "title", "newest", "effort"};

	for (size_t i = 0; i < sizeof(sorts) / sizeof(sorts[0]); i++)
		if (strcmp(sorts[i], sort) == 0)
			return true;
	return false;
}

/* Has TEXT a character that a word can hold? */
static bool
has_word(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text >= 0x80 || (*text >= '0' && *text <= '9') ||
		    ((*text | 32) >= 'a' && (*text | 32) <= 'z'))
			return true;
	return false;
}

static bool
choose_sort(struct call *call, struct search *s)
{
	s->everything = !has_word(s->req->q);
	s->sort = s->req->sort;
	if (s->sort[0] == '\0')
		s->sort = "relevance";
	if (!is_sort(s->sort)) {
		refuse(call, VOUCH__STATUS__MALFORMED, "there is no such order");
		return refuse_field(call, "sort", "word", "must be relevance, title, newest or effort");
	}
	if (s->everything && strcmp(s->sort, "relevance") == 0)
		s->sort = "title"; /* nothing to be relevant to */
	return true;
}

static bool
read_cursor(struct call *call, struct search *s)
{
	if (!cursor_read(call, s->req->cursor, s->after, 4))
		return false;
	if (s->after[0] == NULL)
		return true;
	if (strcmp(s->after[0], s->sort) != 0 || !id_is_uuid(s->after[3]))
		return refuse_field(call, "cursor", "form", "belongs to another order");
	return true;
}

static bool
read_words(struct call *call, struct search *s)
{
	Vouch__SearchWords words = VOUCH__SEARCH_WORDS__INIT;

	if (s->everything)
		return true;
	if (!db_all(call, "search_words", NULL, ARGS(TEXT("q", s->req->q)), &words.base, "words"))
		return false;
	s->queries = arena_alloc(call->arena, (words.n_words + 1) * sizeof(*s->queries));
	s->weights = arena_alloc(call->arena, (words.n_words + 1) * sizeof(*s->weights));
	if (s->queries == NULL || s->weights == NULL)
		return refuse(call, VOUCH__STATUS__INTERNAL, "the question is too large");
	for (; s->n < words.n_words; s->n++) {
		s->queries[s->n] = words.words[s->n]->query;
		s->weights[s->n] = words.words[s->n]->weight;
	}
	return true;
}

/* A value that occurs nowhere is a mistyped link, not an empty result (CAT-1). */
static bool
check_values(struct call *call, const Vouch__SearchMicroCredentials *req)
{
	Vouch__SearchUnknowns unknown = VOUCH__SEARCH_UNKNOWNS__INIT;

	if (req->n_issuer + req->n_stack + req->n_audience + req->n_topic + req->n_evidence_type == 0)
		return true;
	if (!db_all(call, "search_unknown", &req->base, NULL, &unknown.base, "items"))
		return false;
	for (size_t i = 0; i < unknown.n_items; i++) {
		refuse(
		    call, VOUCH__STATUS__MALFORMED, "a filter names a value that the catalog does not have");
		refuse_field(call, unknown.items[i]->field, "unknown", "the catalog has no \"%.60s\"",
		    unknown.items[i]->value);
	}
	return unknown.n_items == 0;
}

bool
micro_credentials_search(
    struct call *call, const Vouch__SearchMicroCredentials *req, Vouch__MicroCredentialList *rep)
{
	struct search s = {.req = req};
	int limit = cursor_limit(req->limit);

	if (!choose_sort(call, &s) || !read_cursor(call, &s) || !check_values(call, req) ||
	    !read_words(call, &s))
		return false;
	const struct arg args[] = {LIST("queries", s.queries, s.n), NUMBERS("weights", s.weights, s.n),
		BOOL("everything", s.everything), TEXT("sort", s.sort), TEXT("after", s.after[1]),
		TEXT("after_issuer", s.after[2]), TEXT("after_id", s.after[3]), INT("limit", limit + 1),
		{.name = NULL}};

	if (!db_all(call, "search_page", &req->base, args, &rep->base, "items") ||
	    !db_one(call, "search_facets", &req->base, args, &rep->base))
		return false;
	if (rep->n_items > (size_t)limit) {
		const Vouch__MicroCredentialRow *last = rep->items[--rep->n_items - 1];

		rep->next = cursor_write(
		    call, (const char *[]){s.sort, last->at, last->issuer->id, id_uuid(last->id)}, 4);
	}
	return true;
}

/* ---- one micro-credential ------------------------------------------------------- */

/* Copies every field of FROM into the field of TO that has its name and type. */
static void
copy_fields(const ProtobufCMessage *from, ProtobufCMessage *to)
{
	for (unsigned i = 0; i < from->descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *f = &from->descriptor->fields[i];
		const ProtobufCFieldDescriptor *t = protobuf_c_message_descriptor_get_field_by_name(
		    to->descriptor, f->name);
		size_t size = f->label == PROTOBUF_C_LABEL_REPEATED || f->type == PROTOBUF_C_TYPE_STRING ||
			f->type == PROTOBUF_C_TYPE_MESSAGE ?
		    sizeof(void *) :
		    f->type == PROTOBUF_C_TYPE_DOUBLE ? sizeof(double) :
							sizeof(int32_t);

		if (t == NULL || t->type != f->type || t->label != f->label)
			continue;
		memcpy((char *)to + t->offset, (const char *)from + f->offset, size);
		if (f->label == PROTOBUF_C_LABEL_REPEATED)
			memcpy((char *)to + t->quantifier_offset, (const char *)from + f->quantifier_offset,
			    sizeof(size_t));
	}
}

static bool
list_evidence_types(struct call *call, Vouch__MicroCredential *rep)
{
	rep->evidence_types = arena_alloc(
	    call->arena, (rep->n_evidence_requirements + 1) * sizeof(*rep->evidence_types));
	if (rep->evidence_types == NULL)
		return refuse(call, VOUCH__STATUS__INTERNAL, "the reply is too large");
	for (size_t i = 0; i < rep->n_evidence_requirements; i++) {
		char *type = rep->evidence_requirements[i]->evidence_type;
		size_t j = 0;

		while (j < rep->n_evidence_types && strcmp(rep->evidence_types[j], type) != 0)
			j++;
		if (j == rep->n_evidence_types)
			rep->evidence_types[rep->n_evidence_types++] = type;
	}
	return true;
}

bool
micro_credentials_get(struct call *call, const Vouch__GetMicroCredential *req, Vouch__MicroCredential *rep)
{
	Vouch__PublishedVersion row = VOUCH__PUBLISHED_VERSION__INIT;

	if (!db_one(call, "published_get", NULL, ARGS(TEXT("id", req->id)), &row.base))
		return false;
	copy_fields(&row.document->base, &rep->base);
	rep->id = row.id;
	rep->version = row.version;
	rep->state = row.state;
	rep->issuer = row.issuer;
	rep->time_zone = row.time_zone;
	rep->published_at = row.published_at;
	rep->review_business_days = REVIEW_BUSINESS_DAYS;
	return list_evidence_types(call, rep);
}
