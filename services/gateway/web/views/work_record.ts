// An earner's submissions, as lists have them.
import { api, ask, type Result, type Schemas } from "../lib/api";
import { dateOf } from "../lib/time";
import { t } from "../lib/words";
import type { Clock } from "../parts/fourteen";

export type Row = Schemas["SubmissionRow"];
export type List = Schemas["SubmissionList"];
export type Submission = Schemas["Submission"];

export const isOpen = (row: { state: Row["state"] }): boolean => row.state === "submitted" || row.state === "in_review";
export const isLate = (row: Row, now: number): boolean => isOpen(row) && row.dueAt !== undefined && Date.parse(row.dueAt) <= now;

export function listWork(cursor?: string, signal?: AbortSignal): Promise<Result<List>> {
	return ask(api.GET("/submissions", { params: { query: cursor !== undefined ? { cursor } : {} }, signal: signal ?? null }));
}

export function getSubmission(id: string, signal?: AbortSignal): Promise<Result<Submission>> {
	return ask(api.GET("/submissions/{id}", { params: { path: { id } }, signal: signal ?? null }));
}

/* The clock with its sentence in the reader's language: the server's is for mails and programs. */
export function inWords(clock: Clock): Clock {
	const date = dateOf(clock.dueDate), n = clock.businessDay, of = clock.businessDays;

	if (clock.overdue)
		return { ...clock, sentence: t("work.late_since", { date }) };
	return { ...clock, sentence: n === 0 ? t("work.counting_soon", { date }) : t("work.day", { n, of, date }) };
}
