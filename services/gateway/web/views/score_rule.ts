// What a review says, criterion by criterion, and what the rubric makes of it. The
// server decides by the same rule (services/assessment/rubric.c); here it is shown early.
import type { Schemas } from "../lib/api";

export type Review = Schemas["Review"];
export type Criterion = Schemas["Criterion"];
export type Level = Schemas["Level"];
export type Kind = "praise" | "challenge" | "resource" | "personal";
export type Outcome = "awarded" | "denied";

export const KINDS: readonly Kind[] = ["praise", "challenge", "resource", "personal"];

export interface Note {
	kind: Kind;
	text: string;
	url: string;
	part: string;
}
export interface Mark {
	level: string; // "": none yet
	comment: string;
	notes: Note[];
}
export interface Place {
	criterion: Criterion;
	part: string;
	partTitle: string;
	n: number; // from 1, through all parts
}

/* Notes about no criterion. */
export const WHOLE = "whole";

export const isAddress = (url: string): boolean => /^https?:\/\/[^\s/]+\.\S+$/i.test(url);

export function placesOf(review: Review): Place[] {
	let n = 0;

	return (review.rubric?.parts ?? []).flatMap((p) => p.criteria.map((criterion) => ({ criterion, part: p.part, partTitle: p.title, n: ++n })));
}

/* One text for one meaning: notes without words, and addresses that are none, are not there. */
export function writeMark(mark: Mark): string {
	const notes = mark.notes.filter((n) => n.text.trim() !== "").map((n) => ({
		kind: n.kind, text: n.text, url: n.kind === "resource" && isAddress(n.url) ? n.url : "", part: n.part,
	}));

	return JSON.stringify({ level: mark.level, comment: mark.level === "" ? "" : mark.comment, notes });
}

export function readMark(text: string): Mark {
	return text === "" ? { level: "", comment: "", notes: [] } : JSON.parse(text) as Mark;
}

/* The fields of a review: one for each criterion, and one for the rest. */
export function marksOf(review: Review): { [field: string]: string } {
	const places = placesOf(review), known = new Set(places.map((p) => p.criterion.id ?? "")), fields: { [field: string]: string } = {};
	const notesOf = (field: string): Note[] => review.feedback.filter((f) => (known.has(f.criterionId ?? "") ? f.criterionId : WHOLE) === field)
		.map((f) => ({ kind: (f.kind ?? "praise") as Kind, text: f.text, url: f.url ?? "", part: f.part ?? "" }));

	for (const { criterion } of places) {
		const score = review.scores.find((s) => s.criterionId === criterion.id), id = criterion.id ?? "";

		fields[id] = writeMark({ level: score?.levelId ?? "", comment: score?.comment ?? "", notes: notesOf(id) });
	}
	fields[WHOLE] = writeMark({ level: "", comment: "", notes: notesOf(WHOLE) });
	return fields;
}

/* The other way round: what PUT /reviews/{id}/scores takes. */
export function bodyOf(fields: { [field: string]: string }): { scores: Schemas["Score"][]; feedback: Schemas["Feedback"][] } {
	const scores: Schemas["Score"][] = [], feedback: Schemas["Feedback"][] = [];

	for (const [field, text] of Object.entries(fields)) {
		const mark = readMark(text), about = field === WHOLE ? {} : { criterionId: field };

		if (mark.level !== "")
			scores.push({ criterionId: field, levelId: mark.level, comment: mark.comment });
		for (const n of mark.notes)
			feedback.push({ kind: n.kind, text: n.text, ...(n.part !== "" ? { part: n.part } : {}), ...(n.url !== "" ? { url: n.url } : {}), ...about } as Schemas["Feedback"]);
	}
	return { scores, feedback };
}

export function levelOf(criterion: Criterion, mark: Mark | undefined): Level | undefined {
	return criterion.levels?.find((l) => l.id === mark?.level);
}

/* A required criterion that is not met. */
export function isFailed(criterion: Criterion, mark: Mark | undefined): boolean {
	const level = levelOf(criterion, mark);

	return criterion.required === true && level !== undefined && level.passing !== true;
}

export interface Standing {
	outcome: Outcome | null; // what the levels come to: null, that is still open
	failed: Place[];
	unscored: Place[];
	unchallenged: Place[]; // what fails without a word on what would meet it (ASM-4)
	praised: boolean;
}

/* CAT-6: an award needs every required criterion; one that is not met denies. */
export function standingOf(places: readonly Place[], marks: { [field: string]: Mark }): Standing {
	const failed = places.filter((p) => isFailed(p.criterion, marks[p.criterion.id ?? ""]));
	const unscored = places.filter((p) => levelOf(p.criterion, marks[p.criterion.id ?? ""]) === undefined);
	const challenged = (p: Place) => marks[p.criterion.id ?? ""]?.notes.some((n) => n.kind === "challenge") === true ||
		marks[WHOLE]?.notes.some((n) => n.kind === "challenge" && n.part === p.part) === true;
	const outcome = failed.length > 0 ? "denied" : unscored.length === 0 && places.length > 0 ? "awarded" : null;

	return { outcome, failed, unscored, unchallenged: failed.filter((p) => !challenged(p)),
		praised: Object.values(marks).some((m) => m.notes.some((n) => n.kind === "praise")) };
}

/* ---- quotes: the first line of a note, in words that need no markup --------------------- */

export interface Quoted {
	quote: string;
	source: string;
	rest: string;
}

export function readQuote(text: string): Quoted | null {
	const found = /^“([^”\n]*)” \(([^\n]*)\)(?:\n\n?|$)/.exec(text);

	return found === null ? null : { quote: found[1] ?? "", source: found[2] ?? "", rest: text.slice(found[0].length) };
}

export const QUOTE_MAX = 300;

export function writeQuote({ quote, source, rest }: Quoted): string {
	const words = quote.replace(/\s+/g, " ").replaceAll("“", "‘").replaceAll("”", "’").trim();
	const short = words.length > QUOTE_MAX ? `${words.slice(0, QUOTE_MAX).replace(/\s\S*$/, "")} …` : words;

	return short === "" ? rest : `“${short}” (${source.replace(/\s+/g, " ")})\n\n${rest}`;
}
