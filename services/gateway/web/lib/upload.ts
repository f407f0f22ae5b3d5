// Files on their way to the server, one after the other, with what is said about
// each. A file that could not be sent stays, and is sent again under the same key,
// so that it never arrives twice.
import { newKey, PREFIX, type Schemas } from "./api";
import { isPassing, problemOf, type Problem } from "./problem";

export interface Upload {
	id: string; // and the request's Idempotency-Key
	file: File;
	title: string;
	requirementId: string;
	state: "chosen" | "waiting" | "sending" | "failed";
	sent: number; // bytes
	problem: Problem | null;
}

const RETRY_MS = 3_000, RETRIES_MAX = 40;

export class Uploads {
	list: Upload[] = [];
	readonly #path: string;
	readonly #done: (evidence: Schemas["Evidence"]) => void;
	readonly #changed: () => void;
	#request: XMLHttpRequest | null = null;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#tries = 0;

	/* PATH below the API; DONE is told of what the server made of a file. */
	constructor(path: string, done: (evidence: Schemas["Evidence"]) => void, changed: () => void) {
		this.#path = path;
		this.#done = done;
		this.#changed = changed;
		addEventListener("online", () => this.#next());
	}

	/* Chosen, but not sent yet: a title has to be given first. */
	choose(file: File, title: string, requirementId: string): void {
		this.list = [...this.list, { id: newKey(), file, title, requirementId, state: "chosen", sent: 0, problem: null }];
		this.#changed();
	}

	change(id: string, change: Partial<Upload>): void {
		this.list = this.list.map((u) => (u.id === id ? { ...u, ...change } : u));
		this.#changed();
	}

	sendAll(): void {
		this.list = this.list.map((u) => (u.state === "chosen" ? { ...u, state: "waiting" } : u));
		this.#changed();
		this.#next();
	}

	again(id: string): void {
		this.#tries = 0;
		this.change(id, { state: "waiting", problem: null, sent: 0 });
		this.#next();
	}

	drop(id: string): void {
		const gone = this.list.find((u) => u.id === id);

		this.list = this.list.filter((u) => u.id !== id);
		if (gone?.state === "sending")
			this.#request?.abort();
		this.#changed();
		this.#next();
	}

	get isBusy(): boolean {
		return this.list.some((u) => u.state === "waiting" || u.state === "sending");
	}

	#next(): void {
		const upload = this.list.find((u) => u.state === "waiting");

		clearTimeout(this.#timer);
		if (upload !== undefined && this.#request === null)
			this.#send(upload);
	}

	#send(upload: Upload): void {
		const request = new XMLHttpRequest(), form = new FormData();

		// What is said about the file goes first: the server reads it before the file ends.
		form.append("title", upload.title);
		if (upload.requirementId !== "")
			form.append("requirementId", upload.requirementId);
		form.append("file", upload.file);
		this.#request = request;
		this.change(upload.id, { state: "sending", sent: 0, problem: null });
		request.upload.onprogress = (e) => this.change(upload.id, { sent: Math.min(e.loaded, upload.file.size) });
		request.onloadend = () => {
			this.#request = null;
			this.#ended(upload.id, request);
			this.#next();
		};
		request.open("POST", PREFIX + this.#path);
		request.setRequestHeader("Idempotency-Key", upload.id);
		request.responseType = "json";
		request.send(form);
	}

	#ended(id: string, request: XMLHttpRequest): void {
		if (!this.list.some((u) => u.id === id))
			return;
		if (request.status === 201) {
			this.#tries = 0;
			this.list = this.list.filter((u) => u.id !== id);
			this.#done(request.response as Schemas["Evidence"]);
			this.#changed();
			return;
		}
		const problem: Problem = request.status === 0 ? { kind: "unreached" } : problemOf(new Response(null, {
			status: request.status, headers: { "X-Request-Id": request.getResponseHeader("X-Request-Id") ?? "" } }), request.response);
		const passing = isPassing(problem) && ++this.#tries < RETRIES_MAX;

		this.change(id, { state: passing ? "waiting" : "failed", problem, sent: 0 });
		if (passing)
			// Others wait too: the network is the same for all.
			this.#timer = setTimeout(() => this.#next(), RETRY_MS);
	}
}
