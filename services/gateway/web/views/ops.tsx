// "/ops": how the promise stands, in one sentence, then in figures; "/ops/overdue": all that is late.
import { useEffect, useState } from "preact/hooks";
import { api, ask, type Schemas } from "../lib/api";
import type { Boot } from "../lib/boot";
import { useResource, type Resource } from "../lib/resource";
import { clock, dateOf, moment, number, zoneName } from "../lib/time";
import { around, close, open, t } from "../lib/words";
import { useKeys } from "../lib/keys";
import { Button } from "../parts/button";
import { Icon } from "../parts/icon";
import { Empty, Failure, sentenceOf, Skeleton } from "../parts/state";
import { Tag } from "../parts/tag";
import { useNews } from "./tickets";

type Queues = Schemas["QueueList"];
type Queue = Schemas["Queue"];
type Overdue = Schemas["OverdueList"];
type Late = Schemas["OverdueRow"];
export type OpsBoot = Boot<Queues> & { beside: (Overdue | null)[] };
export type LateBoot = Boot<Overdue> & { beside: (Queues | null)[] };

const NEWS_MS = 30_000, DAYS = 14, SHOWN = 8, SOON = 11;

const readQueues = (signal: AbortSignal) => ask(api.GET("/ops/queues", { signal }));
const readOverdue = (query: { issuer?: string; cursor?: string; limit?: number }, signal: AbortSignal) => ask(api.GET("/ops/overdue", { params: { query }, signal }));

const sum = (list: Queue[], f: (q: Queue) => number): number => list.reduce((n, q) => n + f(q), 0);

/* Bold what the sentence is about; late things in red. */
const strong = (text: string, late = false) => around(text, (inside) => <b class={late ? "r" : undefined}><bdi>{inside}</bdi></b>);

/* What is so, and what would help. */
export function whatIsSo(list: Queue[]): { kind: "late" | "today" | "well" | "idle"; n: number; worst: Queue | undefined } {
	const overdue = sum(list, (q) => q.overdue), today = sum(list, (q) => q.dueToday), openNow = sum(list, (q) => q.waiting + q.inReview);
	const by = (f: (q: Queue) => number) => [...list].sort((a, b) => f(b) - f(a))[0];

	if (overdue > 0)
		return { kind: "late", n: overdue, worst: by((q) => q.overdue) };
	if (today > 0)
		return { kind: "today", n: today, worst: by((q) => q.dueToday) };
	return openNow > 0 ? { kind: "well", n: openNow, worst: by((q) => q.oldestBusinessDays) } : { kind: "idle", n: 0, worst: undefined };
}

function Sentence({ list }: { list: Queue[] }) {
	const { kind, n, worst } = whatIsSo(list), issuer = `${open}${worst?.issuer?.name ?? ""}${close}`, unclaimed = worst?.waiting ?? 0;

	switch (kind) {
	case "late":
		return (
			<p class="say">{strong(t("ops.late", { n, b: open, e: close }), true)} {strong(worst?.overdue === n ? t("ops.late_all", { n, issuer }) : t("ops.late_most", { n: worst?.overdue ?? 0, issuer }))} {
				unclaimed > 0 ? t("ops.do_claim", { n: unclaimed }) : t("ops.do_ask")}</p>
		);
	case "today":
		return <p class="say">{t("ops.none_late")} {strong(t("ops.today", { n, b: open, e: close }))} {unclaimed > 0 ? t("ops.do_claim", { n: unclaimed }) : t("ops.do_watch")}</p>;
	case "well":
		return <p class="say">{t("ops.none_late")} {strong(t("ops.oldest", { n: worst?.oldestBusinessDays ?? 0, issuer }))}</p>;
	default:
		return <p class="say">{t("ops.idle")}</p>;
	}
}

function Figures({ list }: { list: Queue[] }) {
	const oldest = Math.max(0, ...list.map((q) => q.oldestBusinessDays)), late = sum(list, (q) => q.overdue);
	const rows: [string, string, string, boolean][] = [
		[t("ops.f_overdue"), number(late), late > 0 ? t("ops.f_overdue_how") : t("ops.f_none_late"), late > 0],
		[t("ops.f_today"), number(sum(list, (q) => q.dueToday)), t("ops.f_today_how"), false],
		[t("ops.f_waiting"), number(sum(list, (q) => q.waiting)), t("ops.f_waiting_how"), false],
		[t("ops.f_review"), number(sum(list, (q) => q.inReview)), t("ops.f_review_how"), false],
		[t("ops.f_oldest"), t("ops.days", { n: oldest }), t("ops.f_oldest_how"), oldest > DAYS],
	];

	return <dl class="kpis">{rows.map(([name, value, how, bad]) => <div key={name}><dt>{name}</dt><dd class={bad ? "r" : undefined}>{value}</dd><dd>{how}</dd></div>)}</dl>;
}

