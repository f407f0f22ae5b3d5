// From finding to holding, each person in a browser of their own beside the others, by what is to be seen alone:
// names and roles of what is on the pages, never their insides.
import { randomUUID } from "node:crypto";
import { open } from "../lib/browser.mjs";
import { until } from "../lib/count.mjs";
import { arrive } from "../lib/stops.mjs";
import { DEMO, evidence, PASSWORD, prose } from "../lib/world.mjs";

const TITLE = "Developing a Collaborative Coaching Plan";
const heading = (page) => page.getByRole("heading", { level: 1 });

export default async function journey(world, count) {
	const people = {};

	for (const [name, who] of [["earner"], ["assessor", DEMO("assessor")], ["agent", DEMO("agent")], ["anybody"]])
		people[name] = await (await open(world, { who })).newPage();
	const { earner, assessor, anybody } = people;

	await assessor.goto("/queue");
	await arrive(assessor);
	await find(earner, count);
	await join(earner);
	await write(earner, count);
	const { id, code } = await handIn(earner, count);

	await ask(earner, count, code);
	await follow(earner, count, code);
	await score(assessor, count, code);
	const credential = await result(earner, count, id);

	await hold(earner, count);
	await verify(anybody, count, credential);
	await answer(world, people.agent.context(), count, code);
	await denied(world, count, assessor.context());
	for (const [name, page] of Object.entries(people)) {
		const said = page.context().watch.take();

		count.hold(`the console of the ${name} is silent, and no other host is asked`, said.length === 0, said);
	}
}

async function find(page, count) {
	await page.goto("/explore");
	await page.getByRole("searchbox").first().fill("coaching plan");
	await page.keyboard.press("Enter");
	await page.getByRole("link", { name: TITLE }).click();
	await heading(page).filter({ hasText: TITLE }).waitFor();
	count.hold("a day is promised before anything is begun", await page.getByText(/Submit today and you have a result by/).first().isVisible());
}

async function join(page) {
	await page.getByRole("link", { name: "Start a draft" }).first().click();
	await page.getByRole("link", { name: "New here? Make an account" }).click();
	await page.getByLabel("Email address").fill(`ada-${randomUUID().slice(0, 8)}@example.org`);
	await page.getByLabel("Name").fill("Ada Moreno");
	await page.getByLabel("Password").fill(PASSWORD);
	await page.getByRole("button", { name: "Make an account" }).click();
	await page.getByRole("button", { name: "Start a draft" }).first().click();
	await page.getByRole("heading", { level: 1, name: TITLE }).waitFor();
	await page.getByRole("textbox", { name: /^Your text/ }).first().waitFor();
}

async function write(page, count) {
	const boxes = page.getByRole("textbox", { name: /^Your text/ });

	count.hold("three parts are to be written", await boxes.count() === 3);
	for (const [i, part] of ["overview", "work_examples", "reflection"].entries())
		await boxes.nth(i).fill(prose(180, part));
	await page.getByRole("radio", { name: "No, I did this alone" }).check();
	await page.getByRole("radio", { name: "No", exact: true }).check();
	const choosing = page.waitForEvent("filechooser");

	await page.getByRole("button", { name: "Choose files" }).or(page.getByText("Choose files")).first().click();
	await (await choosing).setFiles(evidence(["pdf"]));
	await page.getByRole("textbox", { name: "Title for the assessor" }).fill("Coaching plan for one cycle");
	await page.getByRole("button", { name: "Upload the file" }).click();
	await page.getByRole("heading", { name: "Coaching plan for one cycle" }).waitFor();
	await page.getByText("Ready", { exact: true }).first().waitFor({ timeout: 60_000 });
	await page.getByText(/^Saved/).first().waitFor();
	// What is shown as saved is there after a reload.
	await page.reload();
	await boxes.first().waitFor();
	count.hold("the text is there after a reload", await boxes.nth(2).inputValue() === prose(180, "reflection"));
	count.hold("the file too", await page.getByRole("heading", { name: "Coaching plan for one cycle" }).count() === 1);
}

