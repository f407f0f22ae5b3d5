// Reviews as the queue keeps them: lists, taking one, giving one back.
import { api, ask, type Result, type Schemas } from "../lib/api";
import type { Problem } from "../lib/problem";

export type Row = Schemas["ReviewRow"];
export type Review = Schemas["Review"];
export type List = Schemas["ReviewList"];
export type Query = { queue?: string; state?: string[]; limit?: number; cursor?: string };

export const PAGE = 25;
const TRIES = 10;

export function listReviews(query: Query, signal?: AbortSignal): Promise<Result<List>> {
	return ask(api.GET("/reviews", { params: { query: { limit: PAGE, ...query } }, signal: signal ?? null }));
}

export function claim(id: string): Promise<Result<Review>> {
	return ask(api.POST("/reviews/{id}/claim", { params: { path: { id } } }));
}

export function release(id: string): Promise<Result<Review>> {
	return ask(api.POST("/reviews/{id}/release", { params: { path: { id } } }));
}

export function recuse(id: string): Promise<Result<Review>> {
	return ask(api.POST("/reviews/{id}/recuse", { params: { path: { id } }, body: {} as never }));
}

/* Takes what is due first; whoever was quicker with one leaves the next. Null: nothing waits. */
export async function takeNext(): Promise<string | Problem | null> {
	const list = await listReviews({ queue: "pool", limit: TRIES });

	if (!list.ok)
		return list.problem;
	for (const row of list.data.items) {
		const taken = await claim(row.id);

		if (taken.ok)
			return row.id;
		if (taken.problem.kind !== "conflict" && taken.problem.kind !== "not_found")
			return taken.problem;
	}
	return null;
}

/* What one holds besides EXCEPT, due first; null: nothing. */
export async function nextOfMine(except: string): Promise<Row | null> {
	const list = await listReviews({ queue: "mine", limit: 5 });

	return list.ok ? list.data.items.find((row) => row.id !== except) ?? null : null;
}
