// What may go wrong with a request, told apart by what a person can do about it.
import type { components } from "schema";

export type FieldError = { field: string; rule: string; message: string };

interface Refused {
	status: number;
	title: string;
	detail: string;
	errors: FieldError[];
	reference: string; // X-Request-Id: what the help desk asks for
	retryAfter: number | null; // seconds
}
/* The server was not reached, or did not answer in time. */
export interface Unreached {
	kind: "unreached";
}
/* Somebody wrote in between; CURRENT is the record as it is now. */
export interface Stale extends Refused {
	kind: "stale";
	current: unknown;
}
export interface Other extends Refused {
	kind: "unauthenticated" | "forbidden" | "not_found" | "conflict" | "too_large" | "wrong_type" | "invalid" | "busy" | "defect";
}
export type Problem = Unreached | Stale | Other;

export type ProblemBody = components["schemas"]["ProblemDetails"];

/* By status: api.md. What is not here is a defect of one side. */
const kinds: { [status: number]: Other["kind"] | "stale" } = {
	401: "unauthenticated", 403: "forbidden", 404: "not_found", 409: "conflict", 410: "not_found", 412: "stale",
	413: "too_large", 415: "wrong_type", 422: "invalid", 429: "busy", 502: "busy", 503: "busy", 504: "busy",
};

export function problemOf(response: Response, body: unknown): Problem {
	const b = (typeof body === "object" && body !== null ? body : {}) as Partial<ProblemBody> & { current?: unknown };
	const kind = kinds[response.status] ?? "defect";
	const after = Number(response.headers.get("Retry-After") ?? NaN);
	const refused: Refused = {
		status: response.status,
		title: b.title ?? "",
		detail: b.detail ?? "",
		errors: (b.errors ?? []) as FieldError[],
		reference: response.headers.get("X-Request-Id") ?? "",
		retryAfter: Number.isFinite(after) ? after : null,
	};

	return kind === "stale" ? { ...refused, kind, current: b.current } : { ...refused, kind };
}

/* May the same request be sent again by itself? */
export function isPassing(problem: Problem): boolean {
	return problem.kind === "unreached" || problem.kind === "busy";
}
