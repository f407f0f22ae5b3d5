// What programs may do in somebody's name: tokens with scopes, each shown once.
import { useRef, useState } from "preact/hooks";
import { api, ask, type Schemas } from "../lib/api";
import type { Problem } from "../lib/problem";
import { useResource } from "../lib/resource";
import { day, moment } from "../lib/time";
import { t, type Word } from "../lib/words";
import { Button } from "../parts/button";
import { Copy } from "../parts/copy";
import { ErrorSummary, ErrorText, Field, type Mistake } from "../parts/field";
import { Icon } from "../parts/icon";
import { Failure, sentenceOf, Skeleton } from "../parts/state";
import { Note } from "../parts/tag";
import { toast } from "../parts/toast";

type Token = Schemas["Token"];

const DAY_MS = 86_400_000, LIVES = [30, 90, 365];
const areas: [string, Word][] = [["submission", "settings.s_submission"], ["credential", "settings.s_credential"], ["notification", "settings.s_notification"], ["catalog", "settings.s_catalog"],
	["assessment", "settings.s_assessment"], ["helpdesk", "settings.s_helpdesk"], ["identity", "settings.s_identity"], ["all", "settings.s_all"]];

/* "submission:read" in words. */
function scopeWords(scope: string): string {
	const [area, verb] = scope.split(":"), word = areas.find(([name]) => name === area)?.[1], name = word !== undefined ? t(word) : area ?? "";

	return verb === "write" ? t("settings.may_write", { area: name }) : t("settings.may_read", { area: name });
}

function TokenRow({ token, onGone }: { token: Token; onGone: () => void }) {
	const [busy, setBusy] = useState(false), until = token.expiresAt !== undefined ? Date.parse(token.expiresAt) : null;
	const revoke = async () => {
		setBusy(true);
		const done = await ask(api.DELETE("/tokens/{id}", { params: { path: { id: token.id } } }));

		setBusy(false);
		toast(done.ok ? t("settings.revoked", { name: token.name }) : sentenceOf(done.problem));
		onGone();
	};

	return (
		<li class="ev">
			<Icon name="lock" size={20} />
			<div>
				<strong dir="auto">{token.name}</strong>
				<p>{token.scopes.map(scopeWords).join(" · ")}</p>
				<p>{token.usedAt !== undefined ? t("settings.used", { moment: moment(new Date(token.usedAt)) }) : t("settings.unused")}
					{until !== null && <> · {until < Date.now() ? t("settings.over", { date: day(until) }) : t("settings.until", { date: day(until) })}</>}</p>
			</div>
			<Button small kind="danger" busy={busy && t("settings.ending")} onClick={() => void revoke()}>{t("settings.revoke")}<span class="vh">: {token.name}</span></Button>
		</li>
	);
}

function ScopeRow({ area, word, value, onChange }: { area: string; word: Word; value: string; onChange: (v: string) => void }) {
	const choices: [string, Word][] = [["", "settings.s_none"], ["read", "settings.s_read"], ["write", "settings.s_write"]];

	return (
		<tr>
			<th scope="row">{t(word)}</th>
			{choices.map(([verb, name]) => (
				<td><label class="pick"><input type="radio" name={`scope-${area}`} checked={value === verb} onChange={() => onChange(verb)} /><span class="vh">{t(word)}: </span><span class="only-fold">{t(name)}</span></label></td>
			))}
		</tr>
	);
}

