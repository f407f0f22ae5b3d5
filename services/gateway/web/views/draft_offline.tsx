// The draft as a file, and a file as the draft: looked at before anything is replaced.
import { useRef, useState } from "preact/hooks";
import { countWords } from "../lib/count";
import type { Saver } from "../lib/saver";
import { number } from "../lib/time";
import { t } from "../lib/words";
import { Button, LinkButton } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { Note } from "../parts/tag";
import { toast } from "../parts/toast";
import { partName } from "./draft_checks";
import { readDraftFile, textOfFile, writeDraft, type Read } from "./draft_file";
import { PARTS, textField, type MicroCredential, type PartKey, type Submission } from "./draft_record";

export function Offline({ submission, micro, saver, locked }: { submission: Submission; micro: MicroCredential | undefined; saver: Saver; locked: boolean }) {
	const picker = useRef<HTMLInputElement>(null), [read, setRead] = useState<Read | null>(null), [chosen, choose] = useState<Set<PartKey>>(new Set());
	const titles = PARTS.map((key) => ({ key, title: submission.parts.find((p) => p.key === key)?.title ?? partName(key) }));
	const download = () => {
		const text = writeDraft(submission, micro, (key) => saver.text(textField(key)), (min, max) => t("draft.file_words", { min: number(min), max: number(max) }));
		const a = document.createElement("a");

		a.href = URL.createObjectURL(new Blob([text], { type: "text/markdown;charset=utf-8" }));
		a.download = `${submission.code}.md`;
		a.click();
		setTimeout(() => URL.revokeObjectURL(a.href), 10_000);
	};
	const take = async (file: File) => {
		try {
			const found = readDraftFile(await textOfFile(file), titles);

			choose(new Set(found.parts.filter((p) => p.text !== "" && p.text !== saver.text(textField(p.key))).map((p) => p.key)));
			setRead(found);
		} catch {
			toast(t("draft.file_unreadable", { name: file.name }));
		}
	};
	const replace = () => {
		for (const part of read?.parts ?? [])
			if (chosen.has(part.key))
				saver.edit(textField(part.key), part.text);
		saver.flush();
		setRead(null);
		toast(t("draft.file_done"));
	};

	return (
		<>
			<LinkButton class="sm" onClick={download}>{t("draft.file_download")}</LinkButton>
			{!locked && <LinkButton class="sm" onClick={() => picker.current?.click()}>{t("draft.file_upload")}</LinkButton>}
			<input type="file" accept=".md,.txt,.docx" hidden ref={picker} aria-label={t("draft.file_upload")} onChange={(e) => {
				const file = e.currentTarget.files?.[0];

				e.currentTarget.value = "";
				if (file !== undefined)
					void take(file);
			}} />
			<Dialog title={t("draft.file_look")} wide open={read !== null} onClose={() => setRead(null)}>
				{read !== null && (
					<div class="stack">
						{read.parts.length === 0 ? <Note tone="warn" icon="warn"><p>{t("draft.file_none", { titles: titles.map((x) => `# ${x.title}`).join(", ") })}</p></Note> :
							<p>{t("draft.file_how")}</p>}
						{read.strange.length > 0 && <Note tone="warn" icon="warn"><p>{t("draft.file_strange")} <bdi>{read.strange.join(", ")}</bdi></p></Note>}
						{read.before !== "" && read.parts.length > 0 && <Note icon="info"><p>{t("draft.file_before", { n: countWords(read.before) })}</p></Note>}
						{read.parts.map((p) => (
							<label class="check confirm" key={p.key}>
								<input type="checkbox" checked={chosen.has(p.key)} onChange={(e) => {
									const next = new Set(chosen);

									if (e.currentTarget.checked)
										next.add(p.key);
									else
										next.delete(p.key);
									choose(next);
								}} />
								<span><b>{partName(p.key)}</b> <span class="soft">{t("draft.file_change", { was: countWords(saver.text(textField(p.key))), n: countWords(p.text) })}</span>
									<span class="theirs clip" dir="auto">{p.text.slice(0, 400)}</span></span>
							</label>
						))}
						<p class="bar">
							{read.parts.length > 0 && <Button kind="primary" notYet={chosen.size === 0 ? "file-why" : undefined} onClick={replace}>{t("draft.file_replace", { n: chosen.size })}</Button>}
							<Button kind="quiet" onClick={() => setRead(null)}>{t("app.cancel")}</Button>
							<span class="sm soft" id="file-why">{t("draft.restore_how")}</span>
						</p>
					</div>
				)}
			</Dialog>
		</>
	);
}
