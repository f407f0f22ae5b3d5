import assert from "node:assert/strict";
import { test } from "node:test";
import type { Clock } from "../parts/fourteen";
import { deviceOf } from "../views/device";
import { dateIn, runsOf, todayOf, weeksOf, type ClockDay } from "../views/review_days";

/* Handed in on Sunday 1 November; Wednesday the 11th is a holiday; the 14th day is Friday the 20th. */
function clockAt(businessDay: number, more: Partial<Clock> = {}): Clock {
	const days: ClockDay[] = [];

	for (let d = 2, n = 0; d <= 20; d++) {
		const free = [7, 8, 14, 15].includes(d), counts = !free && d !== 11;

		days.push({ date: `2026-11-${String(d).padStart(2, "0")}`, counts, reason: counts ? "business day" : free ? "weekend" : "Veterans Day", ...(counts ? { number: ++n } : {}) });
	}
	return { state: "running", dueDate: "2026-11-20", timeZone: "America/New_York", businessDay, businessDays: 14, businessDaysLeft: 14 - businessDay, overdue: false,
		sentence: "", days, ...more };
}

const at = (weeks: ReturnType<typeof weeksOf>, date: string) => weeks.flat().find((c) => c.date === date);

test("a calendar has whole weeks, and every day its mark", () => {
	const weeks = weeksOf(clockAt(5), "2026-11-01", "2026-11-06", null);

	assert.deepEqual(weeks.map((w) => [w[0]?.date, w[6]?.date]), [["2026-10-26", "2026-11-01"], ["2026-11-02", "2026-11-08"], ["2026-11-09", "2026-11-15"], ["2026-11-16", "2026-11-22"]]);
	for (const [date, mark, number] of [["2026-10-31", "before", 0], ["2026-11-01", "in", 0], ["2026-11-02", "counted", 1], ["2026-11-06", "today", 5], ["2026-11-07", "weekend", 0],
		["2026-11-09", "future", 6], ["2026-11-11", "holiday", 0], ["2026-11-12", "future", 8], ["2026-11-20", "due", 14], ["2026-11-21", "after", 0]] as const)
		assert.deepEqual([at(weeks, date)?.mark, at(weeks, date)?.number], [mark, number], date);
	assert.equal(at(weeks, "2026-11-11")?.holiday, "Veterans Day");
});

test("while it is late the calendar goes on to today, and weekends are not late", () => {
	const weeks = weeksOf(clockAt(14, { overdue: true }), "2026-11-01", "2026-11-24", null);

	assert.deepEqual(["2026-11-21", "2026-11-22", "2026-11-23", "2026-11-24", "2026-11-25"].map((d) => at(weeks, d)?.mark), ["weekend", "weekend", "late", "late", "after"]);
	assert.equal(at(weeks, "2026-11-24")?.isToday, true);
});

test("a decision ends it on its day", () => {
	const weeks = weeksOf(clockAt(3, { state: "met" }), "2026-11-01", "2026-11-24", "2026-11-04");

	assert.deepEqual([at(weeks, "2026-11-04")?.isEnd, at(weeks, "2026-11-04")?.isToday, at(weeks, "2026-11-05")?.mark], [true, false, "future"]);
});

test("the server has counted: a clock of this device that is wrong moves nothing", () => {
	assert.equal(todayOf(clockAt(5), Date.parse("2026-11-06T15:00:00Z")), "2026-11-06");
	assert.equal(todayOf(clockAt(5), Date.parse("2026-11-07T15:00:00Z")), "2026-11-07"); // a weekend: nothing more has begun
	assert.equal(todayOf(clockAt(5), Date.parse("2027-03-01T15:00:00Z")), "2026-11-06");
	assert.equal(dateIn("America/New_York", Date.parse("2026-11-07T03:00:00Z")), "2026-11-06");
});

test("days in a row are explained together", () => {
	assert.deepEqual(runsOf(clockAt(5)).map((r) => [r.kind, r.from.slice(-2), r.to.slice(-2), r.first, r.last]), [["day", "02", "06", 1, 5], ["weekend", "07", "08", 0, 0],
		["day", "09", "10", 6, 7], ["holiday", "11", "11", 0, 0], ["day", "12", "13", 8, 9], ["weekend", "14", "15", 0, 0], ["day", "16", "19", 10, 13], ["last", "20", "20", 14, 14]]);
});

test("browsers by the name that people know", () => {
	assert.deepEqual(deviceOf("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"), { browser: "Chrome", system: "Linux" });
	assert.deepEqual(deviceOf("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"), { browser: "Safari", system: "iPhone" });
	assert.deepEqual(deviceOf("something else"), { browser: "", system: "" });
});
