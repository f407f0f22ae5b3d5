// links: identity_service
/* What may stand in the name of a person. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "name.h"

static void
names_of_people_are_plain(void **state)
{
	static const char *const names[] = {"Gil", "Gil Amsel",
		("Ren\xc3\xa9"
		 "e O'Neil-M\xc3\xbcller"),
		"\xe6\x9d\x8e\xe5\xb0\x8f\xe9\xbe\x99", "\xd7\x93\xd7\x95\xd7\x93",
		"\xd9\x85\xd8\xb1\xd9\x8a\xd9\x85", "J.", "Dr. X, PhD", "<b>Bold</b>", "1"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!name_is_plain(names[i]))
			fail_msg("%s", names[i]);
}

static void
names_that_reach_beyond_their_place_are_not(void **state)
{
	static const char *const names[] = {"", " ", "\t", "Gil\nBcc: x", "Gil\r", "Gil\x1b[31m", "Gil\x7f",
		"\xe2\x80\xaeliG", "Gil\xe2\x81\xa6", "Gil\xe2\x80\xa8x", "\xe2\x80\x8b", "Gil\xff",
		"Gil\xc3", "G\xc2\x85il", "\xc2\xa0"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (name_is_plain(names[i]))
			fail_msg("row %zu", i);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_people_are_plain),
		cmocka_unit_test(names_that_reach_beyond_their_place_are_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
