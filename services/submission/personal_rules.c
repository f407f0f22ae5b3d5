/*
 * personal_rules.c: the rules for things: numbers, addresses, pages. Names are in
 * personal_names.c, the form of a rule in personal_rule.h.
 */
#include "personal_rule.h"

/* Patterns break where their parts end. */
/* clang-format off */

/* Ends of words; an underscore is part of a word. */
#define LEFT "(?<![\\p{L}\\p{N}_])"
#define RIGHT "(?![\\p{L}\\p{N}_])"
/* A number does not begin or go on inside another one. */
#define ALONE "(?<![\\p{L}\\p{N}.,/:+-])"
#define ENDED "(?![\\p{L}\\p{N}]|[./-]\\p{N})"

#define MONTH \
	"(?i:jan(?:uary|uar|vier)?|feb(?:ruary|ruar)?|fév(?:rier)?|mar(?:ch|s|zo)?|märz|apr(?:il|ile)?|" \
	"avr(?:il)?|abr(?:il)?|may|mai|mayo|maggio|maio|june?|juni|junio|junho|juin|giugno|july?|juli|" \
	"julio|julho|juillet|luglio|aug(?:ust)?|août|ago(?:sto)?|sep(?:t|tember|tembre|tiembre)?|" \
	"sett?embre|setembro|oct(?:ober|obre|ubre)?|okt(?:ober)?|ott(?:obre)?|out(?:ubro)?|" \
	"nov(?:ember|embre|iembre|embro)?|dec(?:ember)?|dez(?:ember|embro)?|déc(?:embre)?|" \
	"dic(?:embre|iembre)?|enero|gennaio|janeiro|febrero|febbraio|fevereiro|março)"
#define YEAR "(?:19|20)\\d\\d"
#define DATE \
	"(?:" YEAR "([-/.])\\d{1,2}\\g{-1}\\d{1,2}" \
	"|\\d{1,2}([-/.])\\d{1,2}\\g{-1}(?:" YEAR "|\\d\\d)" \
	"|\\d{1,2}(?:st|nd|rd|th|er|º)?\\.? +(?:of +|de +)?" MONTH "\\.?,? +(?:de +|of +)?" YEAR \
	"|" MONTH "\\.? +\\d{1,2}(?:st|nd|rd|th)?,? +" YEAR \
	"|" YEAR " ?[年년] ?\\d{1,2} ?[月월] ?\\d{1,2} ?[日일])(?!\\p{N}|[-/.]\\p{N})"
#define BORN \
	"(?i:\\b(?:born|birth[ -]?da(?:y|te)|date of birth|d\\.?o\\.?b\\b\\.?|geboren|geb\\.|geburtsdatum|" \
	"née? le|date de naissance|nacid[oa]|fecha de nacimiento|nat[oa] il|data di nascita|nascid[oa]|" \
	"data de nascimento|urodzon[ya]|född|født)|\\(b\\.|生年月日|出生日期|생년월일)"

/* Behind these words a number is somebody's number, whatever its shape. */
#define NUMBER "(?:number|no\\.?|nr\\.?|num\\.?|code|#)"
#define SCHOOL_ID \
	"(?i:(?:student|pupil|learner|school|matriculation|enrol?lment|admission|badge|employee|staff|" \
	"teacher|library|lunch|patient|insurance|policy|member(?:ship)?|medical record|candidate)" \
	"(?:['’]s)?[ -]*(?:card *)?(?:(?:id|identification|identity)(?: *card)?(?: *" NUMBER ")?" \
	"|(?<!school )(?<!policy )(?!code)" NUMBER "))"
#define STATE_ID \
	"(?:(?i:(?:social (?:security|insurance)|national (?:id(?:entity|entification)?|insurance)|" \
	"passport|driv(?:er|ing)['’]?s? licen[cs]e|tax(?:payer)? (?:id(?:entification)?|file)|" \
	"identity (?:card|code)|" \
	"medicare|medicaid|aadhaar|pesel|ssn|itin|nino|nhs|dni|nif|cpf|curp|bsn|nric|steuer-?id|" \
	"personalausweis|reisepass|matrikel-?nr|matrikelnummer|sozialversicherungsnummer|personnummer|" \
	"hetu|tc kimlik|numéro étudiant|" \
	"numéro de sécurité sociale)(?: card)?(?: " NUMBER ")?)" \
	"|\\b(?:NIN|SIN|NIE|RRN|PAN|TFN|NIR|AHV)\\b(?i: " NUMBER ")?)"

