import assert from "node:assert/strict";
import { test } from "node:test";
import { both, isDirty, LONGEST_MS, merged, QUIET_MS, shown, start, step, type Effect, type Event, type Machine } from "../lib/autosave";

/* Runs EVENTS one after the other; the machine at the end, and what the last one asked for. */
function run(m: Machine, ...events: Event[]): { m: Machine; effects: Effect[] } {
	let effects: Effect[] = [];

	for (const e of events)
		({ machine: m, effects } = step(m, e));
	return { m, effects };
}

const one = () => start({ a: { text: "one", version: 3 }, b: { text: "two", version: 5 } }, 1);
const edit = (name: string, text: string, now: number): Event => ({ type: "edit", name, text, now });
const tick = (now: number): Event => ({ type: "tick", now });
const sent = (effects: Effect[]) => effects.filter((e) => e.do === "send");

test("an edit is kept on the device at once, and sent when typing rests", () => {
	const { effects } = run(one(), edit("a", "one!", 100));

	assert.deepEqual(effects, [
		{ do: "keep", name: "a", mine: "one!", base: "one", version: 3 }, { do: "wake", at: 100 + QUIET_MS }]);
	assert.deepEqual(sent(run(one(), edit("a", "one!", 100), tick(100 + QUIET_MS)).effects),
		[{ do: "send", name: "a", text: "one!", version: 3, id: 1 }]);
});

test("somebody who types without a rest is saved all the same", () => {
	let m = one();
	let at = 0;

	for (; at < LONGEST_MS; at += 100)
		({ m } = run(m, edit("a", `one ${at}`, 1000 + at)));
	const { effects } = run(m, tick(1000 + LONGEST_MS));

	assert.equal(sent(effects).length, 1);
	assert.ok(QUIET_MS <= 2000);
});

test("one request is in flight at a time, and what was typed meanwhile follows", () => {
	const first = run(one(), edit("a", "A", 0), edit("b", "B", 10), tick(QUIET_MS));

	assert.equal(sent(first.effects).length, 1);
	const typed = run(first.m, edit("a", "AA", 900), { type: "flush", now: 901 });
	assert.equal(sent(typed.effects).length, 0);
	const second = run(typed.m, { type: "saved", id: 1, version: 6, now: 1000 });
	assert.deepEqual(sent(second.effects), [{ do: "send", name: "b", text: "B", version: 5, id: 2 }]);
	assert.equal(second.m.fields["a"]?.base, "A");
	assert.equal(second.m.fields["a"]?.version, 6);
	assert.equal(shown(second.m), "saving");
	const third = run(second.m, { type: "saved", id: 2, version: 7, now: 1100 }, tick(3000));
	assert.deepEqual(sent(third.effects), [{ do: "send", name: "a", text: "AA", version: 6, id: 3 }]);
	const end = run(third.m, { type: "saved", id: 3, version: 8, now: 3100 });
	assert.equal(shown(end.m), "saved");
	assert.deepEqual(end.effects[0], { do: "forget", name: "a" });
	assert.equal(end.m.savedAt, 3100);
});

test("the journal lets go of a text only when the server has it", () => {
	const { m } = run(one(), edit("a", "A", 0), tick(QUIET_MS), edit("a", "AB", 900));
	const { effects } = run(m, { type: "saved", id: 1, version: 4, now: 1000 });

	assert.deepEqual(effects[0], { do: "keep", name: "a", mine: "AB", base: "A", version: 4 });
});

test("an answer to an earlier request is not taken for the one in flight", () => {
	const { m } = run(one(), edit("a", "A", 0), tick(QUIET_MS), { type: "failed", id: 1, cause: "offline", now: 900, chance: 0 });
	const late = run(m, { type: "saved", id: 1, version: 4, now: 1000 });

	assert.equal(late.m, m);
	assert.ok(isDirty(late.m.fields["a"]!));
});

