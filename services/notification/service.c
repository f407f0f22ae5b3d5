#include "service.h"

#include <curl/curl.h>
#include <gmime/gmime.h>

#include "mailer.h"

extern const struct handler notification_handlers[];
extern const char notification_queries[];
extern const struct migration notification_migrations[];

static bool
notification_open(const struct config *config, struct call *call, void **state)
{
	(void)call;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return false;
	g_mime_init();
	*state = mailer_open(config);
	return *state != NULL;
}

static void
notification_close(void *state)
{
	mailer_close(state);
	g_mime_shutdown();
	curl_global_cleanup();
}

static const struct job jobs[] = {
	{"mails", 1000, mailer_run},
	{"purge", 3600000, mailer_purge},
	{0},
};

extern const struct service notification_service;
const struct service notification_service = {
	.name = "notification",
	.handlers = notification_handlers,
	.queries = notification_queries,
	.migrations = notification_migrations,
	.jobs = jobs,
	.open = notification_open,
	.close = notification_close,
};
