// "/studio": the micro-credentials of an issuer in every state; "/studio/mc/{id}": how one stands, what blocks it, and who may do what next.
import { useEffect, useState } from "preact/hooks";
import { api, ask, body, type Result, type Schemas } from "../lib/api";
import type { Boot } from "../lib/boot";
import type { Problem } from "../lib/problem";
import { useResource } from "../lib/resource";
import { moment, number } from "../lib/time";
import { t, type Word } from "../lib/words";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { Field } from "../parts/field";
import { Icon } from "../parts/icon";
import { Empty, Failure, Skeleton } from "../parts/state";
import { Note, Tag, type Tone } from "../parts/tag";
import { toast, Toasts } from "../parts/toast";

type Version = Schemas["StudioVersion"];
type Row = Schemas["StudioRow"];
export type StudioBoot = Boot<Schemas["Session"]>;
export type VersionBoot = Boot<Version>;

const LIMIT = 50;
const states: { [state: string]: [Word, Tone] } = {
	draft: ["studio.draft", "now"], in_review: ["studio.in_review", "pen"], published: ["studio.published", "ok"],
	suspended: ["studio.suspended", "warn"], retired: ["studio.retired", ""], superseded: ["studio.superseded", ""],
};

function State({ state, live }: { state: string; live?: string | undefined }) {
	const [word, tone] = states[state] ?? ["studio.draft", ""], shown = live !== undefined && live !== state ? states[live] : undefined;

	return <span class="marks">{<Tag tone={tone}>{t(word)}</Tag>}{shown !== undefined && <Tag tone={shown[1]}>{t(shown[0])}</Tag>}</span>;
}

const may = (boot: Boot<unknown>, issuer: string, ...roles: string[]): boolean =>
	boot.me?.roles.some((r) => (r.issuerId === issuer || r.issuerId === "*") && roles.includes(r.role)) === true;

export function Studio({ boot }: { boot: StudioBoot }) {
	const here = new URLSearchParams(location.search);
	const every = boot.me?.roles.some((r) => r.issuerId === "*") === true;
	const issuers = useResource("issuers", (signal) => ask(api.GET("/issuers", { params: { query: { limit: 100 } }, signal })));
	const own = issuers.data?.items.filter((i) => every || boot.me?.roles.some((r) => r.issuerId === i.id && r.role.startsWith("issuer_")) === true) ?? [];
	const issuer = here.get("issuer") ?? own[0]?.id ?? "", state = here.get("state") ?? "", cursor = here.get("cursor") ?? "";
	const list = useResource(issuer !== "" ? `${issuer} ${state}` : null, (signal) => ask(api.GET("/studio/micro-credentials", {
		params: { query: { issuerId: issuer, limit: LIMIT, ...(state !== "" ? { state } : {}), ...(cursor !== "" ? { cursor } : {}) } }, signal })));
	const to = (s: string, next = "") => `/studio?${new URLSearchParams({ issuer, ...(s !== "" ? { state: s } : {}), ...(next !== "" ? { cursor: next } : {}) }).toString()}`;
	const tabs: [string, string][] = [["", t("studio.every")], ["draft", t("studio.draft")], ["in_review", t("studio.in_review")], ["published", t("studio.published")]];
	const rows: Row[] = list.data?.items ?? [];

	useEffect(() => {
		document.title = `${t("studio.title")} · Vouch`;
	}, []);
	return (
		<div class="wrap stack studio">
			<header class="bar"><h1>{t("studio.title")}</h1>
				{own.length > 1 && <label class="bar sm"><span>{t("studio.issuer")}</span><select value={issuer} onChange={(e) => location.assign(`/studio?issuer=${encodeURIComponent(e.currentTarget.value)}`)}>{own.map((i) => <option key={i.id} value={i.id}>{i.name}</option>)}</select></label>}
			</header>
			<nav class="tabs" aria-label={t("studio.states")}>{tabs.map(([s, name]) => <a href={to(s)} aria-current={s === state ? "page" : undefined}>{name}</a>)}</nav>
			{(list.problem ?? issuers.problem) !== null && <Failure title={t("studio.failed")} problem={(list.problem ?? issuers.problem) as Problem} again={list.problem !== null ? list.reload : issuers.reload} />}
			{list.data === undefined && list.problem === null && issuers.problem === null && (issuers.data !== undefined && own.length === 0 ? <Empty icon="lock" title={t("studio.no_issuer")}>{t("studio.no_issuer_how")}</Empty> : <Skeleton lines={6} />)}
			{list.data !== undefined && (rows.length === 0 ? <Empty icon="file" title={t("studio.none")} /> : (
				<div class="card scroll" tabIndex={0} role="group" aria-label={t("studio.title")}>
					<table class="tbl fold"><thead><tr><th scope="col">{t("studio.name")}</th><th scope="col">{t("studio.state")}</th><th scope="col" class="n">{t("studio.version")}</th><th scope="col">{t("studio.changed")}</th></tr></thead>
						<tbody>{rows.map((r) => (
							<tr key={r.id}><th scope="row"><a href={`/studio/mc/${r.id}`} dir="auto">{r.title}</a><small dir="ltr">{r.key}</small></th>
								<td data-l={t("studio.state")}><State state={r.state} live={r.live} /></td><td class="n" data-l={t("studio.version")}>{number(r.version)}</td>
								<td data-l={t("studio.changed")}>{moment(Date.parse(r.changedAt ?? ""))}</td></tr>
						))}</tbody></table>
				</div>
			))}
			{list.data?.next !== undefined && <p><a class="btn s" href={to(state, list.data.next)}>{t("studio.next")}</a></p>}
		</div>
	);
}

