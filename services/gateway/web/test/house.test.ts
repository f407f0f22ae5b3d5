// The house's rules for what stands in .tsx: no words outside of the catalogue, no
// file that is too long.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import ts from "typescript";

const ROOT = path.resolve("src"), LINES_MAX = 500;
const SPOKEN = new Set(["aria-label", "placeholder", "title", "alt", "label", "hint", "aria-description"]);

/* Keys are called as they are on the keyboard. */
const isKey = (node: ts.Node): boolean => ts.isJsxElement(node) && node.openingElement.tagName.getText() === "kbd";

/* Words that stand in FILE for people to read, each with its line. */
function wordsIn(name: string, text: string): string[] {
	const file = ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TSX), found: string[] = [];
	const tell = (node: ts.Node, words: string) => found.push(`${name}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${words.trim()}`);
	const look = (node: ts.Node): void => {
		if (ts.isJsxText(node) && /\p{L}{2}/u.test(node.text) && !isKey(node.parent))
			tell(node, node.text);
		if (ts.isJsxAttribute(node) && SPOKEN.has(node.name.getText()) && node.initializer !== undefined && ts.isStringLiteral(node.initializer) &&
			/\p{L}{2}/u.test(node.initializer.text))
			tell(node, node.initializer.text);
		ts.forEachChild(node, look);
	};

	look(file);
	return found;
}

function sources(ending: string): string[] {
	return ["app", "parts", "views", "lib", "enhance", "test"].flatMap((folder) =>
		readdirSync(path.join(ROOT, folder)).filter((f) => f.endsWith(ending)).map((f) => `${folder}/${f}`));
}

test("no words outside of the catalogue", () => {
	const found = sources(".tsx").flatMap((name) => wordsIn(name, readFileSync(path.join(ROOT, name), "utf8")));

	assert.deepEqual(found, []);
	assert.deepEqual(wordsIn("x.tsx", "<p>Hello <b>{t('a')}</b></p>"), ["x.tsx:1: Hello"]);
	assert.deepEqual(wordsIn("x.tsx", "<kbd>Ctrl</kbd>"), []);
	assert.deepEqual(wordsIn("x.tsx", '<a aria-label="Close" class="link">×</a>'), ["x.tsx:1: Close"]);
});

test("a file has one subject", () => {
	for (const name of [...sources(".ts"), ...sources(".tsx")])
		assert.ok(readFileSync(path.join(ROOT, name), "utf8").split("\n").length <= LINES_MAX, name);
});
