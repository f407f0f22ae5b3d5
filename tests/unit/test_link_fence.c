// links: submission_checks
/*
 * test_link_fence.c: no form of address, no answer of a name server and no
 * redirect makes the link check reach this host or its network (attack A6).
 */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "arena.h"
#include "canary.h"
#include "link.h"

static const struct page pages[] = {
	{"/to-ipv6", "HTTP/1.1 302 Found\r\nLocation: http://[::1]:%d/canary\r\n\r\n"},
	{"/to-mapped", "HTTP/1.1 302 Found\r\nLocation: http://[::ffff:127.0.0.1]:%d/canary\r\n\r\n"},
	{"/to-decimal", "HTTP/1.1 302 Found\r\nLocation: http://127.1.2.3:%d/canary\r\n\r\n"},
	{"/to-name", "HTTP/1.1 302 Found\r\nLocation: http://localhost:%d/canary\r\n\r\n"},
	{"/to-metadata", "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest/meta-data/\r\n\r\n"},
	{"/to-rebind", "HTTP/1.1 302 Found\r\nLocation: http://rebind.example:%d/canary\r\n\r\n"},
	{NULL, NULL},
};

/* Each names this host, or what only it can reach; %d is the port of the canary. */
static const char *const forms[] = {
	"http://127.0.0.1:%d/",
	"http://localhost:%d/",
	"http://LOCALHOST:%d/",
	"http://localhost.:%d/",
	"http://ip6-localhost:%d/",
	"http://127.1:%d/",
	"http://127.0.1:%d/",
	"http://127.255.255.254:%d/",
	"http://2130706433:%d/",
	"http://017700000001:%d/",
	"http://0x7f000001:%d/",
	"http://0x7f.0.0.1:%d/",
	"http://0177.0.0.1:%d/",
	"http://0177.0.0.01:%d/",
	"http://0x7f.1:%d/",
	"http://127.0x0.0.1:%d/",
	"http://0:%d/",
	"http://0.0.0.0:%d/",
	"http://00000000:%d/",
	"http://0x0:%d/",
	"http://0.0:%d/",
	"http://127.0.0.1.:%d/",
	"http://%%31%%32%%37.0.0.1:%d/",
	"http://%%6c%%6f%%63alhost:%d/",
	"http://[::1]:%d/",
	"http://[0:0:0:0:0:0:0:1]:%d/",
	"http://[0000::0001]:%d/",
	"http://[::]:%d/",
	"http://[::ffff:127.0.0.1]:%d/",
	"http://[::ffff:7f00:1]:%d/",
	"http://[0:0:0:0:0:ffff:127.0.0.1]:%d/",
	"http://[::ffff:0:127.0.0.1]:%d/",
	"http://[::127.0.0.1]:%d/",
	"http://[64:ff9b::127.0.0.1]:%d/",
	"http://[64:ff9b:1::7f00:1]:%d/",
	"http://[2002:7f00:1::]:%d/",
	"http://[2001:0:7f00:1::]:%d/",
	"http://[fe80::1]:%d/",
	"http://[fe80::1%%25lo]:%d/",
	"http://[fc00::1]:%d/",
	"http://[fd00:ec2::254]:%d/",
	"http://[ff02::1]:%d/",
	"http://[2001:db8::1]:%d/",
	"http://[100::1]:%d/",
	"http://[3fff::1]:%d/",
	"http://10.0.0.1:%d/",
	"http://10.255.255.255:%d/",
	"http://172.16.0.1:%d/",
	"http://172.31.255.1:%d/",
	"http://192.168.0.1:%d/",
	"http://192.168.1.254:%d/",
	"http://169.254.169.254:%d/latest/meta-data/",
	"http://2852039166:%d/",
	"http://0xa9fea9fe:%d/",
	"http://0251.0376.0251.0376:%d/",
	"http://100.64.0.1:%d/",
	"http://100.100.100.200:%d/",
	"http://168.63.129.16:%d/",
	"http://192.0.0.192:%d/",
	"http://198.18.0.1:%d/",
	"http://198.51.100.1:%d/",
	"http://203.0.113.1:%d/",
	"http://192.0.2.1:%d/",
	"http://192.88.99.1:%d/",
	"http://224.0.0.1:%d/",
	"http://239.255.255.250:%d/",
	"http://240.0.0.1:%d/",
	"http://255.255.255.255:%d/",
	"http://\xe2\x91\xa0\xe2\x91\xa1\xe2\x91\xa6.\xe2\x93\xaa.\xe2\x93\xaa.\xe2\x91\xa0:%d/",
	"http://127\xe3\x80\x82"
	"0\xe3\x80\x82"
	"0\xe3\x80\x82"
	"1:%d/",
	"http://rebind.example:%d/",
	"http://mapped.example:%d/",
	"http://metadata.example:%d/",
	"http://six.example:%d/",
	"http://public.example@127.0.0.1:%d/",
	"http://public.example:80@127.0.0.1:%d/",
	"http://a:b@127.0.0.1:%d/",
	"http://127.0.0.1:%d#@public.example/",
	"http://127.0.0.1:%d?@public.example/",
	"http:\\\\127.0.0.1:%d\\",
	"http://127.0.0.1:%d\\@public.example/",
	"http:///127.0.0.1:%d/",
	"http:127.0.0.1:%d/",
	"//127.0.0.1:%d/",
	"127.0.0.1:%d",
	"https://127.0.0.1:%d/",
	"HTTP://127.0.0.1:%d/",
	"http://127.0.0.1 :%d/",
	"http://\t127.0.0.1:%d/",
	"http://127.0.0.1\r\nHost: x:%d/",
	" http://127.0.0.1:%d/",
	"ftp://127.0.0.1:%d/",
	"gopher://127.0.0.1:%d/_GET",
	"file://127.0.0.1:%d/etc/passwd",
	"dict://127.0.0.1:%d/",
	"telnet://127.0.0.1:%d/",
	"ldap://127.0.0.1:%d/",
	"smb://127.0.0.1:%d/",
	"ws://127.0.0.1:%d/",
	"javascript://127.0.0.1:%d/",
	"unix://127.0.0.1:%d/",
};

