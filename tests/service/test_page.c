/*
 * The pages, with the real services behind them, as a browser without scripts sees them: what people
 * wrote stays text, what is chosen stands in the address, and every state has words.
 */
#include "gateway_world.h"

#define ISSUER "river-school"
#define HOSTILE "A <script>alert(1)</script> & \\\"quote\\\" 'x'"
#define CREDENTIAL "0198c0de-0000-7000-8000-0000000000aa"
#define HTML "Accept: text/html,*/*;q=0.8\r\n"

static char micro_credential[100];
static struct browser admin_browser, eve, anyone;

__attribute__((format(printf, 2, 3))) static const char *
page(struct browser *b, const char *format, ...)
{
	char path[1000];
	va_list ap;

	va_start(ap, format);
	vsnprintf(path, sizeof(path), format, ap);
	va_end(ap);
	assert_int_equal(ask(b, "GET", path, HTML, NULL), 200);
	assert_string_equal(header(b, "Content-Type"), "text/html; charset=utf-8");
	/* Whatever people wrote, no markup comes of it. */
	assert_null(strstr(b->body, "<script>alert"));
	assert_null(strstr(b->body, "<img src=x"));
	return b->body;
}

static void
has(const struct browser *b, const char *text)
{
	if (strstr(b->body, text) == NULL)
		fail_msg("there is no %s in\n%.30000s", text, b->body);
}

static void
has_not(const struct browser *b, const char *text)
{
	if (strstr(b->body, text) != NULL)
		fail_msg("there is %s in\n%.30000s", text, b->body);
}

/* ---- finding --------------------------------------------------------------------------- */

static void
what_is_chosen_stands_in_the_address(void **state)
{
	(void)state;
	page(&anyone, "/");
	has(&anyone, "<link rel=\"canonical\" href=\"http://");
	has(&anyone, "2 micro-credentials</strong>");
	has(&anyone, "A &lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quote&quot; &#39;x&#39;</a>");
	page(&anyone, "/explore?audience=teachers&topic=planning&sort=newest");
	has(&anyone, "1 micro-credential</strong>");
	has(&anyone, "name=\"audience\" value=\"teachers\" checked");
	has(&anyone, "<option value=\"teachers\" selected>");
	has(&anyone, "href=\"/explore?topic=planning&amp;sort=newest\""); /* a way out of each choice */
	has(&anyone, "href=\"/explore?audience=teachers&amp;topic=planning&amp;sort=effort\"");
	/* A form sends what is empty too. */
	page(&anyone, "/explore?q=&audience=&topic=planning&evidenceType=");
	has(&anyone, "1 micro-credential</strong>");
	/* What a filter names and the catalog does not have is a mistyped link. */
	assert_int_equal(ask(&anyone, "GET", "/explore?topic=nothing-like-it", HTML, NULL), 400);
	assert_int_equal(ask(&anyone, "GET", "/explore?nonsense=1", HTML, NULL), 400);
}

static void
words_that_were_searched_for_are_text(void **state)
{
	(void)state;
	page(&anyone, "/explore?q=%%22%%3E%%3Cscript%%3Ealert(2)%%3C%%2Fscript%%3E&topic=planning");
	has_not(&anyone, "<script>");
	has(&anyone, "value=\"&quot;&gt;&lt;script&gt;alert(2)&lt;/script&gt;\"");
	page(&anyone, "/help?q=%%3Cscript%%3Ealert(3)%%3C%%2Fscript%%3E");
	has_not(&anyone, "<script>");
	page(&anyone, "/verify?credential=%%3C%%2Ftextarea%%3E%%3Cscript%%3Ealert(4)");
	has_not(&anyone, "<script>");
	has(&anyone, "We cannot find this credential.");
}

