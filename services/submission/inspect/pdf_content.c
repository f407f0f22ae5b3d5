/*
 * pdf_content.c: what is drawn on a page (ISO 32000-1, 7.8 and 9.4): characters
 * that can be seen or not, pictures, painted lines.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "pdf.h"

enum {
	DEPTH_MAX = 8,      /* drawings inside drawings */
	FORMS_MAX = 500,    /* of one document */
	STREAMS_MAX = 1000, /* of one page */
	STATES_MAX = 64,    /* saved states of drawing; deeper ones are taken for the last */
	INVISIBLE = 3,
	CLIP_ONLY = 7 /* modes of drawing text that leave nothing on the page */
};

/* Where the reading of one stream stands. */
struct content {
	struct pdf *pdf;
	qpdf_oh resources;
	int depth;
	const uint8_t *at, *end;
	char name[64];               /* the last name, with its slash */
	double number;               /* the last number */
	size_t characters;           /* in strings since the last operator, without spaces */
	int mode, modes[STATES_MAX]; /* of drawing text */
	size_t n_modes;
};

static bool
is_space(uint8_t c)
{
	return c == 0 || c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == ' ';
}

static bool
is_regular(uint8_t c)
{
	return !is_space(c) && strchr("()<>[]{}/%", c) == NULL;
}

static void
string_read(struct content *content)
{
	int depth = 0;

	for (; content->at < content->end; content->at++) {
		uint8_t c = *content->at;

		if (c == '\\') {
			content->characters++;
			content->at += content->at + 1 < content->end;
		} else if (c == '(') {
			content->characters += depth++ > 0;
		} else if (c == ')') {
			if (--depth == 0) {
				content->at++;
				return;
			}
			content->characters++;
		} else if (!is_space(c)) {
			content->characters++;
		}
	}
}

/* Two digits are a byte; 00, 03 and 20 are what fonts have for a space. */
static void
hex_read(struct content *content)
{
	int digits = 0, value = 0;

	for (content->at++; content->at < content->end && *content->at != '>'; content->at++) {
		uint8_t c = *content->at;

		if (!isxdigit(c))
			continue;
		value = value * 16 + (isdigit(c) ? c - '0' : tolower(c) - 'a' + 10);
		if (++digits % 2 == 0) {
			content->characters += value != 0 && value != 3 && value != ' ';
			value = 0;
		}
	}
	content->at += content->at < content->end;
}

static void
name_read(struct content *content)
{
	size_t n = 0;

	content->name[n++] = '/';
	for (content->at++; content->at < content->end && is_regular(*content->at); content->at++)
		if (n < sizeof(content->name) - 1)
			content->name[n++] = (char)*content->at;
	content->name[n] = '\0';
}

/* The bytes of a picture in the stream go up to an EI between spaces. */
static void
inline_picture_skip(struct content *content)
{
	content->pdf->pictures++;
	for (; content->at + 3 < content->end; content->at++)
		if (is_space(content->at[0]) && content->at[1] == 'E' && content->at[2] == 'I' &&
		    is_space(content->at[3])) {
			content->at += 3;
			return;
		}
	content->at = content->end;
}

/* NOLINTBEGIN(misc-no-recursion): forms within forms, at most DEPTH_MAX deep */

