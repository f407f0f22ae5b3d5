#include "message.h"

#include <gmime/gmime.h>
#include <string.h>

#include "line.h"

enum { NAME_MAX_CHARS = 100, TITLE_MAX_CHARS = 200 };

char *
message_host(struct arena *arena, const char *public_url)
{
	const char *host = strstr(public_url, "://");
	size_t len;

	host = host != NULL ? host + 3 : public_url;
	len = strcspn(host, "/:?#");
	return len > 0 ? arena_dup(arena, host, len) : arena_dup(arena, "localhost", 9);
}

char *
message_id(struct arena *arena, const struct message *m)
{
	char *host = message_host(arena, m->public_url);

	return host != NULL ? arena_printf(arena, "%s@%s", m->id, host) : NULL;
}

char *
message_sender(struct arena *arena, const char *from)
{
	InternetAddressList *list = internet_address_list_parse(NULL, from);
	char *sender = NULL;

	if (list != NULL && internet_address_list_length(list) == 1 &&
	    INTERNET_ADDRESS_IS_MAILBOX(internet_address_list_get_address(list, 0))) {
		const char *addr = internet_address_mailbox_get_addr(
		    INTERNET_ADDRESS_MAILBOX(internet_address_list_get_address(list, 0)));

		if (addr != NULL && strchr(addr, '@') != NULL && strpbrk(addr, " \r\n<>") == NULL)
			sender = arena_dup(arena, addr, strlen(addr));
	}
	if (list != NULL)
		g_object_unref(list);
	return sender;
}

static char *
plain_text(struct arena *arena, const struct message *m, const char *name, const char *url)
{
	return arena_printf(arena,
	    "%s%s%s%s\n\n%s:\n%s\n\n-- \nVouch, %s\nWhat is sent to you: %s/account/notifications\n",
	    name[0] != '\0' ? "Hello " : "", name, name[0] != '\0' ? ",\n\n" : "", m->body, m->action, url,
	    m->public_url, m->public_url);
}

static char *
html_text(struct arena *arena, const struct message *m, const char *title, const char *name, const char *url)
{
	char *t = g_markup_escape_text(title, -1), *n = g_markup_escape_text(name, -1),
	     *b = g_markup_escape_text(m->body, -1);
	char *a = g_markup_escape_text(m->action, -1), *u = g_markup_escape_text(url, -1);
	char *p = g_markup_escape_text(m->public_url, -1), *html;

	html = arena_printf(arena,
	    "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta "
	    "charset=\"utf-8\">\n<title>%s</title>\n</head>\n"
	    "<body style=\"font-family: sans-serif; line-height: 1.5; max-width: 36em\">\n%s%s%s<p>%s</p>\n"
	    "<p><a href=\"%s\">%s</a></p>\n<hr>\n<p><small>Vouch, <a href=\"%s\">%s</a>. "
	    "<a href=\"%s/account/notifications\">What is sent to you</a></small></p>\n</body>\n</html>\n",
	    t, n[0] != '\0' ? "<p>Hello " : "", n, n[0] != '\0' ? ",</p>\n" : "", b, u, a, p, p, p);
	g_free(t);
	g_free(n);
	g_free(b);
	g_free(a);
	g_free(u);
	g_free(p);
	return html;
}

/* A part of type text/SUBTYPE. Charset and encoding are said, not guessed: a guess takes iso-8859-1. */
static GMimeObject *
make_part(const char *subtype, const char *text)
{
	GMimePart *part = g_mime_part_new_with_type("text", subtype);
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(text, strlen(text));
	GMimeDataWrapper *content = g_mime_data_wrapper_new_with_stream(
	    stream, GMIME_CONTENT_ENCODING_DEFAULT);

	g_mime_object_set_content_type_parameter(GMIME_OBJECT(part), "charset", "utf-8");
	g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
	g_mime_part_set_content(part, content);
	g_object_unref(content);
	g_object_unref(stream);
	return GMIME_OBJECT(part);
}

static GMimeObject *
make_body(struct arena *arena, const struct message *m, const char *text, const char *html)
{
	GMimeMultipart *body = g_mime_multipart_new_with_subtype("alternative");
	GMimeObject *first = make_part("plain", text), *second = make_part("html", html);
	char *boundary = arena_printf(arena, "=_%s", m->id);

	if (boundary != NULL)
		g_mime_multipart_set_boundary(body, boundary);
	g_mime_multipart_add(body, first);
	g_mime_multipart_add(body, second);
	g_object_unref(first);
	g_object_unref(second);
	return GMIME_OBJECT(body);
}

/*
 * From is the operator's own text; a list of addresses or a group would be a mistake of theirs that
 * message_sender refuses.
 */
static void
set_from(GMimeMessage *message, const char *from)
{
	InternetAddressList *list = internet_address_list_parse(NULL, from);

	if (list == NULL)
		return;
	internet_address_list_append(g_mime_message_get_addresses(message, GMIME_ADDRESS_TYPE_FROM), list);
	g_object_unref(list);
}

static void
set_to(GMimeMessage *message, const char *name, const char *address)
{
	InternetAddress *reader = internet_address_mailbox_new(name[0] != '\0' ? name : NULL, address);

	internet_address_set_charset(reader, "utf-8");
	internet_address_list_add(g_mime_message_get_addresses(message, GMIME_ADDRESS_TYPE_TO), reader);
	g_object_unref(reader);
}

static void
set_headers(
    GMimeMessage *message, const struct message *m, const char *title, const char *name, const char *id)
{
	GDateTime *date = g_date_time_new_from_unix_utc(m->created_at / 1000000);

	set_from(message, m->from);
	set_to(message, name, m->address);
	g_mime_message_set_subject(message, title, "utf-8");
	if (date != NULL) {
		g_mime_message_set_date(message, date);
		g_date_time_unref(date);
	}
	g_mime_message_set_message_id(message, id);
	/* Machines should not answer (RFC 3834). */
	g_mime_object_set_header(GMIME_OBJECT(message), "Auto-Submitted", "auto-generated", NULL);
	g_mime_object_set_header(GMIME_OBJECT(message), "Content-Language", "en", NULL);
}

char *
message_render(struct arena *arena, const struct message *m, size_t *len)
{
	char *title = line_clean(arena, m->title, TITLE_MAX_CHARS),
	     *name = line_clean(arena, m->name, NAME_MAX_CHARS);
	char *url = arena_printf(arena, "%s%s", m->public_url, m->link), *id = message_id(arena, m), *text,
	     *html, *out, *copy;
	GMimeFormatOptions *format;
	GMimeMessage *message;
	GMimeObject *body;

	if (title == NULL || name == NULL || url == NULL || id == NULL ||
	    (text = plain_text(arena, m, name, url)) == NULL ||
	    (html = html_text(arena, m, title, name, url)) == NULL)
		return NULL;
	message = g_mime_message_new(TRUE);
	set_headers(message, m, title, name, id);
	body = make_body(arena, m, text, html);
	g_mime_message_set_mime_part(message, body);
	format = g_mime_format_options_new();
	g_mime_format_options_set_newline_format(format, GMIME_NEWLINE_FORMAT_DOS);
	out = g_mime_object_to_string(GMIME_OBJECT(message), format);
	*len = strlen(out);
	copy = arena_dup(arena, out, *len);
	g_free(out);
	g_mime_format_options_free(format);
	g_object_unref(body);
	g_object_unref(message);
	return copy;
}
