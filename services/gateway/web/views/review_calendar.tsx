// The calendar of a review: every day from handing in to the result, and why it counts or not.
import { clock as timeOf, dateOf, locale } from "../lib/time";
import { t, type Word } from "../lib/words";
import type { Clock } from "../parts/fourteen";
import { Icon } from "../parts/icon";
import { runsOf, type Cell, type Run } from "./review_days";

const weekday = new Intl.DateTimeFormat(locale, { weekday: "short", timeZone: "UTC" });
const letter = new Intl.DateTimeFormat(locale, { weekday: "narrow", timeZone: "UTC" });
const short = new Intl.DateTimeFormat(locale, { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" });
const month = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone: "UTC" });
const plain = new Intl.DateTimeFormat(locale, { day: "numeric", timeZone: "UTC" });

const noon = (date: string): Date => new Date(`${date}T12:00:00Z`);

/* "Tue 3 Nov", "4 – 6 Nov" */
function spanOf(run: Run): string {
	return run.from === run.to ? short.format(noon(run.from)) : month.formatRange(noon(run.from), noon(run.to));
}

const classes: { [M in Cell["mark"]]: string } = {
	before: "off", in: "in", counted: "done", today: "now", future: "", due: "", weekend: "off", holiday: "off", late: "late", after: "off",
};

function wordsOf(cell: Cell, ended: "decided" | "stopped" | null): { seen: string[]; spoken: string } {
	const spoken: { [M in Cell["mark"]]?: Word } = { before: "review.c_before", after: "review.c_after", weekend: "review.c_weekend" };
	const name = spoken[cell.mark];
	const seen: (string | false)[] = [cell.holiday, cell.mark === "in" && t("review.c_in"), cell.mark === "late" && !cell.isToday && t("review.c_late"), cell.isToday && t("review.c_today"),
		cell.isDue && !cell.isEnd && t("review.c_due"), cell.isEnd && (ended === "stopped" ? t("review.c_stopped") : t("review.c_decided"))];

	return { seen: seen.filter((word): word is string => word !== false && word !== ""), spoken: name !== undefined ? t(name) : "" };
}

function Day({ cell, ended, isFirst }: { cell: Cell; ended: "decided" | "stopped" | null; isFirst: boolean }) {
	const { seen, spoken } = wordsOf(cell, ended), at = noon(cell.date);
	const look = [classes[cell.mark], cell.isToday && "now", cell.isDue && "due", cell.isEnd && (ended === "stopped" ? "stop" : "end")].filter(Boolean).join(" ");

	return (
		<td class={look} aria-current={cell.isToday ? "date" : undefined}>
			<span class="dt">{isFirst || cell.date.endsWith("-01") ? month.format(at) : plain.format(at)}</span>
			{cell.number > 0 && <b><span class="vh">{t("review.c_day")} </span>{cell.number}</b>}
			{cell.mark === "in" && <Icon name="upload" size={18} />}
			{seen.map((word) => <small dir="auto">{word}</small>)}
			{spoken !== "" && <span class="vh">{spoken}</span>}
		</td>
	);
}

export function Calendar({ weeks, clock, from, ended }: { weeks: Cell[][]; clock: Clock; from: string; ended: "decided" | "stopped" | null }) {
	const head = weeks[0] ?? [];

	return (
		<section aria-label={t("review.calendar")}>
			<table class="cal">
				<caption class="vh">{t("review.caption", { from: dateOf(from), to: dateOf(clock.dueDate) })}</caption>
				<thead><tr>{head.map((c) => <th scope="col"><span class="whole">{weekday.format(noon(c.date))}</span><span class="letter" aria-hidden="true">{letter.format(noon(c.date))}</span></th>)}</tr></thead>
				<tbody>{weeks.map((week, w) => <tr key={w}>{week.map((cell, i) => <Day key={cell.date} cell={cell} ended={ended} isFirst={w === 0 && i === 0} />)}</tr>)}</tbody>
			</table>
		</section>
	);
}

function reasonOf(run: Run, dueTime: string): preact.ComponentChildren {
	switch (run.kind) {
	case "last":
		return <strong>{t("review.w_last", { n: run.first, time: dueTime })}</strong>;
	case "day":
		return run.first === run.last ? t("review.w_day", { n: run.first }) : t("review.w_days", { from: run.first, to: run.last });
	case "weekend":
		return t("review.w_weekend");
	case "holiday":
		return t("review.w_holiday", { name: run.name });
	}
}

export function Why({ clock, from, at }: { clock: Clock; from: string; at: Date }) {
	const runs = runsOf(clock).filter((r) => r.to > from), due = clock.dueAt !== undefined ? timeOf(Date.parse(clock.dueAt) - 60_000, clock.timeZone) : "";

	return (
		<details class="card pad why">
			<summary><strong>{t("review.why", { date: dateOf(clock.dueDate) })}</strong> <span class="soft">{t("review.why_how")}</span></summary>
			<table class="tbl mt2">
				<thead class="vh"><tr><th scope="col">{t("review.why_date")}</th><th scope="col">{t("review.why_reason")}</th></tr></thead>
				<tbody>
					<tr><th scope="row" class="soft">{short.format(noon(from))}</th><td>{t("review.w_in", { time: timeOf(at, clock.timeZone) })}</td></tr>
					{runs.map((run) => <tr key={run.from}><th scope="row" class="soft">{spanOf(run)}</th><td dir="auto">{reasonOf(run, due)}</td></tr>)}
				</tbody>
			</table>
		</details>
	);
}
