import type { ComponentChildren, JSX } from "preact";

type Kind = "primary" | "plain" | "quiet" | "danger";

const classes: { [K in Kind]: string } = { primary: "btn pri", plain: "btn", quiet: "btn q", danger: "btn danger" };

interface Props extends Omit<JSX.IntrinsicElements["button"], "ref" | "size" | "disabled"> {
	kind?: Kind;
	small?: boolean;
	large?: boolean;
	end?: boolean; // at the end of its bar
	notYet?: string | undefined; // the id of the sentence that says why it cannot be pressed yet
	busy?: string | false; // what it says while it works; the width is kept
	children: ComponentChildren;
}

/* Never "disabled": whoever cannot press it has to be able to find out why. */
export function Button({ kind = "plain", small, large, end, notYet, busy = false, onClick, children, class: more, ...rest }: Props) {
	const stops = notYet !== undefined || busy !== false;
	const looks = [classes[kind], small === true && "s", large === true && "lg", end === true && "end", more].filter(Boolean).join(" ");

	return (
		<button type="button" {...rest} class={looks} aria-disabled={stops ? "true" : undefined} aria-busy={busy !== false ? "true" : undefined}
			aria-describedby={notYet ?? rest["aria-describedby"]}
			onClick={(e) => (stops ? e.preventDefault() : onClick?.call(undefined as never, e))}>
			{busy !== false ? <span class="busy"><span>{busy}</span><span aria-hidden="true">{children}</span></span> : children}
		</button>
	);
}

/* What looks like a link and does something here. */
export function LinkButton({ children, class: more, ...rest }: Omit<JSX.IntrinsicElements["button"], "ref"> & { children: ComponentChildren }) {
	return <button type="button" {...rest} class={["link", more].filter(Boolean).join(" ")}>{children}</button>;
}
