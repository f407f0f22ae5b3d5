import type { Schemas } from "../lib/api";

export type Clock = Schemas["ReviewClock"];

/* How a clock looks: the tone, how many days are counted, and which is today (0: none). */
export function toneOf(clock: Pick<Clock, "state" | "businessDay" | "businessDays" | "businessDaysLeft" | "overdue">) {
	const total = clock.businessDays || 14, runs = clock.state === "running" && !clock.overdue;
	const counted = Math.min(runs ? Math.max(0, clock.businessDay - 1) : clock.overdue ? total : clock.businessDay, total);
	const met = clock.state === "met" || clock.state === "met_late";
	const tone = met ? "met" : clock.overdue ? "late" : clock.businessDaysLeft <= 2 ? "soon" : "";

	return { total, tone, counted: met ? total : counted, today: runs && clock.businessDay > 0 ? clock.businessDay : 0 };
}

/* The same small picture of 14 business days wherever a submission appears. The server's sentence is its name. */
export function Fourteen({ clock }: { clock: Clock }) {
	const { total, tone, counted, today } = toneOf(clock);

	return (
		<span class={`f14 ${tone}`} role="img" aria-label={clock.sentence}>
			{Array.from({ length: total }, (_, i) => <i class={i + 1 === today ? "n" : i < counted ? "d" : ""} />)}
		</span>
	);
}
