// What was held, and what did not hold. A story goes on after hold(), and ends with must().

export class Broken extends Error {}

/* Paths and ids of one run say nothing in a list of what failed. */
export class Count {
	passed = 0;
	failed = [];

	constructor(story) {
		this.story = story;
	}

	/* WHAT should hold; WHY (text, or a list of it) says more when it does not. */
	hold(what, holds, why = "") {
		if (holds) {
			this.passed++;
			return true;
		}
		const more = Array.isArray(why) ? why.join("\n    ") : String(why);

		this.failed.push(`${this.story}: ${what}${more === "" ? "" : `\n    ${more}`}`);
		return false;
	}

	/* As hold(), and nothing that follows makes sense without it. */
	must(what, holds, why = "") {
		if (!this.hold(what, holds, why))
			throw new Broken(what);
	}
}

/* Asks until CONDITION gives something; at most MS. Each look is one round trip, so the loop is no busy one. */
export async function until(what, condition, ms = 20_000) {
	const end = Date.now() + ms;

	for (;;) {
		const value = await condition();

		if (value)
			return value;
		if (Date.now() > end)
			throw new Error(`${what}: not within ${ms / 1000} s`);
		await new Promise((resolve) => setTimeout(resolve, 40));
	}
}

/* The same numbers for the same seed (mulberry32). */
export function dice(seed) {
	let a = seed >>> 0;

	return (n) => {
		a = (a + 0x6d2b79f5) >>> 0;
		let t = Math.imul(a ^ (a >>> 15), a | 1);

		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) % n;
	};
}
