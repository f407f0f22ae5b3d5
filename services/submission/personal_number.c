/* personal_number.c: what a pattern cannot say of a number: check digits, calendars, ranges. */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "personal_rule.h"

size_t
passage_squeeze(const struct passage *passage, char *out, size_t max)
{
	size_t n = 0;

	for (size_t i = passage->start; i < passage->end; i++) {
		unsigned char c = (unsigned char)passage->text[i];

		if (c >= 0x80 || !isalnum(c))
			continue;
		if (n < max - 1)
			out[n] = (char)toupper(c);
		n++;
	}
	out[n < max ? n : max - 1] = '\0';
	return n;
}

bool
luhn_is_right(const char *digits, size_t n)
{
	int sum = 0;

	for (size_t i = 0; i < n; i++) {
		int d = digits[n - 1 - i] - '0';

		if (i % 2 == 1)
			d = d * 2 > 9 ? d * 2 - 9 : d * 2;
		sum += d;
	}
	return n > 0 && sum % 10 == 0;
}

/* All digits the same, or zeros: a filler in a form, not a number of somebody. */
static bool
is_filler(const char *digits)
{
	return strspn(digits, (char[]){digits[0], '\0'}) == strlen(digits);
}

/* The networks of ISO/IEC 7812 that issue cards to people, by their first digits. */
static bool
has_issuer(const char *digits, size_t n)
{
	int two = (digits[0] - '0') * 10 + digits[1] - '0';
	int four = two * 100 + (digits[2] - '0') * 10 + digits[3] - '0';

	switch (n) {
	case 13:
		return digits[0] == '4';
	case 14:
		return two == 36 || two == 38 || two == 39 || (four >= 3000 && four <= 3059);
	case 15:
		return two == 34 || two == 37 || four == 1800 || four == 2131 || digits[0] == '1';
	default:
		return digits[0] == '4' || (two >= 50 && two <= 69) || (four >= 2221 && four <= 2720) ||
		    (four >= 3528 && four <= 3589) || (four >= 2200 && four <= 2204);
	}
}

enum ruling
check_card(struct passage *passage)
{
	char digits[24];
	size_t n = passage_squeeze(passage, digits, sizeof(digits));

	return n >= 13 && n <= 19 && !is_filler(digits) && has_issuer(digits, n) && luhn_is_right(digits, n) ?
	    RULING_HIT :
	    RULING_NO;
}

/* Behind the word "card" the issuer does not matter. */
enum ruling
check_card_named(struct passage *passage)
{
	char digits[24];
	size_t n = passage_squeeze(passage, digits, sizeof(digits));

	return n >= 12 && n <= 19 && !is_filler(digits) && luhn_is_right(digits, n) ? RULING_HIT : RULING_NO;
}

/* Lengths of the IBAN registry (SWIFT, release 97); a country that is not here may have 15 to 34. */
static size_t
iban_length(const char *country)
{
	static const char lengths[] = "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BR29BY28CH21CR22CY28CZ24DE22DK18DO"
				      "28EE20EG29ES24FI18FO18FR27GB22"
				      "GE22GI23GL18GR27GT28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI"
				      "21LT20LU20LV21LY25MC27MD24ME22"
				      "MK19MR27MT31MU30NL18NO15PK24PL28PS29PT25QA29RO24RS22SA24SC31SD18SE24SI"
				      "19SK24SM27ST25SV28TL23TN24TR26"
				      "UA29VA22VG24XK20";

	for (const char *at = lengths; *at != '\0'; at += 4)
		if (strncmp(at, country, 2) == 0)
			return (size_t)((at[2] - '0') * 10 + at[3] - '0');
	return 0;
}

/* ISO 7064 modulo 97-10 of N characters, the first four moved to the end. */
static bool
iban_is_right(const char *iban, size_t n)
{
	unsigned rest = 0;

	for (size_t i = 0; i < n; i++) {
		char c = iban[(i + 4) % n];

		if (isdigit((unsigned char)c))
			rest = (rest * 10 + (unsigned)(c - '0')) % 97;
		else
			rest = (rest * 100 + (unsigned)(c - 'A') + 10) % 97;
	}
	return rest == 1;
}

