/*
 * text.c: plain text, tables as text, RTF.
 *
 * A text is UTF-8, UTF-16 with a byte order mark, or, failing that, one byte a
 * character as Windows writes it (1252), of which only a few codes are unused.
 */
#include <ctype.h>
#include <string.h>

#include "file.h"

enum {
	TEXT_MAX = 4 << 20, /* bytes that are looked at; what follows is like them */
	BASE64_MAX = 1 << 20,
	CONTROLS_FACTOR = 100 /* more control characters than 1 of so many: not a text */
};

struct census {
	size_t letters, controls, all;
	bool has_zero;
};

static void
count(struct census *census, uint32_t c)
{
	census->all++;
	if (c == 0)
		census->has_zero = true;
	else if (c < 0x20 && strchr("\t\n\v\f\r\x1b", (int)c) == NULL)
		census->controls++;
	else if (c >= 0x80 ? c != 0xa0 && c != 0xfeff && c != 0x200b && c != 0x3000 : isalnum((int)c))
		census->letters += c < 0x2e80 ? 1 : 2; /* a sign of Chinese is more than a letter */
}

/* Reads one character of UTF-8 at *AT; false when it is none. (RFC 3629.) */
static bool
utf8_next(const uint8_t *data, size_t size, size_t *at, uint32_t *c)
{
	uint8_t lead = data[*at];
	size_t more = lead < 0x80       ? 0 :
	    lead >= 0xc2 && lead < 0xe0 ? 1 :
	    (lead & 0xf0) == 0xe0       ? 2 :
	    lead >= 0xf0 && lead < 0xf5 ? 3 :
					  9;

	if (more == 9 || size - *at <= more)
		return false;
	*c = more == 0 ? lead : lead & (0x3fU >> more);
	for (size_t i = 1; i <= more; i++) {
		if ((data[*at + i] & 0xc0) != 0x80)
			return false;
		*c = *c << 6 | (data[*at + i] & 0x3f);
	}
	*at += more + 1;
	return !(more == 2 && *c < 0x800) && !(more == 3 && (*c < 0x10000 || *c > 0x10ffff)) &&
	    !(*c >= 0xd800 && *c < 0xe000);
}

static bool
utf8_count(const uint8_t *data, size_t size, bool is_cut, struct census *census)
{
	uint32_t c;

	for (size_t at = 0; at < size; count(census, c)) {
		size_t left = size - at;

		if (!utf8_next(data, size, &at, &c))
			return is_cut && left < 4;
	}
	return true;
}

static void
utf16_count(const uint8_t *data, size_t size, bool little, struct census *census)
{
	for (size_t at = 2; at + 1 < size; at += 2)
		count(census, little ? le16(data + at) : be16(data + at));
}

/* The five codes that Windows-1252 leaves out. */
static void
windows_count(const uint8_t *data, size_t size, struct census *census)
{
	for (size_t at = 0; at < size; at++) {
		bool unused = data[at] >= 0x80 && strchr("\x81\x8d\x8f\x90\x9d", data[at]) != NULL;

		count(census, unused ? 1 : data[at]);
	}
}

/* The test string that virus scanners agree on (EICAR), in two parts so that no scanner finds it here. */
static bool
is_eicar(const uint8_t *data, size_t size)
{
	static const char head[] = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-",
			  tail[] = "ANTIVIRUS-TEST-FILE!$H+H*";

	return size >= sizeof(head) + sizeof(tail) - 2 && memcmp(data, head, sizeof(head) - 1) == 0 &&
	    memcmp(data + sizeof(head) - 1, tail, sizeof(tail) - 1) == 0;
}

static void
report_malware(struct report *report)
{
	report_add(report, VERDICT_REJECT, "malware_test",
	    "The file is the test pattern of virus scanners. Scan your computer, and upload another file.");
}

static int
base64_value(uint8_t c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c == 0 ? NULL : strchr(digits, c);

	return at == NULL ? -1 : (int)(at - digits);
}

/* A text of base64 alone is another file in disguise: its first bytes say which. */
static bool
base64_look(const uint8_t *data, size_t size, struct report *report)
{
	uint8_t head[128];
	size_t n = 0, digits = 0;
	uint32_t bits = 0;

	if (size > BASE64_MAX)
		return false;
	for (size_t at = 0; at < size; at++) {
		if (isspace(data[at]) || data[at] == '=')
			continue;
		int value = base64_value(data[at]);
		if (value < 0)
			return false;
		bits = bits << 6 | (uint32_t)value;
		if (++digits % 4 == 0 && n + 3 <= sizeof(head)) {
			head[n++] = (uint8_t)(bits >> 16);
			head[n++] = (uint8_t)(bits >> 8);
			head[n++] = (uint8_t)bits;
		}
	}
	if (digits % 4 != 0 && n + 2 <= sizeof(head)) {
		bits <<= 6 * (4 - digits % 4);
		head[n++] = (uint8_t)(bits >> 16);
		head[n++] = (uint8_t)(bits >> 8);
	}
	if (digits < 64 || memchr(data, ' ', size) != NULL)
		return false;
	report->type = "base64";
	if (is_eicar(head, n))
		report_malware(report);
	else
		report_add(report, VERDICT_REJECT, "encoded",
		    "The file is another file written as text (base64), which assessors cannot open. "
		    "Upload the file itself.");
	return true;
}

