// The installation that the stories share: its people, its API, its processes.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { until } from "./count.mjs";

export const PASSWORD = "correct horse battery";
export const DEMO = (name) => ({ email: `${name}@demo.example`, password: "vouch demo 2026" });
export const PARTS = ["overview", "work_examples", "reflection"];

export class World {
	sessions = new Map(); // e-mail -> cookies

	constructor(options, browser) {
		Object.assign(this, options); // base, bin, state, runner, screens, full, rounds, seed
		this.browser = browser;
	}

	/* One request of CONTEXT's person to the API; the answer, which must be of the statuses in WANT (2xx unless told). */
	async call(context, method, where, data, { want, headers = {} } = {}) {
		const own = method === "POST" ? { "Idempotency-Key": randomUUID() } : {};
		const answer = await context.request.fetch(`${this.base}/api/v1${where}`, {
			method, ...(data !== undefined && { data }), headers: { Origin: this.base, ...own, ...headers } });
		const body = answer.headers()["content-type"]?.includes("json") ? await answer.json() : await answer.text();

		if (want !== undefined ? !want.includes(answer.status()) : !answer.ok())
			throw new Error(`${method} ${where}: ${answer.status()}: ${JSON.stringify(body).slice(0, 500)}`);
		return body;
	}

	/* Somebody who has just signed up. */
	async newcomer(context, name) {
		const who = { email: `${name.toLowerCase()}-${randomUUID().slice(0, 8)}@example.org`, password: PASSWORD };

		await this.call(context, "POST", "/accounts", { ...who, name });
		return who;
	}

	/* A micro-credential of the demo, by words of its title. */
	async find(context, q) {
		const { items } = await this.call(context, "GET", `/micro-credentials?q=${encodeURIComponent(q)}`);

		if (items.length === 0)
			throw new Error(`the demo has nothing about ${q}`);
		return items[0];
	}

	draft(context, microCredentialId) {
		return this.call(context, "POST", "/submissions", { microCredentialId });
	}

	/* The text that the server has of a part. */
	async textOf(context, id, part) {
		const draft = await this.call(context, "GET", `/submissions/${id}`);

		return draft.parts.find((p) => p.key === part).text;
	}

	/* All that handing in needs, without its pages; then the receipt. */
	async handIn(context, id, words = 60) {
		await this.fill(context, id, words);
		return this.call(context, "POST", `/submissions/${id}/submit`, {});
	}

	async fill(context, id, words = 60) {
		const draft = await this.call(context, "GET", `/submissions/${id}`);

		for (const { key, version, minWords } of draft.parts)
			await this.call(context, "PUT", `/submissions/${id}/parts/${key}`, { text: prose(Math.max(words, (minWords ?? 0) + 5), key) },
				{ headers: { "If-Match": `"${version}"` } });
		await this.call(context, "PUT", `/submissions/${id}/declarations`, { collaboration: { collaborative: false },
			ai: { used: false }, personalInformation: { reviewed: true }, ownWork: { confirmed: true } });
		await this.attach(context, id);
	}

	/* The evidence that is asked for; when it was looked at. */
	async attach(context, id) {
		const { microCredential } = await this.call(context, "GET", `/submissions/${id}`);
		const micro = await this.call(context, "GET", `/micro-credentials/${microCredential.id}`);

		for (const need of micro.evidenceRequirements)
			for (let i = 0; i < Math.max(1, need.min ?? 1); i++)
				await context.request.post(`${this.base}/api/v1/submissions/${id}/evidence`, {
					headers: { Origin: this.base, "Idempotency-Key": randomUUID() },
					multipart: { title: `${need.title}, ${i + 1}`, requirementId: need.id, file: evidence(need.accepts ?? [], i) } });
		await until("the evidence was looked at", async () =>
			(await this.call(context, "GET", `/submissions/${id}`)).evidence.every((e) => e.state !== "checking"));
	}

	/* Ends the gateway in the midst of whatever it does; the process that is started again is another. */
	async killGateway() {
		const pid = this.gateway();

		process.kill(pid, "SIGKILL");
		this.kills = (this.kills ?? 0) + 1;
		return pid;
	}

	/* Its process: a child of scripts/run. */
	gateway() {
		const children = readFileSync(`/proc/${this.runner}/task/${this.runner}/children`, "utf8").trim().split(/\s+/);

		for (const pid of children) {
			try {
				if (path.basename(readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0")[0]) === "vouch-gateway")
					return Number(pid);
			} catch {
				// It has just ended.
			}
		}
		return 0;
	}

	/* When a gateway answers again. */
	async back(context) {
		await until("the gateway is back", async () => {
			try {
				return (await context.request.get(`${this.base}/health/ready`, { timeout: 2_000 })).ok();
			} catch {
				return false;
			}
		}, 60_000);
	}
}

const SENTENCES = ["We read the evidence together and wrote down what surprised us.", "My colleague chose the first question, and I chose the second.",
	"In the third week the pupils asked each other more than they asked me.", "I kept a list of what I changed, and why I changed it."];

/* WORDS words or a few more, that tell of nobody. */
export function prose(words, about) {
	const out = [`This is about ${about.replace("_", " ")}.`];

	for (let i = 0, n = 5; n < words; i++) {
		out.push(SENTENCES[i % SENTENCES.length]);
		n += SENTENCES[i % SENTENCES.length].split(" ").length;
	}
	return out.join(" ");
}

/* A small file of a type that ACCEPTS names; the N-th is unlike the others. */
export function evidence(accepts, n = 0) {
	if (accepts.length === 0 || accepts.includes("txt"))
		return { name: `notes-${n + 1}.txt`, mimeType: "text/plain", buffer: Buffer.from(`Notes ${n}: we read together every Monday. `.repeat(20)) };
	return { name: `plan-${n + 1}.pdf`, mimeType: "application/pdf", buffer: pdf(`Plan ${n + 1}: we read together every Monday.`) };
}

/* A page with one line of text. */
function pdf(line) {
	const stream = `BT /F1 14 Tf 60 760 Td (${line}) Tj ET`;
	const objects = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		`<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"];
	let out = "%PDF-1.4\n";
	const at = objects.map((object, i) => {
		const begins = out.length;

		out += `${i + 1} 0 obj\n${object}\nendobj\n`;
		return begins;
	});
	const table = out.length;

	out += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${at.map((n) => `${String(n).padStart(10, "0")} 00000 n \n`).join("")}`;
	return Buffer.from(`${out}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`);
}
