/*
 * personal_names.c: the rules for names. A name alone is never reported: the
 * words before or behind it must say that it is somebody near.
 */
#include "personal_rule.h"

/* Patterns break where their parts end. */
/* clang-format off */

/*
 * A name is capitalised words with particles and initials between them. Scripts
 * without capitals (Han, Hangul, kana, Arabic ...) have only their length.
 */
#define LEFT "(?<![\\p{L}\\p{N}_])"
#define PART \
	"(?:\\p{Lu}['’]\\p{Lu}[\\p{L}\\p{M}]{1,30}+|\\p{Lu}[\\p{L}\\p{M}]{1,30}+)" \
	"(?:['’‑-]\\p{L}[\\p{L}\\p{M}]{0,30}+(?<!['’]s)){0,3}+(?![\\p{L}\\p{M}])"
#define PARTICLE \
	"(?:de la|de los|van de[nr]?|von de[rm]|d[aeou]|dos|das|del|della|di|van|von|zu|bin|bint|ibn|al|el|" \
	"la|le|y|ter)"
#define MORE "(?:[ \\t]+(?:\\p{Lu}\\.[ \\t]?){0,2}(?:" PARTICLE "[ \\t]+)?" PART ")"
#define LATIN "(?<![\\p{L}\\p{N}])" PART MORE "{0,3}"
#define FULL "(?<![\\p{L}\\p{N}])" PART MORE "{1,3}"
#define UNCASED "\\p{Lo}[\\p{Lo}\\p{M}ー・·]{1,11}(?: \\p{Lo}[\\p{Lo}\\p{M}]{1,11}){0,2}"
#define NAME "(?:" LATIN "|" UNCASED ")"
#define STRICT "(?:" FULL "|" UNCASED ")"
#define REST "(?:(?:, ?(?:and )?| and | & )" NAME "){0,12}"
#define NAMES "(?<v>" NAME REST ")"
#define STRICT_NAMES "(?<v>" STRICT REST ")"

#define OWNER "(?i:my|our|his|her|their|your)"
#define NEAR \
	"(?i:students?|pupils?|learners?|mentees?|child|children|kids?|sons?|daughters?|mother|mom|mum|" \
	"father|dad|brothers?|sisters?|grand(?:mother|father|ma|pa|son|daughter)|aunt|uncle|nephew|niece|" \
	"cousin|guardian|parents?|step(?:mother|father)|foster (?:mother|father)|wife|husband|spouse|" \
	"fianc[ée]e?|colleagues?|co-?workers?|co-?teachers?|principal|coach|mentor|supervisor|friends?|" \
	"classmates?|neighbou?rs?|tutor|assistant|aide|para(?:professional|educator)?|counsell?or|" \
	"therapist|teammates?|twins?)"

const char personal_name_pattern[] = NAME;

