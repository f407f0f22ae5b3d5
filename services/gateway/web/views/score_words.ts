// Words and pictures for what a review speaks of.
import { t } from "../lib/words";
import type { IconName } from "../parts/icon";
import type { Tone } from "../parts/tag";
import type { Kind, Outcome } from "./score_rule";

export function kindName(kind: Kind): string {
	return { praise: t("score.praise"), challenge: t("score.challenge"), resource: t("score.resource"), personal: t("score.personal") }[kind];
}

export const kindIcon: { [K in Kind]: IconName } = { praise: "praise", challenge: "target", resource: "book", personal: "chat" };

export function toneOfKind(kind: Kind): Tone {
	return ({ praise: "ok", challenge: "warn", resource: "pen", personal: "now" } as const)[kind];
}

export function outcomeName(outcome: Outcome): string {
	return { awarded: t("score.award"), denied: t("score.denial") }[outcome];
}