/* How long the oldest has waited, on the scale of the promise. */
function Ageing({ q }: { q: Queue }) {
	const n = q.oldestBusinessDays, tone = n > DAYS ? "late" : n >= SOON ? "soon" : "";

	if (q.waiting + q.inReview === 0)
		return <span class="soft">{t("ops.none")}</span>;
	return (
		<span class="ageing"><span class={`f14 ${tone}`} aria-hidden="true">{Array.from({ length: DAYS }, (_, i) => <i class={i < n ? "d" : ""} />)}</span>
			<span class={n > DAYS ? "r num" : "num"}>{t("ops.of_14", { n })}</span></span>
	);
}

function Issuers({ list }: { list: Queue[] }) {
	const rows = [...list].sort((a, b) => b.overdue - a.overdue || b.dueToday - a.dueToday || b.oldestBusinessDays - a.oldestBusinessDays);

	return (
		<section aria-labelledby="by-issuer">
			<h2 id="by-issuer" class="mb2">{t("ops.by_issuer")}</h2>
			<div class="card scroll" tabIndex={0} role="group" aria-labelledby="by-issuer">
				<table class="tbl fold">
					<thead><tr><th scope="col">{t("ops.issuer")}</th><th scope="col">{t("ops.f_oldest")}</th><th scope="col" class="n">{t("ops.f_waiting")}</th><th scope="col" class="n">{t("ops.f_review")}</th><th scope="col" class="n">{t("ops.f_today")}</th><th scope="col" class="n">{t("ops.f_overdue")}</th></tr></thead>
					<tbody>{rows.map((q) => (
						<tr key={`${q.issuer?.id} ${q.pool}`}>
							<th scope="row"><a href={`/ops/overdue?issuer=${encodeURIComponent(q.issuer?.id ?? "")}`}><bdi>{q.issuer?.name}</bdi></a>{q.oldestSubmittedAt !== undefined && q.waiting + q.inReview > 0 && <small>{t("ops.since", { when: moment(Date.parse(q.oldestSubmittedAt)) })}</small>}</th>
							<td data-l={t("ops.f_oldest")}><Ageing q={q} /></td>
							<td class="n" data-l={t("ops.f_waiting")}>{number(q.waiting)}</td>
							<td class="n" data-l={t("ops.f_review")}>{number(q.inReview)}</td>
							<td class="n" data-l={t("ops.f_today")}>{number(q.dueToday)}</td>
							<td class="n" data-l={t("ops.f_overdue")}>{q.overdue > 0 ? <strong class="r">{number(q.overdue)}</strong> : number(0)}</td>
						</tr>
					))}</tbody>
				</table>
			</div>
		</section>
	);
}

function LateTable({ rows, leads, label }: { rows: Late[]; leads: Set<string>; label: string }) {
	return (
		<div class="card scroll" tabIndex={0} role="group" aria-label={label}>
			<table class="tbl fold">
				<thead><tr><th scope="col">{t("ops.what")}</th><th scope="col">{t("ops.issuer")}</th><th scope="col">{t("ops.late_by")}</th><th scope="col">{t("ops.due")}</th><th scope="col">{t("ops.state")}</th></tr></thead>
				<tbody>{rows.map((r) => {
					const title = <bdi>{r.microCredential?.title}</bdi>, issuer = r.microCredential?.issuer;

					return (
						<tr key={r.reviewId}>
							<th scope="row">{leads.has(issuer?.id ?? "") ? <a href={`/queue/${r.reviewId}`}>{title}</a> : title}<small class="num">{r.submissionCode}</small></th>
							<td data-l={t("ops.issuer")}><bdi>{issuer?.name}</bdi></td>
							<td data-l={t("ops.late_by")}><strong class="r">{t("ops.days_late", { n: r.businessDaysLate })}</strong></td>
							<td data-l={t("ops.due")}>{dateOf(r.dueDate)}<small>{zoneName(r.timeZone)}</small></td>
							<td data-l={t("ops.state")}><span class="marks">{r.state === "queued" ? <Tag tone="bad">{t("ops.unclaimed")}</Tag> : <Tag>{t("ops.claimed")}</Tag>}{r.escalated && <Tag tone="warn">{t("ops.asked")}</Tag>}</span></td>
						</tr>
					);
				})}</tbody>
			</table>
		</div>
	);
}

const leadsOf = (boot: Boot<unknown>): Set<string> => new Set(boot.me?.roles.filter((r) => r.role === "pool_lead").map((r) => r.issuerId));

/* When the figures are of, and a stop for whoever wants to read in peace. */
function Fresh<T>({ of, paused, pause }: { of: Resource<T>; paused: boolean; pause: (on: boolean) => void }) {
	const [when, set] = useState(Date.now());

	useEffect(() => {
		if (of.problem === null)
			set(Date.now());
	}, [of.data]);
	return (
		<span class="end bar fresh">
			<span class={of.problem !== null ? "xs warned" : "xs soft"} role="status">{of.problem !== null ? t("ops.from", { time: clock(when), why: sentenceOf(of.problem) }) : paused ? t("ops.is_paused", { time: clock(when) }) : t("ops.live", { time: clock(when) })}</span>
			<Button small kind="quiet" aria-pressed={paused} onClick={() => pause(!paused)}><Icon name={paused ? "next" : "pause"} size={16} />{t("ops.pause")}</Button>
		</span>
	);
}

