// links: identity_service
/* Networks, as limits know them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "place.h"

static void
addresses_fall_into_networks(void **state)
{
	static const struct {
		const char *address, *place;
	} rows[] = {
		{"203.0.113.9", "203.0.113.0/24"},
		{"203.0.113.255", "203.0.113.0/24"},
		{"203.0.114.9", "203.0.114.0/24"},
		{"::ffff:203.0.113.9", "203.0.113.0/24"},
		{"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
		{"2001:DB8:1:2::1", "2001:db8:1:2::/64"},
		{"2001:db8:1:3::1", "2001:db8:1:3::/64"},
		{"fe80::1", "fe80::/64"},
		{"127.0.0.1", ""},
		{"::ffff:127.0.0.1", ""},
		{"::1", ""},
		{"::", ""},
		{"", ""},
		{"host.example.org", ""},
		{"203.0.113", ""},
		{"203.0.113.9:443", ""},
		{"203.0.113.9, 198.51.100.1", ""},
	};
	char place[PLACE_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		place_of(rows[i].address, place);
		assert_string_equal(place, rows[i].place);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_fall_into_networks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
