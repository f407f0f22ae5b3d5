// What an earner wrote, set as text: headings, lists, bold, italics and links, as
// lib/paste.ts writes them. What has been quoted is marked where it stands.
import { useEffect, useRef } from "preact/hooks";
import type { ComponentChildren } from "preact";

const INLINE = /\*\*([^*\n]+)\*\*|\*([^*\n]+)\*|\[([^\]\n]+)\]\((https?:\/\/[^\s)]+)\)/g;

function inline(text: string): ComponentChildren[] {
	const out: ComponentChildren[] = [];
	let from = 0;

	for (const m of text.matchAll(INLINE)) {
		out.push(text.slice(from, m.index));
		out.push(m[1] !== undefined ? <strong>{m[1]}</strong> : m[2] !== undefined ? <em>{m[2]}</em> :
			<a href={m[4]} target="_blank" rel="noopener noreferrer nofollow">{m[3]}</a>);
		from = m.index + m[0].length;
	}
	out.push(text.slice(from));
	return out;
}

const lines = (text: string): ComponentChildren[] => text.split("\n").flatMap((line, i) => (i > 0 ? [<br />, ...inline(line)] : inline(line)));

function block(text: string): ComponentChildren {
	const heading = /^(#{1,6}) +(.+)$/.exec(text), list = /^(?:[-*] |\d+[.)] )/;

	if (heading !== null)
		return <h3 dir="auto">{inline(heading[2] ?? "")}</h3>;
	if (text.split("\n").every((line) => list.test(line.trimStart()))) {
		const items = text.split("\n").map((line) => <li dir="auto">{inline(line.trimStart().replace(list, ""))}</li>);

		return /^\d/.test(text) ? <ol>{items}</ol> : <ul>{items}</ul>;
	}
	return <p dir="auto">{lines(text)}</p>;
}

export function Prose({ text }: { text: string }) {
	return <>{text.split(/\n{2,}/).map((b) => b.trim()).filter((b) => b !== "").map(block)}</>;
}

/* Ranges of WORDS below ROOT, whatever elements they run through. */
function rangesOf(root: HTMLElement, words: readonly string[]): Range[] {
	const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT), nodes: { node: Text; from: number }[] = [], ranges: Range[] = [];
	let all = "";

	for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
		nodes.push({ node: node as Text, from: all.length });
		all += (node as Text).data;
	}
	const place = (at: number) => nodes.findLast((n) => n.from <= at);
	const flat = all.replace(/\s/g, " ").replace(/[“”]/g, (c) => (c === "“" ? "‘" : "’"));

	for (const quote of words) {
		const needle = quote.replace(/ …$/, ""), at = needle.length > 2 ? flat.indexOf(needle) : -1;
		const first = place(at), last = place(at + needle.length - 1);

		if (at < 0 || first === undefined || last === undefined)
			continue;
		const range = new Range();

		range.setStart(first.node, at - first.from);
		range.setEnd(last.node, at + needle.length - last.from);
		ranges.push(range);
	}
	return ranges;
}

/* Marks QUOTES in what the reference is on, where the browser can (CSS Custom Highlight API). */
export function useMarks(quotes: readonly string[], key: string) {
	const root = useRef<HTMLElement>(null);

	useEffect(() => {
		if (!("highlights" in CSS) || root.current === null)
			return undefined;
		CSS.highlights.set("quoted", new Highlight(...rangesOf(root.current, quotes)));
		return () => void CSS.highlights.delete("quoted");
	}, [quotes.join("\n"), key]);
	return root;
}
