#include "route.h"

#include <stdlib.h>
#include <string.h>

enum { VERBS_MAX = 6, NAME_MAX_LEN = 47 };

struct leaf {
	const char *verb;
	const char *const *suffixes;
	const void *what;
};

struct node {
	char name[NAME_MAX_LEN + 1]; /* of a fixed segment, or of the variable */
	size_t len;
	struct node *next;             /* the next sibling */
	struct node *fixed, *variable; /* what follows */
	struct leaf leaves[VERBS_MAX];
	int n_leaves;
};

struct routes {
	struct node root;
};

struct routes *
routes_open(void)
{
	return calloc(1, sizeof(struct routes));
}

static void
free_below(struct node *node) /* NOLINT(misc-no-recursion): as deep as the longest pattern */
{
	while (node->fixed != NULL) {
		struct node *child = node->fixed;

		node->fixed = child->next;
		free_below(child);
		free(child);
	}
	if (node->variable != NULL) {
		free_below(node->variable);
		free(node->variable);
	}
}

void
routes_close(struct routes *routes)
{
	if (routes == NULL)
		return;
	free_below(&routes->root);
	free(routes);
}

static struct node *
fixed_find(const struct node *node, const char *name, size_t len)
{
	struct node *child = node->fixed;

	while (child != NULL && (child->len != len || memcmp(child->name, name, len) != 0))
		child = child->next;
	return child;
}

/* The child for one segment of a pattern, made when it is not there; NULL when it cannot be. */
static struct node *
child_for(struct node *node, const char *s, size_t len)
{
	bool is_variable = len > 2 && s[0] == '{' && s[len - 1] == '}';
	struct node *child = is_variable ? node->variable : fixed_find(node, s, len);

	if (child != NULL)
		return is_variable && (child->len != len - 2 || memcmp(child->name, s + 1, len - 2) != 0) ?
		    NULL :
		    child;
	child = len <= NAME_MAX_LEN ? calloc(1, sizeof(*child)) : NULL;
	if (child == NULL)
		return NULL;
	child->len = is_variable ? len - 2 : len;
	memcpy(child->name, is_variable ? s + 1 : s, child->len);
	if (is_variable) {
		node->variable = child;
	} else {
		child->next = node->fixed;
		node->fixed = child;
	}
	return child;
}

static struct node *
path_for(struct node *node, const char *pattern, int *depth)
{
	while (node != NULL && *pattern == '/') {
		size_t len = strcspn(++pattern, "/");

		node = ++*depth > PATH_SEGMENTS_MAX ? NULL : child_for(node, pattern, len);
		pattern += len;
	}
	return *pattern == '\0' ? node : NULL;
}

static const struct leaf *
leaf_find(const struct node *node, const char *verb)
{
	for (int i = 0; i < node->n_leaves; i++)
		if (strcmp(node->leaves[i].verb, verb) == 0)
			return &node->leaves[i];
	return NULL;
}

bool
routes_add(struct routes *routes, const char *verb, const char *prefix, const char *pattern,
    const char *const *suffixes, const void *what)
{
	int depth = 0;
	struct node *node = path_for(&routes->root, prefix, &depth);

	if (node != NULL)
		node = path_for(node, pattern, &depth);
	if (node == NULL || node->n_leaves == VERBS_MAX || leaf_find(node, verb) != NULL)
		return false;
	node->leaves[node->n_leaves++] = (struct leaf){verb, suffixes, what};
	return true;
}

/* What a search has walked through; the names of variables are taken from the nodes. */
struct walk {
	const struct path *path;
	const struct node *vars[ROUTE_VARS_MAX];
	size_t places[ROUTE_VARS_MAX];
	int n_vars;
};

/*
 * Fixed segments first, then the variable: at most one step back for each
 * segment, and patterns are few. An empty segment fits no variable.
 */
static const struct node *
walk(const struct node *node, struct walk *w, size_t at) /* NOLINT(misc-no-recursion): the same */
{
	const struct node *found = NULL, *child;
	const char *s;

	if (at == w->path->n)
		return node->n_leaves > 0 ? node : NULL;
	s = w->path->segments[at];
	child = fixed_find(node, s, strlen(s));
	if (child != NULL)
		found = walk(child, w, at + 1);
	if (found != NULL || node->variable == NULL || *s == '\0' || w->n_vars == ROUTE_VARS_MAX)
		return found;
	w->vars[w->n_vars] = node->variable;
	w->places[w->n_vars++] = at;
	found = walk(node->variable, w, at + 1);
	if (found == NULL)
		w->n_vars--;
	return found;
}

static void
tell_verbs(const struct node *node, char allow[ROUTE_ALLOW_SIZE])
{
	allow[0] = '\0';
	for (int i = 0; i < node->n_leaves; i++) {
		const char *verb = node->leaves[i].verb;

		if (i > 0)
			strncat(allow, ", ", ROUTE_ALLOW_SIZE - strlen(allow) - 1);
		strncat(allow, verb, ROUTE_ALLOW_SIZE - strlen(allow) - 1);
		if (strcmp(verb, "GET") == 0)
			strncat(allow, ", HEAD", ROUTE_ALLOW_SIZE - strlen(allow) - 1);
	}
}

/* Takes ".jwt" off the end of the last segment when it is one of the route's suffixes. */
static const char *
suffix_cut(const struct leaf *leaf, char *last)
{
	char *dot = strrchr(last, '.');

	for (const char *const *s = leaf->suffixes; dot != NULL && dot > last && s != NULL && *s != NULL; s++)
		if (strcmp(dot + 1, *s) == 0) {
			*dot = '\0';
			return *s;
		}
	return NULL;
}

enum route_result
route_find(const struct routes *routes, const char *verb, struct path *path, struct route_match *match)
{
	struct walk w = {.path = path};
	const struct node *node = walk(&routes->root, &w, 0);
	const struct leaf *leaf;

	*match = (struct route_match){0};
	if (node == NULL)
		return ROUTE_NO_PATH;
	leaf = leaf_find(node, strcmp(verb, "HEAD") == 0 ? "GET" : verb);
	if (leaf == NULL) {
		tell_verbs(node, match->allow);
		return ROUTE_NO_VERB;
	}
	match->what = leaf->what;
	if (w.n_vars > 0 && w.places[w.n_vars - 1] == path->n - 1)
		match->suffix = suffix_cut(leaf, path->segments[path->n - 1]);
	match->n_vars = w.n_vars;
	for (int i = 0; i < w.n_vars; i++) {
		match->vars[i].name = w.vars[i]->name;
		match->vars[i].value = path->segments[w.places[i]];
	}
	return ROUTE_FOUND;
}
