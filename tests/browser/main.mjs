// Runs the stories, one after the other, in one browser process; ends with the counts.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { launch } from "./lib/browser.mjs";
import { Broken, Count } from "./lib/count.mjs";
import { World } from "./lib/world.mjs";

// Who kills comes last: what a page asks for in that moment is refused.
const STORIES = ["plain", "keyboard", "journey", "devices", "budgets", "faces", "words"];
const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		base: { type: "string" }, bin: { type: "string" }, state: { type: "string" }, runner: { type: "string" }, screens: { type: "string" },
		top: { type: "string" },
		full: { type: "boolean", default: false }, rounds: { type: "string", default: "5" }, seed: { type: "string", default: "1" },
	},
});
const chosen = positionals.length > 0 ? positionals : STORIES;
const unknown = chosen.filter((name) => !STORIES.includes(name)), rounds = Number(values.rounds);

if (unknown.length > 0 || !(rounds >= 1 && rounds <= 50) || !Number.isInteger(Number(values.seed))) {
	console.error(`usage: tests/browser/run BIN [--full] [--rounds 1..50] [--seed N] [${STORIES.join("|")}]...`);
	process.exit(2);
}

/* What the services themselves say went wrong, and who had to be started again without being killed by a story. */
function complaints(world) {
	const folder = path.join(world.state, "log"), found = [];

	for (const name of readdirSync(folder).filter((f) => f.endsWith(".log")))
		for (const line of readFileSync(path.join(folder, name), "utf8").split("\n"))
			if (/Sanitizer|runtime error:|"level":"error"/.test(line))
				found.push(`${name}: ${line}`);
	const ended = readFileSync(path.join(world.state, "out"), "utf8").split("\n").filter((line) => /ended; starting/.test(line));

	return ended.length === (world.kills ?? 0) ? found : [...found, ...ended];
}

/* How the pages looked when a story failed, beside the other pictures. */
async function keepLast(context, story) {
	mkdirSync(values.screens, { recursive: true });
	for (const page of context.pages()) {
		const at = path.join(values.screens, `failed-${story}-${kept++}.png`);

		await page.screenshot({ path: at, timeout: 5_000 }).then(() => console.error(`${page.url()} stood there as in ${at}`), () => undefined);
	}
}

let kept = 0;
const browser = await launch(execFileSync("/bin/sh", ["-c", "command -v chromium"], { encoding: "utf8" }).trim());
const world = new World({ ...values, runner: Number(values.runner), rounds, seed: Number(values.seed) }, browser);
let passed = 0, failed = 0;

for (const name of chosen) {
	const count = new Count(name), begun = Date.now();

	try {
		const { default: story } = await import(`./stories/${name}.mjs`);

		await story(world, count);
	} catch (e) {
		if (!(e instanceof Broken))
			count.hold("came to its end", false, e.stack);
	}
	for (const context of browser.contexts()) {
		if (count.failed.length > 0)
			await keepLast(context, name);
		await context.close();
	}
	passed += count.passed;
	failed += count.failed.length;
	for (const text of count.failed)
		console.error(text);
	console.log(`${name.padEnd(12)} ${count.passed} passed, ${count.failed.length} failed (${Math.round((Date.now() - begun) / 1000)} s)`);
}
await browser.close();
const last = new Count("services");

last.hold("nothing of it was a defect of the services", complaints(world).length === 0, complaints(world));
last.failed.forEach((text) => console.error(text));
passed += last.passed;
failed += last.failed.length;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
