// "/desk": tickets of the agent's issuers, longest waiting first; "/desk/{id}": one of them, between the queue and what it is about.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Boot } from "../lib/boot";
import { useKeys } from "../lib/keys";
import { useResource, type Resource } from "../lib/resource";
import { day, moment, number } from "../lib/time";
import { t } from "../lib/words";
import { Button } from "../parts/button";
import { Icon } from "../parts/icon";
import { KeysDialog, type KeyRow } from "../parts/keys";
import { Empty, Failure, sentenceOf, Skeleton } from "../parts/state";
import { Tag } from "../parts/tag";
import { Thread } from "../parts/thread";
import { toast, Toasts } from "../parts/toast";
import { Context } from "./desk_context";
import { Reply, type ReplyHandle } from "./desk_reply";
import { useNews } from "./tickets";
import { at, isOver, listTickets, readTicket, setState, SOLVED, toAgent, UNSOLVED, type Ticket, type TicketList, type TicketRow } from "./ticket_record";

export type DeskBoot = Boot<Ticket | TicketList> & { beside: (TicketList | null)[] };

const LIMIT = 100, NEWS_MS = 30_000;
const VIEWS = { answer: ["new", "open"], waiting: ["waiting_person", "waiting_review"], all: UNSOLVED, solved: SOLVED } as const;
type View = keyof typeof VIEWS;

function viewNow(): View {
	const name = new URLSearchParams(location.search).get("view");

	return name !== null && name in VIEWS ? name as View : "answer";
}

const nameOf = (view: View): string => (view === "answer" ? t("desk.v_answer") : view === "waiting" ? t("desk.v_waiting") : view === "all" ? t("desk.v_all") : t("desk.v_solved"));

/* Words, in any order, somewhere in what a row shows. */
export function matches(row: Pick<TicketRow, "subject" | "code"> & { submissionCode?: string }, q: string): boolean {
	const hay = `${row.subject} ${row.code} ${row.submissionCode ?? ""}`.toLocaleLowerCase();

	return q.toLocaleLowerCase().split(/\s+/).every((word) => hay.includes(word));
}

/* Who has waited longest stands first; what is solved, newest first. */
function shownOf(list: TicketList | undefined, view: View, q: string): TicketRow[] {
	const states: readonly string[] = VIEWS[view], rows = (list?.items ?? []).filter((r) => states.includes(r.state) && matches(r, q));

	return rows.sort((a, b) => (view === "solved" ? -1 : 1) * (at(a.changedAt) - at(b.changedAt)));
}

function address(view: View, q: string, id = ""): string {
	const query = new URLSearchParams({ ...(view !== "answer" ? { view } : {}), ...(q !== "" ? { q } : {}) });

	return `/desk${id !== "" ? `/${id}` : ""}${query.size > 0 ? `?${query.toString()}` : ""}`;
}

function sentence(list: TicketList): string {
	const open = list.items.filter((r) => r.state === "new" || r.state === "open"), oldest = Math.min(...open.map((r) => at(r.changedAt)));

	return open.length === 0 ? t("desk.all_well") : t("desk.waiting", { n: open.length, since: moment(oldest) });
}

function Row({ row, here, to }: { row: TicketRow; here: boolean; to: string }) {
	const [word, tone] = toAgent[row.state] ?? ["desk.open", ""], when = at(row.changedAt);

	return (
		<li class="trow">
			<a href={to} aria-current={here ? "page" : undefined}>
				<strong dir="auto">{row.subject}</strong>
				<span class="xs soft num when">{day(when) === day(Date.now()) ? moment(when) : day(when)}</span>
				<span class="xs soft num code">{row.submissionCode ?? row.code}</span>
				<span class="st"><Tag tone={tone}>{t(word)}</Tag></span>
			</a>
		</li>
	);
}

