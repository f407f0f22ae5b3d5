// Every page in every state, as a list of stops: how to get there, and as whom.
import { open, signIn } from "./browser.mjs";
import { until } from "./count.mjs";
import { DEMO, prose } from "./world.mjs";

/*
 * name    of its pictures
 * kind    "H": the gateway writes it, "A": a script draws it
 * who     of the demo; "new": somebody who has just signed up; nobody when left out
 * at      the address; a function gets (world, context) and may make what the page shows
 * act     what is done on the page until it shows the state
 * expects statuses that the page itself asks for and is refused
 */
async function freshDraft(world, context, q = "coaching plan") {
	const draft = await world.draft(context, (await world.find(context, q)).id);

	return draft.id;
}

async function fullDraft(world, context) {
	const id = await freshDraft(world, context);

	await world.fill(context, id);
	return id;
}

/* The demo earner's submission in a state. */
function mine(state, more = "") {
	return async (world, context) => {
		const { items } = await world.call(context, "GET", `/submissions?state=${state}&limit=20`);

		if (items.length === 0)
			throw new Error(`the demo has nothing ${state}`);
		return `/submissions/${items[0].id}${more}`;
	};
}

async function credential(world) {
	const earner = await world.browser.newContext({ baseURL: world.base });

	try {
		await signIn(world, earner, DEMO("earner"));
		return (await world.call(earner, "GET", "/credentials")).items[0];
	} finally {
		await earner.close();
	}
}

const text = (page, part) => page.locator(`#text-${part}`);

const publicPages = [
	{ name: "explore", kind: "H", at: "/explore" },
	{ name: "explore-found", kind: "H", at: "/explore?q=feedback&sort=effort" },
	{ name: "explore-nothing", kind: "H", at: "/explore?q=zzzzqqqq" },
	{ name: "explore-next", kind: "H", at: async (world, context) => {
		const html = await (await context.request.get("/explore", { headers: { Accept: "text/html" } })).text();

		return /href="(\/explore\?[^"]*cursor=[^"]*)"/.exec(html)?.[1].replaceAll("&amp;", "&") ?? "/explore?sort=title";
	} },
	{ name: "explore-mine", kind: "H", who: "earner", at: "/explore" },
	{ name: "explore-wrong", kind: "H", at: "/explore?topic=nothing-like-it", expects: [400] },
	{ name: "guide", kind: "H", at: "/explore/guide" },
	{ name: "detail", kind: "H", at: async (world, context) => `/mc/${(await world.find(context, "coaching plan")).id}` },
	{ name: "detail-days", kind: "H", at: async (world, context) => `/mc/${(await world.find(context, "coaching plan")).id}`, act: async (page) => {
		for (const summary of await page.locator("main summary").all())
			await summary.click();
	} },
	{ name: "detail-signed-in", kind: "H", who: "earner", at: async (world, context) => `/mc/${(await world.find(context, "feedback")).id}` },
	{ name: "issuer", kind: "H", at: "/issuers/fernhill-center" },
	{ name: "credential", kind: "H", at: async (world) => `/c/${(await credential(world)).id}` },
	{ name: "verify", kind: "H", at: "/verify" },
	{ name: "verify-holds", kind: "H", at: async (world) => `/verify?credential=${encodeURIComponent((await credential(world)).id)}` },
	{ name: "verify-none", kind: "H", at: "/verify?credential=none-of-ours" },
	{ name: "help", kind: "H", at: "/help" },
	{ name: "help-found", kind: "H", at: "/help?q=evidence" },
	{ name: "help-nothing", kind: "H", at: "/help?q=zzzzqqqq" },
	{ name: "article", kind: "H", at: async (world, context) => `/help/${(await world.call(context, "GET", "/articles")).items[0].slug}` },
	{ name: "signin", kind: "H", at: "/signin" },
	{ name: "signin-wrong", kind: "H", at: "/signin", expects: [401], act: async (page) => {
		await page.locator("#email").fill("nobody@example.org");
		await page.locator("#password").fill("not the password");
		await page.locator("main form button").click();
		await page.getByRole("alert").waitFor();
	} },
	{ name: "join", kind: "H", at: "/join" },
	{ name: "join-short", kind: "H", at: "/join", expects: [422, 400], act: async (page) => {
		await page.locator("#email").fill("not an address");
		await page.locator("#name").fill("Ada");
		await page.locator("#password").fill("short");
		await page.locator("main form button").click();
		await page.getByRole("alert").waitFor();
	} },
	{ name: "reset", kind: "H", at: "/reset" },
	{ name: "confirm", kind: "H", at: "/confirm" },
	{ name: "signout", kind: "H", who: "earner", at: "/signout" },
	{ name: "not-found", kind: "H", at: "/nothing/here", expects: [404] },
];

