/*
 * personal_name.c: is it the name of somebody near?
 *
 * The pattern has found capitalised words behind words that ask for a name.
 * Here the end is cut where the sentence goes on with a capital ("Ana During the
 * lesson"), and things, schools and people that everybody quotes are let go.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "personal_rule.h"

/* Lists of words are filled by hand. */
/* clang-format off */

/* A name ends before one of these. Spaces around each word. */
static const char words_between[] =
    " the a an this that these those i we he she they it you my our his her its their your in on "
    "at for from to of and but or nor so if when while then there here what how why who which "
    "where as after before during because although since until also not no yes all each every "
    "some many most both one two three four five six seven eight nine ten first second third next "
    "last today yesterday tomorrow monday tuesday wednesday thursday friday saturday sunday "
    "january february march july august september october november december is was are were be "
    "been has have had do does did can could would should with without by about into over under "
    "through between once however finally please thank thanks mr mrs ms dr miss prof sir madam "
    "part see note dear email phone tel ";

/* None of these is in the name of a person. */
static const char words_of_things[] =
    " student students teacher teachers parent parents pupil pupils class classes classroom school "
    "schools district university college academy institute department council board committee "
    "association education educational learning teaching literacy reading writing math maths "
    "mathematics science sciences english spanish french german chinese japanese history "
    "geography arts music grade grades lesson lessons unit units week standards standard common "
    "core google microsoft apple zoom canvas kahoot nearpod padlet seesaw youtube facebook "
    "american african asian european native latino hispanic elementary primary secondary middle "
    "high kindergarten center centre program programme project plan portfolio handbook government "
    "union achievement growth growing services service library museum hospital company inc ltd "
    "llc foundation society group team teams club street avenue road city county state states "
    "united world national international reviewer reviewers assessor assessors colleague "
    "colleagues family families friends everyone all administrator administrators principal "
    "support language languages work data rubric assessment chromebook chromebooks ipad ipads "
    "technology engineering health physical social studies studio ";

/* Authors and figures that teachers write about; the last word alone means them too. */
static const char *const quoted[] = {
	"john dewey", "lev vygotsky", "jean piaget", "maria montessori", "benjamin bloom",
	"jerome bruner", "albert bandura", "b. f. skinner", "howard gardner", "paulo freire",
	"carol dweck", "john hattie", "robert marzano", "grant wiggins", "jay mctighe",
	"lucy calkins", "charlotte danielson", "doug lemov", "dylan wiliam", "angela duckworth",
	"zaretta hammond", "gloria ladson-billings", "bell hooks", "nel noddings", "parker palmer",
	"ken robinson", "salman khan", "abraham maslow", "erik erikson", "lawrence kohlberg",
	"urie bronfenbrenner", "david kolb", "donald schön", "malcolm knowles",
	"jean-jacques rousseau", "johann pestalozzi", "friedrich froebel", "johann herbart",
	"rudolf steiner", "ralph waldo emerson", "henry david thoreau", "walt whitman",
	"mark twain", "emily dickinson", "edgar allan poe", "langston hughes", "maya angelou",
	"toni morrison", "harper lee", "george orwell", "jane austen", "charles dickens",
	"william shakespeare", "ernest hemingway", "john steinbeck", "roald dahl", "eric carle",
	"theodor seuss", "beatrix potter", "anne frank", "abraham lincoln", "george washington",
	"thomas jefferson", "benjamin franklin", "martin luther king", "rosa parks",
	"harriet tubman", "frederick douglass", "sojourner truth", "cesar chavez", "nelson mandela",
	"mahatma gandhi", "barack obama", "ruby bridges", "malala yousafzai", "greta thunberg",
	"susan b. anthony", "helen keller", "amelia earhart", "neil armstrong", "sally ride",
	"katherine johnson", "albert einstein", "isaac newton", "galileo galilei", "charles darwin",
	"marie curie", "ada lovelace", "alan turing", "nikola tesla", "thomas edison",
	"leonardo da vinci", "vincent van gogh", "pablo picasso", "frida kahlo", "claude monet",
	"wolfgang amadeus mozart", "ludwig van beethoven", "johann sebastian bach", "socrates",
	"plato", "aristotle", "confucius", "immanuel kant", "john locke", "herbert spencer",
	"christopher columbus", "julius caesar", "joan of arc", "king arthur", "santa claus",
	"harry potter", "jesus", "buddha", "muhammad", "moses", "napoleon bonaparte",
	"francis bacon", "rené descartes", "georg hegel", "friedrich nietzsche", "sigmund freud",
	"carl jung", "noam chomsky", "nathaniel hawthorne", "robert frost", "elie wiesel",
	"lois lowry", "lin-manuel miranda", NULL,
};
/* clang-format on */

static bool
in_words(const char *words, const char *word, size_t len)
{
	for (const char *at = words; (at = strchr(at, ' ')) != NULL; at++)
		if (strncasecmp(at + 1, word, len) == 0 && at[len + 1] == ' ')
			return true;
	return false;
}

static bool
is_capitals(const char *word, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!isupper((unsigned char)word[i]))
			return false;
	return true;
}

/* The length of the word at AT, up to END. */
static size_t
word_length(const char *at, const char *end)
{
	const char *stop = at;

	while (stop < end && *stop != ' ' && *stop != '\t')
		stop++;
	return (size_t)(stop - at);
}

enum ruling
check_name(struct passage *passage)
{
	const char *start = passage->text + passage->start, *end = passage->text + passage->end;
	const char *kept = start;
	bool all_capitals = true;

	for (const char *at = start; at < end;) {
		size_t len = word_length(at, end);

		if (in_words(words_of_things, at, len))
			return RULING_NO;
		if (len > 0 && in_words(words_between, at, len))
			break;
		/* STEM, IEP: only a name all in capitals may have such a word. */
		bool capitals = len > 1 && is_capitals(at, len);

		if (capitals && !all_capitals)
			break;
		all_capitals = all_capitals && capitals;
		kept = at + len;
		for (at += len; at < end && (*at == ' ' || *at == '\t'); at++)
			;
	}
	if (kept == start || (all_capitals && memchr(start, ' ', (size_t)(kept - start)) == NULL))
		return RULING_NO;
	passage->end = (size_t)(kept - passage->text);
	return RULING_HIT;
}

enum ruling
check_name_quoted(struct passage *passage)
{
	if (check_name(passage) != RULING_HIT)
		return RULING_NO;

	const char *name = passage->text + passage->start;
	size_t len = passage->end - passage->start;

	for (size_t i = 0; quoted[i] != NULL; i++) {
		const char *last = strrchr(quoted[i], ' ');

		last = last == NULL ? quoted[i] : last + 1;
		if ((strlen(quoted[i]) == len && strncasecmp(quoted[i], name, len) == 0) ||
		    (strlen(last) == len && strncasecmp(last, name, len) == 0))
			return RULING_NO;
	}
	return RULING_HIT;
}
