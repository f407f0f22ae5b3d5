import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../lib/words";
import { Icon } from "./icon";

interface Props {
	title: string;
	open: boolean;
	onClose: () => void;
	wide?: boolean;
	children: ComponentChildren;
}

/* The browser's own modal dialog: it keeps the focus, Escape closes it, and the focus goes back. */
export function Dialog({ title, open, onClose, wide = false, children }: Props) {
	const dialog = useRef<HTMLDialogElement>(null);

	useEffect(() => {
		const d = dialog.current;

		if (d === null)
			return;
		if (open && !d.open)
			d.showModal();
		else if (!open && d.open)
			d.close();
	}, [open]);
	return (
		<dialog ref={dialog} class={wide ? "wide" : undefined} aria-label={title} onClose={onClose}
			onClick={(e) => e.target === dialog.current && onClose()}>
			{open && (
				<div class="stack">
					<header class="bar">
						<h2>{title}</h2>
						<button type="button" class="iconlink end" onClick={onClose}><Icon name="close" /><span class="vh">{t("app.close")}</span></button>
					</header>
					{children}
				</div>
			)}
		</dialog>
	);
}
