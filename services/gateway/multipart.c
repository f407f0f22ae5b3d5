#include "multipart.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool
fails(struct multipart *m, const char *why)
{
	m->why = why;
	return false;
}

bool
multipart_start(struct multipart *m, const char *boundary, const struct multipart_calls *calls, void *arg)
{
	size_t len = strlen(boundary);

	memset(m, 0, offsetof(struct multipart, head));
	m->calls = calls;
	m->arg = arg;
	m->why = NULL;
	if (len == 0 || len > MULTIPART_BOUNDARY_MAX || boundary[len - 1] == ' ' ||
	    strspn(boundary, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'()+_,-./:=? ") !=
		len)
		return fails(m, "the boundary is malformed");
	m->n_delimiter = (size_t)snprintf(m->delimiter, sizeof(m->delimiter), "\r\n--%s", boundary);
	m->matched = 2; /* the first boundary may stand at the very beginning, without CR LF */
	return true;
}

/* ---- the head of a part ------------------------------------------------------ */

/* Copies a parameter's value at *S, quoted or not, into OUT; *S moves behind it. */
static bool
read_value(const char **s, char *out, size_t size)
{
	const char *p = *s;
	size_t n = 0;

	if (*p == '"') {
		for (p++; *p != '"'; p++) {
			p += *p == '\\' && (p[1] == '"' || p[1] == '\\');
			if (*p == '\0' || n + 1 >= size)
				return false;
			out[n++] = *p;
		}
		p++;
	} else {
		for (; *p != '\0' && strchr("; \t", *p) == NULL; p++) {
			if (n + 1 >= size)
				return false;
			out[n++] = *p;
		}
	}
	out[n] = '\0';
	*s = p;
	return true;
}

/* "form-data; name="title"; filename="a.pdf"". */
static bool
read_disposition(struct multipart_part *part, const char *s)
{
	if (strncasecmp(s, "form-data", 9) != 0)
		return false;
	for (s += 9; *s != '\0';) {
		char skipped[1024];
		bool is_name, is_file;

		s += strspn(s, " \t");
		if (*s != ';')
			return *s == '\0';
		s++;
		s += strspn(s, " \t");
		is_name = strncasecmp(s, "name=", 5) == 0;
		is_file = strncasecmp(s, "filename=", 9) == 0;
		s += strcspn(s, "=;");
		if (*s != '=')
			continue;
		s++;
		if ((is_name && part->name[0] != '\0') || (is_file && part->has_file_name))
			return false;
		if (!read_value(&s,
			is_name     ? part->name :
			    is_file ? part->file_name :
				      skipped,
			is_name ? sizeof(part->name) : sizeof(skipped)))
			return false;
		part->has_file_name |= is_file;
	}
	return true;
}

/* One line of the head, without its CR LF. */
static bool
read_line(struct multipart_part *part, char *line, bool *has_disposition)
{
	char *colon = strchr(line, ':'), *value;

	if (colon == NULL || colon == line)
		return false;
	*colon = '\0';
	value = colon + 1 + strspn(colon + 1, " \t");
	if (strcasecmp(line, "Content-Disposition") == 0) {
		if (*has_disposition)
			return false;
		*has_disposition = true;
		return read_disposition(part, value);
	}
	if (strcasecmp(line, "Content-Type") == 0) {
		if (strlen(value) >= sizeof(part->type))
			return false;
		memcpy(part->type, value, strlen(value) + 1);
	}
	if (strcasecmp(line, "Content-Transfer-Encoding") == 0) /* RFC 7578, 4.7: not to be used */
		return strcasecmp(value, "binary") == 0 || strcasecmp(value, "8bit") == 0 ||
		    strcasecmp(value, "7bit") == 0;
	return true;
}

/* The head is whole: N_HEAD bytes, each line with its CR LF. */
static bool
begin_part(struct multipart *m)
{
	struct multipart_part part = {0};
	bool has_disposition = false;

	m->head[m->n_head] = '\0';
	if (strlen(m->head) != m->n_head)
		return fails(m, "the head of a part holds NUL");
	for (char *line = m->head, *end; *line != '\0'; line = end + 2) {
		end = strstr(line, "\r\n");
		if (end == NULL || end == line)
			return fails(m, "the head of a part is malformed");
		*end = '\0';
		if (strpbrk(line, "\r\n") != NULL || !read_line(&part, line, &has_disposition))
			return fails(m, "the head of a part is malformed");
	}
	if (!has_disposition || part.name[0] == '\0')
		return fails(m, "a part has no name");
	m->at = MULTIPART_BODY;
	m->matched = 0;
	return m->calls->begin(m->arg, &part);
}

/* Takes bytes of a head up to its empty line; how many were used goes to *USED. */
static bool
push_head(struct multipart *m, const char *data, size_t len, size_t *used)
{
	for (size_t i = 0; i < len; i++) {
		if (m->n_head + 1 >= sizeof(m->head))
			return fails(m, "the head of a part is longer than 4095 bytes");
		m->head[m->n_head++] = data[i];
		if (m->n_head >= 4 && memcmp(m->head + m->n_head - 4, "\r\n\r\n", 4) == 0) {
			m->n_head -= 2;
			*used = i + 1;
			return begin_part(m);
		}
		if (m->n_head == 2 && memcmp(m->head, "\r\n", 2) == 0)
			return fails(m, "a part has no name");
	}
	*used = len;
	return true;
}

/* ---- boundaries ------------------------------------------------------------------ */

static bool
give(struct multipart *m, const char *data, size_t len)
{
	return m->at != MULTIPART_BODY || len == 0 || m->calls->data(m->arg, data, len);
}

/* A delimiter is complete: what it ends, ends. */
static bool
at_delimiter(struct multipart *m)
{
	bool was_body = m->at == MULTIPART_BODY;

	m->at = MULTIPART_LINE;
	m->n_line = 0;
	m->matched = 0;
	return !was_body || m->calls->end(m->arg);
}

/*
 * Looks for the delimiter. Its first byte, CR, stands nowhere else in it: so
 * after a mismatch only that byte can begin a new match, and what was held
 * back is a beginning of the delimiter itself, given from there.
 */
static bool
push_body(struct multipart *m, const char *data, size_t len, size_t *used)
{
	size_t start = 0, i = 0;

	while (i < len) {
		if (m->matched == 0) {
			const char *cr = memchr(data + i, '\r', len - i);

			if (cr == NULL)
				break;
			i = (size_t)(cr - data);
			if (!give(m, data + start, i - start))
				return false;
			start = i + 1;
			m->matched = 1;
			i++;
		} else if (data[i] == m->delimiter[m->matched]) {
			i++;
			start = i;
			if (++m->matched == m->n_delimiter) {
				*used = i;
				return at_delimiter(m);
			}
		} else {
			if (!give(m, m->delimiter, m->matched))
				return false;
			start = i;
			m->matched = 0;
		}
	}
	*used = len;
	return start >= len || give(m, data + start, len - start);
}

/* Behind a boundary: CR LF and a part, or "--" and the end. */
static bool
push_line(struct multipart *m, char c)
{
	m->line[m->n_line++] = c;
	if (m->n_line < 2)
		return c == '\r' || c == '-' || fails(m, "a boundary is followed by something else");
	if (memcmp(m->line, "--", 2) == 0) {
		m->at = MULTIPART_AFTER;
		return true;
	}
	if (memcmp(m->line, "\r\n", 2) != 0)
		return fails(m, "a boundary is followed by something else");
	if (++m->n_parts > MULTIPART_PARTS_MAX)
		return fails(m, "more than 40 parts");
	m->at = MULTIPART_HEAD;
	m->n_head = 0;
	return true;
}

bool
multipart_push(struct multipart *m, const char *data, size_t len)
{
	size_t used;

	while (len > 0) {
		bool ok = true;

		used = len;
		switch (m->at) {
		case MULTIPART_BEFORE:
		case MULTIPART_BODY:
			ok = push_body(m, data, len, &used);
			break;
		case MULTIPART_LINE:
			used = 1;
			ok = push_line(m, *data);
			break;
		case MULTIPART_HEAD:
			ok = push_head(m, data, len, &used);
			break;
		case MULTIPART_AFTER: /* an epilogue is ignored */
			break;
		}
		if (!ok)
			return false;
		data += used;
		len -= used;
	}
	return true;
}

bool
multipart_complete(const struct multipart *m)
{
	return m->at == MULTIPART_AFTER;
}
