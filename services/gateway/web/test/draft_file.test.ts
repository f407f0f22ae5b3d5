import assert from "node:assert/strict";
import { test } from "node:test";
import { readDraftFile, unzip, writeDraft } from "../views/draft_file";
import type { MicroCredential, PartKey, Submission } from "../views/draft_record";

const titles: { key: PartKey; title: string }[] = [
	{ key: "overview", title: "Part 1: Overview" }, { key: "work_examples", title: "Part 2: Work Examples" }, { key: "reflection", title: "Part 3: Reflection" }];
const submission = { parts: titles.map((x) => ({ ...x, text: "", version: 1, words: 0, minWords: 100, maxWords: 350 })) } as unknown as Submission;
const micro = { parts: [{ key: "overview", title: "x", prompts: [{ text: "Describe\nthe class." }], rubric: { criteria: [{ title: "A goal", levels: [{ title: "P", description: "Clear.", passing: true }] }] } }] } as unknown as MicroCredential;

test("a draft comes back as it was written", () => {
	const texts: { [K in PartKey]: string } = { overview: "## Setting\n\nWe meet.\n\n> they said", work_examples: "", reflection: "One\n\n- two" };
	const file = writeDraft(submission, micro, (key) => texts[key], (min, max) => `${min}-${max}`);

	assert.match(file, /^# Part 1: Overview\n\n> Describe the class\.\n> A goal: Clear\.\n> 100-350\n\n## Setting/);
	assert.deepEqual(readDraftFile(file, titles), { parts: Object.entries(texts).map(([key, text]) => ({ key, text })), strange: [], before: "" });
});

test("parts are found by title, short title or number", () => {
	const read = readDraftFile("Notes\r\n# OVERVIEW\r\nA\r\n# part 2\r\nB\n# 3\nC", titles);

	assert.deepEqual(read.parts, [{ key: "overview", text: "A" }, { key: "work_examples", text: "B" }, { key: "reflection", text: "C" }]);
	assert.equal(read.before, "Notes");
});

test("a heading that names no part is told, and its text is kept", () => {
	assert.deepEqual(readDraftFile("# Overview\nA\n# Thanks\nB", titles), { parts: [{ key: "overview", text: "A\n## Thanks\nB" }], strange: ["Thanks"], before: "" });
	assert.deepEqual(readDraftFile("no headings", titles), { parts: [], strange: [], before: "no headings" });
});

test("an archive that is none is refused", async () => {
	await assert.rejects(unzip(new ArrayBuffer(3), "x"));
	await assert.rejects(unzip(new TextEncoder().encode("PK\u0003\u0004 and so on, but no directory").buffer as ArrayBuffer, "x"));
});
