import { useState } from "preact/hooks";
import { keysOn, switchKeys } from "../lib/keys";
import { t } from "../lib/words";
import { Dialog } from "./dialog";

export type KeyRow = [string[], string]; // keys in their order, and what they do

/* The keys of a desk, and the switch for those that are a single letter. */
export function KeysDialog({ rows, open, onClose }: { rows: KeyRow[]; open: boolean; onClose: () => void }) {
	const [on, set] = useState(keysOn());

	return (
		<Dialog title={t("queue.keys")} open={open} onClose={onClose}>
			<dl class="keys">{rows.map(([keys, text]) => <><dt dir="ltr">{keys.map((k) => <kbd>{k}</kbd>)}</dt><dd>{text}</dd></>)}</dl>
			<label class="check"><input type="checkbox" checked={on} onChange={(e) => {
				switchKeys(e.currentTarget.checked);
				set(e.currentTarget.checked);
			}} /><span>{t("queue.keys_on")}</span></label>
		</Dialog>
	);
}
