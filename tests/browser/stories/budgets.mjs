// What a page may weigh, packed, and how little it may move. Times are printed and never judged: they are those of
// the machine.
import { readFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { NARROW, open } from "../lib/browser.mjs";
import { reach, stops } from "../lib/stops.mjs";
import { DEMO } from "../lib/world.mjs";

const KB = 1024, LAYOUT_SHIFT_MAX = 0.02, MANY = 1000, BATCH = 8;
const MAX = { enhancer: 2 * KB, app: 60 * KB, style: 10 * KB, html: 20 * KB, font: 36 * KB };

/* The bytes of URL on the wire, for a browser that takes gzip. What comes plain is packed here, as a proxy would. */
function weigh(url, cookies = "") {
	return new Promise((resolve, reject) => {
		http.get(url, { headers: { "Accept-Encoding": "gzip", Accept: "text/html,*/*;q=0.8", Cookie: cookies } }, (answer) => {
			const pieces = [];

			answer.on("data", (piece) => pieces.push(piece));
			answer.on("end", () => {
				const bytes = Buffer.concat(pieces), isPacked = answer.headers["content-encoding"] !== undefined || /font/.test(answer.headers["content-type"]);

				resolve(isPacked ? bytes.length : gzipSync(bytes).length);
			});
		}).on("error", reject);
	});
}

/* Counts how far things move from the first moment on, and when the largest thing was drawn. */
function observe() {
	globalThis.seen = { shift: 0, largest: 0, moved: [] };
	new PerformanceObserver((list) => {
		for (const entry of list.getEntries())
			if (!entry.hadRecentInput) {
				globalThis.seen.shift += entry.value;
				globalThis.seen.moved.push(...entry.sources.map((s) => s.node?.nodeName + "." + (s.node?.className ?? "")));
			}
	}).observe({ type: "layout-shift", buffered: true });
	new PerformanceObserver((list) => {
		for (const entry of list.getEntries())
			globalThis.seen.largest = entry.startTime;
	}).observe({ type: "largest-contentful-paint", buffered: true });
}

async function hold(world, count, stop, report) {
	const { context, page, where } = await reach(world, stop, { viewport: NARROW, first: observe });

	try {
		const cookies = (await context.cookies()).map((c) => `${c.name}=${c.value}`).join("; ");
		const html = await weigh(world.base + where, cookies);
		const used = await page.evaluate(() => ({
			scripts: [...document.querySelectorAll("script[src]")].map((s) => ({ src: s.src, waits: s.defer || s.type === "module" || s.async })),
			styles: [...document.querySelectorAll("link[rel=stylesheet]")].map((l) => l.href),
			inline: document.querySelectorAll("script:not([src]):not([type='application/json']):not([type='application/ld+json']), style, [style]").length,
		}));
		const scripts = await Promise.all(used.scripts.map(async (s) => ({ ...s, bytes: await weigh(s.src) })));
		const styles = await Promise.all(used.styles.map((s) => weigh(s))), sum = (list) => list.reduce((n, x) => n + x, 0);
		const kb = (n) => `${(n / KB).toFixed(1)} KB`;

		count.hold(`${stop.name}: the HTML is at most ${kb(MAX.html)}`, html <= MAX.html, kb(html));
		count.hold(`${stop.name}: the style is at most ${kb(MAX.style)}`, styles.length > 0 && sum(styles) <= MAX.style, kb(sum(styles)));
		count.hold(`${stop.name}: no script stands in the way of the first paint`, scripts.every((s) => s.waits), scripts.map((s) => s.src));
		if (stop.kind === "H")
			count.hold(`${stop.name}: each script is at most ${kb(MAX.enhancer)}`, scripts.every((s) => s.bytes <= MAX.enhancer), scripts.map((s) => `${s.src} ${kb(s.bytes)}`));
		else
			count.hold(`${stop.name}: the scripts are at most ${kb(MAX.app)}`, scripts.length > 0 && sum(scripts.map((s) => s.bytes)) <= MAX.app, kb(sum(scripts.map((s) => s.bytes))));
		const shift = await moved(page);

		count.hold(`${stop.name}: nothing moves (${LAYOUT_SHIFT_MAX})`, shift.shift <= LAYOUT_SHIFT_MAX, `${shift.shift.toFixed(3)}: ${shift.moved.join(", ")}`);
		report.push(`${stop.name.padEnd(22)} HTML ${kb(html).padStart(8)}  script ${kb(sum(scripts.map((s) => s.bytes))).padStart(8)}  style ${kb(sum(styles)).padStart(8)}  ` +
			`moves ${shift.shift.toFixed(3)}  largest drawn after ${Math.round(shift.largest)} ms`);
	} finally {
		await context.close();
	}
}

/* What moved from the first moment to the one after the last letters came. */
function moved(page) {
	return page.evaluate(() => new Promise((resolve) => {
		document.fonts.ready.then(() => requestAnimationFrame(() => requestAnimationFrame(() => resolve(globalThis.seen))));
	}));
}

/* As many micro-credentials as a large catalog has, made from one of the demo's. */
async function seed(world) {
	const author = await open(world, { who: DEMO("author") });
	const [line] = readFileSync(path.join(world.top, "deploy/demo/catalog/fernhill-center.jsonl"), "utf8").split("\n"), document = JSON.parse(line);
	const make = (i) => world.call(author, "POST", "/studio/imports", { issuerId: "fernhill-center",
		document: { ...document, key: `one-of-many-${i}`, title: `${document.title}, variant ${i}`, stacks: [] } });

	for (let i = 0; i < MANY; i += BATCH)
		await Promise.all(Array.from({ length: Math.min(BATCH, MANY - i) }, (_, k) => make(i + k)));
	await author.close();
}

export default async function budgets(world, count) {
	const report = [];

	if (world.full)
		await seed(world);
	const left = stops.filter((s) => s.act === undefined && s.expects === undefined);
	const worker = async () => {
		for (let stop = left.shift(); stop !== undefined; stop = left.shift()) {
			try {
				await hold(world, count, stop, report);
			} catch (e) {
				count.hold(`${stop.name}: is weighed`, false, e.message);
			}
		}
	};

	await Promise.all([worker(), worker()]);
	console.log(report.join("\n"));
}