static void
nothing_found_says_what_would_be(void **state)
{
	(void)state;
	page(&anyone, "/explore?topic=planning&audience=leaders");
	has(&anyone, "Nothing matches all of this.");
	has(&anyone,
	    "href=\"/explore?audience=leaders\">Without <strong><bdi>Planning</bdi></strong> there is 1</a>");
	has(&anyone,
	    "href=\"/explore?topic=planning\">Without <strong><bdi>Leaders</bdi></strong> there is 1</a>");
	page(&anyone, "/explore?topic=planning&q=zzzzqq");
	has(&anyone, "Without <strong><bdi>zzzzqq</bdi></strong> there is 1</a>");
}

static void
a_script_gets_the_part_that_changes(void **state)
{
	(void)state;
	assert_int_equal(
	    ask(&anyone, "GET", "/explore?topic=planning", HTML "X-Part: results\r\n", NULL), 200);
	assert_memory_equal(anyone.body, "<form action=\"/explore\" id=\"facets\">", 36);
	has(&anyone, "<section id=\"results\"");
	has_not(&anyone, "<html");
	assert_non_null(strstr(header(&anyone, "Vary"), "X-Part"));
}

/* CAT-3: each question counts after the answers before it; the last asks whether there is anything else. */
static void
three_questions_lead_to_what_fits(void **state)
{
	(void)state;
	page(&anyone, "/explore/guide");
	has(&anyone, "Question 1 of 3. 2 micro-credentials fit so far.");
	has(&anyone, "type=\"checkbox\" name=\"audience\" value=\"leaders\"");
	has(&anyone, "name=\"step\" value=\"2\"");
	page(&anyone, "/explore/guide?audience=teachers&step=2");
	has(&anyone, "Question 2 of 3. 1 micro-credential fits so far.");
	has(&anyone, "type=\"hidden\" name=\"audience\" value=\"teachers\"");
	has(&anyone, "<label class=\"check zero\"><input type=\"checkbox\" name=\"topic\" value=\"leading\"");
	page(&anyone, "/explore/guide?audience=teachers&topic=leading&step=3");
	has(&anyone, "Nothing fits your answers so far.");
	has(&anyone, "<form action=\"/explore\" class=\"guide mt\">");
	has(&anyone, "name=\"onlyEvidence\" value=\"true\"");
	page(&anyone, "/explore?audience=teachers&topic=planning&onlyEvidence=true");
	has(&anyone, "Fits: <bdi>Teachers</bdi>, <bdi>Planning</bdi></p>");
	has(&anyone, "href=\"/explore?topic=planning&amp;onlyEvidence=true\"");
	page(&anyone, "/explore/guide?step=99");
	has(&anyone, "Question 1 of 3.");
}

/* ---- one of them -------------------------------------------------------------------------- */

static void
a_micro_credential_is_shown_whole(void **state)
{
	(void)state;
	page(&anyone, "/mc/%s", micro_credential);
	has(&anyone, "Submit today and you have a result by <strong>");
	has(&anyone, "business day 14</li>");
	has(&anyone, "<h3 dir=\"auto\">Plan &lt;b&gt;</h3>");
	has(&anyone, "\"@type\":\"EducationalOccupationalCredential\"");
	/* JSON in a script: no tag can end it. */
	has(&anyone,
	    "\"name\":\"A \\u003cscript\\u003ealert(1)\\u003c/script\\u003e \\u0026 \\u0022quote\\u0022 'x'\"");
	has(&anyone, "<meta property=\"og:title\" content=\"A &lt;script&gt;");
	has(&anyone, "<meta property=\"og:image\" content=\"http://");
	has(&anyone, "href=\"/signin?next=%2Fmc%2F");
	/* A link that no browser should follow is none. */
	has(&anyone, "<a rel=\"noopener\" href=\"https://example.org/?a=1&amp;b=%22\"");
	assert_int_equal(
	    ask(&anyone, "GET", "/mc/" ISSUER "~0198c0de-0000-7000-8000-000000000001", HTML, NULL), 404);
	has(&anyone, "There is nothing at this address");
	page(&anyone, "/issuers/" ISSUER);
	has(&anyone, "River &lt;School&gt;");
	has(&anyone, "Saturday, Sunday");
}

