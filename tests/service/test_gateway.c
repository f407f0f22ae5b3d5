/*
 * The gateway with the real services behind it: sessions and tokens, versions,
 * keys, uploads, files, live events, representations; and what it forgets at once.
 */
#include "gateway_world.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

#define ISSUER "river-school"

static char micro_credential[100];
static struct browser admin_browser, eve, bob;

/* A draft of EVE's for the micro-credential, made once. */
static const char *
draft(void)
{
	static char id[100];
	char body[200];

	if (id[0] != '\0')
		return id;
	snprintf(body, sizeof(body), "{\"microCredentialId\":\"%s\"}", micro_credential);
	/* The catalog's facts travel to the submission service meanwhile. */
	for (int i = 0; i < 200 && ask(&eve, "POST", "/api/v1/submissions", "", body) != 201; i++)
		usleep(50000);
	assert_int_equal(eve.status, 201);
	snprintf(id, sizeof(id), "%s", text_of(&eve, "id"));
	return id;
}

__attribute__((format(printf, 1, 2))) static const char *
path_of(const char *format, ...)
{
	static char path[600];
	va_list ap;

	va_start(ap, format);
	vsnprintf(path, sizeof(path), format, ap);
	va_end(ap);
	return path;
}

/* ---- who asks ------------------------------------------------------------------------- */

static void
a_session_is_a_cookie_that_scripts_cannot_read(void **state)
{
	struct browser b = {.status = 0};
	char token[300];

	(void)state;
	assert_int_equal(ask(&b, "POST", "/api/v1/sessions", "",
			     "{\"email\":\"eve@example.org\",\"password\":\"wrong one 7\"}"),
	    401);
	assert_null(header(&b, "Set-Cookie"));
	sign_in(&b, "eve@example.org");
	assert_non_null(
	    strstr(header(&b, "Set-Cookie"), "; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000"));
	assert_null(strstr(b.body, b.cookie));
	assert_int_equal(ask(&b, "GET", "/api/v1/me", "", NULL), 200);
	assert_string_equal(text_of(&b, "account.email"), "eve@example.org");
	assert_string_equal(header(&b, "Cache-Control"), "no-store");

	/*
	 * Signing out takes the cookie back, and the token is forgotten although it was remembered
	 * a moment ago.
	 */
	snprintf(token, sizeof(token), "%s", b.cookie);
	assert_int_equal(ask(&b, "DELETE", "/api/v1/sessions/current", "", NULL), 204);
	assert_string_equal(b.cookie, "");
	snprintf(b.cookie, sizeof(b.cookie), "%s", token);
	assert_int_equal(ask(&b, "GET", "/api/v1/me", "", NULL), 401);
	leave(&b);
}

static void
a_session_that_is_ended_elsewhere_is_forgotten(void **state)
{
	struct browser here = {.status = 0}, there = {.status = 0};
	const json_t *items;

	(void)state;
	sign_in(&here, "eve@example.org");
	sign_in(&there, "eve@example.org");
	assert_int_equal(ask(&there, "GET", "/api/v1/me", "", NULL), 200);
	assert_int_equal(ask(&there, "GET", "/api/v1/sessions", "", NULL), 200);
	items = json_object_get(there.json, "items");
	for (size_t i = 0; i < json_array_size(items); i++)
		if (json_is_true(json_object_get(json_array_get(items, i), "current")))
			assert_int_equal(
			    ask(&here, "DELETE",
				path_of("/api/v1/sessions/%s",
				    json_string_value(json_object_get(json_array_get(items, i), "id"))),
				"", NULL),
			    204);
	assert_int_equal(ask(&there, "GET", "/api/v1/me", "", NULL), 401);
	assert_int_equal(ask(&here, "GET", "/api/v1/me", "", NULL), 200);
	leave(&here);
	leave(&there);
}

