// What the rubric comes to while it is scored (CAT-6, ASM-4), and what is sent of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Saver } from "../lib/saver";
import { Desk } from "../views/score_desk";
import { bodyOf, marksOf, placesOf, readMark, readQuote, standingOf, WHOLE, writeMark, writeQuote, type Mark, type Review } from "../views/score_rule";

const levels = [{ id: "l1", title: "Passing", passing: true }, { id: "l2", title: "Not yet", passing: false }];
const review = {
	rubric: { parts: [
		{ part: "overview", title: "Part 1", criteria: [{ id: "c1", title: "Goal", required: true, levels }] },
		{ part: "work_examples", title: "Part 2", criteria: [{ id: "c2", title: "Plan", required: true, levels }, { id: "c3", title: "Extra", required: false, levels }] },
	] },
	scores: [{ criterionId: "c1", levelId: "l1", comment: "Seen." }],
	feedback: [{ kind: "praise", text: "Clear.", criterionId: "c1", part: "overview" }, { kind: "challenge", text: "Show a visit.", part: "work_examples" }],
} as unknown as Review;
const places = placesOf(review);

function standing(given: { [field: string]: Partial<Mark> }) {
	const marks = Object.fromEntries([...places.map((p) => p.criterion.id ?? ""), WHOLE].map((f) => [f, { level: "", comment: "", notes: [], ...given[f] }]));

	return standingOf(places, marks);
}

test("an award needs every required criterion, and all of them scored", () => {
	assert.equal(standing({}).outcome, null);
	assert.equal(standing({ c1: { level: "l1" }, c2: { level: "l1" } }).outcome, null);
	assert.equal(standing({ c1: { level: "l1" }, c2: { level: "l1" }, c3: { level: "l2" } }).outcome, "awarded");
	assert.equal(standing({ c2: { level: "l2" } }).outcome, "denied");
	assert.deepEqual(standing({ c2: { level: "l2" } }).unscored.map((p) => p.criterion.id), ["c1", "c3"]);
});

test("what is not met needs a word on what would meet it, about itself or its part", () => {
	const challenge = { kind: "challenge" as const, text: "Add a visit.", url: "", part: "work_examples" };

	assert.deepEqual(standing({ c2: { level: "l2" } }).unchallenged.map((p) => p.criterion.id), ["c2"]);
	assert.deepEqual(standing({ c2: { level: "l2", notes: [challenge] } }).unchallenged, []);
	assert.deepEqual(standing({ c2: { level: "l2" }, [WHOLE]: { notes: [challenge] } }).unchallenged, []);
	assert.equal(standing({ c2: { level: "l2" }, c1: { notes: [challenge] } }).unchallenged.length, 1);
	assert.equal(standing({ c3: { level: "l2" } }).failed.length, 0);
});

test("a review goes into fields and comes out as it was", () => {
	const fields = marksOf(review);

	assert.deepEqual(bodyOf(fields), { scores: review.scores, feedback: review.feedback });
	assert.equal(readMark(fields["c1"] ?? "").level, "l1");
	assert.equal(fields["c2"], writeMark({ level: "", comment: "", notes: [] }));
});

test("what has no words, and an address that is none, are not sent", () => {
	const text = writeMark({ level: "l1", comment: "", notes: [{ kind: "praise", text: "  ", url: "", part: "" }, { kind: "resource", text: "Read", url: "exampl", part: "" }] });

	assert.deepEqual(bodyOf({ c1: text }).feedback, [{ kind: "resource", text: "Read", criterionId: "c1" }]);
});

test("a quote stands on top of its note, whatever quotation marks it has", () => {
	const text = writeQuote({ quote: "She said “no”\n twice", source: "Part 1, page 3", rest: "Say why." });

	assert.equal(text, "“She said ‘no’ twice” (Part 1, page 3)\n\nSay why.");
	assert.deepEqual(readQuote(text), { quote: "She said ‘no’ twice", source: "Part 1, page 3", rest: "Say why." });
	assert.equal(readQuote("“Clear” and well supported."), null);
	assert.equal(writeQuote({ quote: " ", source: "x", rest: "Say why." }), "Say why.");
});

test("a note without words stays on the desk and goes nowhere", () => {
	const kept: { [field: string]: string } = { c1: writeMark({ level: "l1", comment: "", notes: [] }) };
	const desk = new Desk({ text: (f: string) => kept[f] ?? "", edit: (f: string, text: string) => void (kept[f] = text) } as unknown as Saver);
	const id = desk.add("c1", "praise", "overview");

	assert.equal(desk.notes("c1").length, 1);
	assert.equal(readMark(kept["c1"] ?? "").notes.length, 0);
	desk.change("c1", id, { text: "Clear." });
	assert.equal(readMark(kept["c1"] ?? "").notes.length, 1);
	// Another device's text replaces what is here.
	kept["c1"] = writeMark({ level: "l2", comment: "", notes: [] });
	assert.equal(desk.notes("c1").length, 0);
});
