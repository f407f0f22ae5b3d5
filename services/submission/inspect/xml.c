#include "xml.h"

#include <stdio.h>
#include <string.h>

#include <expat.h>

const char *
xml_local(const char *name)
{
	const char *colon = strrchr(name, ':');

	return colon == NULL ? name : colon + 1;
}

const char *
xml_attribute(const char **attributes, const char *name)
{
	for (; attributes[0] != NULL; attributes += 2)
		if (strcmp(xml_local(attributes[0]), name) == 0)
			return attributes[1];
	return "";
}

static void
on_element(void *of, const char *name, const char **attributes)
{
	struct xml *xml = of;
	const char *local = xml_local(name);

	snprintf(xml->name, sizeof(xml->name), "%s", local);
	if (xml->element != NULL)
		xml->element(xml->of, local, attributes);
}

static void
on_text(void *of, const char *text, int n)
{
	struct xml *xml = of;

	if (xml->text != NULL)
		xml->text(xml->of, xml->name, text, (size_t)n);
}

/* An entity made of entities grows with each level: that is a bomb and nothing else. */
static void
on_entity(void *of, const char *name, int is_parameter, const char *value, int n, const char *base,
    const char *system, const char *public, const char *notation)
{
	struct xml *xml = of;

	(void)name, (void)is_parameter, (void)base, (void)system, (void)public, (void)notation;
	xml->has_entities = true;
	if (value != NULL && n > 0 &&
	    (memchr(value, '&', (size_t)n) != NULL || memchr(value, '%', (size_t)n) != NULL))
		xml->has_nested_entities = true;
}

static void
on_doctype_end(void *of)
{
	struct xml *xml = of;

	if (xml->has_entities)
		XML_StopParser(xml->parser, XML_FALSE);
}

bool
xml_open(struct xml *xml)
{
	xml->parser = XML_ParserCreate(NULL);
	if (xml->parser == NULL)
		return false;
	xml->name[0] = '\0';
	XML_SetUserData(xml->parser, xml);
	XML_SetStartElementHandler(xml->parser, on_element);
	XML_SetCharacterDataHandler(xml->parser, on_text);
	XML_SetEntityDeclHandler(xml->parser, on_entity);
	XML_SetEndDoctypeDeclHandler(xml->parser, on_doctype_end);
	return true;
}

void
xml_close(struct xml *xml)
{
	if (xml->parser != NULL)
		XML_ParserFree(xml->parser);
	xml->parser = NULL;
}

void
xml_feed(struct xml *xml, const void *data, size_t n, bool is_last)
{
	if (xml->is_malformed || xml->has_entities || n > INT32_MAX)
		return;
	if (XML_Parse(xml->parser, data, (int)n, is_last) != XML_STATUS_OK && !xml->has_entities)
		xml->is_malformed = true;
}
