#include "http.h"

#include <assert.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct http {
	CURL *curl;
	char *base, *token;
};

/* What an answer is collected in. */
struct text {
	char *data;
	size_t size;
	bool too_long;
};

struct http *
http_open(const char *base, const char *token)
{
	struct http *http = calloc(1, sizeof(*http));

	if (http == NULL)
		return NULL;
	http->base = strdup(base);
	http->token = token != NULL ? strdup(token) : NULL;
	http->curl = curl_easy_init();
	if (http->base == NULL || http->curl == NULL || (token != NULL && http->token == NULL)) {
		http_close(http);
		return NULL;
	}
	for (size_t n = strlen(http->base); n > 0 && http->base[n - 1] == '/'; n--)
		http->base[n - 1] = '\0';
	/* An empty name starts the engine of cookies, without a file. */
	curl_easy_setopt(http->curl, CURLOPT_COOKIEFILE, "");
	return http;
}

void
http_close(struct http *http)
{
	if (http == NULL)
		return;
	curl_easy_cleanup(http->curl);
	free(http->base);
	free(http->token);
	free(http);
}

static size_t
text_take(char *data, size_t size, size_t n, void *arg)
{
	struct text *text = arg;
	size_t more = size * n;

	if (more > HTTP_ANSWER_MAX - text->size) {
		text->too_long = true;
		return 0;
	}
	char *grown = realloc(text->data, text->size + more + 1);
	if (grown == NULL)
		return 0;
	memcpy(grown + text->size, data, more);
	text->data = grown;
	text->size += more;
	grown[text->size] = '\0';
	return more;
}

static size_t
header_take(char *data, size_t size, size_t n, void *arg)
{
	struct answer *answer = arg;
	static const char name[] = "etag:";
	size_t len = size * n, from = sizeof(name) - 1;

	if (len > from && strncasecmp(data, name, from) == 0) {
		while (from < len && data[from] == ' ')
			from++;
		while (len > from && (data[len - 1] == '\r' || data[len - 1] == '\n'))
			len--;
		if (len - from < sizeof(answer->etag)) {
			memcpy(answer->etag, data + from, len - from);
			answer->etag[len - from] = '\0';
		}
	}
	return size * n;
}

/* Adds "NAME: VALUE". False when memory is short, or VALUE would be more than one line. */
static bool
header_add(struct curl_slist **list, const char *name, const char *value)
{
	char *line = NULL;
	struct curl_slist *more = NULL;

	if (strpbrk(value, "\r\n") == NULL && asprintf(&line, "%s: %s", name, value) >= 0)
		more = curl_slist_append(*list, line);
	free(line);
	if (more != NULL)
		*list = more;
	return more != NULL;
}

static bool
headers_add(const struct http *http, const struct request *request, struct curl_slist **list)
{
	bool ok = header_add(list, "Accept", "application/json") && header_add(list, "Origin", http->base);

	if (http->token != NULL) {
		char *bearer = NULL;

		ok = ok && asprintf(&bearer, "Bearer %s", http->token) >= 0 &&
		    header_add(list, "Authorization", bearer);
		free(bearer);
	}
	if (request->key != NULL)
		ok = ok && header_add(list, "Idempotency-Key", request->key);
	if (request->if_match != NULL)
		ok = ok && header_add(list, "If-Match", request->if_match);
	if (request->file_name == NULL && strcmp(request->method, "GET") != 0)
		ok = ok && header_add(list, "Content-Type", "application/json");
	return ok;
}

/* The form of a file with its other fields. */
static curl_mime *
form_make(CURL *curl, const struct request *request)
{
	curl_mime *form = curl_mime_init(curl);
	curl_mimepart *part;
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)request->body, name, value) {
		part = curl_mime_addpart(form);
		curl_mime_name(part, name);
		curl_mime_data(part, json_string_value(value), CURL_ZERO_TERMINATED);
	}
	part = curl_mime_addpart(form);
	curl_mime_name(part, "file");
	curl_mime_filename(part, request->file_name);
	curl_mime_type(part, request->file_type);
	curl_mime_data(part, request->file, request->file_size);
	return form;
}

/* Everything but the body: what libcurl is to do. */
static void
transfer_prepare(struct http *http, const struct request *request, const char *url, struct text *text,
    struct answer *answer)
{
	CURL *curl = http->curl;

