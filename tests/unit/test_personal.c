// links: submission_checks
/*
 * test_personal.c: personal information in texts (DRF-5), as tables of facts.
 * The passage that must be found stands in ⟦ ⟧; a text without brackets must
 * give nothing. All people, numbers and addresses are invented or reserved.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arena.h"
#include "personal.h"

struct fact {
	const char *type; /* of each passage in brackets */
	const char *text;
};

static const char open_mark[] = "⟦", close_mark[] = "⟧";

enum { MARK = 3, PASSAGES_MAX = 8 };

/* Takes the brackets out of MARKED; their places in code points go to WANT, in pairs. */
static size_t
unmark(const char *marked, char *text, size_t *want)
{
	size_t n = 0, points = 0;

	while (*marked != '\0') {
		if (strncmp(marked, open_mark, MARK) == 0 || strncmp(marked, close_mark, MARK) == 0) {
			assert_true(n < 2 * PASSAGES_MAX);
			want[n++] = points;
			marked += MARK;
			continue;
		}
		points += ((unsigned char)*marked & 0xc0) != 0x80;
		*text++ = *marked++;
	}
	*text = '\0';
	return n / 2;
}

static void
hold(const struct fact *facts)
{
	struct arena arena = {0};
	int broken = 0;

	for (; facts->text != NULL; facts++) {
		char text[1024];
		size_t want[2 * PASSAGES_MAX];
		size_t n = unmark(facts->text, text, want);
		struct personal_findings found;

		assert_true(personal_find(&arena, text, strlen(text), &found));
		bool right = found.complete && found.n == n;
		for (size_t i = 0; right && i < n; i++)
			right = found.list[i].start == want[2 * i] && found.list[i].end == want[2 * i + 1] &&
			    strcmp(personal_type_name(found.list[i].type), facts->type) == 0;
		if (right)
			continue;
		broken++;
		print_error("\"%s\" wants %zu %s, has %zu:\n", facts->text, n, facts->type, found.n);
		for (size_t i = 0; i < found.n; i++)
			print_error("\t%s %zu-%zu \"%s\"\n", personal_type_name(found.list[i].type),
			    found.list[i].start, found.list[i].end, found.list[i].excerpt);
	}
	arena_reset(&arena);
	assert_int_equal(broken, 0);
}

static void
mail_addresses(void **state)
{
	static const struct fact facts[] = {
		{"email", "Write to ⟦ana.lopez+school@example.org⟧."},
		{"email", "Mail ⟦a_b@sub.example.co.uk⟧, or <⟦x@example.com⟧>; both work."},
		{"email", "Écrivez à ⟦zoé@exämple.example⟧ !"},
		{"email", "mailto:⟦o'neil@example.net⟧"},
		{"email", "ana ⟦lopez (at) example (dot) org⟧"},
		{"email", "⟦someone@xn--80ak6aa92e.example⟧"},
		{"email", "We meet @ noon, 3@4 and a@b are sums."},
		{"email", "The decorator @example.com is not one."},
		{NULL, NULL},
	};

	(void)state;
	hold(facts);
}

static void
telephone_numbers(void **state)
{
	static const struct fact facts[] = {
		{"phone", "Call ⟦+1 202 555 0143⟧ now."},
		{"phone", "His number: ⟦(202) 555-0143⟧; hers ⟦202-555-0144⟧."},
		{"phone", "⟦202.555.0143⟧ is the office"},
		{"phone", "or ⟦555-123-4567⟧"},
		{"phone", "⟦+44 7700 900123⟧ or ⟦+49 30 23125 014⟧"},
		{"phone", "Ring ⟦020 7946 0018⟧ after six."},
		{"phone", "Tel.: ⟦01 23 45 67 89⟧"},
		{"phone", "⟦01.23.45.67.89⟧"},
		{"phone", "Handy ⟦0151 23456789⟧"},
		{"phone", "Mobile: ⟦07700900123⟧"},
		{"phone", "My mum's phone is ⟦555 0143⟧."},
		{"phone", "teléfono ⟦912 345 678⟧"},
		{"phone", "電話：03"},
		{"phone", "The ratio was 555:1200, the year 2024-2025, the range 100-200."},
		{"phone", "ISBN 978-0-306-40615-7, ISBN 0-306-40615-2, ISSN 2049-3630"},
		{"phone", "9780306406157 and 978 0 306 40615 7"},
		{"phone", "See doi:10.1000/182 and https://doi.org/10.1234/555-0143-222"},
		{"phone", "Room 214, period 3, 10:15-11:00; page 120-345-6789"},
		{"phone", "Standard 4000-1234 and order no. 202-555-0143"},
		{"phone", "Scores rose from 61.5 to 72.25; 1,200,000 words; 3.141592653589"},
		{"phone", "The lesson of 12.03.2025 and that of 2025-03-12 went well."},
		{"phone", "It cost $1 234 567.89 or 45 000 000 €."},
		{"phone", "0747532699 is a book by its check digit."},
		{NULL, NULL},
	};

	(void)state;
	hold(facts);
}

