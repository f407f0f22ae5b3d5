// Two devices of one person on one draft: what only one of them changed is merged without a question; what both
// changed is asked about, field by field; and what was handed in on one is locked on the other.
import { open } from "../lib/browser.mjs";
import { until } from "../lib/count.mjs";
import { box, goOn, look, openDraft, saved } from "../lib/editor.mjs";

const MINE = "Written at the desk, in the evening.", THEIRS = "Written on the phone, on the way home.";

export default async function devices(world, count) {
	const stranger = await open(world), who = await world.newcomer(stranger, "Dana");
	const desk = await open(world, { who }), phone = await open(world, { who });
	const { id } = await world.draft(desk, (await world.find(desk, "success criteria")).id);
	const [a, b] = [await openDraft(desk, id), await openDraft(phone, id)];

	desk.watch.expect(412, 409, 403);
	phone.watch.expect(412, 409, 403);
	// Each in a part of their own.
	await goOn(a, "overview");
	await a.keyboard.type(MINE);
	await goOn(b, "reflection");
	await b.keyboard.type(THEIRS);
	await Promise.all([saved(a), saved(b)]);
	for (const [part, text] of [["overview", MINE], ["reflection", THEIRS]])
		count.hold(`${part}: written on one device alone`, await world.textOf(desk, id, part) === text);
	count.hold("no question was asked", await a.locator(".merge").count() + await b.locator(".merge").count() === 0);

	// Both in the same part; the phone is late.
	await phone.setOffline(true);
	await goOn(b, "work_examples");
	await b.keyboard.type(THEIRS);
	await goOn(a, "work_examples");
	await a.keyboard.type(MINE);
	await box(a, "work_examples").blur();
	await saved(a);
	await until("the desk's text is at the server", async () => await world.textOf(desk, id, "work_examples") === MINE);
	await phone.setOffline(false);
	const question = b.getByRole("group", { name: /^Two versions/ });

	await question.waitFor();
	count.hold("the save state leads to the question", await b.getByRole("link", { name: "Two versions. Choose" }).count() === 1);
	count.hold("the question shows both", (await question.innerText()).includes("desk") && (await question.innerText()).includes("phone"), await question.innerText());
	count.hold("the text that was being written stays in its box", (await look(b, "work_examples")).text === THEIRS);
	count.hold("one field is asked about", await b.locator(".merge").count() === 1);
	await question.getByRole("button", { name: "Keep both" }).click();
	await saved(b);
	const both = await world.textOf(phone, id, "work_examples");

	count.hold("both texts are kept", both.includes(MINE) && both.includes(THEIRS), both);
	await a.reload();
	await box(a, "work_examples").waitFor();
	count.hold("the other device sees both", (await look(a, "work_examples")).text === both);
	count.hold("and the part that the phone wrote", (await look(a, "reflection")).text === THEIRS);

	// Handed in at the desk while the phone still writes.
	await a.close();
	await world.handIn(desk, id);
	await goOn(b, "overview");
	await b.keyboard.type(" And one word more.");
	await b.getByText("This was handed in and cannot be changed.").first().waitFor();
	count.hold("what was not sent can be copied", await b.getByRole("button", { name: "Copy what was not saved" }).count() === 1);
	count.hold("the text stays on the page", (await look(b, "overview")).text.endsWith("And one word more."));
	count.hold("the way on leads to the review", await b.getByRole("link", { name: "Follow the review" }).count() > 0);
	for (const [name, context] of [["desk", desk], ["phone", phone]]) {
		const said = context.watch.take().filter((text) => !/net::ERR_INTERNET_DISCONNECTED/.test(text));

		count.hold(`the console of the ${name} is silent`, said.length === 0, said);
	}
}
