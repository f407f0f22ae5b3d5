// links: helpdesk_service
/* The states of a ticket (3.7), its code and its words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "arena.h"
#include "instant.h"
#include "ticket.h"

static struct arena arena;

static int
end(void **state)
{
	(void)state;
	arena_reset(&arena);
	return 0;
}

static void
same(const char *got, const char *wanted)
{
	if (wanted == NULL)
		assert_null(got);
	else
		assert_string_equal(got, wanted);
}

static void
a_message_moves_a_ticket(void **state)
{
	static const struct {
		const char *from, *reply, *reply_late, *answered, *noted; /* NULL: nothing more can be said */
	} facts[] = {
		{"new", "new", "new", "waiting_person", "open"},
		{"open", "open", "open", "waiting_person", "open"},
		{"waiting_person", "open", "open", "waiting_person", "waiting_person"},
		{"waiting_review", "waiting_review", "waiting_review", "waiting_review", "waiting_review"},
		{"resolved", "open", NULL, "resolved", "resolved"},
		{"closed", NULL, NULL, NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		same(ticket_after_message(facts[i].from, TICKET_REQUESTER, false, true), facts[i].reply);
		same(
		    ticket_after_message(facts[i].from, TICKET_REQUESTER, false, false), facts[i].reply_late);
		same(ticket_after_message(facts[i].from, TICKET_AGENT, false, false), facts[i].answered);
		same(ticket_after_message(facts[i].from, TICKET_AGENT, true, false), facts[i].noted);
	}
}

static void
a_wish_moves_a_ticket(void **state)
{
	static const struct {
		const char *from, *resolved, *open, *open_late, *agent_open;
	} facts[] = {
		{"new", "resolved", "new", "new", "open"},
		{"open", "resolved", "open", "open", "open"},
		{"waiting_person", "resolved", "open", "open", "open"},
		{"waiting_review", "resolved", "waiting_review", "waiting_review", "open"},
		{"resolved", "resolved", "open", NULL, "open"},
		{"closed", NULL, NULL, NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		same(ticket_after_wish(facts[i].from, "resolved", TICKET_REQUESTER, true), facts[i].resolved);
		same(ticket_after_wish(facts[i].from, "resolved", TICKET_AGENT, true), facts[i].resolved);
		same(ticket_after_wish(facts[i].from, "open", TICKET_REQUESTER, true), facts[i].open);
		same(ticket_after_wish(facts[i].from, "open", TICKET_REQUESTER, false), facts[i].open_late);
		same(ticket_after_wish(facts[i].from, "open", TICKET_AGENT, false), facts[i].agent_open);
		same(ticket_after_wish(facts[i].from, "closed", TICKET_AGENT, true), NULL);
		assert_true(ticket_is_state(facts[i].from));
	}
	assert_false(ticket_is_state("spam"));
	assert_false(ticket_is_state(""));
}

static void
fourteen_days_are_counted_to_the_second(void **state)
{
	const int64_t days = 14 * (int64_t)DAY_SECONDS * INSTANT_SECOND;

	(void)state;
	assert_true(ticket_may_reopen(1000, 1000 + days));
	assert_false(ticket_may_reopen(1000, 1001 + days));
}

static void
a_code_is_made_of_characters_that_nobody_misreads(void **state)
{
	char code[TICKET_CODE_SIZE], other[TICKET_CODE_SIZE];

	(void)state;
	ticket_code_new(code);
	ticket_code_new(other);
	assert_int_equal(strlen(code), 11);
	assert_int_equal(strncmp(code, "T-", 2), 0);
	assert_int_equal(code[6], '-');
	assert_int_equal(strspn(code, "T-0123456789ABCDEFGHJKMNPQRSTVWXYZ"), 11);
	assert_string_not_equal(code, other);
}

static void
the_first_answer_says_what_is_known(void **state)
{
	struct ticket_facts f = {.mention = TICKET_LINKED,
		.code = "V-7K3M-92QX-5",
		.title = "Close Reading",
		.sentence = "Day 6 of 14.",
		.is_running = true};

	(void)state;
	assert_non_null(
	    strstr(ticket_first_answer(&arena, &f), "V-7K3M-92QX-5 (“Close Reading”): Day 6 of 14."));
	assert_null(strstr(ticket_first_answer(&arena, &f), "moved to the front"));
	f.is_overdue = true;
	assert_non_null(strstr(ticket_first_answer(&arena, &f), "moved to the front"));
	f.is_overdue = f.is_running = false;
	assert_non_null(strstr(ticket_first_answer(&arena, &f), "The result and the feedback"));
	f.is_withdrawn = true;
	assert_null(strstr(ticket_first_answer(&arena, &f), "result"));
	for (int mention = TICKET_NO_ID; mention <= TICKET_NO_CODE; mention++) {
		struct ticket_facts none = {.mention = (enum ticket_mention)mention};

		if (mention != TICKET_LINKED)
			assert_non_null(
			    strstr(ticket_first_answer(&arena, &none), "Somebody of the help desk"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(a_message_moves_a_ticket, end),
		cmocka_unit_test_teardown(a_wish_moves_a_ticket, end),
		cmocka_unit_test_teardown(fourteen_days_are_counted_to_the_second, end),
		cmocka_unit_test_teardown(a_code_is_made_of_characters_that_nobody_misreads, end),
		cmocka_unit_test_teardown(the_first_answer_says_what_is_known, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
