/* svg.c: SVG, which is a picture, a web page and a program in one. */
#include <string.h>
#include <strings.h>

#include "file.h"
#include "xml.h"

enum { SVG_MAX = 32 << 20 };

/* What would run, or load something, when the picture is shown. */
static void
on_element(void *of, const char *name, const char **attributes)
{
	bool *is_active = of;
	const char *animated = xml_attribute(attributes, "attributeName");

	if (word_is_among(name, "script foreignObject iframe object embed handler"))
		*is_active = true;
	/* An animation may turn any attribute into one that runs. */
	if (word_is_among(name, "set animate") &&
	    (strncasecmp(animated, "on", 2) == 0 || strcasestr(animated, "href") != NULL))
		*is_active = true;
	for (; attributes[0] != NULL; attributes += 2) {
		const char *local = xml_local(attributes[0]);

		if (strncasecmp(local, "on", 2) == 0)
			*is_active = true;
		if (strcasecmp(local, "href") == 0 && attributes[1][0] != '#' &&
		    strncasecmp(attributes[1], "data:image/", 11) != 0 && strcmp(name, "a") != 0)
			*is_active = true;
		if (strncasecmp(attributes[1] + strspn(attributes[1], " \t\r\n"), "javascript:", 11) == 0)
			*is_active = true;
	}
}

void
look_at_svg(const struct file *file, struct report *report)
{
	bool is_active = false;
	struct xml xml = {.element = on_element, .of = &is_active};

	report_add(report, VERDICT_POLICY, "svg",
	    "The file is a drawing that a browser could run like a page. Export it as PNG or PDF, unless "
	    "this issuer accepts SVG.");
	if (file->size > SVG_MAX || !xml_open(&xml)) {
		report_bomb(report);
		return;
	}
	xml_feed(&xml, file->data, file->size, true);
	xml_close(&xml);
	if (xml.has_nested_entities)
		report_bomb(report);
	else if (xml.has_entities || is_active)
		report_add(report, VERDICT_REJECT, "active_content",
		    "The drawing contains a program or loads something from elsewhere. Export it as PNG or "
		    "PDF and upload that.");
	else if (xml.is_malformed)
		report_corrupt(report);
}
