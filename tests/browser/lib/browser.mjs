// Browsers of people: each has a context of its own, and is watched for what no page may do.
import { chromium } from "playwright-core";

const ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
	"--disable-component-update", "--disable-sync"];
export const WIDE = { width: 1280, height: 900 }, NARROW = { width: 390, height: 844 };
const WAIT_MS = 20_000;

export function launch(executablePath) {
	return chromium.launch({ executablePath, args: ARGS });
}

/*
 * What went wrong in the pages of a context, in words. A refusal that a story asks for is told
 * beforehand with expect(status): the browser writes each into its console.
 */
export class Watch {
	#found = [];
	#expected = new Set();

	constructor(context, base) {
		context.on("request", (request) => {
			const url = new URL(request.url());

			if (url.origin !== base && !["data:", "blob:", "about:"].includes(url.protocol))
				this.#found.push(`request to another host: ${url.href}`);
		});
		context.on("weberror", (e) => this.#found.push(`error in ${e.page()?.url()}: ${e.error().message}`));
		context.on("console", (message) => {
			if (message.type() !== "error" && message.type() !== "warning")
				return;
			const status = /the server responded with a status of (\d+)/.exec(message.text())?.[1];

			if (status !== undefined ? !this.#expected.has(Number(status)) : !(this.#expected.has("network") && /net::ERR_/.test(message.text())))
				this.#found.push(`console of ${message.page()?.url()}: ${message.text()}`);
		});
	}

	expect(...what) {
		for (const one of what)
			this.#expected.add(one);
	}

	/* What was found since the last time. */
	take() {
		return this.#found.splice(0);
	}
}

/* A browser of somebody; WHO is the e-mail address and password to be signed in with, or none. */
export async function open(world, { who, lang = "en", viewport = WIDE, scripts = true, scheme = "light" } = {}) {
	const context = await world.browser.newContext({
		viewport, colorScheme: scheme, javaScriptEnabled: scripts, locale: lang, timezoneId: "America/New_York",
		baseURL: world.base, reducedMotion: "reduce", serviceWorkers: "block",
	});

	context.setDefaultTimeout(WAIT_MS);
	await context.addCookies([{ name: "lang", value: lang, url: world.base }]);
	if (who !== undefined)
		await signIn(world, context, who);
	context.watch = new Watch(context, world.base);
	return context;
}

/* Sessions are kept for the run: nobody signs in a hundred times. */
export async function signIn(world, context, { email, password }) {
	if (!world.sessions.has(email)) {
		await world.call(context, "POST", "/sessions", { email, password });
		world.sessions.set(email, (await context.cookies()).filter((c) => c.name !== "lang"));
	}
	await context.addCookies(world.sessions.get(email));
}