export function Ops({ boot }: { boot: OpsBoot }) {
	const [paused, pause] = useState(false);
	const queues = useResource("queues", readQueues, boot.data), overdue = useResource("overdue", (signal) => readOverdue({ limit: SHOWN }, signal), boot.beside[0] ?? undefined);
	const list = queues.data?.items ?? [], late = sum(list, (q) => q.overdue), leads = leadsOf(boot), old = queues.problem !== null;
	const reload = () => {
		queues.reload();
		overdue.reload();
	};

	useNews(() => !paused && reload(), NEWS_MS);
	useKeys({ v: () => location.assign("/ops/overdue") });
	useEffect(() => {
		document.title = `${late > 0 ? `${t("ops.late_short", { n: late })} · ` : ""}${t("ops.title")} · Vouch`;
	}, [late]);
	return (
		<div class={old ? "wrap ops old" : "wrap ops"}>
			<header class="stack">
				<div class="bar"><h1>{t("ops.title")}</h1><Fresh of={queues} paused={paused} pause={pause} /></div>
				<Sentence list={list} />
				<p class="bar">{late > 0 ? <a class="btn pri" href="/ops/overdue">{t("ops.see", { n: late })}</a> : null}{leads.size > 0 && <a class="btn" href="/queue?queue=all">{t("ops.to_queue")}</a>}</p>
			</header>
			<Figures list={list} />
			<Issuers list={list} />
			<section aria-labelledby="over">
				<div class="bar mb2"><h2 id="over">{t("ops.overdue")}</h2>{late > 0 && <span class="soft xs">{t("ops.overdue_how")}</span>}</div>
				{overdue.data === undefined ? overdue.problem !== null ? <Failure title={t("ops.failed")} problem={overdue.problem} again={overdue.reload} /> : <Skeleton /> :
					overdue.data.items.length === 0 ? <Empty icon="check" title={t("ops.nothing_late")}>{t("ops.nothing_late_how")}</Empty> :
						<LateTable rows={overdue.data.items} leads={leads} label={t("ops.overdue")} />}
				{(overdue.data?.total ?? 0) > SHOWN && <p class="mt2 sm"><a href="/ops/overdue">{t("ops.all", { n: overdue.data?.total ?? 0 })}</a></p>}
			</section>
		</div>
	);
}

export function LatePage({ boot }: { boot: LateBoot }) {
	const here = new URLSearchParams(location.search), issuer = here.get("issuer") ?? "", cursor = here.get("cursor") ?? "", [paused, pause] = useState(false);
	const list = useResource("late", (signal) => readOverdue({ ...(issuer !== "" ? { issuer } : {}), ...(cursor !== "" ? { cursor } : {}) }, signal), boot.data);
	const queues = useResource("queues", readQueues, boot.beside[0] ?? undefined), rows = list.data?.items ?? [], total = list.data?.total ?? 0;
	const to = (next: string) => `/ops/overdue?${new URLSearchParams({ ...(issuer !== "" ? { issuer } : {}), ...(next !== "" ? { cursor: next } : {}) }).toString()}`;

	useNews(() => !paused && list.reload(), NEWS_MS);
	useEffect(() => {
		document.title = `${t("ops.overdue")} · Vouch`;
	}, []);
	return (
		<div class={list.problem !== null ? "wrap ops old" : "wrap ops"}>
			<nav class="crumbs" aria-label={t("ticket.crumbs")}><ol><li><a href="/ops">{t("ops.title")}</a></li><li aria-current="page">{t("ops.overdue")}</li></ol></nav>
			<div class="bar"><h1>{t("ops.overdue")}</h1><Fresh of={list} paused={paused} pause={pause} /></div>
			<p class="say">{total > 0 ? strong(t("ops.late", { n: total, b: open, e: close }), true) : t("ops.none_late")}</p>
			<form class="bar" action="/ops/overdue">
				<label class="label" for="issuer">{t("ops.issuer")}</label>
				<select id="issuer" name={issuer === "" ? undefined : "issuer"} value={issuer} onChange={(e) => location.assign(e.currentTarget.value === "" ? "/ops/overdue" : `/ops/overdue?issuer=${encodeURIComponent(e.currentTarget.value)}`)}>
					<option value="">{t("ops.every_issuer")}</option>
					{queues.data?.items.map((q) => <option key={q.issuer?.id} value={q.issuer?.id}>{q.issuer?.name}</option>)}
				</select>
			</form>
			{list.problem !== null && list.data === undefined && <Failure title={t("ops.failed")} problem={list.problem} again={list.reload} />}
			{rows.length === 0 ? <Empty icon="check" title={t("ops.nothing_late")}>{t("ops.nothing_late_how")}</Empty> : <LateTable rows={rows} leads={leadsOf(boot)} label={t("ops.overdue")} />}
			{(list.data?.next !== undefined || cursor !== "") && <nav class="bar" aria-label={t("ticket.pages")}>{cursor !== "" && <a class="btn s" href={to("")}>{t("ops.first")}</a>}{list.data?.next !== undefined && <a class="btn s" href={to(list.data.next)}>{t("ops.next")}</a>}</nav>}
		</div>
	);
}
