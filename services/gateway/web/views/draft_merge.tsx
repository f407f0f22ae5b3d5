// Two devices wrote the same field: both texts side by side, and a person chooses.
import { both } from "../lib/autosave";
import type { Saver } from "../lib/saver";
import { t } from "../lib/words";
import { Button } from "../parts/button";
import { Icon } from "../parts/icon";
import { useField } from "../parts/save_state";
import { readSaid, type Said } from "./draft_record";

const WORDS = /\S+\s*/g;

/* Where A and B part: what both begin with, what is A's and B's alone, what both end with. */
export function difference(a: string, b: string): { before: string; a: string; b: string; after: string } {
	const wa = a.match(WORDS) ?? [], wb = b.match(WORDS) ?? [], most = Math.min(wa.length, wb.length);
	let from = 0, to = 0;

	while (from < most && wa[from] === wb[from])
		from++;
	while (to < most - from && wa[wa.length - 1 - to]?.trim() === wb[wb.length - 1 - to]?.trim())
		to++;
	return { before: wa.slice(0, from).join(""), a: wa.slice(from, wa.length - to).join(""), b: wb.slice(from, wb.length - to).join(""), after: to > 0 ? wa.slice(-to).join("") : "" };
}

/* Long common beginnings and ends are no help in choosing. */
const KEEP = 160;

function Version({ title, before, mine, after, id }: { title: string; before: string; mine: string; after: string; id: string }) {
	return (
		<div class="note" id={id}>
			<Icon name="person" size={20} />
			<div>
				<h4>{title}</h4>
				<p class="theirs" dir="auto">{before.length > KEEP ? `… ${before.slice(-KEEP)}` : before}{mine !== "" && <mark>{mine}</mark>}{after.length > KEEP ? `${after.slice(0, KEEP)} …` : after}</p>
			</div>
		</div>
	);
}

/* Declarations are not prose: what they say, in a line. */
function readable(field: string, text: string): string {
	if (field.startsWith("text.") || text === "")
		return text;
	const said = readSaid<"collaboration" | "ai">(text) as Partial<Said["collaboration"] & Said["ai"]>;

	if (field === "said.collaboration")
		return [said.collaborative === true ? t("draft.together") : t("draft.alone"), ...(said.partners ?? []).map((p) => [p.name, p.task].filter(Boolean).join(": ")), said.rationale, said.delegation].filter(Boolean).join("\n");
	if (field === "said.ai")
		return [said.used === true ? t("draft.ai_yes") : t("draft.ai_no"), said.tools, said.purpose, said.how, said.changed].filter(Boolean).join("\n");
	return text;
}

export function Merge({ saver, field, name }: { saver: Saver; field: string; name: string }) {
	const f = useField(saver, field);

	if (f === undefined || f.clash === null)
		return null;
	const theirs = f.clash.text, d = difference(readable(field, f.mine), readable(field, theirs)), id = field.replace(".", "-");

	return (
		<div class="card pad stack merge" role="group" id={`merge-${id}`} tabIndex={-1} aria-labelledby={`merge-${id}-h`}>
			<h3 id={`merge-${id}-h`}>{t("draft.merge", { field: name })}</h3>
			<p class="sm">{t("draft.merge_only")}</p>
			<div class="grid2">
				<Version id={`merge-${id}-mine`} title={t("draft.here")} before={d.before} mine={d.a} after={d.after} />
				<Version id={`merge-${id}-theirs`} title={t("draft.elsewhere")} before={d.before} mine={d.b} after={d.after} />
			</div>
			<p class="bar">
				<Button aria-describedby={`merge-${id}-mine`} onClick={() => saver.choose(field, f.mine)}>{t("draft.keep_here")}</Button>
				<Button aria-describedby={`merge-${id}-theirs`} onClick={() => saver.choose(field, theirs)}>{t("draft.keep_elsewhere")}</Button>
				{field.startsWith("text.") && <Button kind="quiet" onClick={() => saver.choose(field, both(f.mine, f.base, theirs))}>{t("draft.keep_both")}</Button>}
			</p>
		</div>
	);
}