static void
a_draft_is_begun_and_gone_on_with(void **state)
{
	char body[200], link[200], id[100];

	(void)state;
	page(&eve, "/mc/%s", micro_credential);
	has(&eve, "data-api=\"/api/v1/submissions\"");
	has(&eve, "<noscript>");
	snprintf(body, sizeof(body), "{\"microCredentialId\":\"%s\"}", micro_credential);
	for (int i = 0; i < 200 && ask(&eve, "POST", "/api/v1/submissions", "", body) != 201; i++)
		usleep(50000);
	assert_int_equal(eve.status, 201);
	snprintf(id, sizeof(id), "%s", text_of(&eve, "id"));
	snprintf(link, sizeof(link), "href=\"/drafts/%s\">Continue your draft</a>", id);
	page(&eve, "/mc/%s", micro_credential);
	has(&eve, link);
	page(&eve, "/explore");
	has(&eve, "Draft started</span>");
	has(&eve, "aria-hidden=\"true\">S</span>"); /* her name is Somebody */
	page(&anyone, "/explore");
	has_not(&anyone, "Draft started");

	/* What is not handed in says so. */
	page(&eve, "/submissions/%s/sent", id);
	has(&eve, "This is not handed in yet");
	page(&eve, "/submissions/%s/result", id);
	has(&eve, "There is no result yet");
	snprintf(link, sizeof(link), "/submissions/%s/result", id);
	assert_int_equal(ask(&admin_browser, "GET", link, HTML, NULL), 404); /* it is hers alone */
	assert_int_equal(ask(&anyone, "GET", link, HTML, NULL), 303);
}

/* ---- credentials ----------------------------------------------------------------------------- */

static void
a_credential_says_first_how_it_stands(void **state)
{
	(void)state;
	page(&anyone, "/c/" ISSUER "~" CREDENTIAL);
	has(&anyone, "The signature does not hold</span>"); /* it was forged by this test */
	has(&anyone, "&lt;img src=x onerror=alert(1)&gt;</h1>");
	has(&anyone, "rel=\"alternate\" type=\"application/ld+json\"");
	has(&anyone, ".png\">Picture (PNG)</a>");
	sql("UPDATE credential.credentials SET state = 'revoked' WHERE id = '" CREDENTIAL "'");
	page(&anyone, "/c/" ISSUER "~" CREDENTIAL);
	has(&anyone, "<div class=\"cred gone\">");
	assert_true(
	    strstr(anyone.body, "Revoked by its issuer. No longer valid") < strstr(anyone.body, "<h1"));
	has_not(&anyone, "Verified just now");
	page(&anyone, "/verify?credential=http%%3A%%2F%%2Fvouch.example%%2Fc%%2F" ISSUER "~" CREDENTIAL);
	has(&anyone, "Does not hold</span>");
	assert_int_equal(ask(&anyone, "GET", "/credentials/" ISSUER "~" CREDENTIAL, HTML, NULL), 303);
	assert_string_equal(header(&anyone, "Location"), "/c/" ISSUER "~" CREDENTIAL);
	assert_int_equal(
	    ask(&anyone, "GET", "/c/" ISSUER "~" CREDENTIAL, "Accept: application/vc+jwt\r\n", NULL), 303);
	assert_string_equal(header(&anyone, "Location"), "/api/v1/credentials/" ISSUER "~" CREDENTIAL);
	assert_int_equal(ask(&anyone, "GET", "/api/v1/credentials/" ISSUER "~" CREDENTIAL, HTML, NULL), 303);
	assert_string_equal(header(&anyone, "Location"), "/c/" ISSUER "~" CREDENTIAL);
}

/* ---- help -------------------------------------------------------------------------------------- */

