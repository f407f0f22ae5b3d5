import { useEffect, useState } from "preact/hooks";
import type { Field, Shown } from "../lib/autosave";
import type { Saver } from "../lib/saver";
import { clock } from "../lib/time";
import { t } from "../lib/words";
import { jump } from "./field";
import { Icon } from "./icon";
import { Tag } from "./tag";

/* Draws anew when what is shown of saving has changed, not at every key. */
export function useSaver(saver: Saver): Shown {
	const look = () => `${saver.shown} ${saver.machine.savedAt} ${saver.keeps} ${saver.restoredAt}`, [, draw] = useState(look);

	useEffect(() => {
		draw(look);
		return saver.subscribe(() => draw(look));
	}, [saver]);
	return saver.shown;
}

/* One field of SAVER; draws anew when that has changed. */
export function useField(saver: Saver, name: string): Field | undefined {
	const [field, set] = useState(() => saver.machine.fields[name]);

	useEffect(() => {
		set(saver.machine.fields[name]);
		return saver.subscribe(() => set(saver.machine.fields[name]));
	}, [saver, name]);
	return field;
}

/* Where on the page the remedy is, for the states that have one: ids of elements. */
export type Remedies = { [S in Shown]?: string | undefined };

function look(saver: Saver, state: Shown, remedies: Remedies, isSpoken = false) {
	const target = remedies[state];

	if (target !== undefined && !isSpoken)
		return <a class="tag bad" href={`#${target}`} onClick={(e) => jump(e, target)}><Icon name={state === "locked" ? "lock" : "error"} size={14} />{
			state === "clash" ? t("app.clash") : state === "locked" ? t("app.locked") : t("app.refused")}</a>;
	switch (state) {
	case "saved":
		return <span class="saved"><Icon name="check" /><span>{t("app.saved")} <span class="num">{saver.machine.savedAt > 0 && clock(saver.machine.savedAt)}</span></span></span>;
	case "saving":
		return <Tag>{t("app.saving")}</Tag>;
	case "offline":
		return <Tag tone="warn" icon="offline">{saver.keeps ? t("app.offline_kept") : t("app.offline")}</Tag>;
	case "busy":
		return <Tag tone="warn" icon="warn">{saver.keeps ? t("app.busy_kept") : t("app.busy_wait")}</Tag>;
	case "clash":
		return <Tag tone="bad" icon="error">{t("app.clash")}</Tag>;
	case "signed_out":
		if (isSpoken)
			return t("app.signed_out_save");
		return <a class="tag bad" href={`/signin?next=${encodeURIComponent(location.pathname)}`} target="_blank" rel="opener"><Icon name="error" size={14} />{t("app.signed_out_save")}</a>;
	case "locked":
		return <Tag tone="bad" icon="lock">{t("app.locked")}</Tag>;
	case "refused":
		return <Tag tone="bad" icon="error">{t("app.refused")}</Tag>;
	}
}

/* Always on screen and always true. What changes is spoken, but not each "Saving". */
export function SaveState({ saver, remedies = {} }: { saver: Saver; remedies?: Remedies }) {
	const state = useSaver(saver);
	const [spoken, speak] = useState("");

	useEffect(() => {
		if (state !== "saving" && state !== "saved")
			speak(state);
		else if (state === "saved")
			speak("");
	}, [state]);
	return (
		<p class="savestate">
			<span>{look(saver, state, remedies)}</span>
			<span class="vh" role="status">{spoken !== "" && look(saver, state, remedies, true)}</span>
		</p>
	);
}
