// links: submission_checks PkgConfig::ARCHIVE PkgConfig::ZLIB
/*
 * test_inspect_document.c: PDF, office documents and archives: honest, broken and
 * hostile ones (EVD-1, attack A7).
 */
#include <archive.h>
#include <archive_entry.h>
#include <zlib.h>

#include "evidence.h"

/* A PDF of OBJECTS, numbered from 1, with a right table of references. */
static void
pdf(struct draft *draft, const char *const *objects)
{
	size_t places[16], n = 0;
	char line[64];

	say(draft, "%PDF-1.7\n");
	for (; objects[n] != NULL; n++) {
		places[n] = draft->n;
		snprintf(line, sizeof(line), "%zu 0 obj\n", n + 1);
		say(draft, line);
		say(draft, objects[n]);
		say(draft, "\nendobj\n");
	}
	size_t table = draft->n;
	snprintf(line, sizeof(line), "xref\n0 %zu\n0000000000 65535 f \n", n + 1);
	say(draft, line);
	for (size_t i = 0; i < n; i++) {
		snprintf(line, sizeof(line), "%010zu 00000 n \n", places[i]);
		say(draft, line);
	}
	snprintf(
	    line, sizeof(line), "trailer\n<</Size %zu/Root 1 0 R>>\nstartxref\n%zu\n%%%%EOF\n", n + 1, table);
	say(draft, line);
}

#define PAGES "<</Type/Pages/Kids[3 0 R]/Count 1>>"
#define PAGE(more) "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R" more ">>"
#define DRAWS(text) "<</Length 36>>\nstream\nBT /F1 12 Tf " text "\nendstream"
#define SHOWN DRAWS("(What I learned) Tj ET ")
#define HIDDEN DRAWS("3 Tr (I learned) Tj ET ")

static void
hold_pdf(const char *const *objects, enum inspect_verdict verdict, const char *rule)
{
	struct draft draft = {0};

	pdf(&draft, objects);
	struct inspection inspection = hold(&draft, "plan.pdf", verdict, "pdf", rule);
	if (verdict != INSPECT_REJECT)
		assert_int_equal(inspection.pages, 1);
}

static void
documents_in_pdf(void **state)
{
	static const char catalog[] = "<</Type/Catalog/Pages 2 0 R>>";

	(void)state;
	hold_pdf((const char *const[]){catalog, PAGES, PAGE(""), SHOWN, NULL}, INSPECT_ACCEPT, NULL);
	hold_pdf(
	    (const char *const[]){catalog, PAGES, PAGE(""), HIDDEN, NULL}, INSPECT_WARN, "invisible_text");
	hold_pdf((const char *const[]){catalog, PAGES, PAGE(""), DRAWS("ET                     "), NULL},
	    INSPECT_WARN, "empty_text");
	hold_pdf(
	    (const char *const[]){catalog, PAGES,
		    PAGE("/Annots[<</Type/Annot/Subtype/Link/A<</S/URI/URI(https://a.b)>>>>]"), SHOWN, NULL},
	    INSPECT_ACCEPT, NULL);
	hold_pdf((const char *const[]){"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(a)5 0 "
				       "R]>>>>>>",
			 PAGES, PAGE(""), SHOWN, "<</Type/Filespec/F(a.txt)>>", NULL},
	    INSPECT_WARN, "embedded_file");
}

static void
hostile_pdf(void **state)
{
	static const char catalog[] = "<</Type/Catalog/Pages 2 0 R>>";

	(void)state;
	hold_pdf((const char *const[]){"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(x)>>>>",
			 PAGES, PAGE(""), SHOWN, NULL},
	    INSPECT_REJECT, "active_content");
	hold_pdf((const char *const[]){catalog, PAGES, PAGE("/AA<</O 5 0 R>>"), SHOWN,
			 "<</S/Launch/F(calc.exe)>>", NULL},
	    INSPECT_REJECT, "active_content");
	/* Deep in a chain of next actions, which also is a loop. */
	hold_pdf(
	    (const char *const[]){"<</Type/Catalog/Pages 2 0 R/OpenAction 5 0 R>>", PAGES, PAGE(""), SHOWN,
		    "<</S/URI/URI(https://a.b)/Next[5 0 R<</S/GoTo/Next<</S/GoToR/F(x)>>>>]>>", NULL},
	    INSPECT_REJECT, "active_content");
	hold_pdf((const char *const[]){catalog, PAGES,
			 PAGE("/Annots[<</Subtype/Link/A<</S/URI/URI(file://192.0.2.1/x)>>>>]"), SHOWN, NULL},
	    INSPECT_REJECT, "active_content");
	hold_pdf((const char *const[]){catalog, "<</Type/Pages/Kids[2 0 R]/Count 1>>", NULL}, INSPECT_REJECT,
	    "corrupt");
	hold_pdf(
	    (const char *const[]){catalog, PAGES,
		    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 900000 900000]/Contents 4 0 R>>", SHOWN, NULL},
	    INSPECT_REJECT, "decompression_bomb");
}

