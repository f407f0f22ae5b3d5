// What is on the desk beyond what is saved: notes that have no words yet, an address
// that is only half typed. What has words goes to the saver at once.
import type { Saver } from "../lib/saver";
import { readMark, readQuote, writeMark, writeQuote, type Kind, type Mark, type Note } from "./score_rule";

export interface DeskNote extends Note {
	id: number;
}

export class Desk {
	active: { field: string; id: number } | null = null; // the note that was last written in
	readonly #saver: Saver;
	readonly #notes = new Map<string, { notes: DeskNote[]; written: string }>();
	#next = 1;

	constructor(saver: Saver) {
		this.#saver = saver;
	}

	mark(field: string): Mark {
		return readMark(this.#saver.text(field));
	}

	/* The notes as they are on the screen; anew when the saver has others than were written here. */
	notes(field: string): readonly DeskNote[] {
		const text = this.#saver.text(field), kept = this.#notes.get(field);

		if (kept !== undefined && kept.written === text)
			return kept.notes;
		const notes = readMark(text).notes.map((n) => ({ ...n, id: this.#next++ }));

		this.#notes.set(field, { notes, written: text });
		return notes;
	}

	#write(field: string, notes: DeskNote[], level?: string): void {
		const mark = this.mark(field), written = writeMark({ ...mark, level: level ?? mark.level, notes });

		this.#notes.set(field, { notes, written });
		this.#saver.edit(field, written);
	}

	setLevel(field: string, level: string): void {
		this.#write(field, [...this.notes(field)], level);
	}

	change(field: string, id: number, what: Partial<Note>): void {
		this.#write(field, this.notes(field).map((n) => (n.id === id ? { ...n, ...what } : n)));
	}

	remove(field: string, id: number): void {
		this.#write(field, this.notes(field).filter((n) => n.id !== id));
	}

	/* A note of KIND: one that has no words yet, or a new one. Returns its id. */
	add(field: string, kind: Kind, part: string, text = ""): number {
		const notes = this.notes(field), blank = notes.find((n) => n.text === "" && (n.kind === kind || text !== ""));

		if (blank !== undefined) {
			this.change(field, blank.id, { kind, text });
			return blank.id;
		}
		this.#write(field, [...notes, { id: this.#next, kind, text, url: "", part }]);
		return this.#next++;
	}

	/* Puts a passage on top of the note that was last written in, or of a new one. */
	quote(field: string, kind: Kind, part: string, quote: string, source: string): number {
		const active = this.active?.field === field ? this.notes(field).find((n) => n.id === this.active?.id) : undefined;

		if (active === undefined || readQuote(active.text) !== null)
			return this.add(field, kind, part, writeQuote({ quote, source, rest: "" }));
		this.change(field, active.id, { text: writeQuote({ quote, source, rest: active.text }) });
		return active.id;
	}
}
