// "/submissions/{id}": when the result is due, why on that day, what has happened, what was sent.
import { useEffect, useRef, useState } from "preact/hooks";
import { api, ask, body, type Schemas } from "../lib/api";
import type { Boot } from "../lib/boot";
import { useLive } from "../lib/live";
import type { Problem } from "../lib/problem";
import { useResource } from "../lib/resource";
import { dateOf, day, moment, readerZone, zoneName } from "../lib/time";
import { around, close, open, t } from "../lib/words";
import { Button } from "../parts/button";
import { Copy } from "../parts/copy";
import { Dialog } from "../parts/dialog";
import { Field } from "../parts/field";
import { Fourteen, type Clock } from "../parts/fourteen";
import { sentenceOf } from "../parts/state";
import { Note } from "../parts/tag";
import { Calendar, Why } from "./review_calendar";
import { dateIn, todayOf, weeksOf } from "./review_days";
import { Sent } from "./review_sent";
import { getSubmission, inWords, isOpen, type Submission } from "./work_record";

export type ReviewBoot = Boot<Submission>;

const marked = (inside: string) => <b class="nw">{inside}</b>;
const strong = (inside: string) => <strong>{inside}</strong>;
const isDecided = (s: Submission): boolean => s.state === "awarded" || s.state === "denied";

/* Where it stands in time: a sentence on today, and one on who has it. */
function standing(s: Submission, clock: Clock, today: string): string {
	const first = clock.days.find((d) => d.number === 1)?.date, who = s.state === "in_review" ? t("review.reading") : t("review.waiting");
	const counts = clock.days.find((d) => d.date === today)?.counts === true;

	if (clock.overdue)
		return t("review.late_lead", { n: clock.businessDaysLate ?? 0 });
	if (clock.businessDay === 0)
		return `${first !== undefined ? t("review.before", { date: dateOf(first) }) : ""} ${who}`;
	return `${counts ? t("review.day", { n: clock.businessDay, of: clock.businessDays }) : t("review.off_today", { n: clock.businessDay, of: clock.businessDays })} ${who}`;
}

function Headline({ s, clock, today }: { s: Submission; clock: Clock | undefined; today: string }) {
	const date = clock !== undefined ? dateOf(clock.dueDate) : "", decided = s.decision?.decidedAt;

	if (s.state === "draft" || clock === undefined)
		return <><h1>{t("review.draft")}</h1><p class="lead">{t("review.draft_lead")}</p><p class="mt"><a class="btn pri" href={`/drafts/${s.id}`}>{t("review.continue")}</a></p></>;
	if (isDecided(s))
		return (
			<>
				<h1 class="big">{t("review.decided")}</h1>
				{decided !== undefined && <p class="lead">{around(clock.state === "met_late" ? t("review.met_late", { date: day(new Date(decided), clock.timeZone), due: date, strong: open, end: close }) :
					t("review.met", { date: day(new Date(decided), clock.timeZone), strong: open, end: close }), strong)}</p>}
				<p class="mt"><a class="btn pri lg" href={`/submissions/${s.id}/result`}>{t("review.see_result")}</a></p>
			</>
		);
	if (s.state === "withdrawn")
		return (
			<>
				<h1 class="big">{t("review.withdrawn")}</h1>
				<p class="lead">{t("review.withdrawn_lead")}</p>
				<p class="mt"><a class="btn pri" href={`/mc/${s.microCredential?.id ?? ""}`}>{t("review.again")}</a></p>
			</>
		);
	if (clock.state === "paused")
		return <><h1 class="big">{t("review.paused")}</h1><p class="lead">{t("review.paused_lead")}</p></>;
	return (
		<>
			<h1 class="big">{around(clock.overdue ? t("review.late", { date, strong: open, end: close }) : t("review.due", { date, strong: open, end: close }), marked)}</h1>
			<p class="lead">{standing(s, clock, today)}</p>
		</>
	);
}

function Zone({ s, clock }: { s: Submission; clock: Clock }) {
	const issuer = s.microCredential?.issuer?.name ?? "", zone = zoneName(clock.timeZone), at = clock.dueAt !== undefined ? Date.parse(clock.dueAt) - 60_000 : 0;

	return <p class="sm soft mt2" dir="auto">{readerZone === clock.timeZone || at === 0 ? t("review.zone_same", { issuer, zone }) :
		t("review.zone", { issuer, zone, moment: moment(at, readerZone) })}</p>;
}

function Step({ todo = false, title, at, note }: { todo?: boolean; title: string; at?: string | undefined; note?: string | undefined }) {
	return <li class={todo ? "todo" : undefined}><div><strong>{title}</strong>{at !== undefined && <time class="soft xs" dateTime={at}>{moment(new Date(at))}</time>}{note !== undefined && <p class="soft">{note}</p>}</div></li>;
}

function Log({ s, clock }: { s: Submission; clock: Clock }) {
	const ended = isDecided(s) || s.state === "withdrawn", begun = s.state === "in_review" || isDecided(s);

	return (
		<section class="card pad">
			<h2>{t("review.so_far")}</h2>
			<ol class="log mt">
				<Step title={t("review.l_in")} at={s.submittedAt} note={t("review.l_in_note", { parts: s.parts.length, n: s.evidence.length })} />
				{clock.overdue && <Step title={t("review.l_overdue", { date: dateOf(clock.dueDate) })} note={t("review.l_told")} />}
				{s.state !== "withdrawn" && <Step todo={!begun} title={begun ? t("review.l_reading") : t("review.l_read")} note={ended ? undefined : t("review.l_read_note")} />}
				{s.state === "withdrawn" ? <Step title={t("review.l_withdrawn")} at={s.changedAt} /> : isDecided(s) ? <Step title={t("review.l_decided")} at={s.decision?.decidedAt} /> :
					<Step todo title={clock.overdue ? t("review.l_late") : t("review.l_due", { date: dateOf(clock.dueDate) })} note={t("review.l_mail")} />}
			</ol>
		</section>
	);
}

