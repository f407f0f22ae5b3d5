/*
 * personal_id.c: identity numbers of states and schools.
 *
 * Behind words that name it ("student number", "passport no.") nearly any
 * number is one. Without such words only formats are taken that carry their own
 * proof: a check digit, a date, or a form that nothing else has.
 */
#include <ctype.h>
#include <string.h>

#include "personal_rule.h"

enum { ID_MAX = 24 };

static int
two(const char *s)
{
	return (s[0] - '0') * 10 + s[1] - '0';
}

static bool
all_digits(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isdigit((unsigned char)s[i]))
			return false;
	return true;
}

static bool
is_month_day(const char *mmdd)
{
	return two(mmdd) >= 1 && two(mmdd) <= 12 && two(mmdd + 2) >= 1 && two(mmdd + 2) <= 31;
}

/* Sum of the N digits of S, each with its weight. */
static int
weighted(const char *s, const int *weights, size_t n)
{
	int sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (s[i] - '0') * weights[i];
	return sum;
}

/* S modulo M, S of N digits. */
static int
modulo(const char *s, size_t n, int m)
{
	int rest = 0;

	for (size_t i = 0; i < n; i++)
		rest = (rest * 10 + s[i] - '0') % m;
	return rest;
}

/*
 * Compares the form of S with SHAPE: 9 a digit, A a letter, X either, other
 * characters themselves. The form holds separators, which decide: 960121-1234567
 * is a Korean number, 9601211234567 alone is any number.
 */
static bool
has_shape(const char *s, size_t n, const char *shape)
{
	if (strlen(shape) != n)
		return false;
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if ((shape[i] == '9' && !isdigit(c)) || (shape[i] == 'A' && !isalpha(c)) ||
		    (shape[i] == 'X' && !isalnum(c)) ||
		    (strchr("9AX", shape[i]) == NULL && shape[i] != (char)c))
			return false;
	}
	return true;
}

/* Spain: 8 digits (or X, Y, Z and 7) and the letter of the remainder modulo 23. */
static bool
is_spanish(const char *id)
{
	char digits[9];

	memcpy(digits, id, 8);
	if (isalpha((unsigned char)id[0])) {
		if (strchr("XYZ", id[0]) == NULL)
			return false;
		digits[0] = (char)('0' + id[0] - 'X');
	}
	return all_digits(digits, 8) && "TRWAGMYFPDXBNJZSQVHLCKE"[modulo(digits, 8, 23)] == id[8];
}

/* Finland: ddmmyy, a sign of the century, 3 digits and a character modulo 31. */
static bool
is_finnish(const char *id, char sign)
{
	char digits[9];

	memcpy(digits, id, 6);
	memcpy(digits + 6, id + (isalpha((unsigned char)sign) ? 7 : 6), 3);
	const char check = id[isalpha((unsigned char)sign) ? 10 : 9];
	return all_digits(digits, 9) && strchr("+-ABCDEFUVWXY", sign) != NULL && two(id) >= 1 &&
	    two(id) <= 31 && two(id + 2) >= 1 && two(id + 2) <= 12 &&
	    "0123456789ABCDEFHJKLMNPRSTUVWXY"[modulo(digits, 9, 31)] == check;
}

/* Italy: AAAAAA99A99A999A with one of 12 letters for the month. */
static bool
is_italian(const char *id)
{
	int day = two(id + 9) % 40;

	return strchr("ABCDEHLMPRST", id[8]) != NULL && day >= 1 && day <= 31;
}

/* Brazil: two check digits modulo 11. */
static bool
is_brazilian(const char *id)
{
	for (size_t n = 9; n < 11; n++) {
		int sum = 0;

		for (size_t i = 0; i < n; i++)
			sum += (id[i] - '0') * (int)(n + 1 - i);
		if (sum * 10 % 11 % 10 != id[n] - '0')
			return false;
	}
	return strspn(id, (char[]){id[0], '\0'}) < 11;
}

