// What the checks of the server found, in the reader's language, and where it is.
// The server decides; where it says something that is not known here, its own
// sentence is shown.
import { language, t } from "../lib/words";
import { PARTS, type Check, type Evidence, type MicroCredential, type PartKey, type Submission } from "./draft_record";

/* Which part a finding belongs to; "send": what is confirmed before handing in. */
export type Place = PartKey | "send";

export interface Finding {
	check: Check;
	place: Place;
	target: string; // id of the element to go to
	text: string;
	isForeign: boolean; // TEXT is the server's English
	key: string; // the same finding has the same key
}

const numberOf = (text: string, at: number): number => Number((text.match(/\d+/g) ?? [])[at] ?? 0);

export function placeOf(check: Check): Place {
	if (check.part !== undefined && PARTS.includes(check.part as PartKey))
		return check.part as PartKey;
	const field = check.field ?? "";

	if (check.evidenceId !== undefined || field.startsWith("evidence.") || check.rule.startsWith("evidence"))
		return "work_examples";
	if (field.startsWith("declarations.collaboration") || check.rule === "collaboration")
		return "overview";
	if (field.startsWith("declarations.ai") || check.rule === "ai_disclosure")
		return "reflection";
	return "send";
}

function targetOf(check: Check, place: Place): string {
	const field = check.field ?? "";

	if (check.evidenceId !== undefined)
		return `evidence-${check.evidenceId}`;
	if (field.startsWith("evidence."))
		return `need-${field.slice("evidence.".length)}`;
	if (field === "declarations.personalInformation.reviewed")
		return "said-care";
	if (field === "declarations.ownWork.confirmed")
		return "said-own";
	if (field.startsWith("declarations."))
		return `said-${field.slice("declarations.".length).replace(".", "-")}`;
	return place === "send" ? "main" : `text-${place}`;
}

type Known = (check: Check, about: { evidence: Evidence | undefined; micro: MicroCredential | undefined; submission: Submission }) => string | null;

const titled = (say: (title: string) => string): Known => (_, { evidence }) => (evidence === undefined ? null : say(evidence.title));

const FIELDS: { [field: string]: () => string } = {
	"declarations.collaboration": () => t("draft.miss_collaboration"),
	"declarations.collaboration.collaborative": () => t("draft.miss_individual"),
	"declarations.collaboration.partners": () => t("draft.miss_partners"),
	"declarations.collaboration.rationale": () => t("draft.miss_rationale"),
	"declarations.collaboration.delegation": () => t("draft.miss_delegation"),
	"declarations.ai.used": () => t("draft.miss_ai"),
	"declarations.ai.tools": () => t("draft.miss_tools"),
	"declarations.ai.purpose": () => t("draft.miss_purpose"),
	"declarations.personalInformation.reviewed": () => t("draft.miss_care"),
	"declarations.ownWork.confirmed": () => t("draft.miss_own"),
};

const PASSES: { [rule: string]: () => string } = {
	intake: () => t("draft.ok_intake"), part_text: () => t("draft.ok_part_text"), word_limit: () => t("draft.ok_word_limit"),
	evidence_count: () => t("draft.ok_evidence_count"), evidence_type: () => t("draft.ok_evidence_type"),
	evidence_checked: () => t("draft.ok_evidence_checked"), evidence_readable: () => t("draft.ok_evidence_readable"),
	link_open: () => t("draft.ok_link_open"), collaboration: () => t("draft.ok_collaboration"),
	ai_disclosure: () => t("draft.ok_ai"), personal_information_reviewed: () => t("draft.ok_care"), own_work: () => t("draft.ok_own"),
	personal_information: () => t("draft.ok_personal"), evidence_title: () => t("draft.ok_title"),
	evidence_twice: () => t("draft.ok_twice"), coach_first: () => t("draft.ok_coach"),
};

const RULES: { [rule: string]: Known } = {
	part_text: (c) => (c.part === undefined ? null : t("draft.part_empty", { part: partName(c.part as PartKey) })),
	word_limit: (c, { submission }) => {
		const part = submission.parts.find((p) => p.key === c.part), words = part === undefined ? 0 : numberOf(c.message.replace(part.title, ""), 0);

		if (part === undefined)
			return null;
		return words > (part.maxWords ?? 0) && (part.maxWords ?? 0) > 0
			? t("draft.part_over", { part: partName(part.key as PartKey), n: words - (part.maxWords ?? 0), max: part.maxWords ?? 0 })
			: t("draft.part_short", { part: partName(part.key as PartKey), n: (part.minWords ?? 0) - words, min: part.minWords ?? 0 });
	},
	evidence_count: (c, { micro, submission, evidence }) => {
		const need = micro?.evidenceRequirements.find((r) => `evidence.${r.id}` === c.field);

		if (evidence !== undefined)
			return t("draft.evidence_stray", { title: evidence.title });
		if (need === undefined)
			return null;
		const n = submission.evidence.filter((e) => e.requirementId === need.id).length;

		return n < (need.min ?? 0) ? t("draft.evidence_more", { title: need.title, n: (need.min ?? 0) - n })
			: t("draft.evidence_fewer", { title: need.title, n: n - (need.max ?? 0), max: need.max ?? 0 });
	},
	evidence_readable: (c, { evidence }) => (evidence === undefined ? null :
		c.severity === "blocks" ? t("draft.evidence_broken", { title: evidence.title }) : language === "en" ? null : t("draft.evidence_weak", { title: evidence.title })),
	personal_information: (c) => (language === "en" ? null : c.excerpt !== undefined ? t("draft.personal_passage", { passage: c.excerpt }) : t("draft.personal")),
	evidence_twice: titled((title) => t("draft.evidence_double", { title })),
	intake: () => t("draft.no_intake"),
	evidence_checked: titled((title) => t("draft.evidence_looking", { title })),
	evidence_type: titled((title) => t("draft.evidence_wrong_type", { title })),
	evidence_title: titled((title) => t("draft.evidence_unclear", { title })),
	link_open: titled((title) => t("draft.evidence_closed", { title })),
};

export function partName(key: PartKey): string {
	return { overview: t("draft.overview"), work_examples: t("draft.work_examples"), reflection: t("draft.reflection") }[key];
}

export function findingsOf(checks: readonly Check[], submission: Submission, micro: MicroCredential | undefined): Finding[] {
	return checks.map((check) => {
		const place = placeOf(check), evidence = submission.evidence.find((e) => e.id === check.evidenceId);
		const known = check.severity === "passes" ? PASSES[check.rule]?.() :
			FIELDS[check.field ?? ""]?.() ?? RULES[check.rule]?.(check, { evidence, micro, submission });

		return {
			check, place, target: targetOf(check, place), text: known ?? check.message,
			isForeign: known === undefined || known === null ? language !== "en" : false,
			key: [check.rule, check.part ?? "", check.evidenceId ?? "", check.field ?? "", check.excerpt ?? ""].join("|"),
		};
	});
}
