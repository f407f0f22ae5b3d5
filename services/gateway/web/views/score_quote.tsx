// Passages of the work: what is selected on the page, or typed off from what has no text here.
import { useState } from "preact/hooks";
import { t } from "../lib/words";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";

/* The words that are selected within the element ID. */
export function selectionIn(id: string): string {
	const selection = getSelection(), root = document.getElementById(id), from = selection?.anchorNode, to = selection?.focusNode;

	if (selection === null || root === null || from == null || to == null || !root.contains(from) || !root.contains(to))
		return "";
	return selection.toString().trim();
}

/* Where the film or the recording stands: "02:10". */
function mediaTime(): string {
	const media = document.querySelector<HTMLMediaElement>("#evidence :is(video, audio)");

	const at = Math.floor(media?.currentTime ?? 0);

	return media === null ? "" : `${String(Math.floor(at / 60)).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}`;
}

export function QuoteDialog({ open, title, onClose, onQuote }: { open: boolean; title: string; onClose: () => void; onQuote: (quote: string, source: string) => void }) {
	return <Dialog title={t("score.quote_from", { title })} open={open} onClose={onClose}>{open && <QuoteForm title={title} onQuote={onQuote} />}</Dialog>;
}

function QuoteForm({ title, onQuote }: { title: string; onQuote: (quote: string, source: string) => void }) {
	const [words, write] = useState(""), [where, place] = useState(mediaTime);
	const done = () => words.trim() !== "" && onQuote(words, where.trim() !== "" ? `${title}, ${where.trim()}` : title);

	return (
		<>
			<div class="field"><label for="q-words">{t("score.quote_words")}</label><p class="hint">{t("score.quote_how")}</p><textarea id="q-words" rows={3} dir="auto" value={words} onInput={(e) => write(e.currentTarget.value)} /></div>
			<div class="field"><label for="q-where">{t("score.quote_where")}</label><input id="q-where" value={where} onInput={(e) => place(e.currentTarget.value)} placeholder={t("score.quote_where_hint")} /></div>
			<p class="bar"><Button kind="primary" onClick={done}>{t("score.quote_put")}</Button></p>
		</>
	);
}