static void
a_foreign_page_does_nothing_with_the_session(void **state)
{
	struct browser b = {.no_origin = true};

	(void)state;
	snprintf(b.cookie, sizeof(b.cookie), "%s", eve.cookie);
	assert_int_equal(ask(&b, "DELETE", "/api/v1/sessions/current", "", NULL), 403);
	assert_int_equal(
	    ask(&b, "DELETE", "/api/v1/sessions/current", "Origin: http://evil.example\r\n", NULL), 403);
	assert_int_equal(
	    ask(&b, "DELETE", "/api/v1/sessions/current", "Sec-Fetch-Site: cross-site\r\n", NULL), 403);
	assert_int_equal(ask(&b, "GET", "/api/v1/me", "Origin: http://evil.example\r\n", NULL), 200);
	assert_int_equal(
	    ask(&b, "PUT", "/api/v1/me", "Sec-Fetch-Site: same-origin\r\n", "{\"name\":\"Eve\"}"), 200);
	leave(&b);
}

static void
a_program_has_a_token_with_scopes(void **state)
{
	struct browser program = {.no_origin = true};

	(void)state;
	assert_int_equal(
	    ask(&eve, "POST", "/api/v1/tokens", "", "{\"name\":\"t\",\"scopes\":[\"submission:read\"]}"),
	    201);
	snprintf(program.token, sizeof(program.token), "%s", text_of(&eve, "token"));
	assert_int_equal(ask(&program, "GET", "/api/v1/submissions", "", NULL), 200);
	assert_int_equal(ask(&program, "DELETE", path_of("/api/v1/submissions/%s", draft()), "", NULL), 403);
	snprintf(program.token, sizeof(program.token), "vt_nobody");
	assert_int_equal(ask(&program, "GET", "/api/v1/issuers", "", NULL), 401);
	assert_non_null(strstr(header(&program, "WWW-Authenticate"), "invalid_token"));
	leave(&program);
}

/* ---- what is written -------------------------------------------------------------------- */

static void
a_version_is_not_overwritten_unseen(void **state)
{
	const char *path = path_of("/api/v1/submissions/%s/parts/overview", draft());

	(void)state;
	assert_int_equal(ask(&eve, "PUT", path, "", "{\"text\":\"one\"}"), 428);
	assert_int_equal(ask(&eve, "PUT", path, "If-Match: *\r\n", "{\"text\":\"one\"}"), 428);
	assert_int_equal(ask(&eve, "PUT", path, "If-Match: \"x\"\r\n", "{\"text\":\"one\"}"), 400);
	assert_int_equal(
	    ask(&eve, "PUT", path, "If-Match: \"1\"\r\n", "{\"text\":\"one\",\"colour\":1}"), 400);
	assert_string_equal(text_of(&eve, "errors.0.field"), "colour");
	assert_int_equal(
	    ask(&eve, "PUT", path, "If-Match: \"1\"\r\n", "{\"text\":\"one\",\"key\":\"reflection\"}"), 400);
	assert_int_equal(ask(&eve, "PUT", path, "If-Match: \"1\"\r\n", "{\"text\":\"one\"}"), 200);
	assert_string_not_equal(header(&eve, "ETag"), "\"1\"");
	assert_int_equal(ask(&eve, "PUT", path, "If-Match: \"1\"\r\n", "{\"text\":\"two\"}"), 412);
	assert_non_null(json_object_get(eve.json, "current"));
	assert_int_equal(ask(&bob, "PUT", path, "If-Match: \"1\"\r\n", "{\"text\":\"two\"}"), 404);
}

static void
what_the_client_has_is_not_sent_again(void **state)
{
	char path[200], condition[100];

	(void)state;
	snprintf(path, sizeof(path), "/api/v1/micro-credentials/%s", micro_credential);
	assert_int_equal(ask(&eve, "GET", path, "", NULL), 200);
	snprintf(condition, sizeof(condition), "If-None-Match: %.40s\r\n", header(&eve, "ETag"));
	assert_int_equal(read_answer(&eve, send_request(&eve, "GET", path, condition, NULL, 0), true), 304);
	assert_int_equal(ask(&eve, "HEAD", path, "", NULL), 200);
	assert_int_equal(ask(&eve, "GET", path, "If-None-Match: \"999\"\r\n", NULL), 200);
}

