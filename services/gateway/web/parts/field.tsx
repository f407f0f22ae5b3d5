import type { ComponentChildren, VNode } from "preact";
import { cloneElement } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../lib/words";
import { Icon } from "./icon";

interface Props {
	id: string;
	label: ComponentChildren;
	hint?: ComponentChildren | undefined;
	error?: string | undefined; // shown after leaving the field or on submit, never while typing
	describedBy?: string | undefined;
	children: VNode; // the control: it gets id, aria-invalid and aria-describedby
	after?: ComponentChildren;
}

export function Field({ id, label, hint, error, describedBy, children, after }: Props) {
	const said = [error !== undefined && `${id}-error`, hint !== undefined && `${id}-hint`, describedBy].filter(Boolean).join(" ");

	return (
		<div class={error !== undefined ? "field err" : "field"}>
			<label for={id}>{label}</label>
			{hint !== undefined && <p class="hint" id={`${id}-hint`}>{hint}</p>}
			{error !== undefined && <ErrorText id={`${id}-error`} text={error} />}
			{cloneElement(children, { id, "aria-invalid": error !== undefined ? "true" : undefined, "aria-describedby": said || undefined })}
			{after}
		</div>
	);
}

export function ErrorText({ id, text }: { id: string; text: string }) {
	return (
		<p class="errmsg" id={id}>
			<Icon name="error" size={16} /><span><span class="vh">{t("app.error")} </span><span dir="auto">{text}</span></span>
		</p>
	);
}

export interface Mistake {
	target: string; // the id of what has to be mended
	text: string; // word for word what stands beside it
}

/* On top of a form that was refused: takes the focus, names everything, leads to it. */
export function ErrorSummary({ mistakes, turn }: { mistakes: Mistake[]; turn: number }) {
	const box = useRef<HTMLDivElement>(null);

	useEffect(() => {
		if (turn > 0 && mistakes.length > 0)
			box.current?.focus();
	}, [turn]);
	if (mistakes.length === 0)
		return null;
	return (
		<div class="note bad" role="alert" tabIndex={-1} ref={box} aria-labelledby="errors">
			<Icon name="error" size={20} />
			<div>
				<h2 class="h" id="errors">{t("app.to_fix", { n: mistakes.length })}</h2>
				<ul>{mistakes.map((m) => <li><a href={`#${m.target}`} onClick={(e) => jump(e, m.target)}>{m.text}</a></li>)}</ul>
			</div>
		</div>
	);
}

/* Leads to an element and gives it the focus, without a step in the history. */
export function jump(e: Event | null, target: string): void {
	const element = document.getElementById(target);

	e?.preventDefault();
	element?.scrollIntoView({ block: "center" });
	if (element !== null && element.tabIndex < 0 && !element.hasAttribute("tabindex"))
		element.tabIndex = -1;
	element?.focus({ preventScroll: true });
}

