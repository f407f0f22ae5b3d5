/*
 * fuzz_request.c: any bytes as the head of a request, and as a form. Whatever
 * the guard lets in keeps its promises: a path without dots, controls and
 * broken text, one length, and an answer of the route's tree. The first byte
 * chooses: a head (even) or a form in pieces (odd).
 */
// links: gateway_service
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "guard.h"
#include "header.h"
#include "multipart.h"
#include "origin.h"
#include "route.h"
#include "rpc.h"
#include "upload.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct routes *
all_routes(void)
{
	static const char *const suffixes[] = {"jwt", "jsonld", NULL};
	static struct routes *routes;

	if (routes != NULL)
		return routes;
	routes = routes_open();
	for (int i = 0; rpcs[i] != NULL; i++)
		if (rpcs[i]->verb[0] != '\0')
			routes_add(routes, rpcs[i]->verb, rpcs[i]->root ? "" : "/api/v1", rpcs[i]->path,
			    suffixes, rpcs[i]);
	return routes;
}

static void
expect(bool holds)
{
	if (!holds)
		abort();
}

static void
walk(const char *method, const char *target)
{
	char *path = strdup(target), *question = strchr(path, '?'), *rest = NULL, *name, *value;
	struct route_match match;
	struct path split;

	if (question != NULL) {
		*question = '\0';
		rest = question + 1;
	}
	expect(path[0] == '/');
	if (path_split(path, &split)) {
		for (size_t i = 0; i < split.n; i++) {
			const char *s = split.segments[i];

			expect(guard_utf8(s, strlen(s)) && strcmp(s, ".") != 0 && strcmp(s, "..") != 0 &&
			    strchr(s, '/') == NULL);
			for (; *s != '\0'; s++)
				expect((unsigned char)*s >= 0x20 && *s != 0x7f);
		}
		if (route_find(all_routes(), method, &split, &match) == ROUTE_FOUND)
			for (int i = 0; i < match.n_vars; i++)
				expect(match.vars[i].value[0] != '\0');
	}
	while (query_next(&rest, &name, &value))
		expect(guard_utf8(name, strlen(name)) && guard_utf8(value, strlen(value)));
	free(path);
}

/* The values of headers that were let in, as those who use them see them. */
static void
read_values(const struct head *head)
{
	static const char *const types[] = {"application/json", "application/vc+jwt"};
	const char *const *known = head->known;
	uint64_t first = 0, length = 0;
	int64_t version = 0;
	char out[100];
	size_t len = 0;
	const char *cookie = cookie_find(known[KNOWN_COOKIE], "vouch_session", &len);
	int picked = accept_pick(known[KNOWN_ACCEPT], types, 2);

	expect(cookie == NULL || cookie + len <= known[KNOWN_COOKIE] + strlen(known[KNOWN_COOKIE]));
	expect(picked >= -1 && picked < 2);
	if (if_match_read(known[KNOWN_IF_MATCH], &version) == MATCH_VERSION)
		expect(version >= 0 && version <= INT64_C(1) << 53);
	if (range_read(known[KNOWN_RANGE], 1000, &first, &length) == RANGE_PART)
		expect(length > 0 && first + length <= 1000);
	(void)etag_listed(known[KNOWN_IF_NONE_MATCH], "\"5\"");
	(void)bearer_read(known[KNOWN_AUTHORIZATION]);
	(void)origin_of(
	    known[KNOWN_ORIGIN], known[KNOWN_SEC_FETCH_SITE], known[KNOWN_HOST], "https://vouch.example");
	if (known[KNOWN_CONTENT_TYPE] != NULL &&
	    media_type_parameter(known[KNOWN_CONTENT_TYPE], "boundary", out, sizeof(out)))
		expect(out[0] != '\0' && strlen(out) < sizeof(out));
	if (forwarded_read(known[KNOWN_FORWARDED_FOR], 2, out, sizeof(out)))
		expect(out[0] != '\0');
}

/* "METHOD target version", then "name:value" lines. */
static void
fuzz_head(char *text)
{
	struct head head = {0};
	char *rest = text, *line = strsep(&rest, "\n"), *method = strsep(&line, " "),
	     *target = strsep(&line, " ");
	const char *version = line != NULL ? line : "HTTP/1.1";
	bool ok = true;

	if (target == NULL)
		return;
	if (guard_line(method, target, version).detail == NULL)
		walk(method, target);
	while ((line = strsep(&rest, "\n")) != NULL) {
		char *colon = strchr(line, ':');

		if (colon != NULL)
			ok = guard_header(&head, line, (size_t)(colon - line), colon + 1, strlen(colon + 1))
				    .detail == NULL &&
			    ok;
	}
	if (!ok)
		return;
	if (guard_head(&head, method, version).detail == NULL) {
		expect(!(head.chunked && head.has_length));
		expect(strcmp(method, "GET") != 0 || (!head.chunked && head.content_length == 0));
	}
	read_values(&head);
}

static bool
begin(void *arg, const struct multipart_part *part)
{
	char name[256];

	(void)arg;
	expect(part->name[0] != '\0' && strlen(part->name) < sizeof(part->name));
	file_name_clean(part->file_name, name);
	expect(name[0] != '\0' && strpbrk(name, "/\\\r\n") == NULL && guard_utf8(name, strlen(name)));
	return true;
}

static bool
take(void *arg, const char *data, size_t len)
{
	uint32_t *sum = arg;

	for (size_t i = 0; i < len; i++)
		*sum = *sum * 31 + (unsigned char)data[i];
	return true;
}

static bool
end(void *arg)
{
	*(uint32_t *)arg += 1;
	return true;
}

/* In one piece and byte by byte: the same in the end. */
static void
fuzz_form(const char *data, size_t size)
{
	static const struct multipart_calls calls = {begin, take, end};
	static struct multipart whole, pieces;
	uint32_t sum = 0, sum_of_pieces = 0;
	bool ok, ok_of_pieces = true;

	multipart_start(&whole, "x", &calls, &sum);
	multipart_start(&pieces, "x", &calls, &sum_of_pieces);
	ok = multipart_push(&whole, data, size);
	for (size_t i = 0; i < size && ok_of_pieces; i++)
		ok_of_pieces = multipart_push(&pieces, data + i, 1);
	expect(ok == ok_of_pieces);
	expect(!ok || (sum == sum_of_pieces && multipart_complete(&whole) == multipart_complete(&pieces)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text;

	if (size == 0)
		return 0;
	text = strndup((const char *)data + 1, size - 1);
	if (data[0] % 2 == 0)
		fuzz_head(text);
	else
		fuzz_form((const char *)data + 1, size - 1);
	free(text);
	return 0;
}