function Queue({ list, view, q, setQ, current }: { list: Resource<TicketList>; view: View; q: string; setQ: (q: string) => void; current: string }) {
	const rows = shownOf(list.data, view, q);

	return (
		<section class="tqueue" aria-labelledby="tq">
			<header class="stack-s">
				<div class="bar">{current === "" ? <h1 id="tq">{t("desk.title")}</h1> : <h2 id="tq"><a href={address(view, q)}>{t("desk.title")}</a></h2>}</div>
				{current === "" && list.data !== undefined && <p class="say1">{sentence(list.data)}</p>}
				<label class="vh" for="tsearch">{t("desk.search")}</label>
				<input id="tsearch" type="search" value={q} placeholder={t("desk.search")} onInput={(e) => setQ(e.currentTarget.value)} onKeyDown={(e) => e.key === "Escape" && e.currentTarget.blur()} />
			</header>
			<nav class="tabs" aria-label={t("desk.views")}>{(Object.keys(VIEWS) as View[]).map((v) => (
				<a href={address(v, q)} aria-current={v === view ? "page" : undefined}>{nameOf(v)}{v !== "solved" && list.data !== undefined && view !== "solved" && <span class="num soft">{number(shownOf(list.data, v, "").length)}{list.data.next !== undefined && "+"}</span>}</a>
			))}</nav>
			{list.problem !== null && (list.data === undefined ? <Failure title={t("desk.failed")} problem={list.problem} again={list.reload} /> :
				<p class="note warn" role="alert"><Icon name="warn" size={20} /><span>{t("desk.old")} {sentenceOf(list.problem)} <Button small onClick={list.reload}>{t("app.again")}</Button></span></p>)}
			{list.data === undefined && list.problem === null && <Skeleton lines={5} />}
			{list.data !== undefined && rows.length === 0 && (q !== "" ? <Empty title={t("desk.no_match")} action={<Button small onClick={() => setQ("")}>{t("desk.clear")}</Button>} /> :
				<Empty icon="check" title={view === "answer" ? t("desk.nothing") : t("desk.nothing_here")} />)}
			<ul class="trows">{rows.map((r) => <Row key={r.id} row={r} here={r.id === current} to={address(view, q, r.id)} />)}</ul>
			{list.data?.next !== undefined && <p class="xs soft more">{t("desk.first_n", { n: LIMIT })}</p>}
		</section>
	);
}

function OneTicket({ ticket, list, account, onDone }: { ticket: Resource<Ticket>; list: TicketRow[]; account: string; onDone: (state: string) => void }) {
	const now = ticket.data as Ticket, handle = useRef<ReplyHandle | null>(null), end = useRef<HTMLDivElement>(null), [busy, setBusy] = useState(false);
	const [word, tone] = toAgent[now.state] ?? ["desk.open", ""], who = now.messages.find((m) => m.author === "requester")?.authorName;
	const change = async (state: "resolved" | "open") => {
		if (busy)
			return;
		setBusy(true);
		const result = await setState(now.id, state);

		setBusy(false);
		if (!result.ok)
			return toast(sentenceOf(result.problem));
		ticket.set(result.data);
		toast(state === "resolved" ? t("ticket.now_solved") : t("ticket.now_open"), { label: t("app.undo"), run: () => void change(state === "resolved" ? "open" : "resolved") });
		onDone(result.data.state);
	};

	useKeys({ r: () => handle.current?.focus(false), n: () => handle.current?.focus(true), m: () => handle.current?.macros(),
		s: () => void change("resolved"), o: () => void change("open"), "/": () => document.getElementById("tsearch")?.focus() });
	useEffect(() => {
		end.current?.scrollTo(0, end.current.scrollHeight);
	}, [now.id, now.messages.length]);
	return (
		<>
			<section class="tone" aria-labelledby="subject">
				<header class="thead">
					<a class="iconlink only-s" href="/desk"><Icon name="back" flip /><span class="vh">{t("desk.title")}</span></a>
					<div><h1 id="subject" dir="auto">{now.subject}</h1><p class="xs soft"><span class="num">{now.code}</span>{who !== undefined && <>, <bdi>{who}</bdi></>}{now.submission !== undefined && <>, <span class="num">{now.submission.code}</span></>}</p></div>
					<span class="end bar"><Tag tone={tone}>{t(word)}</Tag>
						{now.state !== "closed" && (isOver(now) ? <Button small onClick={() => void change("open")} busy={busy && t("ticket.changing")}>{t("ticket.reopen")} <kbd aria-hidden="true">O</kbd></Button> :
							<Button small onClick={() => void change("resolved")} busy={busy && t("ticket.changing")}>{t("desk.solve")} <kbd aria-hidden="true">S</kbd></Button>)}</span>
				</header>
				<div class="talk" ref={end} tabIndex={0} role="group" aria-label={t("desk.talk")}><Thread messages={now.messages} mine="agent" /></div>
				{now.state === "closed" ? <p class="note reply">{t("desk.is_closed")}</p> : <Reply ticket={now} account={account} handle={handle} heard={ticket.set} onDone={onDone} />}
			</section>
			<Context ticket={now} rows={list} insert={(text) => handle.current?.insert(text)} />
		</>
	);
}