static void
a_pdf_that_unpacks_to_a_mountain(void **state)
{
	uLongf n = 64 << 10;
	uint8_t *packed = malloc(n), *spaces = calloc(1, 24 << 20);
	struct draft draft = {0};
	char line[128];

	(void)state;
	assert_true(packed != NULL && spaces != NULL);
	assert_int_equal(compress2(packed, &n, spaces, 24 << 20, 9), Z_OK);
	snprintf(line, sizeof(line), "4 0 obj\n<</Filter/FlateDecode/Length %lu>>\nstream\n", n);
	say(&draft, "%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n" PAGES "\nendobj\n");
	say(&draft, "3 0 obj\n" PAGE("") "\nendobj\n");
	say(&draft, line);
	add(&draft, packed, n);
	say(&draft, "\nendstream\nendobj\ntrailer\n<</Size 5/Root 1 0 R>>\n%%EOF\n");
	hold(&draft, "plan.pdf", INSPECT_REJECT, "pdf", "decompression_bomb");
	free(packed);
	free(spaces);
}

static void
damaged_and_locked_pdf(void **state)
{
	static const char *const whole[] = {"<</Type/Catalog/Pages 2 0 R>>", PAGES, PAGE(""), SHOWN, NULL};
	struct draft draft = {0};

	(void)state;
	pdf(&draft, whole);
	draft.n /= 2;
	hold(&draft, "plan.pdf", INSPECT_REJECT, "pdf", "corrupt");

	/* A password by the standard handler, which nobody has given. */
	pdf(&draft, whole);
	draft.n = (size_t)((uint8_t *)memmem(draft.data, draft.n, "trailer", 7) - draft.data);
	say(&draft,
	    "trailer\n<</Size 5/Root 1 0 R/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -1"
	    "/O<0000000000000000000000000000000000000000000000000000000000000000>"
	    "/U<0000000000000000000000000000000000000000000000000000000000000000>>>>>\n%%EOF\n");
	hold(&draft, "plan.pdf", INSPECT_REJECT, "pdf", "encrypted");

	say(&draft, "%PDF-1.7\n1 0 obj\n");
	for (int i = 0; i < 20000; i++)
		say(&draft, "[");
	hold(&draft, "plan.pdf", INSPECT_REJECT, "pdf", "corrupt");
}

struct member {
	const char *name, *text; /* TEXT NULL: a link out of the folder */
};

static void
zip(struct draft *draft, const struct member *members)
{
	struct archive *archive = archive_write_new();
	static uint8_t out[4 << 20];
	size_t n = 0;

	archive_write_set_format_zip(archive);
	assert_int_equal(archive_write_open_memory(archive, out, sizeof(out), &n), ARCHIVE_OK);
	for (; members->name != NULL; members++) {
		struct archive_entry *entry = archive_entry_new();

		archive_entry_set_pathname(entry, members->name);
		archive_entry_set_filetype(entry, members->text == NULL ? AE_IFLNK : AE_IFREG);
		archive_entry_set_perm(entry, 0644);
		if (members->text == NULL)
			archive_entry_set_symlink(entry, "/etc/passwd");
		else
			archive_entry_set_size(entry, (la_int64_t)strlen(members->text));
		assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
		if (members->text != NULL)
			archive_write_data(archive, members->text, strlen(members->text));
		archive_entry_free(entry);
	}
	archive_write_close(archive);
	archive_write_free(archive);
	add(draft, out, n);
}