/* Names that a hostile name server answers with addresses of this host. */
static const char *const answers[] = {"rebind.example:%d:203.0.113.7,127.0.0.1",
	"mapped.example:%d:[::ffff:127.0.0.1]", "metadata.example:%d:169.254.169.254",
	"six.example:%d:[::1]"};

static void
no_form_of_address_reaches_this_host(void **state)
{
	char url[LINE], names[4][LINE], place[LINE];
	const uint16_t ports[] = {(uint16_t)server.port, 80, 443, 0};
	const char *addresses[] = {with_port(answers[0], names[0]), with_port(answers[1], names[1]),
		with_port(answers[2], names[2]), with_port(answers[3], names[3]), NULL};
	struct link_config config = {.timeout_ms = 3000, .ports = ports, .addresses = addresses};
	size_t n = sizeof(forms) / sizeof(forms[0]);
	struct link_result result;
	struct arena arena = {0};

	(void)state;
	assert_true(n >= 60);
	int before = atomic_load(&server.requests);
	for (size_t i = 0; i < n; i++) {
		link_probe(&arena, with_port(forms[i], url), &config, &result);
		if (result.state != LINK_REFUSED && result.state != LINK_UNKNOWN)
			fail_msg("%s is %s", forms[i], link_state_name(result.state));
		if (atomic_load(&server.requests) != before)
			fail_msg("%s has reached the canary", forms[i]);
		arena_reset(&arena);
	}

	/* The canary lives: with the allowance the first form reaches it. */
	const char *allowed[] = {with_port("127.0.0.1:%d", place), NULL};
	config.allowed = allowed;
	link_probe(&arena, with_port(forms[0], url), &config, &result);
	assert_int_equal(result.state, LINK_OPEN);
	assert_int_equal(atomic_load(&server.requests), before + 1);
	arena_reset(&arena);
}

/* A place that is allowed sends the visitor on to one that is not. */
static void
no_redirect_reaches_this_host(void **state)
{
	static const char *const paths[] = {
		"/to-ipv6", "/to-mapped", "/to-decimal", "/to-name", "/to-metadata", "/to-rebind"};
	char url[LINE], allowed[LINE], name[LINE];
	const char *all[] = {with_port("127.0.0.1:%d", allowed), NULL};
	const char *addresses[] = {with_port(answers[0], name), NULL};
	const uint16_t ports[] = {(uint16_t)server.port, 80, 443, 0};
	struct link_config config = {
		.timeout_ms = 3000, .allowed = all, .ports = ports, .addresses = addresses};
	struct link_result result;
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		int before = atomic_load(&server.requests);

		snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", server.port, paths[i]);
		link_probe(&arena, url, &config, &result);
		assert_int_equal(result.state, LINK_REFUSED);
		assert_string_equal(result.rule, "private_address");
		assert_int_equal(atomic_load(&server.requests), before + 1);
		arena_reset(&arena);
	}
}