static void
identity_numbers(void **state)
{
	static const struct fact facts[] = {
		{"national_id", "SSN ⟦123-45-6789⟧"},
		{"national_id", "it was ⟦987-65-4321⟧ on the form"},
		{"national_id", "Student number ⟦S-991132⟧ missed the task."},
		{"national_id", "student ID: ⟦00412233⟧"},
		{"national_id", "Pupil no. ⟦AB12345⟧"},
		{"national_id", "passport number ⟦X1234567⟧"},
		{"national_id", "My NINO is ⟦AB 12 34 56 C⟧ and that is it"},
		{"national_id", "driver's license ⟦D1234567⟧"},
		{"national_id", "DNI ⟦12345678Z⟧"},
		{"national_id", "⟦12345678Z⟧ in the list"},
		{"national_id", "Aadhaar ⟦3123 4567 8909⟧"},
		{"national_id", "⟦010594Y9032⟧"},
		{"national_id", "CPF ⟦529.982.247-25⟧"},
		{"national_id", "⟦756.9217.0769.85⟧ is Swiss"},
		{"national_id", "12345678A has a wrong letter"},
		{"national_id", "000-12-3456, 666-12-3456, 123-00-4567, 123-45-0000"},
		{"national_id", "The student number is 25, and student numbers rose to 1200 in 2024."},
		{"national_id", "School number 4 of the district; policy number of the class"},
		{"national_id", "Unit code 5.NBT.B.7 was the target; CCSS.MATH.CONTENT.3.OA.A.1 too"},
		{"national_id", "3123 4567 8908 fails Verhoeff"},
		{NULL, NULL},
	};

	(void)state;
	hold(facts);
}

static void
cards_and_accounts(void **state)
{
	static const struct fact cards[] = {
		{"card", "⟦4111 1111 1111 1111⟧"},
		{"card", "paid with ⟦4000-0025-0000-3155⟧ and ⟦378282246310005⟧"},
		{"card", "my card no. is ⟦5019717010103742⟧"},
		{"card", "4111 1111 1111 1112 fails Luhn"},
		{"card", "0000 0000 0000 0000 is a filler"},
		{"card", "9111111111111111 has no issuer"},
		{NULL, NULL},
	};
	static const struct fact ibans[] = {
		{"iban", "to ⟦DE89 3704 0044 0532 0130 00⟧ and then"},
		{"iban", "⟦GB82WEST12345698765432⟧"},
		{"iban", "⟦FR14 2004 1010 0505 0001 3M02 606⟧ AND MORE"},
		{"iban", "⟦NO93 8601 1117 947⟧"},
		{"iban", "DE89370400440532013001 is wrong"},
		{"iban", "GB82WEST1234569876543 is short"},
		{NULL, NULL},
	};

	(void)state;
	hold(cards);
	hold(ibans);
}

static void
network_addresses(void **state)
{
	static const struct fact facts[] = {
		{"ip_address", "The log says ⟦192.0.2.31⟧."},
		{"ip_address", "from ⟦203.0.113.7⟧, ⟦2001:db8::d761⟧ and ⟦fe80::1:2⟧"},
		{"ip_address", "[⟦2001:db8:0:0:0:0:0:1⟧]:80"},
		{"ip_address", "::ffff:⟦192.0.2.1⟧"},
		{"ip_address", "version 10.4.2.1 and v10.4.2.1, firmware 192.0.2.1"},
		{"ip_address", "section 4.2.1.3, 4.2.1.3 alone, 256.1.1.1, 1.2.3.4.5"},
		{"ip_address", "at 10:15:30, std::string, a::b, 1:2:3:4, aa:bb:cc:dd:ee:ff"},
		{NULL, NULL},
	};

	(void)state;
	hold(facts);
}