static void
the_same_key_is_the_same_request(void **state)
{
	static const char body[] = "{\"subject\":\"Help\",\"body\":\"Where is it?\"}";
	char id[100], longest[100] = "Idempotency-Key: ";

	(void)state;
	memset(longest + 17, 'k', 65);
	strcpy(longest + 82, "\r\n");
	assert_int_equal(ask(&eve, "POST", "/api/v1/tickets", "", body), 428);
	assert_int_equal(ask(&eve, "POST", "/api/v1/tickets", longest, body), 400);
	assert_int_equal(ask(&eve, "POST", "/api/v1/tickets", "Idempotency-Key: k 1\r\n", body), 201);
	snprintf(id, sizeof(id), "%s", text_of(&eve, "id"));
	assert_int_equal(ask(&eve, "POST", "/api/v1/tickets", "Idempotency-Key: k 1\r\n", body), 201);
	assert_string_equal(text_of(&eve, "id"), id);
	assert_int_equal(ask(&eve, "POST", "/api/v1/tickets", "Idempotency-Key: k 1\r\n",
			     "{\"subject\":\"Other\",\"body\":\"b\"}"),
	    422);
	assert_string_equal(sql("SELECT count(*) FROM helpdesk.tickets"), "1");
}

/*
 * A lock holds the first one up in its service; the second is told so, and the first
 * still gets its answer.
 */
static void
a_key_that_is_still_running_is_told_so(void **state)
{
	static const char body[] = "{\"subject\":\"Slow\",\"body\":\"b\"}";
	static const char headers[] = "Content-Type: application/json\r\nIdempotency-Key: slow\r\n";
	int fd;

	(void)state;
	sql("BEGIN");
	sql("LOCK TABLE helpdesk.tickets IN ACCESS EXCLUSIVE MODE");
	fd = send_request(&eve, "POST", "/api/v1/tickets", headers, body, sizeof(body) - 1);
	for (int i = 0; i < 400 && strcmp(sql("SELECT count(*) FROM pg_locks WHERE NOT granted"), "0") == 0;
	    i++)
		usleep(10000);
	assert_int_equal(ask(&eve, "POST", "/api/v1/tickets", "Idempotency-Key: slow\r\n", body), 409);
	assert_non_null(strstr(eve.body, "still running"));
	sql("COMMIT");
	assert_int_equal(read_answer(&eve, fd, false), 201);
	assert_int_equal(ask(&eve, "POST", "/api/v1/tickets", "Idempotency-Key: slow\r\n", body), 201);
}

/* ---- files ------------------------------------------------------------------------------ */

/* A form with a title and one file of LEN bytes; returns its length. */
static size_t
form(char *out, const char *title, const char *data, size_t len)
{
	size_t n = (size_t)sprintf(out,
	    "--x\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\n%s\r\n--x\r\n"
	    "Content-Disposition: form-data; name=\"file\"; filename=\"..\\a plan.pdf\"\r\nContent-Type: "
	    "application/pdf\r\n\r\n",
	    title);

	memcpy(out + n, data, len);
	n += len;
	return n + (size_t)sprintf(out + n, "\r\n--x--\r\n");
}

#define FORM "Content-Type: multipart/form-data; boundary=x\r\n"

static int
count_files(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	int n = 0;

	while (dir != NULL && (entry = readdir(dir)) != NULL)
		n += entry->d_name[0] != '.';
	if (dir != NULL)
		closedir(dir);
	return n;
}

