#include "document.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static bool
begins(const char *s, const char *prefix)
{
	return strncasecmp(s, prefix, strlen(prefix)) == 0;
}

static bool
ends(const char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);

	return n >= m && strcasecmp(s + n - m, suffix) == 0;
}

/* The content type of the main part says what the document is. */
static void
main_type_look(struct document *document, const char *type)
{
	static const struct {
		const char *part, *plain, *with_macros;
	} types[] = {
		{"wordprocessingml.document.main", "docx", NULL},
		{"ms-word.document.macroEnabled", NULL, "docm"},
		{"wordprocessingml.template.main", "dotx", NULL},
		{"ms-word.template.macroEnabled", NULL, "dotm"},
		{"spreadsheetml.sheet.main", "xlsx", NULL},
		{"ms-excel.sheet.macroEnabled", NULL, "xlsm"},
		{"spreadsheetml.template.main", "xltx", NULL},
		{"ms-excel.template.macroEnabled", NULL, "xltm"},
		{"ms-excel.sheet.binary.macroEnabled", NULL, "xlsb"},
		{"presentationml.presentation.main", "pptx", NULL},
		{"ms-powerpoint.presentation.macroEnabled", NULL, "pptm"},
		{"presentationml.slideshow.main", "ppsx", NULL},
		{"ms-powerpoint.slideshow.macroEnabled", NULL, "ppsm"},
		{"presentationml.template.main", "potx", NULL},
		{"ms-powerpoint.template.macroEnabled", NULL, "potm"},
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcasestr(type, types[i].part) != NULL) {
			if (types[i].plain != NULL)
				document->office = types[i].plain;
			else
				document->with_macros = types[i].with_macros;
		}
}

static void
on_element(void *of, const char *name, const char **attributes)
{
	struct document *document = of;

	if (document->part == PART_TYPES && strcmp(name, "Override") == 0)
		main_type_look(document, xml_attribute(attributes, "ContentType"));
	else if (document->part == PART_RELATIONS && strcmp(name, "Relationship") == 0) {
		/* A link is followed by people; anything else outside is loaded by the program itself. */
		if (strcasecmp(xml_attribute(attributes, "TargetMode"), "External") == 0 &&
		    !ends(xml_attribute(attributes, "Type"), "/hyperlink"))
			report_add(document->report, VERDICT_WARN, "external_reference",
			    "The document loads parts from another place, which assessors may not see. Put "
			    "them into the document, or save it as PDF.");
	} else if (document->part == PART_MANIFEST && strcmp(name, "encryption-data") == 0)
		report_add(document->report, VERDICT_REJECT, "encrypted",
		    "The file is locked with a password. Save a copy without one and upload that.");
}

static void
on_text(void *of, const char *name, const char *text, size_t n)
{
	struct document *document = of;

	if (document->part == PART_OFFICE_TEXT && strcmp(name, "t") != 0 && strcmp(name, "v") != 0)
		return;
	if (document->part != PART_OFFICE_TEXT && document->part != PART_ODF_TEXT)
		return;
	for (size_t i = 0; i < n; i++)
		document->letters += isalnum((unsigned char)text[i]) || (unsigned char)text[i] >= 0xc0;
}

void
document_open(struct document *document, struct report *report)
{
	*document = (struct document){.report = report};
	document->xml.element = on_element;
	document->xml.text = on_text;
	document->xml.of = document;
}

static enum part
part_of(const char *name)
{
	if (strcmp(name, "[Content_Types].xml") == 0)
		return PART_TYPES;
	if (strcmp(name, "mimetype") == 0)
		return PART_MIMETYPE;
	if (strcmp(name, "META-INF/manifest.xml") == 0)
		return PART_MANIFEST;
	if (ends(name, ".rels"))
		return PART_RELATIONS;
	if (strcmp(name, "content.xml") == 0)
		return PART_ODF_TEXT;
	if (!ends(name, ".xml"))
		return PART_OTHER;
	if (begins(name, "word/document") || begins(name, "word/footnotes") || begins(name, "word/header") ||
	    begins(name, "ppt/slides/") || begins(name, "xl/worksheets/") || begins(name, "xl/sharedStrings"))
		return PART_OFFICE_TEXT;
	return PART_OTHER;
}