static void
postal_addresses(void **state)
{
	static const struct fact facts[] = {
		{"street", "lives at ⟦365 Maple Ave.⟧."},
		{"street", "⟦281 Station Street, Flat 2⟧, London"},
		{"street", "send it to ⟦12 N. Martin Luther King Blvd⟧ please"},
		{"street", "⟦7 St. Mary's Road⟧"},
		{"street", "we met at ⟦221B Baker Street⟧"},
		{"street", "his house is at ⟦9 Rosewood⟧, by the river"},
		{"street", "⟦Hauptstraße 12⟧ und ⟦Lange Gasse 3⟧"},
		{"street", "⟦12 rue de la Paix⟧"},
		{"street", "⟦Calle de Alcalá, 42⟧"},
		{"street", "⟦P.O. Box 1234⟧"},
		{"street", "⟦14 Orchard Close⟧, Leeds"},
		{"street", "In 2019 Main Street changed. The 3 Reading Circle groups met."},
		{"street", "5 Way Stop, 20 With Dr. King, 12 students Drive"},
		{"street", "Lösungsweg 2 ist kürzer; Arbeitsplatz 3 ist frei."},
		{"street", "Chapter 4 Road to Freedom"},
		{NULL, NULL},
	};

	(void)state;
	hold(facts);
}

static void
pages_and_user_names(void **state)
{
	static const struct fact pages[] = {
		{"url", "Her page is ⟦https://www.facebook.com/ana.lopez54⟧."},
		{"url", "see ⟦linkedin.com/in/ana-lopez⟧, please"},
		{"url", "⟦https://www.youtube.com/@analopez⟧ and (⟦https://x.com/analopez⟧)"},
		{"url", "⟦https://people.example.edu/~alopez/⟧"},
		{"url", "My blog: ⟦https://lopez.example/⟧"},
		{"url", "Search \"https://www.example.org/lesson-plans\" for the plans."},
		{"url", "https://www.youtube.com/watch?v=abc https://www.facebook.com/groups/teachers"},
		{"url", "https://github.com/vouch/vouch/blob/main/README.md"},
		{"url", "https://example.org/a?mail=ana and www.example.org/12345-6789-0123"},
		{NULL, NULL},
	};
	static const struct fact names[] = {
		{"user_name", "She posts her drafts as ⟦@maia_52⟧."},
		{"user_name", "follow ⟦@anateaches⟧ on Instagram"},
		{"user_name", "username: ⟦gil_k⟧"},
		{"user_name", "My Snapchat name is ⟦gil.k9⟧."},
		{"user_name", "Your username is used to sign in."},
		{"user_name", "@media screen, @Override, meet @home"},
		{NULL, NULL},
	};

	(void)state;
	hold(pages);
	hold(names);
}

static void
birth_dates(void **state)
{
	static const struct fact facts[] = {
		{"birth_date", "she was born on ⟦03/18/2016⟧"},
		{"birth_date", "Date of birth: ⟦2011-11-13⟧"},
		{"birth_date", "DOB ⟦12 March 2014⟧"},
		{"birth_date", "geboren am ⟦12. März 2014⟧"},
		{"birth_date", "nacido el ⟦12 de marzo de 2014⟧"},
		{"birth_date", "⟦March 12, 2014⟧ is her birthday"},
		{"birth_date", "生年月日 ⟦2014年3月12日⟧"},
		{"birth_date", "Lesson of 12/03/2025 went well; due 2025-03-12."},
		{"birth_date", "born on 99/99/2016, born in a small town in 2016"},
		{"birth_date", "Dewey was born on October 20, 1859"},
		{"birth_date", "Rosa Parks was born on February 4, 1913, not 2/4/1914."},
		{NULL, NULL},
	};

	(void)state;
	hold(facts);
}

static void
names_of_people_near(void **state)
{
	static const struct fact facts[] = {
		{"person", "My student ⟦Siobhán Rosenfeld⟧ asked first."},
		{"person", "His mother, ⟦김민서⟧, came."},
		{"person", "I co-taught with ⟦Ulrike Holloway⟧ and ⟦Wanjiru Mbeki⟧."},
		{"person", "In the picture from left: ⟦Tariq Ng⟧, ⟦Efua O'Sullivan⟧ and ⟦Chloé Singh-Rao⟧."},
		{"person", "Submitted by ⟦李小龙⟧"},
		{"person", "a student named ⟦Ravi⟧ and our principal ⟦Dana van der Berg⟧"},
		{"person", "Ms. ⟦Alvarez⟧ and Mr. ⟦Okafor⟧ watched."},
		{"person", "⟦Maya⟧ (age 9) read; ⟦Ravi⟧ is 10 years old."},
		{"person", "⟦Ravi⟧'s mother and ⟦Ana⟧’s IEP"},
		{"person", "Dear ⟦Ana⟧,"},
		{"person", "One student, ⟦Marcus⟧, tried again."},
		{"person", "Best regards,\n⟦Gil Kramer⟧\n"},
		{"person", "Name: ⟦Gil Kramer⟧\nGrade: 4"},
		{"person", "My student ⟦Jordan⟧ During the lesson slept."},
		{"person", "mi alumna ⟦Lucía Gómez⟧ leyó"},
		{"person", "As Vygotsky (1978) notes, talk comes first."},
		{"person", "Emerson and Rousseau are quoted on purpose; Mr. Dewey too."},
		{"person", "Abraham Lincoln is the subject; John Dewey (born 1859) is quoted."},
		{"person", "We studied Paris and Jordan in geography."},
		{"person", "My student Council, my students STEM, our Student Handbook"},
		{"person", "I worked with Lincoln Elementary School and Google Classroom."},
		{"person", "My students, The Reading Club and others. My class. In May we met."},
		{"person", "I am English. I'm African American."},
		{"person", "Dear Families, Dear Reviewer:"},
		{NULL, NULL},
	};

	(void)state;
	hold(facts);
}