const earnerPages = [
	{ name: "draft", kind: "A", who: "new", at: async (world, context) => `/drafts/${await freshDraft(world, context)}` },
	{ name: "draft-written", kind: "A", who: "new", at: async (world, context) => `/drafts/${await fullDraft(world, context)}` },
	{ name: "draft-personal", kind: "A", who: "new", at: async (world, context) => `/drafts/${await freshDraft(world, context)}`, act: async (page) => {
		await text(page, "overview").fill("My pupil Daniel Whitfield (daniel.whitfield@school.example) and I read together. ".repeat(3));
		await page.getByText("Whitfield").nth(1).waitFor();
	} },
	{ name: "draft-link", kind: "A", who: "new", at: async (world, context) => `/drafts/${await freshDraft(world, context)}`, act: async (page) => {
		await page.locator("#evidence button", { hasText: /link|رابط/i }).click();
		await page.getByRole("dialog").getByRole("button").filter({ visible: true }).nth(1).waitFor();
		await page.getByRole("dialog").locator("button[type=submit]").click();
		await page.getByRole("dialog").locator("[aria-invalid=true]").first().waitFor();
	} },
	{ name: "draft-requirements", kind: "A", who: "new", at: async (world, context) => `/drafts/${await freshDraft(world, context)}`, act: async (page) => {
		await page.locator("[aria-controls=requirements]").click();
		await page.locator("#requirements h2").first().waitFor();
	} },
	{ name: "draft-keys", kind: "A", who: "new", at: async (world, context) => `/drafts/${await freshDraft(world, context)}`, act: async (page) => {
		await page.locator(".foot-links button").last().click();
		await page.getByRole("dialog").waitFor();
	} },
	{ name: "draft-together", kind: "A", who: "new", at: async (world, context) => `/drafts/${await freshDraft(world, context)}`, act: async (page) => {
		await page.locator("#said-collaboration-collaborative").check();
		await page.locator("input[name=ai]").nth(1).check();
		await page.locator("#said-ai-tools").waitFor();
	} },
	{ name: "draft-offline", kind: "A", who: "new", at: async (world, context) => `/drafts/${await freshDraft(world, context)}`, expects: ["network"], act: async (page) => {
		await page.context().setOffline(true);
		await text(page, "overview").pressSequentially("Written on the train.");
		await page.locator(".savestate .tag.warn").first().waitFor();
	} },
	{ name: "draft-clash", kind: "A", who: "new", at: async (world, context) => `/drafts/${await freshDraft(world, context)}`, expects: [412], act: async (page, world) => {
		const id = decodeURIComponent(new URL(page.url()).pathname.split("/")[2]);

		await world.call(page.context(), "PUT", `/submissions/${id}/parts/overview`, { text: prose(20, "overview") }, { headers: { "If-Match": '"1"' } });
		await text(page, "overview").fill("This is what was written here instead.");
		await page.locator(".merge").waitFor();
	} },
	{ name: "draft-elsewhere-sent", kind: "A", who: "new", at: async (world, context) => {
		const id = await freshDraft(world, context);

		await world.handIn(context, id);
		return `/drafts/${id}`;
	} },
	{ name: "check-blocked", kind: "A", who: "new", at: async (world, context) => `/drafts/${await freshDraft(world, context)}/check`, act: async (page) => {
		await page.locator("#checks .group").first().waitFor();
		await page.locator(".send button").click();
	} },
	{ name: "check-fine", kind: "A", who: "new", at: async (world, context) => `/drafts/${await fullDraft(world, context)}/check`, act: async (page) => {
		await page.locator("#checks .group").first().waitFor();
		for (const summary of await page.locator("main summary").all())
			if (!(await summary.evaluate((e) => e.parentElement.open)))
				await summary.click();
	} },
	{ name: "work", kind: "A", who: "earner", at: "/work" },
	{ name: "work-empty", kind: "A", who: "new", at: "/work" },
	{ name: "review", kind: "A", who: "earner", at: mine("in_review") },
	{ name: "review-late", kind: "A", who: "earner", at: mine("submitted") },
	{ name: "wallet", kind: "A", who: "earner", at: "/wallet" },
	{ name: "wallet-empty", kind: "A", who: "new", at: "/wallet" },
	{ name: "notifications", kind: "A", who: "earner", at: "/notifications" },
	{ name: "notifications-empty", kind: "A", who: "new", at: "/notifications" },
	{ name: "account", kind: "A", who: "earner", at: "/account" },
	{ name: "account-security", kind: "A", who: "earner", at: "/account/security" },
	{ name: "account-notifications", kind: "A", who: "earner", at: "/account/notifications" },
	{ name: "sent", kind: "H", who: "earner", at: mine("in_review", "/sent") },
	{ name: "result-awarded", kind: "H", who: "earner", at: mine("awarded", "/result") },
	{ name: "result-denied", kind: "H", who: "earner", at: mine("denied", "/result") },
	{ name: "result-open", kind: "H", who: "earner", at: mine("in_review", "/result") },
];

