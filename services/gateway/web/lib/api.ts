// The API, typed by its OpenAPI document. A call never throws: it gives data or a problem.
import createClient from "openapi-fetch";
import type { components, paths } from "schema";
import { problemOf, type Problem } from "./problem";

export type Schemas = components["schemas"];
export type Result<T> = { ok: true; data: T; etag: string | null } | { ok: false; problem: Problem };

export const PREFIX = "/api/v1";
const WAIT_MS = 30_000;

/* A signal of the caller's ends it too. */
function limited(input: Request): Promise<Response> {
	return fetch(input, { signal: AbortSignal.any([input.signal, AbortSignal.timeout(WAIT_MS)]) });
}

export const api = createClient<paths>({ baseUrl: PREFIX, fetch: limited });

type Answer<T> = { data?: T | undefined; error?: unknown; response: Response };

export async function ask<T>(answer: Promise<Answer<T>>): Promise<Result<T>> {
	try {
		const { data, error, response } = await answer;

		if (!response.ok)
			return { ok: false, problem: problemOf(response, error) };
		return { ok: true, data: data as T, etag: response.headers.get("ETag") };
	} catch {
		return { ok: false, problem: { kind: "unreached" } };
	}
}

/* A new Idempotency-Key. Keep it while the same request is sent again. */
export function newKey(): string {
	return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
}

/*
 * The body schemas repeat the names of the path; the gateway takes them from there
 * alone. BODY without them, as what the client's types ask for.
 */
export function body<T extends { id: string }>(given: Omit<T, "id" | "key" | "evidenceId">): T {
	return given as unknown as T;
}

export function versionOf(etag: string | null): number {
	return Number((etag ?? "").replace(/[^0-9]/g, ""));
}
