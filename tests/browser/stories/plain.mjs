// Without JavaScript: what is read reads well, and what is asked is answered.
import { open, signIn } from "../lib/browser.mjs";
import { DEMO } from "../lib/world.mjs";

/* The main part of the page at WHERE, as text. */
async function read(page, where) {
	if (where !== undefined)
		await page.goto(where);
	return page.locator("main").innerText();
}

export default async function plain(world, count) {
	const context = await open(world, { scripts: false }), page = await context.newPage();
	const reads = (what, text, ...words) => {
		const missing = words.filter((w) => (w instanceof RegExp ? !w.test(text) : !text.includes(w)));

		count.hold(`${what} says what it should`, missing.length === 0, [`missing: ${missing.join(", ")}`, text.slice(0, 300)]);
	};

	context.watch.expect(404);
	await explore(page, count, reads);
	await detail(world, context, page, count, reads);
	await credential(world, page, count, reads);

	// Help: searching, reading, finding nothing.
	reads("help", await read(page, "/help"), "How can we help?");
	const article = page.locator("main a[href^='/help/']").first(), title = (await article.innerText()).trim();

	await article.click();
	reads("an article", await read(page), title);
	count.hold("an article has text", (await read(page)).split(/\s+/).length > 80);
	await page.goto("/help");
	await page.getByRole("searchbox").fill("evidence");
	await page.getByRole("searchbox").press("Enter");
	count.hold("help is searched", page.url().includes("q=evidence") && await page.locator("main a[href^='/help/']").count() > 0, page.url());

	// What needs a script says so, and leads on.
	for (const where of ["/signin", "/join"])
		reads(where, await read(page, where), "This form needs JavaScript to be sent.");
	reads("what is not there", await read(page, "/nothing/here"), "There is nothing at this address");

	// The foot: another language, other colours.
	await page.goto("/explore");
	await page.getByRole("link", { name: "العربية" }).click();
	count.hold("the language changes", await page.locator("html").getAttribute("dir") === "rtl" && await page.locator("html").getAttribute("lang") === "ar");
	await page.getByRole("link", { name: "English" }).click();
	await page.getByRole("link", { name: "Dark" }).click();
	count.hold("the colours change", await page.locator("html").getAttribute("data-theme") === "dark");
	const said = context.watch.take();

	count.hold("the console is silent, and no other host is asked", said.length === 0, said);
}

async function explore(page, count, reads) {
	reads("explore", await read(page, "/explore"), "What can you already do?", /\d+ micro-credentials/, /evidence you will show/i, "hours");
	await page.getByRole("searchbox").fill("feedback");
	await page.getByRole("searchbox").press("Enter");
	count.hold("explore is searched", page.url().includes("q=feedback"), page.url());
	reads("what was searched for", await read(page), /\d+ micro-credentials?/, "Feedback");
	// A filter, and out of it again.
	await page.goto("/explore");
	const all = Number(/(\d+) micro-credentials/.exec(await read(page))[1]), box = page.locator("#facets input[type=checkbox]").first();

	await box.check();
	await page.locator("#facets button[type=submit], #facets button:not([type])").first().click();
	const few = Number(/(\d+) micro-credentials?/.exec(await read(page))[1]);

	count.hold("a filter leaves fewer", few > 0 && few < all, `${few} of ${all}`);
	await page.getByRole("link", { name: "Clear all" }).first().click();
	count.hold("and all are there again", Number(/(\d+) micro-credentials/.exec(await read(page))[1]) === all);
	reads("nothing found", await read(page, "/explore?q=zzzzqqqq"), "Nothing matches");
	reads("the guide", await read(page, "/explore/guide"), "?");
	count.hold("the guide can be answered", await page.locator("main form input, main form button, main a[href*='explore']").count() > 0);
}

async function detail(world, context, page, count, reads) {
	const found = await world.find(context, "coaching plan"), micro = await world.call(context, "GET", `/micro-credentials/${found.id}`);
	const text = await read(page, `/mc/${found.id}`);

	reads("a micro-credential", text, micro.title, "What you hand in", "The rules for this one", /result by .*\d/i);
	for (const details of await page.locator("main details").all())
		if (await details.getAttribute("open") === null)
			await details.locator("> summary").click();
	const whole = await read(page), criteria = micro.parts.flatMap((p) => p.rubric.criteria);
	const missing = [...micro.methodComponents, ...criteria].map((x) => x.title).filter((t) => !whole.includes(t));

	count.hold("the whole method and rubric stand there", criteria.length > 0 && missing.length === 0, missing);
	count.hold("the way to a draft leads by signing in", (await page.getByRole("link", { name: "Start a draft" }).first().getAttribute("href")).startsWith("/signin?next="));
}

async function credential(world, page, count, reads) {
	const earner = await world.browser.newContext({ baseURL: world.base });

	await signIn(world, earner, DEMO("earner"));
	const { id, title } = (await world.call(earner, "GET", "/credentials")).items[0];

	await earner.close();
	reads("a credential", await read(page, `/c/${id}`), title, "Elena Marsh", "Signature holds", "Not revoked", "Not expired", "Verified just now");
	await page.goto("/verify");
	await page.getByRole("textbox").fill(`${world.base}/c/${id}`);
	await page.getByRole("button", { name: "Verify" }).click();
	reads("a verified address", await read(page), title, "Signature holds");
	await page.goto("/verify");
	await page.getByRole("textbox").fill("eyJhbGciOiJub25lIn0.e30.AAAA");
	await page.getByRole("button", { name: "Verify" }).click();
	count.hold("a false token is not verified", !(await read(page)).includes("Signature holds"));
}