/* India, Aadhaar: Verhoeff's check digit over the dihedral group of order 10. */
static bool
is_verhoeff(const char *id, size_t n)
{
	static const char product[] = "0123456789"
				      "1234067895"
				      "2340178956"
				      "3401289567"
				      "4012395678"
				      "5987604321"
				      "6598710432"
				      "7659821043"
				      "8765932104"
				      "9876543210";
	static const char permute[] = "0123456789"
				      "1576283094"
				      "5803796142"
				      "8916043527"
				      "9453126870"
				      "4286573901"
				      "2793806415"
				      "7046913258";
	int check = 0;

	for (size_t i = 0; i < n; i++) {
		int digit = permute[i % 8 * 10 + (size_t)(id[n - 1 - i] - '0')] - '0';

		check = product[check * 10 + digit] - '0';
	}
	return check == 0;
}

/* Singapore: a letter of the century, 7 digits, a letter of the remainder modulo 11. */
static bool
is_singaporean(const char *id)
{
	static const int weights[] = {2, 7, 6, 5, 4, 3, 2};
	int sum = weighted(id + 1, weights, 7) + (strchr("TG", id[0]) != NULL ? 4 : 0);

	if (strchr("ST", id[0]) != NULL)
		return "JZIHGFEDCBA"[sum % 11] == id[8];
	return strchr("FG", id[0]) != NULL && "XWUTRQPNMLK"[sum % 11] == id[8];
}

/* China: region, date of birth, serial, ISO 7064 modulo 11-2. */
static bool
is_chinese(const char *id)
{
	static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};

	return all_digits(id, 17) && (two(id + 6) == 19 || two(id + 6) == 20) && is_month_day(id + 10) &&
	    "10X98765432"[weighted(id, weights, 17) % 11] == id[17];
}

/* Norway: two check digits modulo 11 behind a date and three digits. */
static bool
is_norwegian(const char *id)
{
	static const int first[] = {3, 7, 6, 1, 8, 9, 4, 5, 2, 1},
			 second[] = {5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1};

	return two(id) % 40 >= 1 && two(id) % 40 <= 31 && two(id + 2) >= 1 && two(id + 2) <= 12 &&
	    weighted(id, first, 10) % 11 == 0 && weighted(id, second, 11) % 11 == 0;
}

/* Turkey: two check digits, the first digit is not 0. */
static bool
is_turkish(const char *id)
{
	int odd = 0, even = 0, all = 0;

	for (size_t i = 0; i < 10; i++)
		all += id[i] - '0';
	for (size_t i = 0; i < 9; i++)
		*(i % 2 == 0 ? &odd : &even) += id[i] - '0';
	return id[0] != '0' && ((odd * 7 - even) % 10 + 10) % 10 == id[9] - '0' && all % 10 == id[10] - '0';
}

/* Switzerland: 756 and the check digit of EAN-13. */
static bool
is_swiss(const char *id)
{
	int sum = 0;

	for (size_t i = 0; i < 12; i++)
		sum += (id[i] - '0') * (i % 2 == 0 ? 1 : 3);
	return strncmp(id, "756", 3) == 0 && (10 - sum % 10) % 10 == id[12] - '0';
}

/* France: 13 digits and 97 less their remainder; Corsica's 2A and 2B count as 19 and 18. */
static bool
is_french(const char *id)
{
	char digits[16];

	memcpy(digits, id, 15);
	if (digits[5] == '2' && (digits[6] == 'A' || digits[6] == 'B')) {
		digits[6] = digits[6] == 'A' ? '9' : '8';
		digits[5] = '1';
	}
	return all_digits(digits, 15) && two(digits + 3) >= 1 && two(digits + 3) <= 42 &&
	    97 - modulo(digits, 13, 97) == two(digits + 13);
}

/* Belgium: yymmdd, 3 digits, 97 less the remainder; a 2 in front for those born since 2000. */
static bool
is_belgian(const char *id)
{
	char late[10];

	late[0] = '2';
	memcpy(late + 1, id, 9);
	return is_month_day(id + 2) &&
	    (97 - modulo(id, 9, 97) == two(id + 9) || 97 - modulo(late, 10, 97) == two(id + 9));
}

/* United Kingdom: prefixes that are not given are listed by HMRC (NIM39110). */
static bool
is_british(const char *id)
{
	return strchr("DFIQUV", id[0]) == NULL && strchr("DFIOQUV", id[1]) == NULL &&
	    strchr("ABCD", id[8]) != NULL &&
	    strstr("BG GB KN NK NT TN ZZ", ((char[]){id[0], id[1], '\0'})) == NULL &&
	    !(strncmp(id + 2, "000000", 6) == 0);
}