/* Leads the focus through the rows. */
function move(by: number): void {
	const links = [...document.querySelectorAll<HTMLElement>(".trow a")], has = links.findIndex((a) => a === document.activeElement);
	const from = has >= 0 ? has : links.findIndex((a) => a.getAttribute("aria-current") === "page"), to = links[Math.min(links.length - 1, Math.max(0, from + by))];

	to?.focus();
	to?.scrollIntoView({ block: "nearest" });
}

export function Desk({ boot }: { boot: DeskBoot }) {
	const view = viewNow(), id = boot.params["id"] ?? "", [q, setQ] = useState(new URLSearchParams(location.search).get("q") ?? ""), [help, setHelp] = useState(false);
	const first = view !== "solved" ? boot.beside[0] ?? undefined : undefined;
	const list = useResource("list", (signal) => listTickets({ queue: "desk", state: [...(view === "solved" ? SOLVED : UNSOLVED)], limit: LIMIT }, signal), first);
	const ticket = useResource(id !== "" ? id : null, (signal) => readTicket(id, signal), id !== "" ? boot.data as Ticket : undefined);
	const reload = () => {
		list.reload();
		if (id !== "")
			ticket.reload();
	};
	const keys: KeyRow[] = [[["J"], t("desk.key_down")], [["K"], t("desk.key_up")], [["Enter"], t("desk.key_open")], [["/"], t("desk.search")], [["R"], t("desk.reply")], [["N"], t("desk.note")], [["M"], t("desk.macros")],
		[["S"], t("desk.solve")], [["O"], t("ticket.reopen")], [["Ctrl", "Enter"], t("ticket.send")], [["G", "H"], t("desk.key_go")], [["?"], t("queue.keys")]];

	useKeys({ j: () => move(1), k: () => move(-1), "?": () => setHelp(true), "/": () => document.getElementById("tsearch")?.focus() });
	useNews(reload, NEWS_MS);
	useEffect(() => {
		document.title = `${id !== "" ? ticket.data?.subject ?? "" : t("desk.title")} · Vouch`;
	}, [ticket.data?.subject]);
	useEffect(() => {
		history.replaceState(null, "", address(view, q, id));
	}, [q]);
	return (
		<div class={id !== "" ? "helpdesk one" : "helpdesk"}>
			<Queue list={list} view={view} q={q} setQ={setQ} current={id} />
			{id !== "" && ticket.data !== undefined && <OneTicket ticket={ticket} list={list.data?.items ?? []} account={boot.me?.accountId ?? ""} onDone={list.reload} />}
			<KeysDialog rows={keys} open={help} onClose={() => setHelp(false)} />
			<Toasts />
		</div>
	);
}