async function handIn(page, count) {
	await page.getByRole("link", { name: "Check and submit" }).click();
	await page.getByRole("heading", { level: 1, name: "Check and submit" }).waitFor();
	// Not before both are confirmed.
	await page.getByRole("button", { name: "Must be fixed" }).or(page.getByText("Must be fixed")).first().waitFor();
	await page.getByRole("button", { name: "Submit", exact: true }).click();
	count.hold("what is not confirmed holds it back", new URL(page.url()).pathname.endsWith("/check"));
	await page.getByRole("checkbox", { name: /I have looked for names/ }).check();
	await page.getByRole("checkbox", { name: /This is my own work/ }).check();
	await page.getByText(/^(Submit today and you have|You get an ID and the day)/).waitFor({ timeout: 30_000 });
	await page.getByRole("button", { name: "Submit", exact: true }).click();
	await heading(page).filter({ hasText: "It’s in. You’ll hear by" }).waitFor();
	const code = /V-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]/.exec(await page.getByRole("main").innerText())?.[0];

	count.must("an ID is shown", code !== undefined);
	return { id: decodeURIComponent(new URL(page.url()).pathname.split("/")[2]), code };
}

/* The help desk, with the ID filled in. */
async function ask(page, count, code) {
	await page.goto(`/help/new?submission=${code}`);
	const about = page.getByRole("combobox", { name: "About which submission?" });

	count.hold("the ID is filled in", await about.inputValue() === code);
	await page.getByRole("textbox", { name: "In a few words" }).fill("When do I hear?");
	await page.getByRole("textbox", { name: "Your question" }).fill("I would like to tell my principal when the answer comes.");
	await page.getByRole("button", { name: "Send" }).click();
	await page.getByText("Your question is in.").waitFor();
}

/* What is on its way, and why each day counts. */
async function follow(page, count, code) {
	await page.goto("/work");
	await page.getByRole("main").getByRole("link", { name: TITLE }).first().click();
	await arrive(page);
	const text = await page.getByRole("main").innerText();

	count.hold("the review shows its ID", text.includes(code), text.slice(0, 300));
	count.hold("and the day of the answer", /december|november|january|february/i.test(text), text.slice(0, 300));
}

/* The award among what one holds. */
async function hold(page, count) {
	await page.goto("/wallet");
	await page.getByRole("main").getByText(TITLE).first().waitFor();
	count.hold("the award is in the wallet", true);
	await page.goto("/notifications");
	await page.getByRole("main").getByText(TITLE).first().waitFor();
	count.hold("and was told of", true);
}

async function score(page, count, code) {
	const take = page.getByRole("button", { name: `Take ${code}` });

	await until("the queue shows the new work", async () => {
		if (await take.count() === 1)
			return true;
		await page.reload();
		await arrive(page);
		return false;
	});
	await take.click();
	await heading(page).filter({ hasText: TITLE }).waitFor();
	count.hold("whose work it is stays hidden", !(await page.getByRole("main").innerText()).includes("Ada Moreno"));
	const criteria = page.getByRole("group", { name: "Criteria" }), open = { name: /Not scored/ };
	const n = await criteria.getByRole("button", open).count();

	count.must("there is a rubric", n > 0);
	for (let i = 0; i < n; i++) {
		const next = criteria.getByRole("button", open).first();

		if (await next.getAttribute("aria-expanded") !== "true")
			await next.click();
		await criteria.getByRole("button", { ...open, expanded: true }).waitFor();
		await criteria.getByRole("radiogroup").getByRole("radio").first().check();
		if (i === 0) {
			await criteria.getByRole("button", { name: "Worked" }).first().click();
			await criteria.getByRole("textbox", { name: /^Worked:/ }).fill("The agreement is clear, and kept.");
		}
		await until("the criterion has its level", async () => await criteria.getByRole("button", open).count() === n - i - 1);
	}
	await page.getByText("The rubric gives an award.").first().waitFor();
	await page.getByRole("button", { name: "Send my score" }).click();
	await page.getByRole("dialog").getByRole("button", { name: /^Send/ }).click();
	await page.getByRole("heading", { name: "Sent: award" }).waitFor();
	count.hold("a decision is final", await page.getByRole("button", { name: "Send my score" }).count() === 0);
}

