/*
 * Pages that are worked in, with the real services behind them: their frame holds the
 * first answer of the API, as JSON that nothing a person wrote can end.
 */
#include "gateway_world.h"

#define HTML "Accept: text/html,*/*;q=0.8\r\n"
#define HOSTILE "</script><!-- <script>alert(1)</script> \\\"quote\\\" & \\u2028 Stra\\u00dfe"

static struct browser admin_browser, eve, anyone;
static char draft[100], path[300];

/* The JSON of the element "boot" of the page; to be given back. */
static json_t *
boot_of(struct browser *b)
{
	static const char begin[] = "<script type=\"application/json\" id=\"boot\">";
	const char *at = strstr(b->body, begin), *end = at != NULL ? strstr(at, "</script>") : NULL;
	json_error_t error;
	json_t *json;

	assert_non_null(end);
	at += strlen(begin);
	json = json_loadb(at, (size_t)(end - at), 0, &error);
	if (json == NULL)
		fail_msg("%s: %.2000s", error.text, at);
	return json;
}

static const char *
string_at(const json_t *json, const char *name)
{
	return json_string_value(json_object_get(json, name));
}

static void
the_first_answer_is_in_the_page(void **state)
{
	json_t *boot, *data, *text;

	(void)state;
	snprintf(path, sizeof(path), "/api/v1/submissions/%s/parts/overview", draft);
	assert_int_equal(ask(&eve, "PUT", path, "If-Match: \"1\"\r\n", "{\"text\":\"" HOSTILE "\"}"), 200);
	snprintf(path, sizeof(path), "/drafts/%s?lang=es", draft);
	assert_int_equal(ask(&eve, "GET", path, HTML, NULL), 200);
	boot = boot_of(&eve);
	data = json_object_get(boot, "data");
	text = json_object_get(json_array_get(json_object_get(data, "parts"), 0), "text");

	assert_string_equal(string_at(boot, "view"), "draft");
	assert_string_equal(string_at(boot, "lang"), "es");
	assert_string_equal(string_at(json_object_get(boot, "params"), "id"), draft);
	assert_string_equal(string_at(json_object_get(boot, "me"), "name"), "Somebody");
	assert_string_equal(string_at(data, "id"), draft);
	assert_string_equal(json_string_value(text),
	    "</script><!-- <script>alert(1)</script> \"quote\" & \u2028 Stra\u00dfe");
	/* What it asks for, besides. */
	assert_string_equal(string_at(json_array_get(json_object_get(boot, "beside"), 0), "title"),
	    "A </script><script>alert(2)</script>");
	assert_null(strstr(eve.body, "<script>"));
	assert_non_null(strstr(eve.body, "<script type=\"module\" src=\"/assets/earner.es."));
	assert_non_null(strstr(eve.body, "<link rel=\"stylesheet\" href=\"/assets/earner."));
	assert_non_null(strstr(eve.body, "<noscript><p class=\"wrap\">En esta p\u00e1gina se trabaja"));
	assert_string_equal(header(&eve, "Cache-Control"), "no-store");
	json_decref(boot);
}

static void
each_view_says_which_it_is(void **state)
{
	json_t *boot;

	(void)state;
	snprintf(path, sizeof(path), "/drafts/%s/check", draft);
	assert_int_equal(ask(&eve, "GET", path, HTML, NULL), 200);
	boot = boot_of(&eve);
	assert_string_equal(string_at(boot, "view"), "check");
	assert_string_equal(string_at(boot, "lang"), "en");
	assert_non_null(strstr(eve.body, "href=\"/work\" aria-current=\"page\""));
	json_decref(boot);
}

static void
nobody_reads_the_work_of_others(void **state)
{
	(void)state;
	snprintf(path, sizeof(path), "/drafts/%s", draft);
	assert_int_equal(ask(&anyone, "GET", path, HTML, NULL), 303);
	assert_memory_equal(header(&anyone, "Location"), "/signin?next=%2Fdrafts%2F", 25);
	assert_int_equal(ask(&admin_browser, "GET", path, HTML, NULL), 404);
	assert_null(strstr(admin_browser.body, "id=\"boot\""));
}

/* ---- the group ------------------------------------------------------------------------------ */

static int
open_apps(void **state)
{
	static const char document[] =
	    "{\"issuerId\":\"river\",\"document\":{\"key\":\"plan\",\"title\":\"A </script><script>alert(2)</script>\","
	    "\"summary\":\"s\",\"language\":\"en\",\"competency\":\"c\",\"keyMethod\":\"m\","
	    "\"audiences\":[\"Teachers\"],\"topics\":[\"Planning\"],\"methodComponents\":[{\"id\":\"m1\",\"title\":\"Plan\"}]}}";
	char body[200];

	if (open_world(state) != 0 || !seed("eve@example.org", "[]") ||
	    !seed("ada@example.org",
		"[{\"issuerId\":\"*\",\"role\":\"platform_admin\"},{\"issuerId\":\"*\",\"role\":\"issuer_owner\"}]"))
		return -1;
	sign_in(&admin_browser, "ada@example.org");
	sign_in(&eve, "eve@example.org");
	if (ask(&admin_browser, "POST", "/api/v1/studio/issuers", "",
		"{\"id\":\"river\",\"profile\":{\"name\":\"River\"},"
		"\"calendar\":{\"timeZone\":\"Europe/Berlin\",\"weekend\":[\"sat\",\"sun\"]}}") != 201 ||
	    ask(&admin_browser, "POST", "/api/v1/studio/imports", "", document) != 200) {
		print_error("%s\n", admin_browser.body);
		return -1;
	}
	snprintf(body, sizeof(body), "{\"microCredentialId\":\"%s\"}", text_of(&admin_browser, "id"));
	/* The submission service hears of it in a moment. */
	for (int i = 0; i < 600 && ask(&eve, "POST", "/api/v1/submissions", "", body) != 201; i++)
		usleep(50000);
	if (eve.status != 201)
		print_error("%s\n", eve.body);
	snprintf(draft, sizeof(draft), "%s", text_of(&eve, "id"));
	return eve.status == 201 ? 0 : -1;
}

static int
close_apps(void **state)
{
	leave(&anyone);
	leave(&eve);
	leave(&admin_browser);
	return close_world(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_answer_is_in_the_page),
		cmocka_unit_test(each_view_says_which_it_is),
		cmocka_unit_test(nobody_reads_the_work_of_others),
	};

	return cmocka_run_group_tests(tests, open_apps, close_apps);
}
