// Beside a ticket: what it is about, with the clock that everybody sees, and what has been written on it already.
import { api, ask } from "../lib/api";
import { useResource } from "../lib/resource";
import { dateOf, moment, number, zoneName } from "../lib/time";
import { t } from "../lib/words";
import { LinkButton } from "../parts/button";
import { Fourteen } from "../parts/fourteen";
import { Tag } from "../parts/tag";
import { at, type Ticket, type TicketRow } from "./ticket_record";

const ARTICLES = 4, ALIKE_MAX = 4;

function Submission({ ticket }: { ticket: Ticket }) {
	const s = ticket.submission, clock = s?.reviewClock;

	if (s === undefined)
		return <p class="sm soft">{t("desk.no_submission")}</p>;
	return (
		<>
			<p><strong dir="auto">{s.title}</strong><br /><span class="sm soft"><span class="num">{s.code}</span>{ticket.issuer !== undefined && <> · <bdi>{ticket.issuer.name}</bdi></>}</span></p>
			{clock !== undefined && <>
				<p><Fourteen clock={clock} /></p>
				<p class={clock.overdue ? "lateness r" : "lateness"}>{clock.overdue ? t("desk.late", { n: clock.businessDaysLate ?? 0 }) : clock.state === "running" ? t("desk.left", { n: clock.businessDaysLeft }) : t("desk.ended")}</p>
				<p class="sm" dir="auto">{clock.sentence}</p>
				<p class="xs soft">{t("desk.due", { day: dateOf(clock.dueDate), zone: zoneName(clock.timeZone) })}</p>
				{(clock.days?.length ?? 0) > 0 && (
					<details class="sm"><summary>{t("desk.why")}</summary>
						<ol class="whydays">{clock.days?.map((d) => <li class={d.counts ? "" : "off"} key={d.date}><span class="num">{d.counts ? number(d.number ?? 0) : "–"}</span><span>{dateOf(d.date)}</span>{!d.counts && <span class="soft" dir="auto">{d.reason}</span>}</li>)}</ol>
					</details>
				)}
			</>}
			{s.escalated === true && <p><Tag tone="warn" icon="warn">{t("desk.escalated")}</Tag></p>}
		</>
	);
}

export function Context({ ticket, rows, insert }: { ticket: Ticket; rows: TicketRow[]; insert: (text: string) => void }) {
	const articles = useResource(ticket.subject, (signal) => ask(api.GET("/articles", { params: { query: { q: ticket.subject, limit: ARTICLES } }, signal })));
	const code = ticket.submission?.code;
	const alike = rows.filter((r) => r.id !== ticket.id && code !== undefined && r.submissionCode === code).slice(0, ALIKE_MAX);
	const who = ticket.messages.find((m) => m.author === "requester")?.authorName;

	return (
		<aside class="context" aria-label={t("desk.context")}>
			<section class="stack-s"><h2>{t("desk.submission")}</h2><Submission ticket={ticket} /></section>
			<section class="stack-s"><h2>{t("desk.person")}</h2>
				<p>{who !== undefined ? <bdi>{who}</bdi> : t("ticket.by_asker")}</p>
				<p class="sm soft">{t("ticket.asked", { when: moment(at(ticket.createdAt)) })}</p>
			</section>
			<section class="stack-s"><h2>{t("desk.articles")}</h2>
				{articles.data !== undefined && articles.data.items.length === 0 && <p class="sm soft">{t("desk.no_articles")}</p>}
				{articles.problem !== null && <p class="sm soft">{t("desk.articles_failed")} <LinkButton onClick={articles.reload}>{t("app.again")}</LinkButton></p>}
				<ul class="arts">{articles.data?.items.map((a) => (
					<li key={a.slug}><a href={`/help/${a.slug}`} target="_blank" rel="noopener" dir="auto" lang={a.language}>{a.title}</a>
						<LinkButton class="xs" onClick={() => insert(`${a.title}: ${location.origin}/help/${a.slug}`)}>{t("desk.insert")}<span class="vh"> {a.title}</span></LinkButton></li>
				))}</ul>
			</section>
			{alike.length > 0 && <section class="stack-s"><h2>{t("desk.alike")}</h2><ul class="arts">{alike.map((r) => <li key={r.id}><a href={`/desk/${r.id}`} dir="auto">{r.subject}</a><span class="xs soft num">{r.code}</span></li>)}</ul></section>}
		</aside>
	);
}
