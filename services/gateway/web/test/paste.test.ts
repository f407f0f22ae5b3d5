import assert from "node:assert/strict";
import { test } from "node:test";
import { readPasted, type Node } from "../lib/paste";
import { suggestTitle } from "../views/draft_evidence";
import { difference } from "../views/draft_merge";
import { initials } from "../views/draft_text";
import { writeSaid } from "../views/draft_record";

/* As much of HTML as these tests have: tags with attributes between ' or ", text, comments. */
function parse(html: string): Node {
	type Made = Node & { childNodes: Node[] };
	const make = (nodeName: string, attributes: { [name: string]: string }): Made => ({
		nodeType: 1, nodeName, childNodes: [],
		get textContent() {
			return this.childNodes.map((c) => c.textContent ?? "").join("");
		},
		getAttribute: (name) => attributes[name] ?? null,
	});
	const root = make("BODY", {}), open = [root];

	for (const [, comment, end, name, rest, text] of html.matchAll(/(<!--.*?-->)|<(\/?)([\w:]+)([^>]*)>|([^<]+)/gs)) {
		const top = open[open.length - 1]!;

		if (comment !== undefined)
			continue;
		if (text !== undefined)
			top.childNodes.push({ nodeType: 3, nodeName: "#text", textContent: text.replace(/&nbsp;/g, "\u00a0"), childNodes: [] });
		else if (end === "/")
			open.pop();
		else {
			const node = make(name!.toUpperCase(), Object.fromEntries([...rest!.matchAll(/([\w-]+)=(["'])(.*?)\2/gs)].map((m) => [m[1], m[3]])));

			top.childNodes.push(node);
			if (!/^(br|img|meta)$/i.test(name!))
				open.push(node);
		}
	}
	return root;
}
const rows: [string, string, string, number?][] = [
	["paragraphs", "<p>One  two\n three</p><p>Four</p>", "One two three\n\nFour"],
	["headings", "<h1>Title</h1><p>Text</p><h3>Next</h3>", "## Title\n\nText\n\n## Next"],
	["emphasis, not around spaces", "<p>a <b>bold </b>and <i>slanted</i></p>", "a **bold** and *slanted*"],
	["links", '<p>See <a href="https://example.org/x">the plan</a> or <a href="javascript:alert(1)">this</a></p>', "See [the plan](https://example.org/x) or this"],
	["an address that links to itself", '<p><a href="https://example.org">https://example.org</a></p>', "https://example.org"],
	["lists", "<p>Before</p><ul><li>One</li><li>Two<ul><li>Inner</li></ul></li></ul><p>After</p>", "Before\n\n- One\n- Two\n  - Inner\n\nAfter"],
	["numbered lists", '<ol start="3"><li><p>Three</p></li><li><p>Four</p></li></ol>', "3. Three\n4. Four"],
	["lines", "<div>One<br>Two</div>", "One\nTwo"],
	["pictures are counted", '<p>A<img src="x"></p><p><img src="y"></p>', "A", 2],
	["scripts and styles are left out", "<style>p{}</style><script>x()</script><p>Text</p>", "Text"],
	["tables", "<table><tbody><tr><td><p>A</p></td><td><p>B</p></td></tr><tr><td>C</td><td>D</td></tr></tbody></table>", "A | B\nC | D"],
	["Google Docs", '<b style="font-weight:normal" id="docs-internal-guid-1"><p><span style="font-weight:700">Strong</span><span style="font-weight:400"> plain</span></p><p>Two</p></b>', "**Strong** plain\n\nTwo"],
	["Word", "<p class='MsoNormal'>Intro<o:p></o:p></p><p class='MsoListParagraph' style='mso-list:l0 level1 lfo1'><!--[if !supportLists]--><span style='mso-list:Ignore'>·<span>&nbsp;&nbsp; </span></span><!--[endif]-->First</p>" +
		"<p class='MsoListParagraph' style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>o </span>Inner</p><p class='MsoNormal'>End</p>", "Intro\n\n- First\n  - Inner\n\nEnd"],
	["Word's numbers", "<p style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>1.<span> </span></span>First</p><p style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>2.</span>Second</p>", "1. First\n2. Second"],
	["what cannot be seen", '<p><span style="display:none">secret</span>seen</p>', "seen"],
	["nothing", "", ""],
];

for (const [name, html, text, pictures = 0] of rows)
	test(`pasted: ${name}`, () => {
		assert.deepEqual(readPasted(parse(html)), { text, pictures });
	});

test("titles that say something", () => {
	assert.equal(suggestTitle("lesson_plan-week 4.pdf", "Plan", 1), "Lesson plan week 4");
	assert.equal(suggestTitle("IMG_2041.jpg", "Student work", 2), "Student work, 2");
	assert.equal(suggestTitle("01-coaching-plan.pdf", undefined, 1), "Coaching plan");
	assert.equal(suggestTitle("Scan (3).pdf", "Plan", 3), "Plan, 3");
	assert.equal(suggestTitle("2041.jpg", undefined, 1), "2041");
});

test("where two texts part", () => {
	assert.deepEqual(difference("one two three four", "one 2 three four"), { before: "one ", a: "two ", b: "2 ", after: "three four" });
	assert.deepEqual(difference("same", "same"), { before: "same", a: "", b: "", after: "" });
	assert.deepEqual(difference("a b", "a b c"), { before: "a ", a: "b", b: "b c", after: "" });
	assert.deepEqual(difference("", "x"), { before: "", a: "", b: "x", after: "" });
});

test("initials of a name, and of nothing else", () => {
	assert.equal(initials("Ms. Dana Whitfield"), "D. W.");
	assert.equal(initials("Élodie Òrza"), "É. Ò.");
	assert.equal(initials("dana@example.org"), null);
	assert.equal(initials("555 0100"), null);
});

test("a declaration has one text for one meaning", () => {
	assert.equal(writeSaid("ai", undefined), "");
	assert.equal(writeSaid("ai", { answered: false } as never), "");
	assert.equal(writeSaid("ai", { tools: "x", used: true } as never), writeSaid("ai", { used: true, answered: true, purpose: "", tools: "x" } as never));
	assert.equal(writeSaid("collaboration", { collaborative: true, partners: [{ task: "t", name: "n" }] } as never),
		writeSaid("collaboration", { partners: [{ name: "n", email: "", task: "t" }], delegation: "", collaborative: true } as never));
});
