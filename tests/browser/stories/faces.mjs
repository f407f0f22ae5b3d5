// Every page and state, in light and dark, wide and narrow, left to right and right to left: no violation of
// WCAG 2.2 AA or of what axe-core calls best practice, nothing to be scrolled for sideways on the smallest
// screen, nothing in the console, nothing asked of another host. A picture of each view is kept.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { NARROW, WIDE } from "../lib/browser.mjs";
import { reach, stops } from "../lib/stops.mjs";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const LANGUAGES = ["en", "ar"], VIEWS = [["1280", WIDE], ["390", NARROW]], SMALLEST = { width: 320, height: 640 };

/*
 * Which of the eight views of a stop are looked at: all when asked for; else four, in which any two of width, colours
 * and language still meet in every way, and two of a state that a page is brought into: dark narrow English, and
 * dark wide Arabic.
 */
function isSeen(world, stop, lang, width, scheme) {
	const isOneOfFour = (lang === "ar") !== ((width === "1280") === (scheme === "light"));

	return world.full || (isOneOfFour && (stop.act === undefined || scheme === "dark"));
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/* What is wrong on PAGE as it is now, in words. */
export async function violations(page) {
	await page.evaluate(axe);
	return page.evaluate(async (tags) => {
		const { violations: found } = await globalThis.axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"], preload: false });

		return found.map((v) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) =>
			`${n.target.join(" ")} (${n.any.concat(n.all, n.none).map((c) => c.message).join("; ").slice(0, 200)})`).join(" | ")}${v.nodes.length > 3 ? ` and ${v.nodes.length - 3} more` : ""}`);
	}, TAGS);
}

/* What reaches beyond the edge of the window, widest first. */
function beyond(page) {
	return page.evaluate(() => {
		const root = document.documentElement;

		if (root.scrollWidth <= root.clientWidth)
			return [];
		return [`${root.scrollWidth} px wide`, ...[...document.body.querySelectorAll("*")].filter((e) => {
			const { left, right } = e.getBoundingClientRect();

			return right > root.clientWidth + 1 || left < -1;
		}).slice(0, 5).map((e) => `${e.tagName.toLowerCase()}.${e.className}`)];
	});
}

async function look(world, count, stop, lang) {
	const { context, page, where } = await reach(world, stop, { lang });
	const name = `${stop.name}, ${lang}`;

	try {
		count.hold(`${name}: the page is in its language`, await page.evaluate(() => document.documentElement.dir) === (lang === "ar" ? "rtl" : "ltr"), where);
		for (const [width, viewport] of VIEWS) {
			await page.setViewportSize(viewport);
			for (const colorScheme of ["light", "dark"].filter((scheme) => isSeen(world, stop, lang, width, scheme))) {
				await page.emulateMedia({ colorScheme });
				const found = await violations(page);

				count.hold(`${name}, ${width}, ${colorScheme}: axe finds nothing`, found.length === 0, found);
				await page.screenshot({ path: path.join(world.screens, `${stop.name}-${width}-${colorScheme}-${lang}.png`), fullPage: true });
			}
		}
		await page.setViewportSize(SMALLEST);
		const wide = await beyond(page);

		count.hold(`${name}: nothing is beyond the edge of 320 px`, wide.length === 0, wide);
		const said = context.watch.take();

		count.hold(`${name}: the console is silent, and no other host is asked`, said.length === 0, said);
	} finally {
		await context.close();
	}
}

export default async function faces(world, count) {
	const jobs = stops.flatMap((stop) => LANGUAGES.map((lang) => [stop, lang]));
	const worker = async () => {
		for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
			try {
				await look(world, count, ...job);
			} catch (e) {
				count.hold(`${job[0].name}, ${job[1]}: is reached`, false, e.message);
			}
		}
	};

	mkdirSync(world.screens, { recursive: true });
	// Two of them: one waits for the server while the other draws.
	await Promise.all([worker(), worker()]);
}