/* South Africa: a date of birth, a digit of citizenship, Luhn. */
static bool
is_south_african(const char *id)
{
	return is_month_day(id + 2) && (id[10] == '0' || id[10] == '1') && luhn_is_right(id, 13);
}

/* Korea: a date of birth and the digit of century and sex. */
static bool
is_korean(const char *id)
{
	return is_month_day(id + 2) && id[6] >= '1' && id[6] <= '8';
}

/* Sweden: a date of birth, 60 more for a coordination number, Luhn. */
static bool
is_swedish(const char *id)
{
	return two(id + 2) >= 1 && two(id + 2) <= 12 && two(id + 4) % 60 >= 1 && two(id + 4) % 60 <= 31 &&
	    luhn_is_right(id, 10);
}

/* India, PAN: the fourth letter is the kind of holder. */
static bool
is_indian_tax(const char *id)
{
	return strchr("ABCFGHJLPT", id[3]) != NULL;
}

/* Says whether RAW (N bytes, with separators) or ID (squeezed) proves itself. */
static bool
is_known_format(const char *raw, size_t n, const char *id)
{
	struct {
		const char *shape;
		bool (*proof)(const char *id);
	} formats[] = {
		{"99999999A", is_spanish},
		{"99999999-A", is_spanish},
		{"A9999999A", is_spanish},
		{"A9999999A", is_singaporean},
		{"AAAAAA99A99A999A", is_italian},
		{"999.999.999-99", is_brazilian},
		{"99999999999999999X", is_chinese},
		{"99999999999", is_norwegian},
		{"99999999999", is_turkish},
		{"756.9999.9999.99", is_swiss},
		{"9999999999999", is_south_african},
		{"9 99 99 99 999 999 99", is_french},
		{"9 99 99 9X 999 999 99", is_french},
		{"99.99.99-999.99", is_belgian},
		{"999999-9999999", is_korean},
		{"999999-9999", is_swedish},
		{"AAAAA9999A", is_indian_tax},
		{"AA999999A", is_british},
		{"AA 99 99 99 A", is_british},
	};

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (has_shape(raw, n, formats[i].shape) && formats[i].proof(id))
			return true;
	if (has_shape(raw, n, "999999X999X") || has_shape(raw, n, "999999-999X") ||
	    has_shape(raw, n, "999999+999X"))
		return is_finnish(id, raw[6]);
	if (has_shape(raw, n, "9999 9999 9999") || has_shape(raw, n, "9999-9999-9999"))
		return id[0] >= '2' && is_verhoeff(id, 12);
	return false;
}

enum ruling
check_id_format(struct passage *passage)
{
	char id[ID_MAX];
	size_t n = passage_squeeze(passage, id, sizeof(id));

	if (n >= sizeof(id))
		return RULING_NO;
	return is_known_format(passage->text + passage->start, passage->end - passage->start, id) ?
	    RULING_HIT :
	    RULING_NO;
}

/* 987-65-4320 to -4329 are kept for advertisements; they look real, and are reported. */
enum ruling
check_ssn(struct passage *passage)
{
	const char *s = passage->text + passage->start;

	return strncmp(s, "000", 3) == 0 || strncmp(s, "666", 3) == 0 || strncmp(s + 4, "00", 2) == 0 ||
		strncmp(s + 7, "0000", 4) == 0 ?
	    RULING_NO :
	    RULING_HIT;
}

/* At least five characters, four of them digits, and not a year or a date. */
enum ruling
check_id_named(struct passage *passage)
{
	char id[ID_MAX];
	size_t n = passage_squeeze(passage, id, sizeof(id)), digits = 0;

	for (size_t i = 0; i < n && i < sizeof(id) - 1; i++)
		digits += isdigit((unsigned char)id[i]) != 0;
	if (n >= sizeof(id) || digits < 4)
		return RULING_NO;
	if (n == 4 && (two(id) == 19 || two(id) == 20))
		return RULING_NO;
	return RULING_HIT;
}
