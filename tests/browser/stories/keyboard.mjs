// With the keyboard alone: from the first page to a draft that is handed in. At each stop on the way the focus is
// in sight, under no bar, and shown.
import { randomUUID } from "node:crypto";
import { open } from "../lib/browser.mjs";
import { until } from "../lib/count.mjs";
import { journaled, look, saved } from "../lib/editor.mjs";
import { Keys } from "../lib/keys.mjs";
import { arrive } from "../lib/stops.mjs";
import { PASSWORD, prose } from "../lib/world.mjs";

export default async function keyboard(world, count) {
	const context = await open(world), page = await context.newPage(), keys = new Keys(page, count);
	const title = (await world.find(context, "success criteria")).title;

	// The first Tab of a page offers the way past its head.
	await page.goto("/");
	await arrive(page);
	await keys.press("Tab");
	count.hold("the first stop leads to the main part", await page.getByRole("link", { name: "Skip to main content" }).evaluate((e) => e === document.activeElement));
	await keys.press("Enter");
	await keys.to("searchbox", /Search by skill/);
	await keys.type("success criteria");
	await keys.press("Enter");
	await until("the search stands in the address", () => page.url().includes("q=success"));
	await arrive(page);
	await keys.to("link", title);
	await keys.follow(/^\/mc\//);

	// Signing up on the way, and back to where one was.
	const back = new URL(page.url()).pathname;

	await keys.to("link", "Start a draft");
	await keys.follow(/^\/signin/);
	await keys.to("link", /Make an account/);
	await keys.follow(/^\/join/);
	const email = `kim-${randomUUID().slice(0, 8)}@example.org`;

	for (const [name, text] of [["Email address", email], ["Name", "Kim"], ["Password", PASSWORD]]) {
		await keys.to("textbox", name);
		await keys.type(text);
	}
	await keys.to("button", "Make an account");
	await keys.follow(new RegExp(`^${back}$`));
	await keys.to("button", "Start a draft");
	await keys.follow(/^\/drafts\//);

	await write(page, keys, count);
	await attach(world, context, page);
	await keys.to("link", "Check and submit");
	await keys.follow(/^\/drafts\/[^/]+\/check/);
	await page.locator("#checks .group").first().waitFor();
	for (const name of [/I have looked for names/, /This is my own work/]) {
		await keys.to("checkbox", name);
		await keys.press("Space");
		count.hold(`${name} is ticked`, await page.getByRole("checkbox", { name }).isChecked());
	}
	await saved(page);
	await until("nothing stands in the way", async () => /^(Submit today|You get an ID)/.test(await page.locator("#submit-why").innerText()), 30_000);
	await keys.to("button", "Submit");
	await keys.follow(/\/sent$/);
	count.hold("it is in", /It’s in/.test(await page.locator("main h1").innerText()), await page.locator("main h1").innerText());
	await signInWrongly(world, count);
	const said = context.watch.take();

	count.hold("the console is silent", said.length === 0, said);
}

async function write(page, keys, count) {
	await keys.to("radio", "No, I did this alone");
	await keys.press("Space");
	count.hold("alone is chosen", await page.getByRole("radio", { name: "No, I did this alone" }).isChecked());
	for (const [i, part] of ["overview", "work_examples", "reflection"].entries()) {
		await keys.press(`Alt+${i + 1}`);
		await keys.to("textbox", await nameOf(page, part));
		await page.keyboard.insertText(prose(180, part));
	}
	await keys.to("radio", /^No$/);
	await keys.press("Space");
	await keys.press("Control+s");
	await page.getByText("Everything is saved.").first().waitFor();
	count.hold("nothing is left on the device alone", await journaled(page, "reflection") === "" && (await look(page, "reflection")).isSaved);
	await keys.to("button", "Requirements", { back: true });
	const list = page.getByRole("dialog", { name: "Keys" });
	const comesTo = (state) => list.waitFor({ state }).then(() => true, () => false);

	await keys.press("?");
	count.hold("the list of keys opens", await comesTo("visible"));
	await keys.press("Escape");
	count.hold("and Escape closes it", await comesTo("hidden"));
}

const nameOf = (page, part) => page.locator(`label[for=text-${part}]`).textContent();

/* A file cannot be chosen without the dialog of the system: its pieces come by the API. */
async function attach(world, context, page) {
	const id = decodeURIComponent(new URL(page.url()).pathname.split("/")[2]);

	await world.attach(context, id);
	await page.reload();
	await arrive(page);
}

/* Who mistypes is led to the field. */
async function signInWrongly(world, count) {
	const context = await open(world), page = await context.newPage(), keys = new Keys(page, count);

	context.watch.expect(401);
	await page.goto("/signin");
	await arrive(page);
	await keys.to("textbox", "Email address");
	await keys.type("kim@example.org");
	await keys.to("textbox", "Password");
	await keys.type("not what it is");
	await keys.press("Enter");
	await page.getByRole("alert").waitFor();
	count.hold("the summary has the focus", await page.getByRole("alert").evaluate((e) => e === document.activeElement));
	count.hold("and says what is wrong", (await page.getByRole("alert").innerText()).includes("The address or the password is wrong"));
}
