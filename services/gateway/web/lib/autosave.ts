// How what a person writes comes to the server without a word being lost.
//
// A pure machine: step(machine, event) gives the next machine and what is to be
// done. One request is in flight at a time; a field is sent with the version that
// it starts from; what comes back tells whether somebody else wrote it. Fields
// are merged three ways, each by itself, and a person is asked about a field only
// when both sides changed it. Causes of failure are told apart, because each has
// another remedy. Drafts, scores, replies and the studio use the same machine.

export const QUIET_MS = 800; // after the last key
export const LONGEST_MS = 5_000; // while somebody goes on typing
export const RETRY_FIRST_MS = 1_000;
export const RETRY_LONGEST_MS = 30_000;

/* Somebody else's text of a field. */
export interface Theirs {
	text: string;
	version: number;
}

export interface Field {
	mine: string; // on the screen
	base: string; // what the server has, as far as is known: MINE started from it
	version: number; // of BASE
	firstAt: number; // of the changes that are not sent: ms; 0 without any
	lastAt: number;
	clash: Theirs | null; // both changed it: a person chooses
	refused: string | null; // why the server does not take it: no use in sending it again
}

/*
 * Why nothing is sent at the moment. "signed_out" and "locked" wait for a person;
 * the others are tried again at retryAt.
 */
export type Cause = "offline" | "busy" | "signed_out" | "locked";

export interface Machine {
	fields: { [name: string]: Field };
	flight: { name: string; text: string; id: number } | null;
	cause: Cause | null;
	tries: number; // in a row, that failed
	retryAt: number;
	savedAt: number; // when the server last took something; 0: not yet
	next: number; // id of the next request
}

export type Event =
	| { type: "edit"; name: string; text: string; now: number }
	| { type: "tick"; now: number } // a timer that was asked for
	| { type: "flush"; now: number } // Ctrl+S, leaving a field, hiding the page: do not wait
	| { type: "saved"; id: number; version: number; now: number }
	| { type: "stale"; id: number; theirs: Theirs; now: number }
	| { type: "failed"; id: number; cause: Cause; now: number; chance: number; retryAfterMs?: number | undefined }
	| { type: "refused"; id: number; why: string; now: number }
	| { type: "online"; now: number } // the network is there again, or somebody signed in again
	| { type: "heard"; name: string; theirs: Theirs; now: number } // of another tab, or fetched anew
	| { type: "restored"; name: string; mine: string; base: string; now: number } // from this device's journal
	| { type: "chosen"; name: string; text: string; now: number }; // a person has settled a clash

export type Effect =
	| { do: "send"; name: string; text: string; version: number; id: number }
	| { do: "keep"; name: string; mine: string; base: string; version: number } // in the journal
	| { do: "forget"; name: string } // the server has it
	| { do: "tell"; name: string; theirs: Theirs } // the other tabs
	| { do: "wake"; at: number }; // a tick then

export interface Step {
	machine: Machine;
	effects: Effect[];
}

/* FIELDS as the server has them, since SAVED_AT. */
export function start(fields: { [name: string]: Theirs }, savedAt = 0): Machine {
	const all: Machine["fields"] = {};

	for (const [name, { text, version }] of Object.entries(fields))
		all[name] = { mine: text, base: text, version, firstAt: 0, lastAt: 0, clash: null, refused: null };
	return { fields: all, flight: null, cause: null, tries: 0, retryAt: 0, savedAt, next: 1 };
}

export function isDirty(field: Field): boolean {
	return field.mine !== field.base;
}

/* When FIELD is due to be sent; Infinity: not by itself. */
function dueAt(field: Field): number {
	if (!isDirty(field) || field.clash !== null || field.refused !== null)
		return Infinity;
	return Math.min(field.lastAt + QUIET_MS, field.firstAt + LONGEST_MS);
}

/*
 * What to make of another text of a field: when only one side has changed it
 * since they had the same, that side's. Null: both have, a person is asked.
 */
export function merged(mine: string, base: string, theirs: string): string | null {
	if (theirs === base || theirs === mine)
		return mine;
	return mine === base ? theirs : null;
}

