// What a page shows when it has nothing to show: loading, nothing there, failed.
import type { ComponentChildren } from "preact";
import type { Problem } from "../lib/problem";
import { t } from "../lib/words";
import { Button } from "./button";
import { Icon, type IconName } from "./icon";

export function Skeleton({ lines = 3 }: { lines?: number }) {
	return (
		<div class="card pad stack-s" aria-busy="true">
			<p class="vh" role="status">{t("app.loading")}</p>
			{Array.from({ length: lines }, () => <div class="skel" />)}
		</div>
	);
}

export function Empty({ icon, title, children, action }: { icon?: IconName; title: string; children?: ComponentChildren; action?: ComponentChildren }) {
	return (
		<div class="card empty">
			{icon !== undefined && <Icon name={icon} size={40} />}
			<h2>{title}</h2>
			{children !== undefined && <p>{children}</p>}
			{action}
		</div>
	);
}

/* One sentence for what went wrong, in words for a person who cannot mend it. */
export function sentenceOf(p: Problem): string {
	switch (p.kind) {
	case "unreached":
		return t("app.unreached");
	case "busy":
		return t("app.busy");
	case "unauthenticated":
		return t("app.signed_out");
	case "forbidden":
		return t("app.forbidden");
	case "not_found":
		return t("app.not_found");
	case "stale":
		return t("app.stale");
	default:
		return p.detail !== "" ? p.detail : t("app.failed");
	}
}

export function Failure({ title, problem, again, children }: { title: string; problem: Problem; again?: () => void; children?: ComponentChildren }) {
	const reference = problem.kind === "unreached" ? "" : problem.reference;

	return (
		<div class="card pad stack-s" role="alert">
			<h2>{title}</h2>
			<p class="sm" dir="auto">{sentenceOf(problem)}</p>
			{children}
			<p class="bar">
				{again !== undefined && <Button small onClick={again}>{t("app.again")}</Button>}
				{problem.kind === "unauthenticated" && <a class="btn s pri" href={`/signin?next=${encodeURIComponent(location.pathname)}`}>{t("app.sign_in")}</a>}
				{reference !== "" && <span class="xs soft num">{t("app.reference", { reference: reference.slice(0, 8) })}</span>}
			</p>
		</div>
	);
}