/* Moves the end of PASSAGE to behind its Nth letter or digit. */
static void
cut_after(struct passage *passage, size_t n)
{
	size_t at = passage->start;

	for (; at < passage->end && n > 0; at++)
		if (isalnum((unsigned char)passage->text[at]))
			n--;
	passage->end = at;
}

enum ruling
check_iban(struct passage *passage)
{
	char iban[48];
	size_t n = passage_squeeze(passage, iban, sizeof(iban));
	size_t want = iban_length(iban);

	/* The pattern may have run on into the next words: the country says where it ends. */
	if (want == 0)
		want = n;
	if (n < want || want < 15 || want > 34 || !iban_is_right(iban, want))
		return RULING_NO;
	cut_after(passage, want);
	if (passage->end < passage->len && isalnum((unsigned char)passage->text[passage->end]))
		return RULING_NO;
	return RULING_HIT;
}

static size_t
count_digits(const struct passage *passage)
{
	size_t n = 0;

	for (size_t i = passage->start;
	    i < passage->end && passage->text[i] != 'x' && passage->text[i] != 'e'; i++)
		n += isdigit((unsigned char)passage->text[i]) != 0;
	return n;
}

/* E.164: at most 15 digits. Fewer than 6 are a short code, not somebody's number. */
enum ruling
check_phone(struct passage *passage)
{
	size_t n = count_digits(passage);
	size_t min = passage->text[passage->start] == '+' ? 8 : 6;

	while (n > 15 && passage->end > passage->start) {
		/* Ran on into the next number: give back the last group. */
		while (
		    passage->end > passage->start && isdigit((unsigned char)passage->text[passage->end - 1]))
			passage->end--;
		while (
		    passage->end > passage->start && !isdigit((unsigned char)passage->text[passage->end - 1]))
			passage->end--;
		n = count_digits(passage);
	}
	if (n < min)
		return RULING_NO;
	return RULING_HIT;
}

/* Without a word that says telephone: 7 digits in groups, or 9 and more. Years do not make a group. */
enum ruling
check_phone_grouped(struct passage *passage)
{
	size_t n = count_digits(passage);
	size_t groups = 1;

	for (size_t i = passage->start + 1; i < passage->end; i++)
		groups += isdigit((unsigned char)passage->text[i]) &&
		    !isdigit((unsigned char)passage->text[i - 1]);
	if (n < 7 || (groups == 1 && n < 9) ||
	    (groups == 2 && n == 8 && passage->text[passage->start] != '0'))
		return RULING_NO;
	if (passage->text[passage->start] == '0' && (n < 9 || n > 11))
		return RULING_NO;
	return check_phone(passage);
}

/* Ten digits with the check digit of ISBN-10 are a book. */
enum ruling
check_mobile(struct passage *passage)
{
	const char *s = passage->text + passage->start;
	int sum = 0;

	if (passage->end - passage->start != 10)
		return RULING_HIT;
	for (int i = 0; i < 10; i++)
		sum += (10 - i) * (s[i] - '0');
	return sum % 11 == 0 ? RULING_NO : RULING_HIT;
}

static bool
in_words(const char *list, const char *word, size_t len)
{
	/* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): an empty word ends the list */
	for (const char *at = list; *at != '\0'; at += strlen(at) + 1)
		if (strlen(at) == len && strncasecmp(at, word, len) == 0)
			return true;
	return false;
}

/* Says whether one of the last COUNT words before the passage is in LIST (each word ends with a NUL, the list
 * with two). */
static bool
follows(const struct passage *passage, const char *list, int count)
{
	size_t at = passage->start;

	while (count-- > 0) {
		while (at > 0 && !isalnum((unsigned char)passage->text[at - 1]) &&
		    passage->text[at - 1] != '\n' && (unsigned char)passage->text[at - 1] < 0x80)
			at--;
		size_t end = at;

		while (at > 0 &&
		    (isalpha((unsigned char)passage->text[at - 1]) ||
			(unsigned char)passage->text[at - 1] >= 0x80))
			at--;
		if (at == end)
			return false;
		if (in_words(list, passage->text + at, end - at))
			return true;
	}
	return false;
}