static void
an_upload_is_kept_by_what_is_in_it(void **state)
{
	static char body[BODY_SIZE], data[150000];
	char evidence[300], incoming[300], file[600], sha[100], stored[600];
	size_t n;
	int fd;

	(void)state;
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (char)(i * 7 + i / 251);
	memcpy(data + 1000, "\r\n--y--\r", 8); /* nearly a boundary */
	snprintf(evidence, sizeof(evidence), "/api/v1/submissions/%s/evidence", draft());
	snprintf(incoming, sizeof(incoming), "%s/evidence/incoming", folder);
	n = form(body, "My plan", data, sizeof(data));
	assert_int_equal(
	    read_answer(
		&eve, send_request(&eve, "POST", evidence, FORM "Idempotency-Key: u1\r\n", body, n), false),
	    201);
	assert_string_equal(text_of(&eve, "title"), "My plan");
	assert_string_equal(text_of(&eve, "fileName"), "a plan.pdf");
	snprintf(sha, sizeof(sha), "%s", text_of(&eve, "sha256"));
	snprintf(file, sizeof(file), "%s/%s/file", evidence, text_of(&eve, "id"));
	assert_int_equal(
	    read_answer(
		&eve, send_request(&eve, "POST", evidence, FORM "Idempotency-Key: u1\r\n", body, n), false),
	    201);
	assert_int_equal(count_files(incoming), 0);

	assert_int_equal(ask(&eve, "GET", file, "", NULL), 200);
	assert_int_equal(eve.body_len, sizeof(data));
	assert_memory_equal(eve.body, data, sizeof(data));
	assert_string_equal(header(&eve, "Content-Disposition"),
	    "attachment; filename=\"a plan.pdf\"; filename*=UTF-8''a%20plan.pdf");
	assert_int_equal(ask(&eve, "GET", file, "Range: bytes=10-19\r\n", NULL), 206);
	assert_memory_equal(eve.body, data + 10, 10);
	assert_string_equal(header(&eve, "Content-Range"), "bytes 10-19/150000");
	assert_int_equal(ask(&eve, "GET", file, "Range: bytes=150000-\r\n", NULL), 416);
	assert_int_equal(ask(&bob, "GET", file, "", NULL), 404);

	/*
	 * A byte that changed on the disk is found before any is sent; the next upload of the same
	 * heals it.
	 */
	snprintf(stored, sizeof(stored), "%s/evidence/%.2s/%s", folder, sha, sha + 2);
	fd = open(stored, O_WRONLY);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, "!", 1, 5), 1);
	close(fd);
	assert_int_equal(ask(&eve, "GET", file, "", NULL), 500);
	assert_non_null(strstr(eve.body, "damaged"));
	assert_int_equal(read_answer(&eve, send_request(&eve, "POST", evidence, FORM, body, n), false), 201);
	assert_int_equal(ask(&eve, "GET", file, "", NULL), 200);
	unlink(stored);
	assert_int_equal(ask(&eve, "GET", file, "", NULL), 500);
}

static void
an_upload_that_is_wrong_leaves_nothing(void **state)
{
	static char body[BODY_SIZE], data[250000];
	char evidence[300], incoming[300];
	static const char two[] =
	    "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n1\r\n--x\r\n"
	    "Content-Disposition: form-data; name=\"file\"; filename=\"b\"\r\n\r\n2\r\n--x--\r\n";
	static const char unknown[] =
	    "--x\r\nContent-Disposition: form-data; name=\"titel\"\r\n\r\n1\r\n--x\r\n"
	    "Content-Disposition: form-data; name=\"file\"; filename=\"b\"\r\n\r\n2\r\n--x--\r\n";
	static const char none[] =
	    "--x\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\n1\r\n--x--\r\n";
	size_t n = form(body, "Large", data, sizeof(data));
	int fd;

	(void)state;
	snprintf(evidence, sizeof(evidence), "/api/v1/submissions/%s/evidence", draft());
	snprintf(incoming, sizeof(incoming), "%s/evidence/incoming", folder);
	assert_int_equal(read_answer(&eve, send_request(&eve, "POST", evidence, FORM, body, n), false), 413);
	assert_int_equal(
	    read_answer(&eve, send_request(&eve, "POST", evidence, FORM, two, sizeof(two) - 1), false), 400);
	assert_int_equal(read_answer(&eve,
			     send_request(&eve, "POST", evidence, FORM, unknown, sizeof(unknown) - 1), false),
	    400);
	assert_int_equal(
	    read_answer(&eve, send_request(&eve, "POST", evidence, FORM, none, sizeof(none) - 1), false),
	    422);
	assert_int_equal(ask(&eve, "POST", evidence, "", "{\"title\":\"neither\"}"), 422);
	/* A client that goes away in the middle. */
	fd = send_request(&eve, "POST", evidence, FORM "Content-Length: 100000\r\n", NULL, 0);
	say(fd, body, 50000);
	close(fd);
	for (int i = 0; i < 500 && count_files(incoming) > 0; i++)
		usleep(10000);
	assert_int_equal(count_files(incoming), 0);
}

