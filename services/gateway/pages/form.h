/*
 * form.h: forms of pages. What they send is JSON to the API, by web/enhance/form.ts;
 * the server decides, and what it refuses is shown beside the field, in the words that
 * the form brings along.
 */
#ifndef FORM_H
#define FORM_H

#include "html.h"

/* What is said when the API refuses: "email-form" is a field and a rule, "401" a status, "0" no answer. */
struct form_error {
	const char *of, *key;
};

struct form {
	const char *api, *verb; /* "/api/v1/sessions", "POST" */
	const char *then;       /* asked after that with the same fields; NULL: nothing */
	const char *next;       /* where to go when all is well; NULL: what stands in #DONE is shown */
	const char *done;       /* id of an element that is hidden until then; NULL: none */
	const char *title;      /* key: what the summary of errors is called */
	const char *busy;       /* key: the button while it is sent */
	bool needs_key;         /* the API wants an Idempotency-Key */
	bool needs_token;       /* shown only when the address ends with #token=... */
	bool without_token;     /* shown only when it does not */
	const struct form_error *errors; /* ends with NULL */
};

struct form_field {
	const char *name, *type, *autocomplete;
	const char *label, *hint; /* keys; HINT may be NULL */
	int max;                  /* characters */
	bool is_long;             /* a text of several lines */
	const char *value;        /* that stands there already; NULL: none */
};

/* <form> with all that the script has to know. */
void form_begin(struct html *html, const struct form *form);

/* One field: label, hint, control. */
void form_field(struct html *html, const struct form_field *field);

/* A value that is sent without being shown. */
void form_hidden(struct html *html, const char *name, const char *value);

/* The one button, KEY on it, and the end. Without scripts the form says that it needs one. */
void form_end(struct html *html, const char *key, const char *class);

#endif