static void
an_article_is_text_with_marks_and_nothing_else(void **state)
{
	(void)state;
	assert_int_equal(
	    ask(&admin_browser, "PUT", "/api/v1/studio/articles/due-dates", "",
		"{\"title\":\"Due <dates>\",\"summary\":\"When\",\"language\":\"en\",\"body\":\"# One\\n\\n**bold** "
		"<script>alert(1)</script>\\n\\n[x](javascript:alert(1)) [y](https://example.org/)\"}"),
	    200);
	page(&anyone, "/help?q=due");
	has(&anyone, "Due &lt;dates&gt;</a>");
	page(&anyone, "/help/due-dates");
	has(&anyone, "<h1>Due &lt;dates&gt;</h1>");
	has(&anyone, "<h2>One</h2>"); /* below the title of the page */
	has(&anyone, "<strong>bold</strong>");
	has(&anyone, "<a href=\"https://example.org/\">y</a>");
	has_not(&anyone, "javascript:");
	page(&anyone, "/help?q=zzzzqq");
	has(&anyone, "href=\"/help/new?subject=zzzzqq\"");
	assert_int_equal(ask(&anyone, "GET", "/help/new?subject=zzzzqq", HTML, NULL), 303);
	page(&eve, "/help/new?subject=%%3Cscript%%3Ealert(1)&submission=V-1");
	has(&eve, " data-key");
	has(&eve, "value=\"&lt;script&gt;alert(1)\"");
	assert_int_equal(ask(&eve, "GET", "/help/new?colour=red", HTML, NULL), 400);
}

/* ---- who and in which language -------------------------------------------------------------------- */

static void
a_page_of_an_account_leads_to_signing_in_and_back(void **state)
{
	(void)state;
	assert_int_equal(ask(&anyone, "GET", "/drafts/x?a=1", HTML, NULL), 303);
	assert_string_equal(header(&anyone, "Location"), "/signin?next=%2Fdrafts%2Fx%3Fa%3D1");
	page(&anyone, "/signin?next=%%2Fdrafts%%2Fx");
	has(&anyone, "data-next=\"/drafts/x\"");
	page(&anyone, "/signin?next=%%2F%%2Fevil.example");
	has(&anyone, "data-next=\"/work\"");
	page(&anyone, "/join?next=https%%3A%%2F%%2Fevil.example");
	has(&anyone, "data-next=\"/work\"");
	page(&anyone, "/signin?next=%%2F%%5Cevil.example");
	has(&anyone, "data-next=\"/work\"");
	page(&anyone, "/confirm");
	has(&anyone, "data-token hidden");
	page(&anyone, "/reset");
	has(&anyone, "data-api=\"/api/v1/accounts/password\"");
	page(&eve, "/signout");
	has(&eve, "data-verb=\"DELETE\"");
	assert_int_equal(
	    ask(&anyone, "GET", "/drafts/x", "", NULL), 303); /* a page is for people, whatever they say */
}

static void
the_reader_chooses_language_and_colours(void **state)
{
	(void)state;
	page(&anyone, "/explore");
	has(&anyone, "<html lang=\"en\" dir=\"ltr\">");
	assert_int_equal(
	    ask(&anyone, "GET", "/explore", HTML "Accept-Language: es-MX, en;q=0.5\r\n", NULL), 200);
	has(&anyone, "<html lang=\"es\" dir=\"ltr\">");
	assert_string_equal(header(&anyone, "Content-Language"), "es");
	assert_int_equal(ask(&anyone, "GET", "/explore",
			     HTML "Accept-Language: es\r\nCookie: lang=ar; theme=dark\r\n", NULL),
	    200);
	has(&anyone, "<html lang=\"ar\" dir=\"rtl\" data-theme=\"dark\">");
	assert_int_equal(
	    ask(&anyone, "GET", "/explore?lang=en", HTML "Cookie: lang=ar; theme=<x>\r\n", NULL), 200);
	has(&anyone, "<html lang=\"en\" dir=\"ltr\">");
	has(&anyone, "hreflang=\"es\" href=\"http");

	assert_int_equal(
	    ask(&anyone, "GET", "/preferences?lang=es&next=%2Fexplore%3Flang%3Dar%26q%3Dx", HTML, NULL), 303);
	assert_string_equal(header(&anyone, "Location"), "/explore?q=x");
	assert_non_null(strstr(header(&anyone, "Set-Cookie"), "lang=es; Path=/; SameSite=Lax"));
	assert_int_equal(
	    ask(&anyone, "GET", "/preferences?theme=auto&next=%2F%2Fevil.example", HTML, NULL), 303);
	assert_string_equal(header(&anyone, "Location"), "/");
	assert_non_null(strstr(header(&anyone, "Set-Cookie"), "theme=; "));
	assert_non_null(strstr(header(&anyone, "Set-Cookie"), "Max-Age=0"));
	assert_int_equal(ask(&anyone, "GET", "/preferences?lang=tlh%0d%0aX:y&next=%2F", HTML, NULL), 303);
	assert_null(header(&anyone, "Set-Cookie"));
}

