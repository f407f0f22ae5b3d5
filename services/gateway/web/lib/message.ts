// What compiled messages call: plurals and numbers by the browser's own data.

type Cases = { [key: string]: string; other: string };
type Rules = (n: number | string, ordinal?: boolean) => string;

const numbers = new Map<string, Intl.NumberFormat>();

export function rules(language: string): Rules {
	const cardinal = new Intl.PluralRules(language);
	let ordinals: Intl.PluralRules | undefined;

	return (n, ordinal) => {
		if (ordinal)
			return (ordinals ??= new Intl.PluralRules(language, { type: "ordinal" })).select(Number(n));
		return cardinal.select(Number(n));
	};
}

export function number(language: string, value: number | string, offset = 0): string {
	let format = numbers.get(language);

	// Digits are Latin in all languages: codes are.
	if (format === undefined)
		numbers.set(language, (format = new Intl.NumberFormat(`${language}-u-nu-latn`)));
	return format.format(Number(value) - offset);
}

export function plural(value: number, offset: number, rule: Rules, cases: Cases, ordinal?: boolean): string {
	return cases[String(value)] ?? cases[rule(value - offset, ordinal)] ?? cases.other;
}

export function select(value: string, cases: Cases): string {
	return cases[value] ?? cases.other;
}