static void
ports_and_forms_have_rules(void **state)
{
	static const struct {
		const char *url, *rule;
	} facts[] = {
		{"http://example.com:22/", "port_not_allowed"},
		{"https://example.com:8443/", "port_not_allowed"},
		{"http://user@example.com/", "not_a_web_address"},
		{"ftp://example.com/", "not_a_web_address"},
		{"mailto:ana@example.com", "not_a_web_address"},
		{"", "not_a_web_address"},
		{"example.com", "not_a_web_address"},
		{"http://", "not_a_web_address"},
		{"http://exa mple.com/", "not_a_web_address"},
	};
	char *long_url = malloc(LINK_URL_MAX + 20);
	struct link_config config = {0};
	struct link_result result;
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		link_probe(&arena, facts[i].url, &config, &result);
		if (result.state != LINK_REFUSED || strcmp(result.rule, facts[i].rule) != 0)
			fail_msg("%s: %s, %s", facts[i].url, link_state_name(result.state), result.rule);
	}
	assert_non_null(long_url);
	memset(stpcpy(long_url, "http://127.0.0.1/"), 'a', LINK_URL_MAX);
	long_url[LINK_URL_MAX + 17] = '\0';
	link_probe(&arena, long_url, &config, &result);
	assert_string_equal(result.rule, "not_a_web_address");
	free(long_url);
	arena_reset(&arena);
}

static void
public_addresses(void **state)
{
	static const struct {
		const char *address;
		bool is_public;
	} facts[] = {
		{"8.8.8.8", true},
		{"1.1.1.1", true},
		{"9.255.255.255", true},
		{"11.0.0.0", true},
		{"100.63.255.255", true},
		{"100.128.0.0", true},
		{"172.15.255.255", true},
		{"172.32.0.0", true},
		{"192.167.255.255", true},
		{"198.17.255.255", true},
		{"198.20.0.0", true},
		{"223.255.255.255", true},
		{"2606:4700::1111", true},
		{"2a00:1450:4001::1", true},
		{"2001:4860:4860::8888", true},
		{"2001:200::1", true},
		{"3ffe::1", true},
		{"10.0.0.0", false},
		{"100.64.0.0", false},
		{"100.127.255.255", false},
		{"127.0.0.1", false},
		{"0.0.0.0", false},
		{"169.254.0.1", false},
		{"172.16.0.0", false},
		{"172.31.255.255", false},
		{"192.0.0.1", false},
		{"192.168.255.255", false},
		{"198.19.255.255", false},
		{"224.0.0.0", false},
		{"255.255.255.255", false},
		{"::", false},
		{"::1", false},
		{"::ffff:8.8.8.8", false},
		{"64:ff9b::808:808", false},
		{"fc00::1", false},
		{"fdff::1", false},
		{"fe80::1", false},
		{"ff02::1", false},
		{"2001::1", false},
		{"2001:1ff::1", false},
		{"2001:db8::1", false},
		{"2002:808:808::1", false},
		{"3fff:fff::1", false},
		{"4000::1", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		struct sockaddr_in in = {.sin_family = AF_INET};
		struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
		bool is_4 = inet_pton(AF_INET, facts[i].address, &in.sin_addr) == 1;
		const struct sockaddr *address = is_4 ? (struct sockaddr *)&in : (struct sockaddr *)&in6;

		assert_true(is_4 || inet_pton(AF_INET6, facts[i].address, &in6.sin6_addr) == 1);
		if (link_address_is_public(address) != facts[i].is_public)
			fail_msg("%s", facts[i].address);
	}
	struct sockaddr local = {.sa_family = AF_UNIX};
	assert_false(link_address_is_public(&local));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_form_of_address_reaches_this_host),
		cmocka_unit_test(no_redirect_reaches_this_host),
		cmocka_unit_test(ports_and_forms_have_rules),
		cmocka_unit_test(public_addresses),
	};

	server.pages = pages;
	return cmocka_run_group_tests(tests, server_start, server_stop);
}
