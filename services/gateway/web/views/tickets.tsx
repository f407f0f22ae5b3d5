// "/help/tickets": what one has asked; "/help/tickets/{id}": one conversation.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Boot } from "../lib/boot";
import { listen } from "../lib/events";
import type { Problem } from "../lib/problem";
import { useResource } from "../lib/resource";
import { dateOf, moment, zoneName } from "../lib/time";
import { t } from "../lib/words";
import { Button } from "../parts/button";
import { Field, jump } from "../parts/field";
import { Fourteen } from "../parts/fourteen";
import { Icon } from "../parts/icon";
import { Empty, Failure } from "../parts/state";
import { Note, Tag } from "../parts/tag";
import { Thread } from "../parts/thread";
import { toast, Toasts } from "../parts/toast";
import { at, BODY_MAX, isOver, kept, listTickets, readTicket, say, setState, toAsker, type Ticket, type TicketList, type TicketRow } from "./ticket_record";

/* Fetches anew when something was announced, and when the page is looked at again. */
export function useNews(reload: () => void, everyMs = 0): void {
	const now = useRef(reload);

	now.current = reload;
	useEffect(() => {
		const shown = () => document.visibilityState === "visible" && now.current();
		const stop = listen(() => now.current()), timer = everyMs > 0 ? setInterval(shown, everyMs) : undefined;

		document.addEventListener("visibilitychange", shown);
		return () => {
			stop();
			clearInterval(timer);
			document.removeEventListener("visibilitychange", shown);
		};
	}, []);
}

function StateTag({ state }: { state: string }) {
	const [word, tone] = toAsker[state] ?? ["ticket.with_us", ""];

	return <Tag tone={tone}>{t(word)}</Tag>;
}

function standing(rows: TicketRow[]): string {
	const yours = rows.filter((r) => r.state === "waiting_person").length, ours = rows.filter((r) => r.state === "new" || r.state === "open").length;

	return yours > 0 ? t("ticket.yours", { n: yours }) : ours > 0 ? t("ticket.ours", { n: ours }) : t("ticket.quiet");
}

export function Tickets({ boot }: { boot: Boot<TicketList> }) {
	const here = new URLSearchParams(location.search), cursor = here.get("cursor");
	const list = useResource("list", (signal) => listTickets(cursor !== null ? { cursor } : {}, signal), boot.data), rows = list.data?.items ?? [];

	useNews(list.reload);
	useEffect(() => {
		document.title = `${t("ticket.title")} · Vouch`;
	}, []);
	return (
		<div class="wrap narrow stack">
			<nav class="crumbs" aria-label={t("ticket.crumbs")}><ol><li><a href="/help">{t("ticket.help")}</a></li><li aria-current="page">{t("ticket.title")}</li></ol></nav>
			<header class="bar"><h1>{t("ticket.title")}</h1><a class="btn pri end" href="/help/new">{t("ticket.ask")}</a></header>
			{rows.length > 0 && <p class="lead">{standing(rows)}</p>}
			{list.problem !== null && <Failure title={t("ticket.failed")} problem={list.problem} again={list.reload} />}
			{rows.length === 0 && list.problem === null ? (
				<Empty icon="chat" title={t("ticket.none")}>{t("ticket.none_how")}</Empty>
			) : (
				<ul class="rows tickets">{rows.map((r) => (
					<li class="row plain" key={r.id}>
						<div class="bar"><h2 dir="auto"><a href={`/help/tickets/${r.id}`}>{r.subject}</a></h2><span class="end"><StateTag state={r.state} /></span></div>
						<p class="meta"><span class="num">{r.code}</span>{r.submissionCode !== undefined && <span>{t("ticket.about", { code: r.submissionCode })}</span>}<span>{t("ticket.changed", { when: moment(at(r.changedAt)) })}</span></p>
					</li>
				))}</ul>
			)}
			{(list.data?.next !== undefined || cursor !== null) && (
				<nav class="bar" aria-label={t("ticket.pages")}>
					{cursor !== null && <a class="btn" href="/help/tickets">{t("ticket.newest")}</a>}
					{list.data?.next !== undefined && <a class="btn" href={`/help/tickets?cursor=${encodeURIComponent(list.data.next)}`}>{t("ticket.older")}</a>}
				</nav>
			)}
			<Toasts />
		</div>
	);
}

