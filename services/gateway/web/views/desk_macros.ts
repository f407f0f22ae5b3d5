// Answers that an agent gives often. They are kept on this device, one list for each account.
import { t } from "../lib/words";
import { kept, type Ticket } from "./ticket_record";
import { dateOf, zoneName } from "../lib/time";

export interface Macro {
	name: string;
	text: string;
}

const MACROS_MAX = 50;
const placeOf = (account: string): string => `macros/${account}`;

function starters(): Macro[] {
	return [
		{ name: t("desk.macro_clock"), text: t("desk.macro_clock_text") },
		{ name: t("desk.macro_late"), text: t("desk.macro_late_text") },
		{ name: t("desk.macro_more"), text: t("desk.macro_more_text") },
	];
}

export function readMacros(account: string): Macro[] {
	try {
		const list: unknown = JSON.parse(kept.read(placeOf(account)) || "null");

		return Array.isArray(list) ? (list as Macro[]).filter((m) => typeof m.name === "string" && typeof m.text === "string").slice(0, MACROS_MAX) : starters();
	} catch {
		return starters();
	}
}

export function writeMacros(account: string, list: Macro[]): boolean {
	return kept.write(placeOf(account), JSON.stringify(list.slice(0, MACROS_MAX)));
}

/* [name], [id], [title], [day] and [clock] stand for what the ticket knows; what it does not know stays as it is, to be seen. */
export function fill(text: string, ticket: Ticket): string {
	const s = ticket.submission, due = s?.dueDate;
	const known: { [word: string]: string | undefined } = {
		name: ticket.messages.find((m) => m.author === "requester")?.authorName,
		id: s?.code,
		title: s?.title,
		day: due !== undefined ? `${dateOf(due)} (${zoneName(s?.timeZone ?? "UTC")})` : undefined,
		clock: s?.reviewClock?.sentence,
	};

	return text.replace(/\[(name|id|title|day|clock)\]/g, (whole, word: string) => known[word] ?? whole);
}

/* Where something is still to be filled in. */
export const gapsOf = (text: string): string[] => [...new Set([...text.matchAll(/\[(?:name|id|title|day|clock)\]/g)].map(([whole]) => whole))];
