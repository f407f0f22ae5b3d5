#include "delivery.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "message.h"

enum { FIRST_DELAY_MS = 60000, DELAY_MAX_MS = 4 * 3600000, CONNECT_MS = 10000, SECRET_MAX = 512 };

struct delivery {
	const char *folder;            /* spool:FOLDER; NULL: SMTP */
	char *url, *sender, *password; /* sender in angle brackets */
	const char *user, *tls;
	int64_t timeout_ms;
	CURL *curl;
};

/* ---- settings ---------------------------------------------------------------- */

/* The first line of FILE; NULL when it cannot be read. */
static char *
read_secret(const char *file)
{
	char line[SECRET_MAX];
	FILE *f = fopen(file, "re");
	char *secret = NULL;

	if (f == NULL)
		return NULL;
	if (fgets(line, sizeof(line), f) != NULL) {
		line[strcspn(line, "\r\n")] = '\0';
		secret = strdup(line);
	}
	fclose(f);
	sodium_memzero(line, sizeof(line));
	return secret;
}

static bool
read_tls(struct delivery *d, const struct config *config)
{
	d->tls = config_text(config, "mail_tls");
	if (strcmp(d->tls, "try") != 0 && strcmp(d->tls, "require") != 0 && strcmp(d->tls, "none") != 0) {
		log_error("mail_tls must be try, require or none");
		return false;
	}
	/* A password goes to nobody but the server that it belongs to. */
	if (d->user[0] != '\0' && strcmp(d->tls, "try") == 0)
		d->tls = "require";
	return true;
}

static bool
read_login(struct delivery *d, const struct config *config)
{
	d->user = config_text(config, "mail_user");
	if (d->user[0] == '\0')
		return true;
	d->password = read_secret(config_text(config, "mail_password_file"));
	if (d->password == NULL)
		log_error("mail_password_file cannot be read");
	return d->password != NULL;
}

static bool
read_sender(struct delivery *d, const struct config *config)
{
	struct arena arena = {0};
	char *sender = message_sender(&arena, config_text(config, "mail_from")), *host;

	host = message_host(&arena, config_text(config, "public_url"));
	if (sender == NULL || host == NULL)
		log_error("mail_from must be one address");
	else if (asprintf(&d->sender, "<%s>", sender) < 0 ||
	    /* The path of the URL is the name by which curl greets the server. */
	    asprintf(&d->url, "%s/%s", config_text(config, "mail_url"), host) < 0)
		d->sender = d->url = NULL;
	arena_reset(&arena);
	return d->sender != NULL && d->url != NULL;
}

struct delivery *
delivery_open(const struct config *config, bool *none)
{
	const char *url = config_text(config, "mail_url");
	struct delivery *d;

	*none = url[0] == '\0';
	if (*none)
		return NULL;
	d = calloc(1, sizeof(*d));
	if (d == NULL)
		return NULL;
	d->timeout_ms = config_int(config, "mail_timeout_ms");
	if (strncmp(url, "spool:", 6) == 0 && url[6] == '/') {
		d->folder = url + 6;
	} else if (strncmp(url, "smtp://", 7) != 0 && strncmp(url, "smtps://", 8) != 0) {
		log_error("mail_url must be spool:/folder, smtp://host:port or smtps://host:port");
		delivery_close(d);
		return NULL;
	}
	if (!read_login(d, config) || !read_tls(d, config) || !read_sender(d, config)) {
		delivery_close(d);
		return NULL;
	}
	return d;
}

void
delivery_close(struct delivery *d)
{
	if (d == NULL)
		return;
	delivery_pause(d);
	if (d->password != NULL)
		sodium_memzero(d->password, strlen(d->password));
	free(d->password);
	free(d->sender);
	free(d->url);
	free(d);
}

void
delivery_pause(struct delivery *d)
{
	if (d->curl != NULL)
		curl_easy_cleanup(d->curl);
	d->curl = NULL;
}

int64_t
delivery_delay(int tries)
{
	int64_t ms = FIRST_DELAY_MS;

	for (int i = 1; i < tries && ms < DELAY_MAX_MS; i++)
		ms *= 2;
	if (ms > DELAY_MAX_MS)
		ms = DELAY_MAX_MS;
	return ms * 3 / 4 + (int64_t)randombytes_uniform((uint32_t)(ms / 2 + 1));
}

/* ---- a folder -------------------------------------------------------------------- */

static bool
write_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		data += n;
		len -= (size_t)n;
	}
	return true;
}

