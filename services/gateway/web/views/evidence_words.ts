// What was seen when a file or a link was opened, in the reader's language. The
// server's own sentence is English, and tells more: it is shown to who reads that.
import type { Schemas } from "../lib/api";
import { language, t, type Word } from "../lib/words";

/* By the rules of services/submission/inspect and of link_rule.h. */
const WORDS: { [rule: string]: Word } = {
	encrypted: "evidence.encrypted",
	corrupt: "evidence.corrupt",
	empty: "evidence.empty",
	empty_text: "evidence.empty_text",
	no_text: "evidence.no_text",
	invisible_text: "evidence.invisible_text",
	macro: "evidence.macro",
	active_content: "evidence.active_content",
	executable: "evidence.executable",
	archive: "evidence.archive",
	nested_archive: "evidence.nested_archive",
	polyglot: "evidence.polyglot",
	type_mismatch: "evidence.type_mismatch",
	unknown_type: "evidence.unknown_type",
	decompression_bomb: "evidence.decompression_bomb",
	too_large: "evidence.too_large",
	tiny_image: "evidence.tiny_image",
	empty_image: "evidence.empty_image",
	low_contrast: "evidence.low_contrast",
	blurry: "evidence.blurry",
	low_quality: "evidence.low_quality",
	rare_format: "evidence.rare_format",
	location_metadata: "evidence.location_metadata",
	long_video: "evidence.long_video",
	file_name: "evidence.file_name",
	embedded_file: "evidence.embedded_file",
	external_reference: "evidence.external_reference",
	old_format: "evidence.old_format",
	repaired: "evidence.repaired",
	asks_login: "evidence.asks_login",
	forbidden: "evidence.forbidden",
	not_found: "evidence.not_found",
	not_a_web_address: "evidence.not_a_web_address",
	private_address: "evidence.private_address",
	not_reached: "evidence.not_reached",
	too_slow: "evidence.too_slow",
};

export interface Said {
	text: string;
	lang: string | undefined; // where it is not that of the page
}

export function problemWords(problem: Schemas["Problem"]): Said {
	const word = language === "en" ? undefined : WORDS[problem.rule];

	return word !== undefined ? { text: t(word), lang: undefined } : { text: problem.message, lang: language === "en" ? undefined : "en" };
}
