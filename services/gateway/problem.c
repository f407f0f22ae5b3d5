#include "problem.h"

#include <stdbool.h>
#include <string.h>

static const struct problem kinds[] = {
	{400, "malformed", "The request is malformed", "", NULL, NULL, NULL},
	{401, "unauthenticated", "Sign in first", "", NULL, NULL, NULL},
	{403, "forbidden", "This is not allowed", "", NULL, NULL, NULL},
	{404, "not_found", "There is no such thing", "", NULL, NULL, NULL},
	{405, "method_not_allowed", "This address takes other methods", "", NULL, NULL, NULL},
	{406, "not_acceptable", "There is no such representation", "", NULL, NULL, NULL},
	{409, "conflict", "The record is in another state", "", NULL, NULL, NULL},
	{412, "stale", "Somebody wrote in between", "", NULL, NULL, NULL},
	{413, "too_large", "The request is too large", "", NULL, NULL, NULL},
	{414, "address_too_long", "The address is too long", "", NULL, NULL, NULL},
	{415, "wrong_type", "This type of content is not taken", "", NULL, NULL, NULL},
	{416, "range_outside", "The range lies outside the file", "", NULL, NULL, NULL},
	{417, "expectation_failed", "The expectation cannot be met", "", NULL, NULL, NULL},
	{422, "invalid", "The request breaks a rule", "", NULL, NULL, NULL},
	{428, "key_required", "A header is missing that makes this safe", "", NULL, NULL, NULL},
	{429, "rate_limited", "Too many requests", "", NULL, NULL, NULL},
	{431, "headers_too_large", "The headers are too large", "", NULL, NULL, NULL},
	{500, "internal", "A defect on our side", "", NULL, NULL, NULL},
	{503, "unavailable", "A service cannot answer at the moment", "", NULL, NULL, NULL},
	{504, "timeout", "A service did not answer in time", "", NULL, NULL, NULL},
	{505, "version_not_spoken", "This version of HTTP is not spoken here", "", NULL, NULL, NULL},
};

struct problem
problem_http(int status)
{
	const struct problem *internal = &kinds[0];

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].status == status)
			return kinds[i];
		else if (kinds[i].status == 500)
			internal = &kinds[i];
	return *internal;
}

struct problem
problem_of(Vouch__Status status)
{
	static const int http[] = {
		[VOUCH__STATUS__OK] = 200,
		[VOUCH__STATUS__INVALID] = 422,
		[VOUCH__STATUS__UNAUTHENTICATED] = 401,
		[VOUCH__STATUS__FORBIDDEN] = 403,
		[VOUCH__STATUS__NOT_FOUND] = 404,
		[VOUCH__STATUS__CONFLICT] = 409,
		[VOUCH__STATUS__STALE] = 412,
		[VOUCH__STATUS__KEY_REQUIRED] = 428,
		[VOUCH__STATUS__RATE_LIMITED] = 429,
		[VOUCH__STATUS__OVERLOADED] = 503,
		[VOUCH__STATUS__UNAVAILABLE] = 503,
		[VOUCH__STATUS__TIMEOUT] = 504,
		[VOUCH__STATUS__INTERNAL] = 500,
		[VOUCH__STATUS__MALFORMED] = 400,
	};
	bool is_known = (size_t)status < sizeof(http) / sizeof(http[0]);
	struct problem p = problem_http(is_known ? http[status] : 500);

	if (status == VOUCH__STATUS__OVERLOADED) {
		p.word = "overloaded";
		p.title = "Too much to do at the moment";
	}
	return p;
}

static json_t *
errors_json(const Vouch__ReplyHeader *header)
{
	json_t *list = json_array();

	for (size_t i = 0; i < header->n_errors; i++) {
		const Vouch__FieldError *e = header->errors[i];

		json_array_append_new(list,
		    json_pack("{s:s, s:s, s:s}", "field", e->field, "rule", e->rule, "message", e->message));
	}
	return list;
}

char *
problem_text(const struct problem *p)
{
	json_t *json = json_pack("{s:o, s:s, s:i}", "type", json_sprintf("urn:vouch:problem:%s", p->word),
	    "title", p->title, "status", p->status);
	char *text;

	if (json == NULL)
		return NULL;
	if (p->detail != NULL && p->detail[0] != '\0')
		json_object_set_new(json, "detail", json_string(p->detail));
	if (p->header != NULL && p->header->n_errors > 0)
		json_object_set_new(json, "errors", errors_json(p->header));
	if (p->trace != NULL)
		json_object_set_new(json, "trace", json_string(p->trace));
	if (p->current != NULL)
		json_object_set(json, "current", p->current);
	text = json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(15));
	json_decref(json);
	return text;
}

int
problem_retry_after(int status, uint32_t retry_ms)
{
	uint32_t seconds = retry_ms / 1000 + (retry_ms % 1000 > 0);

	if (status != 429 && status != 503)
		return 0;
	return seconds > 0 ? (int)seconds : 1;
}
