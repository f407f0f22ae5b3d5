import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../lib/words";

/* What the pages of the account have in common: the title, and the way to the others. */
export function AccountFrame({ here, children }: { here: "you" | "security" | "notifications"; children: ComponentChildren }) {
	const tabs = [["you", "/account", t("settings.you")], ["security", "/account/security", t("settings.security")],
		["notifications", "/account/notifications", t("settings.notifications")]] as const;

	useEffect(() => {
		document.title = `${tabs.find(([name]) => name === here)?.[2]} · ${t("settings.title")} · Vouch`;
	}, []);
	return (
		<div class="wrap narrow accountpage">
			<h1>{t("settings.title")}</h1>
			<nav class="tabs mt2" aria-label={t("settings.tabs")}>{tabs.map(([name, to, words]) => <a href={to} aria-current={name === here ? "page" : undefined}>{words}</a>)}</nav>
			<div class="stack-l">{children}</div>
		</div>
	);
}
