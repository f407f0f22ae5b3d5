// What is asked for, beside the draft: it never takes the place of what is being written.
import { useEffect, useRef } from "preact/hooks";
import { t } from "../lib/words";
import { Icon } from "../parts/icon";
import type { MicroCredential } from "./draft_record";
import { Theirs } from "./draft_rubric";

export function Requirements({ id, micro, open, onClose }: { id: string; micro: MicroCredential | undefined; open: boolean; onClose: () => void }) {
	const head = useRef<HTMLHeadingElement>(null), from = useRef<Element | null>(null);

	useEffect(() => {
		if (!open)
			return undefined;
		const escape = (e: KeyboardEvent) => e.key === "Escape" && document.querySelector("dialog[open]") === null && onClose();

		from.current = document.activeElement;
		head.current?.focus();
		addEventListener("keydown", escape);
		return () => {
			removeEventListener("keydown", escape);
			(from.current as HTMLElement | null)?.focus();
		};
	}, [open]);
	if (!open)
		return null;
	return (
		<aside class="drawer" id={id} aria-labelledby={`${id}-h`}>
			<header class="bar">
				<h2 id={`${id}-h`} tabIndex={-1} ref={head}>{t("draft.requirements")}</h2>
				<button type="button" class="iconlink end" onClick={onClose}><Icon name="close" /><span class="vh">{t("app.close")}</span></button>
			</header>
			{micro === undefined ? <div class="stack-s"><div class="skel" /><div class="skel" /></div> : (
				<div class="stack">
					<section><h3>{t("draft.competency")}</h3><Theirs text={micro.competency} /></section>
					{micro.keyMethod !== "" && <section><h3>{t("draft.method")}</h3><Theirs text={micro.keyMethod} /></section>}
					{(micro.methodComponents?.length ?? 0) > 0 && <ul class="stack-s">{micro.methodComponents?.map((c) => (
						<li key={c.id}><h4 dir="auto">{c.title}</h4><Theirs text={c.description} class="sm" /></li>
					))}</ul>}
					{micro.guidelines !== "" && <section><h3>{t("draft.guidelines")}</h3><Theirs text={micro.guidelines} /></section>}
					<p><a href={`/mc/${micro.id}`} target="_blank">{t("draft.whole")}</a></p>
				</div>
			)}
		</aside>
	);
}
