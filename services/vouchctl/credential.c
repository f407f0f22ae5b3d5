#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "baked.h"
#include "clock.h"
#include "installation.h"
#include "instant.h"
#include "json.h"
#include "jws.h"
#include "word.h"

enum { FILE_MAX = 1 << 20 };

static const char usage[] =
    "usage: vouchctl credential verify FILE [--jwks FILE] [--state DIR] [--json]\n"
    "  FILE  a credential as VC-JWT, as a picture with it inside (PNG, SVG), or as JSON with it inside\n"
    "        (\"jwt\"); - reads standard input\n"
    "Keys come from --jwks, else from the installation (/.well-known/jwks.json).\n"
    "Exit 0: it is true; 1: it is not, or no longer; 2: it cannot be read.\n";

static int
bad_use(const char *what, const char *why)
{
	fprintf(stderr, "vouchctl credential: %s: %s\n", what, why);
	return WORD_BAD_USE;
}

/* Reads FILE ("-": standard input) into ARENA. NULL after telling why not. */
static char *
file_read(struct arena *arena, const char *path, size_t *len)
{
	char *text = arena_alloc(arena, FILE_MAX + 2);
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
	const char *why = file == NULL ? strerror(errno) : text == NULL ? "not enough memory" : NULL;

	if (why == NULL) {
		*len = fread(text, 1, FILE_MAX + 1, file);
		why = ferror(file) ? strerror(errno) : *len > FILE_MAX ? "longer than 1 MiB" : NULL;
	}
	if (file != NULL && file != stdin)
		fclose(file);
	if (why == NULL)
		return text;
	bad_use(path, why);
	return NULL;
}

/* The token in TEXT: TEXT itself, or what its picture holds, or its JSON says. NULL after telling why not. */
static const char *
token_find(struct arena *arena, const char *path, char *text, size_t len)
{
	static const char enveloped[] = "data:application/vc+jwt,";
	const char *token;
	char why[160];

	if ((uint8_t)text[0] == 0x89 || text[0] == '<') {
		token = baked_find(arena, (const uint8_t *)text, len);
		if (token == NULL)
			bad_use(path, "there is no credential in this picture");
		return token;
	}
	while (len > 0 && strchr(" \t\r\n", text[len - 1]) != NULL)
		text[--len] = '\0';
	while (*text != '\0' && strchr(" \t\r\n", *text) != NULL)
		text++;
	if (*text != '{')
		return text;
	json_t *json = json_parse(text, strlen(text), why);
	if (json == NULL) {
		bad_use(path, why);
		return NULL;
	}
	token = json_string_value(json_object_get(json, "jwt"));
	if (token == NULL) {
		token = json_string_value(json_object_get(json, "id"));
		token = token != NULL && strncmp(token, enveloped, sizeof(enveloped) - 1) == 0 ?
		    token + sizeof(enveloped) - 1 :
		    NULL;
	}
	if (token == NULL)
		bad_use(path, "it has no \"jwt\": the signature is missing");
	else
		token = arena_dup(arena, token, strlen(token));
	json_decref(json);
	return token;
}

static json_t *
keys_find(struct arena *arena, const struct options *o)
{
	struct answer answer;
	char why[160];
	json_t *keys;

	if (o->jwks != NULL) {
		size_t len = 0;
		char *text = file_read(arena, o->jwks, &len);

		keys = text != NULL ? json_parse(text, len, why) : NULL;
		if (text != NULL && keys == NULL)
			bad_use(o->jwks, why);
		return keys;
	}
	struct http *http = installation_open(o, false);
	if (http == NULL)
		return NULL;
	bool ok = http_send(
	    http, &(struct request){.method = "GET", .path = "/.well-known/jwks.json"}, &answer);
	keys = ok ? json_incref(answer.json) : NULL;
	if (!ok)
		answer_complain(&answer, "vouchctl credential: keys");
	answer_clear(&answer);
	http_close(http);
	return keys;
}

/*
 * Does what TEXT shows to its reader say what is signed? NULL: yes, or it shows
 * nothing; else why not.
 */
