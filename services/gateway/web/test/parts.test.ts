import assert from "node:assert/strict";
import { test } from "node:test";
import { countWords, within } from "../lib/count";
import { isPassing, problemOf } from "../lib/problem";
import { clock, dateOf, day, moment, size, zoneName } from "../lib/time";
import { around, close, open, t } from "../lib/words";
import { toneOf } from "../parts/fourteen";

test("words are counted as the server counts them", () => {
	const rows: [string, number][] = [["", 0], ["  \n ", 0], ["one", 1], ["don't", 1], ["don’t stop", 2], ["3.14 is pi", 3], ["well-known", 2],
		["a — b", 2], ["¿Qué tal?", 2], ["مرحبا بكم", 2], ["**bold** and - list", 3], ["…", 0], ["x_y", 1]];

	for (const [text, n] of rows)
		assert.equal(countWords(text), n, text);
});

test("limits of words", () => {
	assert.equal(within(0, 60, 120), "empty");
	assert.equal(within(59, 60, 120), "short");
	assert.equal(within(60, 60, 120), "within");
	assert.equal(within(120, 60, 120), "within");
	assert.equal(within(121, 60, 120), "over");
	assert.equal(within(5, 0, 0), "none");
	assert.equal(within(5, 0, 4), "over");
});

test("problems are told apart by what can be done", () => {
	const p = (status: number, headers = {}, body: unknown = {}) => problemOf(new Response(null, { status, headers }), body);

	assert.equal(p(401).kind, "unauthenticated");
	assert.equal(p(412, {}, { current: { text: "x" } }).kind, "stale");
	assert.equal(p(500).kind, "defect");
	assert.equal(p(418).kind, "defect");
	assert.ok(isPassing(p(503)));
	assert.ok(isPassing({ kind: "unreached" }));
	assert.ok(!isPassing(p(422)));
	const busy = p(503, { "Retry-After": "3", "X-Request-Id": "0198" }, "no JSON");
	assert.ok(busy.kind === "busy" && busy.retryAfter === 3 && busy.reference === "0198" && busy.errors.length === 0);
	const bad = p(422, {}, { detail: "d", errors: [{ field: "url", rule: "form", message: "m" }] });
	assert.ok(bad.kind === "invalid" && bad.errors[0]?.field === "url");
});

test("times are those of the zone that is meant", () => {
	const at = new Date("2026-11-25T22:59:59Z"), now = new Date("2026-11-20T10:00:00Z");

	assert.equal(clock(at, "America/New_York"), "17:59");
	assert.equal(day(at, "America/New_York", now), "Wed 25 November");
	assert.equal(day(at, "Pacific/Auckland", now), "Thu 26 November");
	assert.equal(day(new Date("2027-01-04T12:00:00Z"), "UTC", now), "Mon, 4 January 2027");
	assert.equal(dateOf("2026-11-25", now), "Wed 25 November");
	assert.equal(moment(at, "UTC", at), "22:59");
	assert.match(moment(at, "UTC", now), /25 November, 22:59$/);
	assert.match(zoneName("America/New_York", at), /Eastern|New York/);
	assert.equal(size(412_300), "412 kB");
	assert.equal(size(2_400_000), "2.4 MB");
});

test("messages speak, and hold what the page puts around a piece", () => {
	assert.equal(t("app.to_fix", { n: 1 }), "1 thing to fix");
	assert.equal(t("app.to_fix", { n: 2000 }), "2,000 things to fix");
	const node = around(`Ask ${open}your lead${close}.`, (inside) => inside.toUpperCase());
	assert.deepEqual((node.props as { children: unknown[] }).children, ["Ask ", "YOUR LEAD", "."]);
});

test("the fourteen", () => {
	const clock = { state: "running", businessDay: 4, businessDays: 14, businessDaysLeft: 10, overdue: false } as const;

	assert.deepEqual(toneOf(clock), { total: 14, tone: "", counted: 3, today: 4 });
	assert.deepEqual(toneOf({ ...clock, businessDay: 0, businessDaysLeft: 14 }), { total: 14, tone: "", counted: 0, today: 0 });
	assert.equal(toneOf({ ...clock, businessDay: 12, businessDaysLeft: 2 }).tone, "soon");
	assert.deepEqual(toneOf({ ...clock, businessDay: 16, businessDaysLeft: 0, overdue: true }), { total: 14, tone: "late", counted: 14, today: 0 });
	assert.equal(toneOf({ ...clock, state: "met" }).tone, "met");
	assert.deepEqual(toneOf({ ...clock, state: "paused" }), { total: 14, tone: "", counted: 4, today: 0 });
});
