// "/account": the name on credentials, language, time zone, colours, keys.
import { useRef, useState } from "preact/hooks";
import { api, ask, type Schemas } from "../lib/api";
import type { Boot } from "../lib/boot";
import { keysOn, switchKeys } from "../lib/keys";
import type { Problem } from "../lib/problem";
import { deviceZone } from "../lib/time";
import { language, t } from "../lib/words";
import { Button, LinkButton } from "../parts/button";
import { ErrorSummary, Field, type Mistake } from "../parts/field";
import { sentenceOf } from "../parts/state";
import { Note, Tag } from "../parts/tag";
import { toast } from "../parts/toast";
import { AccountFrame } from "./account_frame";

export type AccountBoot = Boot<Schemas["Session"]>;

const LANGUAGES = ["en", "es", "ar"], THEMES = ["auto", "light", "dark"] as const;

/* Each language in its own words. */
const nameOf = (code: string): string => new Intl.DisplayNames([code], { type: "language" }).of(code) ?? code;

function zones(chosen: string): string[] {
	const all = Intl.supportedValuesOf("timeZone");

	return chosen === "" || all.includes(chosen) ? all : [chosen, ...all];
}

function Email({ email, isConfirmed }: { email: string; isConfirmed: boolean }) {
	const send = async () => {
		const sent = await ask(api.POST("/accounts/mail", { body: { email, kind: "confirmation" } }));

		toast(sent.ok ? t("settings.mail_sent", { email }) : sentenceOf(sent.problem));
	};

	return (
		<div class="field">
			<p class="label">{t("settings.email")}</p>
			<p class="bar"><bdi>{email}</bdi> {isConfirmed ? <Tag tone="ok" icon="check">{t("settings.confirmed")}</Tag> :
				<><Tag tone="warn">{t("settings.unconfirmed")}</Tag><LinkButton class="sm" onClick={() => void send()}>{t("settings.confirm_again")}</LinkButton></>}</p>
		</div>
	);
}

function Profile({ account }: { account: Schemas["Account"] }) {
	const [name, setName] = useState(account.name ?? ""), [lang, setLang] = useState(account.locale?.slice(0, 2) || language), [zone, setZone] = useState(account.timeZone || deviceZone);
	const [asked, setAsked] = useState(0), [busy, setBusy] = useState(false), [problem, setProblem] = useState<Problem | null>(null), [isSaved, setSaved] = useState(location.hash === "#saved");
	const refused = problem !== null && problem.kind === "invalid" ? problem.errors : [];
	const wrong = (field: string, local: string | undefined) => local ?? refused.find((e) => e.field === field)?.message;
	const errors = asked === 0 ? {} : { name: wrong("name", name.trim() === "" ? t("settings.name_missing") : undefined), lang: wrong("locale", undefined), zone: wrong("timeZone", undefined) };
	const mistakes = Object.entries(errors).flatMap(([target, text]): Mistake[] => (text !== undefined ? [{ target, text }] : []));
	const save = async (e: Event) => {
		e.preventDefault();
		setAsked((n) => n + 1);
		setSaved(false);
		if (name.trim() === "")
			return;
		setBusy(true);
		const done = await ask(api.PUT("/me", { body: { name: name.trim(), locale: lang, timeZone: zone } }));

		setBusy(false);
		setProblem(done.ok ? null : done.problem);
		setAsked(done.ok ? 0 : asked + 1);
		if (!done.ok)
			return;
		// A choice in the foot of a page stands before the account's: it is made here too.
		if (lang !== language)
			return location.assign(`/preferences?lang=${lang}&next=${encodeURIComponent("/account#saved")}`);
		setSaved(true);
	};

	return (
		<form class="stack" onSubmit={(e) => void save(e)} noValidate>
			<ErrorSummary mistakes={mistakes} turn={asked} />
			{problem !== null && refused.length === 0 && <Note tone="bad" icon="error" role="alert"><strong>{t("settings.not_saved")}</strong> {sentenceOf(problem)}</Note>}
			<Field id="name" label={t("settings.name")} hint={t("settings.name_hint")} error={errors.name}>
				<input type="text" value={name} maxLength={200} autocomplete="name" dir="auto" required onInput={(e) => setName(e.currentTarget.value)} />
			</Field>
			<Email email={account.email ?? ""} isConfirmed={account.confirmed === true} />
			<Field id="lang" label={t("settings.language")} hint={t("settings.language_hint")} error={errors.lang}>
				<select value={lang} onChange={(e) => setLang(e.currentTarget.value)}>{LANGUAGES.map((code) => <option value={code} lang={code}>{nameOf(code)}</option>)}</select>
			</Field>
			<Field id="zone" label={t("settings.zone")} hint={t("settings.zone_hint")} error={errors.zone}
				after={zone !== deviceZone && <p class="sm mt2">{t("settings.zone_here", { zone: deviceZone })} <LinkButton onClick={() => setZone(deviceZone)}>{t("settings.zone_use")}</LinkButton></p>}>
				<select value={zone} dir="ltr" onChange={(e) => setZone(e.currentTarget.value)}>{zones(zone).map((z) => <option value={z}>{z.replaceAll("_", " ")}</option>)}</select>
			</Field>
			<p class="bar"><Button kind="primary" type="submit" busy={busy && t("settings.saving")}>{t("settings.save")}</Button><span class="saved" role="status">{isSaved && t("settings.saved")}</span></p>
		</form>
	);
}

export function Account({ boot }: { boot: AccountBoot }) {
	const [keys, setKeys] = useState(keysOn()), account = boot.data.account, theme = useRef(document.documentElement.dataset["theme"] ?? "auto").current;
	const words = { auto: t("shell.theme_auto"), light: t("shell.theme_light"), dark: t("shell.theme_dark") };

	return (
		<AccountFrame here="you">
			{account !== undefined && <Profile account={account} />}
			<section class="stack-s">
				<h2>{t("settings.theme")}</h2>
				<p class="choose">{THEMES.map((name) => <a class="btn" href={`/preferences?theme=${name}&next=/account`} aria-current={name === theme ? "true" : undefined}>{words[name]}</a>)}</p>
			</section>
			<section class="stack-s">
				<h2>{t("settings.keyboard")}</h2>
				<label class="check"><input type="checkbox" checked={keys} onChange={(e) => {
					switchKeys(e.currentTarget.checked);
					setKeys(e.currentTarget.checked);
				}} /><span>{t("settings.keys_on")}</span></label>
			</section>
			<p><a class="btn" href="/signout">{t("settings.signout")}</a></p>
		</AccountFrame>
	);
}