/* A cell that begins like a formula runs when a spreadsheet opens the table. */
static bool
has_formula(const uint8_t *data, size_t size)
{
	bool starts = true;

	for (size_t at = 0; at < size; at++) {
		uint8_t c = data[at], next = at + 1 < size ? data[at + 1] : 0;

		if (starts && (c == '=' || c == '@' || ((c == '+' || c == '-') && isalpha(next))))
			return true;
		starts = c == ',' || c == ';' || c == '\t' || c == '\n' || c == '\r' ||
		    (starts && (c == '"' || c == ' '));
	}
	return false;
}

static void
census_judge(const struct census *census, struct report *report)
{
	report->text = census->letters >= LETTERS_MIN;
	if (census->has_zero || census->controls * CONTROLS_FACTOR > census->all) {
		report->type = "data";
		report->text = -1;
		report_add(report, VERDICT_REJECT, "corrupt",
		    "The file is of no kind that can be shown, or it is damaged. Save it as PDF, picture, "
		    "text or document, and upload that.");
	} else if (!report->text) {
		report_add(report, VERDICT_WARN, "empty_text",
		    "There is nothing to read in the file. Check that it is the right one and was saved.");
	}
}

void
look_at_text(const struct file *file, struct report *report)
{
	size_t size = file->size < TEXT_MAX ? file->size : TEXT_MAX;
	const uint8_t *data = file->data;
	struct census census = {0}, windows = {0};

	if (is_eicar(data, size)) {
		report_malware(report);
		return;
	}
	if (size >= 2 && ((data[0] == 0xff && data[1] == 0xfe) || (data[0] == 0xfe && data[1] == 0xff))) {
		utf16_count(data, size, data[0] == 0xff, &census);
	} else if (!utf8_count(data, size, size < file->size, &census)) {
		windows_count(data, size, &windows);
		census = windows;
	}
	census_judge(&census, report);
	if (report->verdict == VERDICT_REJECT || base64_look(data, size, report))
		return;
	if (word_is_among(file->extension, "csv tsv")) {
		report->type = file->extension[0] == 'c' ? "csv" : "tsv";
		if (has_formula(data, size))
			report_add(report, VERDICT_WARN, "active_content",
			    "The table has cells that begin like a formula, which a spreadsheet would run. "
			    "Put a quote (') before them, or upload the table as PDF.");
	} else if (!word_is_among(file->extension, "txt text md markdown srt vtt log tex bib")) {
		report_add(report, VERDICT_POLICY, "text_format",
		    "The file is a text of a special kind. Upload it as PDF or with the name ending in "
		    ".txt, unless this issuer accepts it.");
	}
}

/* RTF is a text of groups in braces; objects in it can be programs. */
void
look_at_rtf(const struct file *file, struct report *report)
{
	size_t depth = 0, letters = 0;
	bool closed = false;

	for (size_t at = 0; at < file->size; at++) {
		uint8_t c = file->data[at];

		if (c == '\\') {
			/* A control word ends at what is no letter; an escaped brace is no brace. */
			at++;
			while (at + 1 < file->size && isalpha(file->data[at]) && isalnum(file->data[at + 1]))
				at++;
		} else if (c == '{') {
			depth++;
		} else if (c == '}' && depth > 0) {
			closed = --depth == 0;
		} else if (isalnum(c) && depth == 1) {
			letters++;
		}
	}
	report->text = letters >= LETTERS_MIN;
	if (!closed)
		report_corrupt(report);
	else if (!report->text)
		report_add(report, VERDICT_WARN, "empty_text",
		    "There is nothing to read in the file. Check that it is the right one and was saved.");
	if (bytes_find(file->data, file->size, "\\objupdate", 10) != NULL ||
	    bytes_find(file->data, file->size, "\\objautlink", 11) != NULL ||
	    bytes_find(file->data, file->size, "\\*\\template", 11) != NULL)
		report_add(report, VERDICT_REJECT, "active_content",
		    "The document loads something when it is opened. Save it as PDF and upload that.");
	else if (bytes_find(file->data, file->size, "\\objdata", 8) != NULL)
		report_add(report, VERDICT_WARN, "embedded_file",
		    "Another file is packed into the document, and assessors may not see it. Upload it as "
		    "evidence of its own.");
}