function NewToken({ onMade }: { onMade: (token: Token) => void }) {
	const [name, setName] = useState(""), [scopes, setScopes] = useState<{ [area: string]: string }>({}), [days, setDays] = useState(90);
	const [asked, setAsked] = useState(0), [busy, setBusy] = useState(false), [problem, setProblem] = useState<Problem | null>(null);
	const chosen = Object.entries(scopes).filter(([, verb]) => verb !== "").map(([area, verb]) => `${area}:${verb}`);
	const errors = { name: name.trim() === "" ? t("settings.token_name_missing") : undefined, scopes: chosen.length === 0 ? t("settings.scopes_missing") : undefined };
	const mistakes: Mistake[] = asked === 0 ? [] : [...(errors.name !== undefined ? [{ target: "token-name", text: errors.name }] : []), ...(errors.scopes !== undefined ? [{ target: "scopes", text: errors.scopes }] : [])];
	const make = async (e: Event) => {
		e.preventDefault();
		setAsked((n) => n + 1);
		if (errors.name !== undefined || errors.scopes !== undefined)
			return;
		setBusy(true);
		const made = await ask(api.POST("/tokens", { body: { name: name.trim(), scopes: chosen, expiresAt: new Date(Date.now() + days * DAY_MS).toISOString() } }));

		setBusy(false);
		setProblem(made.ok ? null : made.problem);
		if (made.ok)
			onMade(made.data);
	};

	return (
		<form class="card pad stack" onSubmit={(e) => void make(e)} noValidate>
			<ErrorSummary mistakes={mistakes} turn={asked} />
			{problem !== null && <Note tone="bad" icon="error" role="alert"><strong>{t("settings.token_failed")}</strong> {sentenceOf(problem)}</Note>}
			<Field id="token-name" label={t("settings.token_name")} error={asked > 0 ? errors.name : undefined}>
				<input type="text" maxLength={100} value={name} dir="auto" autocomplete="off" onInput={(e) => setName(e.currentTarget.value)} />
			</Field>
			<fieldset id="scopes" tabIndex={-1}>
				<legend class="label">{t("settings.scopes")}</legend>
				<p class="hint">{t("settings.scopes_hint")}</p>
				{asked > 0 && errors.scopes !== undefined && <ErrorText id="scopes-error" text={errors.scopes} />}
				<table class="tbl scopes mt2">
					<thead><tr><td /><th scope="col">{t("settings.s_none")}</th><th scope="col">{t("settings.s_read")}</th><th scope="col">{t("settings.s_write")}</th></tr></thead>
					<tbody>{areas.map(([area, word]) => <ScopeRow key={area} area={area} word={word} value={scopes[area] ?? ""} onChange={(v) => setScopes({ ...scopes, [area]: v })} />)}</tbody>
				</table>
			</fieldset>
			<Field id="life" label={t("settings.expires")}>
				<select value={days} onChange={(e) => setDays(Number(e.currentTarget.value))}>{LIVES.map((n) => <option value={n}>{t("settings.days", { n })}</option>)}</select>
			</Field>
			<p><Button kind="primary" type="submit" busy={busy && t("settings.token_making")}>{t("settings.token_make")}</Button></p>
		</form>
	);
}

export function Tokens({ first }: { first: Schemas["TokenList"] | undefined }) {
	const list = useResource("tokens", (signal) => ask(api.GET("/tokens", { signal })), first), [isOpen, setOpen] = useState(false), [made, setMade] = useState<Token | null>(null);
	const box = useRef<HTMLDivElement>(null), rows = list.data?.items ?? [];

	return (
		<section class="stack">
			<div class="stack-s"><h2>{t("settings.tokens")}</h2><p class="sm soft">{t("settings.tokens_note")}</p></div>
			{list.problem !== null && <Failure title={t("settings.failed")} problem={list.problem} again={list.reload} />}
			{list.loading && list.data === undefined && <Skeleton />}
			<div ref={box} tabIndex={-1}>
				{made?.token !== undefined && (
					<div class="note hi" role="status">
						<Icon name="lock" size={20} />
						<div class="stack-s">
							<p><strong>{t("settings.token_once")}</strong></p>
							<p class="secret num" dir="ltr">{made.token}</p>
							<p class="bar"><Copy text={made.token} label={t("settings.copy")} done={t("settings.copied")} kind="primary" /><Button small kind="quiet" onClick={() => setMade(null)}>{t("settings.token_done")}</Button></p>
						</div>
					</div>
				)}
			</div>
			{list.data !== undefined && (rows.length > 0 ? <ul class="card">{rows.map((token) => <TokenRow key={token.id} token={token} onGone={list.reload} />)}</ul> : !isOpen && <p class="sm">{t("settings.no_tokens")}</p>)}
			{isOpen ? <NewToken onMade={(token) => {
				setMade(token);
				setOpen(false);
				list.reload();
				box.current?.focus();
			}} /> : made === null && <p><Button onClick={() => setOpen(true)}>{t("settings.token_new")}</Button></p>}
		</section>
	);
}
