// The days of a review, as a calendar shows them and as words explain them (CLK-2).
import type { Schemas } from "../lib/api";
import type { Clock } from "../parts/fourteen";

export type ClockDay = Schemas["ClockDay"];
export type Mark = "before" | "in" | "counted" | "today" | "future" | "due" | "weekend" | "holiday" | "late" | "after";

export interface Cell {
	date: string; // "2026-11-24"
	mark: Mark;
	number: number; // 1 to 14; 0: not counted
	isToday: boolean;
	isDue: boolean;
	isEnd: boolean; // decided, or taken back
	holiday: string; // its name
}

const DAY_MS = 86_400_000, WEEK = 7;

/* Dates of the calendar, by days since 1970: they belong to no zone. */
const numberOf = (date: string): number => Math.round(Date.parse(`${date}T00:00:00Z`) / DAY_MS);
const dateAt = (n: number): string => new Date(n * DAY_MS).toISOString().slice(0, 10);
const mondayOf = (n: number): number => n - (n + 3) % WEEK; // the first of January 1970 was a Thursday

/* The date in ZONE, as the calendars of the API write it. */
export function dateIn(zone: string, at: Date | number): string {
	return new Intl.DateTimeFormat("en-CA-u-nu-latn-ca-gregory", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(at);
}

/*
 * Which day it is for CLOCK. The server has counted; where this device's clock says
 * something else, the server's day stands.
 */
export function todayOf(clock: Clock, now: number): string {
	const here = dateIn(clock.timeZone, now);
	const begun = clock.days.filter((d) => d.counts && d.date <= here).length;

	if (clock.state !== "running" || clock.overdue || begun === clock.businessDay)
		return here;
	return clock.days.find((d) => d.number === clock.businessDay)?.date ?? clock.days[0]?.date ?? here;
}

const weekdayOf = (date: string): number => (numberOf(date) + 3) % WEEK;

function markOf(date: string, day: ClockDay | undefined, clock: Clock, first: string, today: string, free: Set<number>): Mark {
	if (date < first)
		return "before";
	if (day === undefined) {
		if (date <= clock.dueDate || !clock.overdue || date > today)
			return date === first ? "in" : "after";
		return free.has(weekdayOf(date)) ? "weekend" : "late";
	}
	if (!day.counts)
		return date === first ? "in" : day.reason === "weekend" ? "weekend" : "holiday";
	if (clock.state === "running" && date === today)
		return "today";
	if (date === clock.dueDate)
		return "due";
	return (day.number ?? 0) <= clock.businessDay ? "counted" : "future";
}

/* Whole weeks, from handing in to the last day; while it is late, to today. ENDED: the day of the decision or of taking it back. */
export function weeksOf(clock: Clock, first: string, today: string, ended: string | null): Cell[][] {
	const days = new Map(clock.days.map((d) => [d.date, d]));
	const free = new Set(clock.days.filter((d) => !d.counts && d.reason === "weekend").map((d) => weekdayOf(d.date)));
	const last = [clock.dueDate, ended ?? "", clock.overdue ? today : ""].reduce((a, b) => (a > b ? a : b));
	const from = mondayOf(numberOf(first)), to = mondayOf(Math.min(numberOf(last), numberOf(first) + 26 * WEEK)), weeks: Cell[][] = [];

	for (let monday = from; monday <= to; monday += WEEK)
		weeks.push(Array.from({ length: WEEK }, (_, i): Cell => {
			const date = dateAt(monday + i), day = days.get(date), mark = markOf(date, day, clock, first, today, free);

			return { date, mark, number: day?.number ?? 0, isToday: date === today && clock.state === "running", isDue: date === clock.dueDate,
				isEnd: date === ended, holiday: day !== undefined && !day.counts && day.reason !== "weekend" ? day.reason : "" };
		}));
	return weeks;
}

/* Days in a row that have the same reason. */
export interface Run {
	from: string;
	to: string;
	kind: "day" | "last" | "weekend" | "holiday";
	first: number; // numbers of business days
	last: number;
	name: string;
}

export function runsOf(clock: Clock): Run[] {
	const runs: Run[] = [];

	for (const d of clock.days) {
		const kind = d.counts ? (d.date === clock.dueDate ? "last" : "day") : d.reason === "weekend" ? "weekend" : "holiday";
		const run = runs.at(-1), name = kind === "holiday" ? d.reason : "";

		if (run !== undefined && run.kind === kind && run.name === name && numberOf(run.to) + 1 === numberOf(d.date))
			[run.to, run.last] = [d.date, d.number ?? 0];
		else
			runs.push({ from: d.date, to: d.date, kind, first: d.number ?? 0, last: d.number ?? 0, name });
	}
	return runs;
}