	/* Each request says everything anew, so that nothing has to be reset between two. */
	curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)HTTP_CONNECT_MS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)HTTP_TIMEOUT_MS);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "vouchctl");
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, text_take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, text);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, header_take);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, answer);
}

static void
transfer_run(struct http *http, const struct request *request, const char *url, struct curl_slist *headers,
    struct answer *answer)
{
	struct text text = {0};
	curl_mime *form = NULL;
	char *body = NULL;

	transfer_prepare(http, request, url, &text, answer);
	curl_easy_setopt(http->curl, CURLOPT_HTTPHEADER, headers);
	if (request->file_name != NULL) {
		form = form_make(http->curl, request);
		curl_easy_setopt(http->curl, CURLOPT_MIMEPOST, form);
	} else if (strcmp(request->method, "GET") != 0) {
		body = request->body != NULL ? json_dumps(request->body, JSON_COMPACT) : strdup("{}");
		curl_easy_setopt(http->curl, CURLOPT_POSTFIELDS, body != NULL ? body : "{}");
	}
	CURLcode code = curl_easy_perform(http->curl);
	if (code == CURLE_OK) {
		curl_easy_getinfo(http->curl, CURLINFO_RESPONSE_CODE, &answer->status);
		if (text.size > 0)
			answer->json = json_loadb(text.data, text.size, JSON_DECODE_ANY, NULL);
	} else {
		snprintf(answer->why, sizeof(answer->why), "%s",
		    text.too_long ? "the answer is longer than 16 MiB" : curl_easy_strerror(code));
	}
	curl_easy_setopt(http->curl, CURLOPT_HTTPGET, 1L);
	curl_easy_setopt(http->curl, CURLOPT_POSTFIELDS, NULL);
	curl_easy_setopt(http->curl, CURLOPT_MIMEPOST, NULL);
	curl_easy_setopt(http->curl, CURLOPT_HTTPHEADER, NULL);
	curl_mime_free(form);
	free(body);
	free(text.data);
}

bool
http_send(struct http *http, const struct request *request, struct answer *answer)
{
	struct curl_slist *headers = NULL;
	char *url = NULL;

	assert(request->method != NULL && request->path != NULL && request->path[0] == '/');
	*answer = (struct answer){.why = "not enough memory, or a header of two lines"};
	if (asprintf(&url, "%s%s", http->base, request->path) < 0)
		return false;
	if (headers_add(http, request, &headers))
		transfer_run(http, request, url, headers, answer);
	curl_slist_free_all(headers);
	free(url);
	return answer->status >= 200 && answer->status <= 299;
}

void
answer_clear(struct answer *answer)
{
	json_decref(answer->json);
	answer->json = NULL;
}

bool
http_sign_in(struct http *http, const char *email, const char *password, struct answer *answer)
{
	json_t *body = json_pack("{s:s, s:s}", "email", email, "password", password);
	const struct request request = {.method = "POST", .path = "/api/v1/sessions", .body = body};
	bool ok = http_send(http, &request, answer);

	json_decref(body);
	return ok;
}

void
answer_complain(const struct answer *answer, const char *prefix)
{
	const char *detail = json_string_value(json_object_get(answer->json, "detail"));
	const char *title = json_string_value(json_object_get(answer->json, "title"));
	size_t i;
	json_t *item;

	if (answer->status == 0)
		fprintf(stderr, "%s: no answer: %s\n", prefix, answer->why);
	else if (detail != NULL || title != NULL)
		fprintf(stderr, "%s: %s (%ld)\n", prefix, detail != NULL ? detail : title, answer->status);
	else
		fprintf(stderr, "%s: the installation answers %ld\n", prefix, answer->status);
	json_array_foreach(json_object_get(answer->json, "errors"), i, item) {
		const char *field = json_string_value(json_object_get(item, "field"));
		const char *message = json_string_value(json_object_get(item, "message"));

		fprintf(stderr, "%s: %s%s%s\n", prefix, field != NULL ? field : "",
		    field != NULL && field[0] != '\0' ? ": " : "", message != NULL ? message : "");
	}
}

char *
url_escape(const char *part)
{
	char *escaped = curl_easy_escape(NULL, part, 0);
	char *copy = escaped != NULL ? strdup(escaped) : NULL;

	curl_free(escaped);
	return copy;
}
