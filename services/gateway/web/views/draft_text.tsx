// The text of one part: what is asked, a field that grows, what was found in it, the count of words.
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { countWords, within } from "../lib/count";
import { readPasted } from "../lib/paste";
import type { Saver } from "../lib/saver";
import { number } from "../lib/time";
import { t } from "../lib/words";
import { Button, LinkButton } from "../parts/button";
import { useField } from "../parts/save_state";
import { Note } from "../parts/tag";
import { toast } from "../parts/toast";
import type { Finding } from "./draft_checks";
import { countedWords, textField, type Counted, type PartKey } from "./draft_record";

const COUNT_MS = 150, SPEAK_MS = 1_200, PLAIN_MIN = 40;

/*
 * Words are counted when typing rests: 5,000 of them must not slow a key. Of a text that
 * the server has counted its count is the one that counts.
 */
function useCount(text: string, counted: Counted | undefined): number {
	const [count, set] = useState(() => countWords(text));

	useEffect(() => {
		const timer = setTimeout(() => set(countWords(text)), COUNT_MS);

		return () => clearTimeout(timer);
	}, [text]);
	return counted !== undefined && counted.text === text ? counted.words : count;
}

function sentence(n: number, min: number, max: number): string {
	const words = t("draft.words", { n });

	switch (within(n, min, max)) {
	case "short":
	case "empty":
		return min > 0 ? t("draft.words_short", { words, more: min - n, min: number(min), max: number(max) }) : words;
	case "over":
		return t("draft.words_over", { words, many: n - max, max: number(max) });
	case "within":
		return t("draft.words_within", { words, min: number(min), max: number(max) });
	default:
		return words;
	}
}

export function Count({ id, text, min, max, counted }: { id: string; text: string; min: number; max: number; counted: Counted | undefined }) {
	const n = useCount(text, counted), limit = within(n, min, max);
	const tone = limit === "over" ? "p-bad" : limit === "within" ? "p-ok" : "";
	const said = sentence(n, min, max);
	const [spoken, speak] = useState("");

	useEffect(() => {
		const timer = setTimeout(() => speak((was) => (was === "" && text === "" ? "" : said)), SPEAK_MS);

		return () => clearTimeout(timer);
	}, [said]);
	return (
		<p class="count" id={id}>
			<progress value={Math.min(n, max || n)} max={Math.max(1, max || min || n)} class={tone} aria-label={t("draft.word_count")} />
			<span class={limit === "over" ? "r" : undefined}>{said}</span>
			<span class="vh" role="status">{spoken === said ? "" : spoken}</span>
		</p>
	);
}

/* TEXT with the passages marked, behind the field: what stands in front is the same text. */
function Marks({ text, passages }: { text: string; passages: string[] }) {
	const pieces = useMemo(() => {
		// Nothing to mark: a long text is not laid out twice.
		if (passages.length === 0)
			return [];
		const out: (string | { mark: string })[] = [];
		let rest = text;

		for (let bound = 0; bound < 200; bound++) {
			let at = -1, found = "";

			for (const p of passages) {
				const i = rest.indexOf(p);

				if (i >= 0 && (at < 0 || i < at))
					[at, found] = [i, p];
			}
			if (at < 0)
				break;
			out.push(rest.slice(0, at), { mark: found });
			rest = rest.slice(at + found.length);
		}
		out.push(rest);
		return out;
	}, [text, passages.join("\u0000")]);

	return <div class="marks" aria-hidden="true" dir="auto">{pieces.map((p) => (typeof p === "string" ? p : <mark>{p.mark}</mark>))}{"\n"}</div>;
}

/* "D. W." of a name; nothing of other things. */
export function initials(passage: string): string | null {
	const words = passage.split(/\s+/).filter((w) => /^\p{Lu}\p{L}+/u.test(w));

	return words.length >= 2 ? words.slice(-2).map((w) => `${[...w][0]}.`).join(" ") : null;
}

interface Props {
	saver: Saver;
	part: PartKey;
	title: string; // of the part
	min: number;
	max: number;
	findings: Finding[]; // of this part, that are not dismissed
	locked: boolean;
	onDismiss: (finding: Finding) => void;
	hintId: string | undefined;
	children?: never;
}