/* ---- one of them -------------------------------------------------------------------- */

type Step = "propose" | "giveback" | "publish" | "suspend" | "resume" | "discard" | "retire";
const words: { [S in Step]: [Word, Word] } = {
	propose: ["studio.propose", "studio.propose_how"], giveback: ["studio.giveback", "studio.giveback_how"], publish: ["studio.publish", "studio.publish_how"],
	suspend: ["studio.suspend", "studio.suspend_how"], resume: ["studio.resume", "studio.resume_how"], discard: ["studio.discard", "studio.discard_how"], retire: ["studio.retire", "studio.retire_how"],
};

function run(step: Step, id: string, note: string): Promise<Result<Version>> {
	const params = { params: { path: { id } } };

	switch (step) {
	case "propose": return ask(api.POST("/studio/micro-credentials/{id}/proposal", params));
	case "giveback": return ask(api.POST("/studio/micro-credentials/{id}/return", { ...params, body: body<Schemas["ReturnMicroCredential"]>({ note }) }));
	case "publish": return ask(api.POST("/studio/micro-credentials/{id}/publication", params));
	case "suspend": return ask(api.POST("/studio/micro-credentials/{id}/suspension", params));
	case "resume": return ask(api.DELETE("/studio/micro-credentials/{id}/suspension", params));
	case "discard": return ask(api.DELETE("/studio/micro-credentials/{id}/draft", params));
	case "retire": return ask(api.POST("/studio/micro-credentials/{id}/retirement", params));
	}
}

/* What may be done now, by its state and the reader's roles; the server decides anyway. The first is the one to do. */
function stepsOf(v: Version, boot: Boot<unknown>): Step[] {
	const issuer = v.id.split("~")[0] ?? "", author = may(boot, issuer, "issuer_author", "issuer_owner"), approver = may(boot, issuer, "issuer_approver", "issuer_owner"), owner = may(boot, issuer, "issuer_owner");
	const steps: [Step, boolean][] = [
		["propose", v.state === "draft" && author], ["publish", v.state === "in_review" && approver], ["giveback", v.state === "in_review" && approver],
		["resume", v.live === "suspended" && owner], ["suspend", v.live === "published" && (owner || may(boot, issuer, "ops"))],
		["discard", v.state === "draft" && author], ["retire", (v.live === "published" || v.live === "suspended") && owner],
	];

	return steps.filter(([, on]) => on).map(([step]) => step);
}

