// The draft as the page keeps it: which fields are saved by themselves, and how.
import { api, ask, body, type Result, type Schemas } from "../lib/api";
import { Saver, type Outcome } from "../lib/saver";
import type { Theirs } from "../lib/autosave";

export type Submission = Schemas["Submission"];
export type Evidence = Schemas["Evidence"];
export type Check = Schemas["Check"];
export type MicroCredential = Schemas["MicroCredential"];
export type PartKey = "overview" | "work_examples" | "reflection";

export const PARTS: readonly PartKey[] = ["overview", "work_examples", "reflection"];

/* The groups of declarations: each is replaced as a whole, without touching the others. */
export interface Said {
	collaboration: { collaborative: boolean; partners: { name: string; email: string; task: string }[]; rationale: string; delegation: string };
	ai: { used: boolean; tools: string; purpose: string; how: string; changed: string };
	personalInformation: { reviewed: boolean };
	ownWork: { confirmed: boolean };
}
export type Group = keyof Said;

const GROUPS: readonly Group[] = ["collaboration", "ai", "personalInformation", "ownWork"];

export const textField = (key: PartKey): string => `text.${key}`;
export const saidField = (group: Group): string => `said.${group}`;

/* One text for one meaning, whatever order or gaps the answer had; "" for a group that nobody has declared. */
export function writeSaid<G extends Group>(group: G, given: Partial<Said[G]> | undefined): string {
	if (given === undefined || (group === "ai" && (given as { answered?: boolean }).answered === false))
		return "";
	const empty: Said = {
		collaboration: { collaborative: false, partners: [], rationale: "", delegation: "" },
		ai: { used: false, tools: "", purpose: "", how: "", changed: "" },
		personalInformation: { reviewed: false },
		ownWork: { confirmed: false },
	};
	const whole = Object.fromEntries(Object.entries(empty[group]).map(([k, v]) => [k, (given as { [k: string]: unknown })[k] ?? v]));

	if (group === "collaboration")
		whole["partners"] = (whole["partners"] as Partial<Said["collaboration"]["partners"][0]>[]).map(
			(p) => ({ name: p.name ?? "", email: p.email ?? "", task: p.task ?? "" }));
	return JSON.stringify(whole);
}

export function readSaid<G extends Group>(text: string): Said[G] | null {
	return text === "" ? null : JSON.parse(text) as Said[G];
}

/* What the server counted in the text of a part. */
export interface Counted {
	text: string;
	words: number;
}

const counts = new Map<string, Counted>();

export function countedWords(part: PartKey): Counted | undefined {
	return counts.get(part);
}

export function fieldsOf(s: Submission): { [name: string]: Theirs } {
	const fields: { [name: string]: Theirs } = {};

	for (const part of s.parts) {
		fields[textField(part.key as PartKey)] = { text: part.text, version: part.version };
		counts.set(part.key, { text: part.text, words: part.words });
	}
	for (const group of GROUPS)
		fields[saidField(group)] = { text: writeSaid(group, s.declarations?.[group] as never), version: s.version };
	return fields;
}

/* A browser takes 64 KiB of requests that outlive their page. */
const OUTLIVE_MAX = 20_000; // characters

async function sendText(id: string, key: string, text: string, version: number, isLeaving: boolean): Promise<Outcome> {
	const result = await ask(api.PUT("/submissions/{id}/parts/{key}", {
		params: { path: { id, key }, header: { "If-Match": `"${version}"` } },
		body: body<Schemas["PartWrite"]>({ text }),
		keepalive: isLeaving && text.length < OUTLIVE_MAX,
	}));

	if (result.ok) {
		counts.set(key, { text, words: result.data.words });
		return { version: result.data.version };
	}
	if (result.problem.kind === "stale") {
		const now = result.problem.current as Schemas["PartText"];

		return { theirs: { text: now.text ?? "", version: now.version } };
	}
	return { problem: result.problem };
}

/* HEARD is told of the other groups: all of them have the version of the last change of any. */
async function sendSaid(id: string, group: Group, text: string, version: number, isLeaving: boolean, heard: (name: string, theirs: Theirs) => void): Promise<Outcome> {
	const given = readSaid<Group>(text) as { partners?: { name: string; email: string; task: string }[] };
	// An address that was not given is left out: the empty text is none.
	const sent = group !== "collaboration" ? given : { ...given, partners: (given.partners ?? []).map(
		(p) => ({ name: p.name, task: p.task, ...(p.email !== "" ? { email: p.email } : {}) })) };
	const result = await ask(api.PUT("/submissions/{id}/declarations", {
		params: { path: { id }, header: { "If-Match": `"${version}"` } },
		body: body<Schemas["DeclareAll"]>({ [group]: sent }),
		keepalive: isLeaving && text.length < OUTLIVE_MAX,
	}));

	if (result.ok) {
		for (const [name, theirs] of Object.entries(fieldsOf(result.data)))
			if (name.startsWith("said.") && name !== saidField(group))
				heard(name, theirs);
		return { version: result.data.version };
	}
	if (result.problem.kind === "stale") {
		const now = result.problem.current as Submission;

		return { theirs: { text: writeSaid(group, now.declarations?.[group] as never), version: now.version } };
	}
	return { problem: result.problem };
}

export async function readDraft(id: string): Promise<Result<Submission>> {
	return ask(api.GET("/submissions/{id}", { params: { path: { id } } }));
}

/* The saver of a draft; HEARD is told of what another device did, with its evidence. */
export function saverOf(s: Submission, accountId: string, heard: (s: Submission) => void): Saver {
	const saver: Saver = new Saver({
		place: `draft/${accountId}/${s.id}`,
		fields: fieldsOf(s),
		savedAt: s.changedAt !== undefined ? Date.parse(s.changedAt) : 0,
		send: (name, text, version, isLeaving) => {
			const [kind, key] = name.split(".") as [string, string];

			return kind === "text" ? sendText(s.id, key, text, version, isLeaving) : sendSaid(s.id, key as Group, text, version, isLeaving, (other, theirs) => saver.hear(other, theirs));
		},
		fetch: async () => {
			const result = await readDraft(s.id);

			if (!result.ok)
				return result;
			heard(result.data);
			return { ...result, data: result.data.state === "draft" ? fieldsOf(result.data) : {} };
		},
	});

	return saver;
}