const struct personal_rule personal_name_rules[] = {
	{PERSONAL_PERSON,
	    LEFT OWNER " (?:\\p{Ll}++ ){0,2}?" NEAR "(?:, | | (?i:is |was )?(?i:named|called) )" NAMES,
	    check_name, true},
	{PERSONAL_PERSON,
	    LEFT "(?i:(?:students?|pupils?|boy|girl|child|kid|learner|teacher|colleague|parent|son|daughter|"
	    "toddler|teen(?:ager)?) (?:named|called|whose name is)) " NAMES,
	    check_name, true},
	{PERSONAL_PERSON, LEFT "(?i:student|pupil|learner|child|boy|girl|classmate), (?<v>" NAME "),",
	    check_name_quoted, false},
	{PERSONAL_PERSON,
	    "(?i:\\b(?:co-?(?:taught|teach(?:ing|es)?|planned|led|presented)|team-?taught) "
	    "(?:\\p{Ll}++ ){0,3}?with) " NAMES,
	    check_name, true},
	{PERSONAL_PERSON,
	    "(?i:\\b(?:worked|working|follow(?:ed)? up|collaborated|partnered|planned|met|spoke|talked) "
	    "(?:\\p{Ll}++ ){0,3}?with) " STRICT_NAMES,
	    check_name_quoted, true},
	{PERSONAL_PERSON,
	    "(?i:\\b(?:submitted|prepared|completed|compiled|recorded|filmed|videotaped|signed|observed|"
	    "scored|handed in) by:?) " NAMES,
	    check_name_quoted, true},
	{PERSONAL_PERSON,
	    "(?i:\\b(?:(?:my|his|her|full|first|last|the student['’]s|student|child['’]s) name is|called me|"
	    "I am called)) (?<v>" NAME ")",
	    check_name, false},
	{PERSONAL_PERSON, LEFT "(?:I['’]m|I am) (?<v>" FULL ")(?= *(?:[,.;!\\n]|and\\b|$))",
	    check_name_quoted,
	    false},
	{PERSONAL_PERSON,
	    "(?i:(?:^|\\n)[ \\t>]*(?:students?|teacher|name|pupil|candidate|educator|earner|author|parent|"
	    "guardian|participants?|group members?)(?: names?)?) *: *" STRICT_NAMES,
	    check_name, true},
	{PERSONAL_PERSON,
	    "(?i:\\bfrom (?:the )?left(?: to right)?|\\bleft to right|\\bpictured(?: (?:here|above|below))?:|"
	    "\\b(?:front|back) row)[:,]? " NAMES,
	    check_name, true},
	/* Born before 1900: somebody of the history books. */
	{PERSONAL_PERSON,
	    "(?<v>" STRICT ")(?:, | \\()(?i:(?:who (?:is|was) )?born|b\\.|d\\.?o\\.?b\\.?|date of birth)"
	    "[: ]{1,2}"
	    "(?i:on )?(?=[\\d\\p{Lu}])(?!1[0-8]\\d\\d|[^\\n)]{0,16}1[0-8]\\d\\d)",
	    check_name, false},
	{PERSONAL_PERSON, "(?<v>" NAME ")(?:, | \\()(?i:aged?) \\d{1,2}(?!\\d)", check_name, false},
	{PERSONAL_PERSON, "(?<v>" NAME ") (?i:is|was) (?i:an? )?\\d{1,2}[ -]years?[ -]old",
	    check_name, false},
	{PERSONAL_PERSON, "(?i:\\b\\d{1,2}-year-old) (?<v>" NAME ")", check_name, false},
	{PERSONAL_PERSON,
	    LEFT "(?:Mrs?|Ms|Mx|Miss|Dr|Prof|Sra?|Srta|Señora?|Señorita|Herrn?|Frau|Mme|Mlle|Madame|Monsieur|"
	    "Signora?)\\b\\.? (?<v>" LATIN ")",
	    check_name_quoted, false},
	{PERSONAL_PERSON,
	    "(?<v>" LATIN ")['’]s (?i:mother|father|mom|mum|dad|parents?|guardians?|grandmother|grandfather|"
	    "brother|sister|IEP|504 plan|behaviou?r plan|diagnosis|medication|disability|report card)\\b",
	    check_name_quoted, false},
	{PERSONAL_PERSON,
	    "(?i:\\b(?:sincerely|(?:best|kind|warm)(?:est)? regards|regards|yours truly|"
	    "yours faithfully|signed|cheers|thank you),)\\s{1,4}(?<v>" FULL ")(?=[ \\t]*(?:\\n|$|,))",
	    check_name, false},
	{PERSONAL_PERSON, LEFT "(?:Dear|Hi|Hello) (?<v>" NAME ")[,:]", check_name, false},
	{PERSONAL_PERSON, "(?<v>" STRICT ") ?[,(<;] ?(?:[a-zA-Z0-9][\\w.+-]{1,63})@", check_name, false},
	{PERSONAL_PERSON,
	    LEFT "(?i:mein(?:e[rnm]?)? (?:schüler(?:in)?|kolleg(?:e|en|in)|tochter|sohn)|"
	    "m[iy] (?:alumn[oa]|estudiante|colega|hij[oa])|mon (?:élève|collègue|étudiant|fils)|"
	    "ma (?:collègue|fille)|il mio (?:studente|alunno)|la mia (?:studentessa|alunna)|"
	    "(?:meu|minha) (?:alun[oa]|colega)) " NAMES,
	    check_name, true},
	{0, NULL, NULL, false},
};
