// A polite word about what was done, for six seconds, or with an undo for ten. It
// is never the only record of anything.
import { useEffect, useState } from "preact/hooks";

interface Said {
	text: string;
	action?: { label: string; run: () => void } | undefined;
	id: number;
}

const PLAIN_MS = 6_000, UNDO_MS = 10_000;
let show: ((said: Said | null) => void) | undefined, next = 1;

export function toast(text: string, action?: Said["action"]): void {
	show?.({ text, action, id: next++ });
}

export function Toasts() {
	const [said, set] = useState<Said | null>(null);

	show = set;
	useEffect(() => {
		if (said === null)
			return undefined;
		const timer = setTimeout(() => set(null), said.action !== undefined ? UNDO_MS : PLAIN_MS);

		return () => clearTimeout(timer);
	}, [said]);
	return (
		<div class="toasts" role="status" aria-live="polite">
			{said !== null && (
				<p class="toast" key={said.id}>
					<span>{said.text}</span>
					{said.action !== undefined && (
						<button type="button" class="link" onClick={() => {
							said.action?.run();
							set(null);
						}}>{said.action.label}</button>
					)}
				</p>
			)}
		</div>
	);
}