/* One review with the assessor, made for the look at it. */
async function taken(world, context) {
	const stranger = await world.browser.newContext({ baseURL: world.base });

	try {
		await signIn(world, stranger, await world.newcomer(stranger, "Omar"));
		const id = await freshDraft(world, stranger), { code } = await world.handIn(stranger, id, 180);
		const row = await until("the pool has it", async () =>
			(await world.call(context, "GET", "/reviews?limit=100")).items.find((r) => r.submissionCode === code));

		await world.call(context, "POST", `/reviews/${row.id}/claim`);
		return `/queue/${row.id}`;
	} finally {
		await stranger.close();
	}
}

const deskPages = [
	{ name: "ask", kind: "H", who: "earner", at: "/help/new" },
	{ name: "ask-empty", kind: "H", who: "earner", at: "/help/new", expects: [400, 422], act: async (page) => {
		await page.locator("main form button").last().click();
		await page.getByRole("alert").waitFor();
	} },
	{ name: "queue", kind: "A", who: "assessor", at: "/queue" },
	{ name: "queue-done", kind: "A", who: "assessor", at: "/queue?queue=mine&state=decided" },
	{ name: "queue-all", kind: "A", who: "lead", at: "/queue?queue=all" },
	{ name: "queue-not-yours", kind: "H", who: "earner", at: "/queue", expects: [403] },
	{ name: "score", kind: "A", who: "assessor", at: taken },
	{ name: "score-evidence", kind: "A", who: "assessor", at: async (world, context) => `${await taken(world, context)}#declared-ai` },
	{ name: "score-notes", kind: "A", who: "assessor", at: taken, act: async (page) => {
		for (const kind of ["praise", "challenge", "resource", "personal"])
			await page.locator(`.crit.open .kinds .btn.${kind}`).click();
		await page.locator(".crit.open .lvl input").last().check({ force: true });
		await page.locator(".fbn textarea").nth(3).waitFor();
	} },
	{ name: "score-keys", kind: "A", who: "assessor", at: taken, act: async (page) => {
		await page.keyboard.press("?");
		await page.getByRole("dialog").waitFor();
	} },
];

export const stops = [...publicPages, ...earnerPages, ...deskPages];

/* When the page shows what it has to show, and its letters. */
export async function arrive(page) {
	await page.locator("main h1").first().waitFor();
	await until("the page is no longer loading", () => page.evaluate(() =>
		document.fonts.status === "loaded" && document.querySelector("main [aria-busy=true], main .skel") === null));
}

/* A context at STOP, and its page, which runs FIRST before anything of its own. The caller closes the context. */
export async function reach(world, stop, { first, ...options }) {
	let who = stop.who !== undefined && stop.who !== "new" ? DEMO(stop.who) : undefined;

	if (stop.who === "new") {
		const stranger = await world.browser.newContext({ baseURL: world.base });

		who = await world.newcomer(stranger, "Noor");
		await stranger.close();
	}
	const context = await open(world, { ...options, who });
	const where = typeof stop.at === "function" ? await stop.at(world, context) : stop.at;
	const page = await context.newPage();

	context.watch.expect(...(stop.expects ?? []));
	if (first !== undefined)
		await page.addInitScript(first);
	await page.goto(where);
	await arrive(page);
	if (stop.act !== undefined)
		await stop.act(page, world);
	return { context, page, where };
}