static void
hold_zip(const struct member *members, const char *name, enum inspect_verdict verdict, const char *type,
    const char *rule)
{
	struct draft draft = {0};

	zip(&draft, members);
	hold(&draft, name, verdict, type, rule);
}

#define TYPES(main) \
	{"[Content_Types].xml", \
		"<Types><Override PartName=\"/word/document.xml\" ContentType=\"" main "\"/></Types>"}
#define WORD "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
#define BODY(text) {"word/document.xml", "<w:document xmlns:w=\"w\"><w:t>" text "</w:t></w:document>"}
#define END {NULL, NULL}

static void
office_documents(void **state)
{
	(void)state;
	hold_zip((struct member[]){TYPES(WORD), BODY("What I learned"), END}, "a.docx", INSPECT_ACCEPT,
	    "docx", NULL);
	hold_zip((struct member[]){TYPES(WORD), BODY(""), END}, "a.docx", INSPECT_WARN, "docx", "empty_text");
	hold_zip((struct member[]){TYPES(WORD), END}, "a.docx", INSPECT_REJECT, "docx", "corrupt");
	hold_zip((struct member[]){TYPES(WORD), {"word/document.xml", "<w:document><w:t>"}, END}, "a.docx",
	    INSPECT_REJECT, "docx", "corrupt");
	hold_zip((struct member[]){{"mimetype", "application/vnd.oasis.opendocument.text"},
			 {"content.xml", "<p>My plan</p>"}, END},
	    "a.odt", INSPECT_ACCEPT, "odt", NULL);
	hold_zip((struct member[]){{"mimetype", "application/epub+zip"}, END}, "a.epub", INSPECT_POLICY,
	    "epub", "epub");

	struct draft draft = {0};
	zip(&draft, (struct member[]){TYPES(WORD), BODY("What I learned"), END});
	draft.n -= 40;
	hold(&draft, "a.docx", INSPECT_REJECT, "zip", "corrupt");
}

static void
hostile_documents(void **state)
{
	static const char levels[] = "<!DOCTYPE w [<!ENTITY a \"xxxxxxxxxx\"><!ENTITY b "
				     "\"&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;\">]>"
				     "<w><t>&c;</t></w>";
	static const char outside[] = "<!DOCTYPE w [<!ENTITY e SYSTEM "
				      "\"file:///etc/passwd\">]><w><t>&e;</t></w>";

	(void)state;
	hold_zip((struct member[]){TYPES("application/vnd.ms-word.document.macroEnabled.main+xml"),
			 BODY("What I learned"), END},
	    "a.docm", INSPECT_REJECT, "docm", "macro");
	hold_zip((struct member[]){TYPES(WORD), BODY("What I learned"), {"word/vbaProject.bin", "x"}, END},
	    "a.docx", INSPECT_REJECT, "docx", "macro");
	hold_zip((struct member[]){TYPES(WORD), BODY("What I learned"),
			 {"word/_rels/settings.xml.rels",
				 "<Relationships><Relationship Type=\"x/attachedTemplate\" "
				 "Target=\"http://192.0.2.1/\" TargetMode=\"External\"/>"
				 "</Relationships>"},
			 END},
	    "a.docx", INSPECT_WARN, "docx", "external_reference");
	hold_zip(
	    (struct member[]){TYPES(WORD), BODY("What I learned"),
		    {"word/_rels/document.xml.rels",
			    "<Relationships><Relationship Type=\"x/hyperlink\" Target=\"http://192.0.2.1/\" "
			    "TargetMode=\"External\"/>"
			    "</Relationships>"},
		    END},
	    "a.docx", INSPECT_ACCEPT, "docx", NULL);
	hold_zip((struct member[]){TYPES(WORD), {"word/document.xml", levels}, END}, "a.docx", INSPECT_REJECT,
	    "docx", "decompression_bomb");
	hold_zip((struct member[]){TYPES(WORD), {"word/document.xml", outside}, END}, "a.docx",
	    INSPECT_REJECT, "docx", "active_content");
	hold_zip((struct member[]){{"META-INF/MANIFEST.MF", "x"}, END}, "a.zip", INSPECT_REJECT, "jar",
	    "executable");
}