static void
problems_have_words_and_a_reference(void **state)
{
	(void)state;
	assert_int_equal(ask(&anyone, "GET", "/no/such/page", HTML "Accept-Language: es\r\n", NULL), 404);
	has(&anyone, "No hay nada en esta direcci\u00f3n");
	has(&anyone, header(&anyone, "X-Request-Id"));
	has(&anyone, "<meta name=\"robots\" content=\"noindex\">");
	assert_int_equal(ask(&anyone, "GET", "/no/such/page", "", NULL), 404);
	assert_string_equal(header(&anyone, "Content-Type"), "application/problem+json");
}

static void
a_seal_is_made_from_its_name(void **state)
{
	char path[100];
	const char *at;

	(void)state;
	page(&anyone, "/mc/%s", micro_credential);
	at = strstr(anyone.body, "src=\"/seal/");
	assert_non_null(at);
	snprintf(path, sizeof(path), "%.*s", (int)strcspn(at + 5, "\""), at + 5);
	assert_int_equal(ask(&anyone, "GET", path, "", NULL), 200);
	assert_string_equal(header(&anyone, "Content-Type"), "image/svg+xml");
	assert_non_null(strstr(header(&anyone, "Cache-Control"), "immutable"));
	assert_memory_equal(anyone.body, "<svg ", 5);
	for (const char *const *bad =
		 (const char *const[]){"/seal/x.svg", "/seal/00000000-360.svg", "/seal/0-1.svg",
			 "/seal/00000000-1.svgx", "/seal/00000000--1.svg", "/seal/zzzzzzzz-1.svg", NULL};
	    *bad != NULL; bad++)
		assert_int_equal(ask(&anyone, "GET", *bad, "", NULL), 404);
}

static void
a_page_is_packed_for_who_takes_it(void **state)
{
	size_t whole;

	(void)state;
	page(&anyone, "/explore");
	whole = anyone.body_len;
	assert_null(header(&anyone, "Content-Encoding"));
	assert_int_equal(ask(&anyone, "GET", "/explore", HTML "Accept-Encoding: gzip, br\r\n", NULL), 200);
	assert_string_equal(header(&anyone, "Content-Encoding"), "gzip");
	assert_true(anyone.body_len < whole / 2);
	assert_memory_equal(anyone.body, "\x1f\x8b", 2);
	assert_int_equal(ask(&anyone, "GET", "/explore", HTML "Accept-Encoding: gzip;q=0\r\n", NULL), 200);
	assert_null(header(&anyone, "Content-Encoding"));
}

static void
a_page_that_the_browser_has_is_not_sent_again(void **state)
{
	char tag[1200];

	(void)state;
	page(&anyone, "/explore");
	snprintf(tag, sizeof(tag), HTML "If-None-Match: %s\r\n", header(&anyone, "ETag"));
	assert_int_equal(ask(&anyone, "GET", "/explore", tag, NULL), 304);
	assert_int_equal(anyone.body_len, 0);
	assert_int_equal(ask(&anyone, "GET", "/explore?lang=es", tag, NULL), 200);
	assert_int_equal(ask(&anyone, "HEAD", "/explore", HTML, NULL), 200);
	assert_non_null(strstr(tag, header(&anyone, "ETag")));
}

/* ---- the group ------------------------------------------------------------------------------------- */