/* ---- live events -------------------------------------------------------------------------- */

/* Reads a stream until MARK has come; false: it ended before, or it took too long. */
static bool
hear_until(int fd, char *out, const char *mark)
{
	time_t end = time(NULL) + WAIT_SECONDS;
	size_t n = strlen(out);
	ssize_t got;

	while (strstr(out, mark) == NULL) {
		if (time(NULL) > end)
			return false; /* heartbeats alone */
		got = recv(fd, out + n, ANSWER_SIZE - 1 - n, 0);
		if (got <= 0)
			return false;
		n += (size_t)got;
		out[n] = '\0';
	}
	return true;
}

static void
what_happens_is_heard_at_once_and_again_after_a_break(void **state)
{
	static char out[ANSWER_SIZE], again[ANSWER_SIZE];
	struct browser b = {.status = 0};
	char ticket[200];
	int fd;

	(void)state;
	sign_in(&b, "eve@example.org");
	fd = send_request(&b, "GET", "/api/v1/events", "", NULL, 0);
	assert_true(hear_until(fd, out, "retry: 3000\n\n"));
	assert_non_null(strstr(out, "Content-Type: text/event-stream\r\n"));

	assert_int_equal(ask(&b, "POST", "/api/v1/tickets", "Idempotency-Key: live\r\n",
			     "{\"subject\":\"Live\",\"body\":\"b\"}"),
	    201);
	snprintf(ticket, sizeof(ticket), "/api/v1/tickets/%s/messages", text_of(&b, "id"));
	assert_int_equal(ask(&admin_browser, "POST", ticket, "", "{\"body\":\"Here it is.\"}"), 201);
	assert_true(hear_until(fd, out, "\"kind\":\"ticket_answered\""));
	assert_non_null(strstr(out, "id: 1\nevent: notification\ndata: {\"number\":1,"));
	assert_null(strstr(out, "accountId"));
	close(fd);

	fd = send_request(&b, "GET", "/api/v1/events", "Last-Event-ID: 0\r\n", NULL, 0);
	assert_true(hear_until(fd, again, "\"kind\":\"ticket_answered\""));
	assert_int_equal(ask(&b, "DELETE", "/api/v1/sessions/current", "", NULL), 204);
	assert_true(hear_until(fd, again, "\r\n0\r\n\r\n")); /* it ends as a whole, not in the middle */
	close(fd);
	b.cookie[0] = '\0';
	assert_int_equal(ask(&b, "GET", "/api/v1/events", "", NULL), 401);
	assert_int_equal(ask(&eve, "GET", "/api/v1/events", "Last-Event-ID: x\r\n", NULL), 400);
	leave(&b);
}

/* ---- representations ------------------------------------------------------------------------ */