export function VersionPage({ boot }: { boot: VersionBoot }) {
	const id = boot.data.id, version = useResource("v", (signal) => ask(api.GET("/studio/micro-credentials/{id}", { params: { path: { id } }, signal })), boot.data), now = version.data ?? boot.data;
	const checks = useResource(now.state === "draft" || now.state === "in_review" ? `${now.edit} ${now.state}` : null, (signal) => ask(api.GET("/studio/micro-credentials/{id}/checks", { params: { path: { id } }, signal })));
	const [step, choose] = useState<Step | null>(null), [note, write] = useState(""), [busy, setBusy] = useState(false), [problem, setProblem] = useState<Problem | null>(null), [error, setError] = useState<string>();
	const steps = stepsOf(now, boot), blocks = checks.data?.items ?? [], doc = now.document, first = steps[0];
	const isBlocked = (s: Step) => (s === "propose" || s === "publish") && checks.data?.ready === false;
	const go = async () => {
		if (step === null || busy)
			return;
		if (step === "giveback" && note.trim() === "")
			return setError(t("studio.e_note"));
		setBusy(true);
		const done = await run(step, id, note);

		setBusy(false);
		setProblem(done.ok ? null : done.problem);
		if (done.ok) {
			if (step === "discard" && done.data.live === undefined)
				return location.assign("/studio");
			choose(null);
			version.set(done.data);
			toast(t("studio.done"));
		}
	};

	useEffect(() => {
		document.title = `${doc?.title ?? ""} · Vouch`;
	}, []);
	return (
		<div class="wrap studio">
			<nav class="crumbs" aria-label={t("studio.crumbs")}><ol><li><a href={`/studio?issuer=${encodeURIComponent(id.split("~")[0] ?? "")}`}>{t("studio.title")}</a></li><li aria-current="page" dir="auto">{doc?.title}</li></ol></nav>
			<div class="two">
				<div class="stack">
					<header class="stack-s"><h1 dir="auto">{doc?.title}</h1><p class="bar"><State state={now.state} live={now.live} /><span class="sm soft">{t("studio.version_n", { n: now.version })}</span></p></header>
					{now.note !== undefined && now.state === "draft" && <Note tone="hi" icon="chat"><strong>{t("studio.given_back")}</strong><p dir="auto">{now.note}</p></Note>}
					{doc?.summary !== undefined && doc.summary !== "" && <p dir="auto" class="prose">{doc.summary}</p>}
					{doc?.competency !== undefined && doc.competency !== "" && <section class="stack-s"><h2>{t("studio.competency")}</h2><p dir="auto" class="prose">{doc.competency}</p></section>}
					{doc?.keyMethod !== undefined && doc.keyMethod !== "" && <section class="stack-s"><h2>{t("studio.method")}</h2><p dir="auto" class="prose">{doc.keyMethod}</p></section>}
					{doc?.parts?.map((p) => (
						<section class="stack-s" key={p.key}><h2 dir="auto">{p.title}</h2>
							{p.rubric?.criteria?.map((c) => (
								<div class="card scroll" tabIndex={0} role="group" aria-label={c.title} key={c.id}><table class="tbl rub"><caption class="pad" dir="auto">{c.title}</caption><tbody>{c.levels?.map((l) => <tr key={l.id}><th scope="row" class={l.passing ? "pass" : ""}><bdi>{l.title}</bdi></th><td class={l.passing ? "pass" : ""} dir="auto">{l.description}</td></tr>)}</tbody></table></div>
							))}
						</section>
					))}
				</div>
				<div class="side stack">
					<section class="card pad stack-s" aria-labelledby="next">
						<h2 id="next">{t("studio.what_next")}</h2>
						{checks.problem !== null && <Failure title={t("studio.checks_failed")} problem={checks.problem} again={checks.reload} />}
						{blocks.length > 0 && <><p id="blocked">{t("studio.blocked", { n: blocks.length })}</p><ul class="stack-s sm">{blocks.map((c) => <li class="blocked"><Icon name="error" size={16} /><span dir="auto"><strong>{c.field}</strong> {c.message}</span></li>)}</ul></>}
						{checks.data?.ready === true && <p class="saved"><Icon name="check" />{t("studio.ready")}</p>}
						{steps.length === 0 && <p class="sm soft">{t("studio.nothing_to_do")}</p>}
						<div class="stack-s">{steps.map((s) => <p key={s}><Button kind={s === first && s !== "suspend" && s !== "retire" ? "primary" : s === "retire" || s === "discard" ? "danger" : "plain"} class="block" notYet={isBlocked(s) ? "blocked" : undefined} onClick={() => {
							setProblem(null);
							setError(undefined);
							choose(s);
						}}>{t(words[s][0])}</Button></p>)}</div>
						{now.live === "published" && <p><a class="sm" href={`/mc/${id}`}>{t("studio.see")}</a></p>}
					</section>
				</div>
			</div>
			<Dialog title={step !== null ? t(words[step][0]) : ""} open={step !== null} onClose={() => choose(null)}>
				{step !== null && <>
					<p>{t(words[step][1])}</p>
					{problem !== null && <Failure title={t("studio.not_done")} problem={problem} />}
					{step === "giveback" && <Field id="note" label={t("studio.note")} error={error}><textarea dir="auto" maxLength={4000} value={note} onInput={(e) => {
						write(e.currentTarget.value);
						setError(undefined);
					}} /></Field>}
					<p class="bar"><Button kind={step === "retire" || step === "discard" || step === "suspend" ? "danger" : "primary"} onClick={() => void go()} busy={busy && t("studio.working")}>{t(words[step][0])}</Button><Button kind="quiet" onClick={() => choose(null)}>{t("app.cancel")}</Button></p>
				</>}
			</Dialog>
			<Toasts />
		</div>
	);
}