#define TELEPHONE \
	"(?:(?i:\\b(?:(?:tele)?phone|tel|mobile|cell(?:phone)?|fax|whats?app|hotline|handy|telefono?|" \
	"telepono|teléfono|móvil|movil|téléphone|portable|celular|cep|desk|landline)\\b)" \
	"|电话|電話|手机|携帯|전화|тел(?:ефон)?\\b)" \
	"(?i:\\.?(?: (?:number|no\\.?|nr\\.?|is|at|on|me|us))*)"
#define EXTENSION "(?: ?(?:x|ext\\.?) ?\\d{1,6})?"

/* Words with a number of their own that is nobody's. */
#define COUNTED \
	"(?i:\\b(?:version|ver|release|build|firmware|driver|software|app|ios|ipados|android|windows|macos|" \
	"chromeos|kernel|python|java|update|upgraded?|section|chapter|clause|standards?|figure|table|" \
	"appendix|exercise|problem|question|item|oid|unit|lesson|iso|iec|din|en|ansi|rfc|order|invoice|" \
	"ticket|part|model|serial|sku|catalog(?:ue)?|ref(?:erence)?|grant|award|course|activity|objective|" \
	"benchmark|indicator|page|pp?|vol(?:ume)?|room|period)\\b\\.?|§)" \
	"(?i: *(?:no\\.?|number|nr\\.?|code|id|#|to))?"

/* Parts of a postal address. */
#define UNIT "(?:,? +(?i:apt|apartment|flat|unit|suite|ste|room|rm|floor)\\.? *#?\\w{1,6}|,? +# ?\\w{1,6})?"
#define HOUSE "\\d{1,5}[A-Za-z]?(?:[-/]\\d{1,4})? +"
#define COMPASS "(?:[NSEW]|N[EW]|S[EW]|North|South|East|West)"
#define PROPER "\\p{Lu}[\\p{L}\\p{M}'’.-]*+"
#define ROAD "(?:(?:" PROPER "|\\d{1,3}(?:st|nd|rd|th)) +){1,4}?"

#define ATOM "[\\p{L}\\p{N}!#$%&'*+/=?^_`{|}~-]{1,64}"
#define LABEL "[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]{0,61}[\\p{L}\\p{N}])?"
#define GROUP "[ ./‑–-]"

