// Tickets as the pages of asking and of answering keep them.
import { api, ask, body, newKey, type Result, type Schemas } from "../lib/api";
import type { Word } from "../lib/words";
import type { Tone } from "../parts/tag";

export type Ticket = Schemas["Ticket"];
export type TicketRow = Schemas["TicketRow"];
export type TicketList = Schemas["TicketList"];
export type Said = Schemas["TicketMessage"];
export type State = "new" | "open" | "waiting_person" | "waiting_review" | "resolved" | "closed";

export const BODY_MAX = 20_000, UNSOLVED: readonly State[] = ["new", "open", "waiting_person", "waiting_review"], SOLVED: readonly State[] = ["resolved", "closed"];

/* How a state is called for whoever asked. */
export const toAsker: { [state: string]: [Word, Tone] } = {
	new: ["ticket.with_us", "pen"], open: ["ticket.with_us", "pen"], waiting_person: ["ticket.answered", "now"],
	waiting_review: ["ticket.waits_review", ""], resolved: ["ticket.solved", "ok"], closed: ["ticket.closed", ""],
};

/* The same for whoever answers. */
export const toAgent: { [state: string]: [Word, Tone] } = {
	new: ["desk.new", "warn"], open: ["desk.open", "warn"], waiting_person: ["desk.waiting_person", ""],
	waiting_review: ["desk.waiting_review", "pen"], resolved: ["desk.solved", "ok"], closed: ["desk.closed", ""],
};

export const at = (stamp: string | undefined): number => Date.parse(stamp ?? "");
export const isOver = (t: { state: string }): boolean => t.state === "resolved" || t.state === "closed";

export function listTickets(query: { queue?: string; state?: string[]; cursor?: string; limit?: number }, signal?: AbortSignal): Promise<Result<TicketList>> {
	return ask(api.GET("/tickets", { params: { query }, signal: signal ?? null }));
}

export function readTicket(id: string, signal?: AbortSignal): Promise<Result<Ticket>> {
	return ask(api.GET("/tickets/{id}", { params: { path: { id } }, signal: signal ?? null }));
}

const keys = new Map<string, string>();

/* The same words sent again, because no answer came, have the same key: they are said once. */
export async function say(id: string, text: string, internal = false): Promise<Result<Ticket>> {
	const what = `${id} ${internal} ${text}`, key = keys.get(what) ?? newKey();

	keys.set(what, key);
	const result = await ask(api.POST("/tickets/{id}/messages", { params: { path: { id }, header: { "Idempotency-Key": key } }, body: body<Schemas["SayInTicket"]>({ body: text, internal }) }));

	if (result.ok)
		keys.delete(what);
	return result;
}

export function setState(id: string, state: "resolved" | "open"): Promise<Result<Ticket>> {
	return ask(api.PUT("/tickets/{id}/state", { params: { path: { id } }, body: body<Schemas["SetTicketState"]>({ state }) }));
}

/* What somebody writes is kept on this device until it is sent. */
export const kept = {
	read(place: string): string {
		try {
			return localStorage.getItem(place) ?? "";
		} catch {
			return "";
		}
	},
	/* False: it is not kept, the device does not want it. */
	write(place: string, text: string): boolean {
		try {
			if (text === "")
				localStorage.removeItem(place);
			else
				localStorage.setItem(place, text);
			return true;
		} catch {
			return false;
		}
	},
};
