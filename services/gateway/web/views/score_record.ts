// A review as the page keeps it: each criterion is a field that is saved by itself.
import { api, ask, body, newKey, type Result, type Schemas } from "../lib/api";
import type { Theirs } from "../lib/autosave";
import { Saver, type Outcome as Sent } from "../lib/saver";
import { bodyOf, marksOf, type Outcome, type Review } from "./score_rule";

export function readReview(id: string): Promise<Result<Review>> {
	return ask(api.GET("/reviews/{id}", { params: { path: { id } } }));
}

function fieldsOf(review: Review): { [name: string]: Theirs } {
	return Object.fromEntries(Object.entries(marksOf(review)).map(([name, text]) => [name, { text, version: review.version }]));
}

/* Takes what the server has: where only one side has changed something, that side holds. */
export function hearAll(saver: Saver, review: Review): void {
	for (const [field, theirs] of Object.entries(fieldsOf(review)))
		saver.hear(field, theirs);
}

/*
 * The API takes all scores at once. What is sent is one field as it is here, and the
 * others as the server has them: so two devices meet in each criterion by itself.
 */
export function saverOf(review: Review, accountId: string, heard: (review: Review) => void): Saver {
	const id = review.id;
	const hear = (now: Review, but: string) => {
		for (const [other, theirs] of Object.entries(fieldsOf(now)))
			if (other !== but)
				saver.hear(other, theirs);
	};
	const saver: Saver = new Saver({
		place: `review/${accountId}/${id}`,
		fields: fieldsOf(review),
		savedAt: review.scores.length + review.feedback.length > 0 ? Date.now() : 0,
		send: async (name, text, version): Promise<Sent> => {
			const bases = Object.fromEntries(Object.entries(saver.machine.fields).map(([field, f]) => [field, f.base]));
			const result = await ask(api.PUT("/reviews/{id}/scores", {
				params: { path: { id }, header: { "If-Match": `"${version}"` } },
				body: body<Schemas["ScoreReview"]>(bodyOf({ ...bases, [name]: text })),
			}));

			if (result.ok) {
				hear(result.data, name);
				return { version: result.data.version };
			}
			if (result.problem.kind === "stale") {
				const now = result.problem.current as Review;

				hear(now, name);
				return { theirs: fieldsOf(now)[name] ?? { text: "", version: now.version } };
			}
			return { problem: result.problem };
		},
		fetch: async () => {
			const result = await readReview(id);

			if (!result.ok)
				return result;
			heard(result.data);
			return { ...result, data: result.data.state === "in_review" ? fieldsOf(result.data) : {} };
		},
	});

	return saver;
}

/* The same decision under the same key, however often it has to be sent. */
export function decider(id: string): (outcome: Outcome) => Promise<Result<Review>> {
	const keys: { [outcome: string]: string } = {};

	return (outcome) => ask(api.POST("/reviews/{id}/decision", {
		params: { path: { id }, header: { "Idempotency-Key": (keys[outcome] ??= newKey()) } }, body: body<Schemas["DecideReview"]>({ outcome }),
	})).then((result) => {
		// What was refused is weighed anew next time, not answered from memory.
		if (!result.ok && result.problem.kind !== "unreached" && result.problem.kind !== "busy")
			delete keys[outcome];
		return result;
	});
}