static const char *
shown_check(const char *text, const json_t *claims)
{
	static const char *const shown[] = {"credentialSubject", "issuer", "validFrom", "validUntil", "name"};
	const json_t *vc = json_object_get(claims, "vc") != NULL ? json_object_get(claims, "vc") : claims;
	json_t *json = json_loads(text, 0, NULL);
	const char *why = NULL;

	/* Only a credential has a context; other JSON around a token is free. */
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]) && json_object_get(json, "@context") != NULL;
	    i++) {
		const json_t *member = json_object_get(json, shown[i]);

		if (member != NULL && !json_equal(member, json_object_get(vc, shown[i])))
			why = "what it shows is not what is signed";
	}
	json_decref(json);
	return why;
}

/* Is it valid at this time? NULL: yes; else why not. */
static const char *
time_check(const json_t *claims)
{
	const char *from = json_string_value(json_object_get(claims, "validFrom"));
	const char *until = json_string_value(json_object_get(claims, "validUntil"));
	int64_t now = clock_host() + clock_offset(), at;

	if ((from != NULL && !instant_parse(from, &at)) || (until != NULL && !instant_parse(until, &at)))
		return "its times cannot be read";
	if (until != NULL && instant_parse(until, &at) && at <= now)
		return "it is no longer valid";
	if (from != NULL && instant_parse(from, &at) && at > now)
		return "it is not valid yet";
	const json_t *exp = json_object_get(claims, "exp"), *nbf = json_object_get(claims, "nbf");
	if (exp != NULL && json_number_value(exp) * INSTANT_SECOND <= (double)now)
		return "it is no longer valid";
	if (nbf != NULL && json_number_value(nbf) * INSTANT_SECOND > (double)now)
		return "it is not valid yet";
	return NULL;
}

/* Who holds it, by the first identifier that is not hashed. */
static const char *
holder_of(const json_t *subject)
{
	size_t i;
	json_t *item;

	json_array_foreach(json_object_get(subject, "identifier"), i, item)
		if (json_is_false(json_object_get(item, "hashed")))
			return json_string_value(json_object_get(item, "identityHash"));
	return json_string_value(json_object_get(subject, "id"));
}

static int
verdict_print(const json_t *claims, const char *why, bool as_json)
{
	/* VCDM 1.1 keeps the credential in "vc", 2.0 is the claims themselves. */
	const json_t *vc = json_object_get(claims, "vc") != NULL ? json_object_get(claims, "vc") : claims;
	const json_t *subject = json_object_get(vc, "credentialSubject"),
		     *issuer = json_object_get(vc, "issuer");
	const json_t *what = json_object_get(subject, "achievement");
	const json_t *title = json_object_get(what, "name"), *from = json_object_get(vc, "validFrom");
	const json_t *name = json_object_get(issuer, "name");
	const char *holder = holder_of(subject);

	if (why == NULL)
		why = time_check(vc);
	if (as_json) {
		json_t *json = json_pack("{s:b, s:s*, s:s*, s:O*, s:O*, s:O*, s:O*}", "valid", why == NULL,
		    "reason", why, "holder", holder, "achievement", title, "issuer", name, "validFrom", from,
		    "credential", claims);

		print_json(json);
		json_decref(json);
	} else if (claims == NULL) {
		printf("not valid: %s\n", why);
	} else {
		printf("%s%s\n  who    %s\n  what   %s\n  from   %s\n  since  %s\n",
		    why == NULL ? "valid" : "not valid: ", why == NULL ? "" : why,
		    holder != NULL ? holder : "?", json_is_string(title) ? json_string_value(title) : "?",
		    json_is_string(name) ? json_string_value(name) : "?",
		    json_is_string(from) ? json_string_value(from) : "?");
	}
	return why == NULL ? WORD_OK : WORD_FINDING;
}

int
word_credential(int argc, char **argv)
{
	struct options o;
	struct arena arena = {0};
	const char *why = NULL;
	size_t len = 0;
	int status;

	if (!options_read(argc, argv, "jwks", &o))
		return WORD_BAD_USE;
	if (options_usage(&o, "verify", 3, usage, &status))
		return status;
	char *text = file_read(&arena, o.words[2], &len);
	const char *token = text != NULL ? token_find(&arena, o.words[2], text, len) : NULL;
	json_t *keys = token != NULL ? keys_find(&arena, &o) : NULL;
	status = WORD_BAD_USE;
	if (keys != NULL) {
		json_t *claims = jws_verify(&arena, token, keys, &why);

		status = verdict_print(claims, claims != NULL ? shown_check(text, claims) : why, o.json);
		json_decref(claims);
	}
	json_decref(keys);
	arena_reset(&arena);
	return status;
}
