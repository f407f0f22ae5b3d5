// No word is lost. Somebody writes, and at a random key the gateway is killed, the network goes, or the page is
// closed. What was shown as saved, or was kept on the device, is there again afterwards; and whenever the page
// says "Saved", the server has the text.
import { open } from "../lib/browser.mjs";
import { dice, until } from "../lib/count.mjs";
import { goOn, journaled, look, openDraft, saved } from "../lib/editor.mjs";
import { PARTS } from "../lib/world.mjs";

const WORDS = ["we", "read", "together", "and", "ask", "why", "pupils", "answer", "each", "other", "now", "slowly", "again", "naïve", "مرحبا", "—"];
const WAYS = ["kill", "offline", "close", "kill, close", "offline, close"];
const LONGEST = 60, UNKEPT_MAX = 3; // keys of a round; keys between the last look and the moment when a page is closed

class Round {
	promised = ""; // what the page said to be saved

	constructor(story, way, part) {
		Object.assign(this, story, { way, part });
	}

	/* Types TEXT; after each key the page is held to what it shows. */
	async type(text) {
		for (const key of text) {
			await this.page.keyboard.insertText(key);
			if (this.random(4) === 0)
				await this.watch();
		}
	}

	async watch() {
		const seen = await look(this.page, this.part);

		if (seen.isSaved)
			this.promised = seen.text;
		return seen;
	}

	/* At the moment itself: what is safe by then. */
	async strike() {
		const { world, context } = this;

		this.kept = await this.safe();
		await this.type(this.sentence(this.random(UNKEPT_MAX + 1)));
		if (this.way.startsWith("kill"))
			this.killed = await world.killGateway();
		else if (this.way.startsWith("offline"))
			await context.setOffline(true);
	}

	/* All that stands in the box is either at the server, as the page says, or kept on the device: how many characters that is. */
	async safe() {
		const { text } = await this.watch();
		const isSafe = async () => (await journaled(this.page, this.part)).startsWith(text) || (await this.watch()).isSaved;

		try {
			await until("it is kept or saved", isSafe, 3_000);
			this.count.hold(`${this.name}: what is written is kept or saved`, true);
		} catch {
			this.count.hold(`${this.name}: what is written is kept or saved`, false, `${text.length} characters are on the page alone`);
		}
		return text.length;
	}

	sentence(length) {
		let out = "";

		while (out.length < length)
			out += `${WORDS[this.random(WORDS.length)]} `;
		return [...out].slice(0, length).join("");
	}

	/* While nothing reaches the server, the page may not call anything saved that is not there. */
	async afterwards() {
		await this.type(this.sentence(5 + this.random(LONGEST / 2)));
		this.kept = await this.safe();
		const { state, isSaved, text } = await this.watch();

		if (this.way.startsWith("offline"))
			this.count.hold(`${this.name}: the page says that it is offline`, !isSaved && /Offline/.test(state), state);
		else if (isSaved)
			await this.server(text, "what is called saved right after the kill");
	}

	async server(text, what) {
		await this.world.back(this.context);
		const there = await this.world.textOf(this.context, this.id, this.part);

		this.count.hold(`${this.name}: ${what} is at the server`, there.startsWith(text), [`server: …${there.slice(-80)}`, `page:   …${text.slice(-80)}`]);
	}

	async run(n) {
		const { count, world, context } = this;

		this.name = `round ${n}, ${this.way}, ${this.part}`;
		await goOn(this.page, this.part);
		await this.type(this.sentence(1 + this.random(LONGEST)));
		await this.strike();
		if (this.way !== "close")
			await this.afterwards();
		const { text: typed } = await look(this.page, this.part);

		if (this.way.includes("close")) {
			await this.page.close();
			await context.setOffline(false);
			await world.back(context);
			this.page = this.story.page = await openDraft(context, this.id);
			// The journal is read a moment after the page is drawn.
			await until("what was kept is back", async () => (await look(this.page, this.part)).text.length >= this.kept);
		} else {
			await context.setOffline(false);
			await world.back(context);
		}
		if (this.killed !== undefined)
			count.hold(`${this.name}: the gateway is another process`, world.gateway() !== this.killed);
		await saved(this.page);
		const { text } = await look(this.page, this.part);

		count.hold(`${this.name}: what was kept or called saved is there`, text.length >= this.kept && (this.way.includes("close") ? typed.startsWith(text) : typed === text) && text.startsWith(this.promised),
			[`typed: …${typed.slice(-80)}`, `there: …${text.slice(-80)}`, `kept: ${this.kept} characters, promised: ${this.promised.length}`]);
		await this.server(text, "all that is called saved");
	}
}

export default async function words(world, count) {
	const stranger = await open(world), who = await world.newcomer(stranger, "Wren");
	const context = await open(world, { who }), random = dice(world.seed);
	const { id } = await world.draft(context, (await world.find(context, "feedback")).id);
	const story = { world, count, context, random, id, page: await openDraft(context, id) };

	context.watch.expect("network", 502, 503);
	for (let n = 1; n <= world.rounds; n++) {
		// The first rounds take each way once, so that a short run misses none.
		const way = WAYS[n <= WAYS.length ? n - 1 : random(WAYS.length)], round = new Round(story, way, PARTS[random(PARTS.length)]);

		round.story = story;
		await round.run(n);
	}
	const said = context.watch.take();

	count.hold("the console is silent otherwise", said.length === 0, said);
	// The versions are all there too: the server lost nothing on its way.
	await story.page.close();
	const again = await openDraft(await open(world, { who }), id);

	for (const part of PARTS) {
		const { text } = await look(again, part);

		count.hold(`another device sees ${part} as the server has it`, text === await world.textOf(context, id, part));
	}
}