static void
a_record_has_the_form_that_is_asked_for(void **state)
{
	(void)state;
	assert_int_equal(ask(&eve, "GET", "/.well-known/jwks.json", "", NULL), 200);
	assert_true(json_is_array(json_object_get(eve.json, "keys")) ||
	    json_is_object(json_object_get(eve.json, "keys")));
	assert_int_equal(ask(&eve, "GET", "/.well-known/did.json", "Accept: */*\r\n", NULL), 200);
	assert_string_equal(header(&eve, "Content-Type"), "application/did+json");
	assert_string_not_equal(text_of(&eve, "id"), "");
	assert_int_equal(ask(&eve, "GET", "/.well-known/did.json", "Accept: image/png\r\n", NULL), 200);
	assert_int_equal(
	    ask(&eve, "GET", "/api/v1/credentials/" ISSUER "~0198c0de-0000-7000-8000-000000000001",
		"Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n", NULL),
	    303);
	assert_string_equal(header(&eve, "Location"), "/c/" ISSUER "~0198c0de-0000-7000-8000-000000000001");
	assert_int_equal(
	    ask(&eve, "GET", "/c/" ISSUER "~0198c0de-0000-7000-8000-000000000001", "", NULL), 404);
	assert_string_equal(header(&eve, "Content-Type"), "text/html; charset=utf-8");
	assert_int_equal(ask(&eve, "GET", "/?q=lesson", "", NULL), 200);
	assert_non_null(strstr(eve.body, "Lesson &lt;study&gt;"));
	assert_int_equal(ask(&eve, "GET", "/api/v1/openapi.json", "", NULL), 200);
	assert_string_equal(text_of(&eve, "openapi"), "3.1.0");
}

/* ---- the group -------------------------------------------------------------------------------- */

static int
open_all_services(void **state)
{
	if (open_world(state) != 0 || !seed("eve@example.org", "[]") || !seed("bob@example.org", "[]") ||
	    !seed("ada@example.org",
		"[{\"issuerId\":\"*\",\"role\":\"platform_admin\"},{\"issuerId\":\"*\",\"role\":\"issuer_"
		"owner\"},"
		"{\"issuerId\":\"*\",\"role\":\"helpdesk_agent\"}]"))
		return -1;
	sign_in(&admin_browser, "ada@example.org");
	sign_in(&eve, "eve@example.org");
	sign_in(&bob, "bob@example.org");
	if (ask(&admin_browser, "POST", "/api/v1/studio/issuers", "",
		"{\"id\":\"" ISSUER "\",\"profile\":{\"name\":\"River School\"},"
		"\"calendar\":{\"timeZone\":\"Europe/Berlin\",\"weekend\":[\"sat\",\"sun\"]}}") != 201 ||
	    ask(&admin_browser, "POST", "/api/v1/studio/imports", "",
		"{\"issuerId\":\"" ISSUER "\",\"document\":{\"key\":\"lesson-study\","
		"\"title\":\"Lesson <study>\",\"summary\":\"Plan, teach, look "
		"together.\",\"language\":\"en\","
		"\"competency\":\"Leads a lesson study.\",\"keyMethod\":\"Plan, teach, look.\","
		"\"audiences\":[\"Teachers\"],\"topics\":[\"Planning\"],\"methodComponents\":[{\"id\":\"m1\","
		"\"title\":\"Plan\"}]}}") != 200) {
		print_error("%s\n", admin_browser.body);
		return -1;
	}
	snprintf(micro_credential, sizeof(micro_credential), "%s", text_of(&admin_browser, "id"));
	return 0;
}

static int
close_all_services(void **state)
{
	leave(&admin_browser);
	leave(&eve);
	leave(&bob);
	return close_world(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_session_is_a_cookie_that_scripts_cannot_read),
		cmocka_unit_test(a_session_that_is_ended_elsewhere_is_forgotten),
		cmocka_unit_test(a_foreign_page_does_nothing_with_the_session),
		cmocka_unit_test(a_program_has_a_token_with_scopes),
		cmocka_unit_test(a_version_is_not_overwritten_unseen),
		cmocka_unit_test(what_the_client_has_is_not_sent_again),
		cmocka_unit_test(the_same_key_is_the_same_request),
		cmocka_unit_test(a_key_that_is_still_running_is_told_so),
		cmocka_unit_test(an_upload_is_kept_by_what_is_in_it),
		cmocka_unit_test(an_upload_that_is_wrong_leaves_nothing),
		cmocka_unit_test(what_happens_is_heard_at_once_and_again_after_a_break),
		cmocka_unit_test(a_record_has_the_form_that_is_asked_for),
	};

	return cmocka_run_group_tests(tests, open_all_services, close_all_services);
}