static bool
import(const char *document)
{
	char body[3000];

	snprintf(body, sizeof(body), "{\"issuerId\":\"" ISSUER "\",\"document\":%s}", document);
	if (ask(&admin_browser, "POST", "/api/v1/studio/imports", "", body) == 200)
		return true;
	print_error("%s\n", admin_browser.body);
	return false;
}

static int
open_pages(void **state)
{
	if (open_world(state) != 0 || !seed("eve@example.org", "[]") ||
	    !seed("ada@example.org",
		"[{\"issuerId\":\"*\",\"role\":\"platform_admin\"},{\"issuerId\":\"*\",\"role\":\"issuer_owner\"}]"))
		return -1;
	sign_in(&admin_browser, "ada@example.org");
	sign_in(&eve, "eve@example.org");
	if (ask(&admin_browser, "POST", "/api/v1/studio/issuers", "",
		"{\"id\":\"" ISSUER "\",\"profile\":{\"name\":\"River <School>\"},"
		"\"calendar\":{\"timeZone\":\"Europe/Berlin\",\"weekend\":[\"sat\",\"sun\"]}}") != 201 ||
	    !import("{\"key\":\"other\",\"title\":\"Leading\",\"summary\":\"Lead.\",\"language\":\"en\","
		    "\"competency\":\"Leads.\",\"keyMethod\":\"Lead.\",\"audiences\":[\"Leaders\"],"
		    "\"topics\":[\"Leading\"],\"methodComponents\":[{\"id\":\"m1\",\"title\":\"Lead\"}]}") ||
	    !import(
		"{\"key\":\"hostile\",\"title\":\"" HOSTILE "\",\"summary\":\"<img src=x onerror=alert(1)>\","
		"\"language\":\"en\",\"competency\":\"</script><script>alert(1)</script>\","
		"\"keyMethod\":\"Plan.\",\"audiences\":[\"Teachers\"],\"topics\":[\"Planning\"],"
		"\"resources\":[{\"title\":\"<b>\",\"url\":\"https://example.org/?a=1&b=%22\"}],"
		"\"methodComponents\":[{\"id\":\"m1\",\"title\":\"Plan <b>\"}]}"))
		return -1;
	snprintf(micro_credential, sizeof(micro_credential), "%s", text_of(&admin_browser, "id"));
	sql("INSERT INTO credential.credentials (issuer_id, id, submission_id, earner_id, title, recipient_name, "
	    "competency, method_components, criteria, issued_at, key_id, url, jwt, document) VALUES ('" ISSUER
	    "', '" CREDENTIAL "', '" CREDENTIAL "', '" CREDENTIAL
	    "', '<img src=x onerror=alert(1)>', 'Eve <b>', 'c', "
	    "'{}', 'one', now(), 'k', 'u', 'eyJ.e30.AA', '{\"credentialSubject\":{\"achievement\":{\"id\":\"x\"}}}')");
	return 0;
}

static int
close_pages(void **state)
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
		cmocka_unit_test(what_is_chosen_stands_in_the_address),
		cmocka_unit_test(words_that_were_searched_for_are_text),
		cmocka_unit_test(nothing_found_says_what_would_be),
		cmocka_unit_test(a_script_gets_the_part_that_changes),
		cmocka_unit_test(three_questions_lead_to_what_fits),
		cmocka_unit_test(a_micro_credential_is_shown_whole),
		cmocka_unit_test(a_draft_is_begun_and_gone_on_with),
		cmocka_unit_test(a_credential_says_first_how_it_stands),
		cmocka_unit_test(an_article_is_text_with_marks_and_nothing_else),
		cmocka_unit_test(a_page_of_an_account_leads_to_signing_in_and_back),
		cmocka_unit_test(the_reader_chooses_language_and_colours),
		cmocka_unit_test(problems_have_words_and_a_reference),
		cmocka_unit_test(a_seal_is_made_from_its_name),
		cmocka_unit_test(a_page_is_packed_for_who_takes_it),
		cmocka_unit_test(a_page_that_the_browser_has_is_not_sent_again),
	};

	return cmocka_run_group_tests(tests, open_pages, close_pages);
}