const struct personal_rule personal_thing_rules[] = {
	/* Strong: check digits, or words that name the thing. */
	{PERSONAL_IBAN, LEFT "[A-Za-z]{2}\\d{2}(?:[ -]?[A-Za-z0-9]){11,38}", check_iban, false},
	{PERSONAL_EMAIL,
	    "(?<![\\p{L}\\p{N}._%+@/-])" ATOM "(?:\\." ATOM ")*+@(?:" LABEL "\\.)+"
	    "(?:xn--[a-z0-9-]{2,59}|\\p{L}{2,24})"
	    "(?![\\p{L}\\p{N}@]|-\\p{L})",
	    check_email, false},
	/* "name (at) example (dot) org" */
	{PERSONAL_EMAIL,
	    LEFT "[\\p{L}\\p{N}._%+-]{2,64} ?(?:\\[at\\]|\\(at\\)|\\{at\\}|(?<= )AT(?= ))"
	    " ?[\\p{L}\\p{N}-]{2,63}"
	    "(?: ?(?:\\.|\\[dot\\]|\\(dot\\)|\\{dot\\}|(?<= )DOT(?= )) ?[\\p{L}\\p{N}-]{2,63}){1,4}",
	    NULL, false},
	{PERSONAL_CARD, "(?i:\\bcards?\\b)[^\\d\\n]{0,24}(?<v>\\d(?:[ -]?\\d){11,18})(?![ -]?\\d)",
	    check_card_named, false},
	{PERSONAL_NATIONAL_ID,
	    LEFT "(?:" SCHOOL_ID "|" STATE_ID ") *(?i:is|was|are|=|:|,)? *"
	    "(?<v>(?:[A-Z]{1,2} |[A-Za-z]{0,5}[-–]?)\\d[\\dA-Za-z]*+"
	    "(?:[-. /][\\dA-Z]*\\d[\\dA-Z]*+)*+(?:[ -][A-Z](?!\\p{L}))?)" RIGHT,
	    check_id_named, false},
	{PERSONAL_BIRTH_DATE, BORN "[^\\d\\n.;]{0,24}(?<v>" DATE ")", check_birth, false},
	{PERSONAL_BIRTH_DATE,
	    "(?<v>" DATE ") (?i:is|was) (?:\\p{L}++['’]s|(?i:my|our|his|her|their|your)) "
	    "(?i:birth(?:day|date)|date of birth)",
	    check_birth, false},
	{PERSONAL_PHONE,
	    TELEPHONE " *[:=]?\\s{0,3}(?<v>\\+?\\(?\\d[\\d ()./–-]{4,24}\\d" EXTENSION ")(?![\\p{L}\\p{N}])",
	    check_phone, false},
	{PERSONAL_PHONE,
	    "(?i:\\b(?:call|reach|text|ring|dial|contact|phone|sms)(?: \\p{L}++){0,4}) "
	    "(?<v>\\+?\\(?\\d[\\d ()./–-]{6,24}\\d" EXTENSION ")(?![\\p{L}\\p{N}])",
	    check_phone_grouped, false},

	/* Traps: links, and numbers with a name of their own. The page of a person is among the links. */
	{PERSONAL_URL,
	    "(?<![\\p{L}\\p{N}@.])(?:(?i:https?|ftp)://|www\\.)[^\\s<>\"“”]{3,2000}"
	    "|(?<![\\p{L}\\p{N}@./-])(?i:(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.){1,4}"
	    "(?:com|org|net|edu|gov|io|me|uk|de|fr|us|ca|au|info|tv|be|app|ee))/[^\\s<>\"“”]{1,2000}",
	    check_url, false},
	{PERSONAL_PHONE, "\\b10\\.\\d{4,9}(?:\\.\\d+)*/[^\\s\"<>]+", check_trap, false},
	{PERSONAL_PHONE,
	    "(?i:\\b(?:ISBN(?:-1[03])?|ISSN|EAN|LCCN|OCLC|PMID|arXiv|ORCID)"
	    "(?: ?\\((?:print|online|pbk|hbk)\\))?)"
	    "[ :#]*[\\dXx][\\dXx.–-]*(?: [\\dXx.–-]+)*",
	    check_trap, false},
	{PERSONAL_PHONE, "\\b97[89][ -]?\\d(?:[ -]?\\d){8}[ -]?\\d\\b", check_trap, false},
	{PERSONAL_PHONE, COUNTED "[ :#]*v?(?=[\\w.-]*\\d)\\w+(?:[.–-]\\w+)*+(?: ?[-–] ?\\d[\\w.]*+)?",
	    check_trap,
	    false},
	{PERSONAL_PHONE, "\\b[vV]\\d+(?:\\.\\d+)+", check_trap, false},
	{PERSONAL_PHONE, "(?<![\\d.,/-])\\d{1,2}:\\d{2}(?::\\d{2})? ?[-–] ?\\d{1,2}:\\d{2}(?::\\d{2})?",
	    check_trap, false},
	{PERSONAL_PHONE, "(?<![\\p{L}\\p{N}./-])" DATE, check_trap, false},
	{PERSONAL_PHONE,
	    "(?<![\\p{N}.-])(?:1[5-9]|20)\\d\\d ?[-–/] ?(?:(?:1[5-9]|20)\\d\\d|\\d\\d)(?![\\p{N}-])",
	    check_trap, false},
	{PERSONAL_PHONE, "[$€£¥] ?\\d[\\d,. ]*\\d|\\d[\\d,.]*\\d ?(?:%|percent)", check_trap, false},

	/* Shape alone. */
	{PERSONAL_CARD,
	    LEFT "(?<![.,-])(?:\\d{13,19}|\\d{4}([ -])\\d{4}\\g{-1}\\d{4}\\g{-1}\\d{1,7}"
	    "|\\d{4}([ -])\\d{6}\\g{-1}\\d{4,5})" RIGHT,
	    check_card, false},
	{PERSONAL_NATIONAL_ID, ALONE "\\d{3}([-.])\\d{2}\\g{-1}\\d{4}" ENDED, check_ssn, false},
	{PERSONAL_NATIONAL_ID,
	    ALONE "(?:\\d{4} \\d{4} \\d{4}|[A-Z]{2}(?: \\d{2}){3} [A-D]"
	    "|[12](?: \\d{2}){2} \\d[\\dAB](?: \\d{3}){2} \\d{2}"
	    "|[A-Za-z]{0,6}\\d[\\dA-Za-z]*+(?:[-+.][\\dA-Za-z]+)*+)(?![\\p{L}\\p{N}]|-\\d)",
	    check_id_format, false},
	{PERSONAL_IP_ADDRESS, "(?<![\\p{L}\\p{N}.])(?:\\d{1,3}\\.){3}\\d{1,3}(?![\\p{L}\\p{N}]|\\.\\p{N})",
	    check_ipv4, false},
	{PERSONAL_IP_ADDRESS,
	    "(?<![\\p{L}\\p{N}:.])(?=[0-9A-Fa-f]{0,4}:[0-9A-Fa-f]{0,4}:)[0-9A-Fa-f:]{3,39}"
	    "(?:(?<=:)(?:\\d{1,3}\\.){3}\\d{1,3})?(?:%[\\w.]{1,15})?(?![\\p{L}\\p{N}:]|\\.\\p{N})",
	    check_ipv6, false},
	{PERSONAL_PHONE,
	    "(?<![\\p{L}\\p{N}+])(?:\\+|(?<![\\d.,-])(?<!\\d )00)[1-9]\\d{0,2}(?: ?\\(\\d{1,5}\\))?"
	    "(?:" GROUP "?\\d++){1,7}" EXTENSION "(?![\\p{L}\\p{N}])",
	    check_phone, false},
	{PERSONAL_PHONE,
	    ALONE "(?:\\+?1[ .-])?(?:\\([2-9]\\d\\d\\)[ .-]?[2-9]\\d\\d[ .-]\\d{4}"
	    "|[2-9]\\d\\d([.-])\\d{3}\\g{-1}\\d{4})" EXTENSION ENDED,
	    check_phone, false},
	{PERSONAL_PHONE,
	    ALONE "(?:\\(0[1-9]\\d{0,4}\\)|0[1-9]\\d{0,4})[ /-]\\d{2,8}(?:[ -]\\d{2,8}){0,4}" ENDED,
	    check_phone_grouped, false},
	{PERSONAL_PHONE, ALONE "0\\d(?:\\.\\d\\d){4}" ENDED, check_phone, false},
	/* Mobile numbers without spaces, as most countries of Europe, Asia and Oceania write them. */
	{PERSONAL_PHONE, ALONE "0[4-9]\\d{8,9}" ENDED, check_mobile, false},
	{PERSONAL_PHONE,
	    ALONE "\\(?\\d[\\d ().-]{5,20}\\d" EXTENSION "(?= \\(?(?:office|mobile|cell|fax|home|work)\\b)",
	    check_phone_grouped, false},

	/* Addresses. The second kind of words means many things: it must end the phrase. */
	{PERSONAL_STREET,
	    "(?<![\\p{L}\\p{N}.,:/$€£#-])" HOUSE "(?:" COMPASS "\\.? +)?" ROAD
	    "(?:(?:Street|Avenue|Road|Lane|Boulevard|Drive|Terrace|Crescent|Highway|Parkway|Broadway)\\b"
	    "|(?:Ave|Rd|Ln|Blvd|Hwy|Pkwy|Cres)\\b\\.?|(?:St|Dr)\\b\\.?+(?! +\\p{Lu}\\p{Ll}))"
	    "(?: +" COMPASS "\\b\\.?)?" UNIT,
	    check_house, false},
	{PERSONAL_STREET,
	    "(?<![\\p{L}\\p{N}.,:/$€£#-])" HOUSE "(?:" COMPASS "\\.? +)?" ROAD
	    "(?:Court|Ct|Place|Pl|Way|Square|Sq|Circle|Cir|Trail|Trl|Gardens|Gdns|Grove|Row|Mews|Hill|Walk|"
	    "Alley|Park|Route|Turnpike|Pike|Loop|Ridge|Bend|Quay|Close|Parade)\\b\\.?"
	    UNIT "(?= *(?:[,.;)\\n]|$))",
	    check_house, false},
	{PERSONAL_STREET,
	    "(?i:\\b(?:lives?|lived|living|resid(?:es?|ing)|stays?|home|house|address)\\b"
	    "(?: (?:is|was|at|in|on|near))*)"
	    " *:?\\s{1,3}(?<v>" HOUSE PROPER "(?: " PROPER "){0,3}" UNIT ")",
	    check_house, false},
	{PERSONAL_STREET,
	    LEFT "\\p{Lu}[\\p{L}-]{2,30}?(?:straße|strasse|str\\.|gasse|allee|straat|gracht|gatan|vägen|katu"
	    "| Straße| Strasse| Str\\.| Gasse| Allee)"
	    " \\d{1,4} ?[a-zA-Z]?" RIGHT,
	    NULL, false},
	{PERSONAL_STREET,
	    LEFT "\\p{Lu}[\\p{L}-]{2,30}?(?:weg|platz|ring|damm|ufer|vej|gade|veien) \\d{1,4} ?[a-z]?,?\\s"
	    "\\d{4,5} \\p{Lu}\\p{L}+" RIGHT,
	    NULL, false},
	{PERSONAL_STREET,
	    LEFT "\\d{1,4}(?: ?(?:bis|ter))?,? (?i:rue|avenue|boulevard|impasse|chemin|allée|quai) "
	    "(?:(?:de|du|des|la|le|les) |[ld]['’]){0,3}\\p{Lu}[\\p{L}'’-]+"
	    "(?: (?:(?:de|du|des|la) )?\\p{Lu}[\\p{L}'’-]+){0,4}",
	    NULL, false},
	{PERSONAL_STREET,
	    LEFT "(?i:calle|avenida|avda\\.?|paseo|rua|travessa|viale|ulica|ul\\.|улица|ул\\.) "
	    "(?:(?:de|del|da|do|dos|la|las|los) ){0,2}" PROPER
	    "(?: (?:(?:de|del|da|do|y|la) )?" PROPER "){0,3}"
	    ",? (?:n[.º°]* ?)?\\d{1,5}[a-zA-Z]?" RIGHT,
	    NULL, false},
	{PERSONAL_STREET,
	    LEFT "(?i:p\\.? ?o\\.? ?box|postfach|apartado(?: de correos)?) \\d{1,6}" RIGHT, NULL, false},

	{PERSONAL_USER_NAME,
	    "(?<![\\p{L}\\p{N}_.@/=&+-])@[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,38}[A-Za-z0-9_])?"
	    "(?![@\\p{L}\\p{N}]|\\()",
	    check_handle, false},
	{PERSONAL_USER_NAME,
	    "(?i:\\b(?:user[ -]?name|screen name|gamertag|login(?: name)?|handle|nickname|account name|"
	    "(?:snapchat|instagram|tiktok|discord|skype|roblox|xbox|twitter)"
	    "(?: (?:name|id|account|user))?)\\b)"
	    "(?: *[:=] *| (?i:is|was)[ :]+)[\"“'‘]?"
	    "(?<v>[A-Za-z0-9][A-Za-z0-9_.#-]{1,38}[A-Za-z0-9])(?=$|[\\s\"”'’,.;)!?])",
	    check_handle, false},
	{0, NULL, NULL, false},
};
