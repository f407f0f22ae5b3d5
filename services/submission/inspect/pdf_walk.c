/*
 * pdf_walk.c: what in a PDF would run, load or hide something.
 *
 * Goes through all objects that the catalog leads to, except what only draws.
 * The way is a list, not a recursion, and each numbered object is entered once,
 * so loops and depth do no harm.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "pdf.h"

enum {
	NODES_MAX = 200000, /* objects that are looked at */
	IDS_MAX = 1 << 23   /* object numbers (ISO 32000-1, annex C: 8,388,607) */
};

struct walk {
	struct pdf *pdf;
	qpdf_oh *nodes; /* to look at */
	size_t n, seen;
	uint8_t *entered; /* a bit for each object number */
};

static void
report_active(struct pdf *pdf, enum verdict verdict)
{
	report_add(pdf->report, verdict, "active_content",
	    "The document contains actions that run by themselves or reach out to other computers. Print "
	    "it to a new PDF and upload that.");
}

/* Says whether the numbered object NODE was entered before, and notes that it is now. */
static bool
was_entered(struct walk *walk, qpdf_oh node)
{
	if (!qpdf_oh_is_indirect(walk->pdf->qpdf, node))
		return false;
	int id = qpdf_oh_get_object_id(walk->pdf->qpdf, node);
	if (id < 0 || id >= IDS_MAX)
		return true;
	uint8_t bit = (uint8_t)(1U << (id % 8));
	bool before = walk->entered[id / 8] & bit;
	walk->entered[id / 8] |= bit;
	return before;
}

static void
walk_push(struct walk *walk, qpdf_oh node)
{
	qpdf_data qpdf = walk->pdf->qpdf;

	if (walk->n < NODES_MAX && walk->seen < NODES_MAX &&
	    (qpdf_oh_is_array(qpdf, node) || qpdf_oh_is_dictionary(qpdf, node) ||
		qpdf_oh_is_stream(qpdf, node)) &&
	    !was_entered(walk, node)) {
		walk->nodes[walk->n++] = node;
		walk->seen++;
	} else {
		qpdf_oh_release(qpdf, node);
	}
}

/* Actions by their kind (ISO 32000-1, 12.6.4). To send a form takes a click, and programs ask first. */
static void
action_look(struct walk *walk, qpdf_oh dict)
{
	qpdf_data qpdf = walk->pdf->qpdf;
	qpdf_oh kind = qpdf_oh_get_key(qpdf, dict, "/S");
	const char *name = qpdf_oh_is_name(qpdf, kind) ? qpdf_oh_get_name(qpdf, kind) : "";

	if (qpdf_oh_has_key(qpdf, dict, "/JS") ||
	    word_is_among(name, "/JavaScript /Launch /GoToR /GoToE /ImportData /Trans3D /RichMediaExecute"))
		report_active(walk->pdf, VERDICT_REJECT);
	else if (word_is_among(name, "/Movie /Sound /Rendition /GoTo3DView"))
		report_active(walk->pdf, VERDICT_WARN);
	qpdf_oh_release(qpdf, kind);

	qpdf_oh uri = qpdf_oh_get_key(qpdf, dict, "/URI");
	if (qpdf_oh_is_string(qpdf, uri)) {
		const char *target = qpdf_oh_get_string_value(qpdf, uri);

		if (strncasecmp(target, "file:", 5) == 0 || strncasecmp(target, "javascript:", 11) == 0 ||
		    strncmp(target, "\\\\", 2) == 0)
			report_active(walk->pdf, VERDICT_REJECT);
	}
	qpdf_oh_release(qpdf, uri);
}

static void
parts_look(struct walk *walk, qpdf_oh dict)
{
	struct pdf *pdf = walk->pdf;
	qpdf_oh subtype = qpdf_oh_get_key(pdf->qpdf, dict, "/Subtype");
	const char *name = qpdf_oh_is_name(pdf->qpdf, subtype) ? qpdf_oh_get_name(pdf->qpdf, subtype) : "";

	if (word_is_among(name, "/RichMedia /Movie /3D /Screen"))
		report_active(pdf, VERDICT_WARN);
	qpdf_oh_release(pdf->qpdf, subtype);
	if (qpdf_oh_has_key(pdf->qpdf, dict, "/EF") || qpdf_oh_has_key(pdf->qpdf, dict, "/EmbeddedFiles"))
		report_add(pdf->report, VERDICT_WARN, "embedded_file",
		    "Another file is packed into the document, and assessors may not see it. Upload it as "
		    "evidence of its own.");
	if (qpdf_oh_has_key(pdf->qpdf, dict, "/XFA"))
		report_add(pdf->report, VERDICT_WARN, "dynamic_form",
		    "The document is a form that only some programs can show. Print it to a new PDF and "
		    "upload that.");
}

static void
dictionary_look(struct walk *walk, qpdf_oh dict)
{
	static const char drawing[] = "/Contents /Resources /Parent /P /StructTreeRoot /ParentTree /IDTree "
				      "/Thumb /Metadata /PieceInfo /AP /DR /Dests /Font /XObject "
				      "/ColorSpace";
	qpdf_data qpdf = walk->pdf->qpdf;

	action_look(walk, dict);
	parts_look(walk, dict);
	qpdf_oh_begin_dict_key_iter(qpdf, dict);
	/* A key is forgotten at the next call: copied, and the value is pushed at once. */
	while (qpdf_oh_dict_more_keys(qpdf)) {
		char key[64];
		const char *name = qpdf_oh_dict_next_key(qpdf);

		if (strlen(name) >= sizeof(key) || word_is_among(name, drawing))
			continue;
		memcpy(key, name, strlen(name) + 1);
		walk_push(walk, qpdf_oh_get_key(qpdf, dict, key));
	}
}

static void
node_look(struct walk *walk, qpdf_oh node)
{
	qpdf_data qpdf = walk->pdf->qpdf;

	if (qpdf_oh_is_array(qpdf, node)) {
		int n = qpdf_oh_get_array_n_items(qpdf, node);

		for (int i = 0; i < n && walk->seen < NODES_MAX; i++)
			walk_push(walk, qpdf_oh_get_array_item(qpdf, node, i));
	} else if (qpdf_oh_is_stream(qpdf, node)) {
		qpdf_oh dict = qpdf_oh_get_dict(qpdf, node);

		dictionary_look(walk, dict);
		qpdf_oh_release(qpdf, dict);
	} else {
		dictionary_look(walk, node);
	}
}

void
pdf_walk(struct pdf *pdf)
{
	struct walk walk = {.pdf = pdf,
		.nodes = malloc(NODES_MAX * sizeof(*walk.nodes)),
		.entered = calloc(1, IDS_MAX / 8)};

	if (walk.nodes == NULL || walk.entered == NULL)
		abort();
	walk_push(&walk, qpdf_get_root(pdf->qpdf));
	while (walk.n > 0) {
		qpdf_oh node = walk.nodes[--walk.n];

		node_look(&walk, node);
		qpdf_oh_release(pdf->qpdf, node);
	}
	/* What cannot be looked through cannot be vouched for. */
	if (walk.seen >= NODES_MAX)
		report_add(pdf->report, VERDICT_WARN, "too_complex",
		    "The document has too many parts to check all of them. Print it to a new PDF and "
		    "upload that.");
	free(walk.nodes);
	free(walk.entered);
}
