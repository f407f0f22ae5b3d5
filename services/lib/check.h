/*
 * check.h: the bounds of rule.proto, on every field of a message and of the
 * messages in it.
 *
 * Strings are UTF-8 without control characters other than tab, line feed and
 * carriage return (and U+0085, which old files have), at most 65,536 bytes
 * unless the field says more or less; lists have at most 1,000 items; an enum
 * holds one of its words, a double is finite, a time is of the years 1 to 9999.
 * "required" is a string that is not empty, a list with an item, a message that
 * is there, a number or an enum other than 0, a bool that is true. "min" and
 * "form" are not asked of an empty string that is not required; items of a list
 * are each asked. Forms:
 *
 *	id		"slug~uuid" (id.h)
 *	uuid		36 characters
 *	slug		3..max (40) of a-z 0-9 -, a letter or digit at both ends
 *	scope		a slug, or "*": all issuers
 *	email		local@domain in ASCII: a dot-atom of at most 64 bytes, a domain with a
 *			dot, at most 254 in all (RFC 5321)
 *	url		http or https, a host, no user, no spaces, quotes or control characters
 *	date		"2026-11-24" (instant.h)
 *	time_zone	a name of the IANA database (zone.h)
 *	language	of the shape of BCP 47: "en", "pt-BR", "zh-Hant-TW"
 *	colour		"#2a3c94"
 *	word		a-z, then a-z 0-9 _
 *	part		overview, work_examples, reflection
 *	sha256		64 lower case hex digits
 *	code		a submission's code in any spelling (SUB-2)
 */
#ifndef CHECK_H
#define CHECK_H

#include "call.h"

/*
 * True when MESSAGE, already unpacked, keeps every bound. Otherwise the call is
 * refused: NOT_FOUND when an id is malformed that names the record itself (the
 * field "id", or one in the path, of form "id" or "uuid"; of a read also a
 * slug in the path), as there can be no such record; else INVALID, and every broken
 * rule is told by its JSON path ("document.parts[0].title"), up to 100 of them.
 */
bool check_message(struct call *call, const ProtobufCMessage *message);

/*
 * Does TEXT, not empty, have FORM? MAX bounds a slug; 0: 40. Asserts that the
 * form is one of those above. For values that come another way than in a field.
 */
bool check_form(const char *form, const char *text, size_t max);

/* Is FORM one of those above? For the test that asks it of all proto files. */
bool check_form_exists(const char *form);

#endif
