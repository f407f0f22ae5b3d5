/*
 * main.c: the program vouch-gateway.
 *
 *	vouch-gateway [--config FILE]		serve HTTP
 *	vouch-gateway --help | --print-env	the settings
 */
#include <getopt.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>

#include "clock.h"
#include "config.h"
#include "ending.h"
#include "gateway.h"
#include "log.h"

static int
serve(const struct config *config)
{
	struct gateway *gateway;

	signal(SIGPIPE, SIG_IGN);
	ending_block();
	gateway = gateway_open(config);
	if (gateway == NULL)
		return 1;
	log_info("serving on %s", config_text(config, "http_listen"));
	ending_await();
	log_info("ending");
	ending_hasten();
	return gateway_close(gateway, config_int(config, "drain_ms")) ? 0 : 1;
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {
		{"config", required_argument, NULL, 'c'},
		{"help", no_argument, NULL, 'h'},
		{"print-env", no_argument, NULL, 'e'},
		{0},
	};
	const char *file = NULL;
	struct config *config;
	int o, rc;

	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1)
		switch (o) {
		case 'c':
			file = optarg;
			break;
		case 'h':
			config_help(stdout);
			return 0;
		case 'e':
			config_env(stdout);
			return 0;
		default:
			return 2;
		}
	if (sodium_init() < 0 || (config = config_open(file)) == NULL)
		return 2;
	log_open("gateway", config_level(config_text(config, "log_level")));
	rc = clock_open(config_text(config, "test_clock")) ? serve(config) : 2;
	config_close(config);
	return rc;
}
