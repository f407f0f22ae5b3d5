// Words of a text, by the rule of services/submission/words.h: what Unicode's word
// boundaries enclose and what holds a letter or a number. The server decides; this
// is for the eye while somebody types.

const segmenter = new Intl.Segmenter("en", { granularity: "word" });

export function countWords(text: string): number {
	let n = 0;

	for (const { isWordLike } of segmenter.segment(text))
		n += isWordLike === true ? 1 : 0;
	return n;
}

export type Limit = "none" | "empty" | "short" | "within" | "over";

/* How N words stand to the limits; 0 is none. */
export function within(n: number, min: number, max: number): Limit {
	if (max > 0 && n > max)
		return "over";
	if (n === 0)
		return "empty";
	if (n < min)
		return "short";
	return min > 0 || max > 0 ? "within" : "none";
}