static void
name_look(struct document *document, const char *name)
{
	static const char *const mains[] = {"word/document", "xl/workbook", "ppt/presentation"};

	document->part = part_of(name);
	document->part_is_main = document->part == PART_TYPES || document->part == PART_ODF_TEXT;
	for (size_t i = 0; i < sizeof(mains) / sizeof(mains[0]); i++)
		if (begins(name, mains[i]))
			document->has_main_part = document->part_is_main = true;
	document->has_types = document->has_types || document->part == PART_TYPES;
	document->is_java = document->is_java || strcasecmp(name, "META-INF/MANIFEST.MF") == 0;
	document->is_android = document->is_android || strcmp(name, "AndroidManifest.xml") == 0;
	document->is_iwork = document->is_iwork || strcmp(name, "Index/Document.iwa") == 0 ||
	    strcmp(name, "Index.zip") == 0;
	if (ends(name, "vbaProject.bin") || begins(name, "Scripts/") ||
	    (begins(name, "Basic/") && ends(name, ".xml") && !ends(name, "script-lb.xml") &&
		!ends(name, "script-lc.xml")))
		document->has_macros = true;
	if (strstr(name, "/activeX/") != NULL || (strstr(name, "/embeddings/") != NULL && ends(name, ".bin")))
		report_add(document->report, VERDICT_WARN, "embedded_file",
		    "Another file or a control is packed into the document, and assessors may not see it. "
		    "Upload it as evidence of its own.");
	document->pictures += strstr(name, "/media/") != NULL || begins(name, "Pictures/") ||
	    begins(name, "media/") || strstr(name, "/charts/") != NULL || strstr(name, "/diagrams/") != NULL;
}

bool
document_part_begin(struct document *document, const char *name)
{
	name_look(document, name);
	if (document->part == PART_MIMETYPE)
		return true;
	if (!ends(name, ".xml") && !ends(name, ".rels"))
		return false;
	if (document->xml_bytes > XML_BYTES_MAX || !xml_open(&document->xml))
		return false;
	return true;
}

void
document_part_feed(struct document *document, const uint8_t *data, size_t n)
{
	if (document->part != PART_MIMETYPE) {
		document->xml_bytes += n;
		xml_feed(&document->xml, data, n, false);
		return;
	}
	for (size_t i = 0; i < n && document->n_mimetype < MIMETYPE_MAX - 1; i++)
		document->mimetype[document->n_mimetype++] = (char)data[i];
}

void
document_part_end(struct document *document, bool is_whole)
{
	struct xml *xml = &document->xml;

	if (document->part == PART_MIMETYPE)
		return;
	if (is_whole)
		xml_feed(xml, "", 0, true);
	if (xml->has_nested_entities)
		report_bomb(document->report);
	else if (xml->has_entities)
		report_add(document->report, VERDICT_REJECT, "active_content",
		    "The document tries to load a file from the computer of whoever opens it. Save it as "
		    "PDF and upload that.");
	else if (xml->is_malformed && is_whole && document->part_is_main)
		report_corrupt(document->report);
	xml->has_entities = xml->has_nested_entities = xml->is_malformed = false;
	xml_close(xml);
}

static void
macro_judge(struct document *document)
{
	if (document->has_macros || document->with_macros != NULL)
		report_add(document->report, VERDICT_REJECT, "macro",
		    "The document contains macros, which are small programs. Save it without macros or as "
		    "PDF.");
}

static void
text_judge(struct document *document)
{
	struct report *report = document->report;

	if (report->verdict == VERDICT_REJECT)
		return;
	report->text = document->letters >= LETTERS_MIN;
	if (!report->text && document->pictures == 0)
		report_add(report, VERDICT_WARN, "empty_text",
		    "There is nothing to read in the document. Check that it is the right one and was "
		    "saved.");
}

/* Programs in an archive, and documents that only some programs can show. */
static bool
other_judge(struct document *document)
{
	struct report *report = document->report;

	if (document->is_android || document->is_java) {
		report->type = document->is_android ? "apk" : "jar";
		report_executable(report);
		return true;
	}
	if (begins(document->mimetype, "application/epub+zip")) {
		report->type = "epub";
		report_add(report, VERDICT_POLICY, "epub",
		    "The file is an electronic book. Upload it as PDF, unless this issuer accepts books.");
		return true;
	}
	if (document->is_iwork) {
		report->type = "iwork";
		report_add(report, VERDICT_POLICY, "iwork",
		    "The file can be opened on Apple's computers only. Export it as PDF and upload that, "
		    "unless this issuer accepts it.");
		return true;
	}
	return false;
}

bool
document_judge(struct document *document)
{
	static const struct {
		const char *mimetype, *type;
	} odf[] = {
		{"application/vnd.oasis.opendocument.text", "odt"},
		{"application/vnd.oasis.opendocument.spreadsheet", "ods"},
		{"application/vnd.oasis.opendocument.presentation", "odp"},
		{"application/vnd.oasis.opendocument.graphics", "odg"},
	};
	struct report *report = document->report;

	for (size_t i = 0; i < sizeof(odf) / sizeof(odf[0]); i++)
		if (begins(document->mimetype, odf[i].mimetype)) {
			report->type = odf[i].type;
			macro_judge(document);
			text_judge(document);
			return true;
		}
	if (!document->has_types)
		return other_judge(document);
	if (document->office == NULL && document->with_macros == NULL) {
		report->type = "ooxml";
		report_add(report, VERDICT_POLICY, "office_format",
		    "The document is of a rare kind. Save it as PDF and upload that, unless this issuer "
		    "accepts it.");
		return true;
	}
	report->type = document->with_macros != NULL ? document->with_macros : document->office;
	if (!document->has_main_part)
		report_corrupt(report);
	macro_judge(document);
	text_judge(document);
	return true;
}