/* What the ticket is about, with the clock that everybody sees. */
function About({ ticket }: { ticket: Ticket }) {
	const s = ticket.submission, clock = s?.reviewClock;

	if (s === undefined)
		return null;
	return (
		<section class="card pad stack-s" aria-labelledby="about">
			<h2 id="about" class="xs soft">{t("ticket.submission")}</h2>
			<p><strong dir="auto">{s.title}</strong><br /><span class="sm soft num">{s.code}</span></p>
			{clock !== undefined && <p><Fourteen clock={clock} /></p>}
			{clock !== undefined && <p class="sm" dir="auto">{clock.sentence}</p>}
			{clock !== undefined && s.dueDate !== undefined && clock.state !== "met" && <p class="xs soft">{t("ticket.by_day", { day: dateOf(s.dueDate), zone: zoneName(s.timeZone ?? clock.timeZone) })}</p>}
			<p><a class="sm" href={`/submissions/${s.id}`}>{t("ticket.follow")}</a></p>
		</section>
	);
}

const SAYS = { new: "ticket.say_ours", open: "ticket.say_ours", waiting_person: "ticket.say_yours", waiting_review: "ticket.say_review", resolved: "ticket.say_solved", closed: "ticket.say_closed" } as const;

export function TicketPage({ boot }: { boot: Boot<Ticket> }) {
	const id = boot.data.id, place = `reply/${boot.me?.accountId ?? ""}/${id}`;
	const ticket = useResource("ticket", (signal) => readTicket(id, signal), boot.data), now = ticket.data ?? boot.data;
	const [text, write] = useState(kept.read(place)), [busy, setBusy] = useState<"" | "send" | "state">(""), [error, setError] = useState<string>(), [problem, setProblem] = useState<Problem | null>(null);
	const closed = now.state === "closed", over = isOver(now);
	const type = (value: string) => {
		write(value);
		kept.write(place, value);
		setError(undefined);
	};
	const send = async () => {
		if (busy !== "")
			return;
		if (text.trim() === "") {
			setError(t("ticket.e_body"));
			jump(null, "reply");
			return;
		}
		setBusy("send");
		const result = await say(id, text);

		setBusy("");
		setProblem(result.ok ? null : result.problem);
		if (result.ok) {
			type("");
			ticket.set(result.data);
			toast(t("ticket.sent"));
		}
	};
	const change = async (state: "resolved" | "open") => {
		setBusy("state");
		const result = await setState(id, state);

		setBusy("");
		setProblem(result.ok ? null : result.problem);
		if (result.ok) {
			ticket.set(result.data);
			toast(state === "resolved" ? t("ticket.now_solved") : t("ticket.now_open"), state === "resolved" ? { label: t("app.undo"), run: () => void change("open") } : undefined);
		}
	};

	useNews(ticket.reload);
	useEffect(() => {
		document.title = `${now.subject} · Vouch`;
	}, [now.subject]);
	return (
		<div class="wrap">
			<nav class="crumbs" aria-label={t("ticket.crumbs")}><ol><li><a href="/help">{t("ticket.help")}</a></li><li><a href="/help/tickets">{t("ticket.title")}</a></li><li aria-current="page" class="num">{now.code}</li></ol></nav>
			<div class="two">
				<div class="stack">
					<header class="stack-s"><h1 dir="auto">{now.subject}</h1><p class="meta"><StateTag state={now.state} /><span>{t("ticket.asked", { when: moment(at(now.createdAt)) })}</span></p></header>
					<Note icon={over ? "check" : "info"} tone={over ? "ok" : now.state === "waiting_person" ? "hi" : ""} role="status">{t(SAYS[now.state as keyof typeof SAYS] ?? "ticket.say_ours")}</Note>
					<Thread messages={now.messages} mine="requester" />
					{closed ? <p><a class="btn" href={`/help/new?subject=${encodeURIComponent(now.subject)}`}>{t("ticket.ask_again")}</a></p> : (
						<form class="stack-s" noValidate onSubmit={(e) => {
							e.preventDefault();
							void send();
						}}>
							{problem !== null && <Failure title={t("ticket.not_sent")} problem={problem} />}
							<Field id="reply" label={t("ticket.reply")} hint={over ? t("ticket.reply_opens") : t("ticket.reply_hint")} error={error}>
								<textarea dir="auto" maxLength={BODY_MAX} rows={4} value={text} onInput={(e) => type(e.currentTarget.value)}
									onKeyDown={(e) => {
										if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) {
											e.preventDefault();
											void send();
										}
									}} />
							</Field>
							<p class="bar">
								<Button kind="primary" type="submit" onClick={(e) => {
									e.preventDefault();
									void send();
								}} busy={busy === "send" && t("ticket.sending")}>{t("ticket.send")}</Button>
								{over ? <Button onClick={() => void change("open")} busy={busy === "state" && t("ticket.changing")}>{t("ticket.reopen")}</Button> :
									<Button onClick={() => void change("resolved")} busy={busy === "state" && t("ticket.changing")}><Icon name="check" />{t("ticket.is_solved")}</Button>}
								{text !== "" && <span class="xs soft">{t("ticket.kept")}</span>}
							</p>
						</form>
					)}
				</div>
				<div class="side stack"><About ticket={now} /></div>
			</div>
			<Toasts />
		</div>
	);
}
