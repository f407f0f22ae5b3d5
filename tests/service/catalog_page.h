/*
 * catalog_page.h: a document that may be published, for tests to spoil.
 */
#ifndef CATALOG_PAGE_H
#define CATALOG_PAGE_H

#include "common.pb-c.h"

/* A complete document, with one part, one prompt, one criterion of each kind. */
struct page {
	Vouch__MicroCredentialDocument d;
	Vouch__MethodComponent component, *components[1];
	Vouch__Part part[3], *parts[3];
	Vouch__Prompt prompt[3], *prompts[3];
	Vouch__Rubric rubric[3];
	Vouch__Criterion criterion[3], *criteria[3];
	Vouch__Level met, unmet, *levels[2];
	Vouch__EvidenceRequirement requirement, *requirements[1];
	char *audiences[1], *topics[1], *refs[1];
};

static void
fill_parts(struct page *p)
{
	static const char *const keys[] = {"overview", "work_examples", "reflection"};

	vouch__level__init(&p->met);
	vouch__level__init(&p->unmet);
	p->met.id = (char *)"met";
	p->unmet.id = (char *)"unmet";
	p->met.title = (char *)"Met";
	p->unmet.title = (char *)"Not yet";
	p->met.passing = true;
	p->levels[0] = &p->met;
	p->levels[1] = &p->unmet;
	for (int i = 0; i < 3; i++) {
		vouch__part__init(&p->part[i]);
		vouch__prompt__init(&p->prompt[i]);
		vouch__rubric__init(&p->rubric[i]);
		vouch__criterion__init(&p->criterion[i]);
		p->parts[i] = &p->part[i];
		p->prompts[i] = &p->prompt[i];
		p->criteria[i] = &p->criterion[i];
		p->part[i].key = (char *)keys[i];
		p->part[i].title = (char *)keys[i];
		p->part[i].max_words = 500;
		p->part[i].prompts = &p->prompts[i];
		p->part[i].n_prompts = 1;
		p->part[i].rubric = &p->rubric[i];
		p->prompt[i].text = (char *)"Describe it.";
		p->prompt[i].components = p->refs;
		p->prompt[i].n_components = 1;
		p->rubric[i].criteria = &p->criteria[i];
		p->rubric[i].n_criteria = 1;
		p->criterion[i].title = (char *)"Shown";
		p->criterion[i].required = true;
		p->criterion[i].levels = p->levels;
		p->criterion[i].n_levels = 2;
	}
	p->d.parts = p->parts;
	p->d.n_parts = 3;
}

/* Fills P with a document that may be published; valid as long as P is. */
static Vouch__MicroCredentialDocument *
document_of(struct page *p, const char *key, const char *title)
{
	vouch__micro_credential_document__init(&p->d);
	vouch__method_component__init(&p->component);
	vouch__evidence_requirement__init(&p->requirement);
	p->d.key = (char *)key;
	p->d.title = (char *)title;
	p->d.summary = (char *)"What it is about.";
	p->d.language = (char *)"en";
	p->component.id = (char *)"m1";
	p->component.title = (char *)"Look closely";
	p->components[0] = &p->component;
	p->d.method_components = p->components;
	p->d.n_method_components = 1;
	p->refs[0] = (char *)"m1";
	p->audiences[0] = (char *)"Classroom teacher";
	p->topics[0] = (char *)"Literacy";
	p->d.audiences = p->audiences;
	p->d.topics = p->topics;
	p->d.n_audiences = p->d.n_topics = 1;
	p->requirement.title = (char *)"Plan";
	p->requirement.evidence_type = (char *)"plan";
	p->requirement.min = p->requirement.max = 1;
	p->requirements[0] = &p->requirement;
	p->d.evidence_requirements = p->requirements;
	p->d.n_evidence_requirements = 1;
	fill_parts(p);
	return &p->d;
}

#endif