function TakeBack({ s, onDone }: { s: Submission; onDone: (s: Submission) => void }) {
	const [asks, setAsks] = useState(false), [busy, setBusy] = useState(false), [problem, setProblem] = useState<Problem | null>(null);
	const reason = useRef<HTMLTextAreaElement>(null);
	const go = async () => {
		setBusy(true);
		const done = await ask(api.POST("/submissions/{id}/withdraw", { params: { path: { id: s.id } },
			body: body<Schemas["WithdrawSubmission"]>({ reason: reason.current?.value.trim() ?? "" }) }));

		setBusy(false);
		setProblem(done.ok ? null : done.problem);
		if (done.ok) {
			setAsks(false);
			onDone(done.data);
		}
	};

	if (s.state !== "submitted")
		return <p class="sm soft">{t("review.back_no")}</p>;
	return (
		<>
			<p><Button small kind="danger" onClick={() => setAsks(true)}>{t("review.back")}</Button></p>
			<p class="sm soft">{t("review.back_note")}</p>
			<Dialog title={t("review.back_title")} open={asks} onClose={() => setAsks(false)}>
				<p>{t("review.back_how")}</p>
				<Field id="reason" label={t("review.back_reason")}><textarea ref={reason} maxLength={500} rows={3} dir="auto" /></Field>
				{problem !== null && <Note tone="bad" icon="error" role="alert"><strong>{t("review.back_failed")}</strong> <span dir="auto">{sentenceOf(problem)}</span></Note>}
				<p class="bar"><Button onClick={() => setAsks(false)}>{t("review.keep")}</Button><Button kind="danger" busy={busy && t("review.back_busy")} onClick={() => void go()}>{t("review.back")}</Button></p>
			</Dialog>
		</>
	);
}

function Side({ s, clock, onDone }: { s: Submission; clock: Clock | undefined; onDone: (s: Submission) => void }) {
	return (
		<aside class="side stack" aria-label={t("review.so_far")}>
			{clock !== undefined && <Log s={s} clock={clock} />}
			<section class="card pad stack-s">
				<p class="xs soft">{t("review.id")}</p>
				<p class="bar idline"><strong class="num" dir="ltr">{s.code}</strong><span class="end"><Copy text={s.code} label={t("review.copy")} done={t("review.copied")} /></span></p>
				<ul class="sm links">
					<li><a href="#sent">{t("review.sent")}</a></li>
					<li><a href={`/mc/${s.microCredential?.id ?? ""}`}>{t("review.page_of")}</a></li>
					<li><a href={`/help/new?submission=${encodeURIComponent(s.code)}`}>{t("review.ask")}</a> <span class="soft">{t("review.ask_note")}</span></li>
				</ul>
			</section>
			{isOpen(s) && <section class="card pad stack-s"><TakeBack s={s} onDone={onDone} /></section>}
		</aside>
	);
}

export function Review({ boot }: { boot: ReviewBoot }) {
	const id = boot.data.id, got = useResource(id, (signal) => getSubmission(id, signal), boot.data), s = got.data ?? boot.data;
	const clock = s.reviewClock !== undefined && s.submittedAt !== undefined ? inWords(s.reviewClock) : undefined, title = s.microCredential?.title ?? "";
	const at = new Date(s.submittedAt ?? 0), today = clock !== undefined ? todayOf(clock, Date.now()) : "", from = clock !== undefined ? dateIn(clock.timeZone, at) : "";
	const endedAt = s.decision?.decidedAt ?? (s.state === "withdrawn" ? s.changedAt : undefined);
	const ended = clock !== undefined && endedAt !== undefined ? dateIn(clock.timeZone, Date.parse(endedAt)) : null, top = useRef<HTMLElement>(null);

	useEffect(() => {
		document.title = `${t("review.page", { title })} · Vouch`;
		if (location.hash === "#sent")
			document.getElementById("sent")?.scrollIntoView();
	}, []);
	useLive(got.reload);
	return (
		<div class="wrap reviewpage">
			<nav class="crumbs" aria-label={t("shell.crumbs")}><ol><li><a href="/work">{t("work.title")}</a></li></ol></nav>
			<div class="two">
				<div class="stack-l">
					<header class="answer" ref={top} tabIndex={-1}>
						<p class="sm soft"><span dir="auto">{title}</span>{s.attempt > 1 && <> · {t("work.attempt", { n: s.attempt })}</>}</p>
						<Headline s={s} clock={clock} today={today} />
					</header>
					{got.problem !== null && <Note tone="warn" icon="warn" role="status">{t("review.old")} {sentenceOf(got.problem)} <Button small onClick={got.reload}>{t("app.again")}</Button></Note>}
					{clock !== undefined && (
						<div class="stack">
							<Calendar weeks={weeksOf(clock, from, today, ended)} clock={clock} from={from} ended={ended === null ? null : s.state === "withdrawn" ? "stopped" : "decided"} />
							{isOpen(s) && <p class="legend sm soft"><Fourteen clock={clock} /> <span>{clock.sentence}</span></p>}
							<Zone s={s} clock={clock} />
							{s.state !== "withdrawn" && <Why clock={clock} from={from} at={at} />}
						</div>
					)}
				</div>
				<Side s={s} clock={clock} onDone={(now) => {
					got.set(now);
					top.current?.focus();
				}} />
				{clock !== undefined && <Sent s={s} />}
			</div>
		</div>
	);
}
