// Times in the reader's zone; promises in the issuer's, and they say whose it is.
import { boot } from "./boot";
import { language } from "./words";

/* Digits are Latin in all languages: codes are. Days are written as the pages in C write them: "Wed 25 November". */
export const locale = `${language === "en" ? "en-GB" : language}-u-nu-latn`;
const formats = new Map<string, Intl.DateTimeFormat>();

function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
	const key = JSON.stringify(options);
	let found = formats.get(key);

	if (found === undefined)
		formats.set(key, (found = new Intl.DateTimeFormat(locale, options)));
	return found;
}

export const deviceZone: string = Intl.DateTimeFormat().resolvedOptions().timeZone;

/* The zone that the reader has chosen; without one, or where this browser does not know it, the device's. */
function chosenZone(): string {
	const zone = typeof document === "undefined" ? "" : boot().me?.timeZone ?? "";

	try {
		return zone === "" ? deviceZone : format({ timeZone: zone }).resolvedOptions().timeZone;
	} catch {
		return deviceZone;
	}
}

export const readerZone: string = chosenZone();

/* "10:42" */
export function clock(at: Date | number, zone = readerZone): string {
	return format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone }).format(at);
}

/* "Wed 25 November"; with the year where it is not this one. */
export function day(at: Date | number, zone = readerZone, now: Date | number = Date.now()): string {
	const year = (t: Date | number) => format({ year: "numeric", timeZone: zone }).format(t);
	const here: Intl.DateTimeFormatOptions = { weekday: "short", day: "numeric", month: "long", timeZone: zone };

	return format(year(at) === year(now) ? here : { ...here, year: "numeric" }).format(at);
}

/* A calendar date of the API, "2026-11-25", as it stands: it belongs to no zone. */
export function dateOf(date: string, now: Date | number = Date.now()): string {
	return day(new Date(`${date}T12:00:00Z`), "UTC", now);
}

/* "Wed 25 November, 10:42"; today the time alone. */
export function moment(at: Date | number, zone = readerZone, now: Date | number = Date.now()): string {
	if (day(at, zone, now) === day(now, zone, now))
		return clock(at, zone);
	return `${day(at, zone, now)}, ${clock(at, zone)}`;
}

/* "New York time": how the zone calls itself. */
export function zoneName(zone: string, at: Date | number = Date.now()): string {
	const parts = format({ timeZone: zone, timeZoneName: "longGeneric" }).formatToParts(at);

	return parts.find((p) => p.type === "timeZoneName")?.value ?? zone;
}

const numbers = new Intl.NumberFormat(locale);

export function number(n: number): string {
	return numbers.format(n);
}

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/* "412 kB", "2 MB": three digits are enough. */
export function size(bytes: number): string {
	let unit = 0, n = bytes;

	for (; n >= 1000 && unit < UNITS.length - 1; unit++)
		n /= 1000;
	return new Intl.NumberFormat(locale, {
		style: "unit", unit: UNITS[unit] ?? "byte", unitDisplay: unit === 0 ? "long" : "short",
		maximumFractionDigits: n < 10 && unit > 1 ? 1 : 0,
	}).format(n);
}
