// What assessors look for, beside the text: the same words that they see.
import { useState } from "preact/hooks";
import { t } from "../lib/words";
import type { MicroCredential, PartKey } from "./draft_record";

/* What an issuer wrote: its own direction; lines stay lines. */
export function Theirs({ text, class: looks, id }: { text: string | undefined; class?: string; id?: string }) {
	return text === undefined || text === "" ? null : <p class={`theirs ${looks ?? ""}`} id={id} dir="auto">{text}</p>;
}

/* Ticks are the earner's own, for themselves (DRF-4): they stay on this device. */
function useTicks(place: string): [Set<string>, (id: string, on: boolean) => void] {
	const [ticks, set] = useState<Set<string>>(() => {
		try {
			return new Set(JSON.parse(localStorage.getItem(place) ?? "[]") as string[]);
		} catch {
			return new Set();
		}
	});

	return [ticks, (id, on) => {
		const next = new Set(ticks);

		if (on)
			next.add(id);
		else
			next.delete(id);
		set(next);
		try {
			localStorage.setItem(place, JSON.stringify([...next]));
		} catch {
			// A browser that keeps nothing: the tick is there until the page is left.
		}
	}];
}

export function Rubric({ micro, part, n, place }: { micro: MicroCredential | undefined; part: PartKey; n: number; place: string }) {
	const [ticks, tick] = useTicks(`${place}/ticks/${part}`);
	const criteria = micro?.parts.find((p) => p.key === part)?.rubric?.criteria ?? [];

	return (
		<aside aria-labelledby={`rubric-${part}`}>
			<h3 id={`rubric-${part}`}>{t("draft.rubric", { n })}</h3>
			{micro === undefined ? <div class="stack-s mt2" aria-busy="true"><div class="skel" /><div class="skel" /><div class="skel" /></div> :
				criteria.length === 0 ? <p class="soft">{t("draft.no_rubric")}</p> : <p class="soft">{t("draft.tick")}</p>}
			{criteria.map((c) => {
				const reach = c.levels?.find((l) => l.passing === true);

				return (
					<div class="rb" key={c.id}>
						<label class="check">
							<input type="checkbox" checked={ticks.has(c.id ?? "")} onChange={(e) => tick(c.id ?? "", e.currentTarget.checked)} />
							<span dir="auto"><b>{c.title}</b></span>
						</label>
						{reach !== undefined && <p class="reach" dir="auto">{reach.description || reach.title}</p>}
						{(c.levels?.length ?? 0) > 1 && (
							<details>
								<summary>{t("draft.levels")}</summary>
								<dl class="levels">{c.levels?.map((l) => (
									<>
										<dt><bdi>{l.title}</bdi>{l.passing === true && <span class="soft"> {t("draft.reaches")}</span>}</dt>
										<dd dir="auto">{l.description}</dd>
									</>
								))}</dl>
							</details>
						)}
					</div>
				);
			})}
		</aside>
	);
}

export function Prompts({ micro, part }: { micro: MicroCredential | undefined; part: PartKey }) {
	const given = micro?.parts.find((p) => p.key === part);

	if (given === undefined)
		return null;
	return (
		<>
			<Theirs text={given.introduction} class="soft" />
			{(given.prompts?.length ?? 0) > 0 && <ul class="prompts">{given.prompts?.map((p) => <li key={p.id}><span dir="auto">{p.text}</span></li>)}</ul>}
		</>
	);
}
