// What is pasted from Word, Google Docs or a page, as plain text that keeps its
// structure: headings, lists, bold, italics and links, as Markdown writes them.
// Everything else is left out; pictures are counted, so that a person can be told.

/* As much of a DOM node as is looked at. */
export interface Node {
	readonly nodeType: number; // 1 an element, 3 text
	readonly nodeName: string;
	readonly textContent: string | null;
	readonly childNodes: Iterable<Node>;
	getAttribute?(name: string): string | null;
}

export interface Pasted {
	text: string;
	pictures: number;
}

interface State {
	lines: string[];
	line: string; // that is being written
	lists: { ordered: boolean; n: number }[];
	pictures: number;
	isCell: boolean; // inside a table a block does not end the line
}

const BLOCKS = new Set(["P", "DIV", "SECTION", "ARTICLE", "BLOCKQUOTE", "PRE", "ADDRESS", "FIGURE", "HEADER", "FOOTER", "DL", "DT", "DD", "TABLE"]);
const SILENT = new Set(["SCRIPT", "STYLE", "TITLE", "META", "LINK", "HEAD", "TEMPLATE", "OBJECT", "IFRAME", "SVG", "O:P"]);

const attribute = (n: Node, name: string): string => n.getAttribute?.(name) ?? "";

function end(s: State): void {
	const line = s.line.replace(/[ \t]+/g, " ").trim();

	s.line = "";
	if (line !== "")
		s.lines.push(line);
}

/* An empty line, but never two. */
function part(s: State): void {
	end(s);
	if (s.lines.length > 0 && s.lines[s.lines.length - 1] !== "")
		s.lines.push("");
}

function inside(n: Node, s: State): void {
	for (const child of n.childNodes)
		walk(child, s);
}

/* The text of N alone, with what stands in it; lines become one. */
function inline(n: Node, s: State): string {
	const own: State = { lines: [], line: "", lists: [], pictures: 0, isCell: true };

	inside(n, own);
	end(own);
	s.pictures += own.pictures;
	return own.lines.join(" ");
}

/* TEXT between MARKS, which do not touch spaces. */
function emphasis(text: string, mark: string): string {
	const [, before = "", words = "", after = ""] = /^(\s*)(.*?)(\s*)$/s.exec(text) ?? [];

	return words === "" ? text : `${before}${mark}${words}${mark}${after}`;
}

function styled(n: Node, s: State): void {
	const style = attribute(n, "style").toLowerCase(), isSpan = n.nodeName.toUpperCase() === "SPAN";
	const weight = /font-weight:\s*([a-z0-9]+)/.exec(style)?.[1];
	const bold = isSpan ? weight === "bold" || Number(weight) >= 600 : weight !== "normal" && weight !== "400";
	const name = n.nodeName.toUpperCase(), slanted = /font-style:\s*italic/.test(style);
	const own: State = { ...s, lines: [], line: "" };

	inside(n, own);
	s.pictures = own.pictures;
	// Blocks inside, as in what Google Docs wraps everything in: then it is no emphasis.
	if (own.lines.length > 0) {
		end(s);
		s.lines.push(...own.lines);
		s.line = own.line;
		return;
	}
	let text = own.line;

	if ((name === "B" || name === "STRONG" || isSpan) && bold)
		text = emphasis(text, "**");
	if (name === "I" || name === "EM" || (isSpan && slanted))
		text = emphasis(text, "*");
	s.line += text;
}

function item(n: Node, s: State): void {
	const list = s.lists[s.lists.length - 1];
	const sign = list?.ordered === true ? `${++list.n}.` : "-";

	end(s);
	const from = s.lines.length;

	inside(n, s);
	end(s);
	const lines = s.lines.splice(from).filter((line) => line !== "");

	lines.forEach((line, i) => s.lines.push(i === 0 ? `${"  ".repeat(s.lists.length - 1)}${sign} ${line}` : line));
}

/* A list as Word writes it: paragraphs that say their level, and show their sign in a span of its own. */
function wordItem(n: Node, level: number, s: State): void {
	const sign = /^\s*(\d+|[a-z])[.)]/.exec(n.textContent ?? "");

	end(s);
	if (s.lines[s.lines.length - 1] === "" && /^\s*(-|\d+\.) /.test(s.lines[s.lines.length - 2] ?? ""))
		s.lines.pop();
	const text = inline(n, s);

	if (text !== "")
		s.lines.push(`${"  ".repeat(level - 1)}${sign === null ? "-" : `${Number(sign[1]) || 1}.`} ${text}`, "");
}

function link(n: Node, s: State): void {
	const href = attribute(n, "href"), text = inline(n, s);

	if (/^https?:\/\//i.test(href) && text !== "" && text !== href)
		s.line += `[${text}](${href})`;
	else
		s.line += text;
}

function row(n: Node, s: State): void {
	const cells: string[] = [];

	for (const cell of n.childNodes)
		if (/^T[DH]$/i.test(cell.nodeName))
			cells.push(inline(cell, s));
	end(s);
	if (cells.some((c) => c !== ""))
		s.lines.push(cells.join(" | "));
}

function walk(n: Node, s: State): void {
	const name = n.nodeName.toUpperCase(), style = attribute(n, "style");
	const heading = /^H([1-6])$/.exec(name), listed = /mso-list:\s*\S+\s+level(\d)/i.exec(style);

	if (n.nodeType === 3) {
		s.line += (n.textContent ?? "").replace(/[\s\u00a0]+/g, " ");
		return;
	}
	if (n.nodeType !== 1 && n.nodeType !== 9 && n.nodeType !== 11)
		return;
	if (SILENT.has(name) || /mso-list:\s*ignore/i.test(style) || /display:\s*none/i.test(style))
		return;
	if (name === "IMG" || name === "V:SHAPE") {
		s.pictures++;
		return;
	}
	if (name === "BR") {
		if (s.isCell)
			s.line += " ";
		else
			end(s);
		return;
	}
	if (name === "A")
		return link(n, s);
	if (name === "B" || name === "STRONG" || name === "I" || name === "EM" || name === "SPAN")
		return styled(n, s);
	if (s.isCell)
		return BLOCKS.has(name) || name === "LI" ? void (s.line += " ", inside(n, s), s.line += " ") : inside(n, s);
	if (heading !== null) {
		part(s);
		const text = inline(n, s).replace(/\*\*/g, "");

		if (text !== "")
			s.lines.push(`## ${text}`, "");
		return;
	}
	if (listed !== null)
		return wordItem(n, Number(listed[1]), s);
	if (name === "UL" || name === "OL") {
		if (s.lists.length === 0)
			part(s);
		end(s);
		s.lists.push({ ordered: name === "OL", n: Number(attribute(n, "start") || 1) - 1 });
		inside(n, s);
		s.lists.pop();
		if (s.lists.length === 0)
			part(s);
		return;
	}
	if (name === "LI")
		return item(n, s);
	if (name === "TR")
		return row(n, s);
	if (BLOCKS.has(name)) {
		const within = s.lists.length > 0 ? end : part;

		within(s);
		inside(n, s);
		within(s);
		return;
	}
	inside(n, s);
}

export function readPasted(root: Node): Pasted {
	const s: State = { lines: [], line: "", lists: [], pictures: 0, isCell: false };

	inside(root, s);
	end(s);
	return { text: s.lines.join("\n").replace(/\n{3,}/g, "\n\n").trim(), pictures: s.pictures };
}
