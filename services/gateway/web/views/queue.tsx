// The queue: what one has taken, and what waits for somebody, due first.
import { useEffect, useState } from "preact/hooks";
import type { Boot } from "../lib/boot";
import { listen } from "../lib/events";
import { useKeys } from "../lib/keys";
import type { Problem } from "../lib/problem";
import { useResource, type Resource } from "../lib/resource";
import { dateOf, number, zoneName } from "../lib/time";
import { t } from "../lib/words";
import { Button } from "../parts/button";
import { Fourteen, type Clock } from "../parts/fourteen";
import { Icon } from "../parts/icon";
import { KeysDialog, type KeyRow } from "../parts/keys";
import { Empty, Failure, sentenceOf, Skeleton } from "../parts/state";
import { Tag } from "../parts/tag";
import { toast, Toasts } from "../parts/toast";
import { claim, listReviews, release, takeNext, type List, type Query, type Row } from "./queue_record";

export type QueueBoot = Boot<List> & { beside: [List | null] };

/* The days of a row as the picture needs them: it has no pauses and no list of days. */
export function clockOf(row: Pick<Row, "businessDaysLeft" | "overdue" | "dueDate" | "state" | "timeZone">): Clock {
	const ended = row.state === "decided" || row.state === "cancelled", day = Math.max(0, Math.min(14, 14 - row.businessDaysLeft));
	const sentence = row.overdue ? t("queue.clock_late", { date: dateOf(row.dueDate) }) : t("queue.clock", { n: day, date: dateOf(row.dueDate) });

	return { state: ended ? "met" : "running", businessDay: day, businessDays: 14, businessDaysLeft: row.businessDaysLeft, overdue: row.overdue, sentence } as Clock;
}

export function dueWords(row: Pick<Row, "businessDaysLeft" | "overdue">): string {
	if (row.overdue)
		return t("queue.late", { n: Math.max(1, -row.businessDaysLeft) });
	return row.businessDaysLeft <= 0 ? t("queue.due_today") : t("queue.left", { n: row.businessDaysLeft });
}

function ReviewRow({ row, acts }: { row: Row; acts?: preact.ComponentChildren }) {
	const ended = row.state === "decided" || row.state === "cancelled";
	const tone = row.overdue ? "r" : row.businessDaysLeft <= 2 && !ended ? "w" : "soft";

	return (
		<li class="qrow">
			<Fourteen clock={clockOf(row)} />
			<p class="due" title={zoneName(row.timeZone)}><strong>{dateOf(row.dueDate)}</strong>{!ended && <small class={tone}>{dueWords(row)}</small>}</p>
			<div class="what">
				<h3 dir="auto"><a href={`/queue/${row.id}`}>{row.microCredential?.title}</a></h3>
				<p class="xs soft"><span class="num">{row.submissionCode}</span> · <bdi>{row.microCredential?.issuer?.name}</bdi></p>
			</div>
			<p class="marks">
				{row.overdue && <Tag tone="bad">{t("queue.is_late")}</Tag>}
				{row.escalated && <Tag tone="warn">{t("queue.escalated")}</Tag>}
				{row.attempt > 1 && <Tag>{t("queue.attempt", { n: row.attempt })}</Tag>}
				{row.state === "in_review" && row.assignee !== "me" && <Tag tone="pen">{t("queue.taken")}</Tag>}
				{row.state === "decided" && <Tag tone="ok">{t("queue.sent")}</Tag>}
				{row.state === "cancelled" && <Tag>{t("queue.cancelled")}</Tag>}
			</p>
			<p class="acts">{acts}</p>
		</li>
	);
}

/* One sentence on how things stand, before any list. */
function standing(mine: List | undefined, pool: List): string {
	const first = mine?.items[0], n = mine?.items.length ?? 0, late = mine?.items.filter((r) => r.overdue).length ?? 0;

	if (first === undefined)
		return pool.items.length === 0 ? t("queue.nothing") : t("queue.none_yours", { n: pool.items.length, more: pool.next !== undefined ? "yes" : "no" });
	return late > 0 ? t("queue.yours_late", { n, late }) : t("queue.yours", { n, date: dateOf(first.dueDate) });
}

