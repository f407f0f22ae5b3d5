// A draft as a file to work on without Vouch (DRF-3), and back: Markdown with a
// heading of the first level for each part, what is asked as quotation, then the text.
import type { MicroCredential, PartKey, Submission } from "./draft_record";

export interface Read {
	parts: { key: PartKey; text: string }[]; // those that were found
	strange: string[]; // headings that name no part: their text stays with the part before, with its heading
	before: string; // what stands before the first part
}

const FILE_MAX = 20_000_000;

export function writeDraft(submission: Submission, micro: MicroCredential | undefined, textOf: (key: PartKey) => string, words: (min: number, max: number) => string): string {
	const out: string[] = [];

	for (const part of submission.parts) {
		const asked = micro?.parts.find((p) => p.key === part.key);
		const quote = [...(asked?.prompts ?? []).map((p) => p.text), ...(asked?.rubric?.criteria ?? []).map((c) => `${c.title}: ${c.levels?.find((l) => l.passing === true)?.description ?? ""}`),
			words(part.minWords ?? 0, part.maxWords ?? 0)];

		out.push(`# ${part.title}`, "", ...quote.filter((line) => line !== "").map((line) => `> ${line.replace(/\s*\n\s*/g, " ")}`), "", textOf(part.key as PartKey), "");
	}
	return out.join("\n");
}

const plain = (text: string): string => text.normalize("NFC").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();

/* Which part a heading names: by its title, with or without "Part 1:", or by its number alone. */
function partOf(heading: string, titles: { key: PartKey; title: string }[]): PartKey | null {
	const said = plain(heading), bare = (t: string) => plain(t).replace(/^\p{L}+ \d+ /u, "");

	for (const [i, { key, title }] of titles.entries())
		if (said === plain(title) || said === bare(title) || new RegExp(`^\\p{L}+ ${i + 1}$`, "u").test(said) || said === String(i + 1))
			return key;
	return null;
}

export function readDraftFile(text: string, titles: { key: PartKey; title: string }[]): Read {
	const parts: Read["parts"] = [], strange: string[] = [], before: string[] = [];
	let lines = before, isAsked = false;

	for (const line of text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n").split("\n")) {
		const heading = /^#\s+(.*?)\s*#*\s*$/.exec(line), key = heading !== null ? partOf(heading[1] ?? "", titles) : null;

		if (key !== null) {
			const part = { key, text: "", lines: [] as string[] };

			parts.push(part);
			lines = part.lines;
			isAsked = true;
		} else if (isAsked && (/^>/.test(line) || line.trim() === "")) {
			continue; // what was asked, right below the heading
		} else {
			isAsked = false;
			if (heading !== null && lines !== before)
				strange.push(heading[1] ?? "");
			lines.push(heading !== null && lines !== before ? `#${line}` : line);
		}
	}
	return {
		parts: parts.map((p) => ({ key: p.key, text: (p as unknown as { lines: string[] }).lines.join("\n").trim() })),
		strange, before: before.join("\n").trim(),
	};
}

/* ---- Word ------------------------------------------------------------------------------ */

async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
	const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")), reader = stream.getReader(), pieces: Uint8Array<ArrayBuffer>[] = [];

	for (let n = 0;;) {
		const { done, value } = await reader.read();

		if (done)
			break;
		n += value.length;
		if (n > FILE_MAX)
			throw new Error("too large");
		pieces.push(value);
	}
	return new Blob(pieces).text();
}

/* The entry NAME of a ZIP archive, as text (APPNOTE 4.3). */
export async function unzip(file: ArrayBuffer, name: string): Promise<string> {
	const view = new DataView(file), bytes = new Uint8Array(file), decoder = new TextDecoder();
	let end = file.byteLength - 22;

	while (end >= 0 && view.getUint32(end, true) !== 0x06054b50)
		end--;
	if (end < 0)
		throw new Error("no archive");
	for (let at = view.getUint32(end + 16, true), left = view.getUint16(end + 10, true); left > 0; left--) {
		const [nameLength, extra, comment] = [view.getUint16(at + 28, true), view.getUint16(at + 30, true), view.getUint16(at + 32, true)];

		if (decoder.decode(bytes.subarray(at + 46, at + 46 + nameLength)) === name) {
			const local = view.getUint32(at + 42, true), method = view.getUint16(at + 10, true), size = view.getUint32(at + 20, true);
			const from = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true), data = bytes.slice(from, from + size);

			return method === 0 ? decoder.decode(data) : inflate(data);
		}
		at += 46 + nameLength + extra + comment;
	}
	throw new Error("no such entry");
}

/* The paragraphs of word/document.xml: headings, lists, lines. */
export function readWord(document: Document): string {
	const out: string[] = [];

	for (const p of document.getElementsByTagName("w:p")) {
		const style = p.getElementsByTagName("w:pStyle")[0]?.getAttribute("w:val") ?? "", level = /(?:head|berschrift|titre|t[ií]tulo|encabezado)\D*(\d)/i.exec(style)?.[1];
		let text = "";

		for (const node of p.getElementsByTagName("*"))
			text += node.nodeName === "w:t" ? node.textContent : node.nodeName === "w:tab" ? " " : node.nodeName === "w:br" ? "\n" : "";
		if (text.trim() === "")
			continue;
		const isItem = p.getElementsByTagName("w:numPr").length > 0 && level === undefined;

		// Prompts that were written into the file come back as quotations.
		if (isItem && !/^- /.test(out[out.length - 1] ?? ""))
			out.push("");
		out.push(level !== undefined || /^title$/i.test(style) ? `\n${level === undefined || level === "1" ? "#" : "##"} ${text}\n` : isItem ? `- ${text}` : `\n${text}`);
	}
	return out.join("\n").replace(/\n{3,}/g, "\n\n").trim();
}

export async function textOfFile(file: File): Promise<string> {
	if (file.size > FILE_MAX)
		throw new Error("too large");
	if (/\.docx$/i.test(file.name))
		return readWord(new DOMParser().parseFromString(await unzip(await file.arrayBuffer(), "word/document.xml"), "application/xml"));
	return file.text();
}