/* A named drawing: a picture, or a form with content of its own. */
static void
object_draw(struct content *content)
{
	struct pdf *pdf = content->pdf;
	qpdf_oh objects = qpdf_oh_get_key_if_dict(pdf->qpdf, content->resources, "/XObject");
	qpdf_oh object = qpdf_oh_get_key_if_dict(pdf->qpdf, objects, content->name);

	if (!qpdf_oh_is_stream(pdf->qpdf, object))
		return;
	qpdf_oh dict = qpdf_oh_get_dict(pdf->qpdf, object);
	if (qpdf_oh_is_name_and_equals(pdf->qpdf, qpdf_oh_get_key(pdf->qpdf, dict, "/Subtype"), "/Image")) {
		double width = qpdf_oh_get_numeric_value(
		    pdf->qpdf, qpdf_oh_get_key(pdf->qpdf, dict, "/Width"));
		double height = qpdf_oh_get_numeric_value(
		    pdf->qpdf, qpdf_oh_get_key(pdf->qpdf, dict, "/Height"));

		pdf->pictures++;
		/* A large sheet scanned in high resolution has thrice the pixels of a photo. */
		if (!(width * height <= 3.0 * PIXELS_MAX))
			pdf->is_bomb = true;
	} else if (content->depth < DEPTH_MAX && pdf->forms < FORMS_MAX) {
		qpdf_oh resources = qpdf_oh_get_key(pdf->qpdf, dict, "/Resources");

		pdf->forms++;
		pdf_read_content(pdf, object,
		    qpdf_oh_is_dictionary(pdf->qpdf, resources) ? resources : content->resources,
		    content->depth + 1);
	}
}

static void
operator_run(struct content *content, const char *operator)
{
	struct pdf *pdf = content->pdf;

	if (word_is_among(operator, "Tj TJ ' \"")) {
		if (content->mode == INVISIBLE || content->mode == CLIP_ONLY)
			pdf->hidden += content->characters;
		else
			pdf->visible += content->characters;
	} else if (strcmp(operator, "Tr") == 0) {
		content->mode = content->number >= 0 && content->number <= CLIP_ONLY ? (int)content->number :
										       0;
	} else if (strcmp(operator, "q") == 0) {
		if (content->n_modes < STATES_MAX)
			content->modes[content->n_modes++] = content->mode;
	} else if (strcmp(operator, "Q") == 0) {
		if (content->n_modes > 0)
			content->mode = content->modes[--content->n_modes];
	} else if (strcmp(operator, "Do") == 0) {
		object_draw(content);
	} else if (strcmp(operator, "ID") == 0) {
		inline_picture_skip(content);
	} else if (word_is_among(operator, "f F f* B B* b b* s sh")) {
		/* "S" and "s" are one to word_is_among(). */
		pdf->lines++;
	}
	content->characters = 0;
}

static void
word_read(struct content *content)
{
	char word[32];
	size_t n = 0;

	for (; content->at < content->end && is_regular(*content->at); content->at++)
		if (n < sizeof(word) - 1)
			word[n++] = (char)*content->at;
	word[n] = '\0';
	if (n == 0)
		content->at++;
	else if (isdigit((unsigned char)word[0]) || strchr("+-.", word[0]) != NULL)
		content->number = strtod(word, NULL);
	else
		operator_run(content, word);
}

static void
stream_read(struct content *content, const uint8_t *data, size_t size)
{
	content->at = data;
	content->end = data + size;
	while (content->at < content->end && !content->pdf->is_bomb) {
		uint8_t c = *content->at;

		if (is_space(c))
			content->at++;
		else if (c == '%')
			while (content->at < content->end && *content->at != '\n' && *content->at != '\r')
				content->at++;
		else if (c == '(')
			string_read(content);
		else if (c == '<' && content->at + 1 < content->end && content->at[1] != '<')
			hex_read(content);
		else if (c == '/')
			name_read(content);
		else
			word_read(content);
	}
}

void
pdf_read_content(struct pdf *pdf, qpdf_oh contents, qpdf_oh resources, int depth)
{
	struct content content = {.pdf = pdf, .resources = resources, .depth = depth};
	bool is_array = qpdf_oh_is_array(pdf->qpdf, contents);
	int n = is_array ? qpdf_oh_get_array_n_items(pdf->qpdf, contents) : 1;

	for (int i = 0; i < n && i < STREAMS_MAX; i++) {
		qpdf_oh stream = is_array ? qpdf_oh_get_array_item(pdf->qpdf, contents, i) : contents;
		size_t size;
		uint8_t *data = qpdf_oh_is_stream(pdf->qpdf, stream) ? pdf_stream(pdf, stream, &size) : NULL;

		if (data != NULL)
			stream_read(&content, data, size);
		free(data);
	}
}

/* NOLINTEND(misc-no-recursion) */