/* Moves the focus among the rows: what has it is what the keys are about. */
function move(by: number): void {
	const links = [...document.querySelectorAll<HTMLElement>(".qrow h3 a")], at = links.findIndex((a) => a.closest(".qrow")?.contains(document.activeElement));
	const next = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + by))];

	next?.focus();
	next?.closest(".qrow")?.scrollIntoView({ block: "nearest" });
}

function focusedId(): string | undefined {
	return document.activeElement?.closest(".qrow")?.querySelector("h3 a")?.getAttribute("href")?.slice("/queue/".length);
}

const queryOf = (here: URLSearchParams): Query => ({
	...(here.has("queue") ? { queue: here.get("queue") ?? "" } : {}), ...(here.has("cursor") ? { cursor: here.get("cursor") ?? "" } : {}),
	...(here.has("state") ? { state: here.getAll("state") } : {}),
});

function linkTo(here: URLSearchParams, cursor: string | null): string {
	const next = new URLSearchParams(here);

	next.delete("cursor");
	if (cursor !== null)
		next.set("cursor", cursor);
	return `/queue${next.size > 0 ? `?${next.toString()}` : ""}`;
}

function Section({ title, id, list, empty, here, children }: {
	title: string; id: string; list: Resource<List>; empty: preact.ComponentChildren; here?: URLSearchParams; children: (row: Row) => preact.ComponentChildren;
}) {
	const n = list.data?.items.length ?? 0, next = list.data?.next;

	return (
		<section aria-labelledby={id} class="qlist">
			<h2 id={id}>{title} {n > 0 && <span class="soft num">{next !== undefined ? t("queue.many", { n }) : number(n)}</span>}</h2>
			{list.problem !== null && list.data === undefined && <Failure title={t("queue.failed")} problem={list.problem} again={list.reload} />}
			{here !== undefined && list.problem !== null && list.data !== undefined && <p class="note warn mb2" role="alert"><Icon name="warn" size={20} /><span>{t("queue.old")} {sentenceOf(list.problem)} <Button small onClick={list.reload}>{t("app.again")}</Button></span></p>}
			{list.data === undefined && list.problem === null && <Skeleton lines={4} />}
			{list.data !== undefined && (n === 0 ? empty : <ul class="card qrows">{list.data.items.map((row) => <ReviewRow key={row.id} row={row} acts={children(row)} />)}</ul>)}
			{here !== undefined && (next !== undefined || here.has("cursor")) && (
				<nav class="bar mt2" aria-label={t("queue.pages")}>
					{here.has("cursor") && <a class="btn s" href={linkTo(here, null)}>{t("queue.first")}</a>}
					{next !== undefined && <a class="btn s" href={linkTo(here, next)}>{t("queue.next_page", { n: 25 })}</a>}
				</nav>
			)}
		</section>
	);
}

function tabsOf(here: URLSearchParams, isLead: boolean): [string, string, boolean][] {
	const queue = here.get("queue") ?? "", done = queue === "mine";

	return [[t("queue.to_do"), "/queue", queue === "" || queue === "pool"], [t("queue.done"), "/queue?queue=mine&state=decided", done],
		...(isLead ? [[t("queue.all"), "/queue?queue=all", queue === "all"] as [string, string, boolean]] : [])];
}

