// "/work": drafts, what is in review, results. First what waits for the reader.
import { useEffect, useRef, useState } from "preact/hooks";
import { api, ask } from "../lib/api";
import type { Boot } from "../lib/boot";
import { useLive } from "../lib/live";
import type { Problem } from "../lib/problem";
import { useResource } from "../lib/resource";
import { dateOf, day, moment } from "../lib/time";
import { around, close, open, t } from "../lib/words";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { Fourteen, type Clock } from "../parts/fourteen";
import { Icon } from "../parts/icon";
import { Empty, Failure, sentenceOf } from "../parts/state";
import { Note, Tag } from "../parts/tag";
import { toast } from "../parts/toast";
import { getSubmission, inWords, isLate, isOpen, listWork, type List, type Row } from "./work_record";

export type WorkBoot = Boot<List>;

const CLOCKS_MAX = 12; // fetched for their days

/* The clocks of what is in review: rows have only the last day. */
function useClocks(rows: Row[]): Map<string, Clock> {
	const [clocks, set] = useState(new Map<string, Clock>());
	const wanted = rows.slice(0, CLOCKS_MAX).map((r) => `${r.id} ${r.version}`).join();

	useEffect(() => {
		const abort = new AbortController();

		for (const row of rows.slice(0, CLOCKS_MAX))
			void getSubmission(row.id, abort.signal).then((got) => {
				const clock = got.ok ? got.data.reviewClock : undefined;

				if (clock !== undefined && !abort.signal.aborted)
					set((old) => new Map(old).set(row.id, inWords(clock)));
			});
		return () => abort.abort();
	}, [wanted]);
	return clocks;
}

function What({ row, to, children }: { row: Row; to: string; children?: preact.ComponentChildren }) {
	return (
		<div class="what">
			<h3 dir="auto"><a href={to}>{row.microCredential?.title}</a></h3>
			<p class="sm soft"><bdi>{row.microCredential?.issuer?.name}</bdi>{row.attempt > 1 && <> · {t("work.attempt", { n: row.attempt })}</>}</p>
			{children}
		</div>
	);
}

function DraftRow({ row, isFirst, onDiscard }: { row: Row; isFirst: boolean; onDiscard: () => void }) {
	return (
		<li class="wrow">
			<What row={row} to={`/drafts/${row.id}`} />
			<p class="when sm soft"><Icon name="check" size={16} /><span>{row.changedAt !== undefined && t("work.saved", { time: moment(new Date(row.changedAt)) })}</span></p>
			<p class="acts">
				<Button small kind="quiet" onClick={onDiscard}>{t("work.discard")}<span class="vh">: {row.microCredential?.title}</span></Button>
				<a class={isFirst ? "btn pri s" : "btn s"} href={`/drafts/${row.id}`}>{t("work.continue")}<span class="vh">: {row.microCredential?.title}</span></a>
			</p>
		</li>
	);
}

function ReviewRow({ row, clock, now }: { row: Row; clock: Clock | undefined; now: number }) {
	const late = isLate(row, now), date = row.dueDate !== undefined ? dateOf(row.dueDate) : "";

	return (
		<li class="wrow">
			<What row={row} to={`/submissions/${row.id}`}>
				<p class="sm state">{late ? <Tag tone="bad">{t("work.late")}</Tag> : <Tag tone={row.state === "in_review" ? "pen" : ""}>{row.state === "in_review" ? t("work.reading") : t("work.waiting")}</Tag>}</p>
			</What>
			<div class="when">
				<p><strong>{late ? t("work.was_due", { date }) : t("work.by", { date })}</strong></p>
				<p class="f14-line">{clock !== undefined ? <Fourteen clock={clock} /> : <span class="f14" aria-hidden="true">{Array.from({ length: 14 }, () => <i />)}</span>}</p>
				<p class="xs soft">{clock !== undefined && !late && clock.businessDay > 0 ? t("work.day_short", { n: clock.businessDay, of: clock.businessDays }) : " "}</p>
			</div>
			<p class="acts"><a class="btn s" href={`/submissions/${row.id}`}>{t("work.follow")}<span class="vh">: {row.microCredential?.title}</span></a></p>
		</li>
	);
}

function ResultRow({ row }: { row: Row }) {
	const gone = row.state === "withdrawn", to = gone ? `/submissions/${row.id}` : `/submissions/${row.id}/result`;
	const at = row.decidedAt ?? row.changedAt;

	return (
		<li class="wrow">
			<What row={row} to={to} />
			<p class="when">
				{row.state === "awarded" && <Tag tone="ok" icon="check">{t("work.awarded")}</Tag>}
				{row.state === "denied" && <Tag tone="warn" icon="target">{t("work.denied")}</Tag>}
				{gone && <Tag>{t("work.withdrawn")}</Tag>}
				{at !== undefined && <small class="soft">{gone ? day(new Date(at)) : t("work.decided", { date: day(new Date(at)) })}</small>}
			</p>
			<p class="acts"><a class="btn s" href={to}>{gone ? t("work.see") : t("work.see_result")}<span class="vh">: {row.microCredential?.title}</span></a></p>
		</li>
	);
}