/* Both texts: mine, then what of theirs is neither in mine nor in what both started from. */
export function both(mine: string, base: string, theirs: string): string {
	const known = new Set([...paragraphs(mine), ...paragraphs(base)]);
	const news = paragraphs(theirs).filter((p) => !known.has(p));

	return news.length === 0 ? mine : [mine.trimEnd(), ...news].filter((p) => p !== "").join("\n\n");
}

function paragraphs(text: string): string[] {
	return text.split(/\n{2,}/).map((p) => p.trim()).filter((p) => p !== "");
}

/* Another text of the field came, from the server or through another tab. */
function meet(field: Field, theirs: Theirs, now: number): Field {
	const text = merged(field.mine, field.base, theirs.text);

	if (text === null)
		return { ...field, clash: theirs };
	const met = { ...field, mine: text, base: theirs.text, version: theirs.version, clash: null };

	return isDirty(met) ? { ...met, firstAt: met.firstAt || now, lastAt: met.lastAt || now } : { ...met, firstAt: 0, lastAt: 0 };
}

function withField(m: Machine, name: string, field: Field): Machine {
	return { ...m, fields: { ...m.fields, [name]: field } };
}

/* What the journal has to know of FIELD. */
function journal(name: string, f: Field): Effect {
	return isDirty(f) ? { do: "keep", name, mine: f.mine, base: f.base, version: f.version } : { do: "forget", name };
}

/* Sends what is due, or says when something will be. */
function go(m: Machine, now: number, hurry: boolean, effects: Effect[]): Step {
	if (m.flight !== null || m.cause === "signed_out" || m.cause === "locked")
		return { machine: m, effects };

	let best: string | null = null, first = Infinity;

	for (const [name, field] of Object.entries(m.fields)) {
		const due = dueAt(field);

		if (due < first)
			[best, first] = [name, due];
	}
	if (best === null)
		return { machine: m, effects };
	if (hurry)
		first = now;
	if (m.cause !== null)
		first = Math.max(first, m.retryAt);
	const field = m.fields[best];

	if (first > now || field === undefined)
		return { machine: m, effects: [...effects, { do: "wake", at: first }] };
	const flight = { name: best, text: field.mine, id: m.next };

	return {
		machine: { ...m, flight, next: m.next + 1 },
		effects: [...effects, { do: "send", name: best, text: field.mine, version: field.version, id: flight.id }],
	};
}

/* The answer to the request in flight; null: it is of an earlier one. */
function landed(m: Machine, id: number): { name: string; text: string; field: Field; m: Machine } | null {
	const field = m.flight !== null ? m.fields[m.flight.name] : undefined;

	if (m.flight === null || m.flight.id !== id || field === undefined)
		return null;
	return { name: m.flight.name, text: m.flight.text, field, m: { ...m, flight: null } };
}

function edit(m: Machine, name: string, text: string, now: number): Step {
	const old = m.fields[name];

	if (old === undefined || old.mine === text)
		return { machine: m, effects: [] };
	const field: Field = { ...old, mine: text, refused: null, firstAt: old.firstAt || now, lastAt: now };

	return go(withField(m, name, isDirty(field) ? field : { ...field, firstAt: 0, lastAt: 0 }), now, false, [journal(name, field)]);
}

/* Taken: the text that was sent is what the server has; what was typed meanwhile is still to come. */
function saved(m: Machine, id: number, version: number, now: number): Step {
	const l = landed(m, id);

	if (l === null)
		return { machine: m, effects: [] };
	const field: Field = { ...l.field, base: l.text, version, firstAt: 0, lastAt: 0 };
	const rest = isDirty(field) ? { ...field, firstAt: now, lastAt: l.field.lastAt } : field;
	const next = { ...withField(l.m, l.name, rest), cause: null, tries: 0, retryAt: 0, savedAt: now };

	return go(next, now, false, [journal(l.name, rest), { do: "tell", name: l.name, theirs: { text: l.text, version } }]);
}