export function PartText({ saver, part, title, min, max, findings, locked, onDismiss, hintId }: Props) {
	const area = useRef<HTMLTextAreaElement>(null), field = textField(part), id = `text-${part}`;
	const state = useField(saver, field), text = state?.mine ?? "", refused = state?.refused ?? null;
	const passages = findings.map((f) => f.check.excerpt ?? "").filter((e) => e !== "" && text.includes(e));

	// The element keeps its own text while somebody types; only another text is written into it.
	useLayoutEffect(() => {
		if (area.current !== null && area.current.value !== text)
			area.current.value = text;
	}, [text]);

	/* Puts TEXT in the place of what is selected, so that the browser can undo it. */
	const insert = (what: string) => {
		const a = area.current;

		if (a === null)
			return;
		a.focus();
		if (!document.execCommand("insertText", false, what)) {
			a.setRangeText(what, a.selectionStart, a.selectionEnd, "end");
			a.dispatchEvent(new InputEvent("input", { bubbles: true }));
		}
	};
	const paste = (e: ClipboardEvent) => {
		const html = e.clipboardData?.getData("text/html") ?? "";

		if (html === "" || locked)
			return;
		const { text: pasted, pictures } = readPasted(new DOMParser().parseFromString(html, "text/html").body);
		const n = countWords(pasted);

		if (pasted === "" && pictures === 0)
			return;
		e.preventDefault();
		insert(pasted);
		if (pictures > 0)
			toast(t("draft.pasted_pictures", { n, pictures }));
		else if (n >= PLAIN_MIN)
			toast(t("draft.pasted", { n }));
	};
	const select = (passage: string) => {
		const a = area.current, at = a?.value.indexOf(passage) ?? -1;

		if (a === null || at < 0)
			return false;
		a.focus();
		a.setSelectionRange(at, at + passage.length);
		return true;
	};

	return (
		<div class={refused !== null ? "field err" : "field"}>
			<label for={id} class="vh">{t("draft.your_text", { part: title })}</label>
			{refused !== null && <p class="errmsg" id={`${id}-error`}><span class="vh">{t("app.error")} </span>{refused}</p>}
			<div class="paper">
				<Marks text={text} passages={passages} />
				<textarea id={id} ref={area} rows={6} dir="auto" spellcheck readOnly={locked} onPaste={paste}
					aria-invalid={refused !== null ? "true" : undefined}
					aria-describedby={[refused !== null && `${id}-error`, hintId, `${id}-count`].filter(Boolean).join(" ")}
					onInput={(e) => saver.edit(field, e.currentTarget.value)} onBlur={() => saver.flush()} />
			</div>
			<Count id={`${id}-count`} text={text} min={min} max={max} counted={countedWords(part)} />
			{findings.filter((f) => f.check.rule === "personal_information" && text.includes(f.check.excerpt ?? "")).map((f) => (
				<PersonalNote key={f.key} finding={f} there={f.check.excerpt !== undefined && text.includes(f.check.excerpt)}
					onShow={() => select(f.check.excerpt ?? "")} onDismiss={() => onDismiss(f)}
					onReplace={(what) => select(f.check.excerpt ?? "") && insert(what)} />
			))}
		</div>
	);
}

/* What looks like somebody's name or address: where it is, one fix, and "no, that is fine". */
function PersonalNote({ finding, there, onShow, onReplace, onDismiss }: {
	finding: Finding; there: boolean; onShow: () => void; onReplace: (text: string) => void; onDismiss: () => void;
}) {
	const passage = finding.check.excerpt ?? "", short = initials(passage) ?? t("draft.left_out");
	const title = passage !== "" ? t("draft.personal_passage", { passage }) : t("draft.personal");

	return (
		<div class="mt2">
			<Note tone="warn" icon="shield">
				<p><strong>{title}</strong>{" "}
					{!finding.isForeign && finding.text !== title && <span dir="auto">{finding.text}</span>}</p>
				<p class="bar mt2">
					{there && <Button small onClick={() => onReplace(short)}>{t("draft.replace", { text: short })}</Button>}
					{there && <LinkButton class="sm" onClick={onShow}>{t("draft.show_passage")}</LinkButton>}
					<LinkButton class="sm" onClick={onDismiss}>{t("draft.is_fine")}</LinkButton>
				</p>
			</Note>
		</div>
	);
}
