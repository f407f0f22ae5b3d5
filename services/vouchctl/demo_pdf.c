#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "demo.h"

enum { COLUMNS = 84, ROWS = 46, PAGES_MAX = 20, FONT = 3, FIRST_PAGE = 4 };

/* One character of UTF-8 as a byte of WinAnsi; moves *AT past it. */
static unsigned char
letter_take(const char **at)
{
	unsigned char c = (unsigned char)**at, d = (unsigned char)(*at)[1];

	++*at;
	if (c < 0x80)
		return c;
	while (((unsigned char)**at & 0xc0) == 0x80)
		++*at;
	/* U+00A0..U+00FF are the same in WinAnsi. */
	if (c == 0xc2 || c == 0xc3)
		return (unsigned char)((c << 6 | (d & 0x3f)) & 0xff);
	return '?';
}

static void
letter_put(FILE *out, unsigned char c)
{
	if (c == '(' || c == ')' || c == '\\')
		fputc('\\', out);
	fputc(c >= ' ' ? c : ' ', out);
}

/* Writes one line of TEXT, broken at a space, and returns where the next begins. */
static const char *
line_put(FILE *out, const char *text)
{
	const char *end = text, *space = NULL;

	for (int n = 0; *end != '\0' && *end != '\n' && n < COLUMNS; n++) {
		if (*end == ' ')
			space = end;
		letter_take(&end);
	}
	if (*end != '\0' && *end != '\n' && space != NULL)
		end = space;
	fputc('(', out);
	while (text < end)
		letter_put(out, letter_take(&text));
	fputs(") Tj T*\n", out);
	return *end != '\0' ? end + (*end == '\n' || *end == ' ') : end;
}

/* What stands on one page, as a content stream. */
static char *
page_make(const char *title, const char **text, size_t *size)
{
	char *content = NULL;
	FILE *out = open_memstream(&content, size);

	if (out == NULL)
		return NULL;
	fputs("BT /F1 15 Tf 56 780 Td 15 TL\n", out);
	line_put(out, title);
	fputs("T* /F1 11 Tf\n", out);
	for (int row = 0; row < ROWS && **text != '\0'; row++)
		*text = line_put(out, *text);
	fputs("ET\n", out);
	return fclose(out) == 0 ? content : NULL;
}

/* Objects 1 (catalog), 2 (pages), 3 (font), then a page and its content for each page. */
static void
objects_put(FILE *out, char **pages, const size_t *sizes, int n, long *at)
{
	at[1] = ftell(out);
	fputs("1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n", out);
	at[2] = ftell(out);
	fputs("2 0 obj\n<< /Type /Pages /Kids [", out);
	for (int i = 0; i < n; i++)
		fprintf(out, " %d 0 R", FIRST_PAGE + 2 * i);
	fprintf(out, " ] /Count %d >>\nendobj\n", n);
	at[FONT] = ftell(out);
	fprintf(out,
	    "%d 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica"
	    " /Encoding /WinAnsiEncoding >>\nendobj\n",
	    FONT);
	for (int i = 0; i < n; i++) {
		int page = FIRST_PAGE + 2 * i;

		at[page] = ftell(out);
		fprintf(out,
		    "%d 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
		    " /Resources << /Font << /F1 %d 0 R >> >> >>\nendobj\n",
		    page, page + 1, FONT);
		at[page + 1] = ftell(out);
		fprintf(out, "%d 0 obj\n<< /Length %zu >>\nstream\n", page + 1, sizes[i]);
		fwrite(pages[i], 1, sizes[i], out);
		fputs("endstream\nendobj\n", out);
	}
}

char *
demo_pdf(const char *title, const char *text, size_t *size)
{
	char *pages[PAGES_MAX] = {0}, *pdf = NULL;
	size_t sizes[PAGES_MAX];
	long at[FIRST_PAGE + 2 * PAGES_MAX];
	FILE *out = open_memstream(&pdf, size);
	int n = 0;

	do
		pages[n] = page_make(title, &text, &sizes[n]);
	while (pages[n] != NULL && ++n < PAGES_MAX && *text != '\0');
	if (out == NULL || n == 0)
		return NULL;
	fputs("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", out);
	objects_put(out, pages, sizes, n, at);
	long xref = ftell(out);
	int last = FIRST_PAGE + 2 * n;
	fprintf(out, "xref\n0 %d\n0000000000 65535 f \n", last);
	for (int i = 1; i < last; i++)
		fprintf(out, "%010ld 00000 n \n", at[i]);
	fprintf(out, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%ld\n%%%%EOF\n", last, xref);
	for (int i = 0; i < n; i++)
		free(pages[i]);
	return fclose(out) == 0 ? pdf : NULL;
}
