#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "demo.h"

enum { PATH_SIZE = 400 };

/* The id of the review of CODE in QUEUE. */
static bool
review_look(struct demo *demo, const char *assessor, const char *code, const char *queue, char id[static 160])
{
	char path[PATH_SIZE];
	json_t *item;
	size_t i;

	snprintf(path, sizeof(path), "/api/v1/reviews?queue=%s&limit=100", queue);
	json_t *list = demo_ask(demo, assessor, "GET", path, NULL, NULL);
	json_array_foreach(json_object_get(list, "items"), i, item)
		if (strcmp(text_of(item, "submissionCode"), code) == 0)
			snprintf(id, 160, "%s", text_of(item, "id"));
	json_decref(list);
	return list != NULL;
}

/* The review of CODE: the submission has to travel to the assessors first. */
static bool
review_find(struct demo *demo, const char *assessor, const char *code, char id[static 160])
{
	int64_t start = demo_clock();

	id[0] = '\0';
	do {
		if (!review_look(demo, assessor, code, "mine", id))
			return false;
		if (id[0] == '\0' && !review_look(demo, assessor, code, "pool", id))
			return false;
		if (id[0] != '\0')
			return true;
	} while (!demo_is_over(start));
	return demo_complain(code, "its review did not come after a minute");
}

/* Is CRITERION one of those that the plan says are not met? */
static bool
is_failed(const json_t *plan, const char *criterion)
{
	json_t *item;
	size_t i;

	json_array_foreach(json_object_get(plan, "fail"), i, item)
		if (json_is_string(item) && strcmp(json_string_value(item), criterion) == 0)
			return true;
	return false;
}

/* The first level of CRITERION that passes, or the first that does not. */
static const char *
level_choose(const json_t *criterion, bool passes)
{
	json_t *level;
	size_t i;

	json_array_foreach(json_object_get(criterion, "levels"), i, level)
		if (json_is_true(json_object_get(level, "passing")) == passes)
			return text_of(level, "id");
	return "";
}

/* A level for every criterion of the rubric, with the plan's comments. */
static json_t *
scores_make(const json_t *review, const json_t *plan)
{
	json_t *scores = json_array(), *part, *criterion;
	size_t i, k;

	json_array_foreach(json_object_get(json_object_get(review, "rubric"), "parts"), i, part)
		json_array_foreach(json_object_get(part, "criteria"), k, criterion) {
			const char *id = text_of(criterion, "id");

			json_array_append_new(scores,
			    json_pack("{s:s, s:s, s:s}", "criterionId", id, "levelId",
				level_choose(criterion, !is_failed(plan, id)), "comment",
				text_of(json_object_get(plan, "comments"), id)));
		}
	return scores;
}

static bool
review_score(
    struct demo *demo, const char *assessor, const char *id, const json_t *review, const json_t *plan)
{
	const json_t *feedback = json_object_get(plan, "feedback");
	char path[PATH_SIZE], etag[32];

	snprintf(path, sizeof(path), "/api/v1/reviews/%s/scores", id);
	snprintf(etag, sizeof(etag), "\"%lld\"",
	    (long long)json_integer_value(json_object_get(review, "version")));
	json_t *body = json_pack("{s:o, s:o}", "scores", scores_make(review, plan), "feedback",
	    feedback != NULL ? json_deep_copy(feedback) : json_array());
	json_t *saved = demo_ask(demo, assessor, "PUT", path, body, etag);
	json_decref(saved);
	json_decref(body);
	return saved != NULL;
}

bool
demo_review(struct demo *demo, const char *assessor, const char *code, const char *goal, const json_t *plan)
{
	char id[160], path[PATH_SIZE];

	if (!review_find(demo, assessor, code, id))
		return false;
	snprintf(path, sizeof(path), "/api/v1/reviews/%s", id);
	json_t *review = demo_ask(demo, assessor, "GET", path, NULL, NULL);
	if (review != NULL && strcmp(text_of(review, "state"), "queued") == 0) {
		json_decref(review);
		snprintf(path, sizeof(path), "/api/v1/reviews/%s/claim", id);
		review = demo_ask(demo, assessor, "POST", path, NULL, NULL);
	}
	bool ok = review != NULL, decides = strcmp(goal, "awarded") == 0 || strcmp(goal, "denied") == 0;
	bool scores = decides || json_object_get(plan, "comments") != NULL;
	if (ok && scores && strcmp(text_of(review, "state"), "in_review") == 0) {
		ok = review_score(demo, assessor, id, review, plan);
		json_t *body = json_pack("{s:s}", "outcome", goal);
		snprintf(path, sizeof(path), "/api/v1/reviews/%s/decision", id);
		json_t *decided = ok && decides ? demo_ask(demo, assessor, "POST", path, body, NULL) : NULL;
		ok = ok && (!decides || decided != NULL);
		json_decref(decided);
		json_decref(body);
	}
	json_decref(review);
	return ok;
}