static enum delivery_result
send_to_folder(const char *folder, const char *id, const char *mail, size_t len, char why[static 64])
{
	char part[300], whole[300];
	int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd = -1;
	bool ok = dir >= 0;

	/* Two processes with one mail (a lease that ran out) do not write into one file. */
	snprintf(part, sizeof(part), ".%s.%d", id, (int)getpid());
	snprintf(whole, sizeof(whole), "%s.eml", id);
	if (ok)
		fd = openat(dir, part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	ok = fd >= 0 && write_all(fd, mail, len) && fsync(fd) == 0;
	if (fd >= 0)
		ok = close(fd) == 0 && ok;
	ok = ok && renameat(dir, part, dir, whole) == 0 && fsync(dir) == 0;
	if (!ok)
		snprintf(why, 64, "folder: %s", strerror(errno));
	if (dir >= 0)
		close(dir);
	return ok ? DELIVERY_DONE : DELIVERY_DOWN;
}

/* ---- SMTP ------------------------------------------------------------------------ */

struct upload {
	const char *data;
	size_t left;
};

static size_t
give(char *buffer, size_t size, size_t n, void *arg)
{
	struct upload *u = arg;
	size_t len = size * n < u->left ? size * n : u->left;

	memcpy(buffer, u->data, len);
	u->data += len;
	u->left -= len;
	return len;
}

static void
set_options(struct delivery *d, struct upload *upload, struct curl_slist *to)
{
	CURL *c = d->curl;
	bool certain = strcmp(d->tls, "require") == 0 || strncmp(d->url, "smtps://", 8) == 0;

	curl_easy_reset(c); /* the connection stays */
	curl_easy_setopt(c, CURLOPT_URL, d->url);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)d->timeout_ms);
	curl_easy_setopt(
	    c, CURLOPT_CONNECTTIMEOUT_MS, (long)(d->timeout_ms < CONNECT_MS ? d->timeout_ms : CONNECT_MS));
	curl_easy_setopt(c, CURLOPT_USE_SSL,
	    (long)(strcmp(d->tls, "none") == 0 ? CURLUSESSL_NONE :
		    certain                    ? CURLUSESSL_ALL :
						 CURLUSESSL_TRY));
	/*
	 * Who may fall back to no encryption at all gains nothing from a certificate, and loses the
	 * mail over a self-made one.
	 */
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, certain ? 1L : 0L);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, certain ? 2L : 0L);
	if (d->user[0] != '\0') {
		curl_easy_setopt(c, CURLOPT_USERNAME, d->user);
		curl_easy_setopt(c, CURLOPT_PASSWORD, d->password);
	}
	curl_easy_setopt(c, CURLOPT_MAIL_FROM, d->sender);
	curl_easy_setopt(c, CURLOPT_MAIL_RCPT, to);
	curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(c, CURLOPT_READFUNCTION, give);
	curl_easy_setopt(c, CURLOPT_READDATA, upload);
	curl_easy_setopt(c, CURLOPT_INFILESIZE_LARGE, (curl_off_t)upload->left);
}

/*
 * What the end of a transfer means. CODE is the server's last answer, 0 when
 * there was none; BEGUN: it has seen some of the mail. curl tells a refused
 * sender, recipient or DATA as CURLE_SEND_ERROR, a refused mail as
 * CURLE_WEIRD_SERVER_REPLY; the latter is also a greeting of 554.
 */
static enum delivery_result
judge(CURLcode result, long code, bool begun)
{
	bool about_mail = result == CURLE_SEND_ERROR || (result == CURLE_WEIRD_SERVER_REPLY && begun);

	if (result == CURLE_OK)
		return DELIVERY_DONE;
	/*
	 * 530, 534, 535, 538: it wants a login or encryption first. That is the operator's, not this
	 * mail's.
	 */
	if (code == 530 || code == 534 || code == 535 || code == 538)
		return DELIVERY_DOWN;
	if (about_mail && code >= 500)
		return DELIVERY_NEVER;
	if (about_mail && code >= 400 && code != 421)
		return DELIVERY_LATER;
	return begun ? DELIVERY_LATER : DELIVERY_DOWN;
}

static enum delivery_result
send_to_server(struct delivery *d, const char *address, const char *mail, size_t len, char why[static 64])
{
	struct upload upload = {mail, len};
	struct curl_slist *to = NULL;
	enum delivery_result verdict;
	char recipient[300];
	CURLcode result;
	long code = 0;

	if (d->curl == NULL)
		d->curl = curl_easy_init();
	snprintf(recipient, sizeof(recipient), "<%s>", address);
	to = curl_slist_append(NULL, recipient);
	if (d->curl == NULL || to == NULL) {
		curl_slist_free_all(to);
		snprintf(why, 64, "memory is short");
		return DELIVERY_DOWN;
	}
	set_options(d, &upload, to);
	result = curl_easy_perform(d->curl);
	curl_easy_getinfo(d->curl, CURLINFO_RESPONSE_CODE, &code);
	verdict = judge(result, code, upload.left < len);
	if (verdict != DELIVERY_DONE)
		snprintf(why, 64, "server: %ld, curl: %d", code, (int)result);
	curl_easy_setopt(d->curl, CURLOPT_MAIL_RCPT, NULL);
	curl_slist_free_all(to);
	if (verdict == DELIVERY_DOWN)
		delivery_pause(d);
	return verdict;
}

enum delivery_result
delivery_send(struct delivery *d, const char *id, const char *address, const char *mail, size_t len,
    char why[static 64])
{
	/* Checked where accounts are made; but nothing from a row becomes a command of SMTP or a path. */
	if (strpbrk(address, " \t\r\n<>,\"\\") != NULL || strchr(address, '@') == NULL ||
	    strlen(address) > 254 || strpbrk(id, "/ \r\n") != NULL) {
		snprintf(why, 64, "the address is none");
		return DELIVERY_NEVER;
	}
	return d->folder != NULL ? send_to_folder(d->folder, id, mail, len, why) :
				   send_to_server(d, address, mail, len, why);
}