export function Queue({ boot }: { boot: QueueBoot }) {
	const here = new URLSearchParams(location.search), isToDo = !here.has("queue") || here.get("queue") === "pool";
	const list = useResource("list", (signal) => listReviews(queryOf(here), signal), boot.data);
	const mine = useResource(isToDo ? "mine" : null, (signal) => listReviews({ queue: "mine", limit: 50 }, signal), boot.beside[0] ?? undefined);
	const [busy, setBusy] = useState(""), [problem, setProblem] = useState<Problem | null>(null), [help, setHelp] = useState(false);
	const isLead = boot.me?.roles.some((r) => r.role === "pool_lead") === true;
	const reload = () => {
		list.reload();
		mine.reload();
	};
	const next = async () => {
		setBusy("next");
		setProblem(null);
		const taken = await takeNext();

		if (typeof taken === "string")
			return location.assign(`/queue/${taken}`);
		setBusy("");
		setProblem(taken);
		if (taken === null) {
			toast(t("queue.none_waits"));
			reload();
		}
	};
	const take = async (row: Row) => {
		setBusy(row.id);
		const taken = await claim(row.id);

		if (taken.ok)
			return location.assign(`/queue/${row.id}`);
		setBusy("");
		toast(taken.problem.kind === "conflict" || taken.problem.kind === "not_found" ? t("queue.too_late") : sentenceOf(taken.problem));
		reload();
	};
	const giveBack = async (id: string | undefined) => {
		const row = mine.data?.items.find((r) => r.id === id);

		if (row === undefined)
			return toast(t("queue.choose_yours"));
		const given = await release(row.id);

		reload();
		toast(given.ok ? t("queue.given_back", { code: row.submissionCode }) : sentenceOf(given.problem),
			given.ok ? { label: t("app.undo"), run: () => void claim(row.id).then(reload) } : undefined);
	};
	const keys: KeyRow[] = [[["N"], t("queue.key_next")], [["J"], t("queue.key_down")], [["K"], t("queue.key_up")], [["Enter"], t("queue.key_open")], [["X"], t("queue.key_release")],
		[["G", "Q"], t("queue.key_go")], [["?"], t("queue.keys")]];

	useKeys({ n: () => void next(), j: () => move(1), k: () => move(-1), x: () => void giveBack(focusedId()), "?": () => setHelp(true) });
	useEffect(() => {
		const shown = () => document.visibilityState === "visible" && reload(), stop = listen(reload);

		document.title = `${t("queue.title")} · Vouch`;
		document.addEventListener("visibilitychange", shown);
		return () => {
			document.removeEventListener("visibilitychange", shown);
			stop();
		};
	}, []);

	return (
		<div class="queue">
			<header class="bar">
				<div>
					<h1>{t("queue.title")}</h1>
					{isToDo && list.data !== undefined && <p>{standing(mine.data, list.data)}</p>}
				</div>
				<span class="end bar">
					<Button small kind="quiet" class="hide-m" onClick={() => setHelp(true)}><Icon name="keyboard" />{t("queue.keys")} <kbd aria-hidden="true">?</kbd></Button>
					<Button kind="primary" small onClick={() => void next()} busy={busy === "next" && t("queue.taking")}>{t("queue.take_next")} <kbd aria-hidden="true">N</kbd></Button>
				</span>
			</header>
			<nav class="tabs" aria-label={t("queue.lists")}>{tabsOf(here, isLead).map(([name, to, on]) => <a href={to} aria-current={on ? "page" : undefined}>{name}</a>)}</nav>
			{problem !== null && <Failure title={t("queue.not_taken")} problem={problem} again={() => void next()} />}
			{isToDo && (mine.data === undefined || mine.data.items.length > 0) && (
				<Section title={t("queue.with_you")} id="yours" list={mine} empty={null}>
					{(row) => <Button small kind="quiet" onClick={() => void giveBack(row.id)}>{t("queue.give_back")}<span class="vh"> {row.submissionCode}</span></Button>}
				</Section>
			)}
			{isToDo ? (
				<Section title={t("queue.waiting")} id="pool" list={list} here={here}
					empty={<Empty icon="check" title={t("queue.clear")}>{t("queue.clear_how")}</Empty>}>
					{(row) => <Button small onClick={() => void take(row)} busy={busy === row.id && t("queue.taking")}>{t("queue.take")}<span class="vh"> {row.submissionCode}</span></Button>}
				</Section>
			) : (
				<Section title={here.get("queue") === "all" ? t("queue.all") : t("queue.done")} id="others" list={list} here={here}
					empty={<Empty title={t("queue.none_here")} action={<a class="btn s" href="/queue">{t("queue.to_do")}</a>} />}>{() => null}</Section>
			)}
			<KeysDialog rows={keys} open={help} onClose={() => setHelp(false)} />
			<Toasts />
		</div>
	);
}