static void
hostile_archives(void **state)
{
	enum { MANY = 1001 };
	struct member *many = calloc(MANY + 1, sizeof(*many));
	char *zeros = calloc(1, (24 << 20) + 1), names[MANY][12];

	(void)state;
	assert_true(many != NULL && zeros != NULL);
	memset(zeros, 'a', 24 << 20);
	for (int i = 0; i < MANY; i++) {
		snprintf(names[i], sizeof(names[i]), "%d", i);
		many[i] = (struct member){names[i], ""};
	}
	hold_zip((struct member[]){{"notes.txt", "plan"}, END}, "a.zip", INSPECT_POLICY, "zip", "archive");
	hold_zip(
	    (struct member[]){{"zeros", zeros}, END}, "a.zip", INSPECT_REJECT, "zip", "decompression_bomb");
	hold_zip((struct member[]){{"inner.zip", "PK\x03\x04"}, END}, "a.zip", INSPECT_REJECT, "zip",
	    "nested_archive");
	hold_zip((struct member[]){{"plan", "PK\x03\x04xxxx"}, END}, "a.zip", INSPECT_REJECT, "zip",
	    "nested_archive");
	hold_zip(
	    (struct member[]){{"../../evil", "x"}, END}, "a.zip", INSPECT_REJECT, "zip", "path_traversal");
	hold_zip(
	    (struct member[]){{"a/../../evil", "x"}, END}, "a.zip", INSPECT_REJECT, "zip", "path_traversal");
	hold_zip((struct member[]){{"link", NULL}, END}, "a.zip", INSPECT_REJECT, "zip", "path_traversal");
	hold_zip((struct member[]){{"setup.exe", "x"}, END}, "a.zip", INSPECT_REJECT, "zip", "executable");
	hold_zip(many, "a.zip", INSPECT_REJECT, "zip", "too_many_entries");
	free(many);
	free(zeros);
}

/* A compound file with one directory sector, whose entries are NAMES in UTF-16. */
static void
ole(struct draft *draft, const char *const *names)
{
	uint8_t file[1536] = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
	uint8_t *entry = file + 1024;

	file[30] = 9; /* sectors of 512 bytes */
	file[48] = 1; /* the directory is sector 1 */
	memset(file + 512, 0xff, 512);
	file[512 + 4] = 0xfe; /* sector 1 ends its chain */
	for (; *names != NULL; names++, entry += 128) {
		size_t n = strlen(*names);

		for (size_t i = 0; i < n; i++)
			entry[2 * i] = (uint8_t)(*names)[i];
		entry[64] = (uint8_t)(2 * (n + 1));
	}
	add(draft, file, sizeof(file));
}

static void
older_office(void **state)
{
	struct draft draft = {0};

	(void)state;
	ole(&draft, (const char *const[]){"Root Entry", "WordDocument", NULL});
	hold(&draft, "a.doc", INSPECT_WARN, "doc", "old_format");
	ole(&draft, (const char *const[]){"Root Entry", "WordDocument", "Macros", NULL});
	hold(&draft, "a.doc", INSPECT_REJECT, "doc", "macro");
	ole(&draft, (const char *const[]){"Root Entry", "EncryptedPackage", NULL});
	hold(&draft, "a.docx", INSPECT_REJECT, "ole", "encrypted");
	ole(&draft, (const char *const[]){"Root Entry", "Other", NULL});
	hold(&draft, "a.doc", INSPECT_REJECT, "ole", "unknown_type");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(documents_in_pdf, arena_end),
		cmocka_unit_test_teardown(hostile_pdf, arena_end),
		cmocka_unit_test_teardown(a_pdf_that_unpacks_to_a_mountain, arena_end),
		cmocka_unit_test_teardown(damaged_and_locked_pdf, arena_end),
		cmocka_unit_test_teardown(office_documents, arena_end),
		cmocka_unit_test_teardown(hostile_documents, arena_end),
		cmocka_unit_test_teardown(hostile_archives, arena_end),
		cmocka_unit_test_teardown(older_office, arena_end),
	};

	return cmocka_run_group_tests(tests, program_find, NULL);
}
