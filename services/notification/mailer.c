#include "mailer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "delivery.h"
#include "instant.h"
#include "log.h"
#include "message.h"
#include "notice.h"
#include "notification.pb-c.h"

enum {
	BATCH = 20,
	BEGIN_MS = 10000,   /* in which the mails of one batch are begun */
	MARK_MS = 5000,     /* to write down what became of a mail */
	UNKNOWN_MS = 60000, /* until the address of a new person is looked for again */
	DOWN_MIN_MS = 1000,
	DOWN_MAX_MS = 60000,
};

struct mailer {
	struct delivery *delivery; /* NULL: mail is not set up */
	const struct config *config;
	int64_t down_until, down_ms; /* the breaker, on clock_ms() */
};

struct mailer *
mailer_open(const struct config *config)
{
	struct mailer *mailer = calloc(1, sizeof(*mailer));
	bool none = false;

	if (mailer == NULL)
		return NULL;
	mailer->config = config;
	mailer->delivery = delivery_open(config, &none);
	if (none)
		log_warn("mail_url is not set: mails wait");
	if (mailer->delivery != NULL || none)
		return mailer;
	free(mailer);
	return NULL;
}

void
mailer_close(struct mailer *mailer)
{
	if (mailer == NULL)
		return;
	delivery_close(mailer->delivery);
	free(mailer);
}

/* Who does not read mail from us any more may read it here; once a day is enough. */
static bool
tell_reader(struct call *call, const Vouch__Mail *mail)
{
	static const struct facts nothing = {.title = "",
		.code = "",
		.issuer = "",
		.clock = "",
		.due_date = "",
		.zone = "",
		.reader_zone = ""};
	struct notice notice = {.kind = "mail_failed",
		.words = words_mail_failed,
		.link = "/account",
		.submission_id = "",
		.code = ""};

	notice.event = arena_printf(
	    call->arena, "mail_failed/%lld", (long long)(call->now / INSTANT_SECOND / DAY_SECONDS));
	return notice.event != NULL && notice_to(call, &notice, &nothing, mail->account_id);
}

static bool
give_up(struct call *call, const Vouch__Mail *mail, const char *why)
{
	log_warn("a mail failed (%s): %s", mail->kind, why);
	return db_do(call, "mail_failed", &mail->base, ARGS(TEXT("error", why))) && tell_reader(call, mail) &&
	    db_commit(call);
}

static bool
later(struct call *call, const Vouch__Mail *mail, int64_t delay_ms, const char *why)
{
	return db_do(call, "mail_later", &mail->base, ARGS(INT("delay_ms", delay_ms), TEXT("error", why))) &&
	    db_commit(call);
}

/* All instances wait for a server that is down, each by itself, longer and longer. */
static void
note_state(struct mailer *m, bool down)
{
	if (!down) {
		m->down_ms = 0;
		return;
	}
	m->down_ms = m->down_ms == 0 ? DOWN_MIN_MS : m->down_ms * 2;
	if (m->down_ms > DOWN_MAX_MS)
		m->down_ms = DOWN_MAX_MS;
	m->down_until = clock_ms() + m->down_ms;
}

/* No transaction is open while the server is waited for. */
static enum delivery_result
hand_over(struct call *call, struct mailer *m, const Vouch__Mail *mail, char why[static 64])
{
	struct message message = {.id = mail->id,
		.public_url = config_text(m->config, "public_url"),
		.from = config_text(m->config, "mail_from"),
		.address = mail->address,
		.name = mail->name,
		.title = mail->title,
		.body = mail->body,
		.action = mail->action,
		.link = mail->link,
		.created_at = time_of(mail->created_at)};
	char *id = message_id(call->arena, &message), *text;
	size_t len;

	if (id == NULL || (text = message_render(call->arena, &message, &len)) == NULL) {
		snprintf(why, 64, "memory is short");
		return DELIVERY_DOWN;
	}
	return delivery_send(m->delivery, id, mail->address, text, len, why);
}

/* Sends one mail and writes down what became of it. *DOWN: no other needs to be tried. */
static bool
send_one(struct call *call, struct mailer *m, const Vouch__Mail *mail, bool *down)
{
	char text[64] = "", *why;
	enum delivery_result result;

	if (mail->over)
		return give_up(call, mail, "its time was over");
	if (mail->address[0] == '\0')
		return later(call, mail, UNKNOWN_MS, "the address is not known yet");
	result = hand_over(call, m, mail, text);
	why = arena_dup(call->arena, text, strlen(text));
	*down = result == DELIVERY_DOWN;
	note_state(m, *down);
	if (why == NULL)
		return false;
	switch (result) {
	case DELIVERY_DONE:
		return db_do(call, "mail_sent", &mail->base, NULL) && db_commit(call);
	case DELIVERY_NEVER:
		return give_up(call, mail, why);
	case DELIVERY_DOWN:
		log_warn("mail cannot be handed over: %s", why);
		return later(call, mail, delivery_delay(mail->tries), why);
	default:
		return later(call, mail, delivery_delay(mail->tries), why);
	}
}

/* Those that were taken and not tried go back at once, for whoever comes first. */
static bool
put_back(struct call *call, const Vouch__Mails *mails, size_t from)
{
	for (size_t i = from; i < mails->n_items; i++)
		if (!db_do(call, "mail_untaken", &mails->items[i]->base, NULL))
			return false;
	return db_commit(call);
}

bool
mailer_run(struct call *call)
{
	struct mailer *m = call->state;
	Vouch__Mails mails = VOUCH__MAILS__INIT;
	/* As short as may be: so long do mails wait that a process had when it was killed (P9). */
	int64_t lease_ms = BEGIN_MS + config_int(m->config, "mail_timeout_ms") + MARK_MS;
	int64_t end = clock_ms() + BEGIN_MS;
	bool down = false;
	size_t i = 0;

	if (m->delivery == NULL || clock_ms() < m->down_until)
		return false;
	if (!db_all(call, "mails_take", NULL, ARGS(INT("lease_ms", lease_ms), INT("most", BATCH)),
		&mails.base, "items") ||
	    !db_commit(call))
		return false;
	/* A mail that is begun is done within the lease: else another instance would send it too. */
	for (; i < mails.n_items && !down && clock_ms() < end; i++)
		if (!send_one(call, m, mails.items[i], &down))
			break;
	delivery_pause(m->delivery);
	return put_back(call, &mails, i) && !down && mails.n_items == BATCH;
}

bool
mailer_purge(struct call *call)
{
	return db_do(call, "mails_purge", NULL, NULL) && db_commit(call) && false;
}
