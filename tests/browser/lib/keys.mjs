// A person who has a keyboard and nothing else: goes from stop to stop, and sees each.
import { until } from "./count.mjs";

const STOPS_MAX = 150;

/* The element that has the focus: is it to be seen, and does it show that it has it? */
function focusNow(page) {
	return page.evaluate(() => {
		const e = document.activeElement, body = document.body;

		if (e === null || e === body)
			return { name: "the page", isSeen: true, isMarked: true };
		const { left, top, width, height } = e.getBoundingClientRect(), style = getComputedStyle(e), mark = e.matches(":focus-visible");
		const at = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]].map(([x, y]) => document.elementFromPoint(left + width * x, top + height * y));
		const label = e.getAttribute("aria-label") ?? (e.labels?.[0] ?? e).textContent;
		// A control may be marked on what stands for it: its label, its row.
		const around = [e, ...(e.labels ?? [])];

		for (let x = e.parentElement; x !== null && around.length < 6; x = x.parentElement)
			around.push(x);
		const drawn = around.some((x) => {
			const s = getComputedStyle(x);

			return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0;
		});

		return {
			name: `${e.tagName.toLowerCase()} “${label.trim().replace(/\s+/g, " ").slice(0, 50)}”`,
			isSeen: width > 0 && height > 0 && at.some((x) => x !== null && (e.contains(x) || x.contains(e) && !x.matches("body, html, main") || (e.labels?.[0]?.contains(x) ?? false))),
			isMarked: mark && drawn && style.visibility === "visible",
		};
	});
}

export class Keys {
	#seen = new Set();

	constructor(page, count) {
		this.page = page;
		this.count = count;
	}

	/* The focus may not be under a bar, nor be invisible: told once for each element. */
	async #hold() {
		const { name, isSeen, isMarked } = await focusNow(this.page), where = new URL(this.page.url()).pathname.split("/")[1];
		const what = `/${where}: ${name}`;

		if (this.#seen.has(what))
			return;
		this.#seen.add(what);
		this.count.hold(`${what} is in sight when it has the focus`, isSeen);
		this.count.hold(`${what} shows that it has the focus`, isMarked);
	}

	/* Tab, until the element of ROLE with NAME has the focus; BACK: the other way round. */
	async to(role, name, { back = false } = {}) {
		const target = this.page.getByRole(role, { name }).first();

		await target.waitFor();
		for (let i = 0; i < STOPS_MAX; i++) {
			if (await target.evaluate((e) => e === document.activeElement))
				return;
			await this.page.keyboard.press(back ? "Shift+Tab" : "Tab");
			await this.#hold();
		}
		throw new Error(`${role} “${name}” is not reached by Tab on ${this.page.url()}`);
	}

	async press(key) {
		await this.page.keyboard.press(key);
	}

	async type(text) {
		await this.page.keyboard.type(text);
	}

	/* Enter on what leads to another page whose path fits PATTERN. */
	async follow(pattern) {
		await this.page.keyboard.press("Enter");
		await until(`the page ${pattern} opens`, () => pattern.test(new URL(this.page.url()).pathname));
		await this.page.locator("main h1").first().waitFor();
	}
}
