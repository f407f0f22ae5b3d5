#include "id.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "clock.h"

/* Random bytes are taken from the kernel by the page: one system call for 32 ids. */
enum { POOL = 256 };

static void
random_fill(void *out, size_t size)
{
	while (size > 0) {
		ssize_t n = getrandom(out, size, 0);

		if (n < 0 && errno != EINTR)
			abort(); /* without random numbers nothing here is safe to do */
		if (n > 0) {
			out = (char *)out + n;
			size -= (size_t)n;
		}
	}
}

/*
 * Each byte is given once and forgotten. A process that forks without exec must
 * not make ids in both halves.
 */
static void
random_take(void *out, size_t size)
{
	static _Thread_local unsigned char pool[POOL];
	static _Thread_local size_t left;

	if (left < size) {
		random_fill(pool, sizeof(pool));
		left = sizeof(pool);
	}
	left -= size;
	memcpy(out, pool + left, size);
	memset(pool + left, 0, size);
}

static void
uuid_write(char *out, const unsigned char bytes[16])
{
	static const char digits[] = "0123456789abcdef";

	for (int i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*out++ = '-';
		*out++ = digits[bytes[i] >> 4];
		*out++ = digits[bytes[i] & 15];
	}
	*out = '\0';
}

char *
id_new(struct call *call)
{
	char *out = arena_alloc(call->arena, sizeof("00000000-0000-0000-0000-000000000000"));
	int64_t now = call->now != 0 ? call->now : clock_host() + clock_offset();
	unsigned char b[16];

	if (out == NULL)
		return NULL;
	now = now > 0 ? now : 0;
	/* RFC 9562, 5.7 and 6.2 method 3: 48 bits of milliseconds, then 12 bits of the fraction of one. */
	uint64_t ms = (uint64_t)now / 1000;
	unsigned fraction = (unsigned)((uint64_t)now % 1000 * 4096 / 1000);

	for (int i = 0; i < 6; i++)
		b[i] = (unsigned char)(ms >> (40 - 8 * i));
	random_take(b + 8, 8);
	b[6] = (unsigned char)(0x70 | fraction >> 8);
	b[7] = (unsigned char)fraction;
	b[8] = (b[8] & 0x3f) | 0x80;
	uuid_write(out, b);
	return out;
}

char *
id_join(struct call *call, const char *issuer_id, const char *uuid)
{
	return arena_printf(call->arena, "%s~%s", issuer_id, uuid);
}

const char *
id_uuid(const char *id)
{
	const char *tilde = id != NULL ? strchr(id, '~') : NULL;

	return tilde != NULL ? tilde + 1 : id != NULL ? id : "";
}

bool
id_is_uuid(const char *s)
{
	for (int i = 0; i < 36; i++) {
		bool is_hyphen = i == 8 || i == 13 || i == 18 || i == 23;

		if (is_hyphen ? s[i] != '-' : !isxdigit((unsigned char)s[i]))
			return false;
	}
	return s[36] == '\0';
}

/* Is it made of LEN bytes that a slug may have? */
static bool
is_slug(const char *s, size_t len, size_t max)
{
	if (len < 3 || len > max || s[0] == '-' || s[len - 1] == '-')
		return false;
	for (size_t i = 0; i < len; i++)
		if (!(s[i] >= 'a' && s[i] <= 'z') && !(s[i] >= '0' && s[i] <= '9') && s[i] != '-')
			return false;
	return true;
}

bool
slug_fits(const char *s, size_t max)
{
	return is_slug(s, strnlen(s, max + 1), max);
}

bool
id_is_slug(const char *s)
{
	return slug_fits(s, SLUG_MAX);
}

bool
id_is_joined(const char *s)
{
	const char *tilde = memchr(s, '~', strnlen(s, SLUG_MAX + 1));

	return tilde != NULL && is_slug(s, (size_t)(tilde - s), SLUG_MAX) && id_is_uuid(tilde + 1);
}

/* ---- codes ---- */

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

enum {
	CODE_DATA = 8,                    /* random characters */
	CODE_SYMBOLS = 1 + CODE_DATA + 1, /* V, these, the check character */
	NO_SYMBOL = 32,                   /* U: a letter, but none of the alphabet */
	GAP_MAX = 3,                      /* spaces and hyphens in one place */
};