function Section({ id, title, n, children }: { id: string; title: string; n: number; children: preact.ComponentChildren }) {
	if (n === 0)
		return null;
	return (
		<section aria-labelledby={id}>
			<h2 id={id}>{title} <span class="soft num">{n}</span></h2>
			<ul class="card wrows">{children}</ul>
		</section>
	);
}

/* A sentence before the lists: what is so, and whose turn it is. */
function Lead({ drafts, open: waiting, now }: { drafts: Row[]; open: Row[]; now: number }) {
	const late = waiting.filter((r) => isLate(r, now)).length, next = waiting.filter((r) => !isLate(r, now))[0];

	return (
		<p class="lead">
			{late > 0 && <>{t("work.lead_late", { n: late })} </>}
			{next?.dueDate !== undefined && <>{around(t("work.lead_due", { date: dateOf(next.dueDate), strong: open, end: close }), (inside) => <b class="nw">{inside}</b>)} </>}
			{drafts.length > 0 && t("work.lead_drafts", { n: drafts.length })}
			{drafts.length === 0 && waiting.length === 0 && t("work.lead_done")}
		</p>
	);
}

function Discard({ row, onClose, onGone }: { row: Row | null; onClose: () => void; onGone: () => void }) {
	const [busy, setBusy] = useState(false), [problem, setProblem] = useState<Problem | null>(null);
	const go = async () => {
		if (row === null)
			return;
		setBusy(true);
		const gone = await ask(api.DELETE("/submissions/{id}", { params: { path: { id: row.id } } }));

		setBusy(false);
		setProblem(gone.ok ? null : gone.problem);
		if (gone.ok)
			onGone();
	};

	return (
		<Dialog title={t("work.discard_title")} open={row !== null} onClose={onClose}>
			<p>{row !== null && around(t("work.discard_how", { title: `${open}${row.microCredential?.title ?? ""}${close}` }), (inside) => <strong><bdi>{inside}</bdi></strong>)}</p>
			{problem !== null && <Note tone="bad" icon="error" role="alert">{sentenceOf(problem)}</Note>}
			<p class="bar"><Button onClick={onClose}>{t("work.keep")}</Button><Button kind="danger" busy={busy && t("work.discard_busy")} onClick={() => void go()}>{t("work.discard")}</Button></p>
		</Dialog>
	);
}

export function Work({ boot }: { boot: WorkBoot }) {
	const first = useResource("work", (signal) => listWork(undefined, signal), boot.data);
	const [older, setOlder] = useState<Row[]>([]), [next, setNext] = useState(boot.data.next), [busy, setBusy] = useState(false), [gone, setGone] = useState<Row | null>(null);
	const title = useRef<HTMLHeadingElement>(null), now = Date.now();
	const fresh = first.data?.items ?? [], rows = [...fresh, ...older.filter((o) => !fresh.some((f) => f.id === o.id))];
	const drafts = rows.filter((r) => r.state === "draft"), waiting = rows.filter(isOpen).sort((a, b) => (a.dueAt ?? "") < (b.dueAt ?? "") ? -1 : 1);
	const done = rows.filter((r) => r.state !== "draft" && !isOpen(r)), clocks = useClocks(waiting);

	useEffect(() => {
		document.title = `${t("work.title")} · Vouch`;
	}, []);
	useLive(first.reload);

	const more = async () => {
		setBusy(true);
		const got = await listWork(next);

		setBusy(false);
		if (!got.ok)
			return toast(sentenceOf(got.problem));
		setOlder([...older, ...got.data.items]);
		setNext(got.data.next);
	};

	if (rows.length === 0)
		return (
			<div class="wrap workpage stack">
				<h1>{t("work.title")}</h1>
				<Empty icon="target" title={t("work.empty")} action={<p class="bar mt"><a class="btn pri" href="/explore">{t("work.explore")}</a><a class="btn" href="/explore/guide">{t("work.guide")}</a></p>}>{t("work.empty_how")}</Empty>
			</div>
		);
	return (
		<div class="wrap workpage stack-l">
			<header class="bar">
				<div class="stack-s"><h1 ref={title} tabIndex={-1}>{t("work.title")}</h1><Lead drafts={drafts} open={waiting} now={now} /></div>
				<a class={drafts.length === 0 ? "btn pri end" : "btn end"} href="/explore">{t("work.new")}</a>
			</header>
			{first.problem !== null && <Failure title={t("work.failed")} problem={first.problem} again={first.reload} />}
			<Section id="drafts" title={t("work.drafts")} n={drafts.length}>{drafts.map((r, i) => <DraftRow key={r.id} row={r} isFirst={i === 0} onDiscard={() => setGone(r)} />)}</Section>
			<Section id="waiting" title={t("work.in_review")} n={waiting.length}>{waiting.map((r) => <ReviewRow key={r.id} row={r} clock={clocks.get(r.id)} now={now} />)}</Section>
			<Section id="done" title={t("work.results")} n={done.length}>{done.map((r) => <ResultRow key={r.id} row={r} />)}</Section>
			{next !== undefined && <p><Button busy={busy && t("work.loading_more")} onClick={() => void more()}>{t("work.more")}</Button></p>}
			<Discard row={gone} onClose={() => setGone(null)} onGone={() => {
				setOlder(older.filter((r) => r.id !== gone?.id));
				setGone(null);
				first.reload();
				toast(t("work.discarded"));
				title.current?.focus();
			}} />
		</div>
	);
}
