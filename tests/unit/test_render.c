/*
 * A reply's JSON, written without a tree (render.h), is what json_from() gives: for
 * every message there is.
 */
// links: gateway_service
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arena.h"
#include "common.pb-c.h"
#include "credential.pb-c.h"
#include "field.h"
#include "google/protobuf/timestamp.pb-c.h"
#include "json.h"
#include "render.h"

enum { DEPTH_MAX = 6, ITEMS_MAX = 3 };

/* A small generator of its own, so that a failure can be seen again. */
static uint32_t
draw(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static char *
draw_text(struct arena *arena, uint32_t *seed, bool raw)
{
	static const char *const texts[] = {"", "plain", "with \"quotes\" and \\ and /", "a\tb\nc\rd\be\ff",
		"\x01\x1f\x7f", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x99\x82", "<b>&</b>\xe2\x80\xa8",
		"0123456789012345678901234567890123456789"};
	static const char *const raws[] = {
		"", "{}", "[1,2.5,{\"a\":null}]", " { \"b\" : \"\\u00e9\" } ", "true"};
	const char *s = raw ? raws[draw(seed) % 5] : texts[draw(seed) % 8];

	return arena_dup(arena, s, strlen(s));
}

static void fill(struct arena *arena, ProtobufCMessage *m, uint32_t *seed, int depth);

static ProtobufCMessage *
draw_message(struct arena *arena, const ProtobufCMessageDescriptor *type, uint32_t *seed, int depth)
{
	ProtobufCMessage *m = arena_alloc(arena, type->sizeof_message);

	protobuf_c_message_init(type, m);
	fill(arena, m, seed, depth + 1);
	return m;
}

static void
draw_value(
    struct arena *arena, const ProtobufCFieldDescriptor *f, bool raw, void *p, uint32_t *seed, int depth)
{
	static const int64_t numbers[] = {0, 1, -1, 42, INT32_MAX, INT32_MIN, 7, 1000000};
	static const double reals[] = {0, 1, -1.5, 0.1, 1e21, 1e-7, 10, 123456.789};
	const ProtobufCEnumDescriptor *e;

	switch (f->type) {
	case PROTOBUF_C_TYPE_STRING:
		*(char **)p = draw_text(arena, seed, raw);
		break;
	case PROTOBUF_C_TYPE_BOOL:
		*(protobuf_c_boolean *)p = (protobuf_c_boolean)(draw(seed) % 2);
		break;
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
		*(int64_t *)p = draw(seed) % 5 == 0 ? INT64_MIN : numbers[draw(seed) % 8] * 1000003;
		break;
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
		*(uint64_t *)p = (uint64_t)draw(seed) * 1000003;
		break;
	case PROTOBUF_C_TYPE_FLOAT:
		*(float *)p = (float)reals[draw(seed) % 8];
		break;
	case PROTOBUF_C_TYPE_DOUBLE:
		*(double *)p = reals[draw(seed) % 8];
		break;
	case PROTOBUF_C_TYPE_ENUM:
		e = f->descriptor;
		*(int *)p = draw(seed) % 9 == 0 ? 9999 : e->values[draw(seed) % e->n_values].value;
		break;
	case PROTOBUF_C_TYPE_BYTES:
		((ProtobufCBinaryData *)p)->len = draw(seed) % 8;
		((ProtobufCBinaryData *)p)->data = (uint8_t *)arena_dup(arena, "\x00\xff\x10yyyyy", 8);
		break;
	case PROTOBUF_C_TYPE_MESSAGE:
		*(ProtobufCMessage **)p = draw_message(arena, f->descriptor, seed, depth);
		break;
	default:
		*(int32_t *)p = (int32_t)numbers[draw(seed) % 8];
		break;
	}
}

static void
fill(struct arena *arena, ProtobufCMessage *m, uint32_t *seed, int depth)
{
	const struct bound *bounds = bounds_of(m->descriptor);

	if (m->descriptor == &google__protobuf__timestamp__descriptor) {
		((Google__Protobuf__Timestamp *)m)->seconds = 1795622400 + draw(seed);
		((Google__Protobuf__Timestamp *)m)->nanos = draw(seed) % 2 == 0 ? 0 : 123456000;
		return;
	}
	for (unsigned i = 0; i < m->descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *f = &m->descriptor->fields[i];
		void *p = (char *)m + f->offset;
		size_t n = draw(seed) % (ITEMS_MAX + 1);

		if (depth > DEPTH_MAX || draw(seed) % 4 == 0)
			continue;
		if (f->label != PROTOBUF_C_LABEL_REPEATED) {
			draw_value(arena, f, bounds[i].raw, p, seed, depth);
			continue;
		}
		*(size_t *)((char *)m + f->quantifier_offset) = n;
		*(void **)p = arena_alloc(arena, n * field_size(f) + 1);
		for (size_t k = 0; k < n; k++)
			draw_value(arena, f, bounds[i].raw, *(char **)p + k * field_size(f), seed, depth);
	}
}

static void
every_message_is_written_as_json_from_does(void **state)
{
	size_t n = 0;

	(void)state;
	for (const struct message_bounds *b = message_bounds; b->type != NULL; b++)
		for (uint32_t round = 0; round < 12; round++) {
			uint32_t seed = round * 7919 + (uint32_t)n;
			struct arena arena = {0};
			ProtobufCMessage *m = arena_alloc(&arena, b->type->sizeof_message);
			json_t *json;
			char *expected, *text;
			size_t len = 0;

			protobuf_c_message_init(b->type, m);
			fill(&arena, m, &seed, round == 0 ? DEPTH_MAX + 1 : 0);
			json = json_from(m, false);
			expected = json != NULL ? json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(15)) :
						  NULL;
			text = render_json(m, &len);
			if (expected == NULL || text == NULL || strcmp(text, expected) != 0 ||
			    strlen(text) != len)
				fail_msg("%s, round %u:\n%s\n%s", b->type->name, round,
				    expected != NULL ? expected : "nothing", text != NULL ? text : "nothing");
			free(text);
			free(expected);
			json_decref(json);
			arena_reset(&arena);
			n++;
		}
	assert_true(n > 1000);
}

static void
what_has_no_json_is_not_written(void **state)
{
	Vouch__Credential raw = VOUCH__CREDENTIAL__INIT;
	Vouch__Problem bad = VOUCH__PROBLEM__INIT;
	Google__Protobuf__Timestamp never = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
	size_t len;

	(void)state;
	bad.rule = "\xff";
	assert_null(render_json(&bad.base, &len));
	bad.rule = "a\"\xc3";
	assert_null(render_json(&bad.base, &len));
	raw.document = "{} , \"x\": 1";
	assert_null(render_json(&raw.base, &len));
	raw.document = "";
	never.seconds = INT64_MAX;
	raw.issued_at = &never;
	assert_null(render_json(&raw.base, &len));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_message_is_written_as_json_from_does),
		cmocka_unit_test(what_has_no_json_is_not_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