static void
stronger_rules_win_and_nothing_overlaps(void **state)
{
	static const char text[] = "Ana Lopez <ana@example.org>, https://example.org/+12025550143 card "
				   "4111111111111111";
	struct arena arena = {0};
	struct personal_findings found;

	(void)state;
	assert_true(personal_find(&arena, text, strlen(text), &found));

	assert_int_equal(found.n, 3);
	assert_int_equal(found.list[0].type, PERSONAL_PERSON);
	assert_int_equal(found.list[1].type, PERSONAL_EMAIL);
	assert_int_equal(found.list[2].type, PERSONAL_CARD);
	assert_string_equal(found.list[1].excerpt, "ana@example.org");
	arena_reset(&arena);
}

static void
what_cannot_be_read_is_refused(void **state)
{
	struct arena arena = {0}, tiny = {.max = 64};
	struct personal_findings found;
	char *long_text = calloc(1, PERSONAL_TEXT_MAX + 1);

	(void)state;
	assert_non_null(long_text);
	assert_false(personal_find(&arena, "\xff\xfe", 2, &found));
	assert_false(personal_find(&arena, "\xed\xa0\x80", 3, &found)); /* a lone surrogate */
	assert_false(personal_find(&arena, long_text, PERSONAL_TEXT_MAX + 1, &found));
	assert_false(personal_find(&tiny, "ana@example.org", 15, &found));
	assert_int_equal(found.n, 0);

	assert_true(personal_find(&arena, "", 0, &found));
	assert_int_equal(found.n, 0);
	assert_true(personal_find(&arena, "a\0ana@example.org", 17, &found));
	assert_int_equal(found.n, 1);
	assert_int_equal(found.list[0].start, 2);
	arena_reset(&arena);
	arena_reset(&tiny);
	free(long_text);
}

static void
findings_and_excerpts_have_a_bound(void **state)
{
	enum { COPIES = 500 };
	static const char one[] = "a@example.org ";
	struct arena arena = {0};
	struct personal_findings found;
	char *text = malloc(COPIES * sizeof(one)), *at = text;
	char path[300] = "https://x.com/";

	(void)state;
	assert_non_null(text);
	for (int i = 0; i < COPIES; i++)
		at = stpcpy(at, one);
	assert_true(personal_find(&arena, text, (size_t)(at - text), &found));
	assert_int_equal(found.n, PERSONAL_FINDINGS_MAX);
	assert_false(found.complete);

	for (int i = 0; i < 100; i++)
		strcat(path, "é");
	assert_true(personal_find(&arena, path, strlen(path), &found));
	assert_int_equal(found.n, 1);
	assert_int_equal(found.list[0].end, 114);
	assert_int_equal(strlen(found.list[0].excerpt), 14 + 66 * 2); /* 80 code points, none cut in two */
	arena_reset(&arena);
	free(text);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(mail_addresses),
		cmocka_unit_test(telephone_numbers),
		cmocka_unit_test(identity_numbers),
		cmocka_unit_test(cards_and_accounts),
		cmocka_unit_test(network_addresses),
		cmocka_unit_test(postal_addresses),
		cmocka_unit_test(pages_and_user_names),
		cmocka_unit_test(birth_dates),
		cmocka_unit_test(names_of_people_near),
		cmocka_unit_test(stronger_rules_win_and_nothing_overlaps),
		cmocka_unit_test(what_cannot_be_read_is_refused),
		cmocka_unit_test(findings_and_excerpts_have_a_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