function stale(m: Machine, id: number, theirs: Theirs, now: number): Step {
	const l = landed(m, id);

	if (l === null)
		return { machine: m, effects: [] };
	// A version that was not even moved on: asking again at once would go on for ever.
	if (theirs.version <= l.field.version)
		return failed(m, { type: "failed", id, cause: "busy", now, chance: 0.5 });
	const field = meet(l.field, theirs, now);
	const effects = field.clash === null ? [journal(l.name, field)] : [];

	return go({ ...withField(l.m, l.name, field), cause: null, tries: 0 }, now, true, effects);
}

function failed(m: Machine, e: Event & { type: "failed" }): Step {
	const l = landed(m, e.id);

	if (l === null)
		return { machine: m, effects: [] };
	const wait = Math.min(RETRY_FIRST_MS * 2 ** m.tries, RETRY_LONGEST_MS) * (0.5 + e.chance);
	const retryAt = e.now + Math.max(wait, e.retryAfterMs ?? 0);

	return go({ ...l.m, cause: e.cause, tries: m.tries + 1, retryAt }, e.now, false, []);
}

function refused(m: Machine, id: number, why: string, now: number): Step {
	const l = landed(m, id);

	if (l === null)
		return { machine: m, effects: [] };
	// What was changed meanwhile may be right: it is tried.
	const field = { ...l.field, refused: l.field.mine === l.text ? why : null };

	return go({ ...withField(l.m, l.name, field), cause: null, tries: 0 }, now, false, []);
}

function heard(m: Machine, name: string, theirs: Theirs, now: number): Step {
	const old = m.fields[name];

	if (old === undefined || theirs.version <= old.version)
		return { machine: m, effects: [] };
	if (m.flight?.name === name) // its answer will tell
		return { machine: m, effects: [] };
	const field = meet(old, theirs, now);

	return go(withField(m, name, field), now, false, field.clash === null ? [journal(name, field)] : []);
}

/* This device has a text that the server never got. */
function restored(m: Machine, e: Event & { type: "restored" }): Step {
	const old = m.fields[e.name];

	if (old === undefined || e.mine === e.base || e.mine === old.mine)
		return { machine: m, effects: [{ do: "forget", name: e.name }] };
	const field = meet({ ...old, mine: e.mine, base: e.base, version: 0, firstAt: e.now, lastAt: e.now },
		{ text: old.base, version: old.version }, e.now);

	return go(withField(m, e.name, field), e.now, true, []);
}

function chosen(m: Machine, name: string, text: string, now: number): Step {
	const old = m.fields[name];

	if (old === undefined || old.clash === null)
		return { machine: m, effects: [] };
	const field = { ...old, mine: text, base: old.clash.text, version: old.clash.version, clash: null, refused: null,
		firstAt: now, lastAt: now };

	return go(withField(m, name, field), now, true, [journal(name, field)]);
}

export function step(m: Machine, e: Event): Step {
	switch (e.type) {
	case "edit":
		return edit(m, e.name, e.text, e.now);
	case "tick":
		return go(m, e.now, false, []);
	case "flush":
		return go(m, e.now, true, []);
	case "saved":
		return saved(m, e.id, e.version, e.now);
	case "stale":
		return stale(m, e.id, e.theirs, e.now);
	case "failed":
		return failed(m, e);
	case "refused":
		return refused(m, e.id, e.why, e.now);
	case "online":
		return go(m.cause === "locked" ? m : { ...m, cause: null, tries: 0, retryAt: 0 }, e.now, true, []);
	case "heard":
		return heard(m, e.name, e.theirs, e.now);
	case "restored":
		return restored(m, e);
	case "chosen":
		return chosen(m, e.name, e.text, e.now);
	}
}

export type Shown = "saved" | "saving" | "offline" | "busy" | "clash" | "signed_out" | "locked" | "refused";

/* The one state to show: what a person has to do comes first. */
export function shown(m: Machine): Shown {
	const fields = Object.values(m.fields);

	if (m.cause === "locked" || m.cause === "signed_out")
		return m.cause;
	if (fields.some((f) => f.clash !== null))
		return "clash";
	if (fields.some((f) => f.refused !== null))
		return "refused";
	if (m.cause !== null)
		return m.cause;
	return m.flight !== null || fields.some(isDirty) ? "saving" : "saved";
}
