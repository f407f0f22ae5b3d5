// The autosave machine at work in a page: timers, the network, this device's
// journal, the other tabs. Components see what it shows and give it what is typed.
import type { Result } from "./api";
import { shown, start, step, type Effect, type Event, type Machine, type Shown, type Theirs } from "./autosave";
import { Journal } from "./journal";
import type { Problem } from "./problem";

/* What a request to save came to: a version, or somebody else's text, or a problem. */
export type Outcome = { version: number } | { theirs: Theirs } | { problem: Problem };
/* ISLEAVING: the page may be gone before the answer; the request has to outlive it. */
export type Send = (name: string, text: string, version: number, isLeaving: boolean) => Promise<Outcome>;
export type Fetch = () => Promise<Result<{ [name: string]: Theirs }>>;

interface Options {
	place: string; // "draft/ACCOUNT/ID": one record, of one account
	fields: { [name: string]: Theirs };
	savedAt: number;
	send: Send;
	fetch: Fetch; // the fields anew: what another device did
}

export class Saver {
	machine: Machine;
	keeps = true; // this device keeps what was not sent
	restoredAt = 0; // when text of an earlier visit was found on this device
	readonly #options: Options;
	readonly #journal: Journal;
	readonly #channel: BroadcastChannel;
	readonly #listeners = new Set<() => void>();
	#timer: ReturnType<typeof setTimeout> | undefined;
	#seenAt = Date.now();
	#isLeaving = false;

	constructor(options: Options) {
		this.#options = options;
		this.machine = start(options.fields, options.savedAt);
		this.#journal = new Journal(options.place, () => {
			this.keeps = false;
			this.#changed();
		});
		this.#channel = new BroadcastChannel(options.place);
		this.#channel.onmessage = (e: MessageEvent<{ name: string; theirs: Theirs }>) =>
			this.#take({ type: "heard", ...e.data, now: Date.now() });
		addEventListener("online", this.#online);
		addEventListener("offline", this.#changed);
		addEventListener("pagehide", this.#leave);
		addEventListener("pageshow", this.#shown);
		document.addEventListener("visibilitychange", this.#visibility);
		void this.#restore();
	}

	close(): void {
		this.flush();
		clearTimeout(this.#timer);
		this.#channel.close();
		removeEventListener("online", this.#online);
		removeEventListener("offline", this.#changed);
		removeEventListener("pagehide", this.#leave);
		removeEventListener("pageshow", this.#shown);
		document.removeEventListener("visibilitychange", this.#visibility);
	}

	get shown(): Shown {
		const state = shown(this.machine);

		return state === "saving" && !navigator.onLine ? "offline" : state;
	}

	text(name: string): string {
		return this.machine.fields[name]?.mine ?? "";
	}

	edit(name: string, text: string): void {
		this.#take({ type: "edit", name, text, now: Date.now() });
	}

	choose(name: string, text: string): void {
		this.#take({ type: "chosen", name, text, now: Date.now() });
	}

	/* Another answer of the server told a newer text. */
	hear(name: string, theirs: Theirs): void {
		this.#take({ type: "heard", name, theirs, now: Date.now() });
	}

	/* Somebody signed in again, in another tab. */
	again = (): void => this.#take({ type: "online", now: Date.now() });

	flush = (): void => this.#take({ type: "flush", now: Date.now() });

	/* When nothing is on its way any more, saved or not; at most WAIT_MS. */
	settled(waitMs: number): Promise<Shown> {
		this.flush();
		return new Promise((resolve) => {
			const done = () => {
				unsubscribe();
				clearTimeout(timer);
				resolve(this.shown);
			};
			const timer = setTimeout(done, waitMs);
			const unsubscribe = this.subscribe(() => this.shown !== "saving" && done());

			if (this.shown !== "saving")
				done();
		});
	}

	subscribe(listener: () => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	readonly #changed = (): void => {
		for (const listener of [...this.#listeners])
			listener();
	};

	readonly #online = (): void => {
		this.again();
		void this.#refetch();
	};

	readonly #leave = (): void => {
		this.#isLeaving = true;
		this.flush();
		this.#isLeaving = false;
	};

	/* Back from the browser's memory: as old as when it was left. */
	readonly #shown = (e: PageTransitionEvent): void => {
		if (e.persisted)
			this.#online();
	};

	/* A page that was hidden for a while may have been overtaken on another device. */
	readonly #visibility = (): void => {
		if (document.visibilityState === "hidden") {
			this.#leave();
			this.#seenAt = Date.now();
		} else if (Date.now() - this.#seenAt > 5_000) {
			this.again();
			void this.#refetch();
		}
	};

	async #refetch(): Promise<void> {
		const result = await this.#options.fetch();

		if (result.ok)
			for (const [name, theirs] of Object.entries(result.data))
				this.hear(name, theirs);
	}

	async #restore(): Promise<void> {
		for (const [name, entry] of Object.entries(await this.#journal.all())) {
			// What was typed since the page opened is newer than what was found.
			if (this.machine.fields[name]?.mine === this.machine.fields[name]?.base) {
				this.#take({ type: "restored", name, mine: entry.mine, base: entry.base, now: Date.now() });
				if (this.text(name) === entry.mine && entry.mine !== this.#options.fields[name]?.text)
					this.restoredAt = Math.max(this.restoredAt, entry.at);
			}
		}
		this.#changed();
	}

	#take(event: Event): void {
		const { machine, effects } = step(this.machine, event);

		this.machine = machine;
		for (const effect of effects)
			this.#do(effect);
		this.#changed();
	}

	#do(e: Effect): void {
		switch (e.do) {
		case "send":
			void this.#send(e);
			break;
		case "keep":
			this.#journal.keep(e.name, { mine: e.mine, base: e.base, version: e.version, at: Date.now() });
			break;
		case "forget":
			this.#journal.forget(e.name);
			break;
		case "tell":
			this.#channel.postMessage({ name: e.name, theirs: e.theirs });
			break;
		case "wake":
			clearTimeout(this.#timer);
			this.#timer = setTimeout(() => this.#take({ type: "tick", now: Date.now() }), Math.max(0, e.at - Date.now()));
		}
	}

	async #send({ id, name, text, version }: Effect & { do: "send" }): Promise<void> {
		const outcome = await this.#options.send(name, text, version, this.#isLeaving), now = Date.now();

		if ("version" in outcome)
			this.#take({ type: "saved", id, version: outcome.version, now });
		else if ("theirs" in outcome)
			this.#take({ type: "stale", id, theirs: outcome.theirs, now });
		else
			this.#take(failure(outcome.problem, id, now));
	}
}

function failure(p: Problem, id: number, now: number): Event {
	const failed = { type: "failed", id, now, chance: Math.random() } as const;

	switch (p.kind) {
	case "unreached":
		return { ...failed, cause: "offline" };
	case "unauthenticated":
		return { ...failed, cause: "signed_out" };
	case "forbidden":
	case "not_found":
	case "conflict":
		return { ...failed, cause: "locked" };
	case "invalid":
	case "too_large":
	case "wrong_type":
		return { type: "refused", id, why: p.errors[0]?.message ?? p.detail, now };
	default:
		return { ...failed, cause: "busy", retryAfterMs: "retryAfter" in p && p.retryAfter !== null ? p.retryAfter * 1000 : undefined };
	}
}
