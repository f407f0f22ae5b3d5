// The earlier versions of a part: to read, and to bring back.
import { useEffect, useState } from "preact/hooks";
import { api, ask, type Schemas } from "../lib/api";
import { moment } from "../lib/time";
import { t } from "../lib/words";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { Failure, Skeleton } from "../parts/state";
import type { Problem } from "../lib/problem";
import type { PartKey } from "./draft_record";

type Version = Schemas["PartVersion"];

const PAGE = 25;

export function History({ id, part, now, locked, onClose, onRestore }: {
	id: string; part: PartKey | null; now: string; locked: boolean; onClose: () => void; onRestore: (text: string) => void;
}) {
	const [list, setList] = useState<Version[] | null>(null), [next, setNext] = useState(""), [chosen, choose] = useState<Version | null>(null);
	const [problem, setProblem] = useState<Problem | null>(null);
	const load = async (cursor: string, before: Version[]) => {
		if (part === null)
			return;
		const result = await ask(api.GET("/submissions/{id}/parts/{key}/history", {
			params: { path: { id, key: part }, query: { limit: PAGE, ...(cursor !== "" ? { cursor } : {}) } } }));

		setProblem(result.ok ? null : result.problem);
		if (!result.ok)
			return;
		const all = [...before, ...result.data.items];

		setList(all);
		setNext(result.data.next ?? "");
		if (cursor === "")
			choose(all[0] ?? null);
	};

	useEffect(() => {
		setList(null);
		choose(null);
		void load("", []);
	}, [part]);
	return (
		<Dialog title={t("draft.history")} wide open={part !== null} onClose={onClose}>
			{problem !== null ? <Failure title={t("draft.history_failed")} problem={problem} again={() => void load("", [])} /> :
				list === null ? <Skeleton lines={4} /> : list.length === 0 ? <p>{t("draft.history_none")}</p> : (
					<div class="versions">
						<ul>{list.map((v) => (
							<li key={v.version}>
								<button type="button" class="version" aria-pressed={v === chosen} onClick={() => choose(v)}>
									<span>{v.savedAt !== undefined ? moment(Date.parse(v.savedAt)) : ""}</span>
									<small>{t("draft.words", { n: v.words })}</small>
								</button>
							</li>
						))}
						{next !== "" && <li><Button small onClick={() => void load(next, list)}>{t("draft.history_more")}</Button></li>}</ul>
						<div class="stack">
							<p class="theirs sheet" dir="auto" tabIndex={0}>{chosen?.text === "" ? t("draft.history_empty") : chosen?.text}</p>
							<p class="bar">
								<Button kind="primary" notYet={locked || chosen?.text === now ? "history-why" : undefined}
									onClick={() => chosen !== null && onRestore(chosen.text)}>{t("draft.restore")}</Button>
								<span class="sm soft" id="history-why">{chosen?.text === now ? t("draft.restore_same") : t("draft.restore_how")}</span>
							</p>
						</div>
					</div>
				)}
		</Dialog>
	);
}
