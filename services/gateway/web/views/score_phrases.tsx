// Sentences that an assessor says often: kept on this device, with variables.
import { useState } from "preact/hooks";
import { t } from "../lib/words";
import { Button, LinkButton } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { Tag } from "../parts/tag";
import { kindName, toneOfKind } from "./score_words";
import type { Kind } from "./score_rule";

export interface Phrase {
	kind: Kind;
	text: string;
}
/* What stands for {criterion}, {part}, {level}, {title}. */
export type Values = { [name: string]: string };

const MAX = 200;

export function filled(text: string, values: Values): string {
	return text.replace(/\{([a-z]+)\}/g, (whole, name: string) => values[name] ?? whole);
}

function starters(): Phrase[] {
	return [
		{ kind: "praise", text: t("score.starter_praise", { criterion: "{criterion}" }) },
		{ kind: "challenge", text: t("score.starter_challenge", { criterion: "{criterion}", level: "{level}" }) },
		{ kind: "personal", text: t("score.starter_personal", { title: "{title}" }) },
	];
}

export function readPhrases(place: string): Phrase[] {
	try {
		const kept = localStorage.getItem(place);

		return kept === null ? starters() : (JSON.parse(kept) as Phrase[]).slice(0, MAX);
	} catch {
		return starters();
	}
}

export function keepPhrases(place: string, phrases: Phrase[]): boolean {
	try {
		localStorage.setItem(place, JSON.stringify(phrases.slice(0, MAX)));
		return true;
	} catch {
		return false;
	}
}

export function Phrases({ place, open, values, onClose, onPick }: {
	place: string; open: boolean; values: Values; onClose: () => void; onPick: (phrase: Phrase) => void;
}) {
	return <Dialog title={t("score.phrases")} open={open} onClose={onClose}>{open && <List place={place} values={values} onPick={onPick} />}</Dialog>;
}

function List({ place, values, onPick }: { place: string; values: Values; onPick: (phrase: Phrase) => void }) {
	const [all, set] = useState(() => readPhrases(place)), [q, look] = useState("");
	const [text, write] = useState(""), [kind, choose] = useState<Kind>("challenge"), [kept, setKept] = useState(true);
	const found = all.filter((p) => filled(p.text, values).toLocaleLowerCase().includes(q.toLocaleLowerCase()));
	const change = (next: Phrase[]) => {
		set(next);
		setKept(keepPhrases(place, next));
	};

	return (
		<>
			<p class="xs soft">{kept ? t("score.phrases_how") : t("score.phrases_lost")}</p>
			<input type="search" aria-label={t("score.phrases_find")} placeholder={t("score.phrases_find")} value={q} onInput={(e) => look(e.currentTarget.value)}
				onKeyDown={(e) => {
					const first = found[0];

					if (e.key === "Enter" && first !== undefined) {
						e.preventDefault(); // the key is not meant for the note that gets the focus
						onPick({ ...first, text: filled(first.text, values) });
					}
				}} autofocus />
			<ul class="phrases">
				{found.map((p) => (
					<li>
						<button type="button" class="version" dir="auto" onClick={() => onPick({ ...p, text: filled(p.text, values) })}>
							<Tag tone={toneOfKind(p.kind)}>{kindName(p.kind)}</Tag> {filled(p.text, values)}
						</button>
						<LinkButton class="xs" onClick={() => change(all.filter((other) => other !== p))}>{t("score.phrase_remove")}<span class="vh"> {filled(p.text, values)}</span></LinkButton>
					</li>
				))}
				{found.length === 0 && <li class="soft sm">{t("score.phrases_none")}</li>}
			</ul>
			<details>
				<summary class="sm">{t("score.phrase_add")}</summary>
				<div class="stack-s mt2">
					<label class="sm" for="phrase-kind">{t("score.phrase_kind")}</label>{" "}
					<select id="phrase-kind" value={kind} onChange={(e) => choose(e.currentTarget.value as Kind)}>
						{(["praise", "challenge", "resource", "personal"] as const).map((k) => <option value={k}>{kindName(k)}</option>)}
					</select>
					<label class="sm" for="phrase-text">{t("score.phrase_text", { variables: "{criterion} {level} {part} {title}" })}</label>
					<textarea id="phrase-text" rows={2} maxLength={2000} value={text} dir="auto" onInput={(e) => write(e.currentTarget.value)} />
					<Button small onClick={() => {
						if (text.trim() === "")
							return;
						change([{ kind, text: text.trim() }, ...all]);
						write("");
					}}>{t("score.phrase_keep")}</Button>
				</div>
			</details>
		</>
	);
}