test("without a network it tries again, later and later, and at once when it is back", () => {
	let m = run(one(), edit("a", "A", 0), tick(QUIET_MS)).m, now = QUIET_MS;
	const waits: number[] = [];

	for (let id = 1; id < 9; id++) {
		const failed = run(m, { type: "failed", id, cause: "offline", now, chance: 0.5 });
		const wake = failed.effects.find((e) => e.do === "wake");

		assert.equal(shown(failed.m), "offline");
		assert.equal(sent(failed.effects).length, 0);
		waits.push(wake!.at - now);
		now = wake!.at;
		m = run(failed.m, tick(now)).m;
		assert.equal(m.flight?.id, id + 1);
	}
	assert.deepEqual(waits, [1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
	const off = run(m, { type: "failed", id: 9, cause: "offline", now, chance: 0.5 });
	assert.equal(sent(run(off.m, { type: "online", now: now + 1 }).effects).length, 1);
});

test("Retry-After is heard", () => {
	const { m } = run(one(), edit("a", "A", 0), tick(QUIET_MS));
	const { effects } = run(m, { type: "failed", id: 1, cause: "busy", now: 1000, chance: 0, retryAfterMs: 7000 });

	assert.deepEqual(effects, [{ do: "wake", at: 8000 }]);
});

test("signed out and locked wait for a person, and keep the text", () => {
	for (const cause of ["signed_out", "locked"] as const) {
		const { m } = run(one(), edit("a", "A", 0), tick(QUIET_MS), { type: "failed", id: 1, cause, now: 900, chance: 0 });

		assert.equal(shown(m), cause);
		const typed = run(m, edit("a", "AB", 1000), tick(60000), { type: "flush", now: 60001 });
		assert.equal(sent(typed.effects).length, 0);
		assert.equal(typed.m.fields["a"]?.mine, "AB");
		assert.equal(sent(run(typed.m, { type: "online", now: 61000 }).effects).length, cause === "signed_out" ? 1 : 0);
	}
});

test("what the server refuses is not sent again until it is changed", () => {
	const { m } = run(one(), edit("a", "A", 0), tick(QUIET_MS), { type: "refused", id: 1, why: "too long", now: 900 });

	assert.equal(shown(m), "refused");
	assert.equal(sent(run(m, tick(9000)).effects).length, 0);
	assert.equal(sent(run(m, edit("b", "B", 9000), tick(9000 + QUIET_MS)).effects).length, 1);
	assert.equal(sent(run(m, edit("a", "AB", 9000), tick(9000 + QUIET_MS)).effects).length, 1);
});

test("a field that another device changed and I did not is taken over", () => {
	const { m } = run(one(), { type: "heard", name: "a", theirs: { text: "theirs", version: 9 }, now: 0 });

	assert.equal(m.fields["a"]?.mine, "theirs");
	assert.equal(shown(m), "saved");
});

test("a field that only I changed is sent again from the newer version", () => {
	const { m } = run(one(), edit("a", "A", 0), tick(QUIET_MS));
	const again = run(m, { type: "stale", id: 1, theirs: { text: "one", version: 9 }, now: 1000 });

	assert.deepEqual(sent(again.effects), [{ do: "send", name: "a", text: "A", version: 9, id: 2 }]);
	assert.equal(again.m.fields["a"]?.clash, null);
});

test("the same text from both sides is no clash", () => {
	const { m, effects } = run(one(), edit("a", "A", 0), tick(QUIET_MS), { type: "stale", id: 1, theirs: { text: "A", version: 9 }, now: 1000 });

	assert.equal(shown(m), "saved");
	assert.deepEqual(effects, [{ do: "forget", name: "a" }]);
});

test("a real clash is asked about once, by field, and nothing is sent of it meanwhile", () => {
	const { m } = run(one(), edit("a", "A", 0), tick(QUIET_MS), { type: "stale", id: 1, theirs: { text: "Z", version: 9 }, now: 1000 });

	assert.equal(shown(m), "clash");
	assert.deepEqual(m.fields["a"]?.clash, { text: "Z", version: 9 });
	const typed = run(m, edit("a", "AA", 2000), edit("b", "B", 2000), tick(9000));
	assert.deepEqual(sent(typed.effects).map((e) => e.name), ["b"]);
	const chosen = run(typed.m, { type: "saved", id: 2, version: 10, now: 9100 }, { type: "chosen", name: "a", text: "AA", now: 9200 });
	assert.deepEqual(sent(chosen.effects), [{ do: "send", name: "a", text: "AA", version: 9, id: 3 }]);
	const theirs = run(typed.m, { type: "saved", id: 2, version: 10, now: 9100 }, { type: "chosen", name: "a", text: "Z", now: 9200 });
	assert.equal(sent(theirs.effects).length, 0);
	assert.equal(shown(theirs.m), "saved");
});

test("a server that calls a version stale without a newer one is not asked for ever", () => {
	const { m } = run(one(), edit("a", "A", 0), tick(QUIET_MS));
	const { effects, m: after } = run(m, { type: "stale", id: 1, theirs: { text: "Z", version: 3 }, now: 1000 });

	assert.equal(sent(effects).length, 0);
	assert.equal(shown(after), "busy");
});

test("text that this device kept is sent, merged, or asked about", () => {
	const restored = (mine: string, base: string): Event => ({ type: "restored", name: "a", mine, base, now: 10 });

	assert.deepEqual(sent(run(one(), restored("one and", "one")).effects), [{ do: "send", name: "a", text: "one and", version: 3, id: 1 }]);
	assert.deepEqual(run(one(), restored("one", "zero")).effects, [{ do: "forget", name: "a" }]);
	assert.deepEqual(run(one(), restored("zero", "zero")).effects, [{ do: "forget", name: "a" }]);
	assert.equal(shown(run(one(), restored("mine", "zero")).m), "clash");
});

test("three texts of a field", () => {
	assert.equal(merged("a", "a", "b"), "b");
	assert.equal(merged("b", "a", "a"), "b");
	assert.equal(merged("b", "a", "b"), "b");
	assert.equal(merged("b", "a", "c"), null);
	assert.equal(both("P1\n\nmine", "P1", "P1\n\ntheirs"), "P1\n\nmine\n\ntheirs");
	assert.equal(both("P1\n\nsame", "P1", "P1\n\nsame"), "P1\n\nsame");
	assert.equal(both("", "", "theirs"), "theirs");
});

/* Whatever happens in whatever order: a text that somebody typed is on the screen, in the journal or at the server. */
test("no word is lost in a thousand random histories", () => {
	let seed = 7;
	const random = (n: number) => ((seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff) >>> 12) % n;

	for (let history = 0; history < 1000; history++) {
		let m = start({ a: { text: "0", version: 1 } }), now = 1, server = { text: "0", version: 1 };
		const journal = new Map<string, string>();

		for (let i = 0; i < 60; i++) {
			const flight = m.flight;
			const events: Event[] = [edit("a", `${history}.${i}`, now), tick(now), { type: "flush", now }, { type: "online", now }];

			if (flight !== null) {
				const current = m.fields["a"]!.version >= server.version;

				if (current && random(2) === 0) {
					server = { text: flight.text, version: server.version + 1 };
					if (random(4) > 0) // else the answer is lost
						events.push({ type: "saved", id: flight.id, version: server.version, now });
				} else if (!current)
					events.push({ type: "stale", id: flight.id, theirs: server, now });
				events.push({ type: "failed", id: flight.id, cause: "offline", now, chance: 0.5 });
			}
			if (m.fields["a"]!.clash !== null)
				events.push({ type: "chosen", name: "a", text: m.fields["a"]!.mine, now });
			const { machine, effects } = step(m, events[random(events.length)]!);

			m = machine;
			for (const e of effects)
				if (e.do === "keep")
					journal.set(e.name, e.mine);
				else if (e.do === "forget")
					journal.delete(e.name);
			now += random(2000);
			const mine = m.fields["a"]!.mine;

			assert.ok(server.text === mine || journal.get("a") === mine, `history ${history}, step ${i}`);
		}
	}
});