/* The value 0..31 of C, NO_SYMBOL for a letter without one, -1 for what is no letter or digit. */
static int
symbol_of(char c)
{
	const char *at;

	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	if (!(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z'))
		return -1;
	if (c == 'O')
		return 0;
	if (c == 'I' || c == 'L')
		return 1;
	at = strchr(alphabet, c);
	return at != NULL ? (int)(at - alphabet) : NO_SYMBOL;
}

/*
 * Multiplies by alpha = x^2 in GF(32), the polynomials over GF(2) modulo
 * x^5 + x^4 + x^3 + x^2 + 1. All powers up to the 31st differ, as 31 is prime.
 */
static int
times_alpha(int value)
{
	for (int i = 0; i < 2; i++)
		value = (value << 1 & 31) ^ (value & 16 ? 29 : 0);
	return value;
}

/*
 * The check is the sum of alpha^(i+1) * d[i] in GF(32). A wrong d[i] changes it
 * by alpha^(i+1) times something that is not 0; two swapped neighbours change it
 * by (alpha^(i+1) + alpha^(i+2)) times their difference; the last one swapped
 * with the check itself needs alpha^8 to be other than 1. None of these is ever 0.
 */
static int
check_of(const int data[CODE_DATA])
{
	int sum = 0;

	for (int i = CODE_DATA; i-- > 0;)
		sum = times_alpha(sum ^ data[i]);
	return sum;
}

static void
code_write(char out[CODE_SIZE], const int data[CODE_DATA])
{
	char *p = out;

	*p++ = 'V';
	for (int i = 0; i < CODE_DATA; i++) {
		if (i % 4 == 0)
			*p++ = '-';
		*p++ = alphabet[data[i]];
	}
	*p++ = '-';
	*p++ = alphabet[check_of(data)];
	*p = '\0';
}

void
code_new(char out[CODE_SIZE])
{
	unsigned char bytes[CODE_DATA];
	int data[CODE_DATA];

	random_take(bytes, sizeof(bytes));
	for (int i = 0; i < CODE_DATA; i++)
		data[i] = bytes[i] & 31;
	code_write(out, data);
}

/* Judges symbols that stand where those of a code would. */
static enum code_result
code_judge(const int symbols[CODE_SYMBOLS], char out[CODE_SIZE])
{
	if (symbols[0] != symbol_of('V'))
		return CODE_NONE;
	for (int i = 1; i < CODE_SYMBOLS; i++)
		if (symbols[i] == NO_SYMBOL)
			return CODE_WRONG;
	if (check_of(symbols + 1) != symbols[CODE_SYMBOLS - 1])
		return CODE_WRONG;
	code_write(out, symbols + 1);
	return CODE_OK;
}

/* How many bytes the space or hyphen at S takes; 0 when there is none. */
static size_t
gap_len(const char *s, bool *is_hyphen)
{
	static const struct {
		const char *bytes;
		bool is_hyphen;
	} gaps[] = {
		{" ", false},
		{"\t", false},
		{"\r", false},
		{"\n", false},
		{"-", true},
		{"\u00a0", false},
		{"\u202f", false},
		{"\u2010", true},
		{"\u2011", true},
		{"\u2012", true},
		{"\u2013", true},
		{"\u2014", true},
		{"\u2212", true},
	};

	for (size_t i = 0; i < sizeof(gaps) / sizeof(gaps[0]); i++) {
		size_t len = strlen(gaps[i].bytes);

		if (strncmp(s, gaps[i].bytes, len) == 0) {
			*is_hyphen |= gaps[i].is_hyphen;
			return len;
		}
	}
	return 0;
}

enum code_result
code_read(const char *text, char out[CODE_SIZE])
{
	int symbols[CODE_SYMBOLS], n = 0, gap = 0;
	bool is_hyphen = false;

	while (*text != '\0') {
		size_t skip = gap_len(text, &is_hyphen);

		if (skip > 0) {
			text += skip;
			if (++gap > GAP_MAX && n > 0 && n < CODE_SYMBOLS)
				return CODE_NONE;
			continue;
		}
		if (n == CODE_SYMBOLS || symbol_of(*text) < 0)
			return CODE_NONE;
		symbols[n++] = symbol_of(*text++);
		gap = 0;
	}
	return n == CODE_SYMBOLS ? code_judge(symbols, out) : CODE_NONE;
}

/* What stands at a V in running text. */
struct candidate {
	int symbols[CODE_SYMBOLS];
	bool has_gap, has_hyphen, has_digit, is_upper;
	size_t len;
};

/* Does TEXT begin with V, 4, 4 and 1 letters or digits, gaps or not between, and nothing joined to them? */
static bool
candidate_at(const char *text, struct candidate *c)
{
	static const int groups[] = {1, 4, 4, 1};
	const char *s = text;
	int n = 0;

	*c = (struct candidate){.is_upper = *text == 'V'};
	for (size_t g = 0; g < sizeof(groups) / sizeof(groups[0]); g++) {
		size_t skip;

		for (int i = 0; g > 0 && i < GAP_MAX && (skip = gap_len(s, &c->has_hyphen)) > 0; i++) {
			s += skip;
			c->has_gap = true;
		}
		for (int i = 0; i < groups[g]; i++, s++) {
			if (symbol_of(*s) < 0)
				return false;
			c->has_digit |= *s >= '0' && *s <= '9';
			c->symbols[n++] = symbol_of(*s);
		}
	}
	c->len = (size_t)(s - text);
	return symbol_of(*s) < 0;
}

/* Takes a code into the list unless it is there; the number then in the list. */
static size_t
list_add(char (*out)[CODE_SIZE], size_t n, size_t max, const char code[CODE_SIZE])
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(out[i], code) == 0)
			return n;
	if (n == max)
		return n;
	memcpy(out[n], code, CODE_SIZE);
	return n + 1;
}

size_t
code_find(const char *text, char (*out)[CODE_SIZE], size_t max, bool *wrong)
{
	size_t n = 0;
	bool starts = true;

	*wrong = false;
	while (*text != '\0') {
		struct candidate c;
		char code[CODE_SIZE];
		bool is_v = starts && (*text == 'V' || *text == 'v');

		starts = symbol_of(*text) < 0;
		/* Words have no digits and no hyphens there: "visibility", "v have been a". */
		if (!is_v || !candidate_at(text, &c) || !(c.has_digit || c.has_hyphen)) {
			text++;
			continue;
		}
		switch (code_judge(c.symbols, code)) {
		case CODE_OK:
			n = list_add(out, n, max, code);
			text += c.len;
			continue;
		case CODE_WRONG:
			/* A small v before words and numbers is no wrong code. */
			*wrong |= c.has_hyphen || !c.has_gap || c.is_upper;
			break;
		case CODE_NONE:
			break;
		}
		text++;
	}
	return n;
}