async function result(page, count, id) {
	await until("the result is there", async () => {
		await page.goto(`/submissions/${id}/result`);
		return /Awarded/.test(await heading(page).innerText()) && await page.getByRole("link", { name: "Share your credential" }).count() > 0;
	});
	count.hold("what the assessor wrote is there", await page.getByText("The agreement is clear, and kept.").isVisible());
	await page.getByRole("link", { name: "Share your credential" }).click();
	await page.getByText("Verified just now").first().waitFor();
	return new URL(page.url()).pathname;
}

async function verify(page, count, credential) {
	await page.goto(credential);
	await page.getByText("Verified just now").first().waitFor();
	const text = await page.getByRole("main").innerText();

	count.hold("anybody sees who earned what", text.includes("Ada Moreno") && text.includes(TITLE));
	count.hold("and not what was handed in", !text.includes("We read the evidence together and wrote"));
}

/* The desk has the question with its ID; it is answered. */
async function answer(world, agent, count, code) {
	const ticket = await until("the desk has the question", async () =>
		(await world.call(agent, "GET", "/tickets?queue=desk&limit=100")).items.find((t) => t.submissionCode === code));

	await world.call(agent, "POST", `/tickets/${ticket.id}/messages`, { body: "You hear by the day that stands on the page of your submission." });
	count.hold("the question carries the ID", ticket.submissionCode === code);
}

/* Not awarded yet: what to strengthen, and the way on, which begins with what was written. */
async function denied(world, count, assessor) {
	const stranger = await open(world), who = await world.newcomer(stranger, "Bea");
	const context = await open(world, { who }), page = await context.newPage();
	const draft = await world.draft(context, (await world.find(context, "coaching plan")).id), { code } = await world.handIn(context, draft.id, 180);
	const row = await until("the pool has it", async () => (await world.call(assessor, "GET", "/reviews?limit=100")).items.find((r) => r.submissionCode === code));
	const review = await world.call(assessor, "POST", `/reviews/${row.id}/claim`), last = review.rubric.parts.at(-1);
	const scores = review.rubric.parts.flatMap((part) => part.criteria.map((c) => ({ criterionId: c.id, comment: "Seen.",
		levelId: (part === last ? c.levels.find((l) => !l.passing) : c.levels.find((l) => l.passing)).id })));

	await world.call(assessor, "PUT", `/reviews/${row.id}/scores`, { scores, feedback: [{ kind: "challenge", part: last.part, text: "Say what you would change, and why." },
		{ kind: "praise", part: review.rubric.parts[0].part, text: "The start is well told." }] }, { headers: { "If-Match": `"${review.version}"` } });
	await world.call(assessor, "POST", `/reviews/${row.id}/decision`, { outcome: "denied" });
	await until("the result is there", async () => {
		await page.goto(`/submissions/${draft.id}/result`);
		return (await heading(page).innerText()).startsWith("Not awarded yet. One part to strengthen.");
	});
	count.hold("what to work on is said", await page.getByText("Say what you would change, and why.").isVisible());
	await page.getByRole("button", { name: "Revise and hand in again" }).click();
	const boxes = page.getByRole("textbox", { name: /^Your text/ });

	await boxes.first().waitFor();
	count.hold("the new draft begins with what was written", (await boxes.first().inputValue()).startsWith("This is about overview."));
	await context.close();
}