/* Four small numbers with dots are a version or a clause more often than an address of the early net. */
enum ruling
check_ipv4(struct passage *passage)
{
	static const char versions[] = "version\0v\0ver\0release\0build\0software\0firmware\0section\0clause"
				       "\0"
				       "standard\0objective\0chapter\0app\0update\0step\0strand\0outcome\0ind"
				       "icator\0item\0numbered\0";
	char text[16];
	size_t n = passage->end - passage->start;
	struct in_addr address;

	if (n >= sizeof(text))
		return RULING_NO;
	memcpy(text, passage->text + passage->start, n);
	text[n] = '\0';
	if (inet_pton(AF_INET, text, &address) != 1 || follows(passage, versions, 3))
		return RULING_NO;

	const unsigned char *b = (const unsigned char *)&address;

	if (b[0] == 0 && b[1] == 0)
		return RULING_NO;
	if (b[0] < 10 && b[1] < 20 && b[2] < 20 && b[3] < 20)
		return follows(passage, "ip\0address\0host\0server\0from\0log\0logs\0", 4) ? RULING_HIT :
											     RULING_NO;
	return RULING_HIT;
}

enum ruling
check_ipv6(struct passage *passage)
{
	char text[48];
	struct in6_addr address;
	size_t n;

	/* A colon that ends a phrase is not part of the address. */
	while (passage->end - passage->start > 2 && passage->text[passage->end - 1] == ':' &&
	    passage->text[passage->end - 2] != ':')
		passage->end--;
	n = passage->end - passage->start;
	const char *zone = memchr(passage->text + passage->start, '%', n);
	if (zone != NULL)
		n = (size_t)(zone - passage->text) - passage->start;
	if (n >= sizeof(text))
		return RULING_NO;
	memcpy(text, passage->text + passage->start, n);
	text[n] = '\0';
	/* "::" and "a::b" stand for other things in prose and code. */
	if (inet_pton(AF_INET6, text, &address) != 1 || n < 5)
		return RULING_NO;
	return strpbrk(text, "0123456789") != NULL ? RULING_HIT : RULING_NO;
}

/* Reads the number at *AT and moves behind it; -1 when there is none. */
static int
number_read(const char *text, size_t end, size_t *at)
{
	int n = 0;

	while (*at < end && !isdigit((unsigned char)text[*at]))
		(*at)++;
	if (*at == end)
		return -1;
	for (; *at < end && isdigit((unsigned char)text[*at]) && n < 100000; (*at)++)
		n = n * 10 + text[*at] - '0';
	return n;
}

/* Born before this year: somebody of the history books. */
enum { YEAR_MIN = 1920 };

/* The pattern has the form of a date: here the numbers must be days, months, years of somebody alive. */
enum ruling
check_birth(struct passage *passage)
{
	size_t at = passage->start;
	int a = number_read(passage->text, passage->end, &at);
	int b = number_read(passage->text, passage->end, &at);
	int c = number_read(passage->text, passage->end, &at);

	if (c < 0) /* the month is a word */
		return a >= 1 && a <= 31 && b >= YEAR_MIN ? RULING_HIT : RULING_NO;
	if (a >= 1900)
		return a >= YEAR_MIN && b >= 1 && b <= 12 && c >= 1 && c <= 31 ? RULING_HIT : RULING_NO;
	if (c >= 100 && c < YEAR_MIN)
		return RULING_NO;
	return ((a >= 1 && a <= 12 && b >= 1 && b <= 31) || (a >= 1 && a <= 31 && b >= 1 && b <= 12)) ?
	    RULING_HIT :
	    RULING_NO;
}

/* "In 2019 Main Street" is a year and a street that everybody knows. */
enum ruling
check_house(struct passage *passage)
{
	static const char before_years[] = "in\0since\0of\0from\0by\0until\0around\0year\0after\0before\0duri"
					   "ng\0and\0"
					   "to\0early\0late\0summer\0fall\0spring\0winter\0";
	size_t at = passage->start;
	int number = number_read(passage->text, passage->end, &at);

	if (number == 0)
		return RULING_NO;
	return number >= 1500 && number <= 2099 && follows(passage, before_years, 1) ? RULING_NO : RULING_HIT;
}
